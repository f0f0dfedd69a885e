"""A Google Sheet as the source: two requests read it, one writes the worker's tabs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from automator.core.publication import Publication
from automator.core.sheet_settings import settings
from automator.core.snapshot import Snapshot
from automator.errors import PublishFailed, WorkbookUnreadable
from automator.workbook import google_publish, google_read
from automator.workbook.google_api import SheetsApi, TabGone, Unsure
from automator.workbook.google_shape import FIELDS, Shape, shape
from automator.workbook.trimming import Rows
from automator.workbook.worker_pages import faults_page, status_page


@dataclass(frozen=True, slots=True)
class Look:
    """One read: what the spreadsheet is, and the cells that were asked for, by tab id."""

    shape: Shape
    rows: Mapping[int, Rows]


class GoogleWorkbook:
    """One spreadsheet. `zone` and `country` are the config's: the sheet's own should agree."""

    def __init__(self, api: SheetsApi, workbook_id: str, zone: ZoneInfo, country: str) -> None:
        self.api = api
        self.workbook_id = workbook_id
        self._zone = zone
        self._country = country
        self._last: Look | None = None

    def read(self, taken_at: datetime, asked: frozenset[str] | None = None) -> Snapshot:
        """Return the cells of the asked tabs: two requests, however many schools there are.

        Raises WorkbookUnreadable.
        """
        try:
            look = self._look(asked)
        finally:
            self.api.rest()
        self._last = look if asked is None else None
        return Snapshot(
            workbook=self.workbook_id,
            source=self.api.link,
            taken_at=taken_at,
            sheets=google_read.sheets(look.shape, look.rows, self.api.link),
            asked=asked,
            problems=settings(
                look.shape.locale,
                look.shape.zone,
                zone=self._zone,
                country=self._country,
                now=taken_at,
            ),
        )

    def _look(self, asked: frozenset[str] | None) -> Look:
        try:
            return self._look_once(asked)
        except TabGone:  # a tab was renamed between the two requests: all is read anew
            pass
        try:
            return self._look_once(asked)
        except TabGone:
            msg = f"cannot read {self.api.link}: its tabs change while they are read"
            raise WorkbookUnreadable(msg, hint="it is tried again at the next run") from None

    def _look_once(self, asked: frozenset[str] | None) -> Look:
        found = shape(self.api.shape(FIELDS))
        ranges = google_read.wanted(found, asked)
        values = self.api.values(list(ranges.values())) if ranges else []
        return Look(found, google_read.rows_by_tab(ranges, values))

    def publish(self, publication: Publication) -> str:
        """Write the worker's two tabs, the changed cells only; return where they are.

        One request, none if nothing is to be done. Compares with what this run has read.
        Raises PublishFailed.
        """
        look, self._last = self._last, None
        try:
            try:
                gid = self._written(publication, look or self._look(None))
            except Unsure:  # the tabs are made: what is left to do is seen by looking again
                gid = self._written(publication, self._look(None))
        except WorkbookUnreadable as fault:
            raise PublishFailed(fault.message, hint=fault.hint) from None
        finally:
            self.api.rest()
        return f"{self.api.link}#gid={gid}"

    def _written(self, publication: Publication, look: Look) -> int:
        """Write what differs from `look`; return the id of the first tab."""
        pages = [status_page(publication), faults_page(publication)]
        places = google_publish.placed(pages, look.shape)
        wishes = google_publish.requests(places, look.rows, self.api.account)
        if wishes:
            self.api.update(wishes)
        return places[0].tab.id
