"""What people do to a shared sheet: the right Problem or none, and no school is told wrong."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from builders import FORTY, at, plan, rules
from google_office import Office, Offices, tabs
from sheets.cells import Failed

from automator import sources
from automator.core.memory import Memory
from automator.core.turn import Outcome, turn

pytest_plugins = ("google_fixtures",)

TAB = "Kế hoạch"
SENT = 5
Deed = Callable[[Office], object]


def looked(office: Office) -> Outcome:
    office.server.calls.reset()
    read = sources.open_workbook(office.config).read(at("2021-03-10"))
    assert office.asked == (2, 0)
    return turn(Memory(), read, rules(), at("2021-03-10"))


def statuses(outcome: Outcome) -> Mapping[str, str]:
    return {f.key: f.status.value for f in outcome.findings}


def span(office: Office, **sides: int) -> dict[str, int]:
    return {"sheetId": office.server.tab_id(office.book, TAB), **sides}


def edit(office: Office, kind: str, **asked: Any) -> None:
    office.server.edit(office.book, {kind: asked})


def _filter(office: Office) -> None:
    hidden = {"0": {"hiddenValues": ["TH-01", "TH-02", "TH-03"]}}
    area = span(office, startRowIndex=1, endRowIndex=7, startColumnIndex=0, endColumnIndex=8)
    edit(office, "setBasicFilter", filter={"range": area, "criteria": hidden})


def _table(office: Office) -> None:
    area = span(office, startRowIndex=1, endRowIndex=7, startColumnIndex=0, endColumnIndex=8)
    edit(office, "addTable", table={"name": "Bang1", "range": area})


def _hide(office: Office) -> None:
    for dimension, start in (("COLUMNS", 1), ("ROWS", 3)):
        lines = span(office, startIndex=start, endIndex=start + 1)
        edit(
            office,
            "updateDimensionProperties",
            range={**lines, "dimension": dimension},
            properties={"hiddenByUser": True},
            fields="hiddenByUser",
        )


def _group(office: Office) -> None:
    lines = span(office, startIndex=2, endIndex=5)
    edit(office, "addDimensionGroup", range={**lines, "dimension": "ROWS"})


def _merge_banner(office: Office) -> None:
    edit(office, "mergeCells", range=span(office, startRowIndex=0, endRowIndex=1))


def _chips(office: Office) -> None:
    """A school picked as a chip, a file as another: values give the text that people see."""
    link = {"richLinkProperties": {"uri": "https://drive.google.com/file/d/1/view"}}
    cells = [
        {"userEnteredValue": {"stringValue": "TH-01"}, "chipRuns": [{"startIndex": 0}]},
        {"userEnteredValue": {"stringValue": "ke-hoach.pdf"}, "chipRuns": [{"chip": link}]},
    ]
    for cell, column in zip(cells, (0, 6), strict=True):
        edit(
            office,
            "updateCells",
            rows=[{"values": [cell]}],
            fields="userEnteredValue,chipRuns",
            start=span(office, rowIndex=2, columnIndex=column),
        )


def _sort_by_hand(office: Office) -> None:
    office.server.sort_rows(office.book, TAB, 0, first=2, last=7)


def _copy(office: Office) -> None:
    assert office.server.copy_tab(office.book, TAB) == "Bản sao của Kế hoạch"


def _huge(office: Office) -> None:
    edit(office, "appendDimension", **span(office, dimension="ROWS", length=370_000))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("deed", "found"),
    [
        pytest.param(_filter, [], id="a-filter-left-on"),
        pytest.param(_table, [], id="a-table"),
        pytest.param(_hide, [], id="a-hidden-column-and-row"),
        pytest.param(_group, [], id="grouped-rows"),
        pytest.param(_merge_banner, [], id="a-merged-banner"),
        pytest.param(_chips, [], id="chips"),
        pytest.param(
            _sort_by_hand,
            [(TAB, f"A{row}", "above_header") for row in range(2, 7)],
            id="header-sorted-among-the-rows",
        ),
        pytest.param(_huge, [], id="ten-million-cells"),
        pytest.param(_copy, [("Bản sao của Kế hoạch", None, "unknown_tab")], id="a-copied-tab"),
        pytest.param(
            lambda office: [
                edit(office, "addSheet", properties={"title": title, "index": 0})
                for title in ("T3", "A1:B2", "lớp 'A' - 1!B")
            ],
            [],
            id="tabs-named-like-cells",
        ),
        pytest.param(
            lambda office: edit(office, "addSheet", properties={"title": "Nháp của văn thư"}),
            [],
            id="an-empty-tab-of-somebody",
        ),
    ],
)
def test_nothing_is_judged_otherwise(
    offices: Offices, deed: Deed, found: list[tuple[str, str | None, str]]
) -> None:
    """Every finding is as it was; beside the Problem that is named here there is no new one."""
    office = office_of(offices)
    before = looked(office)
    deed(office)
    after = looked(office)
    assert statuses(after) == statuses(before)
    assert list(statuses(after).values()).count("on_time") == SENT
    assert new_problems(before, after) == found


def office_of(offices: Offices) -> Office:
    """Return an office of ten schools, of which five have sent their plans."""
    sent = [plan(str(s["code"]), "24/02/2021") for s in FORTY[:SENT]]
    return offices.open(tabs(FORTY[:10], plans=sent))


def new_problems(before: Outcome, after: Outcome) -> list[tuple[str, str | None, str]]:
    """Return the faults that were not there before, wherever their row stands now."""
    known = {(p.tab, p.code) for p in before.problems}
    return [(p.tab, p.cell, p.code) for p in after.problems if (p.tab, p.code) not in known]


def _merged_rows(office: Office) -> None:
    """Somebody merges two schools' cells of the day: Google keeps the first alone."""
    area = span(office, startRowIndex=2, endRowIndex=4, startColumnIndex=1, endColumnIndex=2)
    edit(office, "mergeCells", range=area)


def _day_deleted(office: Office) -> None:
    office.server.delete_column(office.book, TAB, 1)


def _renamed(office: Office) -> None:
    office.server.rename_tab(office.book, TAB, "KH 2021 (nộp)")


def _failed_cell(office: Office) -> None:
    office.server.set(office.book, TAB, "B3", Failed("#REF!"))


@pytest.mark.parametrize(
    ("deed", "found", "left"),
    [
        pytest.param(_merged_rows, [(TAB, "B4", "required_blank")], 4, id="merged-rows"),
        pytest.param(_day_deleted, [(TAB, None, "missing_column")], 0, id="a-deleted-column"),
        pytest.param(
            _renamed,
            [("KH 2021 (nộp)", None, "unknown_tab"), (TAB, None, "missing_tab")],
            0,
            id="a-renamed-tab",
        ),
        pytest.param(_failed_cell, [(TAB, "B3", "error_value")], 4, id="an-error-cell"),
    ],
)
def test_what_is_lost_is_named(
    offices: Offices, deed: Deed, found: list[tuple[str, str | None, str]], left: int
) -> None:
    """One Problem at its place; schools whose rows are whole are judged as before."""
    office = office_of(offices)
    before = looked(office)
    deed(office)
    after = looked(office)
    assert sorted(new_problems(before, after), key=str) == sorted(found, key=str)
    assert list(statuses(after).values()).count("on_time") == left
    if not left:
        assert {s for k, s in statuses(after).items() if k.endswith("/plan")} == {"unknown"}


@pytest.mark.parametrize("code", [400, 403])
def test_a_worker_tab_that_somebody_else_has_protected(offices: Offices, code: int) -> None:
    """Whatever Google answers: mails go out once, the tab is written as soon as it may be."""
    sent = [plan("TH-01", "24/02/2021")]
    office = offices.open({**tabs(FORTY[:3], plans=sent), "Tình trạng": []})
    office.server.protected_answers(code)
    area = {"range": {"sheetId": office.server.tab_id(office.book, "Tình trạng")}}
    protected = {**area, "editors": {"users": ["chu-so@phong.example"]}}
    (reply,) = office.server.edit(office.book, {"addProtectedRange": {"protectedRange": protected}})
    report = office.run("2021-02-26")
    assert (report.exit_code, report.warnings[0].count("protected tabs")) == (1, 1)
    mails = office.mails()
    assert len(mails) == 2  # of the two schools that have sent nothing
    number = reply["addProtectedRange"]["protectedRange"]["protectedRangeId"]
    office.server.edit(office.book, {"deleteProtectedRange": {"protectedRangeId": number}})
    again = office.run("2021-02-26T07:10")
    assert (again.warnings, office.mails(), office.asked) == ((), mails, (2, 1))
    assert office.shown()[0] == ["Số liệu tính đến 07:10 ngày 26/02/2021"]
