"""Candidates: the steps of each finding that someone may have to be told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from automator.core.bounces import anew
from automator.core.calendar import Calendar, start_of_day
from automator.core.deadline import day_zero, grace_until
from automator.core.directive import Directive, Ladder, Obligation, Policy
from automator.core.finding import Finding, Status
from automator.core.ladder import Rung, rungs
from automator.core.memory import Episode, TellKey, Told
from automator.core.register import School
from automator.core.streaks import streaks

REOPENED = ("returned", "withdrawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One step that may be told to one unit in one role.

    `action`: remind, chase, escalate, received, changed, reopened or urgent. `up_at`: the
    instant from which it is up. `newest`: no later rung of the same ladder is up.
    `by_hour`: an hour step, which waits for no time of the day.
    """

    key: TellKey
    action: str
    up_at: datetime
    finding: Finding
    obligation: Obligation
    newest: bool = True
    by_hour: bool = False
    streak: tuple[str, ...] = ()  # labels of the missing periods up to this one
    asked: bool = False  # the operator asks for it ahead of its day
    again: bool = False  # it was told, and the mail came back


@dataclass(frozen=True, slots=True, kw_only=True)
class Tellings:
    """What has been told, by instance, for quick questions; `returned` is what came back."""

    of_instance: Mapping[str, tuple[tuple[TellKey, Told], ...]]
    returned: frozenset[TellKey] = frozenset()

    @classmethod
    def of(
        cls, told: Mapping[TellKey, Told], returned: frozenset[TellKey] = frozenset()
    ) -> "Tellings":
        """Index what was told."""
        found: dict[str, list[tuple[TellKey, Told]]] = {}
        for key, value in told.items():
            found.setdefault(key.instance, []).append((key, value))
        of_instance = {k: tuple(sorted(v)) for k, v in found.items()}
        return cls(of_instance=of_instance, returned=returned)

    def chases(self, instance: str, episode: int, before: datetime) -> tuple[datetime, ...]:
        """Return when chases of that episode were sent, earlier than `before`, not bounced.

        What was sent at this very instant belongs to this run: a second run at the same
        `now` must decide as the first did.
        """
        return tuple(
            sorted(
                told.at
                for key, told in self.of_instance.get(instance, ())
                if key.episode == episode
                and key.step.startswith("chase-")
                and told.at < before
                and not told.bounced
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What telling depends on beside a finding."""

    directive: Directive
    policy: Policy
    calendar: Calendar
    office: str
    episodes: Mapping[str, Episode]
    tellings: Tellings
    now: datetime
    police: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()  # instances that the operator asks to be told now
    schools: Mapping[str, School] = field(default_factory=dict)

    def responsible(self, finding: Finding) -> str | None:
        """Return the local authority of the school today, else that of the finding's own time."""
        school = self.schools.get(finding.instance.school)
        today = self.now.astimezone(self.calendar.zone).date()
        return (school.commune_on(today) if school else None) or finding.instance.commune


def candidates(findings: Iterable[Finding], desk: Desk) -> list[Candidate]:
    """Return every step of every open finding that is up, and the next one that is not yet."""
    obligations = {o.id: o for o in desk.directive.obligations}
    found: list[Candidate] = []
    findings = tuple(findings)
    runs = streaks(findings)
    for finding in findings:
        obligation = obligations[finding.instance.obligation]
        episode = desk.episodes[finding.key]
        if finding.status in (Status.ON_TIME, Status.LATE):
            found += _received(finding, obligation, episode, desk)
        else:
            found += _ladder(finding, obligation, episode, runs.get(finding.key, ()), desk)
            found += _reopened(finding, obligation, episode)
            found += _changed(finding, obligation, episode, desk)
    return _anew(found, desk)


def _anew(found: list[Candidate], desk: Desk) -> list[Candidate]:
    """Return the candidates; those whose mail came back are to be told under another name."""
    returned = desk.tellings.returned
    return [
        replace(c, key=anew(c.key, returned), again=True) if c.key in returned else c for c in found
    ]


def _ladder(
    finding: Finding,
    obligation: Obligation,
    episode: Episode,
    streak: tuple[str, ...],
    desk: Desk,
) -> list[Candidate]:
    steps = [s for s in _rungs(finding, obligation, desk) if _fits(s, finding, desk)]
    steps = _after_grace(steps, finding, obligation, episode, desk)
    if finding.status is Status.UPCOMING and finding.key not in desk.asked:
        return []
    found: list[Candidate] = []
    for escalates in (False, True):
        line = [s for s in steps if (s.action == "escalate") is escalates]
        up = [s for s in line if s.up_at <= desk.now]
        later = [s for s in line if s.up_at > desk.now]
        whom = (
            _escalated_to(finding, obligation, streak, desk)
            if escalates
            else [(finding.instance.school, "principal")]
        )
        found += [
            Candidate(
                key=_key(unit, role, finding, episode, step.step),
                action=step.action,
                up_at=step.up_at,
                finding=finding,
                obligation=obligation,
                newest=step is up[-1] if up and step.up_at <= desk.now else True,
                by_hour=step.by_hour,
                streak=streak,
            )
            for step in (*up, *later[:1])
            for unit, role in whom
        ]
    return found


def _escalated_to(
    finding: Finding, obligation: Obligation, streak: tuple[str, ...], desk: Desk
) -> list[tuple[str, str]]:
    """Return who hears of it: the leader, or whom a streak of that length is told to."""
    leader = [(desk.office, "leader")]
    if not obligation.escalate_streak or not streak:
        return leader
    reached = [n for n in obligation.escalate_streak if n <= len(streak)]
    role = obligation.escalate_streak[max(reached)] if reached else ""
    commune = desk.responsible(finding)
    units = {
        "leader": leader,
        "office": [(desk.office, "office")],
        "commune": [(commune, "commune")] if commune else leader,
        "police": [(unit, "police") for unit in desk.police] or leader,
    }
    return units.get(role, [])


def _rungs(finding: Finding, obligation: Obligation, desk: Desk) -> tuple[Rung, ...]:
    if finding.due_again is not None:
        ladder: Ladder = obligation.reopen or desk.policy.reopen
        return rungs(ladder, finding.due_again, desk.calendar)
    return rungs(obligation.ladder, finding.instance.due_before, desk.calendar)


def _fits(step: Rung, finding: Finding, desk: Desk) -> bool:
    """A reminder speaks of a deadline ahead; a chase or escalation of one that has passed."""
    due = finding.instance.due_before
    if finding.due_again is not None and finding.due_again > due:
        # people are given the last good day of a supplement whole; a deadline keeps its hour
        zone = desk.calendar.zone
        due = start_of_day(day_zero(finding.due_again, zone), zone)
    return (step.action == "remind") is (desk.now < due) or step.up_at > desk.now


def _after_grace(
    steps: list[Rung], finding: Finding, obligation: Obligation, episode: Episode, desk: Desk
) -> list[Rung]:
    """Return the steps; what escalates comes up no sooner than tolerance ends."""
    if obligation.grace is None or finding.status is not Status.MISSING:
        return steps
    end = grace_until(obligation, episode.due_before, desk.calendar)
    return [replace(s, up_at=max(s.up_at, end)) if s.action == "escalate" else s for s in steps]


def _key(unit: str, role: str, finding: Finding, episode: Episode, step: str) -> TellKey:
    return TellKey(unit=unit, role=role, instance=finding.key, episode=episode.ordinal, step=step)


def _principal(
    finding: Finding, obligation: Obligation, episode: Episode, step: str, up_at: datetime
) -> Candidate:
    return Candidate(
        key=_key(finding.instance.school, "principal", finding, episode, step),
        action=step,
        up_at=up_at,
        finding=finding,
        obligation=obligation,
    )


def _received(
    finding: Finding, obligation: Obligation, episode: Episode, desk: Desk
) -> list[Candidate]:
    """Thanks are told only where a chase of this episode was."""
    chased = desk.tellings.chases(finding.key, episode.ordinal, desk.now)
    return [_principal(finding, obligation, episode, "received", chased[0])] if chased else []


def _reopened(finding: Finding, obligation: Obligation, episode: Episode) -> list[Candidate]:
    if episode.cause not in REOPENED or finding.status is Status.EXEMPT:
        return []
    return [_principal(finding, obligation, episode, "reopened", episode.opened)]


def _changed(
    finding: Finding, obligation: Obligation, episode: Episode, desk: Desk
) -> list[Candidate]:
    """Each unit that had been told an earlier deadline hears the new one, once.

    Not only that of the last episode: a change that could not be told may change again. A
    commune that the school has left hears no more of it.
    """
    if episode.cause != "deadline" or finding.status is Status.EXEMPT:
        return []
    told = {
        (key.unit, key.role)
        for key, _ in desk.tellings.of_instance.get(finding.key, ())
        if key.episode < episode.ordinal
    }
    return [
        Candidate(
            key=_key(unit, role, finding, episode, "changed"),
            action="changed",
            up_at=episode.opened,
            finding=finding,
            obligation=obligation,
        )
        for unit, role in sorted(told)
        if role != "commune" or unit == desk.responsible(finding)
    ]
