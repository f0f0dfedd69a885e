"""One run at a time: a lock that dies with the process that holds it."""

import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from automator.errors import LeaseHeld, LedgerUnusable
from automator.ledger import schema
from automator.ledger.database import Database, unusable


@contextmanager
def held(database: Database, workbook: str) -> Iterator[None]:
    """Hold the lock of a ledger: of the whole file, or of one workbook on a server.

    Raises LeaseHeld, at once, if another holds it.
    """
    if database.path is None:
        scope, taken = workbook, _advisory(database, workbook)
    else:
        scope, taken = "", _file(database, database.path)
    with taken:
        _sign(database, scope)
        try:
            yield
        finally:
            _erase(database, scope)


def is_held(database: Database, workbook: str) -> bool:
    """Tell whether a run holds the lock now. Nothing is written."""
    if database.path is None:
        return _is_held_there(database, _number(workbook))
    file = _lock_of(database.path)
    if not Path(file.lock_file).exists():
        return False
    try:
        file.acquire(timeout=0)
    except (Timeout, OSError):
        return True
    file.release()
    return False


def _is_held_there(database: Database, number: int) -> bool:
    with database.transaction() as connection:  # a lock for the time of this transaction
        return not connection.scalar(select(func.pg_try_advisory_xact_lock(number)))


def _lock_of(path: Path) -> FileLock:
    return FileLock(path.with_name(f"{path.name}.lock"))


def _number(workbook: str) -> int:
    """Return the number of a workbook's lock on a server."""
    digest = hashlib.sha256(f"automator/{workbook}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


@contextmanager
def _file(database: Database, path: Path) -> Iterator[None]:
    lock = _lock_of(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise _lease_held(database, "") from None
    except OSError as error:
        raise unusable(lock.lock_file, error) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _advisory(database: Database, workbook: str) -> Iterator[None]:
    """Hold a lock of the server, which lasts as long as its connection does."""
    number = _number(workbook)
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    try:
        connection = engine.connect()
    except SQLAlchemyError as error:
        raise unusable(database.name, error) from error
    with connection:
        if not connection.scalar(select(func.pg_try_advisory_lock(number))):
            raise _lease_held(database, workbook)
        try:
            yield
        finally:
            with suppress(SQLAlchemyError):  # where the connection is lost, so is the lock
                connection.scalar(select(func.pg_advisory_unlock(number)))


def _sign(database: Database, scope: str) -> None:
    """Write down who holds the lock, for those who find it taken."""
    row = {"pid": os.getpid(), "host": socket.gethostname(), "since": datetime.now(UTC)}
    with database.transaction() as connection:
        connection.execute(delete(schema.holders).where(schema.holders.c.scope == scope))
        connection.execute(insert(schema.holders).values(scope=scope, **row))


def _erase(database: Database, scope: str) -> None:
    with database.transaction() as connection:
        connection.execute(delete(schema.holders).where(schema.holders.c.scope == scope))


def _lease_held(database: Database, scope: str) -> LeaseHeld:
    """Return who holds the lock, as far as is known."""
    table = schema.holders.c
    query = select(table.pid, table.host, table.since).where(table.scope == scope)
    try:
        with database.transaction() as connection:
            found = connection.execute(query).one_or_none()
    except LedgerUnusable:
        found = None
    who = "another process"
    if found is not None:
        since = found.since.astimezone()
        who = f"process {found.pid} on {found.host}, since {since:%d/%m/%Y %H:%M:%S}"
    return LeaseHeld(f"another run holds the ledger {database.name}: {who}", hint="let it end")
