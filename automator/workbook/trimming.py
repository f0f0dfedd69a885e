"""Every source hands over its cells alike: no blank text, whole numbers, nothing at the ends."""

from collections.abc import Iterable

from automator.core.snapshot import Cell

Rows = tuple[tuple[Cell, ...], ...]
_BLANK = " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u2060\ufeff"


def trimmed(rows: Iterable[Iterable[Cell]]) -> Rows:
    """Return the rows without blank cells at their ends, and without blank rows at the end."""
    kept = [_row(tuple(row)) for row in rows]
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def _row(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    if cells.count(None) + cells.count("") == len(cells):
        return ()  # a stray cell far out drags thousands of these along
    return _cut([_normal(cell) for cell in cells])


def _cut(cells: list[Cell]) -> tuple[Cell, ...]:
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return tuple(cells[:end])


def _normal(cell: Cell) -> Cell:
    """Return None for blank text, and a whole number as an int (a sheet knows only floats)."""
    if isinstance(cell, str):
        return cell if cell.strip(_BLANK) else None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    return cell
