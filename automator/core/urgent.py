"""Urgent incidents: who hears of them, when, and what changes are told again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from automator.core.calendar import Calendar
from automator.core.deadline import add_span
from automator.core.directive import Policy
from automator.core.incidents import Incident, happened
from automator.core.memory import TellKey, Told
from automator.core.receipts import Receipts

OBLIGATION = "urgent-report"


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentStep:
    """One urgent step of one incident for one unit and role, and whether it may go now.

    `why_not` is the reason of silence that is its own ("" if it may go): "not_acknowledged",
    "not_settled", "old_duty", "next_step_later" or "already_told".
    """

    key: TellKey
    incident: Incident
    up_at: datetime
    why_not: str = ""
    again: bool = False  # it was told, and the mail came back


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """The units that hear of an incident of one school."""

    school: str
    commune: str | None
    police: tuple[str, ...]
    office: str


def urgent_steps(
    incidents: Iterable[Incident],
    audiences: Mapping[str, Audience],
    receipts: Receipts,
    told: Mapping[TellKey, Told],
    policy: Policy,
    calendar: Calendar,
    now: datetime,
) -> list[UrgentStep]:
    """Return the urgent steps of every incident, those that must wait with their reason."""
    heard: dict[str, list[TellKey]] = {}
    for key in told:
        heard.setdefault(key.instance, []).append(key)
    found: list[UrgentStep] = []
    for incident in incidents:
        audience = audiences.get(incident.school)
        if audience is None or not incident.begun:
            continue
        instance = f"{incident.school}/{OBLIGATION}/{incident.code}"
        if incident.sighting.urgent_since is None:
            found += _not_settled(incident, instance, audience)
            continue
        keys = heard.get(instance, [])
        if incident.mistaken:
            found += _withdrawal(incident, instance, keys, now)
            continue
        acknowledged = receipts.acknowledged(instance, now)
        found += _first(incident, instance, audience, acknowledged, keys, policy, calendar, now)
        found += _leader(incident, instance, audience, acknowledged, told, policy, now)
        found += _changes(incident, instance, keys, told, now)
    return found


def _step(unit: str, role: str, instance: str, step: str, episode: int = 1) -> TellKey:
    return TellKey(unit=unit, role=role, instance=instance, episode=episode, step=step)


def _not_settled(incident: Incident, instance: str, audience: Audience) -> list[UrgentStep]:
    """A blank level counts as 2 once a second read has found it blank."""
    if incident.sighting.level is not None or incident.mistaken or incident.closed:
        return []
    return [
        UrgentStep(
            key=_step(unit, role, instance, "urgent"),
            incident=incident,
            up_at=incident.sighting.first_seen,
            why_not="not_settled",
        )
        for unit, role in ((audience.office, "duty"), (audience.school, "principal"))
    ]


def _first(
    incident: Incident,
    instance: str,
    audience: Audience,
    acknowledged: bool,
    keys: list[TellKey],
    policy: Policy,
    calendar: Calendar,
    now: datetime,
) -> list[UrgentStep]:
    since = incident.sighting.urgent_since or now
    started = any(k.step == "urgent" for k in keys)
    at_first = incident.sighting.state_at_first
    if not started and (at_first == "acknowledged" or (at_first and incident.closed)):
        return []  # it was over, or known to the office, when it was first read
    old = not started and _long_past(incident, policy, calendar, now)
    units = [(audience.office, "duty"), (audience.school, "principal")]
    steps = [
        UrgentStep(
            key=_step(unit, role, instance, "urgent"),
            incident=incident,
            up_at=since,
            why_not="old_duty" if old else "",
        )
        for unit, role in units
    ]
    forward = acknowledged or policy.forward_urgent == "at_once"
    others = [(audience.commune, "commune"), *((unit, "police") for unit in audience.police)]
    why_not = "old_duty" if old else ("" if forward else "not_acknowledged")
    steps += [
        UrgentStep(
            key=_step(unit, role, instance, "urgent"),
            incident=incident,
            up_at=since,
            why_not="already_told" if _told_before_the_move(role, unit, keys) else why_not,
        )
        for unit, role in others
        if unit
    ]
    return steps


def _told_before_the_move(role: str, unit: str, keys: list[TellKey]) -> bool:
    """The commune of then was told; that to which the school has moved since is not alarmed."""
    return role == "commune" and any(
        (k.step, k.role) == ("urgent", role) and k.unit != unit for k in keys
    )


def _long_past(incident: Incident, policy: Policy, calendar: Calendar, now: datetime) -> bool:
    at = happened(incident.row) if incident.row else None
    return at is not None and add_span(at.clock_start, policy.long_past, calendar) < now


def _leader(
    incident: Incident,
    instance: str,
    audience: Audience,
    acknowledged: bool,
    told: Mapping[TellKey, Told],
    policy: Policy,
    now: datetime,
) -> list[UrgentStep]:
    """Once more, to the leader, where nobody has acknowledged it in time."""
    first = told.get(_step(audience.office, "duty", instance, "urgent"))
    if acknowledged or first is None or incident.closed:
        return []
    wait: timedelta = policy.ack_within_level_1 if incident.level == 1 else policy.ack_within
    up_at = first.at + wait
    return [
        UrgentStep(
            key=_step(audience.office, "leader", instance, "urgent-leader"),
            incident=incident,
            up_at=up_at,
            why_not="" if up_at <= now else "next_step_later",
        )
    ]


def _changes(
    incident: Incident,
    instance: str,
    keys: list[TellKey],
    told: Mapping[TellKey, Told],
    now: datetime,
) -> list[UrgentStep]:
    """A change of level or state is told to those who were told; each change is an episode.

    Who heard of the incident only after the change has heard it as it is.
    """
    change, at = incident.sighting.changes, incident.sighting.changed_at
    if change == 0 or at is None:
        return []
    hearers = sorted(
        {
            (k.unit, k.role)
            for k in keys
            if k.step in ("urgent", "urgent-leader") and told[k].at < at
        }
    )
    return [
        UrgentStep(
            key=_step(unit, role, instance, "urgent-changed", change),
            incident=incident,
            up_at=now,
        )
        for unit, role in hearers
    ]


def _withdrawal(
    incident: Incident, instance: str, keys: list[TellKey], now: datetime
) -> list[UrgentStep]:
    """*Nhập nhầm* or a vanished row sends one correction to those who were told."""
    hearers = sorted({(k.unit, k.role) for k in keys if k.step in ("urgent", "urgent-leader")})
    change = max(1, incident.sighting.changes)
    return [
        UrgentStep(
            key=_step(unit, role, instance, "urgent-withdrawn", change),
            incident=incident,
            up_at=now,
        )
        for unit, role in hearers
    ]
