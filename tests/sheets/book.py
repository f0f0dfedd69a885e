"""A spreadsheet: its tabs, who may open it, and where an A1 text or a GridRange leads."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .a1 import Box, like_a_cell, named, span, split
from .cells import Value, cell
from .faults import ApiError, Json, refuse
from .grid import Tab

WRITER, READER = "writer", "reader"
MAX_CELLS = 10_000_000


@dataclass
class Book:
    """One spreadsheet. `roles` maps addresses to "writer" or "reader"; the owner may do all."""

    id: str
    properties: Json
    owner: str
    tabs: list[Tab] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    names: list[Json] = field(default_factory=list)
    made: int = 0

    def copy(self) -> "Book":
        """Return a spreadsheet that can be changed without changing this one."""
        return replace(
            self,
            properties=dict(self.properties),
            tabs=[tab.copy() for tab in self.tabs],
            roles=dict(self.roles),
            names=list(self.names),
        )

    @property
    def locale(self) -> str:
        """Its locale, such as vi_VN."""
        return str(self.properties["locale"])

    def role(self, caller: str) -> str | None:
        """Return what a caller may do, None for nothing."""
        return WRITER if caller == self.owner else self.roles.get(caller)

    def fresh_id(self) -> int:
        """Return a positive 31-bit number that nothing in it has yet, the same in each run."""
        self.made += 1
        return zlib.crc32(f"{self.id}/{self.made}".encode()) & 0x7FFFFFFF or self.fresh_id()

    def tab_by_id(self, sheet_id: Any) -> Tab:
        """Return a tab. ApiError 400 if there is none."""
        for tab in self.tabs:
            if tab.id == int(sheet_id or 0):
                return tab
        return refuse(f"No grid with id: {int(sheet_id or 0)}")

    def tab(self, title: str) -> Tab | None:
        """Return the tab of that title, in upper or lower case."""
        return next((t for t in self.tabs if t.title.casefold() == title.casefold()), None)

    def first(self) -> Tab:
        """Return the first tab that is not hidden."""
        return next(tab for tab in self.tabs if not tab.looks.get("hidden"))

    def add(self, title: str, index: int | None = None, sheet_id: int | None = None) -> Tab:
        """Add an empty tab. ApiError 400 if the title or the id is taken."""
        if self.tab(title):
            name = f'A sheet with the name "{title}" already exists. Please enter another name.'
            refuse(name)
        if sheet_id is not None and any(tab.id == sheet_id for tab in self.tabs):
            refuse(f"Duplicate sheet ID: {sheet_id}")
        tab = Tab(self.fresh_id() if sheet_id is None else sheet_id, title)
        self.tabs.insert(len(self.tabs) if index is None else index, tab)
        return tab

    def free_title(self, wanted: str) -> str:
        """Return `wanted`, with a number if there is such a tab already."""
        numbered = (wanted if not n else f"{wanted} {n}" for n in range(len(self.tabs) + 1))
        return next(title for title in numbered if not self.tab(title))

    def room(self) -> None:
        """ApiError 400 if all grids together have too many cells."""
        if sum(tab.rows * tab.columns for tab in self.tabs) > MAX_CELLS:
            refuse(
                "This action would increase the number of cells in the workbook above the limit "
                f"of {MAX_CELLS} cells."
            )

    def find(self, text: str) -> tuple[Tab, Box]:
        """Return the tab and the cells that an A1 text names, cut to the grid.

        ApiError 400 if it names none, or if it begins past the grid. A title that looks like a
        cell, T3, must be quoted; without quotes it is that cell of the first tab.
        """
        title, quoted, cells = split(text)
        if title is None and not like_a_cell(text) and self.tab(text):
            title, cells = text, ""
        named_tab = self.first() if title is None else self.tab(title)
        place = span(cells)
        unquoted_cell = title is not None and not quoted and like_a_cell(title)
        if named_tab is None or place is None or unquoted_cell:
            refuse(f"Unable to parse range: {text}")
        top, left = place.top or 0, place.left or 0
        if top >= named_tab.rows or left >= named_tab.columns:
            ends = Box(top, max(place.bottom or 0, top + 1), left, max(place.right or 0, left + 1))
            refuse(
                f"Range ({named(named_tab.title, ends)}) exceeds grid limits. "
                f"Max rows: {named_tab.rows}, max columns: {named_tab.columns}"
            )
        return named_tab, place.on(named_tab.rows, named_tab.columns)


def place(tab: Tab, given: Mapping[str, Any]) -> Json:
    """Return a GridRange as Google gives it back: sheetId 0 is left out."""
    kept = {k: int(v) for k, v in given.items() if v is not None and k != "sheetId"}
    return {"sheetId": tab.id, **kept} if tab.id else kept


def boxes(tab: Tab, places: Iterable[Mapping[str, Any]]) -> list[Box]:
    """Return the cells of each range."""
    return [tab.box(each) for each in places]


def fill(tab: Tab, rows: Sequence[Sequence[Value]]) -> None:
    """Type rows into a tab from A1 on; the grid grows as far as it must."""
    tab.rows = max(tab.rows, len(rows))
    tab.columns = max(tab.columns, max(map(len, rows), default=0))
    for number, row in enumerate(rows):
        held = {column: made for column, value in enumerate(row) if (made := cell(value))}
        if held:
            tab.cells[number] = held


def may_open(book: Book | None, caller: str, writing: bool) -> Book:
    """Return the spreadsheet. ApiError 404 if there is none, 403 if it is not shared."""
    if book is None:
        raise ApiError(404)
    role = book.role(caller)
    if role is None or (writing and role != WRITER):
        raise ApiError(403)
    return book
