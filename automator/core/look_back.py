"""The memory as it was: reading commands ignore what was seen after their `now`."""

from dataclasses import replace
from datetime import datetime

from automator.core.given import Given
from automator.core.memory import Memory, Sighting, TabMemory


def as_of(memory: Memory, now: datetime) -> Memory:
    """Return the memory without what was seen, told or judged after `now`.

    Rows of a tab whose last good read came later are not kept: that read was another one.
    """
    if memory.last_run is None or memory.last_run <= now:
        return memory
    return replace(
        memory,
        started=memory.started if memory.started and memory.started <= now else None,
        last_run=None,
        looking_back=True,
        sightings=tuple(_sighting(s, now) for s in memory.sightings if s.first_seen <= now),
        tabs={k: _tab(t, now) for k, t in memory.tabs.items()},
        told={k: t for k, t in memory.told.items() if t.at <= now},
        episodes={k: e for k, e in memory.episodes.items() if e.opened <= now},
        judged={k: j for k, j in memory.judged.items() if j.since <= now},
        alerts={k: e for k, e in memory.alerts.items() if e.opened <= now},
        drafts=tuple(d for d in memory.drafts if d.since <= now),
        given=tuple(_given(g, now) for g in memory.given if g.given_at <= now),
    )


def _sighting(sighting: Sighting, now: datetime) -> Sighting:
    gone = sighting.gone_since if sighting.gone_since and sighting.gone_since <= now else None
    edited = sighting.edited_at if sighting.edited_at and sighting.edited_at <= now else None
    seen = sighting.observed if sighting.observed and sighting.observed <= now else None
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
        unseen_until=sighting.unseen_until if seen else None,
        claims=sighting.claims if seen else (),
        edited_at=edited,
        gone_since=gone,
        gone_settled=sighting.gone_settled and gone is not None,
        urgent_since=urgent,
        state_at_first=sighting.state_at_first if urgent else None,  # noted by the same read
        level_blank_since=blank if blank and blank <= now else None,
    )


def _given(given: Given, now: datetime) -> Given:
    if given.revoked_at is None or given.revoked_at <= now:
        return given
    return replace(given, revoked_at=None, revoked_by="")


def _tab(tab: TabMemory, now: datetime) -> TabMemory:
    def before(at: datetime | None) -> datetime | None:
        return at if at is not None and at <= now else None

    last = before(tab.last_good)
    return TabMemory(
        first_good=before(tab.first_good),
        last_good=last,
        sheet=tab.sheet if last is not None else None,
        unreadable_since=before(tab.unreadable_since),
    )
