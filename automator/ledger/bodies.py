"""Loads a stored message whole, as it was rendered."""

from sqlalchemy import Connection, and_, select

from automator.core.message import Attachment, Message
from automator.errors import LedgerUnusable
from automator.ledger import schema
from automator.ledger.reports import message_rows


def load_message(connection: Connection, workbook: str, message: str) -> Message:
    """Return the message with that id. Raises LedgerUnusable if there is none, or no body."""
    heads = message_rows(connection, workbook, ids=(message,))
    table = schema.messages.c
    body = schema.bodies.c
    letter = connection.execute(
        select(table.message_id, table.references, body.text, body.html, body.templates)
        .join_from(
            schema.messages,
            schema.bodies,
            and_(body.workbook == table.workbook, body.message == table.id),
        )
        .where(table.workbook == workbook, table.id == message)
    ).one_or_none()
    if not heads or letter is None:
        msg = f"the ledger has no message {message}"
        raise LedgerUnusable(msg, hint="it may have been pruned, or belong to another workbook")
    head = heads[0]
    return Message(
        id=head.id,
        unit=head.unit,
        role=head.role,
        kind=head.kind,
        recipients=head.recipients,
        subject=head.subject,
        text=letter.text,
        html=letter.html,
        message_id=letter.message_id,
        at=head.at,
        keys=head.steps,
        weeks=head.weeks,
        references=letter.references,
        templates=letter.templates,
        attachments=_attachments(connection, workbook, message),
    )


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
