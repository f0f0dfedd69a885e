"""Mail goes out once, over one verified line, and never otherwise."""

import socket
import subprocess
import sys
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import trustme
from mail_samples import SETTINGS
from smtp_server import USER, Box, Manners, Running, free_port, running
from smtp_talk import CHASE, MESSAGES, Start, server_context, settings

from automator.errors import ConfigError, MailRefused
from automator.mail.smtp import SmtpTransport, is_loopback

pytest_plugins = ("smtp_fixtures",)


def test_every_sample_over_one_verified_login(start: Start) -> None:
    """Through yagmail, STARTTLS and AUTH: all mails on one connection, byte for byte."""
    server, transport = start()
    assert [transport.send(message) for message in MESSAGES.values()] == [None] * len(MESSAGES)
    assert (server.box.connections, server.box.logins) == (2, 1)  # one is aiosmtpd's own probe
    assert len(server.box.mails) == len(MESSAGES)
    for envelope, message in zip(server.box.mails, MESSAGES.values(), strict=True):
        assert envelope.mail_from == SETTINGS.sender
        assert envelope.rcpt_tos == list(message.recipients)
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        assert mail["Message-ID"] == message.message_id
        assert mail["Subject"] == message.subject
        assert not mail.defects


def test_login_name_without_a_domain_stays(start: Start) -> None:
    """yagmail would log in as "nhac-viec@gmail.com"."""
    server, transport = start()
    assert "@" not in USER
    assert transport.send(CHASE) is None
    assert server.box.logins == 1


def test_socket_does_not_wait_for_acknowledgements(start: Start) -> None:
    """TCP_NODELAY is set: without it each mail stalls 40 ms."""
    _, transport = start()
    transport.send(CHASE)
    assert transport._client is not None
    sock = transport._client.smtp.sock
    assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_tls_from_the_first_byte(authority: trustme.CA, ca_file: Path) -> None:
    """security = "tls" talks TLS before the greeting, and verifies as well."""
    server = Running(Manners(), Box(), None)
    server.ssl_context = server_context(authority)
    server.start()
    try:
        transport = SmtpTransport(settings(server, ca_file, security="tls", user="", password=""))
        assert transport.send(CHASE) is None
        transport.close()
    finally:
        server.stop()
    assert len(server.box.mails) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_unknown_authority_is_refused(authority: trustme.CA, tmp_path: Path, security: str) -> None:
    """A certificate that nobody known has signed: no password and no mail is given away."""
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    server = Running(Manners(), Box(), server_context(authority))
    if security == "tls":
        server.ssl_context, server.context = server_context(authority), None
    server.start()
    try:
        transport = SmtpTransport(settings(server, other, security=security))
        with pytest.raises(MailRefused, match=r"certificate .* is not to be trusted") as caught:
            transport.send(CHASE)
    finally:
        server.stop()
    assert "ca_file" in caught.value.hint
    assert (server.box.logins, server.box.mails) == (0, [])


def test_certificate_of_another_host_is_refused(authority: trustme.CA, ca_file: Path) -> None:
    """A good certificate of somebody else is no good."""
    with running(Manners(), server_context(authority, "mail.example")) as server:
        transport = SmtpTransport(settings(server, ca_file))
        with pytest.raises(MailRefused, match="certificate"):
            transport.send(CHASE)
        assert server.box.logins == 0


def test_stripped_starttls_is_refused(start: Start) -> None:
    """A line on which STARTTLS has vanished carries nothing."""
    server, transport = start(Manners(starttls=False))
    with pytest.raises(MailRefused, match="STARTTLS"):
        transport.send(CHASE)
    assert (server.box.logins, server.box.mails) == (0, [])


def test_wrong_password_costs_one_attempt(start: Start) -> None:
    """One failed login, then the run stops: more would lock the account."""
    server, transport = start(password="sai")
    with pytest.raises(MailRefused, match="refused the login of nhac-viec: 535"):
        transport.send(CHASE)
    assert server.box.logins == 1
    assert server.box.mails == []


def test_password_is_nowhere_shown(start: Start) -> None:
    """Neither an error nor a printed setting holds the password."""
    _server, transport = start(password="bi-mat")
    with pytest.raises(MailRefused) as caught:
        transport.send(CHASE)
    assert "bi-mat" not in caught.value.message + caught.value.hint
    assert "bi-mat" not in repr(replace(SETTINGS, password="bi-mat"))


def test_password_that_is_not_ascii_is_named(start: Start) -> None:
    """smtplib cannot send it: a sentence, no traceback."""
    _, transport = start(password="mật khẩu")
    with pytest.raises(MailRefused, match="not ASCII"):
        transport.send(CHASE)


def test_nobody_listens(ca_file: Path) -> None:
    """A closed port is a clear error."""
    lost = replace(SETTINGS, host="127.0.0.1", port=free_port(), timeout=5.0)
    with pytest.raises(MailRefused, match=r"no connection to 127\.0\.0\.1"):
        SmtpTransport(lost).send(CHASE)


def test_silent_server_ends_within_the_timeout() -> None:
    """A server that accepts and says nothing does not hold the run for ever."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        lost = replace(SETTINGS, host="127.0.0.1", port=port, timeout=0.2)
        with pytest.raises(MailRefused, match="no connection"):
            SmtpTransport(lost).send(CHASE)


def test_missing_password_is_refused_at_once() -> None:
    """No prompt, no keyring, no connection: a cron job must not wait for a person."""
    with pytest.raises(MailRefused, match="no password for nhac-viec") as caught:
        SmtpTransport(replace(SETTINGS, host="mail.example", user=USER))
    assert "password_env" in caught.value.hint


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"host": "mail.example", "security": "none"}, "unencrypted"),
        ({"host": "mail.example", "security": "ssl"}, "security"),
        ({"host": ""}, "host is missing"),
        ({"host": "mail.example", "ca_file": Path("/nowhere/ca.pem")}, "ca_file"),
    ],
)
def test_settings_that_cannot_work(changes: dict[str, object], says: str) -> None:
    """They are found before anything is sent."""
    with pytest.raises(ConfigError, match=says):
        SmtpTransport(replace(SETTINGS, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("10.0.0.1", False),
        ("localhost.example", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    """Only this machine itself may be talked to in clear."""
    assert is_loopback(host) is loopback


def test_server_in_clear_on_loopback() -> None:
    """security = "none" without a login serves a local relay."""
    with running(Manners(), None) as server:
        plain = replace(SETTINGS, host="127.0.0.1", port=server.port, security="none")
        transport = SmtpTransport(plain)
        assert transport.send(CHASE) is None
        transport.close()
        transport.close()
        assert len(server.box.mails) == 1


def test_yagmail_is_loaded_only_for_a_connection() -> None:
    """A run into a folder does not pay for yagmail."""
    code = "import sys, automator.mail.smtp; sys.exit('yagmail' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
