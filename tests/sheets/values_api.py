"""values.get, batchGet, update, batchUpdate, append and clear."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from .a1 import Box, letters, named
from .book import Book
from .cells import effective, extended, plain, serial, text, without_value
from .faults import Json, refuse
from .grid import Tab
from .protections import guard

FORMATTED, UNFORMATTED, FORMULA = "FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def read(
    book: Book,
    asked: str,
    render: str = FORMATTED,
    dates: str = "SERIAL_NUMBER",
    major: str = "ROWS",
) -> Json:
    """Return a ValueRange: trailing empty rows and cells cut, no `values` when all are empty."""
    tab, box = book.find(asked)
    rows: dict[int, dict[int, Any]] = {}
    for row, column, held in tab.used(box):
        if "userEnteredValue" not in held:
            continue
        value = shown(book, held, render, dates)
        if value is not None:
            if major == "COLUMNS":
                rows.setdefault(column - box.left, {})[row - box.top] = value
            else:
                rows.setdefault(row - box.top, {})[column - box.left] = value
    answer: Json = {"range": named(tab.title, box), "majorDimension": major}
    lines = [_line(rows.get(n, {})) for n in range(max(rows, default=-1) + 1)]
    return answer | ({"values": lines} if lines else {})


def _line(held: dict[int, Any]) -> list[Any]:
    return [held.get(n, "") for n in range(max(held, default=-1) + 1)]


def shown(book: Book, held: Json, render: str, dates: str) -> Any:
    """Return one cell as a render option wants it; None for an empty one."""
    if render == FORMULA and "formulaValue" in held.get("userEnteredValue", {}):
        return held["userEnteredValue"]["formulaValue"]
    value = plain(effective(held))
    if value is None:
        return None
    number_format = held.get("userEnteredFormat", {}).get("numberFormat", {})
    dated = str(number_format.get("type")) in ("DATE", "TIME", "DATE_TIME")
    if render == FORMATTED or (dates == "FORMATTED_STRING" and dated):
        return text(held, book.locale)
    return value


def write(book: Book, caller: str, asked: str, given: Json, option: str | None) -> Json:
    """Write a ValueRange; None leaves a cell as it is, "" empties it. Returns what was done."""
    if option not in ("RAW", "USER_ENTERED"):
        refuse("'valueInputOption' is required but not specified")
    tab, box = book.find(asked)
    rows: Sequence[Sequence[Any]] = given.get("values") or ()
    if given.get("majorDimension") == "COLUMNS":
        width = max(map(len, rows), default=0)
        rows = [[c[n] if n < len(c) else None for c in rows] for n in range(width)]
    written = _fit(tab, box, asked, rows)
    guard(book, tab, caller, written)
    for down, row in enumerate(rows):
        for across, value in enumerate(row):
            if isinstance(value, (list, dict)):
                refuse(f"Invalid values[{down}][{across}]: list_value")
            if value is not None:
                _type(book, tab, box.top + down, box.left + across, value, option)
    return {
        "spreadsheetId": book.id,
        "updatedRange": named(tab.title, written),
        "updatedRows": written.bottom - written.top,
        "updatedColumns": written.right - written.left,
        "updatedCells": sum(map(len, rows)),
    }


def _fit(tab: Tab, box: Box, asked: str, rows: Sequence[Sequence[Any]]) -> Box:
    """Return the cells that are written. ApiError 400 if they leave the range asked for."""
    width = max(map(len, rows), default=0)
    single = ":" not in asked.rpartition("!")[2] and box.bottom - box.top == 1
    limit = Box(box.top, tab.rows, box.left, tab.columns) if single else box
    if box.top + len(rows) > limit.bottom or box.left + width > limit.right:
        column = box.left + width > limit.right
        beyond = f"column [{letters(limit.right)}]" if column else f"row [{limit.bottom + 1}]"
        refuse(
            f"Requested writing within range [{named(tab.title, limit)}], "
            f"but tried writing to {beyond}"
        )
    return Box(box.top, box.top + max(len(rows), 1), box.left, box.left + max(width, 1))


def _type(book: Book, tab: Tab, row: int, column: int, value: Any, option: str) -> None:
    held = without_value(tab.at(row, column))
    entered = (
        _entered(value, book.locale)
        if option == "USER_ENTERED" and isinstance(value, str)
        else None
    )
    if value != "":
        held["userEnteredValue"] = entered or extended(value)
    tab.put(row, column, held)


def _entered(typed: str, locale: str) -> Json | None:
    """Return what Google makes of typed text, None if it stays text."""
    if typed.startswith("="):
        return {"formulaValue": typed}
    if typed.startswith("'"):
        return {"stringValue": typed[1:]}
    if typed.upper() in ("TRUE", "FALSE"):
        return {"boolValue": typed.upper() == "TRUE"}
    if _NUMBER.fullmatch(typed):
        return {"numberValue": float(typed.replace(",", "."))}
    day = _DAY.fullmatch(typed)
    if not day:
        return None
    try:
        first, second = (day[2], day[1]) if locale == "en_US" else (day[1], day[2])
        moment = date(int(day[3]), int(second), int(first))
    except ValueError:
        return None
    return {"numberValue": serial(moment)}


def append(book: Book, caller: str, asked: str, given: Json, option: str | None) -> Json:
    """Write rows below the last used row of a tab, growing the grid where it must."""
    tab, _ = book.find(asked)
    rows = given.get("values") or []
    first = max(tab.cells, default=-1) + 1
    tab.rows = max(tab.rows, first + len(rows))
    width = max(map(len, rows), default=1)
    start = named(tab.title, Box(first, first + max(len(rows), 1), 0, max(width, 1)))
    return {"spreadsheetId": book.id, "updates": write(book, caller, start, given, option)}


def clear(book: Book, caller: str, asked: str) -> str:
    """Empty the values of a range, never its formats or notes; return the range."""
    tab, box = book.find(asked)
    guard(book, tab, caller, box)
    for row, column, held in list(tab.used(box)):
        tab.put(row, column, without_value(held))
    return named(tab.title, box)
