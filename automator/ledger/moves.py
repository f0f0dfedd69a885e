"""The moves of single messages. Each is one conditional UPDATE that must change one row."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from automator.core.budget import Waiting
from automator.core.message import Ended, Message, State
from automator.ledger import bounces, repeats, schema
from automator.ledger.bodies import leaving
from automator.ledger.codec import dump_names, load_names
from automator.ledger.columns import instant_text
from automator.ledger.encode import Row
from automator.ledger.reports import BACKOFF, IN_ORDER
from automator.ledger.statements import CLAIM, CLAIM_AGAIN, RELAX, SETTLE, TELL, TELL_WEEKS
from automator.ledger.states import CLAIMABLE, IllegalMove

FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(hours=6)
FORGOTTEN = timedelta(days=7)
"""So long after a back-off has ended, one more refusal begins a new row of them."""

_M = schema.messages.c
_OUTCOMES = frozenset({State.SENT, State.DEFERRED, State.FAILED, State.IN_DOUBT})
DIED = "the run died while it handed the message over"
"""Why a message that was found in `sending` is in doubt."""


def waiting(connection: Connection, workbook: str, now: datetime) -> tuple[Waiting, ...]:
    """Return what is to be handed over: no back-off of its reader lies after `now`.

    Only what the last run planned: nothing leaves without a judgement of the same run. What is
    in doubt is there if that run wants it once more (`repeat`).
    """
    runs = schema.runs.c
    last = select(func.max(runs.id)).where(runs.workbook == workbook).scalar_subquery()
    states = sorted({*CLAIMABLE, State.IN_DOUBT})
    query = (
        select(_M.id, _M.kind, _M.recipients)
        .join_from(schema.messages, schema.backoff, BACKOFF, isouter=True)
        .where(_M.workbook == workbook, _M.state.in_(states), _M.run == last)
        .where(or_(schema.backoff.c.retry_at.is_(None), schema.backoff.c.retry_at <= now))
        .order_by(*IN_ORDER)
    )
    return tuple(
        Waiting(id=row.id, urgent=row.kind == "urgent", recipients=load_names(row.recipients))
        for row in connection.execute(query)
    )


def recipients_since(connection: Connection, workbook: str, since: datetime) -> int:
    """Return to how many recipients mail went, or may have gone, after `since`."""
    query = select(_M.recipients, _M.refused).where(
        _M.workbook == workbook,
        _M.state.in_([State.SENT, State.IN_DOUBT]),
        _M.settled_at > since,
    )
    return sum(
        len(load_names(row.recipients)) - len(load_names(row.refused))
        for row in connection.execute(query)
    )


def claim(connection: Connection, workbook: str, message: str) -> Message | None:
    """Move a message to `sending` and return it as a transport needs it; None if it is not there.

    It is not, too, when one of its steps or weeks was told meanwhile or is in doubt: that
    message belongs to a plan that did not know.
    """
    this = {"workbook": workbook, "message": message}
    row = CLAIM.run(connection, this).fetchone()
    if row is None:
        row = CLAIM_AGAIN.run(connection, this).fetchone()
        if row is not None:
            repeats.note(connection, workbook, message)
    return None if row is None else leaving(connection, workbook, row)


def settle(connection: Connection, workbook: str, ended: Ended) -> None:
    """Move a message from `sending` to its outcome, with all that follows from it.

    Raises ValueError for a state in which sending does not end.
    """
    if ended.state not in _OUTCOMES:
        msg = f"sending does not end as {ended.state}"
        raise ValueError(msg)
    if ended.state is not State.SENT and repeats.known(connection, workbook, ended.id):
        _settle_repeat(connection, workbook, ended)
        return
    this, at = {"workbook": workbook, "message": ended.id}, instant_text(ended.at)
    outcome = {"new_state": ended.state.value, "new_settled_at": at, "new_detail": ended.detail}
    refused = {"new_refused": dump_names(ended.refused)}
    settled = SETTLE.run(connection, this | outcome | refused).fetchone()
    if settled is None:
        raise IllegalMove(ended.id, ended.state)
    if ended.state is State.SENT:
        weeks, refusals = settled
        _tell(connection, this, at, weeks=weeks, refusals=refusals)
        if ended.dead:
            bounces.note_refused(connection, workbook, ended)
    elif ended.state is State.DEFERRED:
        _back_off(connection, workbook, ended.id, ended.at)


def put_back(connection: Connection, workbook: str, message: str, why: str) -> None:
    """Move a message that surely never left from `sending` to `queued`: nobody refused it.

    One that was in doubt before is so again: it may have left the first time.
    """
    if repeats.forget(connection, workbook, message):
        _move(connection, workbook, message, State.SENDING, State.IN_DOUBT, detail=why)
        return
    _move(connection, workbook, message, State.SENDING, State.QUEUED, detail=why)


def recover(connection: Connection, workbook: str, now: datetime) -> tuple[str, ...]:
    """Put in doubt what a dead run left in `sending`; return the ids, sorted. Nothing is sent.

    A claim comes right before the hand-over and nothing is written between: whatever was
    claimed may be out.
    """
    left = connection.scalars(
        select(_M.id).where(_M.workbook == workbook, _M.state == State.SENDING).order_by(_M.id)
    ).all()
    for message in left:
        ended = Ended(id=message, state=State.IN_DOUBT, at=now, detail=DIED)
        settle(connection, workbook, ended)
    return tuple(left)


def repeat(connection: Connection, workbook: str, messages: Collection[str], run: int) -> None:
    """Let a run hand messages in doubt over once more: byte for byte, under the same id."""
    connection.execute(
        update(schema.messages)
        .where(_M.workbook == workbook, _M.id.in_(sorted(messages)), _M.state == State.IN_DOUBT)
        .values(run=run)
    )


def doubted(connection: Connection, workbook: str) -> dict[str, str]:
    """Return the Message-ID of each message in doubt, by id."""
    query = select(_M.id, _M.message_id)
    query = query.where(_M.workbook == workbook, _M.state == State.IN_DOUBT).order_by(_M.id)
    return {row.id: row.message_id for row in connection.execute(query)}


def confirm(connection: Connection, workbook: str, message: str) -> None:
    """Move a message in doubt to `sent`: it was found where sent mail lies. Raises IllegalMove.

    It counts as told since it was put in doubt.
    """
    _move(connection, workbook, message, State.IN_DOUBT, State.SENT)
    at = connection.scalar(select(_M.settled_at).where(*_is(workbook, message)))
    assert at is not None  # the database holds it to that
    _tell(connection, {"workbook": workbook, "message": message}, instant_text(at))


def _tell(
    connection: Connection,
    this: Mapping[str, str],
    at: str,
    *,
    weeks: bool = True,
    refusals: bool = True,
) -> None:
    """Write down that the message's steps were told, and its `weeks` where it has any.

    The `refusals` of its reader are forgotten.
    """
    TELL.run(connection, {**this, "at": at})
    if weeks:
        TELL_WEEKS.run(connection, {**this, "at": at})
    if refusals:
        RELAX.run(connection, this)


def _settle_repeat(connection: Connection, workbook: str, ended: Ended) -> None:
    """Put a message back in doubt that went out once more in vain.

    The first copy may have arrived whatever became of the second. One that was put off was
    not taken: it may be tried again.
    """
    _move(connection, workbook, ended.id, State.SENDING, State.IN_DOUBT, detail=ended.detail)
    if ended.state is State.DEFERRED:
        repeats.forget(connection, workbook, ended.id)
        _back_off(connection, workbook, ended.id, ended.at)


def retry_after(attempts: int) -> timedelta:
    """Return how long a reader is left alone after so many refusals in a row."""
    factor: int = 2 ** min(attempts - 1, 10)  # far beyond the longest, and no overflow
    return min(FIRST_RETRY * factor, LONGEST_RETRY)


def _move(
    connection: Connection, workbook: str, message: str, old: State, new: State, **values: Any
) -> None:
    changed = connection.execute(
        update(schema.messages)
        .where(*_is(workbook, message), _M.state == old)
        .values(state=new, phase="", **values)
    )
    if changed.rowcount != 1:
        raise IllegalMove(message, new)


def _is(workbook: str, message: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _M.workbook == workbook, _M.id == message


def _reader(connection: Connection, workbook: str, message: str) -> Row:
    """Return the unit and the role of a message."""
    row = connection.execute(select(_M.unit, _M.role).where(*_is(workbook, message))).one()
    return {"unit": row.unit, "role": row.role}


def _back_off(connection: Connection, workbook: str, message: str, at: datetime) -> None:
    reader = _reader(connection, workbook, message)
    table = schema.backoff
    last = connection.execute(select(table).where(_of(workbook, reader))).one_or_none()
    in_a_row = last is not None and at < last.retry_at + FORGOTTEN
    tries = (last.attempts if last is not None and in_a_row else 0) + 1
    since = (last.since or last.retry_at) if last is not None and in_a_row else at
    connection.execute(delete(table).where(_of(workbook, reader)))
    row = {"attempts": tries, "retry_at": at + retry_after(tries), "since": since}
    connection.execute(insert(table).values(workbook=workbook, **reader, **row))


def _of(workbook: str, reader: Row) -> ColumnElement[bool]:
    table = schema.backoff.c
    return and_(
        table.workbook == workbook, table.unit == reader["unit"], table.role == reader["role"]
    )
