"""Why somebody got a mail: to whom it went, each step of it, what was known then and is now."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from automator import outbox, worker
from automator import report as reporting
from automator.core import alerts
from automator.core.contacts import masked
from automator.core.deadline import last_day
from automator.core.finding import Finding, Status
from automator.core.lines import finding_line
from automator.core.memory import TellKey, Told
from automator.core.turn import Outcome
from automator.core.words import last_day_words
from automator.errors import WorkbookUnreadable
from automator.explaining.steps import in_words, reader
from automator.explaining.view import line, more
from automator.wording import instant_words

if TYPE_CHECKING:
    from automator.config import Config
    from automator.ledger.acts import Act
    from automator.ledger.records import MessageRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A message that somebody asks about. `then` and `today`: what was known when it was
    planned, and at `now`; None where the workbook cannot be read (`unread` says why).
    """

    row: "MessageRow"
    acts: tuple["Act", ...]
    now: datetime
    zone: ZoneInfo
    then: Outcome | None = None
    today: Outcome | None = None
    unread: str = ""

    def at(self, instant: datetime | None) -> str:
        """Return an instant in the office's zone, in words."""
        return instant_words(instant.astimezone(self.zone)) if instant else ""


def answer(config: "Config", code: str, now: datetime) -> Call:
    """Return what is known about the message of that code. Writes nothing.

    Raises ConfigError for a code that names none, or several.
    """
    from automator.ledger.ledger import Ledger

    with Ledger.open(config.ledger, config.workbook.id, readonly=True) as ledger:
        row = outbox.find(ledger, code)
        acts = ledger.history(row.id)
    try:
        then = worker.survey(config, row.at.astimezone(config.zone))
        today = worker.survey(config, now)
    except WorkbookUnreadable as fault:
        return Call(row=row, acts=acts, now=now, zone=config.zone, unread=fault.message)
    return Call(row=row, acts=acts, now=now, zone=config.zone, then=then, today=today)


def lines(call: Call) -> list[str]:
    """Return the answer to a phone call, a line a thought."""
    said = [*_head(call), *(text for key in call.row.steps for text in _step(key, call))]
    return said + _summary(call) if call.row.weeks else said


def as_json(call: Call) -> dict[str, Any]:
    """Return the answer as plain values; the addresses are masked."""
    row = call.row
    return {
        "schema": reporting.SCHEMA,
        "now": reporting.instant(call.now, call.zone),
        "message": outbox.as_json(row, call.zone),
        "reader": reader(row.unit, row.role, call.today),
        "steps": [_step_json(key, call) for key in row.steps],
        "acts": [
            {"at": reporting.instant(a.at, call.zone), "act": a.act, "who": a.who}
            for a in call.acts
        ],
        "lines": lines(call),
    }


def _head(call: Call) -> list[str]:
    row = call.row
    to = ", ".join(map(masked, row.recipients)) or "(addresses are not kept any more)"
    refused = f"; the server refused {', '.join(map(masked, row.refused))}" if row.refused else ""
    kind = f" ({row.kind})" if row.kind else ""
    said = [
        f"message {row.id[: outbox.CODE]}{kind}: {_state(call)}",
        line("subject", row.subject or "(not kept any more)"),
        line("reader", reader(row.unit, row.role, call.today)),
        line("to", to + refused),
        line("planned", f"{call.at(row.at)}, first on {call.at(row.since)}"),
    ]
    said += [line("by hand", f"{a.act} by {a.who}, {call.at(a.at)}") for a in call.acts]
    if call.unread:
        said.append(line("workbook", f"{call.unread}: what it says is left out"))
    return said


def _state(call: Call) -> str:
    row = call.row
    at = f" {call.at(row.settled_at)}" if row.settled_at else ""
    why = f" ({row.detail})" if row.detail else ""
    return f"{row.state.value}{at}{why}"


def _step(key: TellKey, call: Call) -> list[str]:
    """Return why a step stood in the mail, and what became of its matter."""
    if key.instance.startswith("alert/"):
        return _alert(key, call)
    said = [line("step", f"{key.step} of {key.instance}: {in_words(key.step)}")]
    then, today = _finding(call.then, key), _finding(call.today, key)
    known, speaker = (then, call.then) if then else (today, call.today)
    if known is not None and speaker is not None:
        shown = finding_line(known, speaker.speech)
        about = " ".join(part for part in (shown.title, shown.period_words) if part)
        said.append(more(f"{shown.school_name}: {about}"))
        said.append(more(f"deadline: {_due(known, speaker)}"))
    if call.then is not None:
        said.append(more(f"then: {_verdict(then, call.then)}"))
    if call.today is not None:
        said.append(more(f"now: {_verdict(today, call.today)}"))
    return said + [more(text) for text in _since(key, call)]


def _due(finding: Finding, outcome: Outcome) -> str:
    """Return a deadline in the reader's words, and that of what was reopened."""
    due = outcome.speech.due(finding)
    if finding.due_again is None:
        return due
    day = last_day(finding.due_again, outcome.speech.calendar.zone)
    return f"{due}; again: chậm nhất {last_day_words(day)}"


def _summary(call: Call) -> list[str]:
    """Return what a weekly summary was about: a school's own matters, counts for all others."""
    said = [line("summary", f"of the weeks {', '.join(call.row.weeks)}, as planned then")]
    then, today = (_scope(outcome, call.row) for outcome in (call.then, call.today))
    if call.then is None or call.today is None:
        return said
    if call.row.role != "principal":
        return [*said, more(f"then: {_counted(then)}"), more(f"now: {_counted(today)}")]
    for key in sorted(then):
        now = today[key].status.value if key in today else "not owed"
        said.append(more(f"{key}: then {then[key].status.value}, now {now}"))
    return said


def _scope(outcome: Outcome | None, row: "MessageRow") -> dict[str, Finding]:
    """Return the findings of a reader's scope by key."""
    found = outcome.findings if outcome else ()
    if row.role == "principal":
        return {f.key: f for f in found if f.instance.school == row.unit}
    if row.role == "commune":
        return {f.key: f for f in found if f.instance.commune == row.unit}
    return {f.key: f for f in found}


def _counted(findings: Mapping[str, Finding]) -> str:
    counts = Counter(f.status for f in findings.values())
    return ", ".join(f"{counts[s]} {s.value}" for s in Status if counts[s]) or "nothing owed"


def _verdict(finding: Finding | None, outcome: Outcome) -> str:
    """Return the status with its reasons, in the school's words too, and the rows."""
    if finding is None:
        return "nothing was owed, as far as is known"
    reasons = "".join(f", {r.value}" for r in finding.reasons)
    shown = finding_line(finding, outcome.speech)
    received = f" ({shown.received_words})" if shown.received_words else ""
    rows = ", ".join(finding.rows) or "no row"
    return f"{finding.status.value}{reasons}: {shown.status_words}{received}; {rows}"


def _since(key: TellKey, call: Call) -> list[str]:
    """Return what was told of the same matter after this mail, and whether this one bounced."""
    if call.today is None:
        return []
    tellings = call.today.scene.desk.tellings.of_instance.get(key.instance, ())
    mine = [t for k, t in tellings if k == key]
    after = [(k, t) for k, t in tellings if call.row.settled_at and t.at > call.row.settled_at]
    said = ["this mail came back undelivered"] if any(t.bounced for t in mine) else []
    return said + [_later(k, t, call) for k, t in sorted(after, key=lambda pair: pair[1].at)]


def _later(key: TellKey, told: Told, call: Call) -> str:
    code = told.message[: outbox.CODE] or "-"
    return f"since: {key.step} told to {key.unit} as {key.role}, {call.at(told.at)}, message {code}"


def _alert(key: TellKey, call: Call) -> list[str]:
    """Return which condition the operator was told of, and whether it goes on."""
    _, code, subject = key.instance.split("/", 2)
    title = alerts.item(code, ()).title if code in alerts.order() else code
    said = [line("alert", f"{code}: {title}"), more(f"about {subject}")]
    if call.today is None:
        return said
    running = call.today.memory.alerts.get(key.instance)
    goes_on = running is not None and running.cause != "over"
    same = goes_on and running is not None and running.ordinal == key.episode
    return [*said, more("it goes on" if same else "it is over")]


def _step_json(key: TellKey, call: Call) -> dict[str, Any]:
    then, today = _finding(call.then, key), _finding(call.today, key)
    known, speaker = (then, call.then) if then else (today, call.today)
    return {
        "instance": key.instance,
        "step": key.step,
        "episode": key.episode,
        "due_words": _due(known, speaker) if known and speaker else None,
        "then": reporting.finding(then, call.zone) if then else None,
        "now": reporting.finding(today, call.zone) if today else None,
        "since": _since(key, call),
    }


def _finding(outcome: Outcome | None, key: TellKey) -> Finding | None:
    if outcome is None:
        return None
    return next((f for f in outcome.findings if f.key == key.instance), None)
