"""How an .xlsx shows a table of text with lines above it."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from copy import copy
from datetime import datetime
from functools import partial
from typing import Any

from openpyxl.cell import Cell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from automator.workbook import colors, styles
from automator.workbook.worker_pages import Head, Value, writable


class Looks:
    """Gives the cells of one workbook that look alike the same style.

    To put a style together takes openpyxl far longer than to give it to one more cell.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[tuple[int, ...], Hashable], StyleArray] = {}

    def give(self, cell: Cell, name: Hashable, dress: Callable[[], None]) -> None:
        """Let `cell` look as the first one did that looked as it does, once it was dressed.

        `name` tells ways to dress apart.
        """
        styled: Any = cell  # its style is an array of numbers of which the stubs do not know
        before = tuple(styled._style or ()), name
        known = self._known.get(before)
        if known is None:
            dress()
            self._known[before] = copy(styled._style)
        else:
            styled._style = copy(known)


def put(cell: Cell, value: Value) -> None:
    """Write a value that can never become a formula: text stays text, even "=1+1"."""
    if isinstance(value, str):
        cell.value = writable(value)
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in "=+-@" and value != ""
    else:
        cell.value = value


def banner(sheet: Worksheet, lines: Sequence[str], width: int) -> int:
    """Write lines merged over `width` columns from row 1 on; return the next free row.

    The first line is the title of the sheet, the others are notes.
    """
    for row, line in enumerate(lines, start=1):
        cell = styles.cell_at(sheet, row, 1)
        put(cell, line)
        cell.font = styles.font(14 if row == 1 else 12, colors.NAVY, bold=row == 1)
        cell.alignment = styles.align(vertical="center")
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
        sheet.row_dimensions[row].height = 24 if row == 1 else 20
    return len(lines) + 1


def table(
    sheet: Worksheet, top: int, heads: Sequence[Head], rows: Iterable[Sequence[Value]]
) -> None:
    """Write a table with its header in row `top`, frozen, filtered, ready to print."""
    _header(sheet, top, heads)
    last, looks = top, Looks()
    for last, values in enumerate(rows, start=top + 1):
        for column, value in enumerate(values, start=1):
            _body(styles.cell_at(sheet, last, column), value, looks)
        texts = ((v, h.width) for v, h in zip(values, heads, strict=False) if isinstance(v, str))
        sheet.row_dimensions[last].height = styles.height(texts)
    sheet.freeze_panes = f"A{top + 1}"
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(heads))}{last}"
    styles.print_setup(sheet, f"{top}:{top}")


def _header(sheet: Worksheet, top: int, heads: Sequence[Head]) -> None:
    for column, head in enumerate(heads, start=1):
        cell = sheet.cell(top, column, head.title)
        cell.font = styles.font(12, colors.WHITE, bold=True)
        cell.fill = styles.fill(colors.NAVY)
        cell.alignment = styles.align("center", "center")
        cell.border = styles.GRID
        sheet.column_dimensions[get_column_letter(column)].width = head.width
    sheet.row_dimensions[top].height = 34


def _body(cell: Cell, value: Value, looks: Looks) -> None:
    put(cell, value)
    looks.give(cell, type(value).__name__, partial(_dress, cell, value))


def _dress(cell: Cell, value: Value) -> None:
    cell.font = styles.font(12)
    cell.border = styles.GRID
    number = isinstance(value, int | float)
    cell.alignment = styles.align("center" if number else "left")
    if isinstance(value, datetime):
        cell.number_format = styles.DAY_TIME
    elif isinstance(value, float):
        cell.number_format = "0%"
