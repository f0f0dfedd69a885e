"""The statements that every mail costs, compiled once (`Prepared`): claim, settle, tell.

Parameters are `workbook`, `message` (an id) and what each statement says. The conditions of a
claim are nested, not joined: SQLite then looks a step up by its key, however many there are.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    false,
    insert,
    literal_column,
    select,
    update,
)

from automator.core.message import State
from automator.ledger import schema
from automator.ledger.prepared import Prepared
from automator.ledger.states import CLAIMABLE

KEY = ("unit", "role", "instance", "episode", "step")
LEAVING = (
    *("id", "unit", "role", "kind", "recipients", "subject"),
    *("message_id", "references", "at", "mime"),
)
"""What a claim returns, in this order: all that a transport needs. `mime` may be null."""

_M = schema.messages.c


def _given(name: str) -> BindParameter[Any]:
    return bindparam(name, required=False)  # there only when it runs


_WORKBOOK, _MESSAGE = _given("workbook"), _given("message")
_THIS = and_(_M.workbook == _WORKBOOK, _M.id == _MESSAGE)


def _of(part: Any) -> ColumnElement[bool]:
    return and_(part.c.workbook == _WORKBOOK, part.c.message == _MESSAGE)


def _same(one: Any, other: Any, names: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(*(one.c[name] == other.c[name] for name in ("workbook", *names)))


def _is_there(table: Any, *conditions: ColumnElement[bool], beside: Any) -> ColumnElement[bool]:
    """Whether `table` has such a row; the tables in `beside` belong to what is around it."""
    query: Any = select(literal_column("1")).select_from(table).where(*conditions)
    return exists(query.correlate(*beside))


def _step_told() -> ColumnElement[bool]:
    """Whether one of the message's steps was told meanwhile."""
    mine, told = schema.steps.alias("mine"), schema.told.alias("told_before")
    found = _is_there(told, _same(told, mine, KEY), beside=[mine])
    return _is_there(mine, _of(mine), found, beside=[schema.messages])


def _step_on_its_way() -> ColumnElement[bool]:
    """Whether another message that is being sent, or is in doubt, has one of the steps."""
    mine, theirs = schema.steps.alias("own"), schema.steps.alias("theirs")
    other = schema.messages.alias("other")
    owner = and_(other.c.workbook == theirs.c.workbook, other.c.id == theirs.c.message)
    away = other.c.state.in_([State.SENDING, State.IN_DOUBT])
    sent = _is_there(other, owner, away, beside=[theirs])
    another = theirs.c.message != _MESSAGE
    found = _is_there(theirs, _same(theirs, mine, KEY), another, sent, beside=[mine])
    return _is_there(mine, _of(mine), found, beside=[schema.messages])


def _week_told() -> ColumnElement[bool]:
    """Whether the message's reader was told one of its weeks."""
    mine, told = schema.weeks.alias("covered"), schema.digest_weeks.alias("weeks_told")
    reader = and_(told.c.unit == _M.unit, told.c.role == _M.role)
    found = _is_there(told, _same(told, mine, ("week",)), reader, beside=[mine, schema.messages])
    return _is_there(mine, _of(mine), found, beside=[schema.messages])


def _mime() -> ColumnElement[bytes]:
    body = schema.bodies.alias("body")
    found = select(body.c.mime).where(_of(body)).correlate(schema.messages).scalar_subquery()
    return found.label("mime")


def _reader(column: str) -> ColumnElement[str]:
    return select(_M[column]).where(_THIS).scalar_subquery()


def _has_weeks() -> ColumnElement[bool]:
    """Whether the message covers weeks."""
    mine = schema.weeks.alias("of_message")
    return _is_there(mine, _of(mine), beside=[schema.messages])


def _has_refusals() -> ColumnElement[bool]:
    """Whether the message's reader is left alone for a while."""
    waits = schema.backoff.alias("of_reader")
    reader = and_(waits.c.unit == _M.unit, waits.c.role == _M.role)
    return _is_there(waits, waits.c.workbook == _WORKBOOK, reader, beside=[schema.messages])


def _claim(states: Iterable[State]) -> Prepared:
    return Prepared(
        update(schema.messages)
        .where(_THIS, _M.state.in_(sorted(states)))
        .where(~_step_told(), ~_step_on_its_way(), ~_week_told())
        .values(state=State.SENDING, phase="")
        .returning(*(_M[name] for name in LEAVING[:-1]), _mime())
    )


CLAIM_AGAIN = _claim({State.IN_DOUBT})
"""As CLAIM, of what is in doubt."""

CLAIM = _claim(CLAIMABLE)
"""Takes a message that is there to send and returns it, as LEAVING says; no row if it is not."""

SETTLE = Prepared(
    update(schema.messages)
    .where(_THIS, _M.state == State.SENDING)
    .values(
        phase="",
        **{name: _given(f"new_{name}") for name in ("state", "settled_at", "detail", "refused")},
    )
    .returning(_has_weeks(), _has_refusals())
)
"""Moves a message from `sending` to `new_state`; must change one row.

Returns whether TELL_WEEKS and RELAX would find anything: for most mails, they would not.
"""


def _insert(table: Table, query: Any) -> Prepared:
    return Prepared(insert(table).from_select([c.name for c in query.selected_columns], query))


TELL = _insert(
    schema.told,
    select(
        *(schema.steps.c[name] for name in ("workbook", *KEY, "message")),
        _given("at").label("at"),
        false().label("bounced"),
    ).where(_of(schema.steps)),
)
"""Writes down that the message's steps were told at `at`."""

TELL_WEEKS = _insert(
    schema.digest_weeks,
    select(
        *(schema.weeks.c[name] for name in ("workbook", "week", "message")),
        *(_M.unit, _M.role),
        _given("at").label("at"),
    )
    .join_from(
        schema.weeks,
        schema.messages,
        and_(_M.workbook == schema.weeks.c.workbook, _M.id == schema.weeks.c.message),
    )
    .where(_of(schema.weeks)),
)
"""Writes down that the message's weeks were told to its reader at `at`."""

RELAX = Prepared(
    delete(schema.backoff).where(
        schema.backoff.c.workbook == _WORKBOOK,
        schema.backoff.c.unit == _reader("unit"),
        schema.backoff.c.role == _reader("role"),
    )
)
"""Forgets the refusals of the message's reader."""
