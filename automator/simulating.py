"""`simulate`: the turn folded over the days of a schedule, nothing sent, nothing written."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from automator import worker
from automator.collector import collector_paused
from automator.core.calendar import start_of_day
from automator.core.claims import claims
from automator.core.fold import fold
from automator.core.memory import Memory, TellKey
from automator.core.notice import MailKind, Notice
from automator.core.people import People
from automator.core.planning import Silence
from automator.core.snapshot import Snapshot
from automator.core.turn import Outcome
from automator.core.urgent import OBLIGATION
from automator.core.wakes import wakes
from automator.core.withheld import Withheld
from automator.errors import ConfigError
from automator.run_times import run_times
from automator.sources import open_workbook

if TYPE_CHECKING:
    from automator.config import Config

LONGEST = 2
"""Years that a simulation may span."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail that a pass would send at `at`, or (`held`) why it waits for the operator.

    `keys` are its steps, `weeks` the digest weeks it covers.
    """

    at: datetime
    id: str
    unit: str
    role: str
    kind: MailKind
    keys: tuple[TellKey, ...]
    weeks: tuple[str, ...]
    held: Withheld | None = None

    @property
    def about_urgent(self) -> bool:
        """Whether it tells of urgent incidents and their reports alone: it comes at any time."""
        incidents = all(f"/{OBLIGATION}/" in key.instance for key in self.keys)
        return self.kind is MailKind.URGENT or (incidents and bool(self.keys) and not self.weeks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What one run at `at` would do.

    `watch`: it looks at incidents and their receipts only. `mails` are those that it would
    send and those newly held. `withheld` are the steps that stay silent for a reason that is
    new to the simulation; `reasons` counts all of them.
    """

    at: datetime
    watch: bool
    mails: tuple[Mail, ...]
    withheld: tuple[Silence, ...]
    reasons: Mapping[str, int]

    @property
    def sent(self) -> tuple[Mail, ...]:
        """The mails that would go out."""
        return tuple(m for m in self.mails if m.held is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """All passes of the days from `first` to `last` (both included) under one configuration."""

    config: str
    first: date
    last: date
    zone: ZoneInfo
    passes: tuple[Pass, ...]
    people: People = field(repr=False)

    @property
    def mails(self) -> tuple[Mail, ...]:
        """The mails that would go out, in order."""
        return tuple(m for p in self.passes for m in p.sent)

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many mails of each kind would go out, the gravest kind first."""
        found = Counter(m.kind for m in self.mails)
        return {kind.value: found[kind] for kind in MailKind if found[kind]}

    @property
    def most_a_day(self) -> int:
        """The most mails, but those about urgent reports, that a reader would get on one day."""
        counted = Counter((m.at.date(), m.unit, m.role) for m in self.mails if not m.about_urgent)
        return max(counted.values(), default=0)


Progress = Callable[[str, int, int], None]


def simulate(
    config: "Config",
    first: date,
    last: date,
    *,
    from_ledger: bool = False,
    progress: Progress = lambda _what, _done, _of: None,
) -> Simulation:
    """Return what runs on the days from `first` to `last` (both included) would send.

    The memory is empty at first, and armed, as that of an office that has begun before; with
    `from_ledger` it is the ledger's own. Everything else is as in a run, the breaker too.
    Raises ConfigError for a span that is none, or too long, and WorkbookUnreadable.
    """
    _check(first, last)
    begin = min(run_times(config.schedule, config.zone, first, last))
    memory = _ledger_memory(config, begin) if from_ledger else Memory()
    snapshot = open_workbook(config).read(begin, None)
    return run_through(config, snapshot, memory, first, last, progress)


def run_through(
    config: "Config",
    snapshot: Snapshot,
    memory: Memory,
    first: date,
    last: date,
    progress: Progress = lambda _what, _done, _of: None,
) -> Simulation:
    """Return what the runs of these days would send, given one read and a memory."""
    runs = frozenset(run_times(config.schedule, config.zone, first, last))
    begin, end = min(runs), start_of_day(last + timedelta(days=1), config.zone)
    rows = claims(snapshot, config.directive, config.zone, end)

    def ticks(instants: Iterable[datetime]) -> list[datetime]:
        found = (_tick(at.astimezone(config.zone), config.schedule.watch) for at in instants)
        return [at for at in found if begin < at < end]

    def read(now: datetime) -> Snapshot:
        there = rows.at(now)
        return there if now in runs else replace(there, asked=worker.WATCHED)

    def wake(outcome: Outcome, after: Memory, now: datetime) -> list[datetime]:
        return ticks(wakes(outcome, after, now))

    passes: list[Pass] = []
    silences: set[Silence] = set()
    held: frozenset[str] = frozenset()
    instants = (*runs, *ticks(rows.stirs))
    with collector_paused():
        for now, outcome in fold(memory, read, worker.rules_of(config), instants, wake):
            if not outcome.assessment.register.schools:
                raise worker.no_school(snapshot, outcome)
            passes.append(_pass(now, outcome, silences, held, watch=now not in runs))
            silences |= set(passes[-1].withheld)
            held = frozenset(outcome.plan.held) | (frozenset() if now in runs else held)
            progress("days", (now.date() - first).days + 1, (last - first).days + 1)
    return Simulation(
        config=str(config.path),
        first=first,
        last=last,
        zone=config.zone,
        passes=tuple(passes),
        people=outcome.speech.people,
    )


def _check(first: date, last: date) -> None:
    if first > last:
        msg = f"--from {first} lies after --to {last}"
        raise ConfigError(msg, hint="both days are included; one day is --from D --to D")
    if last.year - first.year > LONGEST or last > _years_later(first, LONGEST):
        msg = f"--from {first} --to {last} is longer than {LONGEST} years"
        raise ConfigError(msg, hint="simulate it in parts")


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _ledger_memory(config: "Config", first: datetime) -> Memory:
    from automator.ledger.ledger import Ledger

    armed = worker.is_armed(config)
    with Ledger.open(config.ledger, config.workbook.id, readonly=True, armed=armed) as ledger:
        memory = ledger.memory(config.zone)
    if memory.last_run is not None and first < memory.last_run:
        msg = f"the ledger last ran at {memory.last_run.isoformat()}, after {first.isoformat()}"
        raise ConfigError(msg, hint="begin on a later day, or leave out --from-ledger")
    return memory


def _tick(at: datetime, every: timedelta) -> datetime:
    """Return the first pass at or after `at`, on a clock that strikes from midnight on."""
    midnight = datetime.combine(at.date(), time(), at.tzinfo)
    return midnight - ((midnight - at) // every) * every


def _pass(
    now: datetime,
    outcome: Outcome,
    silences_before: Set[Silence],
    held_before: Set[str],
    *,
    watch: bool,
) -> Pass:
    plan = outcome.plan
    return Pass(
        at=now,
        watch=watch,
        mails=tuple(
            _mail(n, now, plan.held.get(n.id))
            for n in plan.notices
            if n.id not in held_before & frozenset(plan.held)
        ),
        withheld=tuple(
            s
            for s in plan.silences
            if s not in silences_before and (not watch or f"/{OBLIGATION}/" in s.instance)
        ),
        reasons=plan.counts(),
    )


def _mail(notice: Notice, now: datetime, held: Withheld | None) -> Mail:
    return Mail(
        at=now,
        id=notice.id,
        unit=notice.unit,
        role=notice.role,
        kind=notice.kind,
        keys=notice.keys,
        weeks=notice.weeks,
        held=held,
    )
