"""Which instances are expected of which school, and by when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from automator.core.calendar import Calendar
from automator.core.deadline import (
    due_of_day,
    due_of_event,
    due_of_period,
    event_start,
    expects,
    extended_due,
    last_day,
)
from automator.core.decisions import (
    Extension,
    Moved,
    may_move,
    moved_day,
    moved_days,
    names_moved,
)
from automator.core.directive import Directive, Obligation
from automator.core.finding import Instance
from automator.core.incidents import Incident
from automator.core.periods import periods
from automator.core.register import School


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """What one obligation expects in one period, before any school is looked at."""

    obligation: Obligation
    key: str
    period: str | None  # its label
    begins: datetime
    due_before: datetime
    as_at: date  # the day whose roster counts


def instances(
    directive: Directive,
    schools: Mapping[str, School],
    incidents: Iterable[Incident],
    extensions: Sequence[Extension],
    calendar: Calendar,
    now: datetime,
) -> list[Instance]:
    """Return every instance begun by `now`, in the order school, obligation, period."""
    slots = [s for o in directive.hard for s in _slots(o, directive, calendar, now)]
    found = [
        instance
        for school in schools.values()
        for slot in slots
        if (instance := _instance(slot, school, now)) is not None
    ]
    found += _events(directive, schools, incidents, calendar, now)
    found.sort(key=lambda i: (i.school, i.obligation, i.period or i.incident or ""))
    return _extended(found, extensions, directive, calendar) if extensions else found


def _slots(
    obligation: Obligation, directive: Directive, calendar: Calendar, now: datetime
) -> list[_Slot]:
    zone = calendar.zone
    start = obligation.starts or directive.starts
    if obligation.before or obligation.by:
        due = due_of_day(obligation, zone)
        begins = datetime.combine(start, time(), zone)
        slot = _Slot(
            obligation=obligation,
            key=obligation.id,
            period=None,
            begins=begins,
            due_before=due,
            as_at=last_day(due, zone),
        )
        return [slot] if begins <= now else []
    if obligation.every is None:
        return []
    end = min(obligation.ends or now.date(), now.astimezone(zone).date())
    return [
        _Slot(
            obligation=obligation,
            key=f"{obligation.id}/{period.label}",
            period=period.label,
            begins=datetime.combine(period.first, time(), zone),
            due_before=due_of_period(obligation, period, calendar),
            as_at=period.last,
        )
        for period in periods(obligation.every, start, end, obligation.periods)
        if expects(obligation, period, calendar)
    ]


def _instance(slot: _Slot, school: School, now: datetime) -> Instance | None:
    commune = school.commune_on(slot.as_at)
    if commune is None or not _applies(slot.obligation, school.on(slot.as_at), commune):
        return None
    begins = _begins(slot, school)
    if begins > now:
        return None
    return Instance(
        school=school.code,
        obligation=slot.obligation.id,
        key=slot.key,
        begins=begins,
        due_before=slot.due_before,
        original_due=slot.due_before,
        period=slot.period,
        commune=commune,
    )


def _begins(slot: _Slot, school: School) -> datetime:
    """Return when the slot begins for a school: not before the school is there."""
    if school.opens is None:
        return slot.begins
    return max(slot.begins, datetime.combine(school.opens, time(), slot.begins.tzinfo))


def _applies(obligation: Obligation, school: School, commune: str) -> bool:
    to = obligation.applies_to
    return (
        (not to.levels or school.level in to.levels)
        and (not to.communes or commune in to.communes)
        and (not to.schools or school.code in to.schools)
    )


def _events(
    directive: Directive,
    schools: Mapping[str, School],
    incidents: Iterable[Incident],
    calendar: Calendar,
    now: datetime,
) -> list[Instance]:
    obligations = [o for o in directive.hard if o.within is not None]
    found: list[Instance] = []
    for incident in incidents:
        since = incident.sighting.urgent_since
        school = schools.get(incident.school)
        if since is None or since > now or incident.mistaken or school is None:
            continue
        day = since.astimezone(calendar.zone).date()
        commune = school.commune_on(day)
        for obligation in obligations:
            if commune is None or not _applies(obligation, school.on(day), commune):
                continue
            due = _event_due(obligation, incident, since)
            found.append(
                Instance(
                    school=school.code,
                    obligation=obligation.id,
                    key=f"{obligation.id}/{incident.code}",
                    begins=since,
                    due_before=due,
                    original_due=due,
                    incident=incident.code,
                    commune=commune,
                )
            )
    return found


def _event_due(obligation: Obligation, incident: Incident, since: datetime) -> datetime:
    if incident.sighting.raised:  # the clock starts at the moment of raising
        return due_of_event(obligation, since)
    known = incident.known if obligation.of == "known_at" else None
    start = event_start(known, incident.occurred, incident.sighting.first_seen)
    return due_of_event(obligation, start)


def _extended(
    found: Sequence[Instance],
    extensions: Sequence[Extension],
    directive: Directive,
    calendar: Calendar,
) -> list[Instance]:
    """Return the instances, those that an extension gives more time with their new deadline."""
    days, names = moved_days(extensions), names_moved(extensions)
    obligations = {o.id: o for o in directive.hard}
    return [
        _moved(i, obligations[i.obligation], days, calendar) if may_move(i, names) else i
        for i in found
    ]


def _moved(instance: Instance, obligation: Obligation, days: Moved, calendar: Calendar) -> Instance:
    day = moved_day(instance, days)
    due = extended_due(obligation, day, calendar.zone) if day else instance.original_due
    if due <= instance.original_due:
        return instance
    return replace(instance, due_before=due, extended=True)
