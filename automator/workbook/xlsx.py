"""An .xlsx file as the source: opened read-only, never written; the status goes beside it."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine as calamine

from automator.core.publication import Publication
from automator.core.snapshot import Cell, Sheet, Snapshot
from automator.errors import WorkbookUnreadable
from automator.workbook import cell_errors, extent, guard
from automator.workbook.publish import publish
from automator.workbook.trimming import Rows, trimmed

SPARSE_ROWS = 20_000
SPARSE_COLUMNS = 256
"""How much is read of a sheet with a stray cell far out."""

_DATE_1904 = re.compile(rb'\bdate1904="(?:1|true|on)"')
_CELLS = (str, int, float, date, time, timedelta)


class XlsxWorkbook:
    """One .xlsx (also .xlsm or .ods) under `path`; `status_path` is where it publishes."""

    def __init__(self, path: Path, workbook_id: str, status_path: Path) -> None:
        self.path = path
        self.workbook_id = workbook_id
        self.status_path = status_path

    def read(self, taken_at: datetime, asked: frozenset[str] | None = None) -> Snapshot:
        """Return every sheet's cells. The file is read once, so a save meanwhile cannot tear it.

        A sheet that cannot be parsed is left out and named in `notes`, by title. Raises
        WorkbookUnreadable if the file is no sound workbook or none of its sheets is readable.
        """
        data = guard.load(self.path)
        sheets, notes = _sheets(self.path, data)
        return Snapshot(
            workbook=self.workbook_id,
            source=str(self.path),
            taken_at=taken_at,
            sheets=sheets,
            asked=asked,
            date_1904=_date_1904(data),
            notes=notes,
        )

    def publish(self, publication: Publication) -> str:
        """Write the sibling workbook atomically and return its path."""
        publish(publication, self.status_path)
        return str(self.status_path)


def _sheets(path: Path, data: bytes) -> tuple[tuple[Sheet, ...], dict[str, str]]:
    sheets: list[Sheet] = []
    notes: dict[str, str] = {}
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            titles = _worksheets(book)
            sparse, errors = _oversized(data), _errors(data)
            for position, title in titles:
                try:
                    rows = _sparse(data, title) if position in sparse else _dense(book, position)
                    shown = _with_errors(trimmed(rows), errors.get(position, {}))
                    sheets.append(Sheet(title=title, rows=shown))
                except BaseException as error:
                    notes[title] = _reason(error)
    except BaseException as error:
        raise _unreadable(path, _reason(error)) from None
    if not sheets:
        raise _unreadable(path, "; ".join(notes.values()) or "it has no sheets")
    return tuple(sheets), notes


def _worksheets(book: calamine.CalamineWorkbook) -> list[tuple[int, str]]:
    return [
        (position, meta.name)
        for position, meta in enumerate(book.sheets_metadata)
        if meta.typ == calamine.SheetTypeEnum.WorkSheet
    ]


def _dense(book: calamine.CalamineWorkbook, position: int) -> Iterable[Iterable[Cell]]:
    # Without skip_empty_area=False leading blank rows and columns vanish and A1 names shift.
    return book.get_sheet_by_index(position).to_python(skip_empty_area=False)


def _sparse(data: bytes, title: str) -> Iterator[Iterable[Cell]]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    rows = book[title].iter_rows(max_row=SPARSE_ROWS, max_col=SPARSE_COLUMNS, values_only=True)
    return iter([_plain(row) for row in rows])


def _plain(row: tuple[object, ...]) -> tuple[Cell, ...]:
    if row.count(None) == len(row):
        return ()
    return tuple(value if isinstance(value, _CELLS) else None for value in row)


def _oversized(data: bytes) -> frozenset[int]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            return extent.oversized(archive)
        except (zipfile.BadZipFile, KeyError, NotImplementedError, OSError):
            return frozenset()  # a damaged part: calamine says which sheet it is


def _errors(data: bytes) -> Mapping[int, cell_errors.Errors]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            return cell_errors.errors(archive)
        except (zipfile.BadZipFile, KeyError, NotImplementedError, OSError):
            return {}


def _with_errors(rows: Rows, errors: cell_errors.Errors) -> Rows:
    """Return the rows with each failed cell as Excel shows it, "#N/A"."""
    if not errors:
        return rows
    height = min(max(row for row, _ in errors) + 1, SPARSE_ROWS)
    shown = [list(row) for row in (*rows, *[()] * (height - len(rows)))]
    for (row, column), text in sorted(errors.items()):
        if row < len(shown) and column < SPARSE_COLUMNS:
            shown[row] += [None] * (column + 1 - len(shown[row]))
            shown[row][column] = text
    return tuple(map(tuple, shown))


def _date_1904(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return False
        return _DATE_1904.search(archive.read("xl/workbook.xml")) is not None


def _reason(error: BaseException) -> str:
    """Return one line for a parser's fault; Ctrl-C and exit are none and go on.

    A panic of the Rust parser is a BaseException that is no Exception.
    """
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
        raise error
    if isinstance(error, calamine.PasswordError):
        return "it is password-protected"
    text = " ".join(str(error).split())[:200]
    return f"it is damaged ({text or type(error).__name__})"


def _unreadable(path: Path, reason: str) -> WorkbookUnreadable:
    hint = "open it in Excel, repair it and save it as .xlsx"
    return WorkbookUnreadable(f"cannot read the workbook {path}: {reason}", hint=hint)
