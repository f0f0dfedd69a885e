"""Brings an older ledger up to date, in the transaction that opens it to write.

Each step leads from one version to the next. It is all or nothing: a process that dies on the
way leaves the ledger as it was. A reader changes nothing and takes what is not there as empty.
Alembic can take over at any version: `meta.schema_version` says where a ledger stands.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, Table, insert, inspect, literal, select, update
from sqlalchemy import text as sql

from automator.ledger import schema
from automator.ledger.codec import dump_pairs


def _decisions(connection: Connection) -> None:
    """1 to 2: decisions by hand have a table."""
    schema.decisions.create(connection)


def _lapses(connection: Connection) -> None:
    """2 to 3: rows being edited keep their last good cells; rows keep when a claim was read."""
    schema.lapses.create(connection)
    _rebuilt(connection, schema.sightings, {"claims": dump_pairs(())})


def _addresses(connection: Connection) -> None:
    """3 to 4: addresses and acts by hand have tables; bodies and back-offs say more."""
    for table in (schema.contacts, schema.bounces, schema.discarded, schema.acts):
        table.create(connection)
    _rebuilt(connection, schema.bodies, {"templates": ""})
    _rebuilt(connection, schema.backoff, {})


def _rebuilt(connection: Connection, table: Table, fresh: Mapping[str, str]) -> None:
    """Rebuild a table with the columns that it lacks, blank or `fresh`, as a new one has them."""
    there = {column["name"] for column in inspect(connection).get_columns(table.name)}
    if there == {column.name for column in table.columns}:
        return
    old = f"{table.name}_before"
    connection.execute(sql(f"CREATE TABLE {old} AS SELECT * FROM {table.name}"))  # noqa: S608
    table.drop(connection)
    table.create(connection)
    names = [column.name for column in table.columns]
    kept = [
        sql(f'"{name}"') if name in there else literal(fresh.get(name)).label(name)
        for name in names
    ]
    connection.execute(insert(table).from_select(names, select(*kept).select_from(sql(old))))
    connection.execute(sql(f"DROP TABLE {old}"))


STEPS: Mapping[int, Callable[[Connection], None]] = {1: _decisions, 2: _lapses, 3: _addresses}
"""From each older version to the next."""

READABLE = frozenset(str(version) for version in (*STEPS, schema.VERSION))
"""The versions that this program reads, and brings up to date when it may write."""


def bring_up_to_date(connection: Connection) -> None:
    """Take every step that the ledger lacks and write its new version down."""
    meta = schema.meta
    here = meta.c.name == "schema_version"
    found = int(connection.scalar(select(meta.c.value).where(here)) or schema.VERSION)
    if found == schema.VERSION:
        return
    for version in range(found, schema.VERSION):
        STEPS[version](connection)
    connection.execute(update(meta).where(here).values(value=str(schema.VERSION)))
