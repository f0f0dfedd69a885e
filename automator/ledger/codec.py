"""Values as text and back, without loss: cells, sheets, names and counts as JSON."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from automator.core.snapshot import Cell

_SURROGATE = re.compile("[\ud800-\udfff]")


def dump(value: object) -> str:
    """Return `value` as compact JSON in which Vietnamese stays readable.

    Lone surrogates, which no database takes, are escaped. Raises ValueError for NaN.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def dump_cells(rows: Sequence[Sequence[Cell]]) -> str:
    """Return the rows of a sheet as JSON; types that JSON lacks become `{"date": "…"}`."""
    return dump([[_packed(cell) for cell in row] for row in rows])


def load_cells(text: str) -> tuple[tuple[Cell, ...], ...]:
    """Return the rows that `dump_cells` wrote, with the same types."""
    return tuple(tuple(_unpacked(cell) for cell in row) for row in json.loads(text))


def dump_pairs(pairs: Sequence[tuple[str, str]]) -> str:
    """Return (name, text) pairs as JSON, in order."""
    return dump([list(pair) for pair in pairs])


def load_pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs that `dump_pairs` wrote."""
    return tuple((name, value) for name, value in json.loads(text))


def dump_names(names: Sequence[str]) -> str:
    """Return texts as JSON, in order."""
    return dump(list(names))


def load_names(text: str) -> tuple[str, ...]:
    """Return the texts that `dump_names` wrote."""
    return tuple(json.loads(text))


def dump_counts(counts: Mapping[str, Any]) -> str:
    """Return counts (numbers, or numbers by name) as JSON, sorted by name."""
    return dump({name: counts[name] for name in sorted(counts)})


def load_counts(text: str) -> dict[str, Any]:
    """Return the counts that `dump_counts` wrote."""
    return dict(json.loads(text))


def _packed(cell: Cell) -> object:
    """Return a cell as JSON has it. A datetime is a date too, so it is asked first."""
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, time):
        return {"time": cell.isoformat()}
    if isinstance(cell, timedelta):
        return {"span": [cell.days, cell.seconds, cell.microseconds]}
    if isinstance(cell, float) and not math.isfinite(cell):
        return {"float": repr(cell)}
    return cell


def _unpacked(cell: Any) -> Cell:
    if not isinstance(cell, dict):
        return cell  # type: ignore[no-any-return]
    ((kind, value),) = cell.items()
    if kind == "span":
        return timedelta(*value)
    if kind == "float":
        return float(value)
    kinds: dict[str, type[date | time]] = {"datetime": datetime, "date": date, "time": time}
    return kinds[kind].fromisoformat(value)
