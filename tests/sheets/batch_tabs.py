"""Requests that concern tabs, rows and columns, and the spreadsheet itself."""

from collections.abc import Mapping
from typing import Any

from .a1 import Box
from .batch import Editing, fields, handles
from .book import place
from .colours import both, twinned
from .faults import Json, refuse
from .grid import COLUMNS, LAYERS, ROWS, Tab
from .masks import Mask, merge
from .protections import guard, guard_insert, guard_tab
from .resource import GRID_SWITCHES, properties

LONGEST_TITLE = 100
KEPT_APART = ("sheetId", "title", "index", "sheetType", "gridProperties")


@handles("updateSpreadsheetProperties")
def update_spreadsheet(editing: Editing, asked: Json) -> None:
    """Title, time zone, locale."""
    mask = fields(asked, "SpreadsheetProperties")
    editing.book.properties = merge(editing.book.properties, asked.get("properties") or {}, mask)


@handles("addSheet")
def add_sheet(editing: Editing, asked: Json) -> Json:
    """A new tab, 1000 × 26 unless it is told otherwise."""
    given = asked.get("properties") or {}
    book = editing.book
    title = given.get("title") or book.free_title(f"Sheet{len(book.tabs) + 1}")
    tab = book.add(title, given.get("index"), given.get("sheetId"))
    apply_properties(editing, tab, given, {})
    return {"properties": properties(book, tab)}


def apply_properties(editing: Editing, tab: Tab, given: Mapping[str, Any], mask: Mask) -> None:
    """Set the properties of a tab that the mask names (all that are given, without a mask)."""
    grid = given.get("gridProperties") or {}
    grid_mask = mask.get("gridProperties", {})
    asked = set(grid_mask) or set(grid)
    for name, axis in (("rowCount", ROWS), ("columnCount", COLUMNS)):
        if name in asked and (not mask or "gridProperties" in mask):
            _resize(editing, tab, axis, int(grid.get(name) or 0))
    if not mask or "gridProperties" in mask:
        wholly = bool(mask) and not grid_mask
        switches = {k: grid.get(k) for k in GRID_SWITCHES if wholly or k in asked}
        kept = tab.looks.get("gridProperties", {}) | switches
        tab.looks["gridProperties"] = {k: v for k, v in kept.items() if v}
        _frozen(tab)
    looks = {k: v for k, v in both(mask).items() if k not in KEPT_APART}
    if looks or not mask:
        new = twinned({k: v for k, v in given.items() if k not in KEPT_APART})
        merged = merge(tab.looks, new, looks) if mask else tab.looks | new
        tab.looks = {k: v for k, v in merged.items() if v is not False}


def _frozen(tab: Tab) -> None:
    grid = tab.looks["gridProperties"]
    for side, size, name in (("Row", tab.rows, "rows"), ("Column", tab.columns, "columns")):
        if grid.get(f"frozen{side}Count", 0) >= size:
            refuse(f"You can't freeze all visible {name} on the sheet.")
    frozen = grid.get("frozenRowCount", 0)
    if any(each.top < frozen < each.bottom for each in map(tab.box, tab.over.get("merges", []))):
        refuse("You can't freeze rows which contain only part of a merged cell.")


def _resize(editing: Editing, tab: Tab, axis: str, size: int) -> None:
    if size < 1:
        refuse(f"gridProperties.{axis.lower()[:-1]}Count must be greater than 0.")
    now = tab.size(axis)
    if size < now:
        guard(editing.book, tab, editing.caller, _lines(tab, axis, size, now))
        tab.delete(axis, size, now)
    elif axis == ROWS:
        tab.rows = size
    else:
        tab.columns = size


def _lines(tab: Tab, axis: str, start: int, end: int) -> Box:
    if axis == ROWS:
        return Box(start, end, 0, tab.columns)
    return Box(0, tab.rows, start, end)


@handles("updateSheetProperties")
def update_sheet(editing: Editing, asked: Json) -> None:
    """Title, place, size, frozen rows, hidden, colour of a tab."""
    given = asked.get("properties") or {}
    mask = fields(asked, "SheetProperties")
    tab = editing.book.tab_by_id(given.get("sheetId"))
    guard_tab(editing.book, tab, editing.caller)
    named = set(mask) or set(given)
    if "title" in named:
        rename(editing, tab, given.get("title") or "")
    if "index" in named:
        editing.book.tabs.remove(tab)
        editing.book.tabs.insert(int(given.get("index") or 0), tab)
    apply_properties(editing, tab, given, mask)
    if all(each.looks.get("hidden") for each in editing.book.tabs):
        refuse("You can't hide all the sheets in a document.")


def rename(editing: Editing, tab: Tab, title: str) -> None:
    """Give a tab another title. ApiError 400 if it is empty or taken."""
    taken = editing.book.tab(title)
    if not 0 < len(title) <= LONGEST_TITLE:
        refuse(f"Sheet name must have 1 to {LONGEST_TITLE} characters.")
    if taken not in (None, tab):
        text = f'A sheet with the name "{title}" already exists. Please enter another name.'
        refuse(text)
    tab.title = title


@handles("deleteSheet")
def delete_sheet(editing: Editing, asked: Json) -> None:
    """A tab and all in it."""
    tab = editing.book.tab_by_id(asked.get("sheetId"))
    guard_tab(editing.book, tab, editing.caller, any_part=True)
    if len(editing.book.tabs) == 1:
        refuse("You can't remove all the sheets in a document.")
    editing.book.tabs.remove(tab)


@handles("duplicateSheet")
def duplicate_sheet(editing: Editing, asked: Json) -> Json:
    """A copy of a tab, its protections of ranges left behind as Google leaves them."""
    book = editing.book
    source = book.tab_by_id(asked.get("sourceSheetId"))
    prefix = "Bản sao của" if book.locale.startswith("vi") else "Copy of"
    title = asked.get("newSheetName") or book.free_title(f"{prefix} {source.title}")
    tab = book.add(title, asked.get("insertSheetIndex"), asked.get("newSheetId"))
    twin = source.copy()
    twin.id, twin.title = tab.id, tab.title
    twin.over.pop("protectedRanges", None)
    for name in LAYERS:
        twin.over[name] = [_moved(twin, each) for each in twin.over.get(name, [])]
    if twin.over.get("basicFilter"):
        twin.over["basicFilter"] = _moved(twin, twin.over["basicFilter"])
    book.tabs[book.tabs.index(tab)] = twin
    return {"properties": properties(book, twin)}


def _moved(tab: Tab, each: Json) -> Json:
    if "ranges" in each:
        return {**each, "ranges": [place(tab, spot) for spot in each["ranges"]]}
    return {**each, "range": place(tab, each["range"])} if "range" in each else place(tab, each)


@handles("appendDimension")
def append_dimension(editing: Editing, asked: Json) -> None:
    """Rows or columns at the end."""
    tab = editing.book.tab_by_id(asked.get("sheetId"))
    guard_tab(editing.book, tab, editing.caller)
    tab.insert(asked["dimension"], tab.size(asked["dimension"]), int(asked["length"]))


@handles("insertDimension")
def insert_dimension(editing: Editing, asked: Json) -> None:
    """Rows or columns in between."""
    tab, axis, start, end = _dimension(editing, asked)
    size = tab.size(axis)
    if start > size or (start == size and not asked.get("inheritFromBefore")):
        refuse("range.startIndex must be less than the grid size if inheritFromBefore is false")
    guard_insert(editing.book, tab, editing.caller, axis, start)
    tab.insert(axis, start, end - start)


@handles("deleteDimension")
def delete_dimension(editing: Editing, asked: Json) -> None:
    """Rows or columns, never all of them."""
    tab, axis, start, end = _dimension(editing, asked)
    if end > tab.size(axis):
        refuse(f"Cannot delete {axis.lower()} that don't exist: endIndex {end}.")
    if end - start == tab.size(axis):
        refuse(f"You can't delete all the {axis.lower()} on the sheet.")
    guard(editing.book, tab, editing.caller, _lines(tab, axis, start, end))
    tab.delete(axis, start, end)


@handles("updateDimensionProperties")
def update_dimension(editing: Editing, asked: Json) -> None:
    """Width, height, hidden."""
    tab, axis, start, end = _dimension(editing, asked)
    guard(editing.book, tab, editing.caller, _lines(tab, axis, start, min(end, tab.size(axis))))
    mask = fields(asked, "DimensionProperties")
    known = tab.lengths.setdefault(axis, {})
    for index in range(start, min(end, tab.size(axis))):
        known[index] = merge(known.get(index, {}), asked.get("properties") or {}, mask)


@handles("autoResizeDimensions")
def auto_resize(editing: Editing, asked: Json) -> None:
    """Widths by what stands in the cells: nothing that the tests look at."""
    _dimension(editing, {"range": asked.get("dimensions") or {}})


def _dimension(editing: Editing, asked: Json) -> tuple[Tab, str, int, int]:
    given = asked.get("range") or {}
    tab = editing.book.tab_by_id(given.get("sheetId"))
    axis = given.get("dimension")
    if axis not in (ROWS, COLUMNS):
        refuse("range.dimension must be specified.")
    start = int(given.get("startIndex") or 0)
    end = int(tab.size(axis) if given.get("endIndex") is None else given["endIndex"])
    if start >= end:
        refuse(f"range.endIndex[{end}] must be after range.startIndex[{start}]")
    return tab, axis, start, end


@handles("addDimensionGroup")
def add_dimension_group(editing: Editing, asked: Json) -> Json:
    """Rows or columns that are folded and unfolded together."""
    tab, axis, start, end = _dimension(editing, asked)
    layer = "rowGroups" if axis == ROWS else "columnGroups"
    line = {"sheetId": tab.id, "dimension": axis, "startIndex": start, "endIndex": end}
    groups = tab.over.setdefault(layer, [])
    groups.append({"range": line, "depth": 1})
    return {"dimensionGroups": list(groups)}
