"""Incidents in a workbook of their own: read from there and from nowhere else."""

from datetime import datetime
from pathlib import Path

from openpyxl import Workbook as Book

from automator.core.layout import INCIDENTS, PLANS
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
