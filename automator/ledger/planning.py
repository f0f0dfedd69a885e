"""Writes a run's plan down: new messages, refreshed drafts, dropped ones. Part of one commit."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, and_, delete, func, insert, select, update

from automator.core.message import Message, State
from automator.ledger import schema
from automator.ledger.codec import dump_names, load_names
from automator.ledger.encode import Row, key_row
from automator.ledger.reports import BACKOFF
from automator.ledger.states import sources

_M = schema.messages.c
_CHANGEABLE = frozenset({State.QUEUED, State.DEFERRED, State.HELD, State.FAILED, State.SUPERSEDED})
_PARTS = (schema.bodies, schema.attachments)


class Planning:
    """One run's changes to the messages of a workbook, inside the transaction of `begin`."""

    def __init__(self, connection: Connection, workbook: str, run: int, now: datetime) -> None:
        self.connection = connection
        self.workbook = workbook
        self.run = run
        self.now = now

    def write(self, messages: Sequence[Message], targets: Mapping[str, tuple[State, str]]) -> None:
        """Insert or refresh `messages`; `targets` has (state, why) of those not to be queued."""
        known = self._known([message.id for message in messages])
        for position, message in enumerate(messages):
            state, detail = targets.get(message.id, (State.QUEUED, ""))
            stored = known.get(message.id)
            if stored is None:
                self._insert(message, position, state, detail)
            elif stored["state"] in _CHANGEABLE:
                self._refresh(message, position, stored, state, detail)

    def hold(self, held: Mapping[str, str]) -> None:
        """Hold drafts of an earlier plan that this one does not render again."""
        for message, why in held.items():
            self._move(message, State.HELD, detail=why)

    def drop(self, superseded: Collection[str]) -> None:
        """Supersede drafts that are no longer in the plan; what was sent or doubted stays."""
        for message in sorted(superseded):
            self._move(message, State.SUPERSEDED)

    def _known(self, ids: Sequence[str]) -> dict[str, RowMapping]:
        body = schema.bodies.c
        query = (
            select(
                *(_M.id, _M.state, _M.detail, _M.recipients, body.templates),
                schema.backoff.c.retry_at,
                func.length(body.text).label("letters"),
            )
            .join_from(
                schema.messages,
                schema.bodies,
                and_(body.workbook == _M.workbook, body.message == _M.id),
                isouter=True,
            )
            .join(schema.backoff, BACKOFF, isouter=True)
            .where(_M.workbook == self.workbook, _M.id.in_(ids))
        )
        return {row["id"]: row for row in self.connection.execute(query).mappings()}

    def _insert(self, message: Message, position: int, state: State, detail: str) -> None:
        head = {"workbook": self.workbook, "id": message.id, "since": self.now, "phase": ""}
        head |= self._head(message, position, state, detail)
        self.connection.execute(insert(schema.messages), head)
        self._insert_all(schema.steps, _steps(message))
        self._insert_all(schema.weeks, _weeks(message))
        self._write_parts(message)

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
        self._write_parts(message)

    def _put_off(self, stored: RowMapping) -> bool:
        """Tell whether a deferred message cannot go in this run, for its reader's pause goes on."""
        until = stored["retry_at"]
        return stored["state"] is State.DEFERRED and until is not None and until > self.now

    def _head(self, message: Message, position: int, state: State, detail: str) -> dict[str, Any]:
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

    def _write_parts(self, message: Message) -> None:
        for table in _PARTS:
            self.connection.execute(
                delete(table).where(
                    table.c.workbook == self.workbook, table.c.message == message.id
                )
            )
        body = {"message": message.id, "text": message.text, "html": message.html}
        self._insert_all(schema.bodies, iter([body | {"templates": message.templates}]))
        self._insert_all(schema.attachments, _attachments(message))

    def _insert_all(self, table: Table, rows: Iterator[Row]) -> None:
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
    if message.recipients != load_names(stored["recipients"]) or not stored["letters"]:
        return True
    known = stored["templates"] and message.templates
    return bool(known) and stored["templates"] != message.templates


def _steps(message: Message) -> Iterator[Row]:
    for position, key in enumerate(message.keys):
        yield {"message": message.id, "position": position} | key_row(key)


def _weeks(message: Message) -> Iterator[Row]:
    for position, week in enumerate(message.weeks):
        yield {"message": message.id, "position": position, "week": week}


def _attachments(message: Message) -> Iterator[Row]:
    for position, part in enumerate(message.attachments):
        yield {
            "message": message.id,
            "position": position,
            "name": part.name,
            "media_type": part.media_type,
            "content": part.content,
        }
