"""Rows in a tab Vụ việc that is not read, as incidents have a workbook of their own."""

from automator.core.layout import INCIDENTS
from automator.core.locate import find_header
from automator.core.problem import Problem, Severity
from automator.core.snapshot import Sheet

_LEAST = 2
"""A row is an incident from its second cell on."""


def unread_incidents(sheet: Sheet) -> Problem | None:
    """Return the Problem of rows in the main workbook's tab Vụ việc, None if it has none.

    A school that types there believes that the office has been told, and everybody can read it.
    """
    top, columns, _ = find_header(INCIDENTS, sheet)
    places = set(columns.values())
    rows = sum(_filled(row, places) >= _LEAST for row in sheet.rows[top:])
    if not top or not rows:
        return None
    return Problem(
        tab=INCIDENTS.title,
        cell=None,
        code="incidents_elsewhere",
        severity=Severity.BLOCKS,
        message=f"sổ chung có {rows} dòng vụ việc không được đọc, vì vụ việc được ghi ở sổ riêng",
        remedy="Đề nghị Phòng chuyển các dòng này sang sổ vụ việc và xóa tab này khỏi sổ chung.",
    )


def _filled(row: tuple[object, ...], places: set[int]) -> int:
    return sum(cell not in (None, "") for number, cell in enumerate(row) if number in places)
