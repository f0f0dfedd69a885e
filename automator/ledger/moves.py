"""The moves of single messages. Each is one conditional UPDATE that must change one row."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from automator.core.message import Ended, State
from automator.ledger import schema
from automator.ledger.codec import dump_names
from automator.ledger.encode import Row
from automator.ledger.reports import BACKOFF, IN_ORDER
from automator.ledger.states import CLAIMABLE, IllegalMove

FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(hours=6)
FORGOTTEN = timedelta(days=7)
"""So long after a back-off has ended, one more refusal begins a new row of them."""

_M = schema.messages.c
_KEY = ("unit", "role", "instance", "episode", "step")
_OUTCOMES = frozenset({State.SENT, State.DEFERRED, State.FAILED, State.IN_DOUBT})
DIED = "the run died while it handed the message over"
"""Why a message that was found in `sending` is in doubt."""


def pending(connection: Connection, workbook: str, now: datetime) -> tuple[str, ...]:
    """Return the ids to hand over: no back-off of their reader lies after `now`.

    Only what the last run planned: nothing leaves without a judgement of the same run.
    """
    runs = schema.runs.c
    last = select(func.max(runs.id)).where(runs.workbook == workbook).scalar_subquery()
    query = (
        select(_M.id)
        .join_from(schema.messages, schema.backoff, BACKOFF, isouter=True)
        .where(_M.workbook == workbook, _M.state.in_(sorted(CLAIMABLE)), _M.run == last)
        .where(or_(schema.backoff.c.retry_at.is_(None), schema.backoff.c.retry_at <= now))
        .order_by(*IN_ORDER)
    )
    return tuple(connection.scalars(query))


def claim(connection: Connection, workbook: str, message: str) -> bool:
    """Move a message to `sending`; False if it is not there to send.

    It is not, too, when one of its steps or weeks was told meanwhile or is in doubt: that
    message belongs to a plan that did not know.
    """
    free = and_(
        _M.state.in_(sorted(CLAIMABLE)),
        ~_already(workbook, message, schema.steps, schema.told, _KEY),
        ~_on_its_way(workbook, message),
        ~_week_told(workbook, message),
    )
    changed = connection.execute(
        update(schema.messages).where(*_is(workbook, message), free).values(state=State.SENDING)
    )
    return changed.rowcount == 1


def settle(connection: Connection, workbook: str, ended: Ended) -> None:
    """Move a message from `sending` to its outcome, with all that follows from it.

    Raises ValueError for a state in which sending does not end.
    """
    if ended.state not in _OUTCOMES:
        msg = f"sending does not end as {ended.state}"
        raise ValueError(msg)
    row = {"settled_at": ended.at, "detail": ended.detail, "refused": dump_names(ended.refused)}
    _move(connection, workbook, ended.id, State.SENDING, ended.state, **row)
    if ended.state is State.SENT:
        _tell(connection, workbook, ended.id, ended.at)
        _relax(connection, workbook, ended.id)
    elif ended.state is State.DEFERRED:
        _back_off(connection, workbook, ended.id, ended.at)


def put_back(connection: Connection, workbook: str, message: str, why: str) -> None:
    """Move a message that surely never left from `sending` to `queued`: nobody refused it."""
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


def _already(
    workbook: str, message: str, mine: Any, told: Any, names: tuple[str, ...]
) -> ColumnElement[bool]:
    """Whether a row of `mine` of this message stands in `told`."""
    same = and_(*(mine.c[name] == told.c[name] for name in names))
    return exists(
        select(mine.c.message)
        .join_from(mine, told, and_(mine.c.workbook == told.c.workbook, same))
        .where(mine.c.workbook == workbook, mine.c.message == message)
    )


def _week_told(workbook: str, message: str) -> ColumnElement[bool]:
    """Whether the message's reader was told one of its weeks."""
    mine, told = schema.weeks.alias(), schema.digest_weeks
    reader = schema.messages.alias()
    return exists(
        select(mine.c.message)
        .join_from(mine, reader, _owner(mine, reader))
        .join(
            told,
            and_(
                told.c.workbook == mine.c.workbook,
                told.c.week == mine.c.week,
                told.c.unit == reader.c.unit,
                told.c.role == reader.c.role,
            ),
        )
        .where(mine.c.workbook == workbook, mine.c.message == message)
    )


def _on_its_way(workbook: str, message: str) -> ColumnElement[bool]:
    """Whether another message that is being sent, or is in doubt, has one of the steps."""
    mine, theirs = schema.steps.alias(), schema.steps.alias()
    other = schema.messages.alias()
    same = and_(*(mine.c[name] == theirs.c[name] for name in ("workbook", *_KEY)))
    return exists(
        select(mine.c.message)
        .join_from(mine, theirs, and_(same, theirs.c.message != mine.c.message))
        .join(other, _owner(theirs, other))
        .where(mine.c.workbook == workbook, mine.c.message == message)
        .where(other.c.state.in_([State.SENDING, State.IN_DOUBT]))
    )


def _owner(part: Any, message: Any) -> ColumnElement[bool]:
    return and_(part.c.workbook == message.c.workbook, part.c.message == message.c.id)


def _tell(connection: Connection, workbook: str, message: str, at: datetime) -> None:
    """Write down that the message's steps and weeks were told."""
    steps, weeks = schema.steps.c, schema.weeks.c
    keys = connection.execute(
        select(*(steps[name] for name in _KEY)).where(
            steps.workbook == workbook, steps.message == message
        )
    ).mappings()
    common = {"workbook": workbook, "message": message, "at": at}
    _insert(connection, schema.told, [common | dict(key) for key in keys])
    covered = connection.scalars(
        select(weeks.week).where(weeks.workbook == workbook, weeks.message == message)
    )
    reader = _reader(connection, workbook, message)
    _insert(connection, schema.digest_weeks, [common | reader | {"week": w} for w in covered])


def _insert(connection: Connection, table: Any, rows: list[Row]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _reader(connection: Connection, workbook: str, message: str) -> Row:
    """Return the unit and the role of a message."""
    row = connection.execute(select(_M.unit, _M.role).where(*_is(workbook, message))).one()
    return {"unit": row.unit, "role": row.role}


def _relax(connection: Connection, workbook: str, message: str) -> None:
    """Forget the refusals of a reader whom a mail reached."""
    reader = _reader(connection, workbook, message)
    connection.execute(delete(schema.backoff).where(_of(workbook, reader)))


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
