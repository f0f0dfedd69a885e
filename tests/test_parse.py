"""From raw cells to rows: tabs and columns as people move and rename them, cells as they type."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from builders import (
    MY_LAC,
    MY_PHU,
    THREE,
    Rows,
    Story,
    at,
    changed_rules,
    finding,
    incident,
    plan,
    problems,
    rules,
    school,
    silence,
    verdict,
    workbook,
)

from automator.core.layout import tab
from automator.core.snapshot import Cell, Sheet, Snapshot
from automator.core.turn import Outcome

WHEN = "2021-02-26"
LAC, PHU = plan(MY_LAC, "24/02/2021"), plan(MY_PHU, "25/02/2021")
PLAN = f"{MY_LAC}/plan"
Alter = Callable[[Sheet], Sheet]


def read(plans: Rows = (LAC, PHU), alter: Alter | None = None, **book: Rows) -> Outcome:
    """Return the outcome of a first read of a workbook whose tab Kế hoạch may be altered."""
    return Story().read(WHEN, plans=plans, mend={"plans": alter} if alter else None, **book)


def found(outcome: Outcome) -> list[tuple[str, str]]:
    """Return every finding in one line."""
    return [(f.key, verdict(outcome, f.key)) for f in outcome.findings]


def in_header(change: Callable[[str], str]) -> Alter:
    """Return what alters every header of a tab."""

    def alter(sheet: Sheet) -> Sheet:
        header = tuple(change(str(cell)) for cell in sheet.rows[1])
        return replace(sheet, rows=(sheet.rows[0], header, *sheet.rows[2:]))

    return alter


def reversed_columns(sheet: Sheet) -> Sheet:
    return replace(sheet, rows=(sheet.rows[0], *(row[::-1] for row in sheet.rows[1:])))


def with_extra_columns(sheet: Sheet) -> Sheet:
    header = ("STT", *sheet.rows[1][:2], "Người nhập", *sheet.rows[1][2:])
    rows = [(n, *r[:2], "văn thư", *r[2:]) for n, r in enumerate(sheet.rows[2:], start=1)]
    return replace(sheet, rows=(sheet.rows[0], header, *rows))


def header_on(row: int) -> Alter:
    def alter(sheet: Sheet) -> Sheet:
        blank: tuple[tuple[Cell, ...], ...] = ((),) * (row - 2)
        return replace(sheet, rows=(sheet.rows[0], *blank, *sheet.rows[1:]))

    return alter


def shouting(text: str) -> str:
    return f"  {text.upper().replace(' ', '  ')} "


@pytest.mark.parametrize(
    "alter",
    [
        pytest.param(reversed_columns, id="columns-reversed"),
        pytest.param(with_extra_columns, id="extra-columns"),
        pytest.param(in_header(shouting), id="capitals-and-spaces"),
        pytest.param(in_header(lambda t: unicodedata.normalize("NFD", t)), id="decomposed"),
        pytest.param(in_header(lambda t: t.replace(" ", "\n", 1)), id="broken-lines"),
        pytest.param(in_header(lambda t: t.replace(" ", "\u00a0")), id="hard-spaces"),
        *(pytest.param(header_on(n), id=f"header-on-{n}") for n in range(3, 11)),
    ],
)
def test_another_layout_means_the_same(alter: Alter) -> None:
    """Columns are found by their header, wherever and however it is written."""
    assert found(read(alter=alter)) == found(read())


@pytest.mark.parametrize("title", ["KẾ HOẠCH", " Kế  hoạch ", "kế hoạch", "Kế hoạch"])
def test_a_tab_by_its_name_as_people_write_it(title: str) -> None:
    """Case, spaces and the form of letters do not count."""
    assert found(read(alter=lambda s: replace(s, title=title))) == found(read())


def test_the_school_column_by_its_other_name() -> None:
    """*Mã trường* heads the same column as *Trường*."""
    outcome = read(alter=in_header(lambda t: "Mã trường" if t == "Trường" else t))
    assert found(outcome) == found(read())


def test_a_header_below_the_tenth_row_is_not_found() -> None:
    """The tab is unreadable, and the Problem says where headers are looked for."""
    outcome = read(alter=header_on(11))
    assert outcome.assessment.register.unreadable == {"plans"}
    assert ("Kế hoạch", None, "missing_column", "blocks") in problems(outcome)


def test_a_missing_tab_stops_no_other() -> None:
    """One Problem, which names the tab, what there is, and how to mend it; the rest is judged."""
    outcome = Story().read(
        WHEN, mend={"plans": lambda _: None}, models=[{"school": MY_LAC, "name": "Ba an toàn"}]
    )
    assert problems(outcome)[0] == ("Kế hoạch", None, "missing_tab", "blocks")
    assert "“Vụ việc”" in outcome.problems[0].message
    assert verdict(outcome, f"{MY_LAC}/model") == "on_time incomplete"
    assert verdict(outcome, PLAN) == "unknown"


def test_a_renamed_tab_is_named_with_the_expected_ones() -> None:
    """The reader sees both halves of the mistake."""
    outcome = read(alter=lambda s: replace(s, title="Kế hoạch 2021"))
    assert problems(outcome) == [
        ("Kế hoạch", None, "missing_tab", "blocks"),
        ("Kế hoạch 2021", None, "unknown_tab", "warns"),
    ]


@pytest.mark.parametrize("key", ["tasks", "waivers", "extensions"])
def test_a_tab_that_few_need_may_be_missing(key: str) -> None:
    """A warning, and nothing else."""
    outcome = Story().read(WHEN, plans=(LAC, PHU), mend={key: lambda _: None})
    assert problems(outcome) == [(tab(key).title, None, "missing_tab", "warns")]
    assert found(outcome) == found(read())


def test_a_missing_required_column_makes_the_tab_unreadable() -> None:
    """One Problem, with the header that is expected and those that are there."""
    outcome = read(alter=in_header(lambda t: "Ngày nộp" if t == "Ngày gửi" else t))
    assert problems(outcome) == [("Kế hoạch", None, "missing_column", "blocks")]
    assert "“Ngày nộp”" in outcome.problems[0].message
    assert "“Ngày gửi”" in outcome.problems[0].remedy
    assert verdict(outcome, PLAN) == "unknown"


def test_a_missing_expected_column_is_one_problem_and_no_incomplete_row() -> None:
    """Forty schools are not asked for a column that they cannot see."""
    outcome = read(alter=in_header(lambda t: "Ký ngày" if t == "Ngày ký" else t))
    assert problems(outcome) == [
        ("Kế hoạch", None, "missing_column", "warns"),
        ("Kế hoạch", "D2", "unknown_column", "warns"),
    ]
    assert found(outcome) == found(read())


def test_a_header_that_stands_twice_is_read_once() -> None:
    """The first one counts, the other is named."""

    def twice(sheet: Sheet) -> Sheet:
        header = (*sheet.rows[1], "Ngày gửi")
        rows = [(*row, "01/03/2021") for row in sheet.rows[2:]]
        return replace(sheet, rows=(sheet.rows[0], header, *rows))

    outcome = read(alter=twice)
    assert problems(outcome) == [("Kế hoạch", "I2", "duplicate_header", "warns")]
    assert found(outcome) == found(read())


def test_two_tabs_of_one_name() -> None:
    """The first one is read, the other is named."""
    book = workbook(at(WHEN), plans=(LAC, PHU))
    copy = replace(book.sheets[0], title="KẾ HOẠCH", rows=book.sheets[0].rows[:2])
    story = Story()
    outcome = _turn(story, replace(book, sheets=(*book.sheets, copy)))
    assert [p.code for p in outcome.problems] == ["duplicate_tab"]
    assert found(outcome) == found(read())


def _turn(story: Story, book: Snapshot) -> Outcome:
    from automator.core.turn import turn

    return turn(story.memory, book, story.law, at(WHEN))


def test_a_header_sorted_below_its_rows_loses_none_of_them() -> None:
    """Rows above the header count all the same, and the clerk is asked to move it."""

    def sorted_down(sheet: Sheet) -> Sheet:
        banner, header, *rows = sheet.rows
        return replace(sheet, rows=(banner, rows[0], header, *rows[1:]))

    outcome = read(alter=sorted_down)
    assert problems(outcome) == [("Kế hoạch", "A2", "above_header", "warns")]
    assert found(outcome) == found(read())
    assert finding(outcome, PLAN).rows == ("Kế hoạch!A2",)


def test_a_header_that_is_repeated_among_the_rows_is_no_row() -> None:
    """A copied header is named, and counts for nothing."""
    outcome = read(alter=lambda s: replace(s, rows=(*s.rows, s.rows[1])))
    assert problems(outcome) == [("Kế hoạch", "A5", "repeated_header", "warns")]
    assert found(outcome) == found(read())


def test_a_title_above_the_header_is_no_row() -> None:
    """Whatever an office writes above its table."""
    title: tuple[Cell, ...] = ("Trường Tiểu học Mỹ Lạc", None, "mẫu")
    outcome = read(alter=lambda s: replace(s, rows=(s.rows[0], title, *s.rows[1:])))
    assert problems(outcome) == []
    assert found(outcome) == found(read())


def test_blank_rows_are_nothing() -> None:
    """Rows that were formatted, cleared, or hold only spaces and dashes."""
    blanks: tuple[tuple[Cell, ...], ...] = ((), (None,) * 8, ("  ", "\u200b"), ("-", "…", "–"))
    outcome = read(alter=lambda s: replace(s, rows=(*s.rows[:2], *blanks, *s.rows[2:])))
    assert problems(outcome) == []
    assert found(outcome) == found(read())


# Cells: every Problem has its place, its value where it may be shown, and its remedy.


@pytest.mark.parametrize(
    ("row", "expected", "status"),
    [
        pytest.param(
            {"sent": "31/02/2021"},
            ("B3", "not_a_date", "blocks", "31/02/2021"),
            "missing",
            id="no-such-day",
        ),
        pytest.param(
            {"sent": "24/02/2020"},
            ("B3", "out_of_window", "blocks", "24/02/2020"),
            "missing",
            id="last-year",
        ),
        pytest.param(
            {"sent": "24/02"}, ("B3", "no_year", "blocks", "24/02"), "missing", id="no-year"
        ),
        pytest.param(
            {"sent": "01/03/2021"},
            ("B3", "future", "warns", "01/03/2021"),
            "missing",
            id="dated-ahead",
        ),
        pytest.param(
            {"sent": None}, ("B3", "required_blank", "blocks", None), "missing", id="blank-day"
        ),
        pytest.param(
            {"signed": None},
            ("D3", "expected_blank", "warns", None),
            "on_time incomplete unconfirmed",
            id="blank-expected",
        ),
        pytest.param(
            {"school": "Trường Tiểu học Ngôi Sao"},
            ("A3", "unknown_school", "blocks", None),
            "missing",
            id="unknown-school",
        ),
        pytest.param(
            {"channel": "Bồ câu"},
            ("F3", "not_in_list", "warns", None),
            "on_time unconfirmed",
            id="not-in-the-list",
        ),
    ],
)
def test_a_bad_cell_is_a_problem(
    row: Mapping[str, Cell], expected: tuple[str, str, str, str | None], status: str
) -> None:
    """One cell, one Problem: its code, what it does, and what was typed where that may be shown."""
    outcome = read(({**LAC, **row},))
    seen = [
        (p.cell, p.code, p.severity.value, p.value)
        for p in outcome.problems
        if p.tab == "Kế hoạch" and p.cell
    ]
    assert seen == [expected]
    assert all("Đề nghị" in p.remedy for p in outcome.problems)
    assert verdict(outcome, PLAN) == status


def test_last_years_day_suggests_this_years() -> None:
    """24/02/2020 was meant to be 24/02/2021."""
    (problem,) = read(({**LAC, "sent": "24/02/2020"}, PHU)).problems
    assert "24/02/2021" in problem.remedy


@pytest.mark.parametrize("value", ["TH-MY-LAC", "th-my-lac", "Trường Tiểu học Mỹ Lạc", "TH Mỹ Lạc"])
def test_a_school_by_code_or_name(value: str) -> None:
    """Drop-downs show names, clerks write short ones."""
    assert verdict(read(({**LAC, "school": value}, PHU)), PLAN) == "on_time unconfirmed"


def test_a_school_by_the_ministrys_code() -> None:
    """The code of the ministry's database names it too."""
    schools = [{**THREE[0], "ministry_code": "804123456"}, *THREE[1:]]
    outcome = read(({**LAC, "school": 804123456},), schools=schools)
    assert verdict(outcome, PLAN) == "on_time unconfirmed"


def test_a_place_that_is_not_in_the_list_is_shown_nowhere() -> None:
    """It may be somebody's house."""
    rows = [incident(MY_LAC, "24/02/2021 08:00", place="nhà em Nguyễn Văn An")]
    outcome = Story().read(WHEN, plans=(LAC, PHU), incidents=rows)
    assert problems(outcome) == [("Vụ việc", "F3", "not_in_list", "warns")]
    assert "Nguyễn" not in str(outcome.problems)


# Personal data and state secrets.


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("Em Nguyễn Văn An đã khai", ["personal_data"], id="a-name"),
        pytest.param("học sinh NGUYỄN VĂN AN", ["personal_data"], id="a-name-in-capitals"),
        pytest.param("cháu Đỗ Ánh Ê Ban", ["personal_data"], id="a-name-with-marks"),
        pytest.param("lớp 7A2 tham gia", ["personal_data"], id="a-class"),
        pytest.param("CCCD 012345678901", ["personal_data"], id="a-citizen-id"),
        pytest.param("gọi 0912 345 678", ["personal_data"], id="a-phone"),
        pytest.param("Em Trần Văn Bé, lớp 5A", ["personal_data"] * 2, id="two-kinds"),
        pytest.param("tài liệu MẬT", ["secret"], id="secret"),
        pytest.param("TỐI MẬT", ["secret"], id="top-secret"),
        pytest.param("bí mật nhà nước, mật khẩu", [], id="words-only"),
        pytest.param("12 học sinh tham gia", [], id="a-number-of-pupils"),
        pytest.param("các em được đến trường", [], id="no-name"),
        pytest.param("học sinh Trường Tiểu học Mỹ Lạc", [], id="a-school"),
        pytest.param("kế hoạch số 05 ngày 24/02/2021", [], id="a-number-of-a-letter"),
    ],
)
def test_free_text_is_looked_through(text: str, codes: list[str]) -> None:
    """In Ghi chú and in a column of the clerk's own: the school is told, nothing is repeated."""

    def own_column(sheet: Sheet) -> Sheet:
        header = (*sheet.rows[1], "Việc riêng")
        return replace(sheet, rows=(sheet.rows[0], header, (*sheet.rows[2], text)))

    listed = read(({**LAC, "note": text},))
    assert [(p.cell, p.code) for p in listed.problems] == [("H3", code) for code in codes]
    assert text not in str(listed.problems)
    unlisted = read((LAC,), alter=own_column)
    seen = {p.code for p in unlisted.problems if p.cell == "I3"}
    assert seen == set(codes)
    assert text not in str(unlisted.problems)


def test_personal_data_holds_nothing_back() -> None:
    """The row counts; the school is asked to take it out."""
    outcome = read(({**LAC, "note": "Em Nguyễn Văn An"}, PHU))
    assert verdict(outcome, PLAN) == "on_time unconfirmed"


@pytest.mark.parametrize("where", ["listed", "unlisted"])
def test_a_mark_of_secrecy_holds_what_its_row_would_send(where: str) -> None:
    """Wherever in the row it stands; the operator is told the cell."""

    def marked(sheet: Sheet) -> Sheet:
        at_end = [(*row, "MẬT" if row[0] == MY_LAC else None) for row in sheet.rows[2:]]
        header = (*sheet.rows[1], "Việc riêng")
        return replace(sheet, rows=(sheet.rows[0], header, *at_end))

    story = Story()
    story.read("2021-02-26", plans=(PHU,))
    row = plan(MY_LAC, "26/02/2021", note="MẬT" if where == "listed" else None)
    mend = {"plans": marked} if where == "unlisted" else None
    outcome = story.read("2021-03-02", plans=(PHU, row), mend=mend)
    assert silence(outcome, PLAN, "received") == "breaker"
    lines = [line for n in outcome.plan.notices for a in n.alerts for line in a.lines]
    assert lines == [f"Tab Kế hoạch, ô {'H4' if where == 'listed' else 'I4'}"]


# The roster.


def schools_of(schools: Rows) -> Outcome:
    return Story().read(WHEN, schools=schools)


def test_rows_of_one_code_with_days_apart_are_one_history() -> None:
    """A school that moved has two rows; each time belongs to its commune."""
    rows = [
        {**THREE[0], "valid_to": "14/02/2021"},
        {**THREE[0], "commune": "28066", "valid_from": "15/02/2021"},
    ]
    outcome = schools_of(rows)
    (one,) = outcome.assessment.register.schools.values()
    assert [a.commune for a in one.assignments] == ["28048", "28066"]
    assert problems(outcome) == []
    assert finding(outcome, PLAN).instance.commune == "28066"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({}, {}, id="open-ended"),
        pytest.param({"valid_to": "15/02/2021"}, {"valid_from": "15/02/2021"}, id="one-day"),
        pytest.param({"valid_from": "01/02/2021"}, {"valid_from": "15/02/2021"}, id="both-open"),
    ],
)
def test_rows_of_one_code_that_overlap_are_a_problem(
    first: Mapping[str, Cell], second: Mapping[str, Cell]
) -> None:
    """Two schools with one code: the first stands, the other is blocked."""
    outcome = schools_of([{**THREE[0], **first}, {**THREE[0], "commune": "28066", **second}])
    (one,) = outcome.assessment.register.schools.values()
    assert [a.commune for a in one.assignments] == ["28048"]
    assert problems(outcome) == [("Trường", "A4", "duplicate_school", "blocks")]


def test_a_school_without_an_address_is_a_warning() -> None:
    """It is judged like the others."""
    outcome = schools_of([{**THREE[0], "email": None}, *THREE[1:]])
    assert problems(outcome) == [("Trường", "E3", "no_address", "warns")]
    assert len(outcome.assessment.register.schools) == 3


def test_a_school_of_an_unknown_commune_counts_for_nothing() -> None:
    """It would be nobody's: the operator mends the cell."""
    outcome = schools_of([{**THREE[0], "commune": "xã Không Có"}, *THREE[1:]])
    assert problems(outcome) == [("Trường", "D3", "unknown_unit", "blocks")]
    assert MY_LAC not in outcome.assessment.register.schools


@pytest.mark.parametrize("commune", ["28048", "xã Mỹ Lạc", "Mỹ Lạc", "UBND xã Mỹ Lạc"])
def test_a_commune_by_id_or_name(commune: str) -> None:
    """As people write it."""
    outcome = schools_of([{**THREE[0], "commune": commune}])
    assert finding(outcome, PLAN).instance.commune == "28048"


def test_an_obligation_may_concern_some_levels_only() -> None:
    """A school to which it does not apply has no instance."""
    from automator.core.directive import AppliesTo

    law = changed_rules("plan", applies_to=AppliesTo(levels=("THCS",)))
    outcome = Story(law=law).read(WHEN)
    assert [f.key for f in outcome.findings if f.key.endswith("/plan")] == ["THCS-MY-PHU/plan"]


def test_an_unknown_content_of_the_office_is_a_problem() -> None:
    """The Problem names what may stand there."""
    rows = [{"school": MY_LAC, "content": "việc khác", "arrived": "24/02/2021"}]
    outcome = Story().read(WHEN, plans=(LAC, PHU), receipts=rows)
    assert problems(outcome) == [("Phòng tiếp nhận", "B3", "unknown_content", "blocks")]
    titles = [o.title for o in rules().directive.hard]
    assert all(title in outcome.problems[0].remedy for title in titles)


def test_a_new_school_is_read_like_the_others() -> None:
    """A row more in the roster is a school more."""
    new = school("MN-MOI", "Trường Mầm non Hoa Sen", "MN", "28036")
    assert len(schools_of([*THREE, new]).assessment.register.schools) == 4
