"""Reads the memory of one workbook back, sorted, its instants in the office's zone."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from datetime import time as clock
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Connection, Select, Table, and_, func, inspect, literal, select

from automator.core.memory import (
    Draft,
    Episode,
    Judged,
    Memory,
    Sighting,
    TabMemory,
    TellKey,
    Told,
    Unreached,
)
from automator.core.message import State
from automator.ledger import acts, bounces, encode, hand, pins, reports, schema, witness
from automator.ledger.codec import dump_pairs
from automator.ledger.encode import Row, local
from automator.ledger.records import MessageRow
from automator.ledger.states import DRAFTS


def load_memory(
    connection: Connection,
    workbook: str,
    zone: ZoneInfo,
    *,
    armed: bool,
    until: datetime | None = None,
) -> Memory:
    """Return everything that is known of `workbook`; `armed` counts where it is unknown.

    `until`: digest weeks and mails of the day that were sent later are left out.
    """
    reader = _Reader(connection, workbook, zone, until)
    head = next(reader.rows(schema.workbooks), None)
    if head is None:
        return Memory(armed=armed)
    sent_day, sent_today = reader.sent_today()
    return Memory(
        started=head["started"],
        last_run=head["last_run"],
        next_sighting=head["next_sighting"],
        armed=head["armed"],
        sightings=reader.sightings(),
        tabs=reader.tabs(),
        told=reader.told(),
        episodes=reader.episodes(schema.episodes),
        alerts=reader.episodes(schema.alerts),
        judged={
            row["instance"]: Judged(status=row["status"], since=row["since"])
            for row in reader.rows(schema.judged)
        },
        digests=reader.digests(),
        sent_today=sent_today,
        sent_day=sent_day,
        drafts=reader.drafts(),
        repeated=reader.repeated(),
        released=frozenset(row["name"] for row in reader.rows(schema.released)),
        given=hand.load(connection, workbook, zone),
        bounces=bounces.load(connection, workbook, zone),
        incident_serial={row["year"]: row["given"] for row in reader.rows(schema.serials)},
        discarded=acts.discarded(connection, workbook, until),
        unreached=reader.unreached(),
        restored=witness.mark(connection, workbook, zone),
        contacts=pins.load(connection, workbook, zone),
    )


class _Reader:
    """The reads of one workbook in one transaction."""

    def __init__(
        self, connection: Connection, workbook: str, zone: ZoneInfo, until: datetime | None
    ) -> None:
        self.connection = connection
        self.workbook = workbook
        self.zone = zone
        self.until = until

    def rows(self, table: Table) -> Iterator[Row]:
        """Give a table's rows of the workbook by primary key, instants local."""
        query = select(table).where(table.c.workbook == self.workbook)
        return self._local(query.order_by(*table.primary_key))

    def sightings(self) -> tuple[Sighting, ...]:
        """Return what is known of each row. An older ledger that is only read has no lapses."""
        known = inspect(self.connection).has_table(schema.lapses.name)
        rows = self.rows(schema.lapses) if known else ()
        lapses = {row["id"]: encode.lapse(row) for row in rows}
        return tuple(encode.sighting(row, lapses.get(row["id"])) for row in self._seen())

    def _seen(self) -> Iterator[Row]:
        """Give the rows of sightings; what an older ledger does not have of them is blank."""
        table = schema.sightings
        there = {column["name"] for column in inspect(self.connection).get_columns(table.name)}
        blank = {"claims": dump_pairs(())}
        columns = [
            c if c.name in there else literal(blank.get(c.name)).label(c.name)
            for c in table.columns
        ]
        query = select(*columns).where(table.c.workbook == self.workbook)
        return self._local(query.order_by(*table.primary_key))

    def tabs(self) -> dict[str, TabMemory]:
        """Return what is known of each tab."""
        sheets = {row["tab"]: row for row in self.rows(schema.sheets)}
        return {
            row["tab"]: encode.tab(row, sheets.get(row["tab"])) for row in self.rows(schema.tabs)
        }

    def episodes(self, table: Table) -> dict[str, Episode]:
        """Return the running episodes of instances, or of alerts."""
        return {row["instance"]: encode.episode(row) for row in self.rows(table)}

    def told(self) -> dict[TellKey, Told]:
        """Return what was told. The steps of a message in doubt count: it may have arrived."""
        told = {
            encode.tell_key(row): Told(at=row["at"], message=row["message"], bounced=row["bounced"])
            for row in self.rows(schema.told)
        }
        for row in self._doubtful(schema.steps):
            key = encode.tell_key(row)
            told.setdefault(key, Told(at=row["settled_at"], message=row["message"]))
        return dict(sorted(told.items()))

    def digests(self) -> dict[tuple[str, str], str]:
        """Return the last ISO week told to each reader, weeks in doubt included."""
        last: dict[tuple[str, str], str] = {}
        told = ((row["at"], row) for row in self.rows(schema.digest_weeks))
        doubted = ((row["settled_at"], row) for row in self._doubtful(schema.weeks))
        for at, row in (*told, *doubted):
            if self.until is not None and at > self.until:
                continue
            reader = (row["unit"], row["role"])
            last[reader] = max(last.get(reader, ""), row["week"])
        return dict(sorted(last.items()))

    def drafts(self) -> tuple[Draft, ...]:
        """Return the messages that were not handed over, by id."""
        rows = reports.message_rows(self.connection, self.workbook, states=DRAFTS)
        return self._drafts(rows, self._templates())

    def repeated(self) -> tuple[Draft, ...]:
        """Return what was handed over once more and arrived, by id."""
        ids = self._repeated()
        if not ids:
            return ()
        sent = {State.SENT}
        rows = reports.message_rows(self.connection, self.workbook, ids=ids, states=sent)
        return self._drafts(rows, {})

    def _drafts(
        self, rows: Iterable[MessageRow], templates: Mapping[str, str]
    ) -> tuple[Draft, ...]:
        repeated = self._repeated()
        return tuple(
            Draft(
                id=row.id,
                unit=row.unit,
                role=row.role,
                state=row.state.value,
                keys=row.steps,
                weeks=row.weeks,
                since=row.since.astimezone(self.zone),
                retry_at=row.retry_at and row.retry_at.astimezone(self.zone),
                detail=row.detail,
                repeated=row.id in repeated,
                recipients=row.recipients,
                templates=templates.get(row.id, ""),
            )
            for row in sorted(rows, key=lambda row: row.id)
        )

    def _repeated(self) -> frozenset[str]:
        """Return the messages that went out once more. An older ledger has none."""
        if not inspect(self.connection).has_table(schema.repeats.name):
            return frozenset()
        return frozenset(row["message"] for row in self.rows(schema.repeats))

    def _templates(self) -> dict[str, str]:
        """Return the templates' fingerprint of each message that failed."""
        bodies, messages = schema.bodies, schema.messages
        if not self._has(bodies.c.templates):
            return {}
        owned = and_(messages.c.workbook == bodies.c.workbook, messages.c.id == bodies.c.message)
        query = select(bodies.c.message, bodies.c.templates).join_from(bodies, messages, owned)
        query = query.where(bodies.c.workbook == self.workbook, messages.c.state == State.FAILED)
        return {row.message: row.templates for row in self.connection.execute(query)}

    def unreached(self) -> dict[tuple[str, str], Unreached]:
        """Return whom no mail reaches for now, and since when."""
        if not self._has(schema.backoff.c.since):
            return {}
        return {
            (row["unit"], row["role"]): Unreached(
                since=row["since"] or row["retry_at"],
                tries=row["attempts"],
                retry_at=row["retry_at"],
            )
            for row in self.rows(schema.backoff)
        }

    def _has(self, column: Column[Any]) -> bool:
        """Tell whether the ledger has a column: an older one, opened to read, may not."""
        there = inspect(self.connection).get_columns(column.table.name)
        return column.name in {found["name"] for found in there}

    def sent_today(self) -> tuple[str, dict[tuple[str, str], int]]:
        """Return the last local day with mail but urgent, and its mails by unit and role."""
        messages = schema.messages.c
        sent = and_(
            messages.workbook == self.workbook,
            messages.state == State.SENT,
            messages.kind != "urgent",
            *([messages.settled_at <= self.until] if self.until else []),
        )
        last = self.connection.scalar(select(func.max(messages.settled_at)).where(sent))
        if last is None:
            return "", {}
        day = last.astimezone(self.zone).date()
        midnight = datetime.combine(day, clock(), self.zone)
        counted = (
            select(messages.unit, messages.role, func.count())
            .where(sent, messages.settled_at >= midnight)
            .where(messages.settled_at < midnight + timedelta(days=1))
            .group_by(messages.unit, messages.role)
            .order_by(messages.unit, messages.role)
        )
        found = self.connection.execute(counted)
        return day.isoformat(), {(unit, role): mails for unit, role, mails in found}

    def _doubtful(self, table: Table) -> Iterator[Row]:
        """Give the rows of messages in doubt in `steps` or `weeks`, oldest first."""
        messages = schema.messages
        joined = and_(messages.c.workbook == table.c.workbook, messages.c.id == table.c.message)
        columns: list[Any] = [*table.c, messages.c.settled_at]
        if "unit" not in table.c:
            columns += [messages.c.unit, messages.c.role]
        query = select(*columns).join_from(table, messages, joined)
        query = query.where(table.c.workbook == self.workbook)
        query = query.where(messages.c.state == State.IN_DOUBT)
        return self._local(query.order_by(messages.c.settled_at, table.c.message, table.c.position))

    def _local(self, query: Select[Any]) -> Iterator[Row]:
        for row in self.connection.execute(query).mappings():
            yield local(row, self.zone)
