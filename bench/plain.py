"""The same rows as plain tuples: what the reference loop reads in place of the core's values."""

from datetime import date, datetime
from typing import NamedTuple

from automator.core.assess import Assessment
from automator.core.memory import Sighting
from automator.core.moment import Moment
from automator.core.names import key
from automator.core.register import Row

CLAIMS = {"plans": "sent", "periodic": "sent", "propaganda": "done", "models": "launched"}
IDENTITIES = {"propaganda": "form", "models": "name"}
At = tuple[datetime, date, bool]
"""An instant, its local day, and whether a time was typed."""
Claimed = tuple[datetime, datetime | None]
"""What a row claimed, and the last good read that lacked the claim (None: there was none)."""


class Sent(NamedTuple):
    """A valid row of a school's tab; `claim` is None where nothing says when."""

    tab: str
    school: str
    period: str
    claim: At | None
    identity: str
    incomplete: bool
    order: tuple[object, ...]  # of two rows of the same instant the lesser comes first
    number: int
    observed: datetime | None
    claims: list[Claimed]
    edited_at: datetime | None
    gone_since: datetime | None
    settled: bool


class Noted(NamedTuple):
    """A valid row of *Phòng tiếp nhận*."""

    school: str
    content: str
    period: str
    arrived: At
    result: str
    returned: At | None
    order: tuple[object, ...]
    number: int
    observed: datetime
    result_since: datetime
    code: str
    gone_since: datetime | None
    settled: bool


class Event(NamedTuple):
    """An incident with the code that memory gave it."""

    code: str
    school: str
    level: int | None
    first_seen: datetime
    known: At | None
    occurred: At | None
    reported: At | None
    state: str
    incomplete: bool
    number: int
    edited_at: datetime | None
    observed: datetime | None
    claims: list[Claimed]


Place = tuple[str, date, date]
"""A commune, and the first and last day on which the school belongs to it."""


class Plain(NamedTuple):
    """All that judging depends on, beside the obligations and the clock."""

    schools: list[tuple[str, str, list[Place]]]  # code, level, communes in time
    sent: list[Sent]
    noted: list[Noted]
    events: list[Event]
    waivers: list[tuple[str, str, str | None, date, date]]
    extensions: list[tuple[str, str, str | None, date]]  # scope, obligation, period, last day


def plain(assessed: Assessment) -> Plain:
    """Return the rows behind an assessment; nothing that judging itself found out."""
    decided = assessed.decisions
    seen = assessed.recognised
    live = [
        (row, seen.of_row[tab, row.number])
        for tab, rows in assessed.register.rows.items()
        for row in rows
        if row.valid and (tab, row.number) in seen.of_row
    ]
    gone = [
        (_ghost(s), s)
        for s in seen.sightings
        if s.lost_since is not None and s.observed is not None
    ]
    both = live + gone
    return Plain(
        schools=[
            (
                s.code,
                s.level,
                [
                    (a.commune, a.valid_from or date.min, a.valid_to or date.max)
                    for a in s.assignments
                ],
            )
            for s in assessed.register.schools.values()
        ],
        sent=[_sent(row, s) for row, s in both if row.tab in CLAIMS],
        noted=[_noted(row, s) for row, s in both if row.tab == "receipts"],
        events=[
            _event(i.code, i.row, i.sighting)
            for i in assessed.incidents.by_code.values()
            if i.row is not None
        ],
        waivers=[
            (w.school, w.obligation, w.period, w.valid_from or date.min, w.valid_to or date.max)
            for w in decided.waivers
        ],
        extensions=[(e.scope, e.obligation, e.period, e.last_day) for e in decided.extensions],
    )


def _ghost(sighting: Sighting) -> Row:
    """Return a row that is gone or half edited, from the text that memory keeps of it."""
    cells = sighting.lapse.cells if sighting.lapse else sighting.cells
    texts = dict(cells)
    days = (*CLAIMS.values(), "arrived", "returned")
    values = {k: _moment(v, sighting) if k in days else v for k, v in texts.items()}
    return Row(
        tab=sighting.tab,
        number=sighting.row,
        values=values,
        canon=cells,
        school=texts.get("school") if sighting.lapse else sighting.school,
        valid=True,
    )


def _moment(text: str, sighting: Sighting) -> Moment | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    zone = sighting.first_seen.tzinfo
    whole = len(text) == len("2021-02-24")
    return Moment(found.replace(tzinfo=zone) if whole else found.astimezone(zone), not whole)


def _at(moment: Moment | None) -> At | None:
    return (moment.instant, moment.instant.date(), moment.timed) if moment else None


def _sent(row: Row, s: Sighting) -> Sent:
    claim = row.moment(CLAIMS[row.tab])
    if claim is None and row.tab in IDENTITIES and s.observed is not None:
        claim = Moment(s.observed)
    return Sent(
        row.tab,
        row.school or "",
        row.text("period"),
        _at(claim),
        key(row.text(IDENTITIES.get(row.tab, ""))),
        bool(row.incomplete),
        row.canon,
        row.number,
        s.observed,
        _claimed(s),
        s.edited_at,
        s.lost_since,
        s.lost,
    )


def _claimed(s: Sighting) -> list[Claimed]:
    """Return what was claimed, each with the last good read that lacked it."""
    zone = s.first_seen.tzinfo
    read: list[Claimed] = []
    for text, unseen in s.claims:
        claim = datetime.fromisoformat(text)
        lacked = datetime.fromisoformat(unseen) if unseen else None
        read.append((claim if claim.tzinfo else claim.replace(tzinfo=zone), lacked))
    return read


def _noted(row: Row, s: Sighting) -> Noted:
    arrived = _at(row.moment("arrived"))
    assert arrived is not None
    observed = s.observed or s.first_seen
    since = s.result_since or observed
    result = row.text("result")
    back = row.moment("returned") or Moment(since)
    return Noted(
        row.school or "",
        row.text("content"),
        row.text("period"),
        arrived,
        result,
        _at(back) if result == "Đề nghị bổ sung" else None,
        row.canon,
        row.number,
        observed,
        since,
        s.code or "",
        s.lost_since,
        s.lost,
    )


def _event(code: str, row: Row, s: Sighting) -> Event:
    return Event(
        code,
        row.school or "",
        row.number_of("level"),
        s.first_seen,
        _at(row.moment("known")),
        _at(row.moment("occurred")),
        _at(row.moment("reported")),
        row.text("state"),
        bool(row.incomplete),
        row.number,
        s.edited_at,
        s.observed,
        _claimed(s),
    )
