"""Builds the MIME message of a rendered mail: the same bytes for the same message."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from automator.core.message import Message, Refusal
from automator.mail.base import MailSettings
from automator.mail.clean import clean_subject

LIST_NAME = "nhac-viec"
ENCODING = "base64"
"""Keeps every line short and 7-bit, whatever the server can do."""


def to_mime(  # noqa: PLR0913 - each becomes a header
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
    mime = EmailMessage(policy=SMTP)
    recipients = (redirect_to,) if redirect_to else message.recipients
    mime["From"] = mailbox(sender, sender_name)
    mime["To"] = tuple(mailbox(address) for address in recipients)
    mime["Reply-To"] = mailbox(reply_to)
    mime["Subject"] = _subject(message, redirect_to)
    mime["Date"] = format_datetime(message.at)
    mime["Message-ID"] = message.message_id
    if message.references:
        mime["References"] = message.references
    mime["List-Id"] = f"<{LIST_NAME}.{domain or sender.rpartition('@')[2]}>"
    mime["List-Unsubscribe"] = f"<mailto:{operator}?subject=unsubscribe>"
    mime["Auto-Submitted"] = "auto-generated"
    mime["X-Auto-Response-Suppress"] = "All"
    mime.set_content(message.text, cte=ENCODING)
    mime.add_alternative(message.html, subtype="html", cte=ENCODING)
    _attach(mime, message)
    return mime


def mailbox(address: str, name: str = "") -> Address:
    """Return a checked address. Raises ValueError where it is none, or not ASCII."""
    local, at, host = address.rpartition("@")
    if not (at and local and host and address.isascii() and address.isprintable()):
        msg = f"not a mail address: {address!r}"
        raise ValueError(msg)
    try:
        return Address(display_name=name, addr_spec=address)
    except (HeaderParseError, IndexError) as fault:
        msg = f"not a mail address: {address!r}"
        raise ValueError(msg) from fault


def build(message: Message, settings: MailSettings) -> bytes | Refusal:
    """Return the bytes of `message`, or why no server would ever take it."""
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
        return mime.as_bytes()
    except ValueError as fault:
        return Refusal(reason=str(fault), permanent=True)


def envelope(message: Message, settings: MailSettings) -> list[str]:
    """Return the addresses that the server is told to deliver to."""
    return [settings.redirect_to] if settings.redirect_to else list(message.recipients)


def _subject(message: Message, redirect_to: str | None) -> str:
    """Return the subject; a redirected mail says first for whom it was meant."""
    if not redirect_to:
        return message.subject
    return clean_subject(f"[Gửi thử, thay cho {', '.join(message.recipients)}] {message.subject}")


def _attach(mime: EmailMessage, message: Message) -> None:
    """Add the attachments; a Vietnamese name goes out as RFC 2231 says."""
    for file in message.attachments:
        main, _, sub = file.media_type.partition("/")
        mime.add_attachment(
            file.content, maintype=main, subtype=sub or "octet-stream", filename=file.name
        )
