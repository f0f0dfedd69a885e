"""A spreadsheet as spreadsheets.get shows it."""

from collections.abc import Mapping, Sequence

from .a1 import Box
from .book import Book
from .cells import effective, plain, text
from .colours import twinned
from .discovery import schema
from .faults import Json
from .grid import COLUMNS, LAYERS, ROWS, Tab
from .masks import EVERYTHING, Mask, wants
from .protections import shown

DEFAULT_FORMAT: Json = twinned(
    {
        "backgroundColor": {"red": 1, "green": 1, "blue": 1},
        "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
        "verticalAlignment": "BOTTOM",
        "wrapStrategy": "OVERFLOW_CELL",
        "textFormat": {
            "foregroundColor": {},
            "fontFamily": "arial,sans,sans-serif",
            "fontSize": 10,
            "bold": False,
            "italic": False,
            "strikethrough": False,
            "underline": False,
        },
    }
)
LENGTHS = {ROWS: {"pixelSize": 21}, COLUMNS: {"pixelSize": 100}}
GRID_SWITCHES = tuple(
    name
    for name in schema("GridProperties")["properties"]
    if name not in ("rowCount", "columnCount")
)


def properties(book: Book, tab: Tab) -> Json:
    """Return SheetProperties; sheetId 0 and index 0 are written out here."""
    looks = {k: v for k, v in tab.looks.items() if k != "gridProperties"}
    return {
        "sheetId": tab.id,
        "title": tab.title,
        "index": book.tabs.index(tab),
        "sheetType": "GRID",
        "gridProperties": {
            "rowCount": tab.rows,
            "columnCount": tab.columns,
            **tab.looks.get("gridProperties", {}),
        },
        **looks,
    }


def spreadsheet(
    book: Book,
    caller: str,
    mask: Mask = EVERYTHING,
    spots: Sequence[tuple[Tab, Box]] = (),
    grid_data: bool = False,
) -> Json:
    """Return the whole message, as dear as the mask makes it; `spots` are the ranges asked for.

    With ranges only their tabs are shown. Cells are shown if the mask names them, or without a
    mask if `grid_data`.
    """
    tabs = [tab for tab in book.tabs if not spots or any(tab is t for t, _ in spots)]
    data = wants(mask, "sheets", "data") if mask else grid_data
    return {
        "spreadsheetId": book.id,
        "properties": book.properties | {"defaultFormat": DEFAULT_FORMAT},
        "sheets": [
            _sheet(book, tab, caller)
            | ({"data": _data(book, tab, spots, mask.get("sheets", {}))} if data else {})
            for tab in tabs
        ],
        **({"namedRanges": list(book.names)} if book.names else {}),
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{book.id}/edit",
    }


def _sheet(book: Book, tab: Tab, caller: str) -> Json:
    over = {name: tab.over[name] for name in LAYERS if tab.over.get(name)}
    if tab.over.get("basicFilter"):
        over["basicFilter"] = tab.over["basicFilter"]
    if "protectedRanges" in over:
        over["protectedRanges"] = [shown(book, p, caller) for p in over["protectedRanges"]]
    return {"properties": properties(book, tab), **over}


def _data(book: Book, tab: Tab, spots: Sequence[tuple[Tab, Box]], mask: Mask) -> list[Json]:
    mine = [box for other, box in spots if other is tab] or [tab.whole]
    below = mask.get("data", {})
    return [_grid_data(book, tab, box, below) for box in mine]


def _grid_data(book: Book, tab: Tab, box: Box, mask: Mask) -> Json:
    data: Json = {}
    if box.top:
        data["startRow"] = box.top
    if box.left:
        data["startColumn"] = box.left
    if wants(mask, "rowData"):
        data |= _row_data(book, tab, box)
    if wants(mask, "rowMetadata"):
        data["rowMetadata"] = _lengths(tab, ROWS, range(box.top, box.bottom))
    if wants(mask, "columnMetadata"):
        data["columnMetadata"] = _lengths(tab, COLUMNS, range(box.left, box.right))
    return data


def _lengths(tab: Tab, axis: str, indices: range) -> list[Json]:
    known = tab.lengths.get(axis, {})
    return [LENGTHS[axis] | known.get(index, {}) for index in indices]


def _row_data(book: Book, tab: Tab, box: Box) -> Json:
    """Return the rows; cells that are the same object are shown as one, and rows of the same."""
    cells: dict[int, Json] = {}
    rows: dict[tuple[tuple[int, int], ...], Json] = {(): {}}
    shown: list[Json] = []
    for row in range(box.top, box.bottom):
        held = {c: v for c, v in tab.cells.get(row, {}).items() if box.left <= c < box.right}
        this = tuple((column, id(cell)) for column, cell in held.items())
        if this not in rows:
            for cell in held.values():
                if id(cell) not in cells:
                    cells[id(cell)] = _cell_data(cell, book.locale)
            made = {column: cells[id(cell)] for column, cell in held.items()}
            rows[this] = _row(made, box.left)
        shown.append(rows[this])
    while shown and not shown[-1]:
        shown.pop()
    return {"rowData": shown} if shown else {}


def _row(held: Mapping[int, Json], left: int) -> Json:
    return {"values": [held.get(column, {}) for column in range(left, max(held) + 1)]}


def _cell_data(held: Json, locale: str) -> Json:
    result = dict(held)
    value = effective(held)
    if value:
        result["effectiveValue"] = value | (
            {"numberValue": plain(value)} if "numberValue" in value else {}
        )
        result["formattedValue"] = text(held, locale)
    entered: Json = held.get("userEnteredFormat", {})
    result["effectiveFormat"] = DEFAULT_FORMAT | entered
    return result
