"""Messages in doubt that a run has handed over once more: there is no third time."""

from sqlalchemy import Connection, delete, insert, select

from automator.ledger import schema

_HERE = schema.repeats.c


def note(connection: Connection, workbook: str, message: str) -> None:
    """Write down that a message in doubt is being handed over once more."""
    forget(connection, workbook, message)
    connection.execute(insert(schema.repeats).values(workbook=workbook, message=message))


def known(connection: Connection, workbook: str, message: str) -> bool:
    """Tell whether a message was handed over once more."""
    query = select(_HERE.message).where(_HERE.workbook == workbook, _HERE.message == message)
    return connection.scalar(query) is not None


def forget(connection: Connection, workbook: str, message: str) -> bool:
    """Take that back: the message was not taken, and may be tried again. False if not noted."""
    gone = connection.execute(
        delete(schema.repeats).where(_HERE.workbook == workbook, _HERE.message == message)
    )
    return gone.rowcount > 0
