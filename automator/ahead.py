"""What comes next if nothing more comes in: the next runs, their steps, the next digests."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from automator.core.assess import Rules
from automator.core.calendar import Calendar
from automator.core.fold import fold, going
from automator.core.memory import Memory
from automator.core.plan import DIGEST_ROLES
from automator.core.snapshot import Snapshot
from automator.core.turn import Outcome
from automator.run_times import run_times

if TYPE_CHECKING:
    from automator.config import Schedule

WORKING_DAYS = 5
"""How many working days ahead are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAhead:
    """What the runs of one day would send: how many mails, and how many of which step.

    `held`: mails that would wait for the operator.
    """

    day: date
    mails: int
    held: int
    steps: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestAhead:
    """The digests of one role: the last ISO week told ("2021-W08", None: none yet), the next run.

    `next` is None where no run of the days ahead would send one.
    """

    role: str
    last: str | None
    next: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What comes next: the next daily run, the next on the digest's day, the days, the digests.

    `watch`: how often incidents are looked at in between.
    """

    daily: datetime
    digest: datetime
    watch: timedelta
    days: tuple[DayAhead, ...]
    digests: tuple[DigestAhead, ...]


def ahead(
    schedule: "Schedule", rules: Rules, memory: Memory, snapshot: Snapshot, now: datetime
) -> Ahead:
    """Return what the runs after `now` would send if the workbook stayed as it is.

    Every day up to the fifth working day after `now` is looked at; days off are among the
    days only where something would be sent.
    """
    calendar = rules.calendar
    today = now.astimezone(calendar.zone).date()
    last = calendar.shift_working_days(today, WORKING_DAYS)
    instants = [at for at in run_times(schedule, calendar.zone, today, last) if at > now]

    def read(at: datetime) -> Snapshot:
        return replace(snapshot, taken_at=at)

    seen = list(fold(memory, read, rules, instants))
    to_digest = timedelta(days=(schedule.digest_weekday - today.isoweekday()) % 7)
    return Ahead(
        daily=_after(now, datetime.combine(today, schedule.daily, calendar.zone), days=1),
        digest=_after(
            now, datetime.combine(today + to_digest, schedule.digest_at, calendar.zone), days=7
        ),
        watch=schedule.watch,
        days=_days(seen, calendar),
        digests=tuple(_digest(role, memory, seen) for role in DIGEST_ROLES),
    )


def _after(now: datetime, first: datetime, *, days: int) -> datetime:
    return first if first > now else first + timedelta(days=days)


def _days(seen: list[tuple[datetime, Outcome]], calendar: Calendar) -> tuple[DayAhead, ...]:
    found: list[DayAhead] = []
    for day in sorted({at.date() for at, _ in seen}):
        outcomes = [outcome for at, outcome in seen if at.date() == day]
        mails = [n for outcome in outcomes for n in going(outcome)]
        held = {name for outcome in outcomes for name in outcome.plan.held}
        steps = Counter(key.step for n in mails for key in n.keys)
        steps += Counter({"digest": sum(bool(n.weeks) for n in mails)})
        if calendar.is_working_day(day) or mails:
            found.append(
                DayAhead(
                    day=day, mails=len(mails), held=len(held), steps=dict(sorted(steps.items()))
                )
            )
    return tuple(found)


def _digest(role: str, memory: Memory, seen: list[tuple[datetime, Outcome]]) -> DigestAhead:
    told = [week for (_, known), week in memory.digests.items() if known == role]
    coming = (at for at, o in seen if any(n.weeks and n.role == role for n in going(o)))
    return DigestAhead(role=role, last=max(told, default=None), next=next(coming, None))
