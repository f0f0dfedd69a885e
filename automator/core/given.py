"""Decisions given by hand on the command line, as the ledger keeps them. Values, no rules."""

from dataclasses import dataclass
from datetime import date, datetime

KINDS = ("waive", "extend", "pause")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One decision by hand; it is approved by nature.

    `kind`: "waive", "extend" or "pause". `scope`: "*", "school:CODE" or "unit:ID".
    `obligation` is "" for a pause of everything; `period` a period's label, an incident's
    code, or "". A waiver holds on days first_day <= d <= last_day (None: open), an
    extension's `last_day` is the new last good day, a pause ends at the instant `until`.
    `id` counts up in one workbook, from 1 (0: not written down yet).
    """

    id: int = 0
    kind: str
    scope: str
    obligation: str = ""
    period: str = ""
    first_day: date | None = None
    last_day: date | None = None
    until: datetime | None = None
    reason: str
    who: str
    given_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str = ""

    @property
    def stands(self) -> bool:
        """Whether nobody has revoked it."""
        return self.revoked_at is None

    @property
    def source(self) -> str:
        """Where it is written, as people find it again: "Sổ nhớ #3"."""
        return f"Sổ nhớ #{self.id}"

    @property
    def content(self) -> tuple[object, ...]:
        """What is decided: two that stand and agree in this are one decision."""
        days = (self.first_day, self.last_day, self.until)
        return (self.kind, self.scope, self.obligation, self.period, *days)
