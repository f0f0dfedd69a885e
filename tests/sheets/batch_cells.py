"""Requests that concern cells: values, formats, drop-downs, notes, order."""

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from .a1 import Box
from .batch import Editing, fields, handles
from .book import place
from .cells import RESULT, effective, plain
from .colours import both, twinned
from .conditions import VALIDATION, check
from .faults import Json, refuse
from .grid import Tab
from .masks import Mask, merge
from .protections import guard

LONGEST = 50_000
NOTHING: tuple[Any, ...] = ({}, "", [], {"stringValue": ""})
BLANK: Json = {}
READ_ONLY = (RESULT, "effectiveFormat", "formattedValue", "hyperlink")


@handles("updateCells")
def update_cells(editing: Editing, asked: Json) -> None:
    """Cells row by row; with a range, the masked fields of cells that are not given are cleared."""
    mask = both(fields(asked, "CellData"))
    rows = asked.get("rows") or []
    tab, box, cleared = _target(editing, asked, rows)
    guard(editing.book, tab, editing.caller, box)
    if cleared:
        for row, column, held in list(tab.used(box)):
            tab.put(row, column, _written(held, {}, mask))
    for down, row in enumerate(rows):
        for across, given in enumerate((row or {}).get("values") or []):
            _sound(editing, given or {})
            _set(tab, box.top + down, box.left + across, given or {}, mask)


def _target(editing: Editing, asked: Json, rows: Sequence[Any]) -> tuple[Tab, Box, bool]:
    """Return the tab, the cells that are written, and whether all of them are cleared first."""
    width = max((len((row or {}).get("values") or []) for row in rows), default=0)
    if asked.get("range") is not None:
        tab, box = editing.area(asked["range"])
        _limits(len(rows), width, box)
        return tab, box, True
    if asked.get("start") is None:
        refuse("One of 'start' or 'range' must be set.")
    start = asked["start"]
    tab = editing.book.tab_by_id(start.get("sheetId"))
    top, left = int(start.get("rowIndex") or 0), int(start.get("columnIndex") or 0)
    if top >= tab.rows:
        refuse(f"GridCoordinate.rowIndex[{top}] is after last row in grid[{tab.rows}]")
    if left >= tab.columns:
        refuse(f"GridCoordinate.columnIndex[{left}] is after last column in grid[{tab.columns}]")
    _limits(len(rows), width, Box(top, tab.rows, left, tab.columns))
    return tab, Box(top, top + len(rows), left, left + width), False


def _limits(height: int, width: int, box: Box) -> None:
    for kind, wanted, first, end in (
        ("row", height, box.top, box.bottom),
        ("column", width, box.left, box.right),
    ):
        if first + wanted > end:
            refuse(
                f"Attempting to write {kind}: {end}, beyond the last requested {kind} of: {end - 1}"
            )


def _sound(editing: Editing, given: Mapping[str, Any]) -> None:
    """ApiError 400 for a cell that Google would not take."""
    if len((given.get("userEnteredValue") or {}).get("stringValue") or "") > LONGEST:
        refuse(
            f"Your input contains more than the maximum of {LONGEST} characters in a single cell."
        )
    if given.get("dataValidation"):
        check(given["dataValidation"].get("condition") or {}, VALIDATION, editing.book.locale)


def _set(tab: Tab, row: int, column: int, given: Mapping[str, Any], mask: Mask) -> None:
    tab.put(row, column, _written(tab.at(row, column), given, mask))


def _written(held: Json, given: Mapping[str, Any], mask: Mask) -> Json:
    """Return a cell after a write; what Google reckons itself cannot be written."""
    new = {k: v for k, v in given.items() if k not in READ_ONLY and v is not None}
    if "userEnteredFormat" in new:
        new["userEnteredFormat"] = _coloured(json.dumps(new["userEnteredFormat"]))
    merged = merge(held, new, mask)
    if merged.get("userEnteredValue") != held.get("userEnteredValue"):
        merged.pop(RESULT, None)
    return {k: v for k, v in merged.items() if v not in NOTHING}


@handles("appendCells")
def append_cells(editing: Editing, asked: Json) -> None:
    """Rows below the last that holds a value; the grid grows as far as it must."""
    tab = editing.book.tab_by_id(asked.get("sheetId"))
    first = max((row for row, _, held in tab.used(tab.whole) if effective(held)), default=-1) + 1
    rows = asked.get("rows") or []
    tab.rows = max(tab.rows, first + len(rows))
    start = {"sheetId": tab.id, "rowIndex": first}
    if rows:
        update_cells(editing, {"rows": rows, "fields": asked.get("fields"), "start": start})


@cache
def _coloured(text: str) -> Json:
    """Return a format as it is kept; many cells share one."""
    made: Json = twinned(json.loads(text))
    return made


@handles("repeatCell")
def repeat_cell(editing: Editing, asked: Json) -> None:
    """One cell, in every cell of a range."""
    mask = both(fields(asked, "CellData"))
    tab, box = editing.editable(asked.get("range"))
    given = asked.get("cell") or {}
    _sound(editing, given)
    _everywhere(tab, box, lambda held: _written(held, given, mask))


def _everywhere(tab: Tab, box: Box, change: Callable[[Json], Json]) -> None:
    """Change every cell; those that are the same object before are so after."""
    shared: dict[int, tuple[Json, Json]] = {}  # the old one is kept, so that its id stays its own
    columns = range(box.left, box.right)
    for row in range(box.top, box.bottom):
        line = tab.cells.get(row, {})
        for column in columns:
            held = line.get(column, BLANK)
            known = shared.get(id(held))
            if known is None:
                known = shared[id(held)] = (held, change(held))
            if known[1]:
                line[column] = known[1]
            else:
                line.pop(column, None)
        if line:
            tab.cells[row] = line
        else:
            tab.cells.pop(row, None)


@handles("setDataValidation")
def set_data_validation(editing: Editing, asked: Json) -> None:
    """A drop-down or check; without a rule it is taken away."""
    tab, box = editing.editable(asked.get("range"))
    rule = {k: v for k, v in twinned(asked.get("rule") or {}).items() if v is not False}
    if rule:
        check(rule.get("condition") or {}, VALIDATION, editing.book.locale)
    _everywhere(tab, box, lambda held: _ruled(held, rule))


def _ruled(held: Json, rule: Json) -> Json:
    bare = {k: v for k, v in held.items() if k != "dataValidation"}
    return bare | ({"dataValidation": rule} if rule else {})


@handles("updateBorders")
def update_borders(editing: Editing, asked: Json) -> None:
    """Borders: checked as a request, kept nowhere."""
    editing.editable(asked.get("range"))


@handles("sortRange")
def sort_range(editing: Editing, asked: Json) -> None:
    """Rows of a range in another order."""
    tab, box = editing.editable(asked.get("range"))
    sort(tab, box, asked.get("sortSpecs") or [])


def sort(tab: Tab, box: Box, specs: Sequence[Mapping[str, Any]]) -> None:
    """Sort a range: numbers, then texts, then booleans, then errors; blanks always last."""
    rows = [
        {c: v for c, v in tab.cells.get(row, {}).items() if box.left <= c < box.right}
        for row in range(box.top, min(box.bottom, max(tab.cells, default=-1) + 1))
    ]
    for spec in reversed(specs):
        column = int(spec.get("dimensionIndex") or 0)
        down = spec.get("sortOrder") == "DESCENDING"
        full = [r for r in rows if plain(effective(r.get(column, {}))) is not None]
        blank = [r for r in rows if plain(effective(r.get(column, {}))) is None]
        rows = sorted(full, key=partial(_rank, column), reverse=down) + blank
    for offset, moved in enumerate(rows):
        for column in range(box.left, box.right):
            tab.put(box.top + offset, column, moved.get(column, {}))


def _rank(column: int, row: Mapping[int, Json]) -> tuple[int, Any]:
    shown = effective(row[column])
    kinds = ("numberValue", "stringValue", "boolValue", "errorValue")
    kind = next(k for k in kinds if k in shown)
    value = plain(shown)
    return kinds.index(kind), _collated(value) if isinstance(value, str) else value


def _collated(text: str) -> tuple[str, str]:
    """Return the key of a text: by base letters first, then by marks."""
    parts = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in parts if not unicodedata.combining(c)), parts


@handles("mergeCells")
def merge_cells(editing: Editing, asked: Json) -> None:
    """One merged range, or one for each row or column of it."""
    tab, box = editing.editable(asked.get("range"))
    kind = asked.get("mergeType", "MERGE_ALL")
    present = tab.over.setdefault("merges", [])
    if any(tab.box(each).meets(box) and not tab.box(each).within(box) for each in present):
        refuse("You must select all cells in a merged range to merge or unmerge them.")
    kept = [each for each in present if not tab.box(each).meets(box)]
    tab.over["merges"] = kept + [_range(tab, part) for part in _parts(box, kind)]
    for part in _parts(box, kind):
        for row, column, held in list(tab.used(part)):
            if (row, column) != (part.top, part.left):
                tab.put(row, column, {k: v for k, v in held.items() if k != "userEnteredValue"})


def _parts(box: Box, kind: str) -> list[Box]:
    if kind == "MERGE_ROWS":
        return [Box(r, r + 1, box.left, box.right) for r in range(box.top, box.bottom)]
    if kind == "MERGE_COLUMNS":
        return [Box(box.top, box.bottom, c, c + 1) for c in range(box.left, box.right)]
    return [box]


def _range(tab: Tab, box: Box) -> Json:
    sides = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    ends = (box.top, box.bottom, box.left, box.right)
    return place(tab, dict(zip(sides, ends, strict=True)))


@handles("unmergeCells")
def unmerge_cells(editing: Editing, asked: Json) -> None:
    """No merged range within a range."""
    tab, box = editing.editable(asked.get("range"))
    present = tab.over.get("merges", [])
    tab.over["merges"] = [each for each in present if not tab.box(each).within(box)]
