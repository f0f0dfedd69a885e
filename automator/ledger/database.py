"""A database for the ledger: a file or a URL, opened, checked and spoken to in transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool, StaticPool

from automator.errors import LedgerUnusable
from automator.ledger import tables

_MAGIC = b"SQLite format 3\x00"
BUSY_SECONDS = 10.0
"""How long a statement waits for another process's transaction (both are short)."""


class Database:
    """One engine and the words for its faults. `path` is None for a server.

    `empty`: it stands for a ledger that is not there.
    """

    def __init__(
        self, engine: Engine, name: str, path: Path | None, *, empty: bool = False
    ) -> None:
        self.engine = engine
        self.name = name
        self.path = path
        self._fault: type[Exception] = engine.dialect.loaded_dbapi.Error  # of `Prepared` ones
        self.empty = empty
        self._kept: Connection | None = None
        self._in_use = Lock()

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Keep one connection to a file for the transactions of the block, one at a time.

        To take one of the pool costs a fifth of what a mail's move does. A server's is not
        kept: it may go away, and the pool looks after that.
        """
        if self.path is None:
            yield
            return
        try:
            kept = self.engine.connect()
        except (SQLAlchemyError, self._fault) as error:
            raise unusable(self.name, error) from error
        with kept:
            self._kept = kept
            try:
                yield
            finally:
                self._kept = None

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """Give the kept connection, or one of the pool where another thread has it."""
        if self._kept is not None and self._in_use.acquire(blocking=False):
            try:
                yield self._kept
            finally:
                self._in_use.release()
            return
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give a connection in a transaction that is committed at the end, or undone.

        Raises LedgerUnusable for whatever the database cannot or will not do.
        """
        try:
            with self._connection() as connection, connection.begin():
                yield connection
        except (SQLAlchemyError, self._fault, UnicodeDecodeError) as error:
            raise unusable(self.name, error) from error

    @contextmanager
    def values(self) -> Iterator[Connection]:
        """Give a transaction for rows that become values: one that cannot is a fault too."""
        try:
            with self.transaction() as connection:
                yield connection
        except (ValueError, LookupError, TypeError) as error:
            msg = f"the ledger {self.name} holds what cannot be read: {error}"
            raise LedgerUnusable(msg, hint="was it changed by hand? use a backup") from error

    @contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """Give a connection in a transaction in which tables may be dropped and made anew.

        Foreign keys of a file rest meanwhile: a table that is dropped would take the rows that
        refer to it along. Whoever changes tables checks them before the end.
        """
        try:
            with (
                self.engine.connect() as connection,
                _references_at_rest(connection),
                connection.begin(),
            ):
                yield connection
        except (SQLAlchemyError, self._fault, UnicodeDecodeError) as error:
            raise unusable(self.name, error) from error

    def compact(self) -> str:
        """Give the room of deleted rows back to the disk; return why it could not, or "".

        Only a file needs it, and room for a copy of it meanwhile: a server does it by itself.
        """
        if self.path is None:
            return ""
        with self.engine.connect() as connection:
            file = connection.connection.driver_connection
            assert isinstance(file, sqlite3.Connection)
            try:
                file.execute("VACUUM")
                file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            except sqlite3.Error as fault:
                return str(fault)
        return ""

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def unusable(name: str, error: Exception) -> LedgerUnusable:
    """Return a database's fault as one line for the operator."""
    cause = getattr(error, "orig", None) or error
    line = (str(cause).strip() or type(cause).__name__).splitlines()[0]
    if line == "database is locked":
        msg = f"the ledger {name} cannot be used: another program holds it"
        return LedgerUnusable(msg, hint="close the program that has the file open, then run again")
    what = "the server, its network" if "://" in name else "the file, its folder"
    return LedgerUnusable(
        f"the ledger {name} cannot be used: {line}",
        hint=f"check {what} and the free space of the disk, or use another --ledger",
    )


def shown(url: URL) -> str:
    """Return a URL as people may see it: without a password, be it one of its options."""
    secret = [name for name in url.query if "pass" in name.lower()]
    return url.difference_update_query(secret).render_as_string()


def locate(target: str) -> URL | Path:
    """Return where `target` points: the path of an SQLite file, or a server's URL."""
    if "://" not in target:
        return Path(target)
    try:
        url = make_url(target)
    except (ArgumentError, ValueError) as error:
        msg = "the ledger's URL cannot be understood"
        raise LedgerUnusable(msg, hint="write it as postgresql+psycopg://user@host/name") from error
    backend = url.get_backend_name()
    if backend == "sqlite" and url.database and url.database != ":memory:":
        return Path(url.database)
    if backend != "postgresql":
        msg = f"the ledger cannot be kept in {backend}: {shown(url)}"
        raise LedgerUnusable(msg, hint="use a file, or a database of PostgreSQL")
    return url


def check_file(path: Path, *, readonly: bool) -> None:
    """Raise LedgerUnusable if `path` cannot be a ledger; nothing is opened for writing."""
    try:
        path.resolve()
        is_folder, has_parent, head = path.is_dir(), path.parent.is_dir(), _head(path)
    except (OSError, ValueError, RuntimeError) as error:  # no right, too long, NUL, a loop
        raise unusable(str(path), error) from error
    if is_folder:
        msg = f"the ledger {path} is a folder"
        raise LedgerUnusable(msg, hint="name a file, such as ledger.sqlite")
    if not readonly and not has_parent:
        msg = f"the folder of the ledger {path} does not exist"
        raise LedgerUnusable(msg, hint=f"create it: mkdir -p {path.parent}")
    if head and head != _MAGIC:
        msg = f"{path} is no ledger: it is not an SQLite database"
        raise LedgerUnusable(msg, hint="use another --ledger; the file was left as it is")


def _head(path: Path) -> bytes:
    """Return the first bytes of a file, none where there is none."""
    if not path.exists() or path.is_dir():
        return b""
    with path.open("rb") as file:
        return file.read(len(_MAGIC))


def writing(where: URL | Path) -> Database:
    """Return a database to read and write, made durable: each commit is on the disk."""
    if isinstance(where, URL):
        return Database(_server(where), shown(where), None)
    engine = create_engine(
        URL.create("sqlite", database=str(where.resolve())), connect_args={"timeout": BUSY_SECONDS}
    )
    event.listen(engine, "connect", _make_durable)
    event.listen(engine, "begin", _begin_immediate)
    return Database(engine, str(where), where.resolve())


def reading(where: URL | Path) -> Database:
    """Return a database to read only; a file is not changed, nor is one beside it created."""
    if isinstance(where, URL):
        careful = _server(where).execution_options(postgresql_readonly=True)
        return Database(careful, shown(where), None)
    path = where.resolve()
    engine = create_engine("sqlite://", creator=lambda: connect_readonly(path), poolclass=NullPool)
    event.listen(engine, "begin", _begin)
    return Database(engine, str(where), path)


def nothing() -> Database:
    """Return an empty ledger in memory: what a reader sees where none was written yet."""
    engine = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    with engine.begin() as connection:
        tables.create(connection)
    return Database(engine, "(none)", None, empty=True)


def _server(url: URL) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True)
    except (ImportError, NoSuchModuleError) as error:
        msg = f"the driver for {url.drivername} is not installed"
        raise LedgerUnusable(msg, hint="install it: pip install 'psycopg[binary]'") from error


def connect_readonly(path: Path) -> sqlite3.Connection:
    """Open a file for reading.

    SQLite would create a `-wal` and a `-shm` file even for a reader. Where there is no `-wal`
    nobody writes, and the file may be read as one that does not change.
    """
    writer = path.with_name(path.name + "-wal").exists()
    uri = f"{path.as_uri()}?{'mode=ro' if writer else 'immutable=1'}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)


def _make_durable(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin too late: we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def _references_at_rest(connection: Connection) -> Iterator[None]:
    """Switch the foreign keys of a file off, which works outside of a transaction only."""
    if connection.dialect.name != "sqlite":
        yield
        return
    file = connection.connection.driver_connection
    assert isinstance(file, sqlite3.Connection)
    file.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        file.execute("PRAGMA foreign_keys=ON")


def _begin_immediate(connection: Connection) -> None:
    """Take the right to write at once: a later upgrade could fail as a deadlock."""
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN IMMEDIATE")  # once a mail: straight to the driver


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
