"""The columns of one tab: those that are missing, their notes, drop-downs, checks and colours."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from automator.core.layout import Column, Tab
from automator.core.snapshot import cell_name
from automator.workbook import google_lay, google_rules, rules
from automator.workbook.book import LAST_ROW, Book
from automator.workbook.google_live import LiveTab
from automator.workbook.google_wish import Request, Step

_NOTHING: Mapping[str, Any] = {}
"""One for all cells: there are hundreds of thousands to look at."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tab's header stands (`row` is 1-based) and its columns (0-based, by key).

    `on_top`: what is above the header is a banner at most, no row that was sorted there.
    """

    row: int
    columns: Mapping[str, int]
    on_top: bool

    def added(self, tab: Tab, live: LiveTab) -> dict[str, int]:
        """Return where the columns go that are not there: blank ones behind the header's last.

        Something far to the right keeps its place: behind it nobody would look for a column.
        """
        used = {number for _, number in live.filled}
        last = max((number for row, number in live.filled if row < self.row), default=-1)
        free = (number for number in count(last + 1) if number not in used)
        missing = [column.key for column in tab.laid if column.key not in self.columns]
        return {key: next(free) for key in missing}


def missing_columns(tab: Tab, live: LiveTab, place: Place) -> Iterator[Step]:
    """Yield a step for each column that is not there; nothing that is there moves."""
    added = place.added(tab, live)
    wide = max(added.values(), default=-1) + 1
    grow = [google_lay.resized(live, columns=wide)] if wide > live.columns else []
    for key, number in added.items():
        column = tab.column(key)
        made = list(google_lay.column_requests(tab, column, live, place.row, number))
        yield Step(
            tab=live.title,
            drift=f"there is no column {column.header}",
            deed=f"add it in {cell_name(place.row, number)}",
            requests=(*grow, *made),
        )
        grow = []


def notes(tab: Tab, live: LiveTab, place: Place) -> Iterator[Step]:
    """Yield a step if headers have no note; one of the office's own is left."""
    bare = [
        (column, number)
        for column in tab.laid
        if (number := place.columns.get(column.key)) is not None
        and rules.prompt(column)
        and not live.cells.get((place.row - 1, number), {}).get("note")
    ]
    if bare:
        yield Step(
            tab=live.title,
            drift=f"no note on the header of {_named([c.header for c, _ in bare])}",
            deed="add it",
            requests=tuple(google_lay.noted(live, place.row, n, c) for c, n in bare),
        )


def _bottom(live: LiveTab) -> int:
    """Return the end of the rows that are looked after: the grid's where people have gone on."""
    return live.rows if live.used > LAST_ROW else min(live.rows, LAST_ROW)


def checks(tab: Tab, live: LiveTab, place: Place, book: Book, schools: str) -> Iterator[Step]:
    """Yield a step if cells have not the drop-down or check of their column."""
    bottom = _bottom(live)
    wrong: list[str] = []
    requests: list[Request] = []
    for column, number in _standing(tab, place):
        rule = google_rules.check(tab, column, book, schools)
        if rule is None:
            continue
        at = list(_unchecked(live, range(place.row, bottom), number, rule))
        if at:
            wrong.append(_extent(column, number, at, bottom - place.row))
            requests.append(_set(live, place.row, bottom, number, rule))
    if wrong:
        yield Step(
            tab=live.title,
            drift=f"no drop-down or check, or another one, in {_named(wrong)}",
            deed="set it",
            requests=tuple(requests),
        )


def formats(tab: Tab, live: LiveTab, place: Place) -> Iterator[Step]:
    """Yield a step if blank cells show what will be typed otherwise: 02/2021 becomes a day.

    Cells that hold something are left: another format would show it otherwise.
    """
    bottom = _bottom(live)
    wrong: list[str] = []
    requests: list[Request] = []
    for column, number in _standing(tab, place):
        kind = google_lay.shown(tab, column)["type"]
        at = list(_otherwise(live, range(place.row, bottom), number, kind))
        if at:
            wrong.append(_extent(column, number, at, bottom - place.row))
            requests += [google_lay.formatted(tab, column, live, run, number) for run in _runs(at)]
    if wrong:
        yield Step(
            tab=live.title,
            drift=f"another number format in blank cells of {_named(wrong)}",
            deed="set it",
            requests=tuple(requests),
        )


def _otherwise(live: LiveTab, rows: Iterable[int], number: int, kind: str) -> Iterator[int]:
    """Yield the rows of a column whose cells are blank and have not the format `kind`."""
    for row in rows:
        look = live.cells.get((row, number), _NOTHING).get("userEnteredFormat", _NOTHING)
        said = look.get("numberFormat", _NOTHING).get("type")
        if said != kind and (row, number) not in live.filled:
            yield row


def _runs(rows: list[int]) -> Iterator[tuple[int, int]]:
    """Yield (first, end) of each run of rows that follow each other."""
    start = 0
    for n in range(1, len(rows) + 1):
        if n == len(rows) or rows[n] != rows[n - 1] + 1:
            yield rows[start], rows[n - 1] + 1
            start = n


def shades(tab: Tab, live: LiveTab, place: Place) -> Iterator[Step]:
    """Yield a step if conditional formats are missing; others are left."""
    bottom = _bottom(live)
    used = live.used
    headers = {number: column.header for column, number in _standing(tab, place)}
    wrong: list[str] = []
    requests: list[Request] = []
    for number, rule in google_rules.shades(tab, place.columns, place.row):
        same = (each for each in live.formats if google_rules.same_shade(rule, each))
        if any(reaches(each, number, place.row, used) for each in same):
            continue
        span = {"sheetId": live.id, "startRowIndex": place.row, "endRowIndex": bottom}
        span |= {"startColumnIndex": number, "endColumnIndex": number + 1}
        wrong.append(headers[number])
        requests.append(shaded(live, rule, span, len(requests)))
    if wrong and bottom > place.row:
        yield Step(
            tab=live.title,
            drift=f"no conditional format in {_named(list(dict.fromkeys(wrong)))}",
            deed="add it",
            requests=tuple(requests),
        )


def reaches(rule: Mapping[str, Any], number: int, top: int, end: int) -> bool:
    """Tell whether a rule colours a column from row `top` (0-based) to the last of `end` rows."""
    return any(
        span.get("startColumnIndex", 0) <= number < span.get("endColumnIndex", number + 1)
        and span.get("startRowIndex", 0) == top
        and end <= span.get("endRowIndex", end)
        for span in rule.get("ranges", ())
    )


def shaded(live: LiveTab, rule: Mapping[str, Any], span: Request, before: int = 0) -> Request:
    """Return the request for a conditional format behind those of the tab and `before` others.

    Without an index it would go to the front, over the office's own.
    """
    index = len(live.formats) + before
    return {"addConditionalFormatRule": {"rule": {"ranges": [span], **rule}, "index": index}}


def _standing(tab: Tab, place: Place) -> Iterator[tuple[Column, int]]:
    for column in tab.laid:
        if column.key in place.columns:
            yield column, place.columns[column.key]


def _unchecked(
    live: LiveTab, rows: Iterable[int], number: int, rule: Mapping[str, Any]
) -> Iterator[int]:
    """Yield the rows of a column whose cells do not ask what `rule` asks."""
    good: Mapping[str, Any] | None = None
    for row in rows:
        there = live.cells.get((row, number), _NOTHING).get("dataValidation")
        if there is not None and there == good:  # as in the row above, nearly always
            continue
        if google_rules.same_check(rule, there):
            good = there
        else:
            yield row


def _extent(column: Column, number: int, at: list[int], all_of_them: int) -> str:
    if len(at) == all_of_them:
        return column.header
    some = f"{len(at)} of {all_of_them} cells, {cell_name(at[0] + 1, number)} first"
    return f"{column.header} ({some})"


def _set(live: LiveTab, top: int, bottom: int, number: int, rule: Mapping[str, Any]) -> Request:
    span = {"sheetId": live.id, "startRowIndex": top, "endRowIndex": bottom}
    span |= {"startColumnIndex": number, "endColumnIndex": number + 1}
    return {"setDataValidation": {"range": span, "rule": dict(rule)}}


def _named(texts: list[str]) -> str:
    return "; ".join(texts)
