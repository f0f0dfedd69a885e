"""Incidents in a workbook of their own: read from there and from nowhere else."""

from datetime import datetime
from pathlib import Path

from openpyxl import Workbook as Book
from openpyxl import load_workbook

from automator.core.layout import INCIDENTS, PLANS
from automator.core.locate import locate
from automator.workbook.apart import WithIncidentsApart
from automator.workbook.xlsx import XlsxWorkbook

NOW = datetime.fromisoformat("2021-02-26T07:00:00+07:00")


def _book(path: Path, tabs: dict[str, list[str]]) -> XlsxWorkbook:
    book = Book()
    book.remove(book.worksheets[0])
    for title, cells in tabs.items():
        book.create_sheet(title).append(cells)
    book.save(path)
    return XlsxWorkbook(path, "main", path.with_suffix(".tinh-trang.xlsx"))


def test_incidents_come_from_the_second_workbook_alone(tmp_path: Path) -> None:
    """The main workbook's own tab Vụ việc is not read, nor the other tabs of the second one."""
    main = _book(tmp_path / "so.xlsx", {PLANS.title: ["main"], INCIDENTS.title: ["main"]})
    apart = _book(tmp_path / "vv.xlsx", {PLANS.title: ["apart"], INCIDENTS.title: ["apart"]})
    read = WithIncidentsApart(main, apart).read(NOW)
    assert [(s.title, s.rows[0][0]) for s in read.sheets] == [
        ("Kế hoạch", "main"),
        ("Vụ việc", "apart"),
    ]


def test_rows_in_the_shared_tab_are_named(tmp_path: Path) -> None:
    """Who types an incident there is not read: the office must hear of it. A header is no row."""
    head = ["Trường", "Loại", "Mức độ", "Xảy ra lúc"]
    apart = _book(tmp_path / "vv.xlsx", {INCIDENTS.title: head})
    for rows, found in (([], []), ([["TH-01", "Bạo lực"], ["TH-02"]], [1])):
        main = _book(tmp_path / "so.xlsx", {INCIDENTS.title: head})
        book = load_workbook(main.path)
        for row in rows:
            book[INCIDENTS.title].append(row)
        book.save(main.path)
        for asked in (None, frozenset({"schools", "incidents"})):
            problems = WithIncidentsApart(main, apart).read(NOW, asked).problems
            assert [(p.code, p.severity.value) for p in problems] == [
                ("incidents_elsewhere", "blocks") for _ in found
            ]
            assert all(f"có {number} dòng" in problems[0].message for number in found)


def test_a_forms_tab_that_was_not_renamed(tmp_path: Path) -> None:
    """The tab is missing, and what stands in its place in the second workbook is named."""
    main = _book(tmp_path / "so.xlsx", {PLANS.title: ["main"]})
    apart = _book(
        tmp_path / "vv.xlsx", {"Câu trả lời biểu mẫu 1": ["Trường"], PLANS.title: ["apart"]}
    )
    read = WithIncidentsApart(main, apart).read(NOW)
    faults = [p for p in locate(read).problems if p.tab in ("Vụ việc", "Câu trả lời biểu mẫu 1")]
    assert [p.code for p in faults] == ["missing_tab"]
    assert "“Câu trả lời biểu mẫu 1”" in faults[0].message
    assert not [p for p in locate(read).problems if p.code == "duplicate_tab"]
