"""The year's deadlines as the command `calendar` shows them: gathered, as rows, as JSON."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from automator import naming, worker
from automator.core import words
from automator.core.agenda import Deadline, Group, deadlines, groups, years_of
from automator.core.calendar import unknown_years
from automator.core.directive import Obligation
from automator.core.lines import Speech

if TYPE_CHECKING:
    from automator.config import Config

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """The deadlines of one year: of one school, or of all (`school` None).

    `unlisted`: obligations that follow an event, which no calendar knows. `projected`: years
    whose public holidays are not settled. `waiting`: how many decisions of the workbook wait
    for approval and are not counted yet.
    """

    year: int
    school: str | None
    schools: int
    groups: tuple[Group, ...]
    unlisted: tuple[Obligation, ...]
    projected: tuple[int, ...]
    waiting: int
    speech: Speech
    now: datetime

    @property
    def whose(self) -> str:
        """Whose deadlines they are, in words."""
        if self.school is not None:
            return self.speech.people.unit_name(self.school)
        return f"{self.schools} trường"


def agenda(config: "Config", now: datetime, school: str | None, year: int | None) -> Agenda:
    """Return the deadlines of `year` (None: the directive's) as known at `now` (aware).

    `school`: a code or a name; None for all. Raises ConfigError for one that is not there,
    WorkbookUnreadable, LedgerUnusable.
    """
    outcome = worker.survey(config, now)
    everyone = outcome.assessment.register.schools
    code = naming.school(everyone, school) if school is not None else None
    wanted = everyone if code is None else {code: everyone[code]}
    decided = outcome.assessment.decisions
    chosen = year or config.directive.year or now.year
    found = deadlines(wanted, config.directive, decided, config.calendar, chosen, now)
    return Agenda(
        year=chosen,
        school=code,
        schools=len(wanted),
        groups=groups(found),
        unlisted=tuple(o for o in config.directive.hard if o.within is not None),
        projected=unknown_years(config.calendar, years_of(found)),
        waiting=len(decided.waiting),
        speech=outcome.speech,
        now=now,
    )


def due_words(deadline: Deadline, speech: Speech) -> str:
    """Return a deadline as people read it."""
    instance = deadline.instance
    return words.due_words(
        deadline.obligation,
        instance.due_before,
        speech.calendar.zone,
        extended=instance.extended,
    )


def title(deadline: Deadline) -> str:
    """Return what is owed: "Báo cáo định kỳ – tháng 02/2021"."""
    named = deadline.period.words if deadline.period else ""
    return f"{deadline.obligation.title} – {named}" if named else deadline.obligation.title


def when(at: datetime) -> str:
    """Return when a step comes up: its day, with the hour where it counts hours."""
    return words.day_words(at) if at.time() == time() else words.instant_words(at)


def as_json(agenda: Agenda) -> dict[str, Any]:
    """Return the agenda as plain values, instants with offset."""
    return {
        "schema": SCHEMA,
        "now": agenda.now.isoformat(),
        "year": agenda.year,
        "school": agenda.school,
        "deadlines": [_one(g, agenda.speech) for g in agenda.groups],
        "unlisted": [o.id for o in agenda.unlisted],
        "projected_years": list(agenda.projected),
        "waiting_decisions": agenda.waiting,
    }


def _one(group: Group, speech: Speech) -> dict[str, Any]:
    one = group.deadline
    instance = one.instance
    days = one.period
    return {
        "obligation": one.obligation.id,
        "title": one.obligation.title,
        "instance": instance.key,
        "period": instance.period,
        "period_first": days.first.isoformat() if days else None,
        "period_last": days.last.isoformat() if days else None,
        "due_before": instance.due_before.isoformat(),
        "last_day": one.last_day.isoformat(),
        "due_words": due_words(one, speech),
        "original_due": instance.original_due.isoformat(),
        "extended": instance.extended,
        "exempt": one.exempt,
        "first_reminder": one.first_reminder.isoformat() if one.first_reminder else None,
        "escalations": [at.isoformat() for at in one.escalations],
        "schools": len(group.schools),
    }
