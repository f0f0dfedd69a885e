"""Mail goes out once, over a verified line, and every refusal is told for what it is."""

import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import trustme
from mail_samples import SAMPLES, SETTINGS, renderer
from smtp_server import PASSWORD, USER, Box, Manners, Running, free_port, running

from automator.core.message import Attachment, Refusal
from automator.errors import ConfigError, MailRefused
from automator.mail.base import MailSettings
from automator.mail.smtp import SmtpTransport, is_loopback

MESSAGES = {name: renderer().render(sample) for name, sample in SAMPLES.items()}
CHASE = MESSAGES["chase"]
TO = CHASE.recipients[0]
Start = Callable[..., tuple[Running, SmtpTransport]]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Return a certificate authority of this test's own."""
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    """Return the authority's certificate as a file."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


def server_context(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    """Return the TLS side of a server called `name`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def settings(server: Running, ca_file: Path, **changes: object) -> MailSettings:
    """Return settings for `server`, with login and STARTTLS."""
    base = replace(
        SETTINGS,
        host="127.0.0.1",
        port=server.port,
        user=USER,
        password=PASSWORD,
        ca_file=ca_file,
        timeout=10.0,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


@pytest.fixture(params=[False, True], ids=["one-by-one", "pipelined"])
def start(authority: trustme.CA, ca_file: Path, request: pytest.FixtureRequest) -> Iterator[Start]:
    """Return a function that starts a server with these manners, and a transport to it.

    Whether the server takes a whole envelope at once makes no difference to what comes of it.
    """
    with ExitStack() as stack:

        def make(
            manners: Manners | None = None, **changes: object
        ) -> tuple[Running, SmtpTransport]:
            context, manners = server_context(authority), manners or Manners()
            manners.pipelining = request.param
            server = stack.enter_context(running(manners, context))
            transport = SmtpTransport(settings(server, ca_file, **changes))
            stack.callback(transport.close)
            return server, transport

        yield make


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


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [("451 greylisted, try later", False), ("450 busy", False), ("550 no such user", True)],
)
def test_only_recipient_refused(start: Start, answer: str, permanent: bool) -> None:
    """A 4xx may be tried again, a 5xx not; the next mail goes on the same line."""
    server, transport = start(Manners(recipients={TO: answer}))
    refusal = transport.send(CHASE)
    assert refusal == Refusal(reason=f"{TO}: {answer}", permanent=permanent)
    assert transport.send(replace(CHASE, recipients=("b@truong.example",))) is None
    assert server.box.logins == 1


def test_one_refused_recipient_costs_the_others_nothing(start: Start) -> None:
    """The mail is sent; who was refused is told."""
    server, transport = start(Manners(recipients={TO: "550 no such user"}))
    refusal = transport.send(replace(CHASE, recipients=(TO, "b@truong.example")))
    assert refusal == Refusal(reason=f"{TO}: 550 no such user", permanent=True, refused=(TO,))
    assert [mail.rcpt_tos for mail in server.box.mails] == [["b@truong.example"]]


def test_all_refused_but_one_for_now_is_temporary(start: Start) -> None:
    """While one recipient may still be taken, the mail is not given up."""
    answers = {TO: "550 no such user", "b@truong.example": "451 later"}
    _, transport = start(Manners(recipients=answers))
    refusal = transport.send(replace(CHASE, recipients=tuple(answers)))
    assert refusal is not None
    assert not refusal.permanent
    assert refusal.refused == ()


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [("552 too big", True), ("554 looks like spam", True), ("452 disk full", False)],
)
def test_body_refused(start: Start, answer: str, permanent: bool) -> None:
    """An answer after the dot is an answer: nothing is in doubt."""
    _, transport = start(Manners(body=answer))
    assert transport.send(CHASE) == Refusal(reason=answer, permanent=permanent)


def test_command_data_refused(start: Start) -> None:
    """So is one before the body."""
    _, transport = start(Manners(data="451 not now"))
    assert transport.send(CHASE) == Refusal(reason="451 not now")


def test_line_cut_after_the_dot_is_in_doubt(start: Start) -> None:
    """The server may have it: it has. It is not sent again by itself."""
    server, transport = start(Manners(body="cut"))
    refusal = transport.send(CHASE)
    assert refusal is not None
    assert (refusal.in_doubt, refusal.permanent) == (True, False)
    assert len(server.box.mails) == 1


def test_garbage_after_the_dot_is_in_doubt(start: Start) -> None:
    """What is no answer says nothing about the mail."""
    _, transport = start(Manners(body="what?"))
    refusal = transport.send(CHASE)
    assert refusal is not None
    assert refusal.in_doubt


@pytest.mark.parametrize(
    "manners",
    [
        pytest.param(Manners(sender="cut"), id="at-mail"),
        pytest.param(Manners(recipients={TO: "cut"}), id="at-rcpt"),
        pytest.param(Manners(data="cut"), id="at-data"),
        pytest.param(Manners(sender="421 closing"), id="421-at-mail"),
        pytest.param(Manners(recipients={TO: "421 closing"}), id="421-at-rcpt"),
    ],
)
def test_line_cut_before_the_body_is_temporary(start: Start, manners: Manners) -> None:
    """The server cannot have it."""
    server, transport = start(manners)
    refusal = transport.send(CHASE)
    assert refusal is not None
    assert (refusal.in_doubt, refusal.permanent) == (False, False)
    assert server.box.mails == []


def test_line_cut_within_a_long_body_is_temporary(start: Start) -> None:
    """The final dot never left this machine: nothing is in doubt."""
    _, transport = start(Manners(data="354 go on"))
    file = Attachment(name="x.bin", media_type="application/zip", content=bytes(24_000_000))
    refusal = transport.send(replace(CHASE, attachments=(file,)))
    assert refusal is not None
    assert (refusal.in_doubt, refusal.permanent) == (False, False)


def test_next_mail_goes_on_a_new_line_after_a_cut(start: Start) -> None:
    """A cut costs one message, not the run."""
    manners = Manners(data="cut")
    server, transport = start(manners)
    assert transport.send(CHASE) is not None
    manners.data = ""
    assert transport.send(CHASE) is None
    assert server.box.logins == 2


def test_idle_line_is_opened_again(start: Start) -> None:
    """A server that grew tired of waiting has not heard of the mail: it goes, once."""
    server, transport = start()
    assert transport.send(CHASE) is None
    server.drop_lines()
    assert transport.send(MESSAGES["remind"]) is None
    assert len(server.box.mails) == 2
    assert server.box.logins == 2


def test_sender_refused_for_good_stops_the_run(start: Start) -> None:
    """What the server holds against the sender would burn the whole queue."""
    _, transport = start(Manners(sender="550 not your address"))
    with pytest.raises(MailRefused, match=r"takes no mail from nhac-viec@thuthua\.example"):
        transport.send(CHASE)


@pytest.mark.parametrize(
    ("answer", "permanent"), [("451 later", False), ("552 message too big", True)]
)
def test_sender_refused_for_this_mail(start: Start, answer: str, permanent: bool) -> None:
    """A limit for now and a size concern one mail only."""
    _, transport = start(Manners(sender=answer))
    assert transport.send(CHASE) == Refusal(reason=answer, permanent=permanent)


def test_malformed_recipient_never_reaches_the_server(start: Start) -> None:
    """It is refused here, without a connection."""
    server, transport = start()
    refusal = transport.send(replace(CHASE, recipients=("a@b.example\r\nDATA",)))
    assert refusal is not None
    assert refusal.permanent
    assert server.box.logins == 0


def test_redirected_mail_reaches_one_address(start: Start) -> None:
    """With `redirect_to` the envelope too has no true recipient."""
    server, transport = start(redirect_to="thu@phong.example")
    assert transport.send(CHASE) is None
    assert server.box.mails[0].rcpt_tos == ["thu@phong.example"]


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
