"""The sender's mailbox over IMAP: found by the very id, over a verified line, left as it was."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import trustme
from imap_server import PASSWORD, USER, ImapServer, running
from smtp_server import Manners, free_port
from smtp_server import running as smtp_running

from automator.errors import ConfigError, MailboxUnreadable
from automator.mail.base import ImapSettings
from automator.mail.imap import ImapMailbox

ONE, TWO, THREE = (f"<{name}@phong.example>" for name in ("mot", "hai", "ba"))
Start = Callable[..., tuple[ImapServer, ImapMailbox]]


def mail(message_id: str) -> bytes:
    """Return a mail as the provider files it."""
    return f"From: a@b.example\r\nMessage-ID: {message_id}\r\n\r\nThư.\r\n".encode()


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


def settings(port: int, **changes: object) -> ImapSettings:
    """Return settings for a plain server on loopback."""
    base = ImapSettings(
        host="127.0.0.1", port=port, user=USER, password=PASSWORD, security="none", timeout=10.0
    )
    return replace(base, **changes)  # type: ignore[arg-type]


@pytest.fixture
def start(authority: trustme.CA, ca_file: Path) -> Iterator[Start]:
    """Return a function that starts a server, and the mailbox on it."""
    with ExitStack() as stack:

        def make(
            security: str = "none", name: str = "127.0.0.1", sent: str = "auto", **server: object
        ) -> tuple[ImapServer, ImapMailbox]:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert(name).configure_cert(context)
            made = stack.enter_context(running(context, security=security, **server))  # type: ignore[arg-type]
            own = settings(made.port, security=security, ca_file=ca_file, sent=sent)
            return made, ImapMailbox(own)

        yield make


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_finds_what_was_sent(start: Start, security: str) -> None:
    """Of three ids those two are found that lie in the folder marked as that of sent mail."""
    server, mailbox = start(security)
    server.append("Sent", mail(ONE))
    server.append("Sent", mail(THREE))
    assert mailbox.find_sent([ONE, TWO, THREE]) == {ONE, THREE}


def test_finds_what_the_mail_server_filed(start: Start) -> None:
    """A server that files what it accepts has the mail even if its answer was lost."""
    server, mailbox = start()
    with smtp_running(Manners(body="cut"), None) as smtp:
        smtp.box.file = partial(server.append, "Sent")
        line = smtplib.SMTP("127.0.0.1", smtp.port, timeout=10)
        with line, pytest.raises(smtplib.SMTPServerDisconnected):
            line.sendmail("a@b.example", ["c@d.example"], mail(ONE))
    assert mailbox.find_sent([ONE, TWO]) == {ONE}


def test_part_of_an_id_is_not_that_id(start: Start) -> None:
    """Servers find parts of a header; only the very id counts."""
    server, mailbox = start()
    server.append("Sent", mail("<x.mot@phong.example>"))
    server.append("Sent", mail("<mot@phong.example>.y"))
    assert mailbox.find_sent([ONE]) == frozenset()


def test_folded_header_is_read_whole(start: Start) -> None:
    """A provider may break the header after its name."""
    server, mailbox = start()
    server.append("Sent", mail(f"\r\n {ONE}"))
    assert mailbox.find_sent([ONE]) == {ONE}


def test_mail_that_lies_elsewhere_was_not_sent(start: Start) -> None:
    """A copy in the inbox proves nothing."""
    server, mailbox = start()
    server.append("INBOX", mail(ONE))
    assert mailbox.find_sent([ONE]) == frozenset()


@pytest.mark.parametrize(
    "made_up",
    [
        pytest.param('<a"b\\c@phong.example>', id="quotes"),
        pytest.param("<a\r\nA1 DELETE Sent\r\n@phong.example>", id="line-breaks"),
        pytest.param("<thư@phong.example>", id="not-ascii"),
        pytest.param("", id="empty"),
        pytest.param("<" + "a" * 5000 + ">", id="long"),
    ],
)
def test_no_id_is_a_command(start: Start, made_up: str) -> None:
    """Whatever an id holds, the search stays a search, and the others are found."""
    server, mailbox = start()
    server.append("Sent", mail(ONE))
    assert mailbox.find_sent([made_up, ONE]) == {ONE}


def test_quotes_in_an_id_are_found(start: Start) -> None:
    """An id with quotes is escaped, not lost."""
    server, mailbox = start()
    odd = '<"a.b"@phong.example>'
    server.append("Sent", mail(odd))
    assert mailbox.find_sent([odd]) == {odd}


def test_nothing_is_asked_for_nothing() -> None:
    """Without an id no connection is made."""
    assert ImapMailbox(settings(free_port())).find_sent([]) == frozenset()


def test_mailbox_stays_as_it_was(start: Start) -> None:
    """Looking marks nothing as read."""
    server, mailbox = start()
    server.append("Sent", mail(ONE))
    mailbox.find_sent([ONE])
    assert server.seen("Sent") == 0


def test_folder_by_its_usual_name(start: Start) -> None:
    """Where no folder is marked, one called as usual is that of sent mail."""
    server, mailbox = start(folders=["Drafts", "Sent Items"], marked="")
    server.append("Sent Items", mail(ONE))
    assert mailbox.find_sent([ONE]) == {ONE}


def test_vietnamese_folder_by_its_mark(start: Start) -> None:
    """The mark counts before any name, and a name may be Vietnamese."""
    server, mailbox = start(folders=["Sent", "[Gmail]/Thư đã gửi"], marked="[Gmail]/Thư đã gửi")
    server.append("[Gmail]/Thư đã gửi", mail(ONE))
    assert mailbox.find_sent([ONE]) == {ONE}


def test_folder_by_its_name_in_config(start: Start) -> None:
    """A name in config.toml counts before any mark."""
    server, mailbox = start(folders=["Sent", "Đã gửi"], sent="Đã gửi")
    server.append("Đã gửi", mail(ONE))
    assert mailbox.find_sent([ONE]) == {ONE}


def test_no_folder_of_sent_mail(start: Start) -> None:
    """The operator is told which folders there are."""
    _, mailbox = start(folders=["Drafts"], marked="")
    with pytest.raises(MailboxUnreadable, match="marks no folder") as caught:
        mailbox.find_sent([ONE])
    assert "Drafts, INBOX" in caught.value.hint


def test_folder_in_config_that_is_not_there(start: Start) -> None:
    """A misspelt folder is named, and those that there are."""
    _, mailbox = start(sent="Snet")
    with pytest.raises(MailboxUnreadable, match="no folder 'Snet'") as caught:
        mailbox.find_sent([ONE])
    assert "INBOX, Sent" in caught.value.hint


@pytest.mark.parametrize("password", ["sai", "mật khẩu sai"])
def test_wrong_password(start: Start, password: str) -> None:
    """The error names the user, never the password; a password may be Vietnamese."""
    server, _ = start()
    mailbox = ImapMailbox(settings(server.port, password=password))
    with pytest.raises(MailboxUnreadable) as caught:
        mailbox.find_sent([ONE])
    assert USER in caught.value.message
    assert password not in caught.value.message + caught.value.hint + repr(caught.value.__cause__)


def test_password_that_is_not_ascii(start: Start) -> None:
    """LOGIN knows ASCII only; another password goes by PLAIN."""
    server, _ = start(password="mật khẩu")
    server.append("Sent", mail(ONE))
    assert ImapMailbox(settings(server.port, password="mật khẩu")).find_sent([ONE]) == {ONE}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_certificate_of_another_name(start: Start, security: str) -> None:
    """A server that cannot show who it is gets no password."""
    _, mailbox = start(security, name="khac.example")
    with pytest.raises(MailboxUnreadable, match="not to be trusted"):
        mailbox.find_sent([ONE])


def test_certificate_that_nobody_signed(start: Start) -> None:
    """Without the authority's file its certificate is worth nothing."""
    server, _ = start("tls")
    with pytest.raises(MailboxUnreadable, match="not to be trusted"):
        ImapMailbox(settings(server.port, security="tls")).find_sent([ONE])


def test_starttls_that_is_not_offered(start: Start) -> None:
    """A line that cannot be encrypted carries no password."""
    server, _ = start("none")
    with pytest.raises(MailboxUnreadable, match="TLS not supported"):
        ImapMailbox(settings(server.port, security="starttls")).find_sent([ONE])


def test_nobody_listens() -> None:
    """A server that is down is an error for the operator."""
    with pytest.raises(MailboxUnreadable, match="no answer from 127"):
        ImapMailbox(settings(free_port())).find_sent([ONE])


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param(b"", "no answer", id="stalls"),
        pytest.param(b"220 smtp.example ESMTP\r\n", "220", id="smtp"),
        pytest.param(b"* OK IMAP4rev1\r\nHTTP/1.1 400\r\n", "HTTP/1.1", id="garbage"),
        pytest.param(b"* BYE too many connections\r\n", "too many connections", id="bye"),
        pytest.param(b"\xff\xfe\x00" * 999 + b"\r\n", "127", id="binary"),
    ],
)
def test_what_speaks_no_imap(said: bytes, words: str) -> None:
    """Whatever answers there, the operator reads one clear line, within the time limit."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def answer() -> None:
            line, _ = listening.accept()
            with line:
                line.sendall(said)
                line.settimeout(10)
                while line.recv(999):
                    pass

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        with pytest.raises(MailboxUnreadable, match=words) as caught:
            ImapMailbox(settings(port, timeout=0.3)).find_sent([ONE])
        assert "\n" not in caught.value.message
        thread.join(10)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"security": "ssl"}, "security is 'ssl'", id="security"),
        pytest.param({"host": "imap.phong.example"}, "unencrypted", id="plain-elsewhere"),
        pytest.param({"password": ""}, "no user or password", id="no-password"),
        pytest.param({"user": ""}, "no user or password", id="no-user"),
        pytest.param({"password": "a\r\nA1 LOGOUT"}, "control character", id="two-lines"),
        pytest.param({"ca_file": Path("khong-co.pem")}, "khong-co.pem", id="no-ca-file"),
    ],
)
def test_settings_that_cannot_work(changes: dict[str, object], words: str) -> None:
    """They are refused before anything connects."""
    with pytest.raises(ConfigError, match=words):
        ImapMailbox(settings(143, **changes))


def test_password_is_nowhere_shown() -> None:
    """Printed settings hold no password."""
    assert PASSWORD not in repr(settings(143))
