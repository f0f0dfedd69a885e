"""Has this ledger gone back? A small file beside it remembers the last run that was committed.

A database cannot tell that it was restored from an old copy: whatever it holds is as old as it
is. The witness holds the random name of the ledger, and for each workbook its last run and how
much had been told. A ledger of the same name that ends earlier was restored; one of another
name, or without a run, is simply a new one, and a witness that is missing proves nothing.
"""

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, insert, select

from automator.core.memory import Restored
from automator.ledger import runs, schema

NAME = "uid"
_META = schema.meta.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """How far a ledger has come with one workbook. `told`: steps and weeks told so far."""

    run: int
    at: datetime
    told: int


def stand(connection: Connection, workbook: str) -> Stand | None:
    """Return how far the ledger has come; None before the first run."""
    last = runs.last(connection, workbook)
    if last is None:
        return None
    told = sum(
        connection.scalar(select(func.count()).where(table.c.workbook == workbook)) or 0
        for table in (schema.told, schema.digest_weeks)
    )
    return Stand(run=last.id, at=last.now, told=told)


def uid(connection: Connection) -> str:
    """Return the random name of a ledger; "" for one that has none yet."""
    found: str | None = connection.scalar(select(_META.value).where(_META.name == NAME))
    return found or ""


def seen(path: Path, name: str, workbook: str) -> Stand | None:
    """Return what the witness at `path` has seen of the ledger of that name; None: nothing.

    A file that cannot be read or understood is no witness.
    """
    try:
        known = json.loads(path.read_text("utf-8"))
        if known["uid"] != name:
            return None
        one = known["workbooks"][workbook]
        at = datetime.fromisoformat(one["at"])
        return Stand(run=int(one["run"]), at=at, told=int(one["told"]))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def gone_back(now: Stand | None, before: Stand | None, zone: ZoneInfo) -> Restored | None:
    """Return how the ledger has gone back behind what was seen of it, None if it has not."""
    if before is None or now is None or (now.run, now.told) >= (before.run, before.told):
        return None
    return Restored(
        run=now.run,
        at=now.at.astimezone(zone),
        seen=before.run,
        seen_at=before.at.astimezone(zone),
    )


def testify(path: Path, name: str, workbook: str, now: Stand) -> None:
    """Write down how far the ledger has come, atomically; other workbooks' lines stay.

    Raises OSError where the file cannot be written.
    """
    try:
        known = json.loads(path.read_text("utf-8"))
        others = dict(known["workbooks"]) if known["uid"] == name else {}
    except (OSError, ValueError, LookupError, TypeError):
        others = {}
    line = asdict(now) | {"at": now.at.isoformat()}
    text = json.dumps({"uid": name, "workbooks": others | {workbook: line}}, indent=1)
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(made, path)  # noqa: PTH105 - the atomic step
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise


def set_mark(connection: Connection, workbook: str, found: Restored) -> None:
    """Remember that the ledger has gone back, until `clear_mark`."""
    connection.execute(delete(schema.meta).where(_META.name == _mark(workbook)))
    values = [found.run, found.at.isoformat(), found.seen, found.seen_at.isoformat()]
    row = {"name": _mark(workbook), "value": json.dumps(values)}
    connection.execute(insert(schema.meta).values(row))


def clear_mark(connection: Connection, workbook: str) -> None:
    """Forget it: the operator has let the ledger go on."""
    connection.execute(delete(schema.meta).where(_META.name == _mark(workbook)))


def mark(connection: Connection, workbook: str, zone: ZoneInfo) -> Restored | None:
    """Return how the ledger has gone back and waits for the operator; None: it has not."""
    value = connection.scalar(select(_META.value).where(_META.name == _mark(workbook)))
    if value is None:
        return None
    run, at, last, seen_at = json.loads(value)
    return Restored(
        run=run,
        at=datetime.fromisoformat(at).astimezone(zone),
        seen=last,
        seen_at=datetime.fromisoformat(seen_at).astimezone(zone),
    )


def _mark(workbook: str) -> str:
    return f"restored/{workbook}"
