"""All that a ledger knows of one workbook, as lines of JSON.

Each line is one row: its table under "table", then its columns by name, in the order of
`TABLES` and within one by primary key. Instants are ISO-8601 in UTC (a mail's `at` keeps its
offset), JSON inside a column is JSON here, bytes are base64. The first line is the head:
{"table": "ledger", "schema": 1, "version": …, "workbook": …}. Columns may be added to a table.
"""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from automator.ledger import care, schema
from automator.ledger.backup import check_current
from automator.ledger.codec import dump

SCHEMA = 1
BODIES = ("bodies", "attachments")
"""The tables that hold what the mails say: left out unless they are asked for."""
TABLES = tuple(table for table in schema.metadata.sorted_tables if "workbook" in table.c)
"""The tables in their order in the export: what refers to another comes after it."""
_JSON = frozenset({"recipients", "refused", "counts", "cells", "claims", "rows", "addresses"})
_AT_ONCE = 200


def export(target: str, workbook: str, *, bodies: bool = False) -> Iterator[str]:
    """Give the lines, without their ends, as the ledger at `target` is at one instant.

    Raises LedgerUnusable for a ledger that is not there, or of an older version.
    """
    database = care.existing(target)
    try:
        with database.values() as connection:
            check_current(connection, database.name)
            head = {"table": "ledger", "schema": SCHEMA, "version": schema.VERSION}
            yield dump(head | {"workbook": workbook})
            for table in TABLES:
                if bodies or table.name not in BODIES:
                    yield from _rows(connection, table, workbook)
    finally:
        database.close()


def _rows(connection: Connection, table: Table, workbook: str) -> Iterator[str]:
    columns = [column for column in table.columns if column.name != "workbook"]
    query = select(*columns).where(table.c.workbook == workbook).order_by(*table.primary_key)
    found = connection.execution_options(yield_per=_AT_ONCE).execute(query)
    for row in found.mappings():
        yield dump({"table": table.name} | {c.name: _plain(c.name, row[c.name]) for c in columns})


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    return _parsed(value) if name in _JSON else value


def _parsed(value: Any) -> Any:
    """Return the JSON in a text; a text that holds none as it is."""
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value
