"""What yagmail 0.16 does by itself, and that our transport does none of it.

A release that changes one of these facts fails here: then see whether the workaround may go.
"""

import email
import smtplib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import trustme
import yagmail
from hostile_server import Act, HostileServer, cut, hostile
from mail_office import AUTHORITY, server_context
from mail_samples import SAMPLES, SETTINGS, renderer
from smtp_server import PASSWORD, USER

from automator.errors import MailRefused
from automator.mail.smtp import SmtpTransport

SENDER = f"{USER}@phong.example"
TO = "th-my-lac@truong.example"
CHASE = renderer().render(SAMPLES["chase"])


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Close whatever a test opens."""
    with ExitStack() as made:
        yield made


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """yagmail sleeps 3, 6 and 9 seconds between its tries."""
    monkeypatch.setattr("yagmail.sender.time", SimpleNamespace(sleep=lambda _seconds: None))


def server(stack: ExitStack, plain: bool = False, **acts: bytes | Act) -> HostileServer:
    """Return a running server; the authority of its certificate is known to nobody by default."""
    return stack.enter_context(hostile(None if plain else server_context(), acts))


def client(to: HostileServer, **changes: Any) -> Any:
    """Return yagmail's client as its manual has it, but for a host, a port and a timeout."""
    given = {"smtp_ssl": False, "timeout": 10} | changes
    return yagmail.SMTP(SENDER, given.pop("password", PASSWORD), "127.0.0.1", to.port, **given)


def transport(to: HostileServer, folder: Path, **changes: object) -> SmtpTransport:
    """Return ours, to the same server."""
    AUTHORITY.cert_pem.write_to_path(folder / "ca.pem")
    ours = replace(
        SETTINGS,
        host="127.0.0.1",
        port=to.port,
        user=SENDER,
        password=PASSWORD,
        ca_file=folder / "ca.pem",
        timeout=10.0,
    )
    return SmtpTransport(replace(ours, **changes))  # type: ignore[arg-type]


def written(contents: object) -> Any:
    """Return the message that yagmail makes of `contents`."""
    made = yagmail.SMTP(SENDER, PASSWORD, "127.0.0.1", 25)
    return email.message_from_string(made.prepare_send(TO, "Nhắc việc", contents)[1])


def test_send_logs_in_for_every_mail(stack: ExitStack, tmp_path: Path) -> None:
    """Ours logs in once."""
    theirs, own = server(stack), server(stack)
    yag = client(theirs)
    for _ in range(2):
        yag.send(TO, "Nhắc việc", "một")
    assert theirs.steps.count("auth") == 2
    ours = transport(own, tmp_path)
    assert [ours.send(CHASE), ours.send(CHASE)] == [None, None]
    assert own.steps.count("auth") == 1


def test_starttls_without_a_context_verifies_nothing(stack: ExitStack, tmp_path: Path) -> None:
    """A certificate that anybody made is taken, and the password given; ours refuses."""
    theirs, own = server(stack), server(stack)
    client(theirs).send(TO, "Nhắc việc", "một")
    assert len(theirs.mails) == 1
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    with pytest.raises(MailRefused, match="not to be trusted"):
        transport(own, tmp_path, ca_file=other).send(CHASE)
    assert "auth" not in own.steps


def test_an_empty_starttls_skips_it_in_silence(stack: ExitStack, tmp_path: Path) -> None:
    """{} reads like "with no options", and sends the password in clear."""
    theirs, own = server(stack, plain=True), server(stack, plain=True)
    client(theirs, smtp_starttls={}).send(TO, "Nhắc việc", "một")
    assert "starttls" not in theirs.steps
    assert "auth" in theirs.steps
    with pytest.raises(MailRefused, match="STARTTLS"):
        transport(own, tmp_path).send(CHASE)
    assert "auth" not in own.steps


def test_there_is_no_timeout(stack: ExitStack, tmp_path: Path) -> None:
    """None is set on the socket; ours never waits longer than its settings say."""
    there = server(stack)
    yag = yagmail.SMTP(SENDER, PASSWORD, "127.0.0.1", there.port, smtp_ssl=False)
    yag.login()
    assert yag.smtp.sock.gettimeout() is None
    yag.close()
    ours = transport(there, tmp_path)
    ours.connect()
    assert ours._client is not None
    assert 0 < ours._client.smtp.sock.gettimeout() <= SETTINGS.total_timeout
    ours.close()


def test_a_missing_password_is_asked_for(
    stack: ExitStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a keyring it ends in a NameError, with one it prompts. Ours is a sentence."""
    there = server(stack)
    monkeypatch.setattr("yagmail.password.keyring", None)
    with pytest.raises(NameError):
        client(there, password=None).login()
    asked: list[str] = []
    empty = SimpleNamespace(get_password=lambda _service, _user: None)
    monkeypatch.setattr("yagmail.password.keyring", empty)
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(prompt) or PASSWORD)
    monkeypatch.setattr("builtins.input", lambda _prompt: "n")
    client(there, password=None).login()
    assert asked == [f"Password for <{SENDER}>: "]
    with pytest.raises(MailRefused, match="no password"):
        transport(there, tmp_path, password="")


def test_a_text_that_names_a_file_attaches_it(tmp_path: Path) -> None:
    """A cell that holds a path would send that file; our texts are only ever texts."""
    secret = tmp_path / "mat-khau.txt"
    secret.write_text("bi mat", "utf-8")
    parts = [p.get_payload(decode=True) or b"" for p in written(str(secret)).walk()]
    assert b"bi mat" in parts


def test_its_text_part_holds_html() -> None:
    """Who reads plain text reads tags; ours are two texts, written apart."""
    made = written("<b>Kính gửi</b>")
    (text,) = [p for p in made.walk() if p.get_content_type() == "text/plain"]
    assert "<b>" in text.get_payload(decode=True).decode()
    assert "<b>" not in CHASE.text


def test_its_message_id_is_the_same_for_a_repeat() -> None:
    """Another text to the same reader under the same subject: a mailbox may drop it."""
    assert written("một")["Message-ID"] == written("hai")["Message-ID"]
    ids = {renderer().render(sample).message_id for sample in SAMPLES.values()}
    assert len(ids) == len({sample.id for sample in SAMPLES.values()})


def test_a_cut_after_the_dot_is_tried_again_inside(stack: ExitStack, tmp_path: Path) -> None:
    """One send(), three copies at the server, and False; ours is one copy, in doubt."""
    theirs, own = server(stack, body=cut), server(stack, body=cut)
    assert client(theirs).send(TO, "Nhắc việc", "một") is False
    assert len(theirs.mails) == 3
    refusal = transport(own, tmp_path).send(CHASE)
    assert refusal is not None
    assert (refusal.in_doubt, len(own.mails)) == (True, 1)


def test_a_wrong_password_costs_two_failed_logins(stack: ExitStack, tmp_path: Path) -> None:
    """PLAIN, then LOGIN: twice as near to a lock-out. Ours tries one."""
    theirs, own = server(stack, auth=b"535 no\r\n"), server(stack, auth=b"535 no\r\n")
    with pytest.raises(smtplib.SMTPAuthenticationError):
        client(theirs).send(TO, "Nhắc việc", "một")
    assert theirs.steps.count("auth") == 2
    with pytest.raises(MailRefused, match="535"):
        transport(own, tmp_path).send(CHASE)
    assert own.steps.count("auth") == 1


def test_a_421_comes_as_a_refused_sender(stack: ExitStack, tmp_path: Path) -> None:
    """Not as a lost connection; ours takes it for one, and waits."""
    theirs, own = server(stack, mail=b"421 idle\r\n"), server(stack, mail=b"421 idle\r\n")
    with pytest.raises(smtplib.SMTPSenderRefused):
        client(theirs).send(TO, "Nhắc việc", "một")
    refusal = transport(own, tmp_path).send(CHASE)
    assert refusal is not None
    assert (refusal.permanent, refusal.in_doubt) == (False, False)


def test_a_cut_before_and_after_the_dot_look_alike(stack: ExitStack, tmp_path: Path) -> None:
    """The exception does not tell them apart; the phase that ours keeps does."""
    faults, doubts = [], []
    for step in ("data", "body"):
        theirs, own = server(stack, **{step: cut}), server(stack, **{step: cut})
        yag = client(theirs)
        yag.login()
        with pytest.raises(smtplib.SMTPServerDisconnected) as caught:
            yag.smtp.sendmail(SENDER, [TO], b"Subject: x\r\n\r\nx")
        faults.append((type(caught.value), str(caught.value)))
        refusal = transport(own, tmp_path).send(CHASE)
        assert refusal is not None
        doubts.append(refusal.in_doubt)
    assert faults[0] == faults[1]
    assert doubts == [False, True]
