"""What a shared sheet is to be like by the configuration, and the way to it: install and doctor."""

import os
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from automator.core import sheet_settings
from automator.core.directive import LOCAL_AUTHORITIES
from automator.core.layout import INCIDENTS, TABS, Tab
from automator.core.units import place_name
from automator.errors import ConfigError
from automator.run_times import run_times

if TYPE_CHECKING:
    from automator.config import Config
    from automator.workbook.book import Book
    from automator.workbook.google_api import SheetsApi
    from automator.workbook.google_wish import Wish
    from automator.workbook.retry import Sleep
    from automator.workbook.worker_pages import Head

_GRACE = timedelta(hours=1)
_A_MONDAY = date(2021, 2, 1)


def sheet_api(
    config: "Config",
    spreadsheet_id: str | None,
    credentials: Path | None,
    environ: Mapping[str, str] | None = None,
    *,
    sleep: "Sleep | None" = None,
) -> "SheetsApi":
    """Return the sheet of that id or link, else that of [workbook], as the account sees it.

    Raises ConfigError if neither is named, for what is no id, and for a key that cannot be used.
    """
    from automator.workbook import google_auth
    from automator.workbook.google_api import SheetsApi
    from automator.workbook.retry import Patience

    where = config.workbook
    wanted = where.spreadsheet_id
    if spreadsheet_id is not None:
        wanted = sheet_settings.spreadsheet_id(spreadsheet_id)
        if not wanted:
            msg = f"{spreadsheet_id!r} is no spreadsheet's id"
            raise ConfigError(msg, hint="it is in the sheet's link: /d/SPREADSHEET_ID/edit")
    if not wanted:
        msg = "name the spreadsheet: [workbook] has no spreadsheet_id"
        raise ConfigError(msg, hint="it is in the sheet's link: /d/SPREADSHEET_ID/edit")
    env = os.environ if environ is None else environ
    key = google_auth.key_path(credentials or where.credentials, env, "workbook")
    return SheetsApi(
        wanted,
        google_auth.credentials(key),
        endpoint=where.api_endpoint,
        patience=Patience(sleep),
    )


def wish(
    config: "Config", account: str, editors: tuple[str, ...], now: datetime, sheet_id: str = ""
) -> "Wish":
    """Return what the sheet `sheet_id` is to be like; `account` writes it, `now` is aware."""
    from automator.workbook.google_wish import Wish

    return Wish(
        book=_book(config),
        tabs=_tabs(config, sheet_id),
        account=account,
        editors=editors,
        status_heads=_heads(config.workbook.publish),
        stale_after=stale_after(config),
        zone=config.zone,
        country=config.calendar.country,
        now=now,
    )


def _tabs(config: "Config", sheet_id: str) -> "tuple[Tab, ...]":
    """Return the tabs of a sheet: the shared one has no Vụ việc where incidents are apart."""
    apart = config.workbook.incidents is not None and sheet_id == config.workbook.spreadsheet_id
    return tuple(tab for tab in TABS if not (apart and tab is INCIDENTS))


def stale_after(config: "Config") -> timedelta:
    """Return the age at which a stamp is older than two scheduled runs, wherever in the week.

    With an hour on top, as a run takes its time.
    """
    last = _A_MONDAY + timedelta(days=14)
    times = list(run_times(config.schedule, config.zone, _A_MONDAY, last))
    spans = [later - earlier for earlier, later in pairwise(times)]
    return max(first + second for first, second in pairwise(spans)) + _GRACE


def _book(config: "Config") -> "Book":
    from automator.workbook.book import Book

    directive = config.directive
    return Book(
        contents=tuple((o.id, o.title) for o in directive.hard),
        tasks=tuple((o.id, o.title) for o in directive.obligations if not o.hard),
        # Without their authority, as Tình trạng and Trường name them.
        units=tuple(
            (u.id, place_name(u.name)) for u in directive.units if u.kind in LOCAL_AUTHORITIES
        ),
    )


def _heads(publish: str) -> "tuple[Head, ...]":
    from automator.workbook.worker_pages import NEUTRAL_HEADS, RATE_HEADS, STATUS_HEADS

    return {"all": STATUS_HEADS, "counts": RATE_HEADS}.get(publish, NEUTRAL_HEADS)
