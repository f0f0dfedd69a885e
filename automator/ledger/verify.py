"""Is this ledger sound? Its file, its references, and what must hold between its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    and_,
    exists,
    func,
    not_,
    select,
    type_coerce,
)

from automator.core.message import State
from automator.ledger import care, lock, schema
from automator.ledger.database import Database
from automator.ledger.load import load_memory
from automator.ledger.states import DRAFTS
from automator.ledger.upgrades import broken_references

SHOWN = 5
"""So many rows of one fault are named; the rest are counted."""

_M, _S, _W = schema.messages.c, schema.steps.c, schema.weeks.c
_T, _D, _R = schema.told.c, schema.digest_weeks.c, schema.runs.c
_stored = type_coerce(_M.state, String)  # as it is stored, be it a state or not
_KEY = ("unit", "role", "instance", "episode", "step")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found. `faults` and `notes` are (code, one line); sound: there is no fault.

    `version` is that of the ledger's schema, `checked` the codes of all that was looked at.
    """

    ledger: str
    version: int
    checked: tuple[str, ...]
    faults: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]


def verify(target: str, workbook: str, zone: ZoneInfo) -> Verdict:
    """Look a ledger over, changing nothing; a run may be going on meanwhile.

    Raises LedgerUnusable for one that is not there, cannot be read at all, or is no ledger.
    """
    database = care.existing(target)
    try:
        with database.transaction() as connection:
            faults = [("file", line) for line in _file(connection)]
            version = _version(connection)
            sound = not faults
            if sound:
                faults += _found(connection, workbook)
                faults += _unreadable(database, connection, workbook, zone)
            stuck = _sending(connection, workbook) if sound else 0
        notes = [*_older(version), *_stuck(stuck, database, workbook)]
    finally:
        database.close()
    checked = ("file", *(code for code, _ in CHECKS), "memory") if sound else ("file",)
    return Verdict(
        ledger=database.name,
        version=version,
        checked=checked,
        faults=tuple(faults),
        notes=tuple(notes),
    )


def _file(connection: Connection) -> list[str]:
    """Return what SQLite finds wrong in its file. A server looks after its own."""
    if connection.dialect.name != "sqlite":
        return []
    rows = connection.exec_driver_sql(f"PRAGMA integrity_check({SHOWN})").scalars()
    lines = [line for row in rows for line in str(row).splitlines()]
    return [] if lines == ["ok"] else [line for line in lines if not line.startswith("***")]


def _version(connection: Connection) -> int:
    meta = schema.meta.c
    return int(
        connection.scalar(select(meta.value).where(meta.name == "schema_version")) or schema.VERSION
    )


def _older(version: int) -> list[tuple[str, str]]:
    if version == schema.VERSION:
        return []
    return [("version", f"version {version}: the next run brings it up to {schema.VERSION}")]


def _found(connection: Connection, workbook: str) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    for code, check in CHECKS:
        found = check(connection, workbook)
        lines += [(code, line) for line in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append((code, f"and {len(found) - SHOWN} more like it"))
    return lines


def _unreadable(
    database: Database, connection: Connection, workbook: str, zone: ZoneInfo
) -> list[tuple[str, str]]:
    """Read the whole memory, as a run does."""
    try:
        load_memory(connection, workbook, zone, armed=True)
    except (ValueError, LookupError, TypeError) as error:
        return [("memory", f"a row of {database.name} cannot be read: {error}")]
    return []


def _sending(connection: Connection, workbook: str) -> int:
    query = select(func.count()).select_from(schema.messages)
    here = (_M.workbook == workbook, _stored == State.SENDING.value)
    return connection.scalar(query.where(*here)) or 0


def _stuck(count: int, database: Database, workbook: str) -> list[tuple[str, str]]:
    """Say of what is being sent while no run goes on that a run has died; the next one mends it."""
    if not count or lock.is_held(database, workbook):
        return []
    verb = "was" if count == 1 else "were"
    line = f"{count} of the mails {verb} being sent when a run died: the next one doubts them"
    return [("sending", line)]


def _references(connection: Connection, _workbook: str) -> list[str]:
    return broken_references(connection)


def _states(connection: Connection, workbook: str) -> list[str]:
    query = select(_M.id, _stored).where(
        _M.workbook == workbook, _stored.not_in([state.value for state in State])
    )
    found = connection.execute(query.order_by(_M.id))
    return [f"message {name} stands in {state!r}, which is no state" for name, state in found]


def _sent_is_told(connection: Connection, workbook: str) -> list[str]:
    same = and_(_T.workbook == _S.workbook, *(_T[name] == _S[name] for name in _KEY))
    lost = (
        select(_S.message, _S.instance, _S.step)
        .join(schema.messages, and_(_M.workbook == _S.workbook, _M.id == _S.message))
        .where(_S.workbook == workbook, _stored == State.SENT.value, _untold(same))
    )
    return [
        f"message {name} was sent, but {step} of {instance} does not count as told"
        for name, instance, step in connection.execute(lost.order_by(*schema.steps.primary_key))
    ]


def _sent_weeks_are_told(connection: Connection, workbook: str) -> list[str]:
    same = and_(
        _D.workbook == _W.workbook, _D.week == _W.week, _D.unit == _M.unit, _D.role == _M.role
    )
    lost = (
        select(_W.message, _W.week)
        .join(schema.messages, and_(_M.workbook == _W.workbook, _M.id == _W.message))
        .where(_W.workbook == workbook, _stored == State.SENT.value)
        .where(not_(exists(select(_D.week).where(same))))
    )
    return [
        f"message {name} was sent, but its summary of {week} does not count as told"
        for name, week in connection.execute(lost.order_by(*schema.weeks.primary_key))
    ]


def _untold(same: ColumnElement[bool]) -> ColumnElement[bool]:
    return not_(exists(select(_T.step).where(same)))


def _told_was_sent(connection: Connection, workbook: str) -> list[str]:
    lines: list[str] = []
    for table in (schema.told, schema.digest_weeks):
        owner = and_(_M.workbook == table.c.workbook, _M.id == table.c.message)
        wrong = (
            select(_M.id, _stored)
            .distinct()
            .join_from(table, schema.messages, owner)
            .where(table.c.workbook == workbook, _stored != State.SENT.value)
        )
        found = connection.execute(wrong.order_by(_M.id))
        lines += [f"message {name} counts as told, but is {state}" for name, state in found]
    return lines


def _drafts_have_bodies(connection: Connection, workbook: str) -> list[str]:
    body = schema.bodies.c
    mine = and_(body.workbook == _M.workbook, body.message == _M.id)
    waiting = sorted(state.value for state in (*DRAFTS, State.SENDING))
    query = select(_M.id, _stored).where(
        _M.workbook == workbook,
        _stored.in_(waiting),
        not_(exists(select(body.message).where(mine))),
    )
    found = connection.execute(query.order_by(_M.id))
    return [f"message {name} is {state}, but has no body" for name, state in found]


def _numbers(connection: Connection, workbook: str) -> list[str]:
    """The next row's number must be free, and no planned run may be missing."""
    seen, books = schema.sightings.c, schema.workbooks.c
    highest = connection.scalar(select(func.max(seen.id)).where(seen.workbook == workbook)) or 0
    following = connection.scalar(select(books.next_sighting).where(books.workbook == workbook))
    lines = []
    if following is not None and following <= highest:
        lines.append(f"the next row would get number {following}, but {highest} is given")
    known = exists(select(_R.id).where(_R.id == _M.run, _R.workbook == _M.workbook))
    query = select(_M.id, _M.run).where(_M.workbook == workbook, _M.run != 0, not_(known))
    return [
        *lines,
        *(f"message {m} names run {r}, which is not there" for m, r in connection.execute(query)),
    ]


CHECKS: tuple[tuple[str, Callable[[Connection, str], list[str]]], ...] = (
    ("references", _references),
    ("states", _states),
    ("sent", _sent_is_told),
    ("weeks", _sent_weeks_are_told),
    ("told", _told_was_sent),
    ("bodies", _drafts_have_bodies),
    ("numbers", _numbers),
)
"""What must hold, by the code that names it."""
