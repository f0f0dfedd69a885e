"""Lays the template into a Google Sheet: what is missing is added, no school's cell is touched."""

from collections.abc import Sequence

from automator.workbook.google_api import SheetsApi, Unsure
from automator.workbook.google_live import FIELDS, live
from automator.workbook.google_steps import steps
from automator.workbook.google_wish import Step, Wish

WHAT = "the template"


def look(api: SheetsApi, wish: Wish) -> list[Step]:
    """Return how a spreadsheet differs from the layout, in the order in which it is mended.

    One request. Raises WorkbookUnreadable.
    """
    try:
        return steps(live(api.shape(FIELDS)), wish)
    finally:
        api.rest()


def carry_out(api: SheetsApi, todo: Sequence[Step], wish: Wish) -> None:
    """Do all that requests can do: one request, none if there is nothing. Raises PublishFailed.

    Where an answer was lost and the second try was refused, the sheet is looked at again.
    """
    try:
        _send(api, todo)
    except Unsure:
        _send(api, look(api, wish))
    finally:
        api.rest()


def _send(api: SheetsApi, todo: Sequence[Step]) -> None:
    requests = [request for step in todo for request in step.requests]
    if requests:
        api.update(requests, WHAT)
