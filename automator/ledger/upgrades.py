"""Brings an older ledger up to date, in the transaction that opens it to write.

The steps are alembic's (`revisions`), the marker is our own: `meta.schema_version`. It is all or
nothing: a process that dies on the way leaves the ledger as it was. A reader changes nothing and
takes what is not there as empty.
"""

from importlib import import_module

from sqlalchemy import Connection, select, update

from automator.errors import LedgerUnusable
from automator.ledger import schema

READABLE = frozenset(str(version) for version in range(1, schema.VERSION + 1))
"""The versions that this program reads, and brings up to date when it may write."""


def bring_up_to_date(connection: Connection) -> None:
    """Take every step that the ledger lacks and write its new version down.

    The foreign keys of an SQLite file must be at rest (`Database.rebuilding`): they are checked
    here at the end, and LedgerUnusable is raised where one leads nowhere.
    """
    meta = schema.meta
    here = meta.c.name == "schema_version"
    found = int(connection.scalar(select(meta.c.value).where(here)) or schema.VERSION)
    if found == schema.VERSION:
        return
    migrate(connection, found, schema.VERSION)
    connection.execute(update(meta).where(here).values(value=str(schema.VERSION)))
    if lost := broken_references(connection):
        msg = f"the ledger cannot be brought from version {found} to {schema.VERSION}: {lost[0]}"
        raise LedgerUnusable(msg, hint="it was left as it is; was it changed by hand?")


def migrate(connection: Connection, found: int, target: int) -> None:
    """Run the revisions after version `found` up to `target`. Loads alembic."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    with Operations.context(MigrationContext.configure(connection)):
        for version in range(found + 1, target + 1):
            import_module(f"automator.ledger.revisions.version_{version}").upgrade()


def broken_references(connection: Connection) -> list[str]:
    """Return rows of an SQLite file that refer to none, in words. A server holds its own."""
    if connection.dialect.name != "sqlite":
        return []
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return [f"row {row} of {table} refers to no row of {parent}" for table, row, parent, _ in rows]
