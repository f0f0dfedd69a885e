"""What people do in the browser, for tests: everything but HTTP."""

from collections.abc import Mapping, Sequence
from typing import Any

from .a1 import Box, span
from .api import Api
from .batch import run
from .batch_cells import sort
from .book import WRITER, Book, fill
from .cells import Value, cell, without_value
from .faults import Json, refuse
from .grid import COLUMNS, ROWS, Tab
from .protections import guard
from .resource import spreadsheet
from .values_api import UNFORMATTED, read

OWNER = "chu-so@phong.example"


class Clerks:
    """People at work in the spreadsheets. `by` is whose hand it is; None is the owner's.

    Whoever is named is held by protected ranges as in the browser: ApiError.
    """

    @property
    def api(self) -> Api:
        """The spreadsheets and accounts themselves."""
        raise AssertionError

    def create(
        self,
        title: str,
        sheets: Mapping[str, Sequence[Sequence[Value]]],
        *,
        shared_with: Sequence[str],
        time_zone: str = "Asia/Ho_Chi_Minh",
        locale: str = "vi_VN",
        sizes: Mapping[str, tuple[int, int]] | None = None,
    ) -> str:
        """Make a spreadsheet of these tabs and rows; return its id. `sizes`: (rows, columns)."""
        with self.api.lock:
            words = {"title": title, "timeZone": time_zone, "locale": locale}
            book = self.api.make(OWNER, words)
            for number, (name, rows) in enumerate(sheets.items()):
                tab = book.add(name, sheet_id=None if number else 0)
                if sizes and name in sizes:
                    tab.rows, tab.columns = sizes[name]
                fill(tab, rows)
            book.room()
            book.roles = dict.fromkeys(shared_with, WRITER)
            return book.id

    def values(self, spreadsheet_id: str, tab: str) -> list[list[Any]]:
        """Return all values of a tab, as batchGet gives them unformatted."""
        with self.api.lock:
            book = self.api.books[spreadsheet_id]
            quoted = "'" + tab.replace("'", "''") + "'"
            found: list[list[Any]] = read(book, quoted, UNFORMATTED).get("values", [])
            return found

    def cell(self, spreadsheet_id: str, tab: str, name: str) -> Json:
        """Return one cell's CellData: value, format, note, drop-down."""
        with self.api.lock:
            found, box = self._spot(self.api.books[spreadsheet_id], tab, name)
            return found.at(box.top, box.left)

    def spreadsheet(self, spreadsheet_id: str) -> Json:
        """Return what spreadsheets.get would show the owner, without cells."""
        with self.api.lock:
            return spreadsheet(self.api.books[spreadsheet_id], OWNER)

    def set(
        self, spreadsheet_id: str, tab: str, name: str, value: Value, by: str | None = None
    ) -> None:
        """Type into a cell; its drop-down, note and colours stay."""
        with self.api.lock:
            book = self.api.books[spreadsheet_id]
            found, box = self._spot(book, tab, name)
            guard(book, found, by or OWNER, box)
            _type(found, box, value)

    def paste(
        self,
        spreadsheet_id: str,
        tab: str,
        name: str,
        rows: Sequence[Sequence[Value]],
        by: str | None = None,
    ) -> None:
        """Paste values from a cell on; the grid grows as the browser makes it grow."""
        with self.api.lock:
            book = self.api.books[spreadsheet_id]
            found, box = self._spot(book, tab, name)
            width = max(map(len, rows), default=0)
            area = Box(box.top, box.top + len(rows), box.left, box.left + width)
            guard(book, found, by or OWNER, area)
            found.rows, found.columns = max(found.rows, area.bottom), max(found.columns, area.right)
            for down, row in enumerate(rows):
                for across, value in enumerate(row):
                    spot = Box(box.top + down, 0, box.left + across, 0)
                    _type(found, spot, value)

    def edit(self, spreadsheet_id: str, *requests: Json, by: str | None = None) -> list[Json]:
        """Do what the requests of a batchUpdate say, by hand; return their replies."""
        with self.api.lock:
            book = self.api.books[spreadsheet_id]
            after, replies = run(book, by or OWNER, requests)
            self.api.books[spreadsheet_id] = after
            return replies

    def sort_rows(
        self,
        spreadsheet_id: str,
        tab: str,
        column: int,
        first: int = 1,
        *,
        last: int | None = None,
        down: bool = False,
        by: str | None = None,
    ) -> None:
        """Sort rows `first` (1-based) to `last` by a 0-based column."""
        with self.api.lock:
            book = self.api.books[spreadsheet_id]
            found = _tab(book, tab)
            box = Box(first - 1, last or found.rows, 0, found.columns)
            guard(book, found, by or OWNER, box)
            order = "DESCENDING" if down else "ASCENDING"
            sort(found, box, [{"dimensionIndex": column, "sortOrder": order}])

    def insert_row(self, spreadsheet_id: str, tab: str, row: int, by: str | None = None) -> None:
        """Insert an empty row before row `row` (1-based)."""
        self._lines("insertDimension", spreadsheet_id, tab, (ROWS, row - 1), by)

    def delete_row(self, spreadsheet_id: str, tab: str, row: int, by: str | None = None) -> None:
        """Delete a row (1-based)."""
        self._lines("deleteDimension", spreadsheet_id, tab, (ROWS, row - 1), by)

    def delete_column(
        self, spreadsheet_id: str, tab: str, column: int, by: str | None = None
    ) -> None:
        """Delete a column (0-based)."""
        self._lines("deleteDimension", spreadsheet_id, tab, (COLUMNS, column), by)

    def move_row(
        self, spreadsheet_id: str, tab: str, row: int, to: int, by: str | None = None
    ) -> None:
        """Cut a row (1-based) and paste it over another: drop-downs and all."""
        with self.api.lock:
            book = self.api.books[spreadsheet_id]
            found = _tab(book, tab)
            for each in (row, to):
                guard(book, found, by or OWNER, Box(each - 1, each, 0, found.columns))
            moved = found.cells.pop(row - 1, {})
            found.cells.pop(to - 1, None)
            if moved:
                found.cells[to - 1] = moved

    def rename_tab(self, spreadsheet_id: str, tab: str, title: str, by: str | None = None) -> None:
        """Give a tab another title."""
        properties = {"sheetId": self.tab_id(spreadsheet_id, tab), "title": title}
        asked = {"properties": properties, "fields": "title"}
        self.edit(spreadsheet_id, {"updateSheetProperties": asked}, by=by)

    def copy_tab(self, spreadsheet_id: str, tab: str, by: str | None = None) -> str:
        """Duplicate a tab beside itself; return the copy's title ("Bản sao của …")."""
        source = self.tab_id(spreadsheet_id, tab)
        (reply,) = self.edit(spreadsheet_id, {"duplicateSheet": {"sourceSheetId": source}}, by=by)
        return str(reply["duplicateSheet"]["properties"]["title"])

    def delete_tab(self, spreadsheet_id: str, tab: str, by: str | None = None) -> None:
        """Delete a tab."""
        asked = {"sheetId": self.tab_id(spreadsheet_id, tab)}
        self.edit(spreadsheet_id, {"deleteSheet": asked}, by=by)

    def tab_id(self, spreadsheet_id: str, tab: str) -> int:
        """Return a tab's sheetId."""
        with self.api.lock:
            return _tab(self.api.books[spreadsheet_id], tab).id

    def share(self, spreadsheet_id: str, email: str, role: str = WRITER) -> None:
        """Let somebody in: "writer" or "reader"."""
        with self.api.lock:
            self.api.books[spreadsheet_id].roles[email] = role

    def unshare(self, spreadsheet_id: str, email: str) -> None:
        """Let somebody in no more."""
        with self.api.lock:
            self.api.books[spreadsheet_id].roles.pop(email, None)

    def remove(self, spreadsheet_id: str) -> None:
        """Delete a spreadsheet for good: it is not found any more."""
        with self.api.lock:
            del self.api.books[spreadsheet_id]

    def _lines(
        self, kind: str, spreadsheet_id: str, tab: str, line: tuple[str, int], by: str | None
    ) -> None:
        axis, index = line
        spot = {"dimension": axis, "startIndex": index, "endIndex": index + 1}
        spot["sheetId"] = self.tab_id(spreadsheet_id, tab)
        self.edit(spreadsheet_id, {kind: {"range": spot}}, by=by)

    def _spot(self, book: Book, tab: str, name: str) -> tuple[Tab, Box]:
        place, found = span(name), _tab(book, tab)
        assert place is not None, f"{name} names no cell"
        return found, place.on(found.rows, found.columns)


def _tab(book: Book, title: str) -> Tab:
    found = book.tab(title)
    if found is None:
        refuse(f"Unable to parse range: {title}")
    return found


def _type(tab: Tab, box: Box, value: Value) -> None:
    kept = without_value(tab.at(box.top, box.left))
    made = cell(value)
    form = {**kept.get("userEnteredFormat", {}), **made.get("userEnteredFormat", {})}
    tab.put(box.top, box.left, kept | made | ({"userEnteredFormat": form} if form else {}))
