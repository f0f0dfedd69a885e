"""Places for the ledgers of tests.

What uses `target` runs on SQLite, and on PostgreSQL too where AUTOMATOR_TEST_POSTGRES holds the
URL of a database that the tests may fill (postgresql+psycopg://…).
"""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from automator.ledger import Ledger

POSTGRES = os.environ.get("AUTOMATOR_TEST_POSTGRES", "")


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for a ledger, on each database."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite")
    if not POSTGRES:
        pytest.skip("AUTOMATOR_TEST_POSTGRES is not set")
    return POSTGRES


@pytest.fixture
def empty_server() -> Iterator[str]:
    """The URL of a PostgreSQL without a table: a schema of its own, gone afterwards."""
    if not POSTGRES:
        pytest.skip("AUTOMATOR_TEST_POSTGRES is not set")
    name = f"m_{uuid4().hex[:12]}"
    admin = create_engine(POSTGRES)
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    yield f"{POSTGRES}?options=-csearch_path%3D{name}"
    with admin.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    admin.dispose()


@pytest.fixture
def workbook() -> str:
    """A workbook that no other test has, for databases that outlive a test."""
    return f"so-{uuid4().hex[:12]}"


@pytest.fixture
def ledger(target: str, workbook: str) -> Iterator[Ledger]:
    """An open, new ledger on each database."""
    with Ledger.open(target, workbook) as opened:
        yield opened
