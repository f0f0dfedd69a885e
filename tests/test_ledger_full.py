"""The ledger fails between two mails: the run stops, and no mail leaves without a record."""

import os
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from command_line import automator_command
from mail_office import MailOffice, mail_office, many
from smtp_server import Handler
from sqlalchemy import create_engine, text

from automator.core.message import State
from automator.ledger import Ledger

pytest_plugins = ("ledger_fixtures",)

FIRST, NEXT = "2021-02-26T07:00:00+07:00", "2021-02-26T07:10:00+07:00"
SCHOOLS = 8


class Failing(Handler):
    """A server that lets something happen when it has all of the n-th mail, and takes it."""

    def __init__(self, office: MailOffice, number: int, happens: Callable[[int], None]) -> None:
        super().__init__(office.server.manners, office.server.box)
        self.number = number
        self.happens = happens
        self.pid = 0

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(*given)
        if len(self.box.mails) == self.number:
            self.happens(self.pid)
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run in a process of its own ended."""

    code: int
    err: str


def run(office: MailOffice, number: int, happens: Callable[[int], None]) -> Ended:
    """Do the first run; `happens` is called with its process while it hands a mail over."""
    handler = Failing(office, number, happens)
    office.server.handler = handler
    paths = os.pathsep.join([str(Path(__file__).parent.parent), *sys.path])
    with subprocess.Popen(
        [*automator_command(), *office.arguments(FIRST, "--first-run")],
        env=os.environ | {"PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        handler.pid = process.pid
        _, err = process.communicate()
    office.server.handler = Handler(office.server.manners, office.server.box)
    return Ended(code=process.returncode, err=err)


def no_room(pid: int) -> None:
    """Let a process write no more to any file."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))


def rows(target: str) -> Counter[str]:
    """Count the messages by their state."""
    with Ledger.open(target, "main", readonly=True) as ledger:
        return Counter(row.state.value for row in ledger.message_rows())


def nothing_lost(office: MailOffice, target: str, number: int) -> None:
    """Assert that one mail is open, the next run sends the rest, and only that one comes twice."""
    found = rows(target)
    assert len(office.arrived()) == number
    assert (found[State.SENT], found[State.SENDING]) == (number - 1, 1)
    assert office.run(NEXT).code in (0, 1)
    ids = Counter(mail["Message-ID"] for mail in office.parsed())
    assert len(ids) == rows(target).total()
    assert sorted(ids.values())[:-1] == [1] * (len(ids) - 1)
    assert max(ids.values()) <= 2
    assert rows(target)[State.QUEUED] == rows(target)[State.SENDING] == 0


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux")
@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_disk_that_fills_between_two_mails_stops_the_run(tmp_path: Path, number: int) -> None:
    """Exit code 5 in one line; the mail under way is the only one that may come twice."""
    with mail_office(tmp_path, schools=many(SCHOOLS)) as office:
        ended = run(office, number, no_room)
        assert (ended.code, ended.err.count("\n")) == (5, 2), ended.err
        assert "automator.db cannot be used: " in ended.err
        nothing_lost(office, str(tmp_path / "automator.db"), number)


@pytest.fixture
def database(postgres: str) -> Iterator[str]:
    """A database of its own on the server: it can be taken away from a run."""
    name = f"gone_{uuid4().hex[:12]}"
    admin = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres.rpartition("/")[0] + f"/{name}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def admit(postgres: str, database: str, *, let: bool) -> None:
    """Let a database be used, or throw everybody out of it."""
    name = database.rpartition("/")[2]
    admin = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {let}"))
        if not let:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
                ),
                {"name": name},
            )
    admin.dispose()


@pytest.mark.parametrize("number", [1, 3])
def test_a_server_that_goes_away_between_two_mails_stops_the_run(
    tmp_path: Path, postgres: str, database: str, number: int
) -> None:
    """As a full disk does, in one line."""
    with mail_office(tmp_path, schools=many(SCHOOLS)) as office:
        config = office.config.read_text("utf-8")
        office.config.write_text(f'{config}\n[ledger]\nurl = "{database}"\n', "utf-8")
        ended = run(office, number, lambda _pid: admit(postgres, database, let=False))
        assert (ended.code, ended.err.count("\n")) == (5, 2), ended.err
        admit(postgres, database, let=True)
        nothing_lost(office, database, number)
