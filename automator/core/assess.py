"""From located rows to findings: parse, recognise, judge, in order. The middle of the turn."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from automator.core.bounces import problems as bounced
from automator.core.by_hand import unknown_scopes, with_given
from automator.core.calendar import Calendar
from automator.core.case import Court, Files
from automator.core.decisions import Decisions, decisions, too_early
from automator.core.directive import Directive, Policy
from automator.core.episodes import episodes
from automator.core.evidence import evidence
from automator.core.expected import instances
from automator.core.finding import Finding, Instance
from automator.core.incidents import Incident, Incidents, follow, note_first_state
from automator.core.judge import judge
from automator.core.locate import Location
from automator.core.look_back import known_then
from automator.core.memory import Episode, Memory
from automator.core.parse import parse
from automator.core.problem import Problem
from automator.core.receipts import Receipts, bind, receipts
from automator.core.register import Register, Row
from automator.core.shared import problems as shared
from automator.core.sightings import Recognised, ghost, recognise

NOTHING_DECIDED = Decisions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the office decided, beside the workbook: all that judging and telling obey.

    `templates`: the fingerprint of the mails' templates, "" if unknown. A mail that the server
    refused for good may go again once they have changed.
    """

    directive: Directive
    policy: Policy
    calendar: Calendar
    given: Decisions = NOTHING_DECIDED
    asked: frozenset[str] = frozenset()  # instances to be told now, and nothing else
    templates: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What one set of rows means at `now`."""

    register: Register
    recognised: Recognised
    incidents: Incidents
    receipts: Receipts
    decisions: Decisions
    files: Files  # what each finding was judged on
    instances: tuple[Instance, ...]
    findings: tuple[Finding, ...]
    episodes: Mapping[str, Episode]
    problems: tuple[Problem, ...]


def assess(
    memory: Memory,
    location: Location,
    rules: Rules,
    now: datetime,
    *,
    settle: timedelta | None = None,
    register: Register | None = None,
) -> Assessment:
    """Return the findings of what was located, with what is known of its rows over time.

    `settle`: how long a row must be missed until it counts as gone, if not as the policy says.
    `register`: the location parsed, where that has been done already.
    """
    directive, calendar, zone = rules.directive, rules.calendar, rules.calendar.zone
    if register is None:
        register = parse(location, directive, zone, now)
    gone_after = rules.policy.settle if settle is None else settle
    recognised = recognise(memory, register, gone_after, now, location.restored)
    if memory.looking_back:
        register = known_then(register, recognised, memory, zone)
    levels = next((o.event_levels for o in directive.hard if o.within is not None), (1, 2))
    incidents = follow(memory, register, recognised, rules.policy.settle, levels, zone, now)
    noted = receipts(register, incidents.recognised, directive, incidents, zone, now)
    incidents = replace(incidents, recognised=bind(incidents.recognised, noted.bound))
    incidents = note_first_state(incidents, _acknowledged(incidents.by_code, noted, now))
    gone = _just_gone(recognised, zone)
    given = with_given(rules.given, memory.given)
    decided, faults = decisions(
        register, gone, directive, given, memory.released, rules.policy.share
    )
    faults += unknown_scopes(given, register.schools, directive)
    owed = instances(
        directive,
        register.schools,
        incidents.by_code.values(),
        decided.extensions,
        calendar,
        now,
    )
    faults += too_early(decided.extensions, owed, zone)
    faults += bounced(register, memory.bounces, now)
    faults += shared(register, directive, now.astimezone(zone).date())
    shown = evidence(register, incidents.recognised, directive, incidents.by_code, zone)
    court = Court(
        directive=directive,
        policy=rules.policy,
        calendar=calendar,
        never_read=_never_read(memory, register),
        now=now,
    )
    files = Files.of(shown, noted, decided.waivers, court)
    findings = judge(owed, files)
    return Assessment(
        register=register,
        recognised=incidents.recognised,
        incidents=incidents,
        receipts=noted,
        decisions=decided,
        files=files,
        instances=tuple(owed),
        findings=findings,
        episodes=episodes(memory.episodes, memory.judged, findings, memory.told, now),
        problems=(*register.problems, *incidents.problems, *noted.problems, *faults),
    )


def _just_gone(recognised: Recognised, zone: ZoneInfo) -> list[Row]:
    """Return the decisions that one read alone has missed, or found half-edited."""
    gone = (
        ghost(s, zone)
        for s in recognised.sightings
        if s.tab in ("waivers", "extensions") and s.lost_since is not None and not s.lost
    )
    return [row for row in gone if row.valid]


def _acknowledged(
    incidents: Mapping[str, Incident], noted: Receipts, now: datetime
) -> frozenset[str]:
    return frozenset(
        code
        for code, i in incidents.items()
        if noted.acknowledged(f"{i.school}/urgent-report/{code}", now)
    )


def _never_read(memory: Memory, register: Register) -> frozenset[str]:
    """Tabs that are unreadable now and always were; of the past, those first read later too."""
    seen = {k for k, t in memory.tabs.items() if t.first_good is not None}
    if memory.looking_back:
        return (register.unreadable | register.read) - seen
    return register.unreadable - seen - register.read
