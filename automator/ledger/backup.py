"""A copy of a ledger in a file: whole, checked, and itself a ledger."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Table, insert, select

from automator.errors import ConfigError, LedgerUnusable
from automator.ledger import care, schema, tables
from automator.ledger.database import Database, connect_readonly, unusable, writing

_PAGES = 1000  # copied at a time; a run that writes meanwhile is not held up
_BATCH = 200


def backup(target: str, workbook: str, path: Path, *, force: bool = False) -> int:
    """Copy the ledger at `target` to the file `path`; return the copy's size in bytes.

    An SQLite ledger is copied page by page, with all its workbooks and at one instant, while
    runs may go on. Of a server's database the rows of `workbook` are copied, into a file that
    can serve as a ledger. The copy is checked before it takes its name. Raises ConfigError where
    `path` is there (without `force`) or cannot be written, LedgerUnusable for a ledger that is
    not there or damaged: then nothing is written.
    """
    database = care.existing(target)
    try:
        care.free_to_write(path, target, force=force)
        with care.made_whole(path) as made:
            if database.path is not None:
                _copy_file(database, database.path, made, path)
            else:
                _copy_rows(database, workbook, made)
        return path.stat().st_size
    finally:
        database.close()


def _copy_file(database: Database, own: Path, made: Path, path: Path) -> None:
    try:
        with closing(connect_readonly(own)) as source, closing(sqlite3.connect(made)) as copy:
            source.backup(copy, pages=_PAGES)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
            _check(copy, database.name)
    except sqlite3.Error as fault:
        if fault.sqlite_errorcode in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE):
            msg = f"{path} cannot be written: {fault}"
            raise ConfigError(msg, hint="check the free space of its disk") from fault
        raise unusable(database.name, fault) from fault


def _check(copy: sqlite3.Connection, name: str) -> None:
    """Raise LedgerUnusable for a damaged copy: an older, good one is worth more."""
    (found,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        msg = f"the ledger {name} is damaged, no backup was written: {found.splitlines()[-1]}"
        raise LedgerUnusable(msg, hint="restore the last good backup (docs/operations.md)")


def _copy_rows(database: Database, workbook: str, made: Path) -> None:
    file = writing(made)
    snapshot = database.engine.execution_options(isolation_level="REPEATABLE READ")
    source_database = Database(snapshot, database.name, None)
    try:
        with source_database.transaction() as source, file.transaction() as copy:
            check_current(source, database.name)
            tables.create(copy)
            for table in schema.metadata.sorted_tables:
                if table is not schema.holders:
                    _pour(source, copy, table, workbook)
        with file.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            raw.execute("PRAGMA journal_mode=DELETE")
    finally:
        file.close()


def check_current(connection: Connection, name: str) -> None:
    """Raise LedgerUnusable for a ledger of an older version: a run brings it up to date first."""
    meta = schema.meta.c
    found = connection.scalar(select(meta.value).where(meta.name == "schema_version"))
    if found != str(schema.VERSION):
        msg = f"the ledger {name} has version {found}, this program works on {schema.VERSION}"
        raise LedgerUnusable(msg, hint="the next `automator run` brings it up to date")


def _pour(source: Connection, copy: Connection, table: Table, workbook: str) -> None:
    query = select(table)
    if "workbook" in table.c:
        query = query.where(table.c.workbook == workbook)
    found = source.execution_options(yield_per=_BATCH).execute(query)
    for rows in found.mappings().partitions(_BATCH):
        copy.execute(insert(table), [dict(row) for row in rows])
