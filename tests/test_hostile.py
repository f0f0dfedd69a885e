"""Whatever a mail server does, the mail ends in the promised state, and the run ends."""

import re
import tracemalloc
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from hostile_cases import CASES, Case
from hostile_server import HostileServer, Talk, cut, endless_line, hostile, slowly, stall
from mail_office import AUTHORITY, MailOffice, mail_office, many, server_context
from mail_samples import SAMPLES, SETTINGS, renderer
from small_office import SCHOOLS
from smtp_server import PASSWORD, USER

from automator.core.message import Attachment, Refusal
from automator.errors import MailRefused
from automator.mail.smtp import SmtpTransport

DOCS = Path(__file__).parents[1] / "docs" / "operations.md"
B = "th-b@truong.example"
CHASE = renderer().render(SAMPLES["chase"])
TO = CHASE.recipients[0]
BROKEN = "SMTPServerDisconnected"
LATER = "2021-02-26T07:05:00+07:00"


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    """Return the authority's certificate as a file."""
    path = tmp_path / "authority.pem"
    AUTHORITY.cert_pem.write_to_path(path)
    return path


def transport_to(server: HostileServer, ca_file: Path, **changes: object) -> SmtpTransport:
    """Return a transport to `server`; an answer has 0.3 seconds, a mail 0.6."""
    base = replace(
        SETTINGS,
        host="127.0.0.1",
        port=server.port,
        user=USER,
        password=PASSWORD,
        ca_file=ca_file,
        timeout=0.3,
        total_timeout=0.6,
    )
    return SmtpTransport(replace(base, **changes))  # type: ignore[arg-type]


def office_of(
    folder: Path, server: HostileServer, schools: Sequence[Sequence[object]] = SCHOOLS[:2]
) -> AbstractContextManager[MailOffice]:
    """Return an office that chases one school through `server`, with short patience."""
    short = {"port": server.port, "timeout": "1s", "total_timeout": "1s"}
    return mail_office(folder, mail=short, schools=schools)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_each_misdeed_ends_in_its_state(tmp_path: Path, case: Case) -> None:
    """The run ends by itself, the ledger has the state, and each line logged in once."""
    with (
        hostile(case.context(), case.acts, case.features) as server,
        office_of(tmp_path, server) as office,
    ):
        called = office.run("2021-02-26T07:00", "--first-run")
        assert office.states() == {B: case.state}, called.err
        assert called.code == (0 if case.state == "sent" else 1)
        assert server.steps.count("auth") <= server.connections
        at_mail = case.name.startswith("mail-")  # a kept line may have gone stale: once anew
        assert server.connections <= 1 + at_mail
        assert len(server.mails) <= 1


def test_the_docs_hold_every_case() -> None:
    """The table of the operations page has these rows, each with the state of its cases."""
    rows = re.findall(r"^\| ([^|]+) \| `(\w+)` \| [^|]+ \|$", _table(), flags=re.MULTILINE)
    assert dict(rows) == {case.row: case.state for case in CASES}
    assert list(dict(rows)) == list(dict.fromkeys(case.row for case in CASES))


def _table() -> str:
    text = DOCS.read_text("utf-8")
    return text.partition("### What a mail server may do")[2].partition("\n## ")[0]


@pytest.mark.parametrize(
    "case",
    [c for c in CASES if c.name in {"rcpt-451", "data-cut", "login-535"}],
    ids=lambda c: c.name,
)
def test_what_was_put_off_leaves_once_with_a_later_run(tmp_path: Path, case: Case) -> None:
    """When the server is well again, after the pause, the mail arrives, and only once."""
    with hostile(server_context(), case.acts) as server, office_of(tmp_path, server) as office:
        office.run("2021-02-26T07:00", "--first-run")
        server.acts.clear()
        assert office.run(LATER).code == 0
        assert office.run("2021-02-26T08:00").code == 0
        assert (office.states(), len(server.mails)) == ({B: "sent"}, 1)


def test_one_refused_recipient_costs_the_other_nothing(tmp_path: Path) -> None:
    """The school has two addresses; one of them is dead."""
    two = (SCHOOLS[0], (*SCHOOLS[1], "b2@truong.example"))
    acts = {f"rcpt:{B}": b"550 no such user\r\n"}
    with hostile(server_context(), acts) as server, office_of(tmp_path, server, two) as office:
        office.run("2021-02-26T07:00", "--first-run")
        assert (office.states(), len(server.mails)) == ({B: "sent"}, 1)


def test_a_server_that_breaks_off_again_and_again_ends_the_run(tmp_path: Path) -> None:
    """Three mails have tried and wait; the others have not been touched, nor a minute spent."""
    with (
        hostile(server_context(), {"data": cut}) as server,
        office_of(tmp_path, server, many(6)) as office,
    ):
        called = office.run("2021-02-26T07:00", "--first-run")
        assert called.code == 1
        assert "broke off 3 mails one after another" in called.err
        assert sorted(office.states().values()) == ["deferred"] * 3 + ["queued"] * 2
        assert server.connections == 3


def test_an_endless_line_takes_no_memory(ca_file: Path) -> None:
    """Of 100 MB a few kilobytes are looked at."""
    with hostile(server_context(), {"mail": endless_line}) as server:
        transport = transport_to(server, ca_file)
        transport.connect()
        tracemalloc.start()
        try:
            refusal = transport.send(CHASE)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert refusal == Refusal(reason=f"{BROKEN}: a line of the answer has no end")
    assert server.flooded < 50_000_000
    assert peak < 4_000_000


def test_a_slow_answer_has_no_more_time_than_a_silent_one(ca_file: Path) -> None:
    """A byte now and then does not prolong it: the time is for the whole answer."""
    with hostile(server_context(), {"rcpt": slowly}) as server:
        refusal = transport_to(server, ca_file).send(CHASE)
    assert refusal == Refusal(reason=f"{BROKEN}: no answer in time")


def test_many_slow_answers_have_one_time_together(ca_file: Path) -> None:
    """Each recipient is answered within the timeout, all of them not within the total."""
    with hostile(server_context(), {"rcpt": _in_a_while}) as server:
        many_readers = tuple(f"r{n}@truong.example" for n in range(100))
        refusal = transport_to(server, ca_file).send(replace(CHASE, recipients=many_readers))
    assert refusal is not None
    assert (refusal.permanent, refusal.in_doubt) == (False, False)
    assert 1 < server.steps.count("rcpt") < 100


def _in_a_while(talk: Talk) -> None:
    talk.server.stopping.wait(0.05)
    talk.say(b"250 OK\r\n")


def test_a_server_that_does_not_read_a_long_body(ca_file: Path) -> None:
    """The final dot never left: deferred when the time is over."""
    with hostile(server_context(), {"data": _reads_nothing}) as server:
        file = Attachment(name="x.bin", media_type="application/zip", content=bytes(20_000_000))
        refusal = transport_to(server, ca_file).send(replace(CHASE, attachments=(file,)))
    assert refusal is not None
    assert (refusal.permanent, refusal.in_doubt) == (False, False)


def _reads_nothing(talk: Talk) -> None:
    talk.say(b"354 go ahead\r\n")
    talk.server.stopping.wait()


def test_a_long_scan_after_the_dot_is_waited_for(ca_file: Path) -> None:
    """To leave then is to leave in doubt: the answer to the body has all that is left."""
    with hostile(server_context(), {"body": _scans}) as server:
        transport = transport_to(server, ca_file, timeout=0.1, total_timeout=10.0)
        assert transport.send(CHASE) is None


def _scans(talk: Talk) -> None:
    talk.server.stopping.wait(0.3)
    talk.say(b"250 queued\r\n")


@pytest.mark.parametrize(
    "case",
    [c for c in CASES if c.row.startswith(("STARTTLS", "certificate"))],
    ids=lambda c: c.name,
)
def test_nothing_is_given_away_on_a_line_that_is_not_safe(ca_file: Path, case: Case) -> None:
    """No login, no address, no mail leaves before the encrypted, verified line stands."""
    with hostile(case.context(), case.acts) as server:
        with pytest.raises(MailRefused):
            transport_to(server, ca_file).send(CHASE)
        assert set(server.steps) <= {"greeting", "ehlo", "starttls"}


def test_a_goodbye_is_not_waited_for(ca_file: Path) -> None:
    """A server that does not answer QUIT holds nobody."""
    with hostile(server_context(), {"quit": stall}) as server:
        transport = transport_to(server, ca_file)
        assert transport.send(CHASE) is None
        transport.close()
        assert server.steps[-1] == "quit"


def test_tls_that_never_shakes_hands(ca_file: Path) -> None:
    """security = "tls" to a server that waits in clear."""
    with (
        hostile(None, {"greeting": stall}) as server,
        pytest.raises(MailRefused, match="no connection"),
    ):
        transport_to(server, ca_file, security="tls").send(CHASE)


def test_what_a_server_says_is_shown_clean(ca_file: Path) -> None:
    """No control character of an answer comes into the ledger or onto a terminal."""
    with hostile(server_context(), {"body": b"554 \x00\xff \x1b[31mred\x07\r\n"}) as server:
        refusal = transport_to(server, ca_file).send(CHASE)
    assert refusal == Refusal(reason="554 \ufffd [31mred", permanent=True)


@pytest.mark.parametrize("address", ["hiệu-trưởng@truong.example", "a@trường.example"])
def test_an_address_beyond_ascii_reaches_no_server(ca_file: Path, address: str) -> None:
    """There is no SMTPUTF8 here: it is refused for good before any connection."""
    with hostile(server_context()) as server:
        refusal = transport_to(server, ca_file).send(replace(CHASE, recipients=(address,)))
        assert server.connections == 0
    assert refusal is not None
    assert refusal.permanent


def test_a_larger_mail_than_announced_is_not_sent(ca_file: Path) -> None:
    """The reason has both numbers; the line stays up for the next mail."""
    with hostile(server_context(), features=("SIZE 90000", "AUTH PLAIN")) as server:
        transport = transport_to(server, ca_file)
        file = Attachment(name="x.bin", media_type="application/zip", content=bytes(90_000))
        refusal = transport.send(replace(CHASE, attachments=(file,)))
        assert refusal is not None
        assert refusal.permanent
        assert "the server takes at most 90000" in refusal.reason
        assert "mail" not in server.steps
        assert transport.send(CHASE) is None
        assert server.connections == 1
