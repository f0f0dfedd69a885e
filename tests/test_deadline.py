"""Deadlines: one half-open instant each, and the day that people are shown."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automator.core.calendar import Calendar
from automator.core.deadline import (
    add_span,
    close_at,
    day_zero,
    due_of_day,
    due_of_event,
    due_of_period,
    end_of,
    event_start,
    expects,
    extended_due,
    grace_until,
    last_day,
)
from automator.core.directive import Every, Expected, Obligation, Reckoning, Shift, Span
from automator.core.moment import Moment
from automator.core.periods import parse_label

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = Calendar(zone=HANOI, breaks=((date(2021, 2, 2), date(2021, 2, 28)),))
BEFORE = Obligation(id="plan", title="Kế hoạch", clause="8", before=date(2021, 2, 25))
BEFORE_17 = Obligation(
    id="plan", title="Kế hoạch", clause="8", before=date(2021, 2, 25), cutoff=time(17)
)
BY = Obligation(id="model", title="Mô hình", clause="6", by=date(2021, 12, 31))
BY_17 = Obligation(id="model", title="Mô hình", clause="6", by=date(2021, 12, 31), cutoff=time(17))
EVENT = Obligation(id="urgent-report", title="Báo cáo", clause="8", within=timedelta(hours=24))


def recurring(every: str, on: int, shift: str = "none", **more: object) -> Obligation:
    """Return a periodic report."""
    return Obligation(
        id="periodic-report",
        title="Báo cáo định kỳ",
        clause="8",
        every=Every(every),
        on=on,
        shift=Shift(shift),
        **more,  # type: ignore[arg-type]
    )


def at(text: str) -> datetime:
    """Return a local instant as a clerk writes it."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


@pytest.mark.parametrize(
    ("due_before", "day"),
    [
        pytest.param("2021-02-25T00:00:00+07:00", "2021-02-24", id="before-a-day"),
        pytest.param("2021-02-25T17:00:00+07:00", "2021-02-25", id="office-closes"),
        pytest.param("2021-02-24T17:00:00+00:00", "2021-02-24", id="same-instant-utc"),
        pytest.param("2021-02-25T00:00:01+07:00", "2021-02-25", id="a-second-later"),
        pytest.param("2021-01-01T00:00:00+07:00", "2020-12-31", id="end-of-a-year"),
        pytest.param("2024-03-01T00:00:00+07:00", "2024-02-29", id="leap-day"),
    ],
)
def test_last_day(due_before: str, day: str) -> None:
    """People are shown the last good day, never the first late one."""
    assert last_day(datetime.fromisoformat(due_before), HANOI).isoformat() == day


def test_a_naive_deadline_is_refused() -> None:
    """Without a zone nobody knows which day it is."""
    with pytest.raises(ValueError, match="no time zone"):
        last_day(datetime(2021, 2, 25), HANOI)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("obligation", "received", "on_time"),
    [
        pytest.param(BEFORE, "2021-02-24T23:59:59", True, id="before-a-second-early"),
        pytest.param(BEFORE, "2021-02-25T00:00:00", False, id="before-on-the-dot"),
        pytest.param(BEFORE, "2021-02-25T00:00:01", False, id="before-a-second-late"),
        pytest.param(BEFORE_17, "2021-02-24T16:59:59", True, id="before-office-open"),
        pytest.param(BEFORE_17, "2021-02-24T17:00:00", False, id="before-office-closed"),
        pytest.param(BY, "2021-12-31T23:59:59", True, id="by-a-second-early"),
        pytest.param(BY, "2022-01-01T00:00:00", False, id="by-on-the-dot"),
        pytest.param(BY, "2022-01-01T00:00:01", False, id="by-a-second-late"),
        pytest.param(BY_17, "2021-12-31T16:59:59", True, id="by-office-open"),
        pytest.param(BY_17, "2021-12-31T17:00:00", False, id="by-office-closed"),
    ],
)
def test_a_day_ends_on_the_second(obligation: Obligation, received: str, on_time: bool) -> None:
    """ "Trước ngày" leaves the day out, "chậm nhất ngày" takes it in, to the second."""
    assert (at(received) < due_of_day(obligation, HANOI)) is on_time


@pytest.mark.parametrize("obligation", [BEFORE, BEFORE_17])
def test_a_day_without_a_time_is_compared_by_day(obligation: Obligation) -> None:
    """A row with only the date is on time on the whole last day, cutoff or not."""
    due = due_of_day(obligation, HANOI)
    assert Moment.of_day(date(2021, 2, 24), HANOI).instant < due
    assert not Moment.of_day(date(2021, 2, 25), HANOI).instant < due


def test_a_cutoff_of_midnight_leaves_the_day_whole() -> None:
    """00:00 as the closing hour means 24:00: it never eats the last day."""
    assert end_of(date(2021, 2, 24), time(0), HANOI) == at("2021-02-25T00:00")


@pytest.mark.parametrize("deadline", [due_of_day, lambda o, _: due_of_event(o, at("2021-02-25"))])
def test_a_deadline_of_another_kind_is_refused(deadline) -> None:  # type: ignore[no-untyped-def]
    """Asking a recurring obligation for its one day is a fault of the program."""
    with pytest.raises(ValueError, match="periodic-report"):
        deadline(recurring("month", 5), HANOI)


@pytest.mark.parametrize(
    ("obligation", "label", "due_before"),
    [
        pytest.param(recurring("month", 5), "2021-02", "2021-03-06", id="a-friday"),
        pytest.param(
            recurring("month", 5, "next-working-day"), "2021-05", "2021-06-08", id="off-to-monday"
        ),
        pytest.param(
            recurring("month", 5, "previous-working-day"), "2021-05", "2021-06-05", id="to-friday"
        ),
        pytest.param(recurring("month", 5), "2021-05", "2021-06-06", id="no-shift"),
        pytest.param(
            recurring("month", 12, "next-working-day"), "2021-01", "2021-02-18", id="over-tet"
        ),
        pytest.param(
            recurring("month", 12, "previous-working-day"), "2021-01", "2021-02-10", id="before-tet"
        ),
        pytest.param(
            recurring("month", 4, "next-working-day"),
            "2024-04",
            "2024-05-05",
            id="made-up-saturday",
        ),
        pytest.param(recurring("month", 31), "2021-01", "2021-03-01", id="clamped-to-february"),
        pytest.param(recurring("month", 31), "2024-01", "2024-03-01", id="clamped-to-a-leap-day"),
        pytest.param(recurring("month", 5), "2021-12", "2022-01-06", id="over-a-year-end"),
        pytest.param(recurring("quarter", 10), "2021-Q1", "2021-04-11", id="quarter"),
        pytest.param(recurring("half-year", 10), "2021-H2", "2022-01-11", id="half-year"),
        pytest.param(recurring("year", 15), "2021", "2022-01-16", id="year"),
        pytest.param(recurring("week", 1), "2021-W08", "2021-03-02", id="monday-after"),
        pytest.param(recurring("week", 7), "2020-W53", "2021-01-11", id="sunday-after-week-53"),
        pytest.param(recurring("week", 9), "2021-W08", "2021-03-08", id="clamped-to-sunday"),
        pytest.param(
            recurring("month", 5, cutoff=time(17)), "2021-02", "2021-03-05T17:00", id="cutoff"
        ),
    ],
)
def test_due_of_period(obligation: Obligation, label: str, due_before: str) -> None:
    """A report is due in the month or week after its period, moved off days off."""
    period = parse_label(label)
    assert period is not None
    assert due_of_period(obligation, period, CALENDAR) == at(due_before)


@pytest.mark.parametrize(
    ("every", "on", "label", "due_before"),
    [
        pytest.param("month", 20, "2021-03", "2021-03-21", id="in-the-same-month"),
        pytest.param("month", 15, "2021-03", "2021-03-16", id="the-day-after-it-ends"),
        pytest.param("month", 14, "2021-03", "2021-04-15", id="its-own-last-day-is-no-deadline"),
        pytest.param("month", 5, "2021-03", "2021-04-06", id="in-the-month-after"),
        pytest.param("month", 31, "2021-02", "2021-03-01", id="clamped-in-february"),
        pytest.param("month", 5, "2021-12", "2022-01-06", id="over-a-year-end"),
        pytest.param("quarter", 20, "2021-Q1", "2021-03-21", id="quarter"),
        pytest.param("half-year", 20, "2021-H2", "2021-12-21", id="half-year"),
        pytest.param("year", 20, "2021", "2021-12-21", id="year"),
        pytest.param("week", 1, "2021-W08", "2021-03-02", id="a-week-is-a-week"),
    ],
)
def test_due_of_period_by_decree_09(every: str, on: int, label: str, due_before: str) -> None:
    """The deadline is the first day of that number after the period, which ends on the 14th."""
    obligation = recurring(every, on, periods=Reckoning.ND09)
    period = parse_label(label, Reckoning.ND09)
    assert period is not None
    assert due_of_period(obligation, period, CALENDAR) == at(due_before)


@pytest.mark.parametrize(
    ("known", "occurred", "start"),
    [
        pytest.param("2021-02-12T22:30", "2021-02-12T20:00", "2021-02-12T22:30", id="known"),
        pytest.param(None, "2021-02-12T20:00", "2021-02-12T20:00", id="occurred"),
        pytest.param(None, None, "2021-02-15T07:00", id="first-seen"),
        pytest.param("2021-02-12", "2021-02-12T20:00", "2021-02-13T00:00", id="known-that-day"),
    ],
)
def test_event_start(known: str | None, occurred: str | None, start: str) -> None:
    """The clock starts when the school knew, else when it happened, else when it was seen."""
    found = event_start(moment(known), moment(occurred), at("2021-02-15T07:00"))
    assert found == at(start)


def moment(text: str | None) -> Moment | None:
    """Return a typed day or instant."""
    return Moment(at(text), timed="T" in text) if text else None


def test_an_event_is_due_by_the_clock_through_tet() -> None:
    """Hours run through nights, weekends and holidays."""
    assert due_of_event(EVENT, at("2021-02-12T22:30")) == at("2021-02-13T22:30")


@pytest.mark.parametrize(
    ("obligation", "due_before"), [(BEFORE, "2021-03-02T00:00"), (BEFORE_17, "2021-03-01T17:00")]
)
def test_an_extension_takes_in_its_day(obligation: Obligation, due_before: str) -> None:
    """The new last good day counts to its end, or to the closing hour."""
    assert extended_due(obligation, date(2021, 3, 1), HANOI) == at(due_before)


@pytest.mark.parametrize(
    ("due_before", "zero"),
    [("2021-02-25T00:00", "2021-02-25"), ("2021-02-24T17:00", "2021-02-25"),
     ("2021-02-27T00:00", "2021-02-27")],
)  # fmt: skip
def test_day_zero_follows_the_last_good_day(due_before: str, zero: str) -> None:
    """Day 0 is the day after the last good one, working or not."""
    assert day_zero(at(due_before), HANOI).isoformat() == zero


@pytest.mark.parametrize(
    ("instant", "span", "result"),
    [
        pytest.param("2021-02-25T09:30", "3 working days", "2021-03-02T09:30", id="same-clock"),
        pytest.param("2021-02-09T09:30", "1 working days", "2021-02-17T09:30", id="over-tet"),
        pytest.param("2021-02-25T00:00", "2 working days", "2021-02-27T00:00", id="two-whole-days"),
        pytest.param("2021-02-27T00:00", "2 working days", "2021-03-03T00:00", id="from-a-weekend"),
        pytest.param("2021-02-27T09:30", "1 working days", "2021-03-01T09:30", id="on-a-saturday"),
        pytest.param("2021-02-25T09:30", "0 working days", "2021-02-25T09:30", id="nothing"),
        pytest.param("2021-02-25T09:30", "3 days", "2021-02-28T09:30", id="calendar-days"),
        pytest.param("2021-02-28T09:30", "24 hours", "2021-03-01T09:30", id="hours"),
        pytest.param("2021-02-28T23:45", "30 minutes", "2021-03-01T00:15", id="minutes"),
    ],
)
def test_add_span(instant: str, span: str, result: str) -> None:
    """Working days and days keep the clock time; hours and minutes are elapsed time."""
    amount, unit = span.split(" ", 1)
    assert add_span(at(instant), Span(int(amount), unit), CALENDAR) == at(result)


@given(
    start=st.datetimes(datetime(2021, 1, 1), datetime(2023, 12, 31)),  # noqa: DTZ001
    amount=st.integers(1, 15),
)
def test_a_span_of_working_days_holds_as_many(start: datetime, amount: int) -> None:
    """Between two last good days lie exactly the working days that were granted."""
    due = start.replace(tzinfo=HANOI)
    moved = add_span(due, Span(amount, "working days"), CALENDAR)
    days = CALENDAR.working_days_between(last_day(due, HANOI), last_day(moved, HANOI))
    assert (days, moved.time()) == (amount, due.time())


@pytest.mark.parametrize(
    ("grace", "until"),
    [
        (None, "2021-02-25"),
        (Span(2, "working days"), "2021-02-27"),
        (Span(3, "days"), "2021-02-28"),
    ],
)
def test_grace_until(grace: Span | None, until: str) -> None:
    """Grace is tolerance after the deadline; without it the deadline is the end."""
    plan = Obligation(
        id="plan", title="Kế hoạch", clause="8", before=date(2021, 2, 25), grace=grace
    )
    assert grace_until(plan, at("2021-02-25"), CALENDAR) == at(until)


@pytest.mark.parametrize(
    ("obligation", "next_due", "closes"),
    [
        pytest.param(recurring("month", 5), "2021-04-06", "2021-04-06", id="next-deadline"),
        pytest.param(recurring("month", 5), None, None, id="the-last-period"),
        pytest.param(
            recurring("month", 5, close_after=Span(10, "days")),
            "2021-04-06",
            "2021-03-16",
            id="set",
        ),
        pytest.param(BEFORE, None, None, id="owed-once"),
        pytest.param(BEFORE, "2021-04-06", None, id="owed-once-has-no-next"),
    ],
)
def test_close_at(obligation: Obligation, next_due: str | None, closes: str | None) -> None:
    """A period is chased until the next one is due; what is owed once, until it comes."""
    found = close_at(obligation, at("2021-03-06"), at(next_due) if next_due else None, CALENDAR)
    assert found == (at(closes) if closes else None)


@pytest.mark.parametrize(
    ("obligation", "label", "expected"),
    [
        pytest.param(recurring("month", 5), "2021-02", True, id="always"),
        pytest.param(recurring("month", 5, excepted=("2021-02",)), "2021-02", False, id="excepted"),
        pytest.param(
            recurring("month", 5, starts=date(2021, 2, 3)), "2021-02", True, id="begins-in"
        ),
        pytest.param(
            recurring("month", 5, starts=date(2021, 2, 3)), "2021-01", False, id="too-early"
        ),
        pytest.param(
            recurring("month", 5, ends=date(2021, 12, 31)), "2022-01", False, id="too-late"
        ),
        pytest.param(
            recurring("week", 1, expected_when=Expected.SCHOOL_DAY), "2021-W08", False, id="a-break"
        ),
        pytest.param(
            recurring("week", 1, expected_when=Expected.SCHOOL_DAY),
            "2021-W09",
            True,
            id="at-school",
        ),
        pytest.param(
            recurring("week", 1, expected_when=Expected.WORKING_DAY), "2021-W08", True, id="works"
        ),
        pytest.param(
            recurring("month", 5, expected_when=Expected.SCHOOL_DAY), "2021-02", True, id="one-day"
        ),
        pytest.param(
            recurring("month", 5, expected_when=Expected.SCHOOL_DAY, starts=date(2021, 2, 3)),
            "2021-02",
            False,
            id="no-school-day-in-force",
        ),
        pytest.param(
            recurring("week", 1, expected_when=Expected.WORKING_DAY, ends=date(2021, 2, 16)),
            "2021-W07",
            False,
            id="tet-only",
        ),
    ],
)
def test_expects(obligation: Obligation, label: str, expected: bool) -> None:
    """A period without a day that counts expects nothing, so nobody can be late for it."""
    period = parse_label(label)
    assert period is not None
    assert expects(obligation, period, CALENDAR) is expected
