"""One turn, pure: memory and a snapshot go in, what must be told and remembered comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from automator.core import alerts as alerting
from automator.core.alerts import Alert
from automator.core.assess import Assessment, Rules, assess
from automator.core.breaker import Suspicion, burst, doubtful, shrunk
from automator.core.calendar import unknown_years
from automator.core.canon import without_free_text
from automator.core.deadline import close_at
from automator.core.episodes import judgements
from automator.core.finding import Finding, Status
from automator.core.ladder import rungs
from automator.core.layout import INPUT_TABS
from automator.core.lines import Speech
from automator.core.locate import OPTIONAL_TABS, Location, locate, locate_columns
from automator.core.memory import Memory, Sighting, TabMemory, TellKey
from automator.core.people import People, people
from automator.core.plan import Plan, going, plan
from automator.core.problem import Problem
from automator.core.rates import Rate, rates
from automator.core.snapshot import Snapshot
from automator.core.steps import Candidate, Desk, Tellings, candidates
from automator.core.withheld import Scene, Withheld, withheld


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


def turn(memory: Memory, snapshot: Snapshot, rules: Rules, now: datetime) -> Outcome:
    """Return what the snapshot means at `now` (aware) and what must be told.

    Pure: the same arguments give the same outcome, byte for byte.
    """
    location = locate(snapshot)
    stale = frozenset(
        k for k in location.unreadable if memory.tabs.get(k, TabMemory()).sheet is not None
    )
    not_asked = _not_asked(snapshot)
    believed = _with_stored(location, memory, stale | not_asked)
    fresh = assess(memory, believed, rules, now, date_1904=snapshot.date_1904)
    missing = location.unreadable - (OPTIONAL_TABS - stale)
    doubt = _doubtful(memory, fresh, rules, now)
    scene = _scene(memory, fresh, rules, now, stale | missing, not_asked, doubt, None, ())
    steps = candidates(fresh.findings, scene.desk)
    suspicions = _suspicions(memory, location, fresh, steps, scene, rules, now)
    if suspicions:
        suspicious = frozenset(s.tab for s in suspicions)
        both = frozenset(c.key for c in going(steps, scene))
        believed = _with_stored(location, memory, stale | not_asked | suspicious)
        fresh = assess(memory, believed, rules, now, date_1904=snapshot.date_1904)
        scene = _scene(
            memory, fresh, rules, now, stale | missing, not_asked, doubt, both, suspicions
        )
        steps = candidates(fresh.findings, scene.desk)
    return _outcome(memory, location, fresh, scene, steps, suspicions, rules, now)


def _with_stored(location: Location, memory: Memory, tabs: frozenset[str]) -> Location:
    """Return the location with the last good rows of `tabs` in place of the new ones."""
    found = dict(location.found)
    for tab in INPUT_TABS:
        stored = memory.tabs.get(tab.key, TabMemory()).sheet if tab.key in tabs else None
        if stored is not None:
            located, _ = locate_columns(tab, stored)
            if located is not None:
                found[tab.key] = located
    return replace(location, found=found)


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


def _scene(
    memory: Memory,
    fresh: Assessment,
    rules: Rules,
    now: datetime,
    stale: frozenset[str],
    not_asked: frozenset[str],
    doubt: frozenset[str],
    both: frozenset[TellKey] | None,
    suspicions: Sequence[Suspicion],
) -> Scene:
    there = _people(fresh, rules, now)
    desk = Desk(
        directive=rules.directive,
        policy=rules.policy,
        calendar=rules.calendar,
        office=there.office,
        episodes=fresh.episodes,
        tellings=Tellings.of(memory.told),
        now=now,
    )
    return Scene(
        desk=desk,
        memory=memory,
        schools=fresh.register.schools,
        recipients=there.recipients(),
        not_asked=not_asked,
        stale=stale,
        doubtful=doubt,
        both_plans=both,
        suspicious=frozenset(s.tab for s in suspicions),
        failed=_undeliverable(memory),
        secret=_secret(fresh),
        chasing_closed=_closings(fresh, rules),
    )


def _undeliverable(memory: Memory) -> frozenset[TellKey]:
    """Steps of messages that the server refused for good (a broken template is tried anew)."""
    return frozenset(
        key
        for draft in memory.drafts
        if draft.state == "failed" and not draft.detail.startswith("template")
        for key in draft.keys
    )


def _secret(fresh: Assessment) -> frozenset[str]:
    marked = {
        (row.tab, row.number) for rows in fresh.register.rows.values() for row in rows if row.secret
    }
    if not marked:
        return frozenset()
    places = {f"{fresh.register.titles.get(t, t)}!A{n}" for t, n in marked}
    keys = {f.key for f in fresh.findings if places & set(f.rows)}
    keys |= {
        f"{i.school}/urgent-report/{code}"
        for code, i in fresh.incidents.by_code.items()
        if i.row is not None and (i.row.tab, i.row.number) in marked
    }
    return frozenset(keys)


def _closings(fresh: Assessment, rules: Rules) -> Mapping[str, datetime]:
    """Return from when each recurring instance is chased no more: by default the next due."""
    dues: dict[str, list[datetime]] = {}
    for instance in fresh.instances:
        if instance.period is not None:
            dues.setdefault(instance.obligation, []).append(instance.original_due)
    ordered = {k: sorted(set(v)) for k, v in dues.items()}
    found: dict[str, datetime] = {}
    for instance in fresh.instances:
        obligation = rules.directive.obligation(instance.obligation)
        if obligation is None or (obligation.every is None and obligation.close_after is None):
            continue
        later = (d for d in ordered.get(instance.obligation, ()) if d > instance.due_before)
        closing = close_at(obligation, instance.due_before, next(later, None), rules.calendar)
        if closing is not None:
            found[instance.full_key] = closing
    return found


def _people(fresh: Assessment, rules: Rules, now: datetime) -> People:
    day = now.astimezone(rules.calendar.zone).date()
    return people(rules.directive, fresh.register.schools, day)


def _suspicions(
    memory: Memory,
    location: Location,
    fresh: Assessment,
    steps: Sequence[Candidate],
    scene: Scene,
    rules: Rules,
    now: datetime,
) -> tuple[Suspicion, ...]:
    """Compare the plan of these rows with the plan of the last good rows, same `now`."""
    stored = frozenset(k for k, t in memory.tabs.items() if t.sheet is not None)
    comparable = stored & frozenset(location.found)
    changed = {
        k
        for k in comparable
        if memory.tabs[k].sheet != without_free_text(location.found[k])
        and f"breaker/{k}" not in memory.released
    }
    if not changed:
        return ()
    old = assess(memory, _with_stored(location, memory, stored), rules, now)
    share = rules.policy.share
    found = shrunk(old.register, fresh.register, rules.directive, share)
    before = candidates(old.findings, _scene_of_old(scene, old).desk)
    found += burst(
        going(before, _scene_of_old(scene, old)),
        going(steps, scene),
        len(old.register.schools),
        share,
    )
    first: dict[str, Suspicion] = {}
    for suspicion in found:
        if suspicion.tab in changed:
            first.setdefault(suspicion.tab, suspicion)
    return tuple(first[k] for k in sorted(first))


def _scene_of_old(scene: Scene, old: Assessment) -> Scene:
    return replace(
        scene, schools=old.register.schools, desk=replace(scene.desk, episodes=old.episodes)
    )


def _outcome(
    memory: Memory,
    location: Location,
    fresh: Assessment,
    scene: Scene,
    steps: list[Candidate],
    suspicions: tuple[Suspicion, ...],
    rules: Rules,
    now: datetime,
) -> Outcome:
    there = _people(fresh, rules, now)
    speech = Speech(
        directive=rules.directive,
        calendar=rules.calendar,
        people=there,
        now=now,
        links=dict(fresh.register.links),
    )
    alerts = _alerts(memory, fresh, scene, steps, suspicions, rules, there)
    episodes = alerting.running(memory.alerts, alerts, now)
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
        suspicions=suspicions,
        candidates=tuple(steps),
    )


def _alerts(
    memory: Memory,
    fresh: Assessment,
    scene: Scene,
    steps: Sequence[Candidate],
    suspicions: Sequence[Suspicion],
    rules: Rules,
    there: People,
) -> list[Alert]:
    found = alerting.of_problems(fresh.problems) + alerting.of_suspicions(suspicions)
    found += alerting.of_lost_tabs(scene.stale & OPTIONAL_TABS)
    found += [_doubt(k) for k in sorted(scene.doubtful)]
    found += [
        Alert(code="no_address", subject=s.code, line=there.unit_name(s.code))
        for s in there.schools_of(None)
        if not s.emails
    ]
    found += [
        Alert(code="no_address", subject=u, line=there.unit_name(u))
        for u in (*there.communes, *there.police)
        if not there.units[u].emails
    ]
    found += _decided(fresh, rules, there)
    if scene.desk.policy.backfill == "ask":
        old = {c.finding.key for c in steps if withheld(c, scene) is Withheld.OLD_DUTY}
        found += [
            Alert(code="old_duty", subject=key, line=_old_line(key, rules, there))
            for key in sorted(old)
        ]
    found += [
        Alert(code="failed", subject=draft.id, line=f"{there.addressee(draft.unit, draft.role)}")
        for draft in memory.drafts
        if draft.state == "failed"
    ]
    years = {scene.now.year, *(i.due_before.year for i in fresh.instances)}
    found += [
        Alert(code="calendar", subject=str(year), line=f"Năm {year}")
        for year in unknown_years(rules.calendar, sorted(years))
    ]
    if not memory.armed:
        found += [_first_run(c, there) for c in steps if _only_first_run(c, scene)]
    return found


def _only_first_run(candidate: Candidate, scene: Scene) -> bool:
    return withheld(candidate, scene) is Withheld.FIRST_RUN


def _first_run(candidate: Candidate, there: People) -> Alert:
    key = candidate.key
    line = f"{there.addressee(key.unit, key.role)}: {candidate.obligation.title} ({key.step})"
    return Alert(code="first_run", subject=f"{key.unit}/{key.instance}/{key.step}", line=line)


def _doubt(tab_key: str) -> Alert:
    from automator.core.layout import tab

    title = tab(tab_key).title
    return Alert(code="doubtful", subject=tab_key, line=f"Tab {title}: không có dòng nào hợp lệ")


def _old_line(key: str, rules: Rules, there: People) -> str:
    school, _, instance = key.partition("/")
    obligation = rules.directive.obligation(instance.split("/")[0])
    return f"{there.unit_name(school)}: {obligation.title if obligation else instance}"


def _decided(fresh: Assessment, rules: Rules, there: People) -> list[Alert]:
    """Waivers and extensions from a tab are in the operator's next mail."""
    from automator.core.words import day_words

    found: list[Alert] = []
    for waiver in fresh.decisions.waivers:
        if not waiver.source:
            continue
        title = _title(waiver.obligation, rules)
        subject = f"{waiver.school}/{waiver.obligation}/{waiver.period or ''}"
        line = f"{there.unit_name(waiver.school)}: {title}"
        found.append(Alert(code="waiver", subject=subject, line=line))
    for extension in fresh.decisions.extensions:
        if not extension.source:
            continue
        kind, _, name = extension.scope.partition(":")
        scope = there.unit_name(name) if name else ("Tất cả các trường" if kind == "*" else kind)
        day = day_words(extension.last_day)
        line = f"{scope}: {_title(extension.obligation, rules)}, hạn mới {day}"
        subject = f"{extension.scope}/{extension.obligation}/{extension.period or ''}/{day}"
        found.append(Alert(code="extension", subject=subject, line=line))
    return list({a.instance: a for a in found}.values())


def _title(key: str, rules: Rules) -> str:
    obligation = rules.directive.obligation(key)
    return obligation.title if obligation else key


def _remember(
    memory: Memory, location: Location, fresh: Assessment, scene: Scene, now: datetime
) -> Memory:
    """Return the memory after this read. What is not believed changes nothing of a tab."""
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
    return replace(
        memory,
        started=memory.started or now,
        last_run=now,
        sightings=_sightings(memory, fresh, kept_out | location.unreadable),
        next_sighting=fresh.recognised.next_id,
        tabs=tabs,
        episodes=fresh.episodes,
        judged={**memory.judged, **judgements(memory.judged, _known(fresh), now)},
        incident_serial=fresh.incidents.serial,
        released=memory.released - used,
    )


def _known(fresh: Assessment) -> tuple[Finding, ...]:
    return tuple(f for f in fresh.findings if f.status is not Status.UNKNOWN)


def _sightings(memory: Memory, fresh: Assessment, kept_out: frozenset[str]) -> tuple[Sighting, ...]:
    old = tuple(s for s in memory.sightings if s.tab in kept_out)
    new = tuple(s for s in fresh.recognised.sightings if s.tab not in kept_out)
    return tuple(sorted((*old, *new), key=lambda s: s.id))
