"""The approved addresses of schools: as a run leaves them, and as the operator approves them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, inspect, select

from automator.core.memory import Contact
from automator.ledger import schema
from automator.ledger.codec import dump_names, load_names
from automator.ledger.encode import Row, local

_C = schema.contacts.c


def load(connection: Connection, workbook: str, zone: ZoneInfo) -> dict[str, Contact]:
    """Return by school where its mail may go."""
    if not inspect(connection).has_table(schema.contacts.name):
        return {}  # an older ledger, opened to read
    query = select(schema.contacts).where(_C.workbook == workbook).order_by(_C.unit)
    return {
        row["unit"]: Contact(
            addresses=load_names(row["addresses"]),
            approved_at=row["approved_at"],
            approved_by=row["approved_by"],
        )
        for row in (local(each, zone) for each in connection.execute(query).mappings())
    }


def rows(contacts: Mapping[str, Contact]) -> Iterable[Row]:
    """Return one row a school."""
    return [_row(unit, contact) for unit, contact in sorted(contacts.items())]


def approve(connection: Connection, workbook: str, contacts: Mapping[str, Contact]) -> None:
    """Put approved addresses in the place of what was pinned for those schools."""
    connection.execute(
        delete(schema.contacts).where(_C.workbook == workbook, _C.unit.in_(list(contacts)))
    )
    fresh = [{"workbook": workbook, **row} for row in rows(contacts)]
    if fresh:
        connection.execute(insert(schema.contacts), fresh)


def approved(wanted: Mapping[str, tuple[str, ...]], at: datetime, who: str) -> dict[str, Contact]:
    """Return addresses by school as approved by `who`."""
    return {
        unit: Contact(addresses=addresses, approved_at=at, approved_by=who)
        for unit, addresses in wanted.items()
    }


def _row(unit: str, contact: Contact) -> Row:
    return {
        "unit": unit,
        "addresses": dump_names(contact.addresses),
        "approved_at": contact.approved_at,
        "approved_by": contact.approved_by,
    }
