"""spreadsheets.batchUpdate: all requests or none, each by its handler."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .a1 import Box
from .book import Book
from .faults import ApiError, Json, refuse
from .grid import Tab
from .masks import Mask, parse
from .protections import guard


@dataclass(frozen=True)
class Editing:
    """Who edits which spreadsheet."""

    book: Book
    caller: str

    def area(self, place: Mapping[str, Any] | None) -> tuple[Tab, Box]:
        """Return the tab and the cells of a GridRange. ApiError 400 if there are none."""
        given = place or {}
        tab = self.book.tab_by_id(given.get("sheetId"))
        return tab, tab.box(given)

    def editable(self, place: Mapping[str, Any] | None) -> tuple[Tab, Box]:
        """Return the same if the caller may edit all of it."""
        tab, box = self.area(place)
        guard(self.book, tab, self.caller, box)
        return tab, box


Handler = Callable[[Editing, Json], Json | None]
HANDLERS: dict[str, Handler] = {}


def handles(name: str) -> Callable[[Handler], Handler]:
    """Register a handler for a kind of request."""

    def register(handler: Handler) -> Handler:
        HANDLERS[name] = handler
        return handler

    return register


def fields(asked: Mapping[str, Any], message: str) -> Mask:
    """Return the mandatory mask of an update. ApiError 400 if there is none."""
    if not asked.get("fields"):
        refuse("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    return parse(str(asked["fields"]), message)


def run(book: Book, caller: str, requests: Sequence[Json]) -> tuple[Book, list[Json]]:
    """Return the changed spreadsheet and the replies; `book` itself stays as it is.

    ApiError 400, which names the request, if any of them is not valid: then none is done.
    """
    if not requests:
        refuse("Must specify at least one request.")
    draft = book.copy()
    editing = Editing(draft, caller)
    replies = [_one(editing, number, request) for number, request in enumerate(requests)]
    draft.room()
    return draft, replies


def _one(editing: Editing, number: int, request: Json) -> Json:
    kinds = [kind for kind, asked in request.items() if asked is not None]
    if len(kinds) != 1:
        what = "No request set." if not kinds else "Only one kind of request may be set."
        refuse(f"Invalid requests[{number}]: {what}")
    kind = kinds[0]
    handler = HANDLERS.get(kind)
    if handler is None:
        msg = f"the test server does not know {kind} yet: add a handler"
        raise AssertionError(msg)
    try:
        reply = handler(editing, request[kind])
    except ApiError as refused:
        text = f"Invalid requests[{number}].{kind}: {refused.message}"
        raise ApiError(refused.code, text, refused.details) from refused
    return {} if reply is None else {kind: reply}
