"""What a spreadsheet is without its cells: its tabs, their grids and protection, its settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from automator.core.names import key

FIELDS = (
    "properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,sheetType,gridProperties(rowCount,columnCount,frozenRowCount)),"
    "protectedRanges(protectedRangeId,range),merges(startRowIndex))"
)
_BOUNDS = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleTab:
    """One tab: its id (gid), its grid, and whether it is protected as a whole.

    `grid` is False for one of another kind (a chart): it has no cells. `merged`: it has merged
    cells, of which only the first holds what is written.
    """

    id: int
    title: str
    rows: int = 0
    columns: int = 0
    frozen: int = 0
    protected: bool = False
    merged: bool = False
    grid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One spreadsheet: its tabs in order, its locale ("vi_VN") and its time zone."""

    title: str
    locale: str
    zone: str
    tabs: tuple[GoogleTab, ...]

    def named(self, title: str) -> GoogleTab | None:
        """Return the first tab of a title, written in any way that people may write it."""
        return next((t for t in self.tabs if t.grid and key(t.title) == key(title)), None)


def shape(answer: Mapping[str, Any]) -> Shape:
    """Return the shape that an answer to the mask `FIELDS` describes. What is 0 is left out."""
    said = answer.get("properties", {})
    return Shape(
        title=said.get("title", ""),
        locale=said.get("locale", ""),
        zone=said.get("timeZone", ""),
        tabs=tuple(_tab(each) for each in answer.get("sheets", [])),
    )


def _tab(sheet: Mapping[str, Any]) -> GoogleTab:
    said = sheet.get("properties", {})
    grid = said.get("gridProperties", {})
    ranges = [each.get("range", {}) for each in sheet.get("protectedRanges", [])]
    return GoogleTab(
        id=said.get("sheetId", 0),
        title=said.get("title", ""),
        rows=grid.get("rowCount", 0),
        columns=grid.get("columnCount", 0),
        frozen=grid.get("frozenRowCount", 0),
        protected=any(not set(_BOUNDS) & set(each) for each in ranges),
        merged=bool(sheet.get("merges")),
        grid=said.get("sheetType", "GRID") == "GRID" and grid.get("columnCount", 0) > 0,
    )
