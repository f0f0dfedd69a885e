"""One turn, pure: memory and a snapshot go in, what must be told and remembered comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from automator.core import alerts as alerting
from automator.core.alerts import Alert
from automator.core.asked import hastened
from automator.core.assess import Assessment, Rules, assess
from automator.core.breaker import Suspicion, doubtful
from automator.core.canon import without_free_text
from automator.core.conditions import conditions
from automator.core.doubt import groups, untold, waiting, wanted
from automator.core.endings import endings
from automator.core.episodes import judgements
from automator.core.finding import Finding, Status
from automator.core.ladder import rungs
from automator.core.layout import INPUT_TABS, SCHOOLS
from automator.core.lines import Speech
from automator.core.locate import OPTIONAL_TABS, Location, locate
from automator.core.memory import Contact, Memory, Sighting, TabMemory
from automator.core.pinned import pin
from automator.core.plan import Plan, going, plan
from automator.core.problem import Problem
from automator.core.rates import Rate, rates
from automator.core.scenes import people_of, scene_of
from automator.core.snapshot import Snapshot
from automator.core.steps import Candidate, candidates
from automator.core.suspicions import suspicions, with_stored
from automator.core.unknown import RELEASE, another_roster, unknown
from automator.core.urgent_mails import urgent_held
from automator.core.withheld import ANOTHER, Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All that one turn decided. `assessment` holds the rows that stand behind it."""

    memory: Memory
    assessment: Assessment
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    rates: tuple[Rate, ...]
    plan: Plan
    scene: Scene
    speech: Speech
    suspicions: tuple[Suspicion, ...]
    candidates: tuple[Candidate, ...]


def turn(
    memory: Memory,
    snapshot: Snapshot,
    rules: Rules,
    now: datetime,
    unrendered: Sequence[Alert] = (),
) -> Outcome:
    """Return what the snapshot means at `now` (aware) and what must be told.

    Pure: the same arguments give the same outcome, byte for byte. `unrendered`: mails of this
    very plan that could not be rendered, for the operator to hear of in the same run.
    """
    again, waits = frozenset[str](), frozenset[str]()
    for group in groups(memory):
        as_if = _turn(untold(memory, group), snapshot, rules, now, unrendered)
        again |= wanted(group, as_if.plan, as_if.scene)
        waits |= waiting(group, as_if.plan, as_if.scene)
    return _turn(memory, snapshot, rules, now, unrendered, again, waits - again)


def _turn(
    memory: Memory,
    snapshot: Snapshot,
    rules: Rules,
    now: datetime,
    unrendered: Sequence[Alert],
    again: frozenset[str] = frozenset(),
    waits: frozenset[str] = frozenset(),
) -> Outcome:
    now = now.astimezone(rules.calendar.zone)  # days of `now` are local days
    location = locate(snapshot)
    stale = frozenset(
        k for k in location.unreadable if memory.tabs.get(k, TabMemory()).sheet is not None
    )
    not_asked = _not_asked(snapshot)
    believed = with_stored(location, memory, stale | not_asked)
    fresh = assess(memory, believed, rules, now)
    missing = location.unreadable - (OPTIONAL_TABS - stale)
    doubt = _doubtful(memory, fresh, rules, now)
    scene = scene_of(memory, fresh, rules, now, stale | missing, not_asked, doubt, None, ())
    steps = hastened(candidates(fresh.findings, scene.desk), scene.desk)
    strange = unknown(memory, location)
    suspects: tuple[Suspicion, ...] = ()
    if another_roster(memory, location) is None:  # of another workbook everything is new
        suspects = suspicions(memory, location, believed, fresh, scene, rules, now)
    if suspects:
        suspicious = frozenset(s.tab for s in suspects)
        both = frozenset(c.key for c in going(steps, scene))
        believed = with_stored(location, memory, stale | not_asked | suspicious)
        fresh = assess(memory, believed, rules, now)
        scene = scene_of(
            memory, fresh, rules, now, stale | missing, not_asked, doubt, both, suspects
        )
        steps = hastened(candidates(fresh.findings, scene.desk), scene.desk)
    if rules.asked:  # only now: the breaker looks at the whole plan
        scene = replace(scene, only=rules.asked)
    alerts = (*endings(memory, believed, fresh, scene, rules), *unrendered)
    scene = replace(scene, again=again, waits=waits)
    if strange is not None:
        scene = replace(scene, unknown=strange.why)
        alerts = (*alerts, strange.alert)
    return _outcome(memory, location, fresh, scene, steps, suspects, rules, now, alerts)


def _not_asked(snapshot: Snapshot) -> frozenset[str]:
    if snapshot.asked is None:
        return frozenset()
    return frozenset(t.key for t in INPUT_TABS) - snapshot.asked


def _doubtful(memory: Memory, fresh: Assessment, rules: Rules, now: datetime) -> frozenset[str]:
    """Tabs of a first read that the operator must release before they give any step."""
    first = frozenset(
        k
        for k in fresh.register.read
        if memory.tabs.get(k, TabMemory()).first_good is None
        and f"doubtful/{k}" not in memory.released
    )
    begun: dict[str, bool] = {}
    for instance in fresh.instances:
        obligation = rules.directive.obligation(instance.obligation)
        if obligation is None or begun.get(obligation.id):
            continue
        steps = rungs(obligation.ladder, instance.due_before, rules.calendar)
        begun[obligation.id] = any(s.action == "chase" and s.up_at <= now for s in steps)
    return doubtful(fresh.register, first, begun, rules.directive.hard)


def _outcome(
    memory: Memory,
    location: Location,
    fresh: Assessment,
    scene: Scene,
    steps: list[Candidate],
    suspects: tuple[Suspicion, ...],
    rules: Rules,
    now: datetime,
    more: Sequence[Alert],
) -> Outcome:
    there = people_of(fresh, rules, now)
    speech = Speech(
        directive=rules.directive,
        calendar=rules.calendar,
        people=there,
        now=now,
        links=dict(fresh.register.links),
    )
    alerts = conditions(memory, fresh, scene, steps, suspects, rules, there) + list(more)
    whole = scene.whole
    if scene.unknown == ANOTHER:  # what is wrong in another workbook is no condition of this one
        whole, alerts = False, [a for a in alerts if a.code in alerting.IN_ANY_RUN]
    episodes = alerting.running(memory.alerts, alerts, now, whole=whole)
    made = plan(steps, scene, fresh, speech, alerts, episodes)
    found = alerting.of_faults(made.faults) + urgent_held(made.silences, there)
    if found:  # the operator hears of them in the same run
        alerts += found
        episodes = alerting.running(memory.alerts, alerts, now, whole=whole)
        made = plan(steps, scene, fresh, speech, alerts, episodes)
    new = _remember(memory, location, fresh, scene, now)
    return Outcome(
        memory=replace(new, alerts=episodes),
        assessment=fresh,
        findings=fresh.findings,
        problems=fresh.problems,
        rates=rates(
            fresh.findings,
            there.communes,
            there.office,
            {o.id: o.every is not None for o in rules.directive.hard},
            now,
        ),
        plan=made,
        scene=scene,
        speech=speech,
        suspicions=suspects,
        candidates=tuple(steps),
    )


def _remember(
    memory: Memory, location: Location, fresh: Assessment, scene: Scene, now: datetime
) -> Memory:
    """Return the memory after this read. What is not believed changes nothing of a tab.

    Rows under another roster change nothing at all before the operator lets them.
    """
    if scene.unknown == ANOTHER:
        return replace(memory, last_run=now)
    kept_out = scene.suspicious | scene.doubtful
    tabs = dict(memory.tabs)
    for key, located in location.found.items():
        if key in kept_out:
            continue
        old = memory.tabs.get(key, TabMemory())
        tabs[key] = TabMemory(
            first_good=old.first_good or now, last_good=now, sheet=without_free_text(located)
        )
    for key in location.unreadable:
        old = memory.tabs.get(key, TabMemory())
        tabs[key] = replace(old, unreadable_since=old.unreadable_since or now)
    used = {f"breaker/{k}" for k in location.found} | {f"doubtful/{k}" for k in location.found}
    used |= {RELEASE} if SCHOOLS.key in location.found else set()
    return replace(
        memory,
        started=memory.started or now,
        last_run=now,
        sightings=_sightings(memory, fresh, kept_out | location.unreadable | scene.not_asked),
        next_sighting=fresh.recognised.next_id,
        tabs=tabs,
        episodes=fresh.episodes,
        judged={**memory.judged, **judgements(memory.judged, _known(fresh), now)},
        incident_serial=fresh.incidents.serial,
        released=memory.released - used,
        contacts=_contacts(memory, location, fresh, kept_out, now),
    )


def _contacts(
    memory: Memory, location: Location, fresh: Assessment, kept_out: frozenset[str], now: datetime
) -> Mapping[str, Contact]:
    """Pin the addresses of schools that a believed read of the roster shows for the first time."""
    if SCHOOLS.key not in location.found or SCHOOLS.key in kept_out:
        return memory.contacts
    return pin(memory.contacts, fresh.register.schools, now.date(), now)


def _known(fresh: Assessment) -> tuple[Finding, ...]:
    return tuple(f for f in fresh.findings if f.status is not Status.UNKNOWN)


def _sightings(memory: Memory, fresh: Assessment, kept_out: frozenset[str]) -> tuple[Sighting, ...]:
    old = tuple(s for s in memory.sightings if s.tab in kept_out)
    new = tuple(s for s in fresh.recognised.sightings if s.tab not in kept_out)
    return tuple(sorted((*old, *new), key=lambda s: s.id))
