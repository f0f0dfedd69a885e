"""One turn, stage by stage, through the core's own functions in the order of `assess` and `turn`.

Every stage is timed in seconds of processor time, because the machine may be shared. The
collector of cycles is paused as the worker pauses it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import process_time
from typing import ParamSpec, TypeVar

from automator.collector import collector_paused
from automator.core import alerts as alerting
from automator.core.assess import Assessment, Rules
from automator.core.case import Court, Files
from automator.core.conditions import conditions
from automator.core.decisions import decisions, too_early
from automator.core.episodes import episodes
from automator.core.evidence import evidence
from automator.core.expected import instances
from automator.core.finding import Finding
from automator.core.incidents import follow, note_first_state
from automator.core.judge import judge
from automator.core.lines import Speech
from automator.core.locate import locate
from automator.core.memory import Memory, Told
from automator.core.notice import MailKind
from automator.core.parse import parse
from automator.core.plan import plan
from automator.core.rates import rates
from automator.core.receipts import bind, receipts
from automator.core.scenes import people_of, scene_of
from automator.core.sightings import recognise
from automator.core.snapshot import Snapshot
from automator.core.steps import candidates
from automator.core.suspicions import suspicions
from automator.core.turn import Outcome

P = ParamSpec("P")
R = TypeVar("R")
NONE: frozenset[str] = frozenset()
STAGES = ("parse", "recognise", "judge", "plan")
"""What the issue names; `breaker` and `digest` are parts of telling, timed as well."""
JUDGING = ("incidents", "receipts", "decisions", "expected", "evidence", "verdicts")
"""The parts of the stage `judge`: from recognised rows to findings."""


@dataclass(slots=True)
class Watch:
    """Seconds of processor time by name."""

    seconds: dict[str, float] = field(default_factory=dict)

    def __call__(self, name: str, work: Callable[P, R], *args: P.args, **more: P.kwargs) -> R:
        start = process_time()
        result = work(*args, **more)
        self.seconds[name] = self.seconds.get(name, 0.0) + process_time() - start
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run of the stages took, and what it found."""

    seconds: Mapping[str, float]
    assessment: Assessment
    notices: int


def run(memory: Memory, snapshot: Snapshot, rules: Rules, now: datetime) -> Run:
    """Take one snapshot, all of whose tabs can be read, through every stage."""
    watch = Watch()
    with collector_paused():
        assessment, notices = _stages(watch, memory, snapshot, rules, now)
    seconds = watch.seconds
    seconds["judge"] = sum(seconds[part] for part in JUDGING)
    return Run(seconds=seconds, assessment=assessment, notices=notices)


def _stages(
    watch: Watch, memory: Memory, snapshot: Snapshot, rules: Rules, now: datetime
) -> tuple[Assessment, int]:
    location = watch("locate", locate, snapshot)
    fresh = _assess(watch, memory, snapshot, rules, now)
    scene = watch("scene", scene_of, memory, fresh, rules, now, NONE, NONE, NONE, None, ())
    steps = watch("steps", candidates, fresh.findings, scene.desk)
    watch("breaker", suspicions, memory, location, location, fresh, scene, rules, now)
    there = people_of(fresh, rules, now)
    speech = Speech(
        directive=rules.directive, calendar=rules.calendar, people=there, now=now, links={}
    )
    alerts = watch("alerts", conditions, memory, fresh, scene, steps, (), rules, there)
    running = alerting.running(memory.alerts, alerts, now)
    made = watch("plan", plan, steps, scene, fresh, speech, alerts, running)
    recurs = {o.id: o.every is not None for o in rules.directive.hard}
    watch("rates", rates, fresh.findings, there.communes, there.office, recurs, now)
    return fresh, len(made.notices)


def _assess(
    watch: Watch, memory: Memory, snapshot: Snapshot, rules: Rules, now: datetime
) -> Assessment:
    directive, calendar, policy = rules.directive, rules.calendar, rules.policy
    zone = calendar.zone
    register = watch("parse", parse, locate(snapshot), directive, zone, now)
    recognised = watch("recognise", recognise, memory, register, policy.settle, now)
    levels = next(o.event_levels for o in directive.hard if o.within is not None)
    incidents = watch(
        "incidents", follow, memory, register, recognised, policy.settle, levels, zone, now
    )
    noted = watch(
        "receipts", receipts, register, incidents.recognised, directive, incidents, zone, now
    )
    bound = watch("receipts", bind, incidents.recognised, noted.bound)
    incidents = replace(incidents, recognised=bound)
    acknowledged = frozenset(
        code
        for code, i in incidents.by_code.items()
        if noted.acknowledged(f"{i.school}/urgent-report/{code}", now)
    )
    incidents = watch("incidents", note_first_state, incidents, acknowledged)
    decided, faults = watch(
        "decisions",
        decisions,
        register,
        (),
        directive,
        rules.given,
        memory.released,
        policy.share,
    )
    owed = watch(
        "expected",
        instances,
        directive,
        register.schools,
        incidents.by_code.values(),
        decided.extensions,
        calendar,
        now,
    )
    watch("decisions", too_early, decided.extensions, owed, zone)
    by_code = incidents.by_code
    shown = watch("evidence", evidence, register, bound, directive, by_code, zone)
    court = Court(directive=directive, policy=policy, calendar=calendar, never_read=NONE, now=now)
    files = watch("verdicts", Files.of, shown, noted, decided.waivers, court)
    findings: tuple[Finding, ...] = watch("verdicts", judge, owed, files)
    told = memory.told
    began = watch("episodes", episodes, memory.episodes, memory.judged, findings, told, now)
    return Assessment(
        register=register,
        recognised=incidents.recognised,
        incidents=incidents,
        receipts=noted,
        decisions=decided,
        files=files,
        instances=tuple(owed),
        findings=findings,
        episodes=began,
        problems=(*register.problems, *incidents.problems, *noted.problems, *faults),
    )


def delivered(outcome: Outcome, now: datetime) -> Memory:
    """Return the memory after every notice that is not held was handed over at `now`."""
    memory = outcome.memory
    sent = [n for n in outcome.plan.notices if n.id not in outcome.plan.held]
    told = {k: Told(at=now, message=n.id) for n in sent for k in n.keys}
    digests = {(n.unit, n.role): n.weeks[-1] for n in sent if n.weeks}
    counted = {(n.unit, n.role): 1 for n in sent if n.kind is not MailKind.URGENT}
    return replace(
        memory,
        told={**memory.told, **told},
        digests={**memory.digests, **digests},
        sent_today=counted,
        sent_day=now.date().isoformat(),
    )
