"""Which findings are meant, and why there is none where there is none."""

from datetime import date

from automator import naming
from automator.core.deadline import due_of_day, expects, last_day
from automator.core.directive import Obligation
from automator.core.finding import Finding
from automator.core.incidents import Incident
from automator.core.periods import Period, parse_label
from automator.core.register import School
from automator.errors import ConfigError
from automator.report import Report
from automator.wording import day_words


def find(report: Report, school: str, obligation: str, period: str | None) -> list[Finding]:
    """Return the findings that are meant.

    Raises ConfigError, saying why there is none and naming those that there are.
    """
    code = naming.school(report.outcome.assessment.register.schools, school)
    wanted = naming.obligation(report.outcome.speech.directive, obligation)
    label = naming.period(wanted, period, report.zone)
    mine = [
        f
        for f in report.outcome.findings
        if f.instance.school == code and f.instance.obligation == wanted.id
    ]
    chosen = [f for f in mine if label in (None, f.instance.period, f.instance.incident)]
    if not chosen:
        there = ", ".join(f.instance.key for f in mine) or "none"
        named = f"{wanted.id} of {label}" if label else wanted.id
        msg = f"{code} has no {named}: {_why_none(report, code, wanted, label)}"
        raise ConfigError(msg, hint=f"instances: {there}")
    return chosen


def _why_none(report: Report, code: str, obligation: Obligation, label: str | None) -> str:
    """Return why a school has no such instance as at the report's `now`."""
    school = report.outcome.assessment.register.schools[code]
    today = report.now.astimezone(report.zone).date()
    starts = obligation.starts or report.outcome.speech.directive.starts
    if today < starts:
        return f"the obligation begins on {day_words(starts)}"
    if obligation.within is not None:
        return _why_no_event(report, code, label)
    if obligation.every is None:
        if label is not None:
            return "it is owed once, without a period"
        day = last_day(due_of_day(obligation, report.zone), report.zone)
        return _not_concerned(obligation, school, day, today)
    period = parse_label(label, obligation.periods) if label else None
    if label and (period is None or period.every is not obligation.every):
        return f"{label!r} names no {obligation.every.value}"
    if period is None:
        return _not_concerned(obligation, school, today, today)
    return _why_no_period(report, obligation, school, period, starts, today)


def _why_no_period(
    report: Report,
    obligation: Obligation,
    school: School,
    period: Period,
    starts: date,
    today: date,
) -> str:
    if period.first > today:
        return f"it begins on {day_words(period.first)}"
    if period.last < starts:
        return f"the obligation begins on {day_words(starts)}"
    if obligation.ends is not None and period.first > obligation.ends:
        return f"the obligation ends on {day_words(obligation.ends)}"
    if period.label in obligation.excepted:
        return "the directive excepts that period"
    if not expects(obligation, period, report.outcome.speech.calendar):
        return f"nothing is expected in it (expected_when = {obligation.expected_when.value})"
    return _not_concerned(obligation, school, period.last, today)


def _why_no_event(report: Report, code: str, label: str | None) -> str:
    incidents = report.outcome.assessment.incidents.by_code
    if label is None:
        return "no incident of the school owes a report"
    incident = incidents.get(label)
    if incident is None:
        return "no incident of that code was seen"
    if incident.school != code:
        return "that incident is of another school"
    return _why_not_owed(incident, report)


def _why_not_owed(incident: Incident, report: Report) -> str:
    if incident.mistaken:
        return "it was taken back (Nhập nhầm), or its row is gone"
    if not incident.begun:
        return "its day has not come"
    if incident.level is None:
        return "its level is blank; it counts as 2 once a second read agrees"
    if incident.sighting.urgent_since is None:
        return f"an incident of level {incident.level} owes no report of its own"
    since = incident.sighting.urgent_since.astimezone(report.zone).date()
    return f"the school was not open on {day_words(since)}, or the obligation does not concern it"


def _not_concerned(obligation: Obligation, school: School, day: date, today: date) -> str:
    """Return why an obligation does not concern a school whose roster of `day` counts."""
    commune, to = school.commune_on(day), obligation.applies_to
    if commune is None:
        return f"the school was not open on {day_words(day)}, whose roster counts"
    if to.levels and school.on(day).level not in to.levels:
        return f"it is asked of the levels {', '.join(to.levels)} only"
    if to.communes and commune not in to.communes:
        return f"it is asked of the communes {', '.join(to.communes)} only"
    if to.schools and school.code not in to.schools:
        return "it is asked of other schools only"
    if school.opens is not None and today < school.opens:
        return f"the school opens on {day_words(school.opens)}"
    return "none has begun"
