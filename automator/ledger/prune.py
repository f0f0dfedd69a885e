"""Takes old mails and runs out of a ledger. What was told is never forgotten.

The unique keys (`told`, `digest_weeks`, `discarded`) and all that a turn reads stay: sightings,
episodes, decisions, drafts, back-offs, addresses. So a run decides the same as without.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, not_, select

from automator.core.message import State
from automator.ledger import runs, schema

KEPT = timedelta(days=30)
"""Mails of the time before the last run that always stay: one that comes back is still known."""

_M, _R = schema.messages.c, schema.runs.c
_ENDS = (State.SENT, State.DISCARDED, State.SUPERSEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How many mails and runs were taken out, or would be."""

    messages: int
    runs: int


def latest_cutoff(connection: Connection, workbook: str) -> datetime | None:
    """Return the latest instant before which a ledger may be pruned (UTC); None: no run yet."""
    last = runs.latest(connection, workbook)
    return None if last is None else last - KEPT


def count(connection: Connection, workbook: str, before: datetime) -> Pruned:
    """Return what `prune` would take."""
    mails = select(func.count()).select_from(schema.messages).where(_old_mail(workbook, before))
    old = select(func.count()).select_from(schema.runs)
    return Pruned(
        messages=connection.scalar(mails) or 0,
        runs=connection.scalar(old.where(_old_run(connection, workbook, before))) or 0,
    )


def prune(connection: Connection, workbook: str, before: datetime) -> Pruned:
    """Delete mails that came to their end before an instant, and runs that none is left of.

    The database deletes steps, weeks, bodies and attachments along with their mail.
    """
    found = count(connection, workbook, before)
    connection.execute(delete(schema.messages).where(_old_mail(workbook, before)))
    connection.execute(delete(schema.runs).where(_old_run(connection, workbook, before)))
    return found


def _old_mail(workbook: str, before: datetime) -> ColumnElement[bool]:
    """Mails at their end before then: sent, thrown away, or dropped from the plan."""
    ended = func.coalesce(_M.settled_at, _M.since)
    return and_(_M.workbook == workbook, _M.state.in_(_ENDS), ended < before, _planned(before))


def _planned(before: datetime) -> ColumnElement[bool]:
    """Mails whose last run is old too: one that was dropped lately may come back."""
    run = schema.runs.alias().c
    later = select(run.id).where(run.id == _M.run, run.workbook == _M.workbook, run.now >= before)
    return not_(exists(later))


def _old_run(connection: Connection, workbook: str, before: datetime) -> ColumnElement[bool]:
    """Runs of before then that no mail that stays belongs to; the last one is never old."""
    last = connection.scalar(select(func.max(_R.id)).where(_R.workbook == workbook)) or 0
    stays = select(_M.id).where(
        _M.workbook == _R.workbook, _M.run == _R.id, not_(_old_mail(workbook, before))
    )
    return and_(_R.workbook == workbook, _R.now < before, _R.id < last, not_(exists(stays)))
