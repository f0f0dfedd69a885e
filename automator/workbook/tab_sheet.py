"""One tab that people fill in: banner, locked header, open rows, print set-up."""

from datetime import datetime, time

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.worksheet import Worksheet

from automator.core.layout import BANNER, INCIDENTS, URGENT_LINE, Column, Kind, Tab, Writer
from automator.workbook import colors, styles
from automator.workbook.book import FIRST_ROW, HEADER_ROW, LAST_ROW, Book, Row
from automator.workbook.rules import add_colors, add_inputs
from automator.workbook.worker_tabs import put

LEGEND = "Tiêu đề xanh đậm: bắt buộc; xanh nhạt: cần có; xám: nếu có."
_URGENT = URGENT_LINE.replace("thư này", "sổ này")
_LAST_COLUMN = 16_384
_TIMED = frozenset({"occurred", "known", "reported"})
TAB_COLORS = {
    Writer.SCHOOLS: colors.TAB_SCHOOLS,
    Writer.OFFICE: colors.TAB_OFFICE,
    Writer.OPERATOR: colors.TAB_OPERATOR,
}


def build(sheet: Worksheet, tab: Tab, book: Book, ranges: dict[tuple[str, ...], str]) -> None:
    """Fill an empty sheet from the layout, with the rows that `book` holds for it."""
    _top(sheet, tab, book)
    for number, column in enumerate(tab.laid, start=1):
        _header(styles.cell_at(sheet, HEADER_ROW, number), column)
        _open_column(sheet, number, tab, column)
    _open_rest(sheet, len(tab.laid) + 1)
    for row, values in enumerate(book.rows.get(tab.key, ()), start=FIRST_ROW):
        _row(sheet, row, tab, values)
    add_inputs(sheet, tab, book, ranges)
    add_colors(sheet, tab)
    _finish(sheet, tab)


def _top(sheet: Worksheet, tab: Tab, book: Book) -> None:
    width = sum(column.width for column in tab.laid)
    for row, text in enumerate(above(tab, book), start=1):
        cell = sheet.cell(row, 1, text)
        urgent = row == 1 or tab is INCIDENTS
        cell.font = styles.font(12, colors.DARK_RED if urgent else colors.INK, bold=urgent)
        cell.fill = styles.fill(colors.RED if urgent else colors.WHITE)
        cell.alignment = styles.align(vertical="center")
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(tab.laid))
        sheet.row_dimensions[row].height = styles.height([(text, width)]) + 4


def above(tab: Tab, book: Book) -> tuple[str, str]:
    """Return the two lines above the header: the banner, and what the tab is for."""
    first = BANNER if not book.sample else f"{BANNER} {_sample_mark(tab, book)}"
    second = _URGENT if tab is INCIDENTS else tab.about
    return first.strip(), f"{second} {LEGEND}"


def _sample_mark(tab: Tab, book: Book) -> str:
    return book.banner if tab.writer is Writer.OPERATOR else "DỮ LIỆU MẪU."


def _header(cell: Cell, column: Column) -> None:
    cell.value = column.header
    cell.font = styles.font(12, styles.NEED_INKS[column.need], bold=True)
    cell.fill = styles.fill(styles.NEED_FILLS[column.need])
    cell.alignment = styles.align("center", "center")
    cell.border = styles.GRID
    cell.protection = styles.LOCKED


def _open_column(sheet: Worksheet, number: int, tab: Tab, column: Column) -> None:
    dimension = sheet.column_dimensions[get_column_letter(number)]
    dimension.width = column.width + 2
    _dress(dimension, tab, column)


def _open_rest(sheet: Worksheet, first: int) -> None:
    # Excel deletes a row of a protected sheet only if all of its cells are unlocked.
    letter = get_column_letter(first)
    rest = ColumnDimension(sheet, index=letter, min=first, max=_LAST_COLUMN, width=10)
    rest.protection = styles.UNLOCKED
    sheet.column_dimensions[letter] = rest


def _row(sheet: Worksheet, number: int, tab: Tab, values: Row) -> None:
    texts = zip(values, (column.width for column in tab.laid), strict=False)
    shown = ((str(value), width) for value, width in texts if isinstance(value, str))
    sheet.row_dimensions[number].height = styles.height(shown)
    for place, column in enumerate(tab.laid):
        cell = styles.cell_at(sheet, number, place + 1)
        value = values[place] if place < len(values) else None
        if isinstance(value, str):
            put(cell, value)
        else:
            cell.value = value
        _dress(cell, tab, column)
        if isinstance(value, datetime) and value.time() != time():
            cell.number_format = styles.DAY_TIME


def _dress(target: Cell | ColumnDimension, tab: Tab, column: Column) -> None:
    target.font = styles.font(12)
    target.alignment = styles.align(*_place(column))
    target.number_format = number_format(tab, column)
    target.protection = styles.UNLOCKED


def _place(column: Column) -> tuple[str]:
    short = column.kind in (Kind.DAY, Kind.COUNT, Kind.PERIOD, Kind.YES_NO)
    return ("center" if short else "left",)


def number_format(tab: Tab, column: Column) -> str:
    """Return how a cell of the column shows a number, in the words of a workbook."""
    if column.kind is Kind.DAY:
        timed = tab is INCIDENTS and column.key in _TIMED
        return styles.DAY_TIME if timed else styles.DAY
    # As text, Excel neither turns 02/2021 into a day nor drops the first 0 of a telephone.
    return styles.COUNT if column.kind is Kind.COUNT else styles.TEXT


def _finish(sheet: Worksheet, tab: Tab) -> None:
    last = get_column_letter(len(tab.laid))
    sheet.row_dimensions[HEADER_ROW].height = 48 if _tall(tab) else 34
    sheet.freeze_panes = f"B{FIRST_ROW}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{LAST_ROW}"
    sheet.print_options.gridLines = True
    styles.print_setup(sheet, f"1:{HEADER_ROW}")
    styles.protect(sheet)
    sheet.sheet_properties.tabColor = TAB_COLORS[tab.writer]
    if tab.hidden:
        sheet.sheet_state = "hidden"


def _tall(tab: Tab) -> bool:
    return any(len(column.header) > 1.6 * column.width for column in tab.laid)
