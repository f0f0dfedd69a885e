"""Ledgers of older programs, as those wrote them: tables and rows, to be brought up to date."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, insert, inspect, select

FOLDER = Path(__file__).parent / "data" / "ledgers"
DUMPS = tuple(sorted(path.stem for path in FOLDER.glob("*.sql")))
"""Version 1, 2 (before and after it was given two columns in place) and 3."""


def restore(name: str, path: Path) -> Path:
    """Write the ledger of that name to a file; return the path."""
    raw = sqlite3.connect(path)
    raw.executescript((FOLDER / f"{name}.sql").read_text("utf-8"))
    raw.close()
    return path


def shape(connection: Connection) -> dict[str, dict[str, Any]]:
    """Return all that a database says of its tables; the order of columns does not count."""
    return {
        name: _table(connection, name) for name in sorted(inspect(connection).get_table_names())
    }


def _table(connection: Connection, name: str) -> dict[str, Any]:
    found = inspect(connection)
    return {
        "columns": _sorted(
            (c["name"], str(c["type"]), c["nullable"], c["default"])
            for c in found.get_columns(name)
        ),
        "primary key": found.get_pk_constraint(name)["constrained_columns"],
        "foreign keys": _sorted(
            (k["constrained_columns"], k["referred_table"], k["referred_columns"], k["options"])
            for k in found.get_foreign_keys(name)
        ),
        "indexes": _sorted(
            (i["name"], i["column_names"], i["unique"], _where(i)) for i in found.get_indexes(name)
        ),
        "unique": _sorted(
            (u["name"], u["column_names"]) for u in found.get_unique_constraints(name)
        ),
        "checks": _sorted((c["name"], c["sqltext"]) for c in found.get_check_constraints(name)),
    }


def _where(index: Any) -> str:
    options = index.get("dialect_options", {})
    return str(options.get("sqlite_where", options.get("postgresql_where", "")))


def _sorted(values: Iterable[Any]) -> list[Any]:
    return sorted(values, key=str)


def content(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name in sorted(inspect(connection).get_table_names()):
        table = Table(name, MetaData(), autoload_with=connection)
        rows = connection.execute(select(table)).mappings()
        found[name] = _sorted(dict(row) for row in rows)
    return found


def pour(rows: dict[str, list[dict[str, Any]]], connection: Connection) -> None:
    """Insert the rows of `content` into the tables of another database, messages first."""
    for name in sorted(rows, key=lambda name: (name != "messages", name)):
        if rows[name]:
            table = Table(name, MetaData(), autoload_with=connection)
            connection.execute(insert(table), rows[name])
