"""Fonts, fills and borders that the templates and the status workbook share."""

from collections.abc import Iterable
from functools import cache
from textwrap import wrap

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

from automator.core.layout import Need
from automator.workbook import colors

FONT = "Times New Roman"
DAY = "dd/mm/yyyy"
DAY_TIME = "dd/mm/yyyy hh:mm"
TEXT = "@"
COUNT = "0"

NEED_FILLS = {Need.REQUIRED: colors.NAVY, Need.EXPECTED: colors.SKY, Need.OPTIONAL: colors.GREY}
NEED_INKS = {Need.REQUIRED: colors.WHITE, Need.EXPECTED: colors.INK, Need.OPTIONAL: colors.INK}


_THIN = Side(style="thin", color="BFBFBF")
GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
UNLOCKED = Protection(locked=False)
LOCKED = Protection(locked=True)


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """Return a cell that may be written (not the covered part of a merged one)."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


@cache
def font(
    size: int = 12, color: str = colors.INK, *, bold: bool = False, italic: bool = False
) -> Font:
    """Return the house font; `size` in points, `color` as RRGGBB."""
    return Font(name=FONT, size=size, color=color, bold=bold, italic=italic)


@cache
def fill(color: str) -> PatternFill:
    """Return a solid fill of a cell."""
    return PatternFill("solid", start_color=color, end_color=color)


def rule_fill(color: str) -> PatternFill:
    """Return a solid fill for a conditional format, which reads the background colour."""
    return PatternFill("solid", bgColor=color)


def rule_font(color: str) -> Font:
    """Return a font for a conditional format: its colour alone."""
    return Font(color=color, bold=True)


@cache
def align(horizontal: str = "left", vertical: str = "top", *, wrap: bool = True) -> Alignment:
    """Return an alignment; text wraps unless told otherwise."""
    return Alignment(horizontal=horizontal, vertical=vertical, wrap_text=wrap)


def height(texts: Iterable[tuple[str, float]], size: int = 12) -> float:
    """Return the height in points of a row: `texts` with the width of their columns.

    Neither Excel nor LibreOffice fits the rows of a file that no one has opened yet.
    """
    lines = max((_lines(text, width, size) for text, width in texts), default=1)
    return lines * size * 1.3 + 4


def _lines(text: str, width: float, size: int) -> int:
    """Count the lines that words wrap to; a unit of width takes some 1.1 letters of 12 points."""
    room = max(1, int(width * 1.1 * 12 / size))
    return sum(len(wrap(part, room)) or 1 for part in text.split("\n"))


def print_setup(sheet: Worksheet, title_rows: str = "", *, landscape: bool = True) -> None:
    """Set A4, one page wide, the header repeated, page numbers; `title_rows` as "1:3"."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    properties = sheet.sheet_properties.pageSetUpPr
    assert properties is not None
    properties.fitToPage = True
    if title_rows:
        sheet.print_title_rows = title_rows
    footer = sheet.oddFooter
    assert footer is not None
    left, right = footer.left, footer.right
    assert left is not None
    assert right is not None
    left.text = "&A"
    right.text = "Trang &P/&N"
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top = margins.bottom = 0.7
    margins.header = margins.footer = 0.3


def protect(sheet: Worksheet, *, work: bool = True) -> None:
    """Protect locked cells, without a password; `work` leaves sorting, inserting, deleting free.

    In the file format a True means that the action is forbidden.
    """
    protection = sheet.protection
    protection.sheet = True
    protection.autoFilter = False
    protection.sort = False
    protection.formatColumns = False
    protection.formatRows = False
    protection.formatCells = not work
    protection.insertRows = not work
    protection.deleteRows = not work
