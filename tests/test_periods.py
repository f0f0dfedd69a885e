"""Periods: their days, their names, and the column Kỳ."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automator.core.directive import Every, Reckoning
from automator.core.period_cells import parse_any, parse_cell
from automator.core.periods import (
    parse_label,
    period_number,
    period_of,
    periods,
    range_words,
)
from automator.core.problem import Severity
from automator.core.snapshot import Cell

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))
KINDS = st.sampled_from(list(Every))
RECKONINGS = st.sampled_from(list(Reckoning))
BY_CALENDAR, BY_DECREE = Reckoning.CALENDAR, Reckoning.ND09
WEEKS, MONTHS = (Every.WEEK, BY_CALENDAR), (Every.MONTH, BY_CALENDAR)


@pytest.mark.parametrize(
    ("every", "day", "expected"),
    [
        (
            "week",
            "2021-02-24",
            ("2021-W08", "2021-02-22", "2021-02-28", "tuần 08/2021 (từ 22/02 đến 28/02/2021)"),
        ),
        (
            "week",
            "2021-01-03",
            ("2020-W53", "2020-12-28", "2021-01-03", "tuần 53/2020 (từ 28/12/2020 đến 03/01/2021)"),
        ),
        (
            "week",
            "2021-01-04",
            ("2021-W01", "2021-01-04", "2021-01-10", "tuần 01/2021 (từ 04/01 đến 10/01/2021)"),
        ),
        ("month", "2021-02-28", ("2021-02", "2021-02-01", "2021-02-28", "tháng 02/2021")),
        ("month", "2024-02-29", ("2024-02", "2024-02-01", "2024-02-29", "tháng 02/2024")),
        ("month", "2021-12-31", ("2021-12", "2021-12-01", "2021-12-31", "tháng 12/2021")),
        ("quarter", "2021-03-31", ("2021-Q1", "2021-01-01", "2021-03-31", "quý I/2021")),
        ("quarter", "2021-10-01", ("2021-Q4", "2021-10-01", "2021-12-31", "quý IV/2021")),
        (
            "half-year",
            "2021-06-30",
            ("2021-H1", "2021-01-01", "2021-06-30", "6 tháng đầu năm 2021"),
        ),
        (
            "half-year",
            "2021-07-01",
            ("2021-H2", "2021-07-01", "2021-12-31", "6 tháng cuối năm 2021"),
        ),
        ("year", "2021-02-24", ("2021", "2021-01-01", "2021-12-31", "năm 2021")),
    ],
)
def test_a_period_has_days_and_names(every: str, day: str, expected: tuple[str, ...]) -> None:
    """Each kind of period knows its label, its first and last day, and its words."""
    period = period_of(Every(every), date.fromisoformat(day))
    assert (period.label, str(period.first), str(period.last), period.words) == expected


@pytest.mark.parametrize(
    ("every", "day", "expected"),
    [
        ("month", "2021-02-15", ("2021-03", "2021-02-15", "2021-03-14")),
        ("month", "2021-03-14", ("2021-03", "2021-02-15", "2021-03-14")),
        ("month", "2021-03-15", ("2021-04", "2021-03-15", "2021-04-14")),
        ("month", "2021-01-14", ("2021-01", "2020-12-15", "2021-01-14")),
        ("month", "2020-12-15", ("2021-01", "2020-12-15", "2021-01-14")),
        ("month", "2024-02-29", ("2024-03", "2024-02-15", "2024-03-14")),
        ("quarter", "2020-12-15", ("2021-Q1", "2020-12-15", "2021-03-14")),
        ("quarter", "2021-03-14", ("2021-Q1", "2020-12-15", "2021-03-14")),
        ("quarter", "2021-12-14", ("2021-Q4", "2021-09-15", "2021-12-14")),
        ("half-year", "2021-06-14", ("2021-H1", "2020-12-15", "2021-06-14")),
        ("half-year", "2021-06-15", ("2021-H2", "2021-06-15", "2021-12-14")),
        ("year", "2020-12-15", ("2021", "2020-12-15", "2021-12-14")),
        ("year", "2021-12-14", ("2021", "2020-12-15", "2021-12-14")),
        ("week", "2021-02-24", ("2021-W08", "2021-02-22", "2021-02-28")),
    ],
)
def test_by_decree_09_figures_close_on_the_14th(
    every: str, day: str, expected: tuple[str, ...]
) -> None:
    """By NĐ 09/2019 a period begins on the 15th and is named after the month of its last day."""
    period = period_of(Every(every), date.fromisoformat(day), Reckoning.ND09)
    assert (period.label, str(period.first), str(period.last)) == expected


def test_by_decree_09_the_days_are_said_where_the_name_does_not() -> None:
    """The short name stays; beside it stand the days whose figures are meant."""
    period = period_of(Every.MONTH, date(2021, 3, 1), Reckoning.ND09)
    assert (period.words, period.figures_words) == (
        "tháng 03/2021",
        "số liệu từ 15/02 đến 14/03/2021",
    )
    quarter = period_of(Every.QUARTER, date(2021, 3, 1), Reckoning.ND09)
    assert quarter.figures_words == "số liệu từ 15/12/2020 đến 14/03/2021"
    assert period_of(Every.MONTH, date(2021, 3, 1)).figures_words == ""
    assert period_of(Every.WEEK, date(2021, 2, 15), Reckoning.ND09).figures_words == ""


@given(every=KINDS, start=DAYS, length=st.integers(0, 500), reckoning=RECKONINGS)
def test_periods_tile_the_days(
    every: Every, start: date, length: int, reckoning: Reckoning
) -> None:
    """Periods follow each other without a gap and cover every day asked for."""
    end = start + timedelta(days=length)
    found = list(periods(every, start, end, reckoning))
    assert found[0].first <= start <= found[0].last
    assert found[-1].first <= end <= found[-1].last
    assert all(a.last + timedelta(days=1) == b.first and a < b for a, b in pairwise(found))


@given(every=KINDS, day=DAYS, reckoning=RECKONINGS)
def test_names_lead_back_to_their_period(every: Every, day: date, reckoning: Reckoning) -> None:
    """What the worker itself writes, label or words, is read as the same period."""
    period = period_of(every, day, reckoning)
    assert parse_label(period.label, reckoning) == period
    assert parse_cell(period.label, every, HANOI, reckoning) == (period, None)
    assert parse_cell(period.words, every, HANOI, reckoning) == (period, None)


def test_no_period_overlaps_an_empty_range() -> None:
    """An obligation that ended before it began has no period."""
    assert list(periods(Every.MONTH, date(2021, 3, 1), date(2021, 2, 1))) == []


@pytest.mark.parametrize(
    "label", ["", "2021-13", "2021-00", "2021-W54", "2021-W53", "2021-Q5", "2021-H0", "2021-2",
              "2021-Q01", "21-02", "2021-02-01", "tháng 2", "9999-12", "0000", "2021-02\n"],
)  # fmt: skip
def test_what_is_no_label_is_none(label: str) -> None:
    """A label has one spelling; all else is refused without an exception."""
    assert parse_label(label) is None


@pytest.mark.parametrize(("number", "found"), [(0, None), (12, "2021-12"), (13, None), (-1, None)])
def test_a_period_that_is_not_there_is_none(number: int, found: str | None) -> None:
    """There is no thirteenth month."""
    period = period_number(Every.MONTH, 2021, number)
    assert (period.label if period else None) == found


MONTH_CELLS: list[Cell] = [
    "02/2021", "2/2021", "T02/2021", "T2/2021", "t2-2021", "T.2/2021", "T2/21", "02.2021",
    "02-2021", "02–2021", "2 / 2021", "tháng 2/2021", "Tháng 02/2021", "tháng 02 năm 2021",
    "thang 2 nam 2021", "tháng hai năm 2021", "Tha\u0301ng 2/2021", "Tháng\u00a002/2021\u200b",
    "kỳ tháng 2/2021", "Báo cáo tháng 02/2021", "tháng 2/2021.", "tháng 2 2021",
    "2021-02", "2021/2", "202102", 202102, 2.2021, "15/02/2021", "15-02-2021", "5-2-2021",
    "15/2/21", "2021-02-15", "ngày 15 tháng 02 năm 2021", "15/02/2021 08:30",
    "thứ Hai, 15/02/2021", datetime(2021, 2, 1), datetime(2021, 2, 28, 23, 59),  # noqa: DTZ001
    date(2021, 2, 15), 44228, 44255.75,
]  # fmt: skip


@pytest.mark.parametrize("cell", MONTH_CELLS, ids=repr)
def test_a_month_may_be_written_in_many_ways(cell: Cell) -> None:
    """The month, any day of it, and a cell that Excel made a date of are that month."""
    period, fault = parse_cell(cell, Every.MONTH, HANOI)
    assert period is not None
    assert (period.label, fault) == ("2021-02", None)


@pytest.mark.parametrize(
    ("every", "cell", "label"),
    [
        ("week", "2021-W08", "2021-W08"),
        ("week", "W08/2021", "2021-W08"),
        ("week", "tuần 8/2021", "2021-W08"),
        ("week", "Tuần thứ 8 năm 2021", "2021-W08"),
        ("week", "tuần 53/2020", "2020-W53"),
        ("week", "03/01/2021", "2020-W53"),
        ("quarter", "Q1/2021", "2021-Q1"),
        ("quarter", "quý 1/2021", "2021-Q1"),
        ("quarter", "quý I/2021", "2021-Q1"),
        ("quarter", "qúy IV năm 2021", "2021-Q4"),
        ("quarter", "31/03/2021", "2021-Q1"),
        ("half-year", "6 tháng đầu năm 2021", "2021-H1"),
        ("half-year", "sáu tháng cuối năm 2021", "2021-H2"),
        ("half-year", "H2/2021", "2021-H2"),
        ("year", "năm 2021", "2021"),
        ("year", 2021, "2021"),
        ("year", 2021.0, "2021"),
    ],
)
def test_other_periods_are_read(every: str, cell: Cell, label: str) -> None:
    """Weeks, quarters, half-years and years have their forms too."""
    period, fault = parse_cell(cell, Every(every), HANOI)
    assert period is not None
    assert (period.label, fault) == (label, None)


@pytest.mark.parametrize(
    ("every", "cell", "message", "remedy"),
    [
        ("month", "2", "thiếu năm", "02/2021"),
        ("month", 2, "thiếu năm", "02/2021"),
        ("month", 2.0, "thiếu năm", "02/2021"),
        ("month", "T2", "thiếu năm", "02/2021"),
        ("month", "tháng 2 năm", "thiếu năm", "02/2021"),
        ("month", "02/21", "không rõ năm", "bốn chữ số"),
        ("month", "13/2021", "không có tháng này", "02/2021"),
        ("month", "quý 1/2021", "nội dung này báo cáo theo tháng", "02/2021"),
        ("month", 2021, "nội dung này báo cáo theo tháng", "02/2021"),
        ("month", "2-3/2021", "có nhiều kỳ trong một ô", "mỗi kỳ một dòng"),
        ("month", "02/2021, 03/2021", "có nhiều kỳ trong một ô", "mỗi kỳ một dòng"),
        ("month", "02/25/2021", "không phải ngày có thật (có thể là kiểu tháng/ngày)",
         "25/02/2021"),
        ("month", "31/02/2021", "không phải ngày có thật", "28 ngày"),
        ("month", "đợt vừa rồi", "không đọc được kỳ báo cáo", "02/2021"),
        ("month", time(8, 30), "không đọc được kỳ báo cáo", "02/2021"),
        ("month", timedelta(hours=30), "không đọc được kỳ báo cáo", "02/2021"),
        ("month", True, "không đọc được kỳ báo cáo", "02/2021"),
        ("month", float("nan"), "không đọc được kỳ báo cáo", "02/2021"),
        ("week", "8/2021", "nội dung này báo cáo theo tuần", "ghi rõ W08/2021 (tuần 8)"),
        ("week", "2021-W53", "không có tuần này", "tuần 08/2021"),
        ("week", "tuần 8", "thiếu năm", "tuần 08/2021"),
        ("quarter", "quý II", "thiếu năm", "quý I/2021"),
        ("quarter", "quý 5/2021", "không có quý này", "quý I/2021"),
        ("half-year", "6 tháng đầu năm", "thiếu năm", "6 tháng đầu năm 2021"),
        ("year", "21", "không đọc được kỳ báo cáo", "2021"),
    ],
)  # fmt: skip
def test_a_bad_period_says_how_to_mend_it(
    every: str, cell: Cell, message: str, remedy: str
) -> None:
    """A period is never guessed: the writer is told what is missing, with an example."""
    period, fault = parse_cell(cell, Every(every), HANOI)
    assert fault is not None
    found = (period, fault.code, fault.severity, fault.message)
    assert found == (None, "bad_period", Severity.BLOCKS, message)
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    ("every", "cell", "label"),
    [
        ("month", "20/02/2021", "2021-03"),
        ("month", "14/02/2021", "2021-02"),
        ("month", date(2021, 2, 20), "2021-03"),
        ("month", date(2021, 2, 1), "2021-02"),  # what Excel makes of "02/2021"
        ("month", 44228, "2021-02"),
        ("month", "02/2021", "2021-02"),
        ("month", "tháng 2 năm 2021", "2021-02"),
        ("quarter", "15/12/2020", "2021-Q1"),
        ("half-year", "20/06/2021", "2021-H2"),
        ("year", "31/12/2020", "2021"),
        ("week", "24/02/2021", "2021-W08"),
    ],
)
def test_by_decree_09_a_day_is_of_the_period_that_it_is_counted_in(
    every: str, cell: Cell, label: str
) -> None:
    """A day of the 15th or later belongs to the month after; a month that is named is itself."""
    period, fault = parse_cell(cell, Every(every), HANOI, BY_DECREE)
    assert period is not None
    assert (period.label, fault) == (label, None)


UNCLEAR: list[tuple[str, Cell, str]] = [
    ("week", date(2021, 8, 1), "W08/2021 (tuần 8) hoặc W30/2021 (tuần có ngày 01/08/2021)"),
    ("week", 44409, "W08/2021 (tuần 8) hoặc W30/2021 (tuần có ngày 01/08/2021)"),
    ("week", "44409", "W08/2021 (tuần 8) hoặc W30/2021 (tuần có ngày 01/08/2021)"),
    ("week", date(2021, 8, 21), "W08/2021 (tuần 8) hoặc W33/2021 (tuần có ngày 21/08/2021)"),
    ("week", datetime(2021, 2, 1), "W02/2021 (tuần 2) hoặc W05/2021 (tuần có ngày 01/02/2021)"),  # noqa: DTZ001
    ("week", "08/2021", "W08/2021 (tuần 8), hoặc ghi một ngày của tuần cần báo cáo"),
    ("week", "8/21", "W08/2021 (tuần 8), hoặc ghi một ngày của tuần cần báo cáo"),
    ("week", "34/2021", "W34/2021 (tuần 34), hoặc ghi một ngày của tuần cần báo cáo"),
    ("week", "2021/8", "W08/2021 (tuần 8), hoặc ghi một ngày của tuần cần báo cáo"),
    ("week", 8.2021, "W08/2021 (tuần 8), hoặc ghi một ngày của tuần cần báo cáo"),
    ("week", 202108, "W08/2021 (tuần 8), hoặc ghi một ngày của tuần cần báo cáo"),
    ("quarter", date(2021, 2, 1), "quý II/2021 hoặc quý I/2021"),
    ("half-year", date(2021, 2, 1), "6 tháng cuối năm 2021 hoặc 6 tháng đầu năm 2021"),
]


@pytest.mark.parametrize(("every", "cell", "remedy"), UNCLEAR)
def test_what_may_be_the_number_of_a_period_is_not_guessed(
    every: str, cell: Cell, remedy: str
) -> None:
    """Excel makes a day of "8/2021" and "8/21"; a week, or that day's week: the writer says."""
    period, fault = parse_cell(cell, Every(every), HANOI)
    assert fault is not None
    assert (period, fault.code, fault.severity) == (None, "bad_period", Severity.BLOCKS)
    assert fault.remedy == f"Đề nghị ghi rõ {remedy}."


@pytest.mark.parametrize(
    ("every", "cell", "label"),
    [
        ("week", "01/08/2021", "2021-W30"),
        ("week", date(2021, 8, 2), "2021-W31"),
        ("week", datetime(2021, 8, 1, 8, 30), "2021-W30"),  # noqa: DTZ001
        ("week", "W08/2021", "2021-W08"),
        ("week", "W8/2021", "2021-W08"),
        ("week", date(2021, 1, 1), None),
        ("month", date(2021, 8, 1), "2021-08"),
        ("month", date(2021, 8, 21), "2021-08"),
        ("quarter", date(2021, 1, 1), "2021-Q1"),
        ("quarter", date(2021, 8, 1), "2021-Q3"),
        ("year", date(2021, 8, 1), "2021"),
    ],
)
def test_a_day_that_can_mean_one_period_only_is_that_period(
    every: str, cell: Cell, label: str | None
) -> None:
    """A day typed by hand, or one that no spreadsheet makes of a number and a year, is clear."""
    period, fault = parse_cell(cell, Every(every), HANOI)
    assert (period.label if period else None) == label
    assert (fault is None) is (label is not None)


def test_by_decree_09_a_day_that_excel_made_may_be_two_months() -> None:
    """Of "8/21" Excel makes 21/08/2021, whose figures belong to September."""
    period, fault = parse_cell(date(2021, 8, 21), Every.MONTH, HANOI, BY_DECREE)
    assert period is None
    assert fault is not None
    assert fault.remedy == (
        "Đề nghị ghi rõ tháng 08/2021 (số liệu từ 15/07 đến 14/08/2021) hoặc "
        "tháng 09/2021 (số liệu từ 15/08 đến 14/09/2021)."
    )


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("W08/2021", "2021-W08"),
        ("tháng 8/2021", "2021-08"),
        ("08/2021", "tháng 08/2021 hoặc W08/2021 (tuần 8)"),
        ("22/02/2021", "W08/2021 (tuần có ngày 22/02/2021) hoặc tháng 02/2021"),
        (
            date(2021, 8, 1),
            "W08/2021 (tuần 8), tháng 08/2021 hoặc W30/2021 (tuần có ngày 01/08/2021)",
        ),
    ],
)
def test_where_weeks_and_months_share_a_tab_each_says_which_it_is(cell: Cell, found: str) -> None:
    """A tab for weekly and monthly reports: 08/2021 may be a week's number, so it is asked."""
    period, fault = parse_any(cell, (WEEKS, MONTHS), HANOI)
    said = fault.remedy.removeprefix("Đề nghị ghi rõ ").removesuffix(".") if fault else None
    assert (period.label if period else said) == found


def test_months_of_both_reckonings_may_share_a_tab() -> None:
    """A named month is itself in both; a day that they count differently is asked about."""
    both = (MONTHS, (Every.MONTH, BY_DECREE))
    named, _ = parse_any("02/2021", both, HANOI)
    early, _ = parse_any("05/02/2021", both, HANOI)
    late, fault = parse_any("20/02/2021", both, HANOI)
    assert [p.label for p in (named, early) if p] == ["2021-02", "2021-02"]
    assert late is None
    assert fault is not None
    assert fault.code == "bad_period"


@pytest.mark.parametrize("cell", [None, "", "  ", "\u200b", "-", "…"])
def test_a_blank_cell_is_neither_period_nor_fault(cell: Cell) -> None:
    """Whether a blank cell matters is the column's affair."""
    assert parse_cell(cell, Every.MONTH, HANOI) == (None, None)


@pytest.mark.parametrize(
    ("cell", "quotable"),
    [("13/2021", True), ("T2", True), ("em Nguyễn Văn A", False), ("Hai", False),
     ("em A lớp 7A2 tháng 2", False)],
)  # fmt: skip
def test_only_a_period_is_quoted(cell: str, quotable: bool) -> None:
    """What may be a person's name is not repeated in the list of faults."""
    _, fault = parse_cell(cell, Every.MONTH, HANOI)
    assert fault is not None
    assert fault.quotable is quotable


def test_a_serial_counts_from_the_epoch_of_its_workbook() -> None:
    """In a workbook of the 1904 system the same day has another number."""
    period, _ = parse_cell(42790, Every.MONTH, HANOI, date_1904=True)
    assert period is not None
    assert period.label == "2021-02"


@given(cell=st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.datetimes(), st.none()),
       every=KINDS, reckoning=RECKONINGS)  # fmt: skip
def test_no_cell_raises(cell: Cell, every: Every, reckoning: Reckoning) -> None:
    """Whatever stands in the cell, the answer is a period or a fault, or it is blank."""
    period, fault = parse_cell(cell, every, HANOI, reckoning)
    assert period is None or fault is None or fault.severity is not Severity.BLOCKS


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2021-03", "2021-05", "tháng 3–5"),
        ("2020-12", "2021-02", "tháng 12/2020–2/2021"),
        ("2021-03", "2021-03", "tháng 03/2021"),
        ("2021-W08", "2021-W10", "tuần 8–10"),
        ("2021-Q1", "2021-Q3", "quý I–III"),
        ("2020-H2", "2021-H1", "6 tháng cuối năm 2020 – 6 tháng đầu năm 2021"),
        ("2020", "2021", "năm 2020–2021"),
    ],
)
def test_consecutive_periods_are_one_line(first: str, last: str, words: str) -> None:
    """Missing reports of several months in a row are named as one range."""
    a, b = parse_label(first), parse_label(last)
    assert a is not None
    assert b is not None
    assert range_words(a, b) == words
