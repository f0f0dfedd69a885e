"""Working days, school days and the years that are settled."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automator.core.calendar import Calendar, later, start_of_day, unknown_years

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PLAIN = Calendar(zone=HANOI)
OFFICE = Calendar(
    zone=HANOI,
    off=frozenset({date(2026, 1, 2)}),
    work=frozenset({date(2026, 1, 10)}),
    breaks=((date(2021, 2, 2), date(2021, 2, 28)),),
)
DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param("2021-02-09", True, id="last-day-before-tet-2021"),
        pytest.param("2021-02-10", False, id="tet-2021-begins"),
        pytest.param("2021-02-16", False, id="tet-2021-ends"),
        pytest.param("2021-02-17", True, id="back-after-tet-2021"),
        pytest.param("2021-02-20", False, id="a-saturday"),
        pytest.param("2021-02-21", False, id="a-sunday"),
        pytest.param("2018-12-31", False, id="swap-over-new-year-off"),
        pytest.param("2019-01-05", True, id="swap-over-new-year-made-up"),
        pytest.param("2024-04-29", False, id="swap-2024-off"),
        pytest.param("2024-05-04", True, id="swap-2024-made-up"),
        pytest.param("2025-05-02", False, id="swap-2025-off"),
        pytest.param("2025-04-26", True, id="swap-2025-made-up"),
        pytest.param("2026-08-31", False, id="swap-2026-off"),
        pytest.param("2026-08-22", True, id="swap-2026-made-up"),
        pytest.param("2026-01-02", False, id="override-off"),
        pytest.param("2026-01-10", True, id="override-made-up"),
    ],
)
def test_working_days_follow_the_civil_service(day: str, works: bool) -> None:
    """Tết, swapped days and the office's own overrides are what officials really work."""
    assert OFFICE.is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize("day", [date(2021, 2, 10), date(2021, 2, 16)])
def test_no_day_of_tet_works_in_any_zone(day: date) -> None:
    """A calendar day is a day: the zone changes nothing about it."""
    assert not Calendar(zone=ZoneInfo("UTC")).is_working_day(day)


@pytest.mark.parametrize(
    ("day", "school"),
    [
        pytest.param("2021-02-01", True, id="before-the-break"),
        pytest.param("2021-02-02", False, id="first-day-of-the-break"),
        pytest.param("2021-02-26", False, id="office-works-pupils-do-not"),
        pytest.param("2021-02-28", False, id="last-day-of-the-break"),
        pytest.param("2021-03-01", True, id="after-the-break"),
        pytest.param("2021-03-06", False, id="a-saturday"),
    ],
)
def test_school_days_leave_out_breaks(day: str, school: bool) -> None:
    """A school break takes both its ends; the office works on through it."""
    assert OFFICE.is_school_day(date.fromisoformat(day)) is school


@pytest.mark.parametrize(
    ("day", "following", "preceding"),
    [
        pytest.param("2021-02-24", "2021-02-24", "2021-02-24", id="works-itself"),
        pytest.param("2021-02-13", "2021-02-17", "2021-02-09", id="within-tet"),
        pytest.param("2021-12-05", "2021-12-06", "2021-12-03", id="a-sunday"),
        pytest.param("2022-01-01", "2022-01-04", "2021-12-31", id="over-new-year"),
    ],
)
def test_nearest_working_days(day: str, following: str, preceding: str) -> None:
    """A deadline on a day off goes to the next or the previous working day."""
    start = date.fromisoformat(day)
    assert OFFICE.next_working_day(start).isoformat() == following
    assert OFFICE.previous_working_day(start).isoformat() == preceding


@pytest.mark.parametrize(
    ("day", "amount", "result"),
    [
        pytest.param("2021-02-25", -5, "2021-02-18", id="five-before"),
        pytest.param("2021-02-25", -6, "2021-02-17", id="first-day-after-tet"),
        pytest.param("2021-02-25", -7, "2021-02-09", id="over-tet"),
        pytest.param("2021-02-25", 1, "2021-02-26", id="one-after"),
        pytest.param("2021-02-25", 3, "2021-03-02", id="over-a-weekend"),
        pytest.param("2021-02-27", 1, "2021-03-01", id="from-a-saturday"),
        pytest.param("2021-02-27", 0, "2021-02-27", id="zero-stays-on-a-day-off"),
        pytest.param("2026-01-09", 1, "2026-01-10", id="onto-a-made-up-saturday"),
    ],
)
def test_shift_working_days(day: str, amount: int, result: str) -> None:
    """The day that is counted from is not counted itself."""
    assert OFFICE.shift_working_days(date.fromisoformat(day), amount).isoformat() == result


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        pytest.param("2021-02-24", "2021-02-25", 1, id="the-end-counts"),
        pytest.param("2021-02-25", "2021-02-25", 0, id="same-day"),
        pytest.param("2021-02-26", "2021-02-28", 0, id="a-weekend"),
        pytest.param("2021-02-09", "2021-02-24", 6, id="from-tet-to-the-last-day"),
        pytest.param("2021-02-25", "2021-02-24", 0, id="backwards"),
    ],
)
def test_working_days_between(start: str, end: str, count: int) -> None:
    """The start is left out, the end is counted."""
    found = OFFICE.working_days_between(date.fromisoformat(start), date.fromisoformat(end))
    assert found == count


@given(day=DAYS, amount=st.integers(-40, 40))
def test_a_shift_can_be_taken_back(day: date, amount: int) -> None:
    """From a working day, n working days on and n back is the same day."""
    start = OFFICE.next_working_day(day)
    assert OFFICE.shift_working_days(OFFICE.shift_working_days(start, amount), -amount) == start


@given(day=DAYS, amount=st.integers(0, 40))
def test_a_shift_crosses_as_many_working_days_as_it_says(day: date, amount: int) -> None:
    """Shifting and counting agree, from a day off too."""
    assert OFFICE.working_days_between(day, OFFICE.shift_working_days(day, amount)) == amount


def test_a_year_is_known_up_to_the_last_swap() -> None:
    """Beyond the last announced swap the package only projects."""
    assert unknown_years(PLAIN, [2090, 2021, 2024, 2090, 2025]) == (2090,)
    assert not PLAIN.known(1850)


def test_an_override_makes_its_year_known() -> None:
    """An operator who has entered a year's days is warned no more."""
    entered = Calendar(zone=HANOI, off=frozenset({date(2090, 1, 2)}))
    assert unknown_years(entered, [2089, 2090]) == (2089,)


def test_a_country_without_swaps_is_known_as_far_as_the_package_goes() -> None:
    """Not every country swaps days; there no notice is waited for."""
    assert Calendar(zone=HANOI, country="FR").known(2021)
    assert Calendar(zone=HANOI, country="").known(2090)


def test_no_country_means_weekends_only() -> None:
    """Without a country Monday to Friday are working days, Tết too."""
    bare = Calendar(zone=HANOI, country="")
    assert bare.is_working_day(date(2021, 2, 12))
    assert not bare.is_working_day(date(2021, 2, 13))


def test_an_unknown_country_is_refused() -> None:
    """A typo in the country is named, not answered with weekends."""
    with pytest.raises(ValueError, match="XX"):
        Calendar(zone=HANOI, country="XX").is_working_day(date(2021, 2, 12))


def test_a_day_cannot_be_both_off_and_working() -> None:
    """A contradiction in the configuration is refused with its day."""
    day = frozenset({date(2026, 1, 2)})
    with pytest.raises(ValueError, match="2026-01-02"):
        Calendar(zone=HANOI, off=day, work=day)


def test_equal_calendars_are_one_key() -> None:
    """What was looked up does not make two calendars different."""
    one, other = Calendar(zone=HANOI), Calendar(zone=HANOI)
    one.is_working_day(date(2021, 2, 12))
    assert one == other
    assert hash(one) == hash(other)


def test_start_of_day_is_local() -> None:
    """A day begins at 00:00 of its own zone."""
    assert start_of_day(date(2021, 2, 25), HANOI).isoformat() == "2021-02-25T00:00:00+07:00"


def test_elapsed_hours_pass_a_change_of_the_clocks() -> None:
    """Twenty-four hours are elapsed time, wherever the clocks are changed in between."""
    paris = datetime(2021, 3, 27, 12, tzinfo=ZoneInfo("Europe/Paris"))
    after = later(paris, timedelta(hours=24))
    assert after.isoformat() == "2021-03-28T13:00:00+02:00"
    assert after - paris.astimezone(UTC) == timedelta(hours=24)
