"""What a decision by hand changes: which instances, from what to what, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from automator.core.by_hand import with_given
from automator.core.calendar import start_of_day
from automator.core.deadline import extended_due, last_day
from automator.core.decisions import Decisions, Waiver, moved_day, moved_days
from automator.core.expected import instances
from automator.core.finding import Finding, Instance, Status
from automator.core.given import Given
from automator.core.pauses import Pause
from automator.core.turn import Outcome
from automator.core.words import status_words, until_words
from automator.errors import ConfigError

HORIZON = timedelta(days=400)
"""How far ahead instances that have not begun are looked at: a year and a month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One instance that a decision touches: what stood, what stands then, in words."""

    instance: str
    school: str
    before: str
    after: str


def changes(given: Given, before: Outcome, after: Outcome, now: datetime) -> tuple[Change, ...]:
    """Return every instance that differs between two turns, one of them with the decision."""
    find = {"waive": _waived, "extend": _extended, "pause": _paused}[given.kind]
    return tuple(find(given, before, after, now))


def _change(key: str, before: str, after: str, outcome: Outcome) -> Change:
    name = outcome.speech.people.unit_name(key.partition("/")[0])
    return Change(instance=key, school=name, before=before, after=after)


def _extended(_given: Given, before: Outcome, after: Outcome, now: datetime) -> Iterator[Change]:
    old, new = ahead(before, now), ahead(after, now)
    zone = before.speech.calendar.zone
    for key, instance in old.items():
        moved = new[key].due_before
        if moved != instance.due_before:
            was = until_words(instance.due_before, zone)
            yield _change(key, was, until_words(moved, zone), before)


def ahead(outcome: Outcome, now: datetime) -> Mapping[str, Instance]:
    """Return the instances that have begun and those of the coming year, by full key."""
    fresh, speech = outcome.assessment, outcome.speech
    owed = instances(
        speech.directive,
        fresh.register.schools,
        fresh.incidents.by_code.values(),
        fresh.decisions.extensions,
        speech.calendar,
        now + HORIZON,
    )
    return {i.full_key: i for i in owed}


def _waived(given: Given, before: Outcome, after: Outcome, now: datetime) -> Iterator[Change]:
    stands = {f.key: f.status for f in before.findings}
    then = {f.key: f.status for f in after.findings}
    (waiver,) = with_given(Decisions(), [replace(given, revoked_at=None)]).waivers
    more = len(before.assessment.decisions.waivers) < len(after.assessment.decisions.waivers)
    for key, instance in ahead(before, now).items():
        old, new = stands.get(key), then.get(key)
        if old is not new and old is not None and new is not None:
            yield _change(key, status_words(old), status_words(new), before)
        elif old is new and _later(waiver, instance, before, now) and old is not Status.EXEMPT:
            was, exempt = status_words(old or Status.UPCOMING), _from_when(waiver, now)
            pair = (was, exempt) if more else (exempt, was)
            yield _change(key, *pair, before)


def _later(waiver: Waiver, instance: Instance, outcome: Outcome, now: datetime) -> bool:
    """Tell whether a waiver covers an instance once both have begun."""
    if (waiver.school, waiver.obligation) != (instance.school, instance.obligation):
        return False
    zone = outcome.speech.calendar.zone
    begins = [now, instance.begins]
    if waiver.valid_from is not None:
        begins.append(start_of_day(waiver.valid_from, zone))
    return waiver.covers(instance, max(begins), zone)


def _from_when(waiver: Waiver, now: datetime) -> str:
    words = status_words(Status.EXEMPT)
    start = waiver.valid_from
    return f"{words} (từ ngày {start:%d/%m/%Y})" if start and start > now.date() else words


def _paused(given: Given, before: Outcome, after: Outcome, _now: datetime) -> Iterator[Change]:
    """Yield what is open in the pause's scope and has a step that would come up before its end."""
    (pause,) = with_given(Decisions(), [replace(given, revoked_at=None)]).pauses
    zone = before.speech.calendar.zone
    begins = len(before.assessment.decisions.pauses) < len(after.assessment.decisions.pauses)
    for finding in before.findings:
        steps = _steps(finding, pause, before)
        if steps:
            waits = f"tạm dừng đến {until_words(pause.until, zone)}"
            pair = (steps, waits) if begins else (waits, steps)
            yield _change(finding.key, *pair, before)


def _steps(finding: Finding, pause: Pause, outcome: Outcome) -> str:
    """Return the steps of a finding that a pause holds back: "remind-1, chase-1"."""
    if not pause.concerns(finding.instance):
        return ""
    told = outcome.scene.memory.told
    waiting = [
        c
        for c in outcome.candidates
        if c.finding.key == finding.key
        and c.newest
        and c.up_at < pause.until
        and c.key not in told
        and finding.status is not Status.EXEMPT
    ]
    return ", ".join(c.key.step for c in sorted(waiting, key=lambda c: (c.up_at, c.key)))


def refuse_early(given: Given, before: Outcome) -> None:
    """Raise ConfigError for an extension that moves nothing, or to a day before the deadline."""
    if given.kind != "extend" or given.last_day is None:
        return
    (extension,) = with_given(Decisions(), [given]).extensions
    zone, directive = before.speech.calendar.zone, before.speech.directive
    owed = ahead(before, given.given_at).values()
    days = moved_days([extension])
    mine = [i for i in owed if moved_day(i, days) is not None]
    if not mine:
        periods = sorted({i.period for i in owed if i.obligation == given.obligation and i.period})
        msg = f"this extension concerns no school: none owes {given.obligation} {given.period}"
        raise ConfigError(msg.strip(), hint="periods: " + ", ".join(periods) if periods else "")
    obligation = directive.obligation(given.obligation)
    assert obligation is not None
    due = extended_due(obligation, given.last_day, zone)
    early = next((i for i in mine if due <= i.original_due), None)
    if early is not None:
        day, was = given.last_day, last_day(early.original_due, zone)
        how = "is no later than" if day == was else "is earlier than"
        msg = f"{day:%d/%m/%Y} {how} the last good day of {early.full_key}, {was:%d/%m/%Y}"
        hint = f"its deadline is {until_words(early.original_due, zone)}; name a later day"
        raise ConfigError(msg, hint=hint)
