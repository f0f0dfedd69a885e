"""What a row claims, and when that claim was first read: the two clocks of a submission."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from automator.core.layout import Kind, Need, tab
from automator.core.memory import Sighting, TabMemory
from automator.core.register import Row

CLAIM_COLUMNS: Mapping[str, str] = {
    "plans": "sent",
    "periodic": "sent",
    "propaganda": "done",
    "models": "launched",
    "incidents": "reported",
    "receipts": "arrived",
}
"""The column of each tab in which a day is claimed."""
BY_SIGHT = frozenset({"propaganda", "models"})
"""Tabs whose rows claim their first sight where no day is typed."""


def claims(row: Row) -> bool:
    """Tell whether a row has all its required cells, so that it claims something.

    A school that nobody knows is a slip in a cell: whoever mends it claims nothing new.
    """
    if row.valid or row.school is not None:
        return row.valid
    there = {key for key, _ in row.canon}
    needed = [c for c in tab(row.tab).columns if c.need is Need.REQUIRED]
    return all(
        c.key in there if c.kind is Kind.SCHOOL else row.values.get(c.key) is not None
        for c in needed
    )


def observe(sighting: Sighting, row: Row, known: TabMemory, now: datetime) -> Sighting:
    """Return a row whose claim was first read at `now`, with the claims read before it.

    `known` is what was known of its tab before this read.
    """
    claim = _claim(row)
    if claim is None and row.tab in BY_SIGHT:
        claim = now.isoformat()
    unseen = known.last_good.isoformat() if known.last_good else ""
    return replace(
        sighting,
        observed=now,
        unseen_until=known.last_good,
        claims=sighting.claims if claim is None else (*sighting.claims, (claim, unseen)),
    )


def claims_anew(sighting: Sighting, row: Row) -> bool:
    """Tell whether a row claims an earlier day than it ever did, or one for the first time.

    A day that was garbled, or later, for a while and is as it was again is no new claim.
    """
    claim = _claim(row)
    return claim is not None and all(claim < before for before, _ in sighting.claims)


def claimed_in_time(sighting: Sighting, due_before: datetime) -> tuple[datetime, datetime] | None:
    """Return the first claim on time that was read, and the last good read without it.

    A day corrected from one good day to another was in time all along: only the first of
    them counts. None where that claim is trusted: there was no good read before it.
    """
    for text, unseen in sighting.claims:
        claim = datetime.fromisoformat(text)
        claim = claim if claim.tzinfo else claim.replace(tzinfo=due_before.tzinfo)
        if claim < due_before:
            return (claim, datetime.fromisoformat(unseen)) if unseen else None
    return None


def _claim(row: Row) -> str | None:
    """Return the day that a row claims as text that sorts, None where there is none."""
    column = CLAIM_COLUMNS.get(row.tab)
    moment = row.moment(column) if column else None
    if moment is None:
        return None
    return moment.instant.isoformat() if moment.timed else moment.day.isoformat()


def first_sight(row: Row, known: TabMemory, now: datetime) -> datetime:
    """Return since when a new row is there: the form's stamp, where it can be true, else `now`.

    A row that the last good read did not have cannot be older than that read.
    """
    stamped = row.moment("stamped")
    if stamped is None or not stamped.timed or stamped.instant > now:
        return now
    return max(stamped.instant, known.last_good or stamped.instant)
