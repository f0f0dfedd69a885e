"""Writes what a turn remembers, changed rows only."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from automator.core.memory import Memory
from automator.ledger import encode, pins, schema
from automator.ledger.encode import Row


def save_memory(connection: Connection, workbook: str, memory: Memory) -> None:
    """Make the tables hold what `memory` holds, except what only sending or people change.

    That is: told, digests and drafts (a message's moves), given and armed (the operator). A
    release that the turn has used up goes; `release` adds one, and takes the run's lock for it.
    """
    replace(connection, schema.sightings, workbook, encode.sighting_rows(memory.sightings))
    replace(connection, schema.lapses, workbook, encode.lapse_rows(memory.sightings))
    replace(connection, schema.tabs, workbook, encode.tab_rows(memory.tabs))
    replace(connection, schema.sheets, workbook, encode.sheet_rows(memory.tabs))
    replace(connection, schema.episodes, workbook, encode.episode_rows(memory.episodes))
    replace(connection, schema.alerts, workbook, encode.episode_rows(memory.alerts))
    replace(connection, schema.judged, workbook, encode.judged_rows(memory.judged))
    replace(connection, schema.released, workbook, ({"name": n} for n in sorted(memory.released)))
    replace(connection, schema.serials, workbook, encode.serial_rows(memory))
    replace(connection, schema.contacts, workbook, pins.rows(memory.contacts))
    connection.execute(
        update(schema.workbooks)
        .where(schema.workbooks.c.workbook == workbook)
        .values(
            started=memory.started,
            last_run=memory.last_run,
            next_sighting=memory.next_sighting,
        )
    )


def release(connection: Connection, workbook: str, names: Collection[str]) -> None:
    """Add to what the operator let go; what is known already stays."""
    table = schema.released
    known = set(connection.scalars(select(table.c.name).where(table.c.workbook == workbook)))
    fresh = [{"workbook": workbook, "name": name} for name in sorted(set(names) - known)]
    if fresh:
        connection.execute(insert(table), fresh)


def arm(connection: Connection, workbook: str) -> None:
    """Let the workbook's mails go out."""
    table = schema.workbooks
    connection.execute(update(table).where(table.c.workbook == workbook).values(armed=True))


def replace(connection: Connection, table: Table, workbook: str, rows: Iterable[Row]) -> None:
    """Make `rows` the rows of a workbook in `table`; equal ones are not written again."""
    keys = [column.name for column in table.primary_key]
    wanted = {_key(row, keys): row for row in ({"workbook": workbook} | row for row in rows)}
    stored = {
        _key(row, keys): dict(row)
        for row in connection.execute(select(table).where(table.c.workbook == workbook)).mappings()
    }
    stale = [key for key, row in stored.items() if wanted.get(key) != row]
    fresh = [row for key, row in wanted.items() if stored.get(key) != row]
    if stale:
        connection.execute(
            delete(table).where(*(table.c[name] == bindparam(f"b_{name}") for name in keys)),
            [{f"b_{name}": value for name, value in zip(keys, key, strict=True)} for key in stale],
        )
    if fresh:
        connection.execute(insert(table), fresh)


def _key(row: Mapping[Any, Any], keys: list[str]) -> tuple[object, ...]:
    return tuple(row[name] for name in keys)
