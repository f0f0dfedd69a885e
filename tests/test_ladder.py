"""The steps of a finding on the calendar."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automator.core.calendar import Calendar
from automator.core.directive import Ladder, Offset
from automator.core.ladder import rungs

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = Calendar(zone=HANOI)
PLAN = Ladder(remind=(Offset(5), Offset(1)), chase=(Offset(1), Offset(5)), escalate=(Offset(3),))
URGENT = Ladder(
    remind=(Offset(6, hours=True),),
    chase=(Offset(1, hours=True), Offset(24, hours=True)),
    escalate=(Offset(24, hours=True),),
)


def steps(ladder: Ladder, due_before: str) -> list[tuple[str, str]]:
    """Return each step with the local instant from which it is up."""
    found = rungs(ladder, datetime.fromisoformat(due_before), CALENDAR)
    return [(rung.step, f"{rung.up_at:%Y-%m-%dT%H:%M}") for rung in found]


PLAN_STEPS = [
    ("remind-5", "2021-02-18T00:00"),
    ("remind-1", "2021-02-24T00:00"),
    ("chase-1", "2021-02-26T00:00"),
    ("escalate-3", "2021-03-02T00:00"),
    ("chase-5", "2021-03-04T00:00"),
]


@pytest.mark.parametrize(
    "due_before",
    [
        pytest.param("2021-02-25T00:00:00+07:00", id="to-the-end-of-the-day"),
        pytest.param("2021-02-24T17:00:00+07:00", id="to-the-closing-hour"),
        pytest.param("2021-02-24T17:00:00+00:00", id="kept-in-utc"),
    ],
)
def test_days_are_counted_from_the_day_after_the_last_good_one(due_before: str) -> None:
    """The plan's steps fall on the days that the directive's calendar gives."""
    assert steps(PLAN, due_before) == PLAN_STEPS


def test_day_zero_may_be_a_day_off() -> None:
    """After a last good Friday, day 0 is the Saturday: remind-1 Friday, chase-1 Monday."""
    assert steps(Ladder(remind=(Offset(1),), chase=(Offset(1),)), "2021-02-27T00:00+07:00") == [
        ("remind-1", "2021-02-26T00:00"),
        ("chase-1", "2021-03-01T00:00"),
    ]


def test_no_step_comes_up_on_tet() -> None:
    """Days off are stepped over on both sides of the deadline."""
    ladder = Ladder(remind=(Offset(2),), chase=(Offset(1),))
    assert steps(ladder, "2021-02-12T00:00+07:00") == [
        ("remind-2", "2021-02-08T00:00"),
        ("chase-1", "2021-02-17T00:00"),
    ]


def test_hours_count_from_the_deadline_itself() -> None:
    """An urgent report's steps run by the clock; of two at once the gravest is last."""
    assert steps(URGENT, "2021-02-13T22:30+07:00") == [
        ("remind-6h", "2021-02-13T16:30"),
        ("chase-1h", "2021-02-13T23:30"),
        ("chase-24h", "2021-02-14T22:30"),
        ("escalate-24h", "2021-02-14T22:30"),
    ]


def test_a_ladder_without_rungs_has_no_steps() -> None:
    """An obligation may be judged and never told."""
    assert steps(Ladder(), "2021-02-25T00:00+07:00") == []


@given(
    day=st.dates(date(2021, 1, 1), date(2026, 12, 31)),
    remind=st.integers(1, 15),
    chase=st.integers(1, 15),
)
def test_reminders_come_before_and_chases_after(day: date, remind: int, chase: int) -> None:
    """A reminder is up while it can still be heeded; a chase only after the deadline."""
    due = datetime(day.year, day.month, day.day, tzinfo=HANOI)
    first, last = rungs(Ladder(remind=(Offset(remind),), chase=(Offset(chase),)), due, CALENDAR)
    assert (first.action, last.action) == ("remind", "chase")
    assert first.up_at < due < last.up_at
    assert CALENDAR.is_working_day(first.up_at.date())
    assert CALENDAR.is_working_day(last.up_at.date())
