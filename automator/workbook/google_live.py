"""A spreadsheet as it stands, to compare with the layout: cells, rules, protections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from automator.core.names import key
from automator.core.snapshot import Cell

FIELDS = (
    "properties(locale,timeZone,autoRecalc),"
    "sheets(properties(sheetId,title,sheetType,hidden,"
    "gridProperties(rowCount,columnCount,frozenRowCount)),"
    "protectedRanges(protectedRangeId,range,warningOnly,requestingUserCanEdit,unprotectedRanges,editors),"
    "conditionalFormats,merges(startRowIndex,endRowIndex),filterViews(filterViewId,title,range,criteria),tables(tableId),"
    "data(startRow,startColumn,rowData(values("
    "effectiveValue,note,dataValidation(condition,strict),userEnteredFormat(numberFormat(type))))))"
)
"""What one `spreadsheets.get` is asked for: all of it, so that one request will do."""
Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class LiveTab:
    """One tab: `cells` by (row, column), both 0-based, where a cell holds anything at all.

    `merges` are the rows (first, end) of merged cells. `locked`: some of it is protected from
    who asks. `fresh`: it has still to be made.
    """

    id: int
    title: str
    rows: int = 0
    columns: int = 0
    frozen: int = 0
    hidden: bool = False
    locked: bool = False
    fresh: bool = False
    grid: bool = True
    protections: tuple[Json, ...] = ()
    formats: tuple[Json, ...] = ()
    views: tuple[Json, ...] = ()
    tables: bool = False
    merges: tuple[tuple[int, int], ...] = ()
    cells: Mapping[tuple[int, int], Json] = field(default_factory=dict)

    def values(self) -> tuple[tuple[Cell, ...], ...]:
        """Return what the cells say, row by row; an error is text."""
        filled = {at: self.cells[at]["effectiveValue"] for at in self.filled}
        last = max((row for row, _ in filled), default=-1)
        width = max((column for _, column in filled), default=-1) + 1
        return tuple(
            tuple(_plain(filled.get((row, column), {})) for column in range(width))
            for row in range(last + 1)
        )

    @cached_property
    def filled(self) -> frozenset[tuple[int, int]]:
        """Where a cell says anything: few of those that have a format or a rule do."""
        return frozenset(at for at, cell in self.cells.items() if value(cell))

    @property
    def used(self) -> int:
        """How many rows there are down to the last in which a cell says anything."""
        return max((row for row, _ in self.filled), default=-1) + 1

    @property
    def empty(self) -> bool:
        """Whether no cell says anything."""
        return not self.filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """One spreadsheet: its settings ("vi_VN", "Asia/Ho_Chi_Minh", "HOUR") and its tabs in order."""

    locale: str
    zone: str
    recalc: str
    tabs: tuple[LiveTab, ...]

    def named(self, title: str) -> LiveTab | None:
        """Return the first tab of a title, written in any way that people may write it."""
        return next((t for t in self.tabs if t.grid and key(t.title) == key(title)), None)


def live(answer: Json) -> Live:
    """Return the spreadsheet that an answer to the mask `FIELDS` describes."""
    said = answer.get("properties", {})
    return Live(
        locale=said.get("locale", ""),
        zone=said.get("timeZone", ""),
        recalc=said.get("autoRecalc", ""),
        tabs=tuple(_tab(each) for each in answer.get("sheets", [])),
    )


def value(cell: Json) -> bool:
    """Tell whether a cell says anything."""
    said = cell.get("effectiveValue", {})
    return bool(said) and said != {"stringValue": ""}


def _plain(said: Json) -> Cell:
    for kind in ("stringValue", "numberValue", "boolValue"):
        if kind in said:
            found: Cell = said[kind]
            return found
    return "#ERROR!" if said else None


def _tab(sheet: Json) -> LiveTab:
    said = sheet.get("properties", {})
    grid = said.get("gridProperties", {})
    protections = tuple(sheet.get("protectedRanges", ()))
    return LiveTab(
        id=said.get("sheetId", 0),
        title=said.get("title", ""),
        rows=grid.get("rowCount", 0),
        columns=grid.get("columnCount", 0),
        frozen=grid.get("frozenRowCount", 0),
        hidden=said.get("hidden", False),
        locked=any(not _mine(each) for each in protections),
        grid=said.get("sheetType", "GRID") == "GRID" and grid.get("columnCount", 0) > 0,
        protections=protections,
        formats=tuple(sheet.get("conditionalFormats", ())),
        views=tuple(sheet.get("filterViews", ())),
        tables=bool(sheet.get("tables")),
        merges=tuple(
            (each.get("startRowIndex", 0), each.get("endRowIndex", 0))
            for each in sheet.get("merges", ())
        ),
        cells=_cells(sheet.get("data", ())),
    )


def _mine(protection: Json) -> bool:
    return bool(protection.get("requestingUserCanEdit") or protection.get("warningOnly"))


def _cells(blocks: Sequence[Json]) -> dict[tuple[int, int], Json]:
    return {
        (block.get("startRow", 0) + down, block.get("startColumn", 0) + across): cell
        for block in blocks
        for down, row in enumerate(block.get("rowData", ()))
        for across, cell in enumerate(row.get("values", ()))
        if cell
    }
