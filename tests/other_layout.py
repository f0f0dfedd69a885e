"""Lays the rows of a workbook out as another office might: same rows, nothing else the same."""

import unicodedata
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from automator.core.layout import INPUT_TABS
from automator.core.names import key

HEADER_ROW = 3


def lay_out_anew(source: Path, target: Path) -> None:
    """Write the rows of `source` into `target`: columns reversed, headers on row 3.

    Headers and titles of tabs come in other letters (decomposed, upper case, more spaces), and
    every tab has a column that nobody asked for.
    """
    book = load_workbook(source)
    other = Workbook()
    other.remove(other.worksheets[0])
    for tab in reversed(INPUT_TABS):
        rows = _rows(book, tab.title, key(tab.columns[0].header))
        if rows:
            _write(other, tab.title, rows)
    other.save(target)


def _rows(book: Any, title: str, first: str) -> list[list[object]]:
    """Return the header and the rows below it."""
    if title not in book.sheetnames:
        return []
    rows = [list(row) for row in book[title].iter_rows(values_only=True)]
    at = next(i for i, row in enumerate(rows) if key(str(row[0] or "")) == first)
    return [row for row in rows[at:] if any(cell is not None for cell in row)]


def _write(book: Any, title: str, rows: list[list[object]]) -> None:
    sheet = book.create_sheet(_said_otherwise(title))
    sheet.append(["Sổ của một Phòng khác"])
    sheet.append([])
    for place, row in enumerate(rows):
        values = [_said_otherwise(str(v)) if place == 0 and v else v for v in reversed(row)]
        values.insert(1, "Người nhập" if place == 0 else "văn thư")
        sheet.append(values)


def _said_otherwise(text: str) -> str:
    return unicodedata.normalize("NFD", text.replace(" ", " \u00a0")).upper()
