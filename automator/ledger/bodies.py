"""Loads a stored message whole, as it was rendered."""

from sqlalchemy import ColumnElement, Connection, and_, inspect, literal, select

from automator.core.message import Attachment, Message
from automator.errors import LedgerUnusable
from automator.ledger import schema
from automator.ledger.reports import message_rows


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
    table = schema.messages.c
    body = schema.bodies.c
    letter = connection.execute(
        select(table.message_id, table.references, body.text, body.html, _templates(connection))
        .join_from(
            schema.messages,
            schema.bodies,
            and_(body.workbook == table.workbook, body.message == table.id),
        )
        .where(table.workbook == workbook, table.id == message)
    ).one_or_none()
    if not heads or letter is None:
        return None
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


def _templates(connection: Connection) -> ColumnElement[str]:
    """Return the column of the templates' fingerprint; an older ledger has none."""
    column = schema.bodies.c.templates
    there = {found["name"] for found in inspect(connection).get_columns(schema.bodies.name)}
    return column if column.name in there else literal("").label(column.name)


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
