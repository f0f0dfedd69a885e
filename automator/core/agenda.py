"""The deadlines of a year ahead of time: what each school will owe, and when it is told.

Only what is expected by the calendar: an event's report is owed from the event on, and nobody
knows it beforehand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from automator.core.calendar import Calendar
from automator.core.deadline import grace_until, last_day
from automator.core.decisions import Decisions
from automator.core.directive import Directive, Obligation
from automator.core.expected import instances
from automator.core.finding import Instance
from automator.core.ladder import rungs
from automator.core.periods import Period, parse_label
from automator.core.register import School


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One expected instance. `last_day`: the last good day, a local one.

    `first_reminder`: when its first reminder comes up (None: it has none); `escalations`: when
    it goes to the leader, if nothing has come. `exempt`: a waiver covers it, so nothing of it
    is told. All instants are aware, in the calendar's zone.
    """

    instance: Instance
    obligation: Obligation
    period: Period | None
    last_day: date
    first_reminder: datetime | None
    escalations: tuple[datetime, ...]
    exempt: bool = False

    @property
    def is_timed(self) -> bool:
        """Whether it ends at an hour of its last day, not with the day."""
        return self.instance.due_before.time() != time()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Schools that have the same deadline of the same obligation and period, by code."""

    deadline: Deadline
    schools: tuple[str, ...]


def deadlines(
    schools: Mapping[str, School],
    directive: Directive,
    decided: Decisions,
    calendar: Calendar,
    year: int,
    now: datetime,
) -> tuple[Deadline, ...]:
    """Return what is expected of `schools` in `year`, the earliest first, then in file order.

    An instance is of the year if its period is named after it or its last good day (with an
    extension or without) lies in it: the report of December 2021 is in 2021 and in 2022. One
    that is owed once is exempt if a waiver covers it at `now`, as everywhere.
    """
    zone = calendar.zone
    end = datetime(year, 12, 31, 23, 59, 59, tzinfo=zone)
    owed = instances(directive, schools, (), decided.extensions, calendar, end)
    found = [
        _deadline(instance, directive, decided, calendar, now)
        for instance in owed
        if directive.obligation(instance.obligation) is not None
    ]
    order = {o.id: n for n, o in enumerate(directive.hard)}
    return tuple(
        sorted(
            (d for d in found if _is_of(d, year, calendar)),
            key=lambda d: (
                d.instance.due_before,
                order[d.obligation.id],
                d.instance.key,
                d.instance.school,
            ),
        )
    )


def _deadline(
    instance: Instance,
    directive: Directive,
    decided: Decisions,
    calendar: Calendar,
    now: datetime,
) -> Deadline:
    obligation = directive.obligation(instance.obligation)
    assert obligation is not None
    label, due = instance.period, instance.due_before
    steps = rungs(obligation.ladder, due, calendar)
    tolerated = grace_until(obligation, due, calendar)
    reminders = [max(s.up_at, instance.begins) for s in steps if s.action == "remind"]
    return Deadline(
        instance=instance,
        obligation=obligation,
        period=parse_label(label, obligation.periods) if label else None,
        last_day=last_day(due, calendar.zone),
        first_reminder=min(reminders, default=None),
        escalations=tuple(max(s.up_at, tolerated) for s in steps if s.action == "escalate"),
        exempt=any(
            w.covers(instance, now, calendar.zone)
            for w in decided.waivers
            if (w.school, w.obligation) == (instance.school, instance.obligation)
        ),
    )


def _is_of(deadline: Deadline, year: int, calendar: Calendar) -> bool:
    original = last_day(deadline.instance.original_due, calendar.zone)
    named = deadline.period.year if deadline.period else None
    return year in (named, deadline.last_day.year, original.year)


def groups(found: Iterable[Deadline]) -> tuple[Group, ...]:
    """Return the deadlines with the schools that share them, in the order of `found`."""
    same: dict[tuple[str, datetime, bool, bool], list[Deadline]] = {}
    for one in found:
        instance = one.instance
        of = (instance.key, instance.due_before, instance.extended, one.exempt)
        same.setdefault(of, []).append(one)
    return tuple(
        Group(deadline=each[0], schools=tuple(d.instance.school for d in each))
        for each in same.values()
    )


def years_of(found: Iterable[Deadline]) -> tuple[int, ...]:
    """Return every year in which a deadline or a step of it lies, in order."""
    years: set[int] = set()
    for one in found:
        years |= {one.last_day.year, *(at.year for at in one.escalations)}
        years |= {one.first_reminder.year} if one.first_reminder else set()
    return tuple(sorted(years))
