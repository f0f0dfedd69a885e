"""The endpoints: which call it is, whether it may be made, what is answered."""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote

from . import batch_cells, batch_over, batch_tabs, values_api  # noqa: F401 - for handlers
from .a1 import letters
from .batch import Editing, run
from .book import Book, may_open
from .colours import twinned
from .discovery import check, document, methods
from .faults import ApiError, Json, anonymous, not_enabled, too_narrow, violation
from .masks import EVERYTHING, parse, select
from .resource import spreadsheet
from .tokens import READING, WRITING, Grant, Tokens

NEW = {"locale": "en_US", "autoRecalc": "ON_CHANGE", "timeZone": "Etc/GMT"}
"""A spreadsheet that is made without a word about it."""


class Call(NamedTuple):
    """One call as it came in: `query` as sent, `body` None where there was none."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    body: Any
    authorization: str | None


class Handed(NamedTuple):
    """What was read of a spreadsheet, exactly: `kind` is "spreadsheet" or "values"."""

    spreadsheet_id: str
    kind: str
    answer: Json


class Written(NamedTuple):
    """A cell that a write has changed: its tab's title as it was then, its A1 name."""

    spreadsheet_id: str
    caller: str
    tab: str
    cell: str


@dataclass
class Api:
    """All spreadsheets and accounts. Every call is done under `lock`, one after the other."""

    tokens: Tokens = field(default_factory=Tokens)
    books: dict[str, Book] = field(default_factory=dict)
    handed: list[Handed] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    disabled_in: str = ""
    protected_code: int = 400

    def answer(self, call: Call) -> Json:
        """Return the answer to a call. Raises ApiError for one that is refused."""
        route, names = _route(call.method, call.path)
        with self.lock:
            caller = self._caller(call.authorization, reading=call.method == "GET")
            _check_query(route.parameters, call.query)
            if route.request:
                check(route.request, {} if call.body is None else call.body)
            text = _first(call.query, "fields", "")
            mask = parse(text, route.response) if text else EVERYTHING
            done = route.do(self, caller, names, call)
            answer = _shaped(route, done, mask)
            if call.method == "GET":
                kind = "values" if "/values" in call.path else "spreadsheet"
                self.handed.append(Handed(names["spreadsheetId"], kind, answer))
            return answer

    def _caller(self, authorization: str | None, reading: bool) -> str:
        if not authorization:
            raise anonymous()
        grant: Grant | None = self.tokens.caller(authorization)
        if grant is None:
            raise ApiError(401)
        if self.disabled_in:
            raise not_enabled(self.disabled_in)
        if not grant.scopes & (READING if reading else WRITING):
            raise too_narrow()
        return grant.email

    def make(self, owner: str, properties: Mapping[str, Any]) -> Book:
        """Return a new, empty spreadsheet without a tab."""
        number = len(self.books)
        digest = hashlib.sha256(f"{number}/{properties}".encode()).digest()
        identity = "1" + base64.urlsafe_b64encode(digest).decode()[:43]
        self.books[identity] = Book(identity, {"title": "Untitled", **NEW, **properties}, owner)
        return self.books[identity]

    def keep(self, before: Book, after: Book, caller: str) -> None:
        """Put a changed spreadsheet in its place and note which cells have changed."""
        old = {tab.id: tab for tab in before.tabs}
        for tab in after.tabs:
            was = old[tab.id].cells if tab.id in old else {}
            rows = sorted(was.keys() | tab.cells.keys())
            for row in rows:
                here, there = tab.cells.get(row, {}), was.get(row, {})
                if here != there:
                    self.written.extend(
                        Written(after.id, caller, tab.title, f"{letters(column)}{row + 1}")
                        for column in sorted(here.keys() | there.keys())
                        if here.get(column) != there.get(column)
                    )
        self.books[after.id] = after


Do = Callable[[Api, str, Mapping[str, str], Call], Json]


class Route(NamedTuple):
    """One method of the API: its path as a pattern, its types, its parameters, its work."""

    verb: str
    pattern: re.Pattern[str]
    request: str
    response: str
    parameters: Mapping[str, Json]
    do: Do


def _get(api: Api, caller: str, names: Mapping[str, str], call: Call) -> Json:
    book = may_open(api.books.get(names["spreadsheetId"]), caller, writing=False)
    text = _first(call.query, "fields", "")
    mask = parse(text, "Spreadsheet") if text else EVERYTHING
    spots = [book.find(asked) for asked in call.query.get("ranges", ())]
    grid_data = _first(call.query, "includeGridData", "false") == "true"
    return spreadsheet(book, caller, mask, spots, grid_data)


def _create(api: Api, caller: str, names: Mapping[str, str], call: Call) -> Json:
    if caller.endswith(".gserviceaccount.com"):
        raise ApiError(403)  # no storage of its own any more: gspread issue 1592
    given = call.body or {}
    book = api.make(caller, given.get("properties") or {})
    for sheet in given.get("sheets") or [{"properties": {"title": "Sheet1", "sheetId": 0}}]:
        batch_tabs.add_sheet(Editing(book, caller), twinned(sheet))
    return spreadsheet(book, caller)


def _batch_update(api: Api, caller: str, names: Mapping[str, str], call: Call) -> Json:
    book = may_open(api.books.get(names["spreadsheetId"]), caller, writing=True)
    asked = call.body or {}
    after, replies = _enforced(api, lambda: run(book, caller, asked.get("requests") or []))
    api.keep(book, after, caller)
    answer: Json = {"spreadsheetId": book.id, "replies": replies}
    if asked.get("includeSpreadsheetInResponse"):
        grid_data = bool(asked.get("responseIncludeGridData"))
        answer["updatedSpreadsheet"] = spreadsheet(after, caller, grid_data=grid_data)
    return answer


def _enforced(api: Api, work: Callable[[], Any]) -> Any:
    """Do the work; an edit of a protected cell answers 400, or 403 as a test may choose."""
    try:
        return work()
    except ApiError as refused:
        if "protected cell or object" in refused.message and api.protected_code != refused.code:
            raise ApiError(api.protected_code, refused.message) from refused
        raise


def _read(book: Book, asked: str, query: Mapping[str, Sequence[str]]) -> Json:
    return values_api.read(
        book,
        asked,
        _first(query, "valueRenderOption", values_api.FORMATTED),
        _first(query, "dateTimeRenderOption", "SERIAL_NUMBER"),
        _first(query, "majorDimension", "ROWS"),
    )


def _values_get(api: Api, caller: str, names: Mapping[str, str], call: Call) -> Json:
    book = may_open(api.books.get(names["spreadsheetId"]), caller, writing=False)
    return _read(book, names["range"], call.query)


def _values_batch_get(api: Api, caller: str, names: Mapping[str, str], call: Call) -> Json:
    book = may_open(api.books.get(names["spreadsheetId"]), caller, writing=False)
    asked = call.query.get("ranges", ())
    read = [_read(book, each, call.query) for each in asked]
    return {"spreadsheetId": book.id} | ({"valueRanges": read} if read else {})


def _edited(api: Api, caller: str, identity: str, work: Callable[[Book], Any]) -> Any:
    """Do the work on a copy of the spreadsheet, and keep the copy if it is done."""
    book = may_open(api.books.get(identity), caller, writing=True)
    draft = book.copy()
    result = _enforced(api, lambda: work(draft))
    api.keep(book, draft, caller)
    return result


def _values_update(api: Api, caller: str, names: Mapping[str, str], call: Call) -> Json:
    option = _first(call.query, "valueInputOption", None)

    def work(book: Book) -> Json:
        return values_api.write(book, caller, names["range"], call.body or {}, option)

    answer: Json = _edited(api, caller, names["spreadsheetId"], work)
    return answer


def _values_append(api: Api, caller: str, names: Mapping[str, str], call: Call) -> Json:
    option = _first(call.query, "valueInputOption", None)

    def work(book: Book) -> Json:
        return values_api.append(book, caller, names["range"], call.body or {}, option)

    answer: Json = _edited(api, caller, names["spreadsheetId"], work)
    return answer


def _values_batch_update(api: Api, caller: str, names: Mapping[str, str], call: Call) -> Json:
    asked = call.body or {}

    def work(book: Book) -> list[Json]:
        return [_one_of(book, caller, n, each) for n, each in enumerate(asked.get("data") or [])]

    def _one_of(book: Book, caller: str, number: int, each: Json) -> Json:
        try:
            option = asked.get("valueInputOption")
            return values_api.write(book, caller, each.get("range") or "", each, option)
        except ApiError as refused:
            raise ApiError(400, f"Invalid data[{number}]: {refused.message}") from refused

    done: list[Json] = _edited(api, caller, names["spreadsheetId"], work)
    totals = {
        f"totalUpdated{kind}": sum(each[f"updated{kind}"] for each in done)
        for kind in ("Rows", "Columns", "Cells")
    }
    sheets = len({each["updatedRange"].rpartition("!")[0] for each in done})
    identity = names["spreadsheetId"]
    return {"spreadsheetId": identity, **totals, "totalUpdatedSheets": sheets, "responses": done}


def _values_clear(api: Api, caller: str, names: Mapping[str, str], call: Call) -> Json:
    cleared = _edited(
        api,
        caller,
        names["spreadsheetId"],
        lambda book: values_api.clear(book, caller, names["range"]),
    )
    return {"spreadsheetId": names["spreadsheetId"], "clearedRange": cleared}


def _values_batch_clear(api: Api, caller: str, names: Mapping[str, str], call: Call) -> Json:
    asked = (call.body or {}).get("ranges") or []
    cleared = _edited(
        api,
        caller,
        names["spreadsheetId"],
        lambda book: [values_api.clear(book, caller, each) for each in asked],
    )
    return {"spreadsheetId": names["spreadsheetId"], "clearedRanges": cleared}


DONE: Mapping[str, Do] = {
    "sheets.spreadsheets.get": _get,
    "sheets.spreadsheets.create": _create,
    "sheets.spreadsheets.batchUpdate": _batch_update,
    "sheets.spreadsheets.values.get": _values_get,
    "sheets.spreadsheets.values.batchGet": _values_batch_get,
    "sheets.spreadsheets.values.update": _values_update,
    "sheets.spreadsheets.values.append": _values_append,
    "sheets.spreadsheets.values.batchUpdate": _values_batch_update,
    "sheets.spreadsheets.values.clear": _values_clear,
    "sheets.spreadsheets.values.batchClear": _values_batch_clear,
}


@cache
def routes() -> tuple[Route, ...]:
    """Return the methods that the server knows, as Google's own document describes them."""
    return tuple(
        Route(
            verb=method["httpMethod"],
            pattern=re.compile(
                re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+?)", re.escape("/" + method["path"]))
            ),
            request=method.get("request", {}).get("$ref", ""),
            response=method["response"]["$ref"],
            parameters=method["parameters"],
            do=DONE[method["id"]],
        )
        for method in sorted(methods(), key=lambda m: -len(m["path"]))
        if method["id"] in DONE
    )


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("/" + re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+?)", re.escape(path)))


def _route(verb: str, path: str) -> tuple[Route, Mapping[str, str]]:
    for route in routes():
        found = route.pattern.fullmatch(path)
        if found and route.verb == verb:
            return route, {name: unquote(text) for name, text in found.groupdict().items()}
    raise ApiError(404)


def _check_query(parameters: Mapping[str, Json], query: Mapping[str, Sequence[str]]) -> None:
    for name, values in query.items():
        described = parameters.get(name) or document()["parameters"].get(name)
        if described is None:
            raise violation(
                name,
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query '
                f"parameter. Field '{name}' could not be found in request message.",
            )
        for value in values:
            if "enum" in described and value not in described["enum"]:
                text = f"Invalid value at '{name}' (TYPE_ENUM), {json.dumps(value)}"
                raise violation(name, text)


def _first(query: Mapping[str, Sequence[str]], name: str, default: Any) -> Any:
    return query.get(name, [default])[0]


def _shaped(route: Route, answer: Json, mask: Any) -> Json:
    """Return the answer as masked. An answer that Google's description does not allow is ours."""
    if "values" not in route.pattern.pattern:
        try:
            check(route.response, answer)
        except ApiError as wrong:
            msg = f"the test server answers what Google never would: {wrong}"
            raise AssertionError(msg) from wrong
    masked: Json = select(answer, mask)
    return masked


def query_of(text: str) -> Mapping[str, Sequence[str]]:
    """Return the parameters of a URL's query."""
    return parse_qs(text, keep_blank_values=True)
