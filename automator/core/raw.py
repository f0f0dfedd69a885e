"""What every reader of a cell asks first: is there anything in it, and how does it read?"""

from datetime import date, datetime, time, timedelta

from automator.core.names import clean
from automator.core.snapshot import Cell

_DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0xFE63, 0xFF0D), "-")
_PLACEHOLDERS = frozenset({"", "-", "--", "---", "…", "...", "..", "?", "/", "'"})


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell holds nothing a reader could see (None, spaces, ZWSP)."""
    return cell is None or (isinstance(cell, str) and not clean(cell))


def says_nothing(text: str) -> bool:
    """Tell whether a text only keeps a place: "-", "…", "?". Unknown, not "no"."""
    return plain_dashes(text) in _PLACEHOLDERS


def plain_dashes(text: str) -> str:
    """Return `text` with every kind of dash as "-"."""
    return text if text.isascii() else text.translate(_DASHES)


def as_text(cell: Cell) -> str:
    """Return a cell as a reader sees it, cleaned: no ".0", days as dd/mm/yyyy, "" if blank."""
    if isinstance(cell, str):
        return clean(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return _number_text(cell) if isinstance(cell, int | float) else _time_text(cell)


def _number_text(number: float) -> str:
    if isinstance(number, float):
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return str(number) if abs(number) < 10**30 else f"{number:#x}"  # str() refuses huge ones


def _time_text(moment: date | datetime | time | timedelta) -> str:
    if isinstance(moment, datetime):
        day = f"{moment.day:02}/{moment.month:02}/{moment.year:04}"
        return f"{day} {moment.hour:02}:{moment.minute:02}" if moment.time() != time() else day
    if isinstance(moment, date):
        return f"{moment.day:02}/{moment.month:02}/{moment.year:04}"
    if isinstance(moment, time):
        return f"{moment.hour:02}:{moment.minute:02}"
    return str(moment)
