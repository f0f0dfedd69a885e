"""Decisions by hand: written, revoked, read. Nothing is ever deleted."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, inspect, select, update

from automator.core.given import Given
from automator.ledger import schema
from automator.ledger.encode import Row, local

_D = schema.decisions.c
_FIELDS = tuple(field.name for field in fields(Given))
_DAYS = ("first_day", "last_day")


def load(connection: Connection, workbook: str, zone: ZoneInfo) -> tuple[Given, ...]:
    """Return the decisions of a workbook by id, the revoked ones too."""
    if not inspect(connection).has_table(schema.decisions.name):
        return ()  # an older ledger, opened to read
    query = select(schema.decisions).where(_D.workbook == workbook).order_by(_D.id)
    return tuple(_given(local(row, zone), zone) for row in connection.execute(query).mappings())


def add(connection: Connection, workbook: str, wish: Given) -> tuple[Given, bool]:
    """Write a decision down; return it with its id, and whether it is new.

    The same decision twice, while the first stands, is one.
    """
    row = _row(wish)
    content = [schema.decisions.c[name] == row[name] for name in _CONTENT]
    standing = select(_D.id).where(_D.workbook == workbook, _D.revoked_at.is_(None), *content)
    known = connection.scalar(standing)
    if known is not None:
        return replace(wish, id=known), False
    last = connection.scalar(select(func.max(_D.id)).where(_D.workbook == workbook)) or 0
    connection.execute(insert(schema.decisions).values(workbook=workbook, **row | {"id": last + 1}))
    return replace(wish, id=last + 1), True


_CONTENT = ("kind", "scope", "obligation", "period", *_DAYS, "until")


def revoke(connection: Connection, workbook: str, number: int, at: datetime, who: str) -> bool:
    """Revoke a decision; False if there is none of that id that stands."""
    changed = connection.execute(
        update(schema.decisions)
        .where(_D.workbook == workbook, _D.id == number, _D.revoked_at.is_(None))
        .values(revoked_at=at, revoked_by=who)
    )
    return changed.rowcount == 1


def _row(given: Given) -> Row:
    row = {name: getattr(given, name) for name in _FIELDS}
    row |= {name: row[name].isoformat() if row[name] else "" for name in _DAYS}
    until = given.until
    row["until"] = until.astimezone(UTC).isoformat(timespec="microseconds") if until else ""
    return row


def _given(row: Row, zone: ZoneInfo) -> Given:
    values = {name: row[name] for name in _FIELDS}
    values |= {name: date.fromisoformat(row[name]) if row[name] else None for name in _DAYS}
    until = row["until"]
    values["until"] = datetime.fromisoformat(until).astimezone(zone) if until else None
    return Given(**values)
