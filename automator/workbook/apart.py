"""Incidents apart: the tab Vụ việc in a second workbook that schools cannot see into."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from automator.core.elsewhere import unread_incidents
from automator.core.layout import INCIDENTS, TABS
from automator.core.names import key
from automator.core.publication import Publication
from automator.core.snapshot import Sheet, Snapshot
from automator.workbook.base import Workbook


@dataclass(frozen=True, slots=True)
class WithIncidentsApart:
    """The main workbook, with the tab Vụ việc of another in place of its own.

    Only that tab of `incidents` is read; rows in the main one's are a Problem. What is published
    goes to the main one's place.
    """

    main: Workbook
    incidents: Workbook

    def read(self, taken_at: datetime, asked: frozenset[str] | None = None) -> Snapshot:
        """Read both. Raises WorkbookUnreadable if either cannot be read."""
        if asked is not None and INCIDENTS.key not in asked:
            return self.main.read(taken_at, asked)
        whole = self.main.read(taken_at, asked)
        apart = self.incidents.read(taken_at, frozenset({INCIDENTS.key}))
        kept = tuple(s for s in whole.sheets if not _is_incidents(s))
        theirs = tuple(s for s in apart.sheets if _is_incidents(s)) or _named(apart.sheets)
        unread = (unread_incidents(s) for s in whole.sheets if _is_incidents(s))
        return replace(
            whole,
            sheets=(*kept, *theirs),
            asked=asked,
            notes={**apart.notes, **whole.notes},
            problems=tuple(
                dict.fromkeys((*whole.problems, *apart.problems, *(p for p in unread if p)))
            ),
        )

    def publish(self, publication: Publication) -> str:
        """Publish beside the main workbook."""
        return self.main.publish(publication)


def _named(sheets: Iterable[Sheet]) -> tuple[Sheet, ...]:
    """Return the tabs in which a form may have put its answers: the missing tab's Problem names
    them."""
    known = {key(tab.title) for tab in TABS}
    return tuple(replace(s, rows=()) for s in sheets if key(s.title) not in known)


def _is_incidents(sheet: Sheet) -> bool:
    return key(sheet.title) == key(INCIDENTS.title)
