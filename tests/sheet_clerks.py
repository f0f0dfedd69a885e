"""Fifty people at one Google Sheet, as a seed says: each thing they do, they do to its shadow too.

The shadow is a spreadsheet that the worker cannot open: what stands in the schools' tabs of the
two must be the same for ever, as whoever works on the sheet works on both.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from random import Random
from typing import Any

from clerks import CELLS, TABS
from google_office import WORKER_TABS
from sheets.cells import Value
from sheets.faults import ApiError
from sheets_server import SheetsServer

from automator.core.layout import tab

HEADER = 2
"""The header's row; what the clerks type is below it."""
PEOPLE = 50
_OFTEN, _SOMETIMES = 0.95, 0.5
_Row = list[Value]


class Staff:
    """Everybody who works on the spreadsheet `book` and on its `shadow`."""

    def __init__(self, server: SheetsServer, book: str, shadow: str, seed: int) -> None:
        self.refused = 0
        self.done: dict[str, int] = {}
        self._server = server
        self._books = (book, shadow)
        self._random = Random(seed)
        self._clerks = [
            _Clerk(self, f"clerk-{n:02}@truong.example", f"TH-{n % 12 + 1:02}", seed)
            for n in range(PEOPLE)
        ]
        for clerk in self._clerks:
            for each in self._books:
                server.share(each, clerk.email)

    def work(self, most: int = 12) -> None:
        """Let some of them do one thing each."""
        for clerk in self._random.sample(self._clerks, self._random.randint(1, most)):
            clerk.do_something()

    def leave(self) -> None:
        """Let everybody paste what he still holds in his clipboard, and go home."""
        for clerk in self._clerks:
            clerk.go_home()

    def rows(self, key: str) -> list[_Row]:
        """Return the rows below the header, as they stand in the shadow."""
        return self._server.values(self._books[1], tab(key).title)[HEADER:]

    def both(self, deed: Callable[[str], None]) -> None:
        """Do the same to the spreadsheet and to its shadow."""
        for each in self._books:
            deed(each)

    def vandalise(self, email: str, title: str) -> None:
        """Try to type over what the worker has written: Google refuses."""
        try:
            self._server.set(self._books[0], title, "A1", "sửa tay", by=email)
        except ApiError:
            self.refused += 1
            return
        msg = f"{email} could write into {title}"
        raise AssertionError(msg)

    def worker_tabs(self) -> Sequence[str]:
        """Return the worker's tabs that are there by now."""
        with self._server.api.lock:
            there = {t.title for t in self._server.api.books[self._books[0]].tabs}
        return [title for title in WORKER_TABS if title in there]

    @property
    def server(self) -> SheetsServer:
        """The server that holds both."""
        return self._server


class _Clerk:
    """One person: a school of his own, which most of his rows are about, and a clipboard."""

    def __init__(self, staff: Staff, email: str, school: str, seed: int) -> None:
        self.email = email
        self._staff = staff
        self._school = school
        self._random = Random(f"{seed}/{email}")
        self._clipboard: list[tuple[str, _Row]] = []

    def do_something(self) -> None:
        """Do one of the things that people do."""
        key = self._random.choice(TABS)
        name = self._random.choice(_DEEDS)
        self._staff.done[name] = self._staff.done.get(name, 0) + 1
        getattr(self, f"_{name}")(key, self._staff.rows(key))

    def go_home(self) -> None:
        """Paste what was cut and never pasted."""
        while self._clipboard:
            key, row = self._clipboard.pop()
            self._put(key, len(self._staff.rows(key)), row)

    # -- what is done to both spreadsheets

    def _put(self, key: str, place: int, row: _Row) -> None:
        """Type a row at a place (0: the first below the header)."""
        name, title = f"A{HEADER + 1 + place}", tab(key).title
        self._staff.both(
            lambda book: self._staff.server.paste(book, title, name, [row], by=self.email)
        )

    def _line(self, deed: str, key: str, *rows: int) -> None:
        """Insert, delete or move rows, which are counted from 0."""
        places, title = [HEADER + 1 + row for row in rows], tab(key).title
        act = getattr(self._staff.server, deed)
        self._staff.both(lambda book: act(book, title, *places, by=self.email))

    # -- what a clerk does

    def _append(self, key: str, rows: list[_Row]) -> None:
        self._put(key, len(rows), self._typed(key))

    def _insert(self, key: str, rows: list[_Row]) -> None:
        place = self._random.randint(0, len(rows))
        self._line("insert_row", key, place)
        self._put(key, place, self._typed(key))

    def _edit(self, key: str, rows: list[_Row]) -> None:
        if rows:
            self._change(key, self._any(rows), lambda column: self._text(key, column))

    def _clear(self, key: str, rows: list[_Row]) -> None:
        if rows:
            self._change(key, self._any(rows), lambda _: None)

    def _change(self, key: str, place: int, value: Callable[[str], Value]) -> None:
        columns = [column.key for column in tab(key).columns]
        column = self._random.choice(list(CELLS[key]))
        new, title = value(column), tab(key).title
        name = f"{chr(65 + columns.index(column))}{HEADER + 1 + place}"
        self._staff.both(lambda b: self._staff.server.set(b, title, name, new, by=self.email))

    def _sort(self, key: str, rows: list[_Row]) -> None:
        column, down = self._random.randrange(len(tab(key).columns)), self._random.random() < 0.5
        self._staff.both(
            lambda book: self._staff.server.sort_rows(
                book, tab(key).title, column, HEADER + 1, down=down, by=self.email
            )
        )

    def _delete(self, key: str, rows: list[_Row]) -> None:
        if rows:
            self._line("delete_row", key, self._any(rows))

    def _cut(self, key: str, rows: list[_Row]) -> None:
        """Cut a row; it is pasted at some later time, or as the clerk goes home."""
        if rows:
            place = self._any(rows)
            self._clipboard.append((key, rows[place]))
            self._put(key, place, [None] * len(tab(key).columns))

    def _paste(self, key: str, rows: list[_Row]) -> None:
        if self._clipboard:
            key, row = self._clipboard.pop(0)
            place = self._random.randint(0, len(self._staff.rows(key)))
            self._line("insert_row", key, place)
            self._put(key, place, row)

    def _drag(self, key: str, rows: list[_Row]) -> None:
        """Cut a row and paste it over another, which is lost."""
        if len(rows) > 1:
            self._line("move_row", key, *self._random.sample(range(len(rows)), 2))

    def _copy(self, key: str, rows: list[_Row]) -> None:
        if rows:
            self._put(key, len(rows), rows[self._any(rows)])

    def _empty(self, key: str, rows: list[_Row]) -> None:
        if rows:
            self._put(key, self._any(rows), [None] * len(tab(key).columns))

    def _vandalise(self, key: str, rows: list[_Row]) -> None:
        for title in self._staff.worker_tabs():
            self._staff.vandalise(self.email, title)

    # -- what a clerk types

    def _typed(self, key: str) -> _Row:
        first = list(CELLS[key])[:4]
        return [
            self._text(key, c.key)
            if c.key in CELLS[key]
            and self._random.random() < (_OFTEN if c.key in first else _SOMETIMES)
            else None
            for c in tab(key).columns
        ]

    def _text(self, key: str, column: str) -> Value:
        """Return a cell's content: days half of the time as text, half as days."""
        if column == "school" and self._random.random() < _OFTEN:
            return self._school
        text = self._random.choice(CELLS[key][column])
        return _as_day(text) if self._random.random() < 0.5 else text

    def _any(self, rows: Sequence[_Row]) -> int:
        return self._random.randrange(len(rows))


def _as_day(text: str) -> Value:
    for form in ("%d/%m/%Y", "%d/%m/%Y %H:%M"):
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - cells hold naive days
        except ValueError:
            continue
        return found if "%H" in form else found.date()
    return text


_DEEDS = (
    *["append"] * 6,
    *["insert"] * 3,
    *["edit"] * 6,
    *["clear", "sort", "sort", "delete", "cut", "cut", "paste", "paste", "drag", "copy", "empty"],
    "vandalise",
)


def differences(here: Mapping[str, Sequence[Any]], there: Mapping[str, Sequence[Any]]) -> list[str]:
    """Return the rows in which two workbooks differ, to be read by whoever mends the test."""
    return [
        f"{title} {number}: {one} / {other}"
        for title in here
        for number, (one, other) in enumerate(zip_longest(here[title], there[title]), start=1)
        if one != other
    ]
