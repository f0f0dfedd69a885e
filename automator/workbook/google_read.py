"""Which cells of a spreadsheet are asked for, and the snapshot that they make."""

from collections.abc import Mapping, Sequence

from automator.core.layout import FAULTS, HEADER_SEARCH_ROWS, INPUT_TABS, STATUS, TABS
from automator.core.names import key
from automator.core.snapshot import Cell, Sheet, cell_name
from automator.workbook.google_shape import GoogleTab, Shape
from automator.workbook.trimming import Rows, trimmed

MAX_COLUMNS = 256
"""How far to the right is read; what stands beyond is no column of the workbook."""
MAX_STRANGERS = 20
"""Of how many tabs that the layout does not know the first rows are looked at."""
WORKER_KEYS = frozenset({key(STATUS.title), key(FAULTS.title)})
_KNOWN = frozenset(key(tab.title) for tab in TABS)


def wanted(shape: Shape, asked: frozenset[str] | None) -> dict[int, str]:
    """Return the A1 range of each tab that is read, by the tab's id.

    `asked` are tab keys; None is every input tab, the worker's own two (what is written is
    compared with them), and the first rows of tabs that the layout does not know. A range is
    bounded by the tab's grid; of a grid of millions of cells Google sends the used ones.
    """
    inputs = {key(t.title) for t in INPUT_TABS if asked is None or t.key in asked}
    whole = inputs | WORKER_KEYS if asked is None else inputs
    found: dict[int, str] = {}
    strangers = 0
    for tab in shape.tabs:
        name = key(tab.title)
        if not tab.grid:
            continue
        if name in whole:
            found[tab.id] = _range(tab, tab.rows)
        elif asked is None and name not in _KNOWN and strangers < MAX_STRANGERS:
            found[tab.id] = _range(tab, HEADER_SEARCH_ROWS)
            strangers += 1
    return found


def _range(tab: GoogleTab, rows: int) -> str:
    quoted = tab.title.replace("'", "''")
    corner = cell_name(min(rows, tab.rows), min(tab.columns, MAX_COLUMNS) - 1)
    return f"'{quoted}'!A1:{corner}"


def rows_by_tab(
    ranges: Mapping[int, str], values: Sequence[Sequence[Sequence[Cell]]]
) -> dict[int, Rows]:
    """Return the rows of each tab that was read, by the tab's id."""
    return {tab: trimmed(rows) for tab, rows in zip(ranges, values, strict=True)}


def sheets(shape: Shape, rows: Mapping[int, Rows], link: str) -> tuple[Sheet, ...]:
    """Return every tab with its cells (none for one that was not read), and a link to a cell."""
    return tuple(
        Sheet(
            title=tab.title,
            rows=rows.get(tab.id, ()),
            link=f"{link}#gid={tab.id}&range={{cell}}",
        )
        for tab in shape.tabs
    )
