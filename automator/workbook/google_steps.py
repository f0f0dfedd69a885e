"""How a sheet differs from the layout: one list, which `install` mends and `doctor` prints."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from automator.core.layout import FAULTS, SCHOOLS, STATUS, TABS, Tab, Writer
from automator.core.locate import find_header
from automator.core.names import key
from automator.core.sheet_settings import settings
from automator.core.snapshot import Sheet
from automator.workbook import google_guards, google_lay, google_rules, google_views
from automator.workbook.book import HEADER_ROW
from automator.workbook.google_columns import Place, checks, formats, missing_columns, notes, shades
from automator.workbook.google_live import Live, LiveTab
from automator.workbook.google_wish import Request, Step, Wish
from automator.workbook.worker_pages import FAULT_HEADS, Head

_FIRST_ID = 20_210_301
_UNNAMED = re.compile(r"(Sheet|Trang tính) ?\d+")
_LEAST = 2
"""How many columns make a row a header."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A tab of the layout, where it stands, and its columns (None: no header is to be seen)."""

    tab: Tab
    live: LiveTab
    place: Place | None


def steps(sheet: Live, wish: Wish) -> list[Step]:
    """Return every difference, in the order in which requests can mend them.

    Tabs are made first, as drop-downs refer to them.
    """
    found = _found(sheet, wish)
    free = [each for each in found if not each.live.locked]
    schools = _school_names(found)
    return [
        *_settings(sheet, wish, found),
        *(_locked(each.live) for each in found if each.live.locked),
        *_new_tabs(found, wish),
        *(step for each in free for step in _columns(each)),
        *(step for each in free for step in _along(each, _rules(each, wish, schools))),
        *(step for each in free for step in _along(each, _guards(each, wish))),
        *_doubles(sheet),
        *_leftovers(sheet),
    ]


def _found(sheet: Live, wish: Wish) -> list[_Found]:
    taken = {tab.id for tab in sheet.tabs}
    free = (number for number in count(_FIRST_ID) if number not in taken)
    made: list[_Found] = []
    for tab in wish.tabs:
        there = sheet.named(tab.title)
        if there is None:
            there = google_lay.planned(tab, next(free), _heads(tab, wish))
        made.append(_Found(tab, there, _place(tab, there)))
    return made


def _heads(tab: Tab, wish: Wish) -> Sequence[Head]:
    return {STATUS.key: wish.status_heads, FAULTS.key: FAULT_HEADS}.get(tab.key, ())


def _place(tab: Tab, there: LiveTab) -> Place | None:
    if not tab.columns:
        return None
    if there.fresh or there.empty:
        return Place(HEADER_ROW, {c.key: i for i, c in enumerate(tab.laid)}, on_top=True)
    rows = there.values()
    row, columns, _ = find_header(tab, Sheet(title=there.title, rows=rows))
    if len(columns) < _LEAST:
        return None
    above = max((sum(c is not None for c in line) for line in rows[: row - 1]), default=0)
    return Place(row, columns, on_top=above < _LEAST)


def _school_names(found: Sequence[_Found]) -> str:
    """Return where the schools' names stand; as in the template if that is not to be seen."""
    (schools,) = (each for each in found if each.tab is SCHOOLS)
    usual = [column.key for column in SCHOOLS.laid].index("name")
    place = schools.place or Place(HEADER_ROW, {}, on_top=True)
    column = place.columns.get("name", usual)
    return google_rules.school_names(schools.live.title, column, place.row)


def _settings(sheet: Live, wish: Wish, found: Sequence[_Found]) -> Iterator[Step]:
    """Yield how locale, time zone and recalculation differ.

    In a sheet that holds rows the locale is left to people: it changes how days are read.
    """
    wrong = {
        p.code
        for p in settings(
            sheet.locale, sheet.zone, zone=wish.zone, country=wish.country, now=wish.now
        )
    }
    wanted = "vi_VN" if wish.country == "VN" else ""
    if "locale_differs" in wrong:
        drift = f"locale is {sheet.locale}, not that of {wish.country}"
        if wanted and not any(_holds_rows(each) for each in found):
            yield Step(
                tab="", drift=drift, deed=f"set {wanted}", requests=(_property("locale", wanted),)
            )
        else:
            deed = "set it in File > Settings, then look through the days that were typed"
            yield Step(tab="", drift=drift, deed=deed)
    if "time_zone_differs" in wrong:
        request = _property("timeZone", str(wish.zone))
        drift = f"time zone is {sheet.zone}, not {wish.zone}"
        yield Step(tab="", drift=drift, deed=f"set {wish.zone}", requests=(request,))
    if sheet.recalc not in ("MINUTE", "HOUR"):
        drift = "is reckoned anew on changes only, so that no stamp grows old"
        deed = "reckon it anew every hour"
        yield Step(tab="", drift=drift, deed=deed, requests=(_property("autoRecalc", "HOUR"),))


def _property(name: str, value: str) -> Request:
    return {"updateSpreadsheetProperties": {"properties": {name: value}, "fields": name}}


def _holds_rows(each: _Found) -> bool:
    if not each.tab.columns or each.live.fresh:
        return False
    return len(each.live.values()) > (each.place.row if each.place else 0)


def _locked(live: LiveTab) -> Step:
    return Step(
        tab=live.title,
        drift="some of it is protected from the service account; it was not looked at",
        deed="let the account edit it in Data > Protect sheets and ranges",
    )


def _new_tabs(found: Sequence[_Found], wish: Wish) -> Iterator[Step]:
    for index, each in enumerate(found):
        if each.live.locked:
            continue
        if each.live.fresh:
            heads = _heads(each.tab, wish)
            requests = (
                google_lay.added(each.tab, each.live, index),
                *google_lay.filled(each.tab, each.live, wish.book, heads),
            )
            deed = "add it, hidden" if each.live.hidden else "add it"
            yield Step(
                tab=each.tab.title, drift="there is no such tab", deed=deed, requests=requests
            )
        elif each.live.empty and each.tab.writer is not Writer.WORKER:
            yield _filled(each, wish)
        elif each.tab.columns and each.place is None:
            drift = "no header is to be seen in its first ten rows"
            deed = "type the header, or rename the tab"
            yield Step(tab=each.live.title, drift=drift, deed=deed)


def _filled(each: _Found, wish: Wish) -> Step:
    """Return what fills a tab that somebody has made and left empty."""
    usual = google_lay.planned(each.tab, each.live.id, ())
    rows, columns = max(each.live.rows, usual.rows), max(each.live.columns, usual.columns)
    requests = (
        google_lay.resized(each.live, rows=rows, columns=columns),
        *google_lay.filled(each.tab, each.live, wish.book, ()),
    )
    return Step(tab=each.live.title, drift="it is empty", deed="fill it in", requests=requests)


def _columns(each: _Found) -> Iterator[Step]:
    if each.place is None or each.live.empty:
        return
    yield from missing_columns(each.tab, each.live, each.place)
    yield from notes(each.tab, each.live, each.place)
    yield from formats(each.tab, each.live, each.place)


def _rules(each: _Found, wish: Wish, schools: str) -> Iterator[Step]:
    if each.place is not None:
        tab, live, place = each.tab, each.live, each.place
        added = place.added(tab, live)
        new = replace(place, columns=added)
        every, first = {**place.columns, **added}, tab.laid[0].key
        yield from checks(tab, live, place, wish.book, schools)
        yield from _silently(checks(tab, live, new, wish.book, schools))
        for columns, along in ((place.columns, False), (added, True)):
            found = shades(tab, live, replace(place, columns={**columns, first: every[first]}))
            yield from _silently(found) if along else found
    if each.tab.writer is Writer.WORKER:
        yield from google_guards.stale(each.live, wish)


def _along(each: _Found, found: Iterator[Step]) -> Iterator[Step]:
    """Yield the steps of a tab; those of one that is being laid go along with that."""
    laid = each.live.fresh or (each.live.empty and each.tab.writer is not Writer.WORKER)
    yield from _silently(found) if laid else found


def _silently(found: Iterator[Step]) -> Iterator[Step]:
    yield from (replace(step, along=True) for step in found)


def _guards(each: _Found, wish: Wish) -> Iterator[Step]:
    yield from google_guards.frozen(each.live, each.place)
    yield from google_guards.hidden(each.tab, each.live)
    yield from google_guards.protected(each.tab, each.live, each.place, wish)
    if each.tab is STATUS:
        yield from google_views.views(each.live, wish)


def _doubles(sheet: Live) -> Iterator[Step]:
    """Yield a step for each tab that is not read, as one before it has the same name."""
    for tab in TABS:
        same = [each for each in sheet.tabs if each.grid and key(each.title) == key(tab.title)]
        for each in same[1:]:
            yield Step(
                tab=each.title,
                drift=f"another tab before it is called {same[0].title} too: this one is not read",
                deed="move its rows there, then delete it or give it another name",
            )


def _leftovers(sheet: Live) -> Iterator[Step]:
    """Yield the empty tab that a new spreadsheet begins with."""
    for tab in sheet.tabs:
        bare = not tab.cells and not tab.protections and not tab.formats and not tab.tables
        if tab.grid and bare and _UNNAMED.fullmatch(tab.title):
            request = {"deleteSheet": {"sheetId": tab.id}}
            yield Step(
                tab=tab.title, drift="is empty, nobody's", deed="delete it", requests=(request,)
            )
