"""What the commands that care for a ledger share: one that is there, and files made whole."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from automator.errors import ConfigError, LedgerUnusable
from automator.ledger.database import Database, locate, shown
from automator.ledger.opening import open_reading

_OWN = ("", "-wal", "-shm", "-journal", ".lock", ".run")
"""The endings of the files of a ledger."""


def existing(target: str) -> Database:
    """Return the ledger at `target` for reading. Raises LedgerUnusable where there is none."""
    where = locate(target)
    database = open_reading(target)
    if database.empty:
        name = where if isinstance(where, Path) else shown(where)
        msg = f"there is no ledger at {name}"
        raise LedgerUnusable(msg, hint="check --config and --ledger; `automator run` makes one")
    return database


def free_to_write(path: Path, target: str, *, force: bool) -> None:
    """Raise ConfigError where a file may not be written: it is there, or is the ledger's own."""
    where = locate(target)
    if isinstance(where, Path):
        own = where.resolve()
        if path.resolve() in {own.with_name(own.name + end) for end in _OWN}:
            msg = f"{path} belongs to the ledger itself"
            raise ConfigError(msg, hint="name another file")
    if path.is_dir() or (path.exists() and not force):
        msg = f"{path} is there already"
        raise ConfigError(msg, hint="name another file; --force overwrites one")


@contextmanager
def made_whole(path: Path) -> Iterator[Path]:
    """Give a path to write to; it becomes `path` at the end, or is gone if anything fails.

    Only its owner may read it. Raises ConfigError for what the file system cannot do.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        os.close(handle)
    except OSError as fault:
        raise _unwritable(path, fault) from fault
    made = Path(name)
    try:
        yield made
        _sync(made)
        made.replace(path)
        with suppress(OSError):  # not every file system lets a folder be synced
            _sync(path.parent)
    except OSError as fault:
        raise _unwritable(path, fault) from fault
    finally:
        for extra in ("", "-journal", "-wal", "-shm"):
            made.with_name(made.name + extra).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(path: Path, fault: OSError) -> ConfigError:
    msg = f"{path} cannot be written: {fault.strerror or fault}"
    return ConfigError(msg, hint="check the folder and the free space of its disk")
