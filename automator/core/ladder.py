"""The steps of a finding on the calendar: which rung comes up when."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from automator.core.calendar import Calendar, later, start_of_day
from automator.core.deadline import day_zero
from automator.core.directive import Ladder, Offset

ACTIONS = ("remind", "chase", "escalate")
"""What a rung does, the mildest first; of rungs that come up together the gravest is last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of a ladder: its name ("chase-1"), its action ("chase"), since when it is up.

    `by_hour`: it lies hours, not days, from its deadline.
    """

    step: str
    action: str
    up_at: datetime
    by_hour: bool = False


@lru_cache(maxsize=4096)  # a few ladders and deadlines serve thousands of instances
def rungs(ladder: Ladder, due_before: datetime, calendar: Calendar) -> tuple[Rung, ...]:
    """Return the rungs of `ladder` around `due_before`, the first to come up first.

    Days are working days counted from the day after the last good day, which is day 0,
    working or not; a rung is up from 00:00 of its day in the calendar's zone. Hours are
    elapsed time before or after `due_before`.
    """
    zero = day_zero(due_before, calendar.zone)
    found = (
        _rung(action, offset, due_before, zero, calendar)
        for action in ACTIONS
        for offset in getattr(ladder, action)
    )
    return tuple(sorted(found, key=lambda rung: (rung.up_at, ACTIONS.index(rung.action))))


def _rung(
    action: str, offset: Offset, due_before: datetime, zero: date, calendar: Calendar
) -> Rung:
    amount = -offset.amount if action == "remind" else offset.amount
    if offset.hours:
        up_at = later(due_before.astimezone(calendar.zone), timedelta(hours=amount))
    else:
        up_at = start_of_day(calendar.shift_working_days(zero, amount), calendar.zone)
    return Rung(step=f"{action}-{offset}", action=action, up_at=up_at, by_hour=offset.hours)
