"""Every answer of a mail server is told for what it is: for now, for good, or in doubt."""

from dataclasses import replace

import pytest
from smtp_server import Manners
from smtp_talk import CHASE, MESSAGES, TO, Start

from automator.core.message import Attachment, Refusal
from automator.errors import MailRefused

pytest_plugins = ("smtp_fixtures",)


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


def test_a_line_is_opened_again_after_what_must_be_written_down(start: Start) -> None:
    """To connect may take minutes, in which nobody else could write into the ledger."""
    server, transport = start()
    assert transport.send(CHASE) is None
    server.drop_lines()
    logins: list[int] = []
    sent = transport.send(MESSAGES["remind"], None, lambda: logins.append(server.box.logins))
    assert (sent, logins[-1], server.box.logins) == (None, 1, 2)


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
