"""Deadlines: each resolves once to one half-open instant `due_before`.

On time means received < `due_before`. People are never shown that instant but the last good
day (`last_day`). Days are local days of the calendar's zone; hours run through nights,
weekends and Tết; every instant is aware.
"""

import calendar as months
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from automator.core.calendar import ONE_DAY, Calendar, later, start_of_day
from automator.core.directive import Every, Expected, Obligation, Shift, Span
from automator.core.moment import Moment
from automator.core.periods import Period


@lru_cache(maxsize=4096)  # thousands of instances share a few deadlines
def last_day(due_before: datetime, zone: ZoneInfo) -> date:
    """Return the last day, in `zone`, on which a submission is on time.

    `due_before` is the first late instant (aware). "Trước ngày 25/02/2021"
    (clause 8) is 2021-02-25T00:00+07:00 and gives 24 February.
    Raises ValueError if `due_before` is naive.
    """
    if due_before.utcoffset() is None:
        msg = f"due_before has no time zone: {due_before}"
        raise ValueError(msg)
    return (due_before.astimezone(zone) - timedelta.resolution).date()


def day_zero(due_before: datetime, zone: ZoneInfo) -> date:
    """Return the day after the last good day, working or not: steps are counted from it."""
    return last_day(due_before, zone) + ONE_DAY


def end_of(day: date, cutoff: time | None, zone: ZoneInfo) -> datetime:
    """Return the first late instant where `day` is the last good day.

    That is the office's closing hour `cutoff` on `day`, or 24:00 (None, and 00:00, which
    would leave nothing of the day).
    """
    if cutoff is None or cutoff == time():
        return start_of_day(day + ONE_DAY, zone)
    return datetime.combine(day, cutoff, zone)


def due_of_day(obligation: Obligation, zone: ZoneInfo) -> datetime:
    """Return the deadline of an obligation with `before` or `by`.

    `before` D ends with the day before D, `by` D with D itself; at `cutoff` if there is one.
    Raises ValueError if it has neither.
    """
    if obligation.before is not None:
        return end_of(obligation.before - ONE_DAY, obligation.cutoff, zone)
    if obligation.by is not None:
        return end_of(obligation.by, obligation.cutoff, zone)
    msg = f"obligation {obligation.id} has no day"
    raise ValueError(msg)


def due_of_period(obligation: Obligation, period: Period, calendar: Calendar) -> datetime:
    """Return the deadline of a recurring obligation for `period`.

    The last good day is the first day numbered `on` after the period's last day (the month's
    last day where it is shorter), for weeks the ISO weekday `on` of the week after; `shift`
    moves it off a day on which the office is closed. For March, `on` = 20 is 20/04 by the
    calendar and 20/03 by NĐ 09/2019, whose March ends on the 14th.
    """
    day = _shifted(day_after(period, obligation.on), obligation.shift, calendar)
    return end_of(day, obligation.cutoff, calendar.zone)


def event_start(known: Moment | None, occurred: Moment | None, first_seen: datetime) -> datetime:
    """Return where the clock of an event starts.

    The school's knowledge counts, else the event itself, else the first read that saw it. A
    day without a time starts the clock at its end.
    """
    start = known or occurred
    return start.clock_start if start else first_seen


def due_of_event(obligation: Obligation, start: datetime) -> datetime:
    """Return the deadline of an event that started the clock at `start` (see `event_start`).

    Raises ValueError if the obligation has no `within`.
    """
    if obligation.within is None:
        msg = f"obligation {obligation.id} has no time within which an event is reported"
        raise ValueError(msg)
    return later(start, obligation.within)


def extended_due(obligation: Obligation, last_good_day: date, zone: ZoneInfo) -> datetime:
    """Return the deadline that an extension to `last_good_day` gives (its cutoff stays)."""
    return end_of(last_good_day, obligation.cutoff, zone)


def add_span(instant: datetime, span: Span, calendar: Calendar) -> datetime:
    """Return the instant `span` after `instant`, in the calendar's zone.

    Hours and minutes are elapsed time; days keep the local clock time. So do working days,
    of which those after `instant`'s day are counted; 00:00 is the end of the day before, so
    that two working days after a Friday's 24:00 is Tuesday 24:00.
    """
    local = instant.astimezone(calendar.zone)
    if span.unit == "days":
        return local + timedelta(days=span.amount)
    if span.unit != "working days":
        return later(local, span.clock)
    day = last_day(instant, calendar.zone)
    moved = calendar.shift_working_days(day, span.amount) - day
    return local + moved


def grace_until(obligation: Obligation, due_before: datetime, calendar: Calendar) -> datetime:
    """Return until when (half-open) lateness is tolerated: `due_before` without a grace."""
    if obligation.grace is None:
        return due_before
    return add_span(due_before, obligation.grace, calendar)


def close_at(
    obligation: Obligation, due_before: datetime, next_due: datetime | None, calendar: Calendar
) -> datetime | None:
    """Return from when an instance is chased no more, None for never.

    `next_due` is the deadline of the next period (None: there is none); it is the default of
    a recurring obligation, and the only one: what is owed once is chased until it comes.
    """
    if obligation.close_after is not None:
        return add_span(due_before, obligation.close_after, calendar)
    return next_due if obligation.every is not None else None


def expects(obligation: Obligation, period: Period, calendar: Calendar) -> bool:
    """Tell whether a recurring obligation expects anything for `period`.

    It does unless the period is excepted, or none of its days on which the obligation is in
    force is of the kind that `expected_when` asks for.
    """
    if period.label in obligation.excepted:
        return False
    first = max(period.first, obligation.starts or period.first)
    last = min(period.last, obligation.ends or period.last)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    if obligation.expected_when is Expected.ALWAYS:
        return first <= last
    if obligation.expected_when is Expected.SCHOOL_DAY:
        return any(map(calendar.is_school_day, days))
    return any(map(calendar.is_working_day, days))


def day_after(period: Period, on: int) -> date:
    """Return the first day `on` of a week or month that comes after `period`."""
    if period.every is Every.WEEK:
        return period.last + timedelta(days=min(on, 7))
    day = _day_of_month(period.last, on)
    if day > period.last:
        return day
    return _day_of_month(period.last.replace(day=28) + timedelta(days=4), on)


def _day_of_month(day: date, on: int) -> date:
    """Return day `on` of the month of `day`, its last day where it is shorter."""
    return day.replace(day=min(on, months.monthrange(day.year, day.month)[1]))


def _shifted(day: date, shift: Shift, calendar: Calendar) -> date:
    if shift is Shift.NEXT:
        return calendar.next_working_day(day)
    if shift is Shift.PREVIOUS:
        return calendar.previous_working_day(day)
    return day
