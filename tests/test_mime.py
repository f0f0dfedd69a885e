"""The MIME form of every mail is what mail programs and servers expect, and only that."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_samples import SAMPLES, SETTINGS, rendered

from automator.core.message import Attachment, Message, Refusal
from automator.mail.mime import build, envelope, to_mime

MESSAGES = rendered()
CHASE = MESSAGES["chase"]


def parsed(message: Message, **changes: object) -> EmailMessage:
    """Return what a strict reader makes of the bytes of `message`."""
    content = build(message, replace(SETTINGS, **changes))  # type: ignore[arg-type]
    assert isinstance(content, bytes)
    made = message_from_bytes(content, policy=default)
    assert isinstance(made, EmailMessage)
    return made


def sender_as_shown(message: Message) -> str:
    """Return the From header as RFC 2047 reads it.

    Python 3.11's structured parser sets a space between two encoded words of a name.
    """
    content = build(message, SETTINGS)
    assert isinstance(content, bytes)
    raw = re.search(rb"^From: (.*?)\r\n(?! )", content, re.DOTALL | re.MULTILINE)
    assert raw is not None
    return str(make_header(decode_header(raw[1].decode())))


def body(mail: EmailMessage, kind: str) -> str:
    """Return the decoded text of one part, with the line ends that the template had."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("name", SAMPLES)
def test_every_mail_parses_without_defects(name: str) -> None:
    """Header, structure and both bodies come back exactly, and nothing is defective."""
    message = MESSAGES[name]
    mail = parsed(message)
    assert [part.defects for part in mail.walk()] == [[]] * 3
    assert all(not getattr(value, "defects", ()) for _, value in mail.items())
    assert mail.get_content_type() == "multipart/alternative"
    assert mail["Subject"] == message.subject
    assert body(mail, "plain") == message.text
    assert body(mail, "html").rstrip("\n") == message.html.rstrip("\n")


@pytest.mark.parametrize("name", SAMPLES)
def test_bytes_suit_every_server(name: str) -> None:
    """7-bit, CRLF, no line longer than the 998 octets that SMTP allows."""
    content = build(MESSAGES[name], SETTINGS)
    assert isinstance(content, bytes)
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998


def test_headers_of_a_mail_from_a_machine() -> None:
    """Robots do not answer it, a person's answer goes to the office, threads hold together."""
    mail = parsed(CHASE)
    assert mail["Message-ID"] == CHASE.message_id
    assert mail["References"] == CHASE.references
    assert parsedate_to_datetime(mail["Date"]) == CHASE.at
    assert sender_as_shown(CHASE) == f"{SETTINGS.sender_name} <{SETTINGS.sender}>"
    assert mail["To"] == "th-my-lac@truong.example"
    assert mail["Reply-To"] == "phong@thuthua.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["List-Id"] == "<nhac-viec.thuthua.example>"
    assert mail["List-Unsubscribe"] == "<mailto:van-hanh@thuthua.example?subject=unsubscribe>"


def test_same_message_gives_the_same_bytes() -> None:
    """A second copy is the first, to the byte: what was in doubt can be sent again."""
    file = Attachment(name="lịch.ics", media_type="text/calendar", content=b"x")
    for message in (CHASE, replace(CHASE, attachments=(file,))):
        assert build(message, SETTINGS) == build(message, SETTINGS)


def test_attachment_keeps_its_vietnamese_name() -> None:
    """The name goes out as RFC 2231 says and comes back letter by letter."""
    name = "Lịch nhắc việc – Trường Tiểu học Mỹ Lạc, tháng 02 năm 2021.ics"
    file = Attachment(name=name, media_type="text/calendar", content=b"BEGIN:VCALENDAR\r\n")
    content = build(replace(CHASE, attachments=(file,)), SETTINGS)
    assert isinstance(content, bytes)
    assert b"filename*" in content
    mail = message_from_bytes(content, policy=default)
    (part,) = mail.iter_attachments()
    assert part.get_filename() == name
    assert part.get_payload(decode=True) == b"BEGIN:VCALENDAR\r\n"


def test_several_recipients_stand_in_one_header() -> None:
    """The addresses of one unit are no secret among themselves."""
    several = replace(CHASE, recipients=("a@truong.example", "b@truong.example"))
    assert [a.addr_spec for a in parsed(several)["To"].addresses] == list(several.recipients)
    assert envelope(several, SETTINGS) == list(several.recipients)


def test_redirected_mail_goes_nowhere_else() -> None:
    """With `redirect_to` no true address is delivered to; the subject tells them."""
    settings = replace(SETTINGS, redirect_to="thu@phong.example")
    mail = parsed(CHASE, redirect_to="thu@phong.example")
    assert mail["To"] == "thu@phong.example"
    assert mail["Subject"].startswith("[Gửi thử, thay cho th-my-lac@truong.example] [Chưa nhận]")
    assert envelope(CHASE, settings) == ["thu@phong.example"]


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("a@b.example\r\nBcc: all@x.example", id="second-header"),
        pytest.param("không có dấu@b.example", id="not-ascii"),
        pytest.param("a b@c.example", id="space"),
        pytest.param("nobody", id="no-at"),
        pytest.param("@b.example", id="no-name"),
        pytest.param("a@", id="no-host"),
        pytest.param("", id="empty"),
        pytest.param("a@b.example, c@d.example", id="two-in-one"),
        pytest.param("<a@b.example>", id="brackets"),
        pytest.param("a@b@c.example", id="two-ats"),
        pytest.param("a.@b.example", id="dot-at-end"),
    ],
)
def test_malformed_recipient_is_refused_for_good(address: str) -> None:
    """An address that is none never reaches a header nor a server."""
    refusal = build(replace(CHASE, recipients=(address,)), SETTINGS)
    assert isinstance(refusal, Refusal)
    assert refusal.permanent
    assert "not a mail address" in refusal.reason


def test_mail_to_nobody_is_refused() -> None:
    """No recipient, no mail."""
    assert isinstance(build(replace(CHASE, recipients=()), SETTINGS), Refusal)


@pytest.mark.parametrize("field", ["subject", "message_id", "references"])
def test_second_header_cannot_be_smuggled_in(field: str) -> None:
    """CR and LF in any header are refused, wherever they come from."""
    smuggled = replace(CHASE, **{field: "x\r\nBcc: all@x.example"})  # type: ignore[arg-type]
    assert isinstance(build(smuggled, SETTINGS), Refusal)


def test_long_domain_leaves_message_id_in_one_piece() -> None:
    """A long host name does not turn the id into an encoded word."""
    domain = "rat-dai." * 8 + "thuthua.example"
    long = replace(CHASE, message_id=f"<{CHASE.id}@{domain}>", references=f"<{CHASE.id}@{domain}>")
    content = build(long, replace(SETTINGS, domain=domain))
    assert isinstance(content, bytes)
    mail = message_from_bytes(content, policy=default)
    assert mail["Message-ID"].strip() == long.message_id
    assert mail["References"].strip() == long.references
    assert b"=?utf-8" not in content.split(b"References:")[1].split(b"List-Id")[0].lower()


def test_to_mime_names_its_parts_in_order() -> None:
    """Text first, html last: a reader shows the last that it can."""
    mime = to_mime(
        CHASE,
        sender=SETTINGS.sender,
        sender_name=SETTINGS.sender_name,
        reply_to=SETTINGS.reply_to,
        operator=SETTINGS.operator,
        redirect_to=None,
    )
    assert [part.get_content_type() for part in mime.iter_parts()] == ["text/plain", "text/html"]


@given(st.lists(st.text("aăđệ()[]–/ 1", max_size=30), max_size=8))
def test_a_subject_comes_back_whatever_its_length(parts: list[str]) -> None:
    """Folding loses no blank and no letter, and no line is longer than the standard allows."""
    subject = " ".join(" ".join(parts).split()) or "Đ"
    message = replace(MESSAGES["chase"], subject=subject)
    mail = parsed(message)
    assert mail["Subject"] == subject
