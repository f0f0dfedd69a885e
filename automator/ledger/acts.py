"""What the operator does with messages by hand: tries again, throws away. All is on record."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, inspect, select, update

from automator.core.memory import TellKey, week_key
from automator.core.message import State
from automator.ledger import schema
from automator.ledger.encode import key_row, tell_key
from automator.ledger.reports import message_rows
from automator.ledger.states import IllegalMove, sources

NO_RUN = 0
"""The run of a message that no run has planned since the operator freed it: it cannot leave."""

_M = schema.messages.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act by hand. `act`: release, retry or discard; `subject`: a message or a decision."""

    at: datetime
    act: str
    subject: str
    who: str


def retry(connection: Connection, workbook: str, ids: Collection[str], by: Act) -> None:
    """Free failed messages for the next plan and forget the back-off of their readers.

    A deferred one, or one queued behind it, only loses that. Nothing can leave before a run
    plans it anew.
    Raises IllegalMove for a message in any other state.
    """
    for row in message_rows(connection, workbook, ids=ids):
        if row.state is State.FAILED:
            _move(connection, workbook, row.id, State.QUEUED, run=NO_RUN)
        elif row.state is not State.DEFERRED and row.retry_at is None:
            raise IllegalMove(row.id, State.QUEUED)
        reader = schema.backoff.c
        connection.execute(
            delete(schema.backoff).where(
                reader.workbook == workbook, reader.unit == row.unit, reader.role == row.role
            )
        )
    record(connection, workbook, ids, by)


def discard(connection: Connection, workbook: str, ids: Collection[str], by: Act) -> None:
    """Throw messages away: their steps and weeks are told by no other message either.

    Raises IllegalMove for one that was sent, is being sent, or is no longer in the plan.
    """
    known = discarded(connection, workbook)
    for row in message_rows(connection, workbook, ids=ids):
        _move(connection, workbook, row.id, State.DISCARDED, phase="", settled_at=by.at)
        keys = {*row.steps, *(week_key(row.unit, row.role, week) for week in row.weeks)} - known
        known |= keys
        common = {"workbook": workbook, "at": by.at, "who": by.who, "message": row.id}
        rows = [common | key_row(key) for key in sorted(keys)]
        if rows:
            connection.execute(insert(schema.discarded), rows)
    record(connection, workbook, ids, by)


def discarded(
    connection: Connection, workbook: str, until: datetime | None = None
) -> frozenset[TellKey]:
    """Return what was thrown away (by `until`), weeks as `week_key`.

    An older ledger, opened to read, knows of nothing.
    """
    table = schema.discarded
    if not inspect(connection).has_table(table.name):
        return frozenset()
    query = select(table).where(table.c.workbook == workbook)
    if until is not None:
        query = query.where(table.c.at <= until)
    return frozenset(tell_key(row) for row in connection.execute(query).mappings())


def record(connection: Connection, workbook: str, subjects: Collection[str], by: Act) -> None:
    """Write down who did what to which messages or decisions."""
    table = schema.acts
    last = connection.scalar(select(func.max(table.c.id)).where(table.c.workbook == workbook)) or 0
    rows = [
        {
            "workbook": workbook,
            "id": last + number,
            "at": by.at,
            "act": by.act,
            "subject": subject,
            "who": by.who,
        }
        for number, subject in enumerate(sorted(subjects), start=1)
    ]
    if rows:
        connection.execute(insert(table), rows)


def load(connection: Connection, workbook: str, subject: str) -> tuple[Act, ...]:
    """Return what was done to a message or a decision, the first act first."""
    table = schema.acts
    if not inspect(connection).has_table(table.name):
        return ()
    query = (
        select(table)
        .where(and_(table.c.workbook == workbook, table.c.subject == subject))
        .order_by(table.c.id)
    )
    return tuple(
        Act(at=row.at, act=row.act, subject=row.subject, who=row.who)
        for row in connection.execute(query)
    )


def _move(connection: Connection, workbook: str, message: str, state: State, **values: Any) -> None:
    changed = connection.execute(
        update(schema.messages)
        .where(_M.workbook == workbook, _M.id == message, _M.state.in_(sorted(sources(state))))
        .values(state=state, **values)
    )
    if changed.rowcount != 1:
        raise IllegalMove(message, state)
