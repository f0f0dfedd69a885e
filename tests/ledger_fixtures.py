"""Places for the ledgers of tests.

What uses `target` runs on SQLite, and on PostgreSQL too: on that of AUTOMATOR_TEST_POSTGRES, the
URL of a database that the tests may fill (postgresql+psycopg://…), else on a server that the tests
start for themselves where PostgreSQL is installed.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import private_postgres
import pytest
from sqlalchemy import create_engine, text

from automator.ledger import Ledger


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL database; one server serves all tests of a process."""
    given = os.environ.get("AUTOMATOR_TEST_POSTGRES", "")
    programs = private_postgres.programs()
    if given:
        yield given
    elif programs is None:
        pytest.skip("no PostgreSQL is installed, and AUTOMATOR_TEST_POSTGRES is not set")
    else:
        pytest.importorskip("psycopg")
        with private_postgres.server(programs) as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for a ledger, on each database."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite")
    return str(request.getfixturevalue("postgres"))


@pytest.fixture
def empty_server(postgres: str) -> Iterator[str]:
    """The URL of a PostgreSQL without a table: a schema of its own, gone afterwards."""
    name = f"m_{uuid4().hex[:12]}"
    admin = create_engine(postgres)
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    yield f"{postgres}?options=-csearch_path%3D{name}"
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
