"""A row as it is recognised again, and a tab as memory may keep it: free text only hashed."""

from collections.abc import Mapping
from hashlib import blake2b

from automator.core import cells
from automator.core.layout import Column, Kind, Tab
from automator.core.locate import Located
from automator.core.moment import Moment
from automator.core.names import clean, header_key, key
from automator.core.readers import plain
from automator.core.register import Value
from automator.core.snapshot import Cell, Sheet


def canon(
    tab: Tab, raw: Mapping[str, Cell], values: Mapping[str, Value]
) -> tuple[tuple[str, str], ...]:
    """Return every filled cell of a row as text, by column key, parsed values preferred."""
    return tuple(
        [
            (c.key, _canon_cell(c, raw[c.key], values.get(c.key)))
            for c in tab.columns
            if c.key in raw
        ]
    )


def _canon_cell(column: Column, cell: Cell, value: Value) -> str:
    if column.kind is Kind.FREE:
        return blake2b(clean(str(cell)).encode(), digest_size=8).hexdigest()
    if isinstance(value, Moment):
        return value.instant.isoformat() if value.timed else value.day.isoformat()
    if value is not None and not isinstance(value, tuple):
        return str(value)
    return key(plain(cell))


def without_free_text(located: Located) -> Sheet:
    """Return the tab's sheet as memory may keep it: listed columns only, free text hashed."""
    free = {i for k, i in located.columns.items() if located.tab.column(k).kind is Kind.FREE}
    others = set(located.others)
    rows: list[tuple[Cell, ...]] = []
    for number, row in enumerate(located.sheet.rows, start=1):
        if number == located.header_row or _is_upper_header(located, number, free):
            rows.append(tuple(None if i in others else c for i, c in enumerate(row)))
        else:
            rows.append(
                tuple(
                    None if i in others else (_hashed(c) if i in free else c)
                    for i, c in enumerate(row)
                )
            )
    return Sheet(title=located.sheet.title, rows=tuple(rows), link=located.sheet.link)


def _is_upper_header(located: Located, number: int, free: set[int]) -> bool:
    """Tell whether a row holds the free columns' headers: the upper half of a header."""
    row = located.sheet.rows[number - 1]
    heads = {i: header_key(located.tab.column(k).header) for k, i in located.columns.items()}
    return number < located.header_row and any(
        i in free and isinstance(cell, str) and header_key(cell) == heads[i]
        for i, cell in enumerate(row)
    )


def _hashed(cell: Cell) -> Cell:
    if cells.is_blank(cell):
        return None
    return "#" + blake2b(clean(str(cell)).encode(), digest_size=8).hexdigest()
