"""A tab: a sparse grid of cells, and what lies over it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .a1 import Box, Span
from .faults import Json, refuse

ROWS, COLUMNS = "ROWS", "COLUMNS"
LAYERS = (
    "protectedRanges",
    "conditionalFormats",
    "filterViews",
    "bandedRanges",
    "merges",
    "tables",
    "rowGroups",
    "columnGroups",
)


@dataclass
class Tab:
    """One tab. `cells` holds, by row and column, only cells with something in them.

    `over` holds what Google lists beside the cells, as it lists it: protectedRanges,
    conditionalFormats, filterViews, bandedRanges, merges, tables, basicFilter. `looks` are
    further properties (hidden, tabColor …), `lengths` the DimensionProperties by axis.
    """

    id: int
    title: str
    rows: int = 1000
    columns: int = 26
    cells: dict[int, dict[int, Json]] = field(default_factory=dict)
    over: dict[str, Any] = field(default_factory=dict)
    looks: Json = field(default_factory=dict)
    lengths: dict[str, dict[int, Json]] = field(default_factory=dict)

    def copy(self) -> "Tab":
        """Return a tab that can be changed without changing this one."""
        return replace(
            self,
            cells={row: dict(held) for row, held in self.cells.items()},
            over={k: list(v) if isinstance(v, list) else v for k, v in self.over.items()},
            looks=dict(self.looks),
            lengths={axis: dict(each) for axis, each in self.lengths.items()},
        )

    @property
    def whole(self) -> Box:
        """All of its cells."""
        return Box(0, self.rows, 0, self.columns)

    def at(self, row: int, column: int) -> Json:
        """Return a cell, {} where there is nothing."""
        return self.cells.get(row, {}).get(column, {})

    def put(self, row: int, column: int, held: Json) -> None:
        """Set a cell."""
        if held:
            self.cells.setdefault(row, {})[column] = held
        elif row in self.cells:
            self.cells[row].pop(column, None)
            if not self.cells[row]:
                del self.cells[row]

    def used(self, box: Box) -> Iterator[tuple[int, int, Json]]:
        """Yield the cells of a box that hold something."""
        few = len(self.cells) < box.bottom - box.top
        rows = sorted(self.cells) if few else range(box.top, box.bottom)
        for row in rows:
            if box.top <= row < box.bottom and row in self.cells:
                held = self.cells[row]
                yield from ((row, c, held[c]) for c in sorted(held) if box.left <= c < box.right)

    def box(self, place: Mapping[str, Any]) -> Box:
        """Return the cells of a GridRange. ApiError 400 if it ends outside the grid."""
        sides = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
        top, bottom, left, right = (place.get(side) for side in sides)
        box = Span(top, bottom, left, right).on(self.rows, self.columns)
        for name, index, size in (
            ("Row", max(bottom or 0, (top or -1) + 1), self.rows),
            ("Column", max(right or 0, (left or -1) + 1), self.columns),
        ):
            if index > size:
                text = f"range.end{name}Index[{index}] is after last {name.lower()} in grid[{size}]"
                refuse(text)
        return box

    def size(self, axis: str) -> int:
        """Return how many rows or columns there are."""
        return self.rows if axis == ROWS else self.columns

    def insert(self, axis: str, start: int, number: int) -> None:
        """Insert empty rows or columns before `start`."""
        self._move(axis, lambda i: i if i < start else i + number)
        self._resize(axis, number)
        self._shift(axis, lambda i: i + number if i >= start else i, start, number)

    def delete(self, axis: str, start: int, end: int) -> None:
        """Delete rows or columns [start, end) and what lay on them alone."""
        number = end - start
        self._move(axis, lambda i: i if i < start else (None if i < end else i - number))
        self._resize(axis, -number)
        self._shift(axis, lambda i: i if i < start else max(start, i - number), start, -number)

    def _resize(self, axis: str, number: int) -> None:
        if axis == ROWS:
            self.rows += number
        else:
            self.columns += number

    def _move(self, axis: str, new: Callable[[int], int | None]) -> None:
        self.lengths[axis] = _renumbered(self.lengths.get(axis, {}), new)
        if axis == ROWS:
            self.cells = _renumbered(self.cells, new)
        else:
            moved = {row: _renumbered(held, new) for row, held in self.cells.items()}
            self.cells = {row: held for row, held in moved.items() if held}

    def _shift(self, axis: str, new: Callable[[int], int], start: int, number: int) -> None:
        """Move what lies over the grid; drop what has lost its last cell."""
        side = "Row" if axis == ROWS else "Column"

        def moved(place: Json) -> Json:
            result = dict(place)
            low, high = f"start{side}Index", f"end{side}Index"
            if place.get(low) is not None:
                result[low] = new(place[low])
            if place.get(high) is not None:
                # A row inserted right below a range does not belong to it.
                grown = number > 0 and place[high] == start
                result[high] = place[high] if grown else new(place[high])
            return result

        for name in LAYERS:
            shifted = [_shifted(each, moved) for each in self.over.get(name, [])]
            self.over[name] = [each for each in shifted if each is not None]
        if self.over.get("basicFilter"):
            self.over["basicFilter"] = _shifted(self.over["basicFilter"], moved)


def _renumbered(held: Mapping[int, Any], new: Callable[[int], int | None]) -> dict[int, Any]:
    pairs = ((new(index), value) for index, value in held.items())
    return {index: value for index, value in pairs if index is not None}


def _shifted(each: Json, moved: Callable[[Json], Json]) -> Json | None:
    """Return an object on its moved range or ranges; None if no cell is left of them."""
    if "ranges" in each:
        kept = [place for place in map(moved, each["ranges"]) if _holds(place)]
        return {**each, "ranges": kept} if kept else None
    if "range" in each:
        place = moved(each["range"])
        return {**each, "range": place} if _holds(place) else None
    place = moved(each)
    return place if _holds(place) else None


def _holds(place: Json) -> bool:
    return all(
        place.get(f"end{side}Index") is None
        or (place.get(f"start{side}Index") or 0) < place[f"end{side}Index"]
        for side in ("Row", "Column")
    )
