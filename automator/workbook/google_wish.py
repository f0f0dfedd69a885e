"""What a sheet is to be like, and one step on the way there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from automator.core.layout import TABS, Tab
from automator.workbook.book import Book
from automator.workbook.worker_pages import Head

Request = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a sheet is to be like beside the layout.

    `tabs` are those that it is to have. `book` holds what columns offer; `account` writes, and
    it, the sheet's owner and `editors` alone change what is protected. `status_heads` are those
    of Tình trạng. A stamp older than `stale_after` turns grey. `zone`, `country` and the aware
    instant `now` as in a run.
    """

    book: Book
    tabs: tuple[Tab, ...] = TABS
    account: str
    editors: tuple[str, ...]
    status_heads: tuple[Head, ...]
    stale_after: timedelta
    zone: ZoneInfo
    country: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One difference from the layout: `drift` says what is wrong, `deed` what mends it.

    Without `requests` a person must do it. One that goes `along` is part of another (the
    drop-downs of a tab that is added), which speaks for it.
    """

    tab: str
    drift: str
    deed: str
    requests: tuple[Request, ...] = ()
    along: bool = False

    @property
    def by_hand(self) -> bool:
        """Whether no request can do it."""
        return not self.requests
