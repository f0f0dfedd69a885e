"""What a run has planned leaves once, and what stops it on its way is on record as it is."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import automator_command
from mail_office import MailOffice, mail_office
from smtp_server import Handler, Manners

B, C = "th-b@truong.example", "th-c@truong.example"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[MailOffice]:
    """An office of three schools; two of them are chased on 26 February."""
    with mail_office(tmp_path) as made:
        yield made


class Deadly(Handler):
    """A server that sends SIGTERM to its client at one word of the talk, and then answers."""

    def __init__(self, office: MailOffice, word: str) -> None:
        super().__init__(office.server.manners, office.server.box)
        self.word = word
        self.pid = 0

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802
        self._kill("RCPT")
        return await super().handle_RCPT(*given)

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802
        self._kill("DATA")
        return await super().handle_DATA(*given)

    def _kill(self, word: str) -> None:
        if self.word == word and self.pid:
            os.kill(self.pid, signal.SIGTERM)
            self.pid = 0


def terminated(office: MailOffice, word: str) -> int:
    """Do a run in a process of its own, terminated at `word`; return its exit code."""
    handler = Deadly(office, word)
    office.server.handler = handler
    call = [*automator_command(), *office.arguments("2021-02-26T07:00:00+07:00", "--first-run")]
    paths = os.pathsep.join([str(Path(__file__).parent.parent), *sys.path])
    with subprocess.Popen(
        call, env=os.environ | {"PYTHONPATH": paths}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        handler.pid = process.pid
        process.communicate()
        return process.returncode


class Reading(Handler):
    """A server that looks into the ledger when a body arrives, before it answers."""

    def __init__(self, office: MailOffice) -> None:
        super().__init__(office.server.manners, office.server.box)
        self.office = office
        self.seen: list[dict[str, str]] = []

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802
        self.seen.append(self.office.states())
        return await super().handle_DATA(*given)


@pytest.mark.parametrize("pipelining", [False, True])
def test_a_body_leaves_when_its_claim_is_on_record(office: MailOffice, pipelining: bool) -> None:
    """As another program reads it: this mail is being sent, and the one before was."""
    office.server.manners.pipelining = pipelining
    office.server.handler = handler = Reading(office)
    assert office.run("2021-02-26T07:00", "--first-run").code == 0
    first, second = office.arrived()
    assert handler.seen == [
        {first: "sending", second: "queued"},
        {first: "sent", second: "sending"},
    ]


def test_every_mail_leaves_over_one_login(office: MailOffice) -> None:
    """Exit 0; each reader has his mail once, and the ledger says so."""
    called = office.run("2021-02-26T07:00", "--first-run")
    assert (called.code, called.err) == (0, "")
    assert office.states() == {B: "sent", C: "sent"}
    assert sorted(office.arrived()) == [B, C]
    assert office.server.box.logins == 1


def test_a_wrong_password_burns_no_queue(tmp_path: Path) -> None:
    """One login, then the run ends; no message has used up a try, and none waits for a back-off."""
    with mail_office(tmp_path, manners=Manners(password="khac")) as office:
        called = office.run("2021-02-26T07:00", "--first-run")
        assert called.code == 1
        assert "refused the login" in called.err
        assert (office.server.box.logins, office.arrived()) == (1, [])
        assert set(office.states().values()) == {"queued"}
        office.server.manners.password = "mat-khau-thu"
        assert office.run("2021-02-26T07:01").code == 0
        assert sorted(office.arrived()) == [B, C]


def test_a_sender_who_is_refused_burns_no_queue(tmp_path: Path) -> None:
    """What the server holds against the sender is no fault of a message."""
    with mail_office(tmp_path, manners=Manners(sender="550 not your address")) as office:
        called = office.run("2021-02-26T07:00", "--first-run")
        assert called.code == 1
        assert "takes no mail from" in called.err
        assert set(office.states().values()) == {"queued"}


def test_one_that_the_server_refuses_for_now_costs_the_others_nothing(tmp_path: Path) -> None:
    """It is deferred, with a back-off of its reader; the others are sent."""
    with mail_office(tmp_path, manners=Manners(recipients={B: "451 greylisted"})) as office:
        assert office.run("2021-02-26T07:00", "--first-run").code == 1
        assert (office.states()[B], office.states()[C]) == ("deferred", "sent")
        office.server.manners.recipients.clear()
        assert office.run("2021-02-26T07:04").code == 1
        assert B not in office.arrived()
        assert office.run("2021-02-26T07:05").code == 0
        assert office.arrived().count(B) == 1


def test_a_run_that_is_ended_before_the_body_has_sent_nothing(office: MailOffice) -> None:
    """The message is queued again by the process that ends, and leaves with the next run."""
    assert terminated(office, "RCPT") == 143
    assert office.states() == {B: "queued", C: "queued"}
    assert office.arrived() == []
    assert office.run("2021-02-26T07:01").code == 0
    assert office.arrived().count(B) == 1


def test_a_run_that_is_ended_after_the_body_leaves_doubt(office: MailOffice) -> None:
    """The server may have it; the others wait."""
    assert terminated(office, "DATA") == 143
    assert office.states() == {B: "in_doubt", C: "queued"}
