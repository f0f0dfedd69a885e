"""When an incident's clock runs out: the instants at which a watch may find something to tell."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from automator.core.directive import Policy
from automator.core.finding import Status
from automator.core.incidents import Incident
from automator.core.ladder import rungs
from automator.core.memory import Memory, TellKey
from automator.core.turn import Outcome
from automator.core.urgent import OBLIGATION
from automator.core.withheld import Withheld, is_day_off, is_quiet

WAITING = frozenset({Status.UPCOMING, Status.DUE, Status.MISSING})
"""Statuses of a report that has not come."""


def wakes(outcome: Outcome, after: Memory, now: datetime) -> list[datetime]:
    """Return the instants later than `now`, in no order; `after`: the memory once all was told.

    A blank level settles, an acknowledgement is overdue, a step in hours comes up, or quiet
    hours or days off end that held such a step.
    """
    policy = outcome.scene.desk.policy
    found = [*_clocks(outcome, after, policy, now), *_steps(outcome, now)]
    return [at for at in found if at > now]


def _clocks(outcome: Outcome, after: Memory, policy: Policy, now: datetime) -> Iterable[datetime]:
    unsettled = {s.instance for s in outcome.plan.silences if s.reason is Withheld.NOT_SETTLED}
    office = outcome.scene.desk.office
    for incident in outcome.assessment.incidents.by_code.values():
        if not incident.begun or incident.mistaken or incident.closed:
            continue
        instance = f"{incident.school}/{OBLIGATION}/{incident.code}"
        if instance in unsettled:
            yield incident.sighting.first_seen + policy.settle
        first = after.told.get(_duty(office, instance))
        if first is not None and not outcome.assessment.receipts.acknowledged(instance, now):
            yield first.at + _wait(incident, policy)


def _duty(office: str, instance: str) -> TellKey:
    return TellKey(unit=office, role="duty", instance=instance, episode=1, step="urgent")


def _wait(incident: Incident, policy: Policy) -> timedelta:
    return policy.ack_within_level_1 if incident.level == 1 else policy.ack_within


def _steps(outcome: Outcome, now: datetime) -> Iterable[datetime]:
    calendar, directive = outcome.speech.calendar, outcome.speech.directive
    for finding in outcome.findings:
        obligation = directive.obligation(finding.instance.obligation)
        if finding.status not in WAITING or obligation is None or obligation.within is None:
            continue
        for rung in rungs(obligation.ladder, finding.instance.due_before, calendar):
            if rung.up_at > now:
                yield rung.up_at
            yield speakable(max(rung.up_at, now), outcome)


def speakable(at: datetime, outcome: Outcome) -> datetime:
    """Return `at`, or when the quiet hours or days off that hold it are over."""
    policy, calendar = outcome.scene.desk.policy, outcome.speech.calendar
    local = at.astimezone(calendar.zone)
    if is_quiet(local, policy, calendar):
        ends = datetime.combine(local.date(), policy.quiet[1], calendar.zone)
        local = ends if local <= ends else ends + timedelta(days=1)
    if is_day_off(local, calendar):
        day = calendar.next_working_day(local.date())
        local = datetime.combine(day, policy.quiet[1], calendar.zone)
    return local
