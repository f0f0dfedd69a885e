"""Days as people type them: day first, and never a silent guess."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automator.core.cells import Ctx, day
from automator.core.problem import Severity
from automator.core.snapshot import Cell

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
YEAR_2021 = Ctx(zone=HANOI, earliest=date(2020, 12, 5), latest=date(2022, 2, 26))
OPEN = Ctx(zone=HANOI)


def _read(cell: Cell, ctx: Ctx = YEAR_2021) -> str | None:
    """Return the day as a clerk would write it, with a time where there is one."""
    moment, fault = day(cell, ctx)
    if moment is None:
        return None
    assert fault is None or fault.severity is not Severity.BLOCKS
    return moment.instant.strftime("%d/%m/%Y %H:%M:%S" if moment.timed else "%d/%m/%Y")


@pytest.mark.parametrize(
    "cell",
    [
        "25/2/21",
        "25/02/2021",
        "25-02-2021",
        "25.02.2021",
        "25 02 2021",
        " 25 / 02 / 2021 ",
        "25–02–2021",
        "2021-02-25",
        "2021/02/25",
        "ngày 25 tháng 02 năm 2021",
        "Ngày 25 tháng 2 năm 2021.",
        "25 tháng 02 năm 2021",
        "25 thg 2, 2021",
        "ngày 25/02/2021",
        "thứ Năm, ngày 25/02/2021",
        "Thứ 5, 25/02/2021",
        "25/02/2021 (thứ Năm)",
        "'25/02/2021",
        "２５／０２／２０２１",
        "25\u00a0/02/2021\u200b",
        "25-Feb-21",
        "25/02/2021 00:00",
        "2021-02-25T00:00:00",
        "25/02/2021 24:00",
        44252,
        44252.0,
        date(2021, 2, 25),
        datetime.fromisoformat("2021-02-25"),
    ],
)
def test_day(cell: Cell) -> None:
    """Every accepted form of a day is that day, without a time and without a fault."""
    assert day(cell, YEAR_2021)[1] is None
    assert _read(cell) == "25/02/2021"


@pytest.mark.parametrize(
    "cell",
    [
        "24/02/2021 08:30",
        "24/2/21 8:30",
        "24/02/2021 8h30",
        "24/02/2021 8g30",
        "24/02/2021, 8 giờ 30 phút",
        "24/02/2021 lúc 8h30",
        "08:30 24/02/2021",
        "8h30 24/02/2021",
        "8h30, ngày 24/02/2021",
        "lúc 8 giờ 30 phút ngày 24 tháng 02 năm 2021",
        "2021-02-24T08:30",
        "2021-02-24 08:30:00",
        "2021-02-24T08:30:00.000",
        "2021-02-24T08:30:00+07:00",
        "2021-02-24T01:30:00Z",
        "24/02/2021 8:30 SA",
        "8h30 sáng 24/02/2021",
        44251 + 8.5 / 24,
        datetime.fromisoformat("2021-02-24T08:30"),
        datetime.fromisoformat("2021-02-24T08:29:59.999990"),
        datetime(2021, 2, 24, 1, 30, tzinfo=UTC),
    ],
)
def test_time(cell: Cell) -> None:
    """A time of day may stand before or after the day; fractions are rounded to the second."""
    assert day(cell, YEAR_2021)[1] is None
    assert _read(cell) == "24/02/2021 08:30:00"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("24/02/2021 3h chiều", "24/02/2021 15:00:00"),
        ("24/02/2021 8:30 CH", "24/02/2021 20:30:00"),
        ("24/02/2021 12:05 PM", "24/02/2021 12:05:00"),
        ("24/02/2021 12:05 AM", "24/02/2021 00:05:00"),
        ("24/02/2021 11h trưa", "24/02/2021 11:00:00"),
        ("24/02/2021 17:00:30", "24/02/2021 17:00:30"),
        ("24/02/2021 23h", "24/02/2021 23:00:00"),
    ],
)
def test_half_of_the_day(typed: str, read: str) -> None:
    """Morning, noon, afternoon and evening are understood."""
    assert _read(typed) == read


@pytest.mark.parametrize("cell", [None, "", "  ", "\u200b", "-", "–", "…", "..."])
def test_blank(cell: Cell) -> None:
    """A blank cell, or one that only keeps the place, is neither a day nor a fault."""
    assert day(cell, YEAR_2021) == (None, None)


@pytest.mark.parametrize(
    ("cell", "code", "hint"),
    [
        pytest.param("31/02/2021", "not_a_date", "Tháng 02/2021 có 28 ngày", id="31-feb"),
        pytest.param("29/02/2021", "not_a_date", "có 28 ngày", id="no-leap-year"),
        pytest.param("02/25/2021", "month_first", "25/02/2021", id="us-order"),
        pytest.param("2/25/21 8:30", "month_first", "25/02/2021", id="us-order-short"),
        pytest.param("25/2", "no_year", "25/02/2021", id="no-year"),
        pytest.param("ngày 25 tháng 2", "no_year", "25/02/2021", id="no-year-in-words"),
        pytest.param("02/2021", "no_day", "ví dụ 24/02/2021", id="month-only"),
        pytest.param("tháng 2 năm 2021", "no_day", "ví dụ", id="month-only-in-words"),
        pytest.param("8h30", "no_day", "08:30", id="time-only"),
        pytest.param(time(8, 30), "no_day", "08:30", id="time-cell"),
        pytest.param(timedelta(hours=30), "no_day", "08:30", id="duration-cell"),
        pytest.param("24/02/2020", "out_of_window", "24/02/2021", id="last-year"),
        pytest.param("24/02/2023", "out_of_window", "24/02/2022", id="next-year"),
        pytest.param(
            datetime.fromisoformat("2020-02-24"), "out_of_window", "24/02/2021", id="last-year-cell"
        ),
        pytest.param("24/02/2051", "out_of_window", "24/02/2021", id="2051"),
        pytest.param("29/02/2020", "out_of_window", "Đề nghị", id="leap-day-of-another-year"),
        pytest.param("24/02/2021 25:70", "bad_time", "24/02/2021 08:30", id="bad-time"),
        pytest.param("24/02/2021 24:01", "bad_time", "08:30", id="after-midnight"),
        pytest.param("24/02/2021 13h sáng", "bad_time", "08:30", id="contradictory-time"),
        pytest.param("24, 25/02/2021", "not_a_date", "25/02/2021", id="two-days"),
        pytest.param("24/02/2021 - 26/02/2021", "several_dates", "một ngày", id="a-span"),
        pytest.param("đã gửi 24/02/2021", "not_a_date", "24/02/2021", id="words-round-it"),
        pytest.param("chưa gửi", "not_a_date", "ví dụ 24/02/2021", id="words"),
        pytest.param("24/02/202", "not_a_date", "ví dụ", id="year-of-three-digits"),
        pytest.param("24/02/0021", "out_of_window", "24/02/2021", id="year-21"),
        pytest.param(2021, "not_a_date", "ví dụ", id="a-year-alone"),
        pytest.param(24.02, "not_a_date", "ví dụ", id="a-decimal"),
        pytest.param(20210224, "not_a_date", "ví dụ", id="digits-run-together"),
        pytest.param(float("nan"), "not_a_date", "ví dụ", id="nan"),
        pytest.param(10**400, "not_a_date", "ví dụ", id="huge"),
        pytest.param(True, "not_a_date", "ví dụ", id="boolean"),
        pytest.param("#N/A", "not_a_date", "ví dụ", id="error-value"),
        pytest.param(
            datetime.fromisoformat("9999-12-31T23:59:59.999999"),
            "out_of_window",
            "Đề nghị",
            id="end-of-time",
        ),
    ],
)
def test_fault(cell: Cell, code: str, hint: str) -> None:
    """What cannot be a day blocks, says what is wrong, and suggests what may be meant."""
    moment, fault = day(cell, YEAR_2021)
    assert moment is None
    assert fault is not None
    assert (fault.code, fault.severity) == (code, Severity.BLOCKS)
    assert hint in fault.remedy
    assert fault.remedy.endswith(".")


def test_us_order_is_named() -> None:
    """The message says that the month may have been typed first."""
    fault = day("02/25/2021", YEAR_2021)[1]
    assert fault is not None
    assert fault.message == "không phải ngày có thật (có thể là kiểu tháng/ngày)"


def test_swapped_day_and_month_is_suggested() -> None:
    """A date cell that a US Excel swapped out of the window suggests the day that was meant."""
    february = Ctx(zone=HANOI, earliest=date(2021, 2, 1), latest=date(2021, 3, 31))
    fault = day(datetime.fromisoformat("2021-05-02"), february)[1]
    assert fault is not None
    assert (fault.code, "05/02/2021" in fault.remedy) == ("out_of_window", True)


def test_both_ends_of_the_window_are_inside() -> None:
    """The window is inclusive."""
    assert _read("05/12/2020") == "05/12/2020"
    assert _read("26/02/2022") == "26/02/2022"
    assert _read("04/12/2020") is None
    assert _read("27/02/2022") is None


def test_epoch_1904() -> None:
    """A workbook of the 1904 system counts its serials from 1904."""
    assert _read(42790, Ctx(zone=HANOI, date_1904=True)) == "25/02/2021"


@pytest.mark.parametrize("serial", [36525, 73051, -1, 0])
def test_serial_out_of_range(serial: int) -> None:
    """A number that is hardly a day of this century is none."""
    assert _read(serial, OPEN) is None


@pytest.mark.parametrize(("serial", "read"), [(36526, "01/01/2000"), (73050, "31/12/2099")])
def test_serial_bounds(serial: int, read: str) -> None:
    """The first and the last serial that are read."""
    assert _read(serial, OPEN) == read


def test_serial_typed_as_text() -> None:
    """A serial that was pasted as text is read, and the writer is told."""
    moment, fault = day("44252", YEAR_2021)
    assert moment is not None
    assert fault is not None
    assert (moment.day, fault.code) == (date(2021, 2, 25), "serial_text")
    assert fault.severity is Severity.CORRECTED


def test_wrong_weekday() -> None:
    """The day stands; that its weekday is another one is said."""
    moment, fault = day("thứ Năm, ngày 24/02/2021", YEAR_2021)
    assert moment is not None
    assert fault is not None
    assert (moment.day, fault.code) == (date(2021, 2, 24), "weekday_differs")


def test_a_story_is_not_quoted() -> None:
    """A date cell that holds words may name a person: its value is shown nowhere."""
    story, number = day("em A bị đánh ngày 24/02/2021", OPEN)[1], day("31/02/2021", OPEN)[1]
    assert story is not None
    assert number is not None
    assert (story.quotable, number.quotable) == (False, True)


def test_leap_day() -> None:
    """29 February is a day where there is one."""
    assert _read("29/02/2024", OPEN) == "29/02/2024"


FORMS = (
    "{0.day}/{0.month}/{0.year}",
    "{0:%d/%m/%Y}",
    "{0:%d-%m-%Y}",
    "{0:%d.%m.%Y}",
    "{0:%d/%m/%y}",
    "{0:%Y-%m-%d}",
    "ngày {0:%d} tháng {0:%m} năm {0:%Y}",
    "ngày {0:%d/%m/%Y}",
    "{0:%d/%m/%Y} 08:30",
    "8h30 {0:%d/%m/%Y}",
    "{0:%Y-%m-%d}T08:30:00",
)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(FORMS))
def test_every_form_is_the_same_day(meant: date, form: str) -> None:
    """A date written in any accepted form parses to the same day."""
    moment, fault = day(form.format(meant), OPEN)
    assert moment is not None
    assert (moment.day, moment.timed, fault) == (meant, "30" in form, None)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_serials_are_days(meant: date) -> None:
    """The serial of a day is that day."""
    moment, _ = day((meant - date(1899, 12, 30)).days, OPEN)
    assert moment is not None
    assert moment.day == meant


@given(st.one_of(st.text(max_size=50), st.text("0123456789/-.: hTngàyáăm", max_size=25)))
def test_any_text(text: str) -> None:
    """No text raises; there is never a day with a blocking fault."""
    moment, fault = day(text, YEAR_2021)
    assert moment is None or fault is None or fault.severity is not Severity.BLOCKS


@given(st.one_of(st.integers(), st.floats(), st.datetimes(), st.dates(), st.times()))
def test_any_cell(cell: Cell) -> None:
    """No cell raises, whatever it holds."""
    day(cell, YEAR_2021)
    day(cell, OPEN)
