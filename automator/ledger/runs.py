"""The runs of a workbook: begun in the commit of their plan, ended with their counts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from automator.errors import LedgerUnusable
from automator.ledger import schema
from automator.ledger.codec import dump_counts, load_counts
from automator.ledger.records import RunRecord

_R = schema.runs.c


def latest(connection: Connection, workbook: str) -> datetime | None:
    """Return the latest `now` of a run (UTC), None before the first."""
    found: datetime | None = connection.scalar(
        select(func.max(_R.now)).where(_R.workbook == workbook)
    )
    return found


def begin(connection: Connection, workbook: str, run: RunRecord) -> int:
    """Write a run down as begun; return its id."""
    row = {"now": run.now, "kind": run.kind, "version": run.version, "state": "begun"}
    added = connection.execute(
        insert(schema.runs).values(workbook=workbook, counts=dump_counts(run.counts), **row)
    )
    (run_id,) = added.inserted_primary_key or (None,)
    assert run_id is not None
    return int(run_id)


def end(
    connection: Connection, workbook: str, run: int, counts: Mapping[str, Any], at: datetime
) -> None:
    """Write down that a begun run ended. Raises LedgerUnusable if there is no such run."""
    changed = connection.execute(
        update(schema.runs)
        .where(_R.workbook == workbook, _R.id == run, _R.state == "begun")
        .values(state="ended", ended_at=at, counts=dump_counts(counts))
    )
    if changed.rowcount != 1:
        msg = f"the ledger has no run {run} that is under way"
        raise LedgerUnusable(msg)


def last(connection: Connection, workbook: str) -> RunRecord | None:
    """Return the last run (instants in UTC), None before the first."""
    query = select(schema.runs).where(_R.workbook == workbook).order_by(_R.id.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return RunRecord(
        id=row.id,
        now=row.now,
        kind=row.kind,
        version=row.version,
        state=row.state,
        ended_at=row.ended_at,
        counts=load_counts(row.counts),
    )
