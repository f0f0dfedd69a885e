"""Who may edit what: protected ranges, as Google enforces them on every editor but the owner."""

from collections.abc import Mapping
from typing import Any

from .a1 import Box
from .book import Book, place
from .faults import PROTECTED, Json, refuse
from .grid import ROWS, Tab


def whole_tab(protection: Mapping[str, Any]) -> bool:
    """Whether a protected range is that of a whole tab: its range has no side."""
    return not set(protection.get("range", {})) - {"sheetId"}


def may_edit(book: Book, protection: Mapping[str, Any], caller: str) -> bool:
    """Whether a protected range lets a caller through."""
    editors = protection.get("editors", {})
    known = caller == book.owner or caller in editors.get("users", ())
    return known or bool(protection.get("warningOnly"))


def guard(book: Book, tab: Tab, caller: str, box: Box) -> None:
    """ApiError 400 if a cell of `box` is protected from the caller."""
    for each in tab.over.get("protectedRanges", ()):
        if may_edit(book, each, caller) or not tab.box(each["range"]).meets(box):
            continue
        free = [tab.box(spot) for spot in each.get("unprotectedRanges", ())]
        if not any(box.within(spot) for spot in free):
            refuse(PROTECTED)


def guard_insert(book: Book, tab: Tab, caller: str, axis: str, start: int) -> None:
    """ApiError 400 if rows or columns would go into the middle of a protected range."""
    for each in tab.over.get("protectedRanges", ()):
        box = tab.box(each["range"])
        low, high = (box.top, box.bottom) if axis == ROWS else (box.left, box.right)
        inside = low < start < high or whole_tab(each)
        if inside and not may_edit(book, each, caller):
            refuse(PROTECTED)


def guard_tab(book: Book, tab: Tab, caller: str, *, any_part: bool = False) -> None:
    """ApiError 400 if the tab as a whole (or `any_part` of it) is protected from the caller."""
    for each in tab.over.get("protectedRanges", ()):
        if (any_part or whole_tab(each)) and not may_edit(book, each, caller):
            refuse(PROTECTED)


def added(book: Book, tab: Tab, given: Mapping[str, Any], caller: str) -> Json:
    """Return a new protected range as it is kept.

    Without `editors` every editor of the spreadsheet may go on editing, so nothing is protected.
    Who adds it stays an editor of it. ApiError 400 if the tab is protected as a whole already.
    """
    made: Json = {
        "protectedRangeId": int(given.get("protectedRangeId") or book.fresh_id()),
        "range": place(tab, given.get("range") or {}),
    }
    tab.box(made["range"])
    made |= {k: given[k] for k in ("description", "warningOnly") if given.get(k)}
    if given.get("unprotectedRanges"):
        made["unprotectedRanges"] = [place(tab, each) for each in given["unprotectedRanges"]]
    present = tab.over.setdefault("protectedRanges", [])
    if whole_tab(made) and any(map(whole_tab, present)):
        refuse(f'Sheet "{tab.title}" already has sheet protection.')
    if any(each["protectedRangeId"] == made["protectedRangeId"] for each in present):
        refuse(f"Protected range with id {made['protectedRangeId']} already exists.")
    made["editors"] = editors(book, given, caller)
    present.append(made)
    return made


def editors(book: Book, given: Mapping[str, Any], caller: str) -> Json:
    """Return who may edit a protected range that is asked for so."""
    if given.get("warningOnly"):
        if (given.get("editors") or {}).get("users"):
            refuse("ProtectedRange is warningOnly. Editors cannot be set on it.")
        return {}
    asked = given.get("editors")
    users = sorted(book.roles) if asked is None else list(asked.get("users") or ())
    if caller != book.owner and caller not in users:
        users.append(caller)
    groups = list((asked or {}).get("groups") or ())
    return ({"users": users} if users else {}) | ({"groups": groups} if groups else {})


def shown(book: Book, protection: Mapping[str, Any], caller: str) -> Json:
    """Return a protected range as a caller sees it: only its editors see who they are."""
    result = dict(protection)
    if may_edit(book, protection, caller):
        result["requestingUserCanEdit"] = True
    else:
        result.pop("editors", None)
    return result
