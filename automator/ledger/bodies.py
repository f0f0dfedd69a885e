"""Loads a stored message: whole, as it was rendered, or as it is to leave."""

from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, inspect, null, select

from automator.core.message import Attachment, Message
from automator.errors import LedgerUnusable
from automator.ledger import schema
from automator.ledger.codec import load_names
from automator.ledger.reports import message_rows
from automator.ledger.statements import LEAVING

_M, _B = schema.messages.c, schema.bodies.c
_OF = and_(_B.workbook == _M.workbook, _B.message == _M.id)


def load_message(connection: Connection, workbook: str, message: str) -> Message:
    """Return the message with that id. Raises LedgerUnusable if there is none, or no body."""
    found = find_message(connection, workbook, message)
    if found is None:
        msg = f"the ledger has no message {message}"
        raise LedgerUnusable(msg, hint="it may have been pruned, or belong to another workbook")
    return found


def find_message(connection: Connection, workbook: str, message: str) -> Message | None:
    """Return the message with that id, None if there is none, or its body is not kept."""
    heads = message_rows(connection, workbook, ids=(message,))
    letter = connection.execute(
        select(_M.message_id, _M.references, _B.text, _B.html, *_newer(connection))
        .join_from(schema.messages, schema.bodies, _OF)
        .where(_M.workbook == workbook, _M.id == message)
    ).one_or_none()
    if not heads or letter is None:
        return None
    head = heads[0]
    if letter.mime is not None:
        parts = _opened(bytes(letter.mime))
    else:
        attachments = _attachments(connection, workbook, message)
        parts = {"text": letter.text, "html": letter.html, "attachments": attachments}
    return Message(
        id=head.id,
        unit=head.unit,
        role=head.role,
        kind=head.kind,
        recipients=head.recipients,
        subject=head.subject,
        message_id=letter.message_id,
        at=head.at,
        keys=head.steps,
        weeks=head.weeks,
        references=letter.references,
        templates=letter.templates or "",
        **parts,
    )


def _newer(connection: Connection) -> list[ColumnElement[Any]]:
    """Return the columns that an older ledger lacks, null there."""
    there = {found["name"] for found in inspect(connection).get_columns(schema.bodies.name)}
    wanted: list[Column[Any]] = [_B.templates, _B.mime]
    return [c if c.name in there else null().label(c.name) for c in wanted]


def leaving(connection: Connection, workbook: str, row: Sequence[Any]) -> Message:
    """Return a message as a transport needs it, of a row that CLAIM returned.

    It has its bytes, and text and html only where it has none: an older program's, or one that
    no server would take. Raises LedgerUnusable as `load_message` does.
    """
    values = dict(zip(LEAVING, row, strict=True))
    if values["mime"] is None:
        return load_message(connection, workbook, values["id"])
    values["recipients"] = load_names(values["recipients"])
    values["at"] = datetime.fromisoformat(values["at"])
    values["mime"] = bytes(values["mime"])
    return Message(**values, text="", html="")


def _opened(content: bytes) -> dict[str, Any]:
    """Return the parts of built bytes, so that a message is stored once."""
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    return {
        "text": _part(mail, "plain"),
        "html": _part(mail, "html"),
        "attachments": tuple(
            Attachment(
                name=part.get_filename() or "",
                media_type=part.get_content_type(),
                content=bytes(part.get_payload(decode=True) or b""),
            )
            for part in mail.iter_attachments()
        ),
        "mime": content,
    }


def _part(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body((subtype,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def _attachments(connection: Connection, workbook: str, message: str) -> tuple[Attachment, ...]:
    table = schema.attachments.c
    rows = connection.execute(
        select(table.name, table.media_type, table.content)
        .where(table.workbook == workbook, table.message == message)
        .order_by(table.position)
    )
    return tuple(
        Attachment(name=row.name, media_type=row.media_type, content=bytes(row.content))
        for row in rows
    )
