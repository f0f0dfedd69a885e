"""Writes a run's plan down: new messages, refreshed drafts, dropped ones. Part of one commit."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, and_, delete, insert, or_, select, update

from automator.core.message import Message, State
from automator.ledger import schema
from automator.ledger.codec import dump_names, load_names
from automator.ledger.encode import Row, key_row
from automator.ledger.reports import BACKOFF
from automator.ledger.states import sources

BATCH = 100
"""Messages that are in memory together while a plan is written down."""

_M, _B = schema.messages.c, schema.bodies.c
_RENDERED = or_(_B.mime.is_not(None), _B.text != "").label("rendered")
_CHANGEABLE = frozenset({State.QUEUED, State.DEFERRED, State.HELD, State.FAILED, State.SUPERSEDED})
Target = tuple[State, str]
"""The state that a message takes, and why."""


class Planning:
    """One run's changes to the messages of a workbook, inside the transaction of `begin`."""

    def __init__(self, connection: Connection, workbook: str, run: int, now: datetime) -> None:
        self.connection = connection
        self.workbook = workbook
        self.run = run
        self.now = now

    def write(self, messages: Iterable[Message], targets: Mapping[str, Target]) -> set[str]:
        """Insert or refresh `messages`, a few at a time; return their ids.

        `targets` has (state, why) of those not to be queued.
        """
        written: set[str] = set()
        waiting = iter(messages)
        while batch := tuple(islice(waiting, BATCH)):
            self._write(batch, len(written), targets)
            written.update(message.id for message in batch)
        return written

    def _write(self, batch: Sequence[Message], first: int, targets: Mapping[str, Target]) -> None:
        known = self._known([message.id for message in batch])
        fresh = []
        for position, message in enumerate(batch, first):
            state, detail = targets.get(message.id, (State.QUEUED, ""))
            stored = known.get(message.id)
            if stored is None:
                fresh.append((message, self._head(message, position, state, detail)))
            elif stored["state"] in _CHANGEABLE:
                self._refresh(message, position, stored, state, detail)
        self._insert(fresh)

    def hold(self, held: Mapping[str, str]) -> None:
        """Hold drafts of an earlier plan that this one does not render again."""
        for message, why in held.items():
            self._move(message, State.HELD, detail=why)

    def drop(self, superseded: Collection[str]) -> None:
        """Supersede drafts that are no longer in the plan; what was sent or doubted stays."""
        for message in sorted(superseded):
            self._move(message, State.SUPERSEDED)

    def _known(self, ids: Sequence[str]) -> dict[str, RowMapping]:
        query = (
            select(
                *(_M.id, _M.state, _M.detail, _M.recipients, _B.templates, _RENDERED),
                schema.backoff.c.retry_at,
            )
            .join_from(
                schema.messages,
                schema.bodies,
                and_(_B.workbook == _M.workbook, _B.message == _M.id),
                isouter=True,
            )
            .join(schema.backoff, BACKOFF, isouter=True)
            .where(_M.workbook == self.workbook, _M.id.in_(ids))
        )
        return {row["id"]: row for row in self.connection.execute(query).mappings()}

    def _insert(self, fresh: Sequence[tuple[Message, Row]]) -> None:
        new = {"since": self.now, "phase": ""}
        self._insert_all(schema.messages, ({"id": m.id} | new | head for m, head in fresh))
        messages = [message for message, _head in fresh]
        for table, rows_of in _TABLES:
            self._insert_all(table, (row for m in messages for row in rows_of(m)))

    def _refresh(
        self, message: Message, position: int, stored: RowMapping, state: State, detail: str
    ) -> None:
        """Give a draft its new body, recipients and state."""
        old: State = stored["state"]
        if old is State.FAILED and state is State.QUEUED and not _mended(message, stored):
            self._move(message.id, State.FAILED)
            return
        if state is State.QUEUED and self._put_off(stored):
            state, detail = old, stored["detail"]
        head = self._head(message, position, state, detail)
        if old is State.SUPERSEDED:
            head["since"] = self.now
        self.connection.execute(
            update(schema.messages).where(*self._is(message.id), _M.state == old).values(head)
        )
        self._rewrite_parts(message)

    def _put_off(self, stored: RowMapping) -> bool:
        """Tell whether a deferred message cannot go in this run, for its reader's pause goes on."""
        until = stored["retry_at"]
        return stored["state"] is State.DEFERRED and until is not None and until > self.now

    def _head(self, message: Message, position: int, state: State, detail: str) -> Row:
        return {
            "unit": message.unit,
            "role": message.role,
            "kind": str(message.kind),
            "recipients": dump_names(message.recipients),
            "subject": message.subject,
            "message_id": message.message_id,
            "references": message.references,
            "at": message.at,
            "state": state,
            "detail": detail,
            "refused": dump_names(()),
            "settled_at": None,
            "run": self.run,
            "position": position,
        }

    def _rewrite_parts(self, message: Message) -> None:
        for table, rows_of in _PARTS:
            self.connection.execute(
                delete(table).where(
                    table.c.workbook == self.workbook, table.c.message == message.id
                )
            )
            self._insert_all(table, rows_of(message))

    def _insert_all(self, table: Table, rows: Iterable[Row]) -> None:
        owned = [{"workbook": self.workbook} | row for row in rows]
        if owned:
            self.connection.execute(insert(table), owned)

    def _move(self, message: str, state: State, **values: Any) -> None:
        """Move a draft if it may; one in that state already takes the values too."""
        allowed = sorted(sources(state) & _CHANGEABLE | {state})
        self.connection.execute(
            update(schema.messages)
            .where(*self._is(message), _M.state.in_(allowed))
            .values(state=state, run=self.run, **values)
        )

    def _is(self, message: str) -> tuple[Any, Any]:
        return _M.workbook == self.workbook, _M.id == message


def _mended(message: Message, stored: RowMapping) -> bool:
    """Tell whether what failed may go now: other recipients or templates, or it had no body."""
    if message.recipients != load_names(stored["recipients"]) or not stored["rendered"]:
        return True
    known = stored["templates"] and message.templates
    return bool(known) and stored["templates"] != message.templates


def _steps(message: Message) -> Iterator[Row]:
    for position, key in enumerate(message.keys):
        yield {"message": message.id, "position": position} | key_row(key)


def _weeks(message: Message) -> Iterator[Row]:
    for position, week in enumerate(message.weeks):
        yield {"message": message.id, "position": position, "week": week}


def _body(message: Message) -> Iterator[Row]:
    """The bytes hold the parts: these are stored only where there are no bytes."""
    text, html = ("", "") if message.mime else (message.text, message.html)
    row = {"message": message.id, "text": text, "html": html, "mime": message.mime or None}
    yield row | {"templates": message.templates}


def _attachments(message: Message) -> Iterator[Row]:
    for position, part in enumerate(() if message.mime else message.attachments):
        yield {
            "message": message.id,
            "position": position,
            "name": part.name,
            "media_type": part.media_type,
            "content": part.content,
        }


_PARTS = ((schema.bodies, _body), (schema.attachments, _attachments))
_TABLES = ((schema.steps, _steps), (schema.weeks, _weeks), *_PARTS)
