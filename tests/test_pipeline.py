"""An envelope in one packet: every answer is read, and only a wanted body leaves."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest
from mail_samples import SAMPLES, SETTINGS, renderer

from automator.core.message import Message, Refusal
from automator.errors import MailRefused
from automator.mail.base import MailSettings
from automator.mail.pipeline import _stuffed
from automator.mail.smtp import SmtpTransport

GREETING = b"220 here\r\n"
EHLO = b"250-here\r\n250 PIPELINING\r\n"
ENVELOPE = ["MAIL", "RCPT", "RCPT", "DATA"]
TAKEN = b"250 a\r\n250 b\r\n250 c\r\n354 go\r\n"


def mail() -> Message:
    """Return a sample to two recipients."""
    return replace(renderer().render(SAMPLES["chase"]), recipients=("a@x.example", "b@x.example"))


@contextmanager
def server(script: Sequence[tuple[str, bytes]]) -> Iterator[tuple[MailSettings, list[str]]]:
    """Run a server for one connection: once it hears a word, it says the answer to all so far.

    A word is the verb of a command, or "." for a body. After the script it only listens.
    """
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_serve, args=(listening, script, heard))
        thread.start()
        port = listening.getsockname()[1]
        yield replace(SETTINGS, host="127.0.0.1", port=port, security="none", timeout=10.0), heard
        thread.join()


def _serve(listening: socket.socket, script: Sequence[tuple[str, bytes]], heard: list[str]) -> None:
    line, _ = listening.accept()
    with line, line.makefile("rb") as words:
        line.sendall(GREETING)
        for word, answer in script:
            for said in iter(words.readline, b""):
                end = said == b".\r\n" if word == "." else said[:4].decode() == word
                if end or word != ".":
                    heard.append(said.strip().decode()[:4])
                if end:
                    break
            line.sendall(answer)
        while words.readline():
            pass


def test_the_whole_envelope_is_there_before_an_answer() -> None:
    """And the body only after all answers to it."""
    script = [
        ("ehlo", EHLO),
        ("DATA", TAKEN),
        (".", b"250 ok\r\n"),
    ]
    with server(script) as (settings, heard):
        transport = SmtpTransport(settings)
        assert transport.send(mail()) is None
        transport._drop()
    assert heard == ["ehlo", *ENVELOPE, "."]


def test_a_server_that_took_nobody_and_wants_a_body_gets_an_empty_one() -> None:
    """RFC 2920, 3.1: nobody is reached, the line serves on."""
    nobody = b"250 a\r\n550 no b\r\n550 no c\r\n354 go\r\n"
    script = [
        ("ehlo", EHLO),
        ("DATA", nobody),
        (".", b"554 no valid recipients\r\n"),
        ("rset", b"250 clean\r\n"),
        ("DATA", TAKEN),
        (".", b"250 ok\r\n"),
    ]
    with server(script) as (settings, heard):
        transport = SmtpTransport(settings)
        refusal = transport.send(mail())
        assert refusal is not None
        assert (refusal.permanent, refusal.refused) == (True, ())
        assert transport.send(mail()) is None
        transport._drop()
    assert heard == ["ehlo", *ENVELOPE, ".", "rset", *ENVELOPE, "."]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param(
            b"250 a\r\n421 closing\r\n",
            Refusal(reason="a@x.example: 421 closing"),
            id="421-at-rcpt",
        ),
        pytest.param(
            b"250 a\r\n250 b\r\n250 c\r\n421 closing\r\n",
            Refusal(reason="421 closing"),
            id="421-at-data",
        ),
    ],
)
def test_a_server_that_closes_within_the_envelope(answers: bytes, expected: Refusal) -> None:
    """No body has left: the mail is put off, nothing is in doubt."""
    with server([("ehlo", EHLO), ("DATA", answers)]) as (settings, heard):
        transport = SmtpTransport(settings)
        assert transport.send(mail()) == expected
        assert transport._client is None
    assert heard == ["ehlo", *ENVELOPE]


def test_a_sender_who_is_refused_within_the_envelope() -> None:
    """The answers to the rest are read, then the run is told to stop."""
    refused = b"550 not you\r\n503 first\r\n503 first\r\n503 first\r\n"
    with server([("ehlo", EHLO), ("DATA", refused), ("rset", b"250 ok\r\n")]) as (settings, _):
        transport = SmtpTransport(settings)
        with pytest.raises(MailRefused, match="takes no mail from"):
            transport.send(mail())


def test_a_server_that_refuses_the_sender_yet_takes_recipients_mails_nobody_nothing() -> None:
    """A dot would send them an empty mail: the line is closed, and the mail waits."""
    muddled = b"451 later\r\n250 b\r\n250 c\r\n354 go\r\n"
    with server([("ehlo", EHLO), ("DATA", muddled)]) as (settings, heard):
        transport = SmtpTransport(settings)
        assert transport.send(mail()) == Refusal(reason="451 later")
    assert heard == ["ehlo", *ENVELOPE]


def test_a_line_that_begins_with_a_dot_arrives_whole() -> None:
    """It is doubled on its way (RFC 5321, 4.5.2)."""
    assert _stuffed(b".a\r\nb\r\n..c") == b"..a\r\nb\r\n...c\r\n.\r\n"
    assert _stuffed(b"a\r\n") == b"a\r\n.\r\n"
