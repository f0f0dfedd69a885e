"""The requests of one `spreadsheets.batchUpdate` that make the worker's tabs say what they must.

They touch no other tab, write no formula, and no cell that is as it should be already.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from automator.core.snapshot import Cell
from automator.workbook import colors
from automator.workbook.google_cells import body, differs, filled, rectangles
from automator.workbook.google_shape import GoogleTab, Shape
from automator.workbook.worker_pages import Head, Page, Value

Request = dict[str, Any]
_FIRST_ID = 20_210_203
_ROOM = 100
"""Rows that a tab gets beyond what it needs, so that it does not grow at every run."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A page and the tab it goes to. `fresh`: the tab has still to be made."""

    page: Page
    tab: GoogleTab
    fresh: bool


def placed(pages: Sequence[Page], shape: Shape) -> list[Placed]:
    """Return where each page goes; a tab that is not there gets an id that is free."""
    taken = {tab.id for tab in shape.tabs}
    free = (number for number in count(_FIRST_ID) if number not in taken)
    found: list[Placed] = []
    for page in pages:
        known = shape.named(page.title)
        found.append(
            Placed(page, known or GoogleTab(id=next(free), title=page.title), known is None)
        )
    return found


def requests(
    places: Sequence[Placed], written: Mapping[int, Sequence[Sequence[Cell]]], account: str
) -> list[Request]:
    """Return what is to be done, nothing if all is as it should be.

    `written` holds the cells of the worker's tabs by tab id; `account` alone may edit them.
    """
    return [
        request
        for place in places
        for request in _page(place, written.get(place.tab.id, ()), account)
    ]


def _page(place: Placed, written: Sequence[Sequence[Cell]], account: str) -> Iterator[Request]:
    page, tab = place.page, place.tab
    top = len(page.lines)  # 0-based row of the header
    cells = [*((line,) for line in page.lines), tuple(h.title for h in page.heads), *page.rows]
    rows, columns = max(len(cells), top + 2), len(page.heads)
    if tab.merged:  # by hand, or in the .xlsx that the sheet was made of; half a cell is not frozen
        yield {"unmergeCells": {"range": {"sheetId": tab.id}}}
    if place.fresh:
        grid = {"rowCount": rows + _ROOM, "columnCount": columns, "frozenRowCount": top + 1}
        yield _add(tab, grid)
        yield from widths(tab, page.heads)
    else:
        grid = _grown(tab, rows, columns, top + 1)
        if grid:
            yield _resize(tab, grid)
    if grid.keys() & {"rowCount", "columnCount"}:
        yield wrap(tab, columns)
    if not tab.protected:
        yield protect(tab, account)
    yield from _changes(page, tab, cells, written)


def _grown(tab: GoogleTab, rows: int, columns: int, frozen: int) -> dict[str, int]:
    """Return what of the grid must change: it grows where it is too small, and never shrinks."""
    grid: dict[str, int] = {}
    if tab.rows < rows:
        grid["rowCount"] = rows + _ROOM
    if tab.columns < columns:
        grid["columnCount"] = columns
    if tab.frozen != frozen:
        grid["frozenRowCount"] = frozen
    return grid


def _changes(
    page: Page,
    tab: GoogleTab,
    cells: Sequence[Sequence[Value]],
    written: Sequence[Sequence[Cell]],
) -> Iterator[Request]:
    top = len(page.lines)
    height = max(len(cells), len(written))
    width = max((len(row) for row in (*cells, *written)), default=0)
    wanted = [[filled(cells, r, c) for c in range(width)] for r in range(height)]
    there = [[filled(written, r, c) for c in range(width)] for r in range(height)]
    changed = [[differs(wanted[r][c], there[r][c]) for c in range(width)] for r in range(height)]
    blank = [
        [wanted[r][c] is None and there[r][c] is None for c in range(width)] for r in range(height)
    ]
    for first, last, left, right in rectangles(changed, blank):
        yield {
            "updateCells": {
                "rows": [
                    {"values": [_cell(page, r, c, top, wanted[r][c]) for c in range(left, right)]}
                    for r in range(first, last)
                ],
                "fields": _MASK,
                "start": {"sheetId": tab.id, "rowIndex": first, "columnIndex": left},
            }
        }


_MASK = (
    "userEnteredValue,userEnteredFormat.backgroundColorStyle,"
    "userEnteredFormat.textFormat,userEnteredFormat.numberFormat"
)


def _cell(page: Page, row: int, column: int, top: int, value: Cell) -> dict[str, Any]:
    """Return one cell with its look, which follows from its place and value alone."""
    cell = body(value)
    if value is None:
        return cell
    look: dict[str, Any] = {}
    place = (row - top - 1, column)
    typed = page.rows[place[0]][column] if row > top and column < len(page.rows[place[0]]) else None
    if row < top:
        look = _ink(colors.NAVY, bold=row == 0)
    elif row == top:
        look = _ink(colors.WHITE, colors.NAVY, bold=True)
    elif place in page.colors:
        paper, ink = page.colors[place]
        look = _ink(ink, paper, bold=True)
    elif place in page.links:
        look = {"textFormat": {"link": {"uri": page.links[place]}}}
    elif isinstance(typed, datetime):
        look = {"numberFormat": {"type": "DATE_TIME", "pattern": "dd/mm/yyyy hh:mm"}}
    elif isinstance(typed, float):
        look = {"numberFormat": {"type": "PERCENT", "pattern": "0%"}}
    return {**cell, "userEnteredFormat": look} if look else cell


def _ink(ink: str, paper: str = "", *, bold: bool) -> dict[str, Any]:
    look: dict[str, Any] = {"textFormat": {"foregroundColorStyle": rgb(ink), "bold": bold}}
    return {**look, "backgroundColorStyle": rgb(paper)} if paper else look


def rgb(color: str) -> dict[str, Any]:
    """Return a colour (RRGGBB) as Google takes it."""
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return {"rgbColor": {"red": red, "green": green, "blue": blue}}


def _add(tab: GoogleTab, grid: Mapping[str, int]) -> Request:
    properties = {
        "sheetId": tab.id,
        "title": tab.title,
        "gridProperties": dict(grid),
        "tabColorStyle": rgb(colors.TAB_WORKER),
    }
    return {"addSheet": {"properties": properties}}


def _resize(tab: GoogleTab, grid: Mapping[str, int]) -> Request:
    return {
        "updateSheetProperties": {
            "properties": {"sheetId": tab.id, "gridProperties": dict(grid)},
            "fields": f"gridProperties({','.join(sorted(grid))})",
        }
    }


def widths(tab: GoogleTab, heads: Sequence[Head]) -> Iterator[Request]:
    """Make each column as wide as its head says."""
    for number, head in enumerate(heads):
        span = {"sheetId": tab.id, "dimension": "COLUMNS"}
        yield {
            "updateDimensionProperties": {
                "range": {**span, "startIndex": number, "endIndex": number + 1},
                "properties": {"pixelSize": head.width * 8},
                "fields": "pixelSize",
            }
        }


def wrap(tab: GoogleTab, columns: int) -> Request:
    """Wrap all columns but the first: there the lines above the header run over their cell."""
    return {
        "repeatCell": {
            "range": {"sheetId": tab.id, "startColumnIndex": 1, "endColumnIndex": columns},
            "cell": {"userEnteredFormat": {"wrapStrategy": "WRAP", "verticalAlignment": "TOP"}},
            "fields": "userEnteredFormat(wrapStrategy,verticalAlignment)",
        }
    }


def protect(tab: GoogleTab, account: str) -> Request:
    """Let `account` (and the sheet's owner) alone edit a worker tab."""
    return {
        "addProtectedRange": {
            "protectedRange": {
                "range": {"sheetId": tab.id},
                "description": "Do hệ thống theo dõi ghi; không nhập vào tab này.",
                "editors": {"users": [account]},
            }
        }
    }
