"""Workbooks with faults of every kind, planted one by one, and the list of what was planted.

`python -m tests.messy` (from the repository's root) writes them and their lists anew into
tests/data/messy. `tests/test_messy.py` holds each file to this script, cell by cell, and each
list to what `automator run --json` reports: every planted fault, and no other.
"""

from collections.abc import Callable

from .american import american, mac_1904
from .book import NOW, Bad, Book, bad
from .hostile import hostile
from .incidents import incidents
from .moved import moved
from .pasted import pasted
from .roster import roster
from .saved import saved

BOOKS: dict[str, Callable[[], Book]] = {
    "pasted": pasted,
    "american": american,
    "mac-1904": mac_1904,
    "moved": moved,
    "roster": roster,
    "incidents": incidents,
    "hostile": hostile,
    "saved-by-libreoffice": saved,
}
CONVERTED = frozenset({"saved-by-libreoffice"})
"""Books that LibreOffice opens and saves before they are committed."""

__all__ = ["BOOKS", "CONVERTED", "NOW", "Bad", "Book", "bad"]
