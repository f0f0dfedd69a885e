"""Builds the MIME message of a rendered mail: the same bytes for the same message."""

from dataclasses import replace
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, compat32
from email.utils import format_datetime, getaddresses
from functools import lru_cache
from typing import Any

from automator.core.message import Message, Refusal
from automator.mail.base import MailSettings
from automator.mail.clean import clean_subject
from automator.mail.signing import signed

LIST_NAME = "nhac-viec"
ENCODING = "base64"
"""Keeps every line short and 7-bit, whatever the server can do."""
HEAD = 4096
"""Bytes in which the header To of a message stands, unless it has very many recipients."""
MACHINE_HEADERS = frozenset(
    {"message-id", "in-reply-to", "references", "list-id", "list-unsubscribe"}
)


class OnePiece(EmailPolicy):
    """The policy for SMTP, which leaves the headers that machines compare in one piece.

    The standard one turns a long id without spaces into encoded words, which no mail program
    recognises as the id of the conversation.
    """

    def fold(self, name: str, value: Any) -> str:
        """Return the header as lines of text."""
        return _whole(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return the header as bytes. The sender's is folded once for all mails of a run."""
        if name.lower() == "from":
            return _folded_sender(name, str(value))
        return _whole(name, value).encode("ascii") or super().fold_binary(name, value)


CRLF = "\r\n"
LONGEST_LINE = 75
"""Characters of a line of encoded words (RFC 2047, 2)."""
POLICY = OnePiece(linesep=CRLF, raise_on_defect=False)


@lru_cache(maxsize=16)
def _folded_sender(name: str, value: str) -> bytes:
    """Return the sender's header: Python takes 6 ms to fold a Vietnamese name."""
    return SMTP.fold_binary(name, SMTP.header_factory(name, value))


def _whole(name: str, value: str) -> str:
    """Return a machine's header unfolded and a Vietnamese subject well folded, "" for any other.

    Python's own policy loses blanks where it breaks a subject with brackets into encoded words.
    """
    if name.lower() == "subject" and not value.isascii():
        words = Header(value, "utf-8", maxlinelen=LONGEST_LINE, header_name=name)
        return f"{name}: {words.encode(linesep=CRLF)}{CRLF}"
    if name.lower() not in MACHINE_HEADERS or not value.isascii():
        return ""
    return f"{name}: {value}{CRLF}"


def to_mime(
    message: Message,
    *,
    sender: str,
    sender_name: str,
    reply_to: str,
    operator: str,
    redirect_to: str | None,
    domain: str = "",
) -> EmailMessage:
    """Return `message` as MIME: text and html as alternatives, then the attachments.

    `redirect_to` takes the place of every recipient; the subject then names the true ones.
    `domain` is that of List-Id, "" for the sender's. Raises ValueError for a malformed
    address, and for CR or LF in any header.
    """
    mime = EmailMessage(policy=POLICY)
    recipients = (redirect_to,) if redirect_to else message.recipients
    mime["From"] = mailbox(sender, sender_name)
    mime["To"] = tuple(mailbox(address) for address in recipients)
    mime["Reply-To"] = mailbox(reply_to)
    mime["Subject"] = _subject(message, redirect_to)
    mime["Date"] = format_datetime(message.at)
    mime["Message-ID"] = message.message_id
    if message.references:
        mime["In-Reply-To"] = message.references
        mime["References"] = message.references
    mime["List-Id"] = f"<{LIST_NAME}.{domain or sender.rpartition('@')[2]}>"
    mime["List-Unsubscribe"] = f"<mailto:{operator}?subject=unsubscribe>"
    mime["Auto-Submitted"] = "auto-generated"
    mime["X-Auto-Response-Suppress"] = "All"
    mime.set_content(message.text, cte=ENCODING)
    mime.add_alternative(message.html, subtype="html", cte=ENCODING)
    _attach(mime, message)
    _set_boundaries(mime, message)
    return mime


def mailbox(address: str, name: str = "") -> Address:
    """Return a checked address. Raises ValueError where it is none, or not ASCII."""
    local, at, host = address.rpartition("@")
    if not (at and local and host and address.isascii() and address.isprintable()):
        msg = f"not a mail address: {address!r}"
        raise ValueError(msg)
    try:
        return Address(display_name=name, addr_spec=address)
    except (ValueError, HeaderParseError, IndexError) as fault:
        msg = f"not a mail address: {address!r}"
        raise ValueError(msg) from fault


def build(message: Message, settings: MailSettings) -> bytes | Refusal:
    """Return the bytes of `message`, or why no server would ever take it.

    Bytes that it has already stay as they are, whatever `settings` have become.
    """
    if message.mime:
        return message.mime
    if not message.recipients:
        return Refusal(reason="the message has no recipient", permanent=True)
    try:
        mime = to_mime(
            message,
            sender=settings.sender,
            sender_name=settings.sender_name,
            reply_to=settings.reply_to,
            operator=settings.operator,
            redirect_to=settings.redirect_to,
            domain=settings.domain,
        )
        content = mime.as_bytes()
    except ValueError as fault:
        return Refusal(reason=str(fault), permanent=True)
    return signed(content, settings.dkim, message.at) if settings.dkim else content


def built(message: Message, settings: MailSettings) -> Message:
    """Return `message` with its bytes; without them where no server would ever take it."""
    content = build(message, settings)
    return message if isinstance(content, Refusal) else replace(message, mime=content)


def envelope(message: Message, settings: MailSettings) -> list[str]:
    """Return the addresses that the server is told to deliver to.

    `redirect_to` has the first word. Else a built message goes to whom it is written to: one
    that was redirected when it was built does not reach its true recipients later.
    """
    if settings.redirect_to:
        return [settings.redirect_to]
    as_usual = f"\r\nTo: {', '.join(message.recipients)}\r\n".encode()
    if not message.mime or as_usual in message.mime[:HEAD]:  # told without parsing
        return list(message.recipients)
    return written_to(message.mime)


def written_to(content: bytes) -> list[str]:
    """Return the addresses in the header To of a message that `build` made."""
    head = content[: content.index(b"\r\n\r\n") + 2]
    names = getaddresses([str(message_from_bytes(head, policy=compat32)["To"])])
    return [address for _name, address in names]


def _subject(message: Message, redirect_to: str | None) -> str:
    """Return the subject; a redirected mail says first for whom it was meant."""
    if not redirect_to:
        return message.subject
    return clean_subject(f"[Gửi thử, thay cho {', '.join(message.recipients)}] {message.subject}")


def _set_boundaries(mime: EmailMessage, message: Message) -> None:
    """Name the boundaries after the message, so that a second copy is the same to the byte.

    "=_" stands in no base64, so no part can hold one.
    """
    parts = (part for part in mime.walk() if part.is_multipart())
    for place, part in enumerate(parts):
        part.set_boundary(f"=_{place}_{message.id[:32]}")


def _attach(mime: EmailMessage, message: Message) -> None:
    """Add the attachments; a Vietnamese name goes out as RFC 2231 says."""
    for file in message.attachments:
        main, _, sub = file.media_type.partition("/")
        mime.add_attachment(
            file.content, maintype=main, subtype=sub or "octet-stream", filename=file.name
        )
