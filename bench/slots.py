"""Deadlines of the reference loop, worked out day by day and apart from the core's own."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from automator.core.calendar import Calendar
from automator.core.directive import Obligation, Span

DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


class Slot(NamedTuple):
    """One deadline of one obligation: `covers` is the day whose roster counts."""

    obligation: Obligation
    period: str
    covers: date
    due: datetime
    remind_from: datetime
    tolerated_until: datetime


def slots(obligation: Obligation, calendar: Calendar, now: datetime) -> Iterator[Slot]:
    """Yield the deadlines of an obligation that have begun by `now` (a local instant)."""
    last = obligation.by or (obligation.before - DAY if obligation.before else None)
    if last is not None:
        yield slot(obligation, "", last, end(last, obligation, calendar), calendar)
    if obligation.every is None or obligation.starts is None:
        return
    found: dict[str, tuple[date, date]] = {}
    day = obligation.starts
    while day <= min(obligation.ends or now.date(), now.date()):
        label = _label(day, obligation.every.value)
        found.setdefault(label, _last_and_wanted(day, obligation.every.value, obligation.on))
        day += DAY
    step = DAY if obligation.shift.value == "next-working-day" else -DAY
    for label, (covers, wanted) in found.items():
        day = wanted
        while not calendar.is_working_day(day):
            day += step
        if label not in obligation.excepted:
            yield slot(obligation, label, covers, end(day, obligation, calendar), calendar)


def slot(
    obligation: Obligation, period: str, covers: date, due: datetime, calendar: Calendar
) -> Slot:
    """Return a deadline with its first reminder and the end of what is tolerated."""
    last = (due - _INSTANT).date()
    reminders = [
        due - timedelta(hours=offset.amount)
        if offset.hours
        else datetime.combine(_working(last + DAY, -offset.amount, calendar), time(), due.tzinfo)
        for offset in obligation.ladder.remind
    ]
    tolerated = _tolerated(due, last, obligation.grace, calendar)
    return Slot(obligation, period, covers, due, min([due, *reminders]), tolerated)


def end(last: date, obligation: Obligation, calendar: Calendar) -> datetime:
    """Return the first late instant after the last good day."""
    if obligation.cutoff:
        return datetime.combine(last, obligation.cutoff, calendar.zone)
    return datetime.combine(last + DAY, time(), calendar.zone)


def _tolerated(due: datetime, last: date, grace: Span | None, calendar: Calendar) -> datetime:
    if grace is None:
        return due
    if grace.unit == "days":
        return due + timedelta(days=grace.amount)
    return due + (_working(last, grace.amount, calendar) - last)


def _working(day: date, amount: int, calendar: Calendar) -> date:
    left = abs(amount)
    while left:
        day += DAY if amount > 0 else -DAY
        left -= calendar.is_working_day(day)
    return day


def _label(day: date, every: str) -> str:
    if every == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day:%Y-%m}" if every == "month" else f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def _last_and_wanted(day: date, every: str, on: int) -> tuple[date, date]:
    """Return the last day of the period of `day`, and the day `on` after it."""
    if every == "week":
        last = day + timedelta(days=7 - day.isoweekday())
        return last, last + timedelta(days=on)
    length = 3 if every == "quarter" else 1
    last = day
    while (last + DAY).month == last.month or last.month % length:
        last += DAY
    return last, last + timedelta(days=on)
