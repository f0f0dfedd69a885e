"""The raw cells of one read of a workbook: what a source hands to the turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from automator.core.problem import Problem

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""One raw cell. None is blank; a `datetime` is naive local time, as a workbook stores it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One tab as read: `rows[0]` is row 1 and its first cell is column A.

    Trailing blank rows and cells may be cut; a row shorter than another is blank to its right.
    `link` opens the tab in a browser (Google), with `{cell}` where the cell goes; "" for a file.
    """

    title: str
    rows: tuple[tuple[Cell, ...], ...]
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One read of a workbook.

    `workbook` is its id, `source` says where it came from in words an operator knows,
    `taken_at` is the aware instant of the read, `sheets` holds every tab by title, in order.
    `asked` are the tab keys that were asked for (None: all); the others are *not asked for*.
    `date_1904` says that day serials count from 1904-01-01. `problems` are faults of the
    workbook as a whole, such as its time zone.
    """

    workbook: str
    source: str
    taken_at: datetime
    sheets: tuple[Sheet, ...]
    asked: frozenset[str] | None = None
    date_1904: bool = False
    notes: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def cell_name(row: int, column: int) -> str:
    """Return the A1 name of a cell from its 1-based row and 0-based column."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
