"""Makes the tables of a new ledger."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, create_mock_engine

from automator.ledger import schema


def create(connection: Connection) -> None:
    """Create every table and index of the schema; none of them may be there."""
    for statement in _statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


@cache
def _statements(dialect: str) -> tuple[str, ...]:
    """Return the schema in a database's own words; to find them takes longer than to run them."""
    made: list[str] = []

    def note(statement: Any, *_: Any, **__: Any) -> None:
        made.append(str(statement.compile(dialect=engine.dialect)))

    engine = create_mock_engine(f"{dialect}://", note)
    schema.metadata.create_all(engine, checkfirst=False)
    return tuple(made)
