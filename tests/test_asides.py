"""Rows that are no entries, headers of two rows, and days that an American Excel turned round."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest
from builders import MY_LAC, MY_PHU, Mend, Story, plan, problems, school, verdict

from automator.core.snapshot import Cell, Sheet
from automator.core.turn import Outcome

LAC, PHU = plan(MY_LAC, "24/02/2021"), plan(MY_PHU, "25/02/2021")
PLAN = f"{MY_LAC}/plan"
Line = tuple[Cell, ...]


def read(alter: Mend, tab: str = "plans") -> Outcome:
    """Return the outcome of a first read of two plans and a form, one tab altered."""
    form = {"school": MY_LAC, "form": "Pa nô", "done": "08/02/2021", "attendance": 410}
    return Story().read("2021-02-26", plans=[LAC, PHU], propaganda=[form], mend={tab: alter})


def below(*rows: Line) -> Mend:
    return lambda sheet: replace(sheet, rows=(*sheet.rows, *rows))


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(("Tổng cộng", 2), id="total"),
        pytest.param(("TỔNG SỐ:", None, "12 văn bản"), id="total-in-capitals"),
        pytest.param(("Cộng: 02 trường",), id="sum"),
        pytest.param(("Ghi chú: trường nào chưa gửi thì ghi lý do",), id="note"),
        pytest.param(("* Lưu ý: gửi trước ngày 25/02/2021",), id="starred-note"),
        pytest.param((None, None, None, None, "Người lập bảng"), id="signature"),
        pytest.param((None, None, None, None, "Hiệu trưởng"), id="signature-of-the-head"),
        pytest.param(
            (None, None, None, None, "Thủ Thừa, ngày 25 tháng 02 năm 2021"), id="place-and-day"
        ),
        pytest.param(("SỔ CHÍNH: chỉ nhập tại liên kết trong thư của Phòng.",), id="banner"),
        pytest.param(("Các trường " + "chưa có kế hoạch " * 8,), id="prose"),
    ],
)
def test_a_total_or_a_note_is_no_entry(row: Line) -> None:
    """One warning at its first cell; nobody is asked for the cells that it leaves blank."""
    outcome = read(below(row))
    first = next(i for i, cell in enumerate(row) if cell is not None)
    assert problems(outcome) == [("Kế hoạch", f"{'ABCDE'[first]}5", "not_an_entry", "warns")]
    assert len(outcome.assessment.register.of("plans")) == 2
    assert verdict(outcome, PLAN) == "on_time unconfirmed"


def test_a_sum_below_a_column_is_no_entry() -> None:
    """Only the number of people is filled in: somebody added them up."""
    outcome = read(below((None, None, None, 410)), "propaganda")
    assert problems(outcome) == [("Tuyên truyền", "D4", "not_an_entry", "warns")]


def test_a_secret_in_a_note_is_still_named() -> None:
    """The operator is told of the cell, though its row is no entry."""
    outcome = read(below(("Ghi chú: tài liệu MẬT",)))
    assert [p.code for p in outcome.problems] == ["not_an_entry", "secret"]


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        pytest.param(
            ("TH Cộng Hòa", "24/02/2021", "1", "8/2/21", "x"), ["unknown_school"], id="named"
        ),
        pytest.param(("Cộng Hòa", "24/02/2021", "1", "8/2/21", "x"), ["unknown_school"], id="sum"),
        pytest.param(
            ("TAN LONG",),
            ["unknown_school", "required_blank", *["expected_blank"] * 3],
            id="a-school-alone",
        ),
        pytest.param((None, "24/02/2021"), ["required_blank", *["expected_blank"] * 3], id="a-day"),
    ],
)
def test_a_bad_entry_is_no_note(row: Line, codes: list[str]) -> None:
    """What may be a school's row is asked about cell by cell."""
    assert [p.code for p in read(below(row)).problems] == codes


@pytest.mark.parametrize("first", ["(1)", 1, "1", "(2)"])
def test_numbers_of_columns_are_no_row(first: Cell) -> None:
    """ "(1) (2) (3)" below the header, as in printed tables, is passed over in silence."""
    start = int(str(first).strip("()"))
    numbers: Line = tuple(f"({n})" for n in range(start, start + 8))
    outcome = read(lambda s: replace(s, rows=(*s.rows[:2], (first, *numbers[1:]), *s.rows[2:])))
    assert problems(outcome) == []
    assert verdict(outcome, PLAN) == "on_time unconfirmed"


def two_rows(sheet: Sheet) -> Sheet:
    """Return a sheet whose days stand below "Ngày", the other headers merged downwards."""
    banner, header, *rows = sheet.rows
    upper = tuple({1: "Ngày, tháng", 3: None}.get(i, c) for i, c in enumerate(header))
    lower = tuple(c if i in (1, 3) else None for i, c in enumerate(header))
    return replace(sheet, rows=(banner, upper, lower, *rows))


def test_a_header_of_two_rows() -> None:
    """The lower cell counts, else the upper one; no row is lost and none is invented."""
    outcome = read(two_rows)
    assert problems(outcome) == []
    assert verdict(outcome, PLAN) == "on_time unconfirmed"
    assert outcome.assessment.register.cell("plans", 4, "signed") == "D4"


def test_a_header_of_two_rows_is_found_again_in_memory() -> None:
    """The last good rows keep the upper half of their header, though free text is hashed."""
    waiver = {"school": MY_LAC, "content": "plan", "valid_from": "01/02/2021", "reason": "bão"}
    story = Story()

    def upper(sheet: Sheet) -> Sheet:
        banner, header, *rows = sheet.rows
        high = tuple(c if i > 3 else None for i, c in enumerate(header))
        low = tuple(c if i <= 3 else None for i, c in enumerate(header))
        return replace(sheet, rows=(banner, high, low, *rows))

    first = story.read("2021-02-26", plans=[PHU], waivers=[waiver], mend={"waivers": upper})
    assert verdict(first, PLAN) == "exempt"
    second = story.read("2021-02-27", plans=[PHU], mend={"waivers": lambda _: None})
    assert verdict(second, PLAN) == "exempt"


def test_a_group_over_the_header_is_no_row() -> None:
    """A merged title over some columns changes nothing."""
    group: Line = ("Thông tin chung", None, None, "Văn bản", None, None)
    outcome = read(lambda s: replace(s, rows=(s.rows[0], group, *s.rows[1:])))
    assert problems(outcome) == []


# Days and months turned round.

EIGHT = [school(f"TH-{n}", f"Trường Tiểu học Số {n}", "TH", "28036") for n in range(1, 9)]
TRUE_DAYS = (3, 4, 5, 8, 9, 10, 11, 12)  # of February 2021
TURNED = tuple(datetime(2021, day, 2) for day in TRUE_DAYS)  # noqa: DTZ001 - as a cell holds it


def days(sent: Sequence[Cell], when: str = "2021-02-26") -> list[tuple[str, str | None, str]]:
    """Return the problems, but `future`, of eight plans sent on the given days."""
    rows = [plan(f"TH-{n}", cell, signed="02/02/2021") for n, cell in enumerate(sent, start=1)]
    outcome = Story().read(when, schools=EIGHT, plans=rows)
    return [(p.tab, p.cell, p.code) for p in outcome.problems if p.code != "future"]


WARNING = [("Kế hoạch", None, "days_swapped")]


def test_days_spread_over_the_year_that_would_lie_close_together() -> None:
    """3 to 12 February, typed into an American Excel, are ten months of the year."""
    assert days(TURNED) == WARNING


def test_days_ahead_that_would_lie_behind() -> None:
    """On 26 February nobody has sent a plan on 2 March … 2 December, all on one day of each."""
    assert days([date(2021, 4, 2), date(2021, 3, 2)] * 4) == WARNING


@pytest.mark.parametrize(
    ("sent", "when"),
    [
        pytest.param([date(2021, 2, d) for d in TRUE_DAYS], "2021-02-26", id="true-days"),
        pytest.param(TURNED[:7], "2021-02-26", id="too-few"),
        pytest.param([*TURNED[:7], date(2021, 2, 24)], "2021-02-26", id="a-day-above-12"),
        pytest.param([f"{c.day}/{c.month}/2021" for c in TURNED], "2021-12-26", id="texts"),
        pytest.param([date(2021, m, m) for m in range(1, 9)], "2021-12-26", id="same-either-way"),
    ],
)
def test_days_that_prove_nothing(sent: Sequence[Cell], when: str) -> None:
    """True days, few days, texts, and days that read the same either way are left in peace."""
    assert days(sent, when) == []


def test_the_warning_names_a_cell_to_look_at() -> None:
    """One Problem of the tab, with an example and what to do."""
    rows = [plan(f"TH-{n}", cell) for n, cell in enumerate(TURNED, start=1)]
    outcome = Story().read("2021-02-26", schools=EIGHT, plans=rows)
    (problem,) = (p for p in outcome.problems if p.code == "days_swapped")
    assert problem.severity.value == "warns"
    assert "8 ô ngày" in problem.message
    assert "02/03/2021" in problem.message
    assert problem.remedy.startswith("Đề nghị")


def test_one_school_is_not_warned_of_another() -> None:
    """The warning is of the tab: it belongs to no school's mail."""
    rows = [plan(f"TH-{n}", cell) for n, cell in enumerate(TURNED, start=1)]
    outcome = Story().read("2021-02-26", schools=EIGHT, plans=rows)
    assert {p.school for p in outcome.problems if p.code == "days_swapped"} == {None}
