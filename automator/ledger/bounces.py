"""What came back: believed only of mails of ours and of addresses that they were sent to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, inspect, select, update

from automator.core.bounces import LOST, Fate, Returned, folded
from automator.core.memory import Bounce
from automator.core.message import Ended, State
from automator.ledger import schema
from automator.ledger.codec import load_names
from automator.ledger.encode import local

_B, _M = schema.bounces.c, schema.messages.c
_FIELDS = tuple(Bounce.__dataclass_fields__)
_GRAVITY = {fate: place for place, fate in enumerate(Fate)}
_LOST = sorted(fate.value for fate in LOST)
AT_ONCE = 500
"""So many ids in one question: databases limit the parameters of a statement."""


@dataclass(frozen=True, slots=True)
class _Mail:
    """A mail that a server took: its id and the addresses that it went to, folded."""

    id: str
    recipients: frozenset[str]
    refused: frozenset[str]


def load(connection: Connection, workbook: str, zone: ZoneInfo) -> tuple[Bounce, ...]:
    """Return what came back, the cleared too, by address and mail."""
    if not inspect(connection).has_table(schema.bounces.name):
        return ()  # an older ledger, opened to read
    query = select(schema.bounces).where(_B.workbook == workbook).order_by(_B.address, _B.message)
    rows = (local(row, zone) for row in connection.execute(query).mappings())
    return tuple(Bounce(**{name: row[name] for name in _FIELDS}) for row in rows)


def believed(
    connection: Connection, workbook: str, returned: Sequence[Returned], at: datetime
) -> tuple[Bounce, ...]:
    """Return what is new of `returned`, or worse than what was known, by address and mail.

    Nothing is believed of a mail that this workbook never sent, nor of an address that the
    mail was not sent to. What was read before is not new; what the operator has cleared stays
    so, whatever is read of that mail once more.
    """
    mails = _mails(connection, workbook, {each.message_id for each in returned})
    worst: dict[tuple[str, str], Bounce] = {}
    for each in returned:
        mail = mails.get(each.message_id)
        address = _address_of(each, mail) if mail else None
        if mail is None or address is None:
            continue
        found = _bounce(each, mail, address, at)
        known = worst.setdefault((address, mail.id), found)
        if _graver(found, known):
            worst[address, mail.id] = found
    stored = _stored(connection, workbook, worst)
    return tuple(
        found
        for place, found in sorted(worst.items())
        if place not in stored
        or (stored[place].cleared_at is None and _graver(found, stored[place]))
    )


def note(
    connection: Connection, workbook: str, returned: Sequence[Returned], at: datetime
) -> tuple[Bounce, ...]:
    """Write down what is new of `returned` and return it.

    The steps of a mail that came back from all of its recipients are marked as bounced.
    """
    fresh = believed(connection, workbook, returned, at)
    for bounce in fresh:
        _insert(connection, workbook, bounce)
    _mark(connection, workbook, {bounce.message for bounce in fresh})
    return fresh


def _insert(connection: Connection, workbook: str, bounce: Bounce) -> None:
    """Write a row, in place of the one of the same address and mail."""
    here = (_B.workbook == workbook, _B.address == bounce.address, _B.message == bounce.message)
    connection.execute(delete(schema.bounces).where(*here))
    row = {name: getattr(bounce, name) for name in _FIELDS}
    connection.execute(insert(schema.bounces).values(workbook=workbook, **row))


def note_refused(connection: Connection, workbook: str, ended: Ended) -> None:
    """Write down the recipients of a sent mail whom the server does not know, as dead."""
    for address, words in ended.dead:
        found = Bounce(
            address=folded(address),
            message=ended.id,
            fate=Fate.DEAD.value,
            at=ended.at,
            status=_status(words),
            detail=words,
        )
        _insert(connection, workbook, found)


def _status(words: str) -> str:
    """Return the status of an answer: "550 5.1.1 no such user" has 5.1.1."""
    return next((word for word in words.split()[1:2] if word[:2] == "5."), "")


def clear(connection: Connection, workbook: str, address: str, at: datetime, who: str) -> int:
    """Take an address for good again; return how many mails had come back from it."""
    standing = (_B.cleared_at.is_(None), _B.fate.in_(_LOST))
    changed = connection.execute(
        update(schema.bounces)
        .where(_B.workbook == workbook, _B.address == folded(address), *standing)
        .values(cleared_at=at, cleared_by=who)
    )
    return changed.rowcount


def _mails(connection: Connection, workbook: str, ids: Iterable[str]) -> Mapping[str, _Mail]:
    """Return the mails of those Message-IDs that a server took, or may have taken."""
    found: dict[str, _Mail] = {}
    for chunk in _chunks(sorted(ids)):
        query = select(_M.id, _M.message_id, _M.recipients, _M.refused).where(
            _M.workbook == workbook,
            _M.message_id.in_(chunk),
            _M.state.in_([State.SENT, State.IN_DOUBT]),
        )
        for row in connection.execute(query):
            found[row.message_id] = _mail(row.id, row.recipients, row.refused)
    return found


def _mail(name: str, recipients: str, refused: str) -> _Mail:
    return _Mail(
        name,
        frozenset(map(folded, load_names(recipients))),
        frozenset(map(folded, load_names(refused))),
    )


def _chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE))


def _address_of(returned: Returned, mail: _Mail) -> str | None:
    """Return which of the mail's recipients is meant, None if none of them."""
    named = (folded(address) for address in returned.addresses)
    return next((address for address in named if address in mail.recipients), None)


def _bounce(returned: Returned, mail: _Mail, address: str, at: datetime) -> Bounce:
    return Bounce(
        address=address,
        message=mail.id,
        fate=returned.fate.value,
        at=at,
        status=returned.status,
        detail=returned.detail,
    )


def _graver(one: Bounce, other: Bounce) -> bool:
    return _GRAVITY[Fate(one.fate)] < _GRAVITY[Fate(other.fate)]


def _stored(
    connection: Connection, workbook: str, places: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], Bounce]:
    """Return what is known of the mails of `places`, by address and mail."""
    found: dict[tuple[str, str], Bounce] = {}
    for chunk in _chunks(sorted({mail for _, mail in places})):
        query = select(schema.bounces).where(_B.workbook == workbook, _B.message.in_(chunk))
        for row in connection.execute(query).mappings():
            known = Bounce(**{name: row[name] for name in _FIELDS})
            found[known.address, known.message] = known
    return found


def _mark(connection: Connection, workbook: str, mails: Iterable[str]) -> None:
    """Mark the steps of those of `mails` that reached none of their recipients."""
    told = schema.told.c
    for mail in sorted(mails):
        row = connection.execute(
            select(_M.recipients, _M.refused).where(_M.workbook == workbook, _M.id == mail)
        ).one()
        known = _mail(mail, row.recipients, row.refused)
        lost = connection.scalars(
            select(_B.address).where(
                _B.workbook == workbook, _B.message == mail, _B.fate.in_(_LOST)
            )
        )
        if known.recipients <= known.refused.union(lost):
            connection.execute(
                update(schema.told)
                .where(told.workbook == workbook, told.message == mail)
                .values(bounced=True)
            )
