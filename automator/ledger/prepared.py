"""Statements that are compiled once and go straight to the driver: the moves of every mail.

SQLAlchemy takes longer to look a statement up than SQLite to run it; a mail costs five.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import CompilerElement

Ready = tuple[str, Mapping[str, Any]]
"""The text for a driver, and the values that the statement names itself."""


class Prepared:
    """A statement with named parameters (`bindparam`), for values that are text already.

    Nothing converts them on their way: instants are given as `columns.Instant` stores them.
    What comes back is the driver's own cursor, with its own rows.
    """

    def __init__(self, statement: CompilerElement) -> None:
        self._statement = statement
        self._ready: dict[str, Ready] = {}

    def run(self, connection: Connection, values: Mapping[str, str]) -> Any:
        """Run it in the connection's transaction; the driver's faults come through."""
        text, own = self._for(connection.dialect)
        driver: Any = connection.connection.driver_connection
        return driver.execute(text, {**own, **values})

    def _for(self, dialect: Dialect) -> Ready:
        found = self._ready.get(dialect.name)
        if found is None:
            made = self._statement.compile(
                dialect=_named(dialect), compile_kwargs={"render_postcompile": True}
            )
            own = {name: _plain(value) for name, value in made.params.items() if value is not None}
            found = self._ready[dialect.name] = (str(made), own)
        return found


def _named(dialect: Dialect) -> Dialect:
    """Return the dialect with parameters by name, as both drivers take them."""
    if dialect.name == "sqlite":
        return sqlite.dialect(paramstyle="named")
    return postgresql.dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]


def _plain(value: Any) -> Any:
    return value.value if hasattr(value, "value") else value
