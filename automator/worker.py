"""One run: recover, read, turn, commit, deliver, publish. What was told is remembered."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from automator import witnessing
from automator.ahead import ahead
from automator.collector import collector_paused
from automator.core.alerts import Alert
from automator.core.assess import Rules
from automator.core.drafts import outlived
from automator.core.look_back import as_of
from automator.core.memory import Memory
from automator.core.message import State
from automator.core.plan import Plan
from automator.core.snapshot import Snapshot
from automator.core.status import publication
from automator.core.turn import Outcome, turn
from automator.core.unread import unread
from automator.delivery import deliver
from automator.doubting import look_up
from automator.errors import PublishFailed, RunTooEarly, WorkbookUnreadable
from automator.rendering import Keep, Progress, Rendered, render, unrendered
from automator.report import Report, Sent, planned
from automator.returned import gather
from automator.sources import open_workbook
from automator.spool import Spool, head
from automator.wiring import builder, means, open_transport, renderer, templates_print

if TYPE_CHECKING:
    from automator.config import Config
    from automator.ledger.ledger import Ledger
    from automator.mail.base import Transport
    from automator.workbook.base import Workbook

WATCHED = frozenset({"schools", "incidents", "receipts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a run differs from the daily one.

    `asked`: full instance keys that are told now, ahead of their day, and nothing else.
    """

    dry_run: bool = False
    watch: bool = False
    first_run: bool = False
    asked: frozenset[str] = frozenset()


def _quietly(_what: str, _done: int, _of: int) -> None:
    """Nobody wants to hear how far it is."""


def run(config: "Config", now: datetime, options: Options, progress: Progress = _quietly) -> Report:
    """Do one run at `now` (aware) and return what it came to.

    Raises WorkbookUnreadable, LeaseHeld, LedgerUnusable, OutboxUnwritable, RunTooEarly or
    ConfigError; whatever was sent before is on record.
    """
    if options.dry_run:
        return look(config, now, options)
    from automator.ledger.ledger import Ledger

    workbook, transport = open_workbook(config), open_transport(config)
    whole = not (options.watch or options.asked)
    returned, unlooked = gather(config, now) if whole else ((), "")
    with (
        closing(transport),
        Ledger.open(config.ledger, config.workbook.id, armed=is_armed(config)) as ledger,
        ledger.lock(),
        Spool(builder(config)) as spool,
    ):
        transport.check()
        note = witnessing.compare(ledger, config)
        ledger.recover(now)
        if options.first_run:
            ledger.arm()
        answer = look_up(ledger, config)
        memory = answer.applied(ledger.memory(config.zone))
        if memory.last_run is not None and now < memory.last_run:
            raise RunTooEarly(now, memory.last_run)
        if ledger.note_returned(returned, now):
            memory = answer.applied(ledger.memory(config.zone))
        try:
            snapshot = workbook.read(now, _asked(options))
            outcome, rendered = _planned(
                snapshot, memory, config, now, progress, spool.keep, options.asked
            )
        except WorkbookUnreadable as fault:
            _unread(ledger, transport, spool, memory, config, now, options, fault)
            raise
        run_id = _commit(ledger, outcome, rendered, spool, config, now, options)
        unseen = "" if memory.restored else witnessing.testify(ledger, config)
        stopped = deliver(ledger, transport, now, progress, means(config))
        published, warnings = _publish(ledger, workbook, outcome, config, options)
        report = Report(
            outcome=outcome,
            now=now,
            zone=config.zone,
            run=run_id,
            dry_run=False,
            messages=_sent(ledger, run_id),
            outbox=str(config.mail.folder) if config.mail.transport == "folder" else "",
            published=published,
            stopped=stopped,
            warnings=(*filter(None, (answer.fault,)), *warnings),
            notes=tuple(filter(None, (note, unseen, unlooked))),
            no_roster=_no_roster(snapshot, outcome),
        )
        ledger.end(run_id, dict(report.states), now)
        if not memory.restored:
            witnessing.testify(ledger, config)
    return report


def look(config: "Config", now: datetime, options: Options, *, onward: bool = False) -> Report:
    """Return what a run at `now` would do; nothing is written. Any `now` may be asked about.

    With `onward` the report holds what the runs after `now` would do as well.
    """
    memory, snapshot = _seen(config, now, options)
    outcome, rendered = _planned(snapshot, memory, config, now, _quietly, head, options.asked)
    broken, subjects = rendered.broken, {m.id: m.subject for m in rendered.messages}
    sent = [
        replace(s, state="failed", detail=broken[s.id]) if s.id in broken else s
        for s in planned(outcome, subjects)
    ]
    rules = rules_of(config)
    return Report(
        outcome=outcome,
        now=now,
        zone=config.zone,
        run=None,
        dry_run=True,
        messages=tuple(sent),
        no_roster=_no_roster(snapshot, outcome),
        ahead=ahead(config.schedule, rules, memory, snapshot, now) if onward else None,
    )


def survey(config: "Config", now: datetime) -> Outcome:
    """Return what a run at `now` would decide: `look` without its mails. Writes nothing."""
    memory, snapshot = _seen(config, now, Options())
    return judged(snapshot, memory, config, now)


def _seen(config: "Config", now: datetime, options: Options) -> tuple[Memory, Snapshot]:
    """Return what a run at `now` would start from: the memory as of then, and the rows."""
    from automator.ledger.ledger import Ledger

    ledger = Ledger.open(config.ledger, config.workbook.id, readonly=True, armed=is_armed(config))
    with ledger:
        memory = as_of(ledger.memory(config.zone, until=now), now)
        if not memory.looking_back:
            memory = witnessing.seen(memory, ledger, config)
    if options.first_run:
        memory = replace(memory, armed=True)
    return memory, open_workbook(config).read(now, _asked(options))


def _planned(
    snapshot: Snapshot,
    memory: Memory,
    config: "Config",
    now: datetime,
    progress: Progress,
    keep: Keep,
    asked: frozenset[str],
) -> tuple[Outcome, Rendered]:
    """Return the turn's outcome with its mails; the operator's says which have no body."""
    outcome, templates = judged(snapshot, memory, config, now, asked), renderer(config)
    first = render(outcome.plan, templates, progress, keep)
    lost = unrendered(outcome, first)
    if not lost:
        return outcome, first
    again = judged(snapshot, memory, config, now, asked, lost)
    known = [m for m in first.messages if m.id not in first.broken]
    return again, render(again.plan, templates, _quietly, keep, known)


def judged(
    snapshot: Snapshot,
    memory: Memory,
    config: "Config",
    now: datetime,
    asked: frozenset[str] = frozenset(),
    lost: Sequence[Alert] = (),
) -> Outcome:
    """Return the turn's outcome. Raises WorkbookUnreadable where no school is to be judged."""
    with collector_paused():
        outcome = turn(memory, snapshot, replace(rules_of(config), asked=asked), now, lost)
    if not outcome.assessment.register.schools:
        raise no_school(snapshot, outcome)
    return outcome


def rules_of(config: "Config") -> Rules:
    """Return what a turn obeys, of the configuration."""
    return Rules(
        directive=config.directive,
        policy=config.policy,
        calendar=config.calendar,
        given=config.decisions,
        templates=templates_print(config),
    )


def _no_roster(snapshot: Snapshot, outcome: Outcome) -> str:
    """Return why this read has no school in the tab Trường, "" where it has.

    The last good rows stood in; the daily run tells the operator at once, nothing is forgotten.
    """
    empty = any(s.tab == "schools" and s.code == "shrunk" and not s.now for s in outcome.suspicions)
    if not empty and "schools" not in outcome.assessment.register.unreadable:
        return ""
    fault = no_school(snapshot, outcome)
    return f"{fault.message}; its last good rows stand ({fault.hint})"


def no_school(snapshot: Snapshot, outcome: Outcome) -> WorkbookUnreadable:
    """Return the fault of a workbook in which no school is to be judged: what was seen."""
    faults = [p for p in outcome.problems if p.tab == "Trường"][:3]
    seen = "; ".join(f"{p.cell or 'tab'} {p.code}" for p in faults)
    tabs = ", ".join(s.title for s in snapshot.sheets) or "none"
    msg = f"{snapshot.source}: no school in the tab Trường" + (f" ({seen})" if seen else "")
    hint = "fill in Mã trường, Tên trường, Cấp học and Xã, thị trấn" if faults else f"tabs: {tabs}"
    return WorkbookUnreadable(msg, hint=hint)


def _asked(options: Options) -> frozenset[str] | None:
    return WATCHED if options.watch else None


def is_armed(config: "Config") -> bool:
    """Over SMTP a new ledger tells the operator alone until `run --first-run`."""
    return config.mail.transport != "smtp"


def _commit(
    ledger: "Ledger",
    outcome: Outcome,
    rendered: Rendered,
    spool: Spool,
    config: "Config",
    now: datetime,
    options: Options,
) -> int:
    """Write down, in one commit, what was seen and what will be sent."""
    from automator.ledger.records import RunRecord

    held = {n: why.value for n, why in outcome.plan.held.items()}
    held |= rendered.held(outcome, config.policy.share)
    planned_ids = {n.id for n in outcome.plan.notices}
    superseded = [
        d.id
        for d in outcome.scene.memory.drafts
        if d.id not in planned_ids
        and d.state in ("queued", "deferred", "held")
        and not options.asked  # the next run drops what is no longer true
        and not (options.watch and not _urgent_only(d.keys))
    ]
    scene, alerts = outcome.scene, outcome.memory.alerts
    superseded += sorted(outlived(outcome.plan, outcome.candidates, scene, alerts))
    memory = replace(outcome.memory, drafts=())
    record = RunRecord(now=now, kind=_kind(options))
    messages = spool.whole(rendered.messages)
    broken, again = rendered.broken, outcome.scene.again
    return ledger.begin(record, memory, messages, held, superseded, failed=broken, again=again)


def _kind(options: Options) -> str:
    if options.asked:
        return "remind"
    return "watch" if options.watch else "run"


def _unread(
    ledger: "Ledger",
    transport: "Transport",
    spool: Spool,
    memory: Memory,
    config: "Config",
    now: datetime,
    options: Options,
    fault: WorkbookUnreadable,
) -> None:
    """Tell the operator, once while it lasts, that nothing could be read; nobody else is told."""
    from automator.ledger.records import RunRecord

    after, notice = unread(memory, rules_of(config), fault.message, now)
    if notice is None:
        return
    rendered = render(Plan(notices=(notice,)), renderer(config), _quietly, spool.keep)
    record = RunRecord(now=now, kind="watch" if options.watch else "run")
    after = replace(after, drafts=())
    messages = spool.whole(rendered.messages)
    run_id = ledger.begin(record, after, messages, {}, (), failed=rendered.broken)
    deliver(ledger, transport, now, _quietly, means(config))
    ledger.end(run_id, {"unreadable": 1}, now)


def _urgent_only(keys: Sequence[object]) -> bool:
    return bool(keys) and all("/urgent-report/" in getattr(k, "instance", "") for k in keys)


def _publish(
    ledger: "Ledger",
    workbook: "Workbook",
    outcome: Outcome,
    config: "Config",
    options: Options,
) -> tuple[str, tuple[str, ...]]:
    """Write the status tabs; a failure is said, and written next time."""
    if options.watch:
        return "", ()
    told = ledger.memory(config.zone).told
    try:
        content = publication(outcome, config.workbook.id, config.workbook.publish, told)
        return workbook.publish(content), ()
    except PublishFailed as fault:
        return "", (fault.message,)


def _sent(ledger: "Ledger", run_id: int) -> tuple[Sent, ...]:
    """Return the messages of a run, and those of earlier ones that are still in doubt."""
    mine = ledger.messages_of(run_id)
    older = ledger.message_rows(states={State.IN_DOUBT})
    known = {row.id for row in mine}
    rows = (*mine, *(row for row in older if row.id not in known))
    return tuple(
        Sent(
            id=row.id,
            unit=row.unit,
            role=row.role,
            kind=row.kind,
            recipients=row.recipients,
            subject=row.subject,
            keys=tuple(row.steps),
            weeks=tuple(row.weeks),
            state=row.state.value,
            detail=row.detail,
            refused=tuple(row.refused),
        )
        for row in rows
    )
