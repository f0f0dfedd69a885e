"""Messages as rows for reports, in the order in which they are handed over: urgent first."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    and_,
    case,
    select,
    true,
)

from automator.core.message import State
from automator.ledger import encode, schema
from automator.ledger.codec import load_names
from automator.ledger.records import MessageRow
from automator.ledger.states import CLAIMABLE

_M = schema.messages.c

IN_ORDER = (case((_M.kind == "urgent", 0), else_=1), _M.run, _M.position, _M.id)
"""Urgent ones first, then as planned."""

BACKOFF = and_(
    schema.backoff.c.workbook == _M.workbook,
    schema.backoff.c.unit == _M.unit,
    schema.backoff.c.role == _M.role,
)
"""Joins a message to the back-off of its reader."""


def message_rows(
    connection: Connection,
    workbook: str,
    *,
    ids: Collection[str] | None = None,
    states: Collection[State] | None = None,
    run: int | None = None,
    prefix: str | None = None,
) -> tuple[MessageRow, ...]:
    """Return the messages that meet all that is given (None does not narrow).

    `prefix`: how the id begins, in lower case.
    """
    chosen = and_(
        _M.workbook == workbook,
        true() if ids is None else _M.id.in_(ids),
        true() if states is None else _M.state.in_(sorted(states)),
        true() if run is None else _M.run == run,
        true() if prefix is None else _M.id.startswith(prefix, autoescape=True),
    )
    steps = _lists(connection, schema.steps, chosen)
    weeks = _lists(connection, schema.weeks, chosen)
    query = (
        select(schema.messages, schema.backoff.c.retry_at)
        .join_from(schema.messages, schema.backoff, BACKOFF, isouter=True)
        .where(chosen)
        .order_by(*IN_ORDER)
    )
    return tuple(
        _row(row, steps[row["id"]], weeks[row["id"]])
        for row in connection.execute(query).mappings()
    )


def told_rows(connection: Connection, workbook: str, prefix: str) -> tuple[MessageRow, ...]:
    """Return what is known of messages that were pruned: what they told, to whom and when."""
    steps, weeks = schema.told, schema.digest_weeks
    found: dict[str, MessageRow] = {}
    for table in (steps, weeks):
        query = select(table).where(
            table.c.workbook == workbook, table.c.message.startswith(prefix, autoescape=True)
        )
        for row in connection.execute(query.order_by(*table.primary_key)).mappings():
            known = found.get(row["message"]) or _bare(row)
            if table is steps:
                known = replace(known, steps=(*known.steps, encode.tell_key(row)))
            else:
                known = replace(known, weeks=(*known.weeks, row["week"]))
            found[row["message"]] = known
    return tuple(found.values())


def _bare(row: RowMapping) -> MessageRow:
    at = row["at"]
    return MessageRow(
        id=row["message"],
        unit=row["unit"],
        role=row["role"],
        kind="",
        recipients=(),
        subject="",
        state=State.SENT,
        at=at,
        since=at,
        settled_at=at,
        run=0,
    )


def _row(row: RowMapping, steps: list[RowMapping], weeks: list[RowMapping]) -> MessageRow:
    state: State = row["state"]
    return MessageRow(
        id=row["id"],
        unit=row["unit"],
        role=row["role"],
        kind=row["kind"],
        recipients=load_names(row["recipients"]),
        subject=row["subject"],
        state=state,
        at=row["at"],
        since=row["since"],
        run=row["run"],
        steps=tuple(encode.tell_key(step) for step in steps),
        weeks=tuple(week["week"] for week in weeks),
        detail=row["detail"],
        refused=load_names(row["refused"]),
        settled_at=row["settled_at"],
        retry_at=row["retry_at"] if state in CLAIMABLE else None,
    )


def _lists(
    connection: Connection, table: Table, chosen: ColumnElement[bool]
) -> dict[str, list[RowMapping]]:
    """Return the rows of `steps` or `weeks` by message, in the message's order."""
    joined = and_(table.c.workbook == _M.workbook, table.c.message == _M.id)
    query = select(table).join_from(table, schema.messages, joined).where(chosen)
    lists: dict[str, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(query.order_by(table.c.message, table.c.position)).mappings():
        lists[row["message"]].append(row)
    return lists
