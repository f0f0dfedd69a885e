"""Ranges: A1 notation with quoted tab names, and boxes of cells."""

import re
from dataclasses import dataclass
from functools import cache

_CORNER = r"([A-Za-z]{1,3})?([1-9]\d*)?"
_CELLS = re.compile(rf"\$?{_CORNER}(?::{_CORNER})?")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of cells, 0-based and half-open."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def empty(self) -> bool:
        """Whether there is no cell in it."""
        return self.top >= self.bottom or self.left >= self.right

    def meets(self, other: "Box") -> bool:
        """Whether a cell is in both."""
        both = Box(
            max(self.top, other.top),
            min(self.bottom, other.bottom),
            max(self.left, other.left),
            min(self.right, other.right),
        )
        return not both.empty

    def within(self, other: "Box") -> bool:
        """Whether `other` holds all of it."""
        rows = other.top <= self.top and self.bottom <= other.bottom
        return rows and other.left <= self.left and self.right <= other.right


@dataclass(frozen=True, slots=True)
class Span:
    """The cells that an A1 text names, None where it leaves a side open."""

    top: int | None = None
    bottom: int | None = None
    left: int | None = None
    right: int | None = None

    def on(self, rows: int, columns: int) -> Box:
        """Return its cells on a grid of that size; a part outside is cut off."""
        return Box(
            self.top or 0,
            min(rows if self.bottom is None else self.bottom, rows),
            self.left or 0,
            min(columns if self.right is None else self.right, columns),
        )


def split(text: str) -> tuple[str | None, bool, str]:
    """Return (tab or None, whether it is quoted, cells) of an A1 text."""
    quoted = re.fullmatch(r"'((?:[^']|'')+)'(?:!(.*))?", text, re.DOTALL)
    if quoted:
        return quoted[1].replace("''", "'"), True, quoted[2] or ""
    name, mark, cells = text.rpartition("!")
    return (name, False, cells) if mark else (None, False, text)


def span(cells: str) -> Span | None:
    """Return what a cell text such as "B2:D", "3:7" or "" names; None if it is none."""
    if not cells:
        return Span()
    found = _CELLS.fullmatch(cells.replace("$", ""))
    if (
        not found
        or not (found[1] or found[2])
        or (":" not in cells and not (found[1] and found[2]))
    ):
        return None
    if ":" not in cells:
        column, row = number(found[1]), int(found[2])
        return Span(row - 1, row, column, column + 1)
    rows = sorted(int(r) for r in (found[2], found[4]) if r)
    columns = sorted(number(c) for c in (found[1], found[3]) if c)
    return Span(
        rows[0] - 1 if found[2] else None,
        rows[-1] if found[4] else None,
        columns[0] if found[1] else None,
        columns[-1] + 1 if found[3] else None,
    )


def like_a_cell(title: str) -> bool:
    """Whether an unquoted title is read as a cell: T3."""
    return bool(_LIKE_A_CELL.fullmatch(title))


def number(letters: str) -> int:
    """Return the 0-based column of its letters."""
    result = 0
    for letter in letters.upper():
        result = result * 26 + ord(letter) - 64
    return result - 1


@cache
def letters(column: int) -> str:
    """Return the letters of a 0-based column."""
    text, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def quote(title: str) -> str:
    """Return a title as Google writes it in a range: quoted unless it is a plain word."""
    if _PLAIN.fullmatch(title) and not like_a_cell(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def named(title: str, box: Box) -> str:
    """Return a box as Google echoes it: Sheet1!A1:Z1000, Sheet1!B2."""
    first = f"{letters(box.left)}{box.top + 1}"
    last = f"{letters(box.right - 1)}{box.bottom}"
    return f"{quote(title)}!{first}" + ("" if first == last else f":{last}")
