"""Opens a ledger: finds it, refuses what is none, makes its tables, brings old ones up to date."""

from pathlib import Path
from secrets import token_hex

from sqlalchemy import Connection, func, insert, inspect, select

from automator.errors import LedgerUnusable
from automator.ledger import schema, tables, upgrades, witness
from automator.ledger.database import Database, check_file, locate, nothing, reading, writing

_CREATION = 4242001  # the advisory lock of those who create the tables on a server


def open_reading(target: str) -> Database:
    """Return the ledger at `target` for reading; an empty one where there is none yet."""
    where = locate(target)
    if isinstance(where, Path):
        check_file(where, readonly=True)
        if not _holds_anything(where):
            return nothing()
    database = reading(where)
    with database.transaction() as connection:
        known = _is_ledger(connection, database)
    return database if known else nothing()


def _holds_anything(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def open_writing(target: str, workbook: str, *, armed: bool) -> Database:
    """Return the ledger at `target`, with its tables and the row of `workbook`.

    A file is looked at read-only first: another program's database stays as it is.
    """
    where = locate(target)
    if isinstance(where, Path):
        check_file(where, readonly=False)
        if _holds_anything(where):
            open_reading(target).close()
    database = writing(where)
    with database.rebuilding() as connection:
        _create(connection, database)
        _register(connection, workbook, armed=armed)
    return database


def _is_ledger(connection: Connection, database: Database) -> bool:
    """Tell whether the tables are there. Raises LedgerUnusable for those of someone else."""
    tables = inspect(connection).get_table_names()
    if schema.meta.name in tables and schema.workbooks.name in tables:
        _check_version(connection, database.name)
        return True
    if tables and database.path is not None:
        msg = f"{database.name} is no ledger: it is the database of another program"
        raise LedgerUnusable(msg, hint="use another --ledger; the file was left as it is")
    return False


def _check_version(connection: Connection, name: str) -> None:
    meta = schema.meta.c
    found = connection.scalar(select(meta.value).where(meta.name == "schema_version"))
    if found in upgrades.READABLE:
        return
    if found is None or not found.isdecimal():
        msg = f"{name} is no ledger: it does not say which version it has"
        raise LedgerUnusable(msg, hint="use another --ledger, or a backup of this one")
    older = int(found) < schema.VERSION
    hint = "no migration from so old a ledger exists" if older else "install a newer automator"
    msg = f"the ledger {name} has version {found}, this program knows {schema.VERSION}"
    raise LedgerUnusable(msg, hint=hint)


def _create(connection: Connection, database: Database) -> None:
    """Create the tables of a new ledger. Two processes may try at once: one does it."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_CREATION)))
    if _is_ledger(connection, database):
        upgrades.bring_up_to_date(connection)
    else:
        tables.create(connection)
        version = {"name": "schema_version", "value": str(schema.VERSION)}
        connection.execute(insert(schema.meta).values(version))
    if not witness.uid(connection):  # it tells this ledger from every other, its copies apart
        connection.execute(insert(schema.meta).values(name=witness.NAME, value=token_hex(16)))


def _register(connection: Connection, workbook: str, *, armed: bool) -> None:
    """Write down a workbook that is new here; of a known one nothing changes."""
    table = schema.workbooks
    if connection.scalar(select(table.c.workbook).where(table.c.workbook == workbook)) is None:
        connection.execute(insert(table).values(workbook=workbook, next_sighting=1, armed=armed))
