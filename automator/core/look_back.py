"""The memory as it was: reading commands ignore what was seen after their `now`."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from automator.core.bounces import known_by
from automator.core.clocks import BY_SIGHT, CLAIM_COLUMNS
from automator.core.given import Given
from automator.core.layout import SCHOOLS, Need, tab
from automator.core.memory import Memory, Sighting, TabMemory
from automator.core.register import Register, Row
from automator.core.sightings import Recognised, restored_day


def as_of(memory: Memory, now: datetime) -> Memory:
    """Return the memory without what was seen, told or judged after `now`.

    Rows of a tab whose last good read came later are not kept: that read was another one.
    """
    if memory.last_run is None or memory.last_run <= now:
        return memory
    told, bounces = known_by(memory.told, memory.bounces, now)
    return replace(
        memory,
        started=memory.started if memory.started and memory.started <= now else None,
        last_run=None,
        looking_back=True,
        sightings=tuple(_sighting(s, now) for s in memory.sightings if s.first_seen <= now),
        edited_later=frozenset(s.id for s in memory.sightings if s.edited_at and s.edited_at > now),
        tabs={k: _tab(t, now) for k, t in memory.tabs.items()},
        told=told,
        bounces=bounces,
        episodes={k: e for k, e in memory.episodes.items() if e.opened <= now},
        judged={k: j for k, j in memory.judged.items() if j.since <= now},
        alerts={k: e for k, e in memory.alerts.items() if e.opened <= now},
        drafts=tuple(d for d in memory.drafts if d.since <= now),
        given=tuple(_given(g, now) for g in memory.given if g.given_at <= now),
        unreached={who: u for who, u in memory.unreached.items() if u.since <= now},
        restored=None,
        contacts={code: c for code, c in memory.contacts.items() if c.approved_at <= now},
    )


def _sighting(sighting: Sighting, now: datetime) -> Sighting:
    gone = sighting.gone_since if sighting.gone_since and sighting.gone_since <= now else None
    edited = sighting.edited_at if sighting.edited_at and sighting.edited_at <= now else None
    seen = sighting.observed if sighting.observed and sighting.observed <= now else None
    unseen, claims = sighting.unseen_until if seen else None, _claims(sighting, now)
    if not seen and claims:  # its present claim is a later one: of the first sight of others
        seen = sighting.first_seen  # memory keeps no more than the last read without them
        unseen = datetime.fromisoformat(claims[-1][1]) if claims[-1][1] else None
    lapse = sighting.lapse
    good = lapse is not None and lapse.since > now
    urgent = sighting.urgent_since
    urgent = urgent if urgent and urgent <= now else None
    blank = sighting.level_blank_since
    return replace(
        sighting,
        observed=seen,
        cells=lapse.cells if lapse and good else sighting.cells,
        lapse=None if good else lapse,
        unseen_until=unseen,
        claims=claims,
        edited_at=edited,
        gone_since=gone,
        gone_settled=sighting.gone_settled and gone is not None,
        urgent_since=urgent,
        state_at_first=sighting.state_at_first if urgent else None,  # noted by the same read
        level_blank_since=blank if blank and blank <= now else None,
    )


def _claims(sighting: Sighting, now: datetime) -> tuple[tuple[str, str], ...]:
    """Return the claims that had been read by `now`; of all but the last to within one read."""
    if sighting.observed is None or sighting.observed <= now:
        return sighting.claims
    return tuple(
        (claim, unseen)
        for claim, unseen in sighting.claims[:-1]
        if not unseen or datetime.fromisoformat(unseen) < now
    )


def known_then(
    register: Register, recognised: Recognised, memory: Memory, zone: ZoneInfo
) -> Register:
    """Return the register as it was known at the time that is asked about.

    Without rows that nobody had seen (and their problems), and with the day that a row claimed
    then where a cell of it was edited later. Other cells of such a row are as they are now.
    """
    rows: dict[str, tuple[Row, ...]] = {}
    left_out: set[tuple[str, int]] = set()
    for name, found in register.rows.items():
        if name == SCHOOLS.key:
            rows[name] = found
            continue
        known = [(r, recognised.of_row.get((name, r.number))) for r in found]
        left_out |= {(tab(name).title, r.number) for r, s in known if s is None}
        rows[name] = tuple(_then(r, s, memory, zone) for r, s in known if s is not None)
    problems = tuple(p for p in register.problems if (p.tab, p.row) not in left_out)
    return replace(register, rows=rows, problems=problems)


def _then(row: Row, sighting: Sighting, memory: Memory, zone: ZoneInfo) -> Row:
    """Return a row with the day that it claimed by then, if it was edited since."""
    column = CLAIM_COLUMNS.get(row.tab)
    same = sighting.id not in memory.edited_later and row.canon == sighting.cells
    if column is None or same:
        return row
    claim = sighting.claims[-1][0] if sighting.claims else ""
    by_sight = row.tab in BY_SIGHT and len(claim) > len("2021-02-24")
    moment = None if by_sight else restored_day(claim, zone)
    needed = tab(row.tab).column(column).need is Need.REQUIRED
    return replace(
        row,
        values={**row.values, column: moment},
        valid=row.valid and (moment is not None or not needed),
    )


def _given(given: Given, now: datetime) -> Given:
    if given.revoked_at is None or given.revoked_at <= now:
        return given
    return replace(given, revoked_at=None, revoked_by="")


def _tab(known: TabMemory, now: datetime) -> TabMemory:
    def before(at: datetime | None) -> datetime | None:
        return at if at is not None and at <= now else None

    last = before(known.last_good)
    return TabMemory(
        first_good=before(known.first_good),
        last_good=last,
        sheet=known.sheet if last is not None else None,
        unreadable_since=before(known.unreadable_since),
    )
