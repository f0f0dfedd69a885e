"""The column types of the ledger: portable between SQLite and PostgreSQL."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Integer, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware datetime; UTC when read. Raises ValueError for a naive one."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text that is stored."""
        return None if value is None else instant_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the instant that was stored."""
        return None if value is None else datetime.fromisoformat(value)


def instant_text(value: datetime) -> str:
    """Return an instant as `Instant` stores it. Raises ValueError for a naive one."""
    if value.utcoffset() is None:
        msg = f"an instant of the ledger has no time zone: {value}"
        raise ValueError(msg)
    return value.astimezone(UTC).isoformat(timespec="microseconds")


class Stamp(TypeDecorator[datetime]):
    """An aware datetime that keeps its offset: a mail's Date shows the office's clock."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text that is stored."""
        if value is not None and value.utcoffset() is None:
            msg = f"a mail's date has no time zone: {value}"
            raise ValueError(msg)
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the datetime that was stored, at its offset."""
        return None if value is None else datetime.fromisoformat(value)


def key(name: str, kind: type[String] | type[Integer] = String) -> Column[Any]:
    """Return a column of a primary key, filled by us."""
    return Column(name, kind, primary_key=True, autoincrement=False)


def text(name: str) -> Column[Any]:
    """Return a text column that is never null."""
    return Column(name, Text, nullable=False, default="")


def when(name: str, *, needed: bool = False) -> Column[Any]:
    """Return a column for an instant; null unless `needed`."""
    return Column(name, Instant, nullable=not needed)


def one_of(column: str, values: Collection[str], name: str) -> CheckConstraint:
    """Return a constraint that allows only `values` in a column."""
    listed = ", ".join(f"'{value}'" for value in sorted(values))
    return CheckConstraint(f"{column} IN ({listed})", name=name)
