"""Cells of a worker tab: what stands there, what should, and the rectangles to write."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from automator.core.snapshot import Cell
from automator.workbook.worker_pages import Value, writable

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - serial numbers count naive local days
_SECOND = 1 / 86_400


def filled(cells: Sequence[Sequence[Value | Cell]], row: int, column: int) -> Cell:
    """Return a cell as Google stores it: dates as serial numbers, None for blank."""
    line = cells[row] if row < len(cells) else ()
    value = line[column] if column < len(line) else None
    if isinstance(value, datetime):
        return (value - _EPOCH) / timedelta(days=1)
    if isinstance(value, str):
        text = writable(value)
        return text if text.strip() else None
    return None if isinstance(value, date | time | timedelta) else value


def differs(wanted: Cell, there: Cell) -> bool:
    """Tell whether a cell must be written. Serial numbers of the same second are the same."""
    if _number(wanted) and _number(there):
        assert isinstance(wanted, int | float)
        assert isinstance(there, int | float)
        return abs(wanted - there) >= _SECOND / 2
    return type(wanted) is not type(there) or wanted != there


def _number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def body(cell: Cell) -> dict[str, Any]:
    """Return a cell's CellData: text, number or nothing, and never a formula."""
    if cell is None:
        return {}
    kind = "numberValue" if _number(cell) else "stringValue"
    return {"userEnteredValue": {kind: cell}}


def rectangles(
    changed: Sequence[Sequence[bool]], blank: Sequence[Sequence[bool]]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield (first row, end, first column, end) of areas that hold every changed cell.

    Beside them they hold only cells that are blank and stay so (`blank`), never one that is
    as it should be.
    """
    running: dict[tuple[int, int], int] = {}  # columns of a rectangle -> its first row
    for row in range(len(changed) + 1):
        spans = set(_spans(changed[row], blank[row])) if row < len(changed) else set()
        for span in sorted(set(running) - spans):
            yield _tight(running.pop(span), row, span, changed)
        for span in spans:
            running.setdefault(span, row)


def _spans(changed: Sequence[bool], blank: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield the runs of a row's cells that may be written, if one of them must be."""
    start = 0
    for column in range(len(changed) + 1):
        if column == len(changed) or not (changed[column] or blank[column]):
            if any(changed[start:column]):
                yield start, column
            start = column + 1


def _tight(
    first: int, end: int, span: tuple[int, int], changed: Sequence[Sequence[bool]]
) -> tuple[int, int, int, int]:
    """Return a rectangle without the columns at its sides in which nothing changes."""
    used = [c for c in range(*span) if any(changed[row][c] for row in range(first, end))]
    return first, end, used[0], used[-1] + 1
