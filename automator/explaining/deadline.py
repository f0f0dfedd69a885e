"""How a deadline came about, step by step."""

from datetime import date, timedelta

from automator.core.calendar import day_off_name
from automator.core.deadline import day_after, day_zero, grace_until, last_day
from automator.core.decisions import Extension, moved_day, moved_days
from automator.core.directive import Every, Obligation, Reckoning, Shift
from automator.core.incidents import Incident
from automator.core.periods import Period
from automator.explaining.view import View, line, more
from automator.wording import day_words


def lines(view: View) -> list[str]:
    """Return the deadline in the school's words and the steps that led to it."""
    finding, instance = view.finding, view.finding.instance
    zero = day_zero(instance.due_before, view.zone)
    said = [line("deadline", view.report.outcome.speech.due(finding))]
    said += [more(step) for step in (*_steps(view), *_cutoff(view), *_extensions(view))]
    said.append(
        more(f"late from {view.at(instance.due_before)}; steps count from {day_words(zero)}")
    )
    if view.obligation.grace is not None:
        until = grace_until(
            view.obligation, instance.due_before, view.report.outcome.speech.calendar
        )
        grace = f"{view.obligation.grace.amount} {view.obligation.grace.unit}"
        said.append(more(f"grace of {grace}: in_grace until {view.until(until)}"))
    if finding.due_again:
        said.append(line("due again", f"until {view.until(finding.due_again)}, as it was reopened"))
        said.append(more("the first deadline, and its place in the rates, do not move"))
    return said


def _steps(view: View) -> list[str]:
    obligation = view.obligation
    if obligation.before is not None:
        return [f"before = {day_words(obligation.before)}: that day is late already"]
    if obligation.by is not None:
        return [f"by = {day_words(obligation.by)}: that day is on time"]
    period = view.report.outcome.speech.period(view.finding.instance)
    return _period(period, view) if period is not None else _event(view)


def _period(period: Period, view: View) -> list[str]:
    """Return period, day and shift."""
    obligation = view.obligation
    day = day_after(period, obligation.on)
    by_decree = ", by NĐ 09/2019" if obligation.periods is Reckoning.ND09 else ""
    name = "weekday" if obligation.every is Every.WEEK else "day"
    said = [
        f"period: {period.label}, {day_words(period.first)} to {day_words(period.last)}{by_decree}",
        f"{name} {obligation.on} after it: {day_words(day)}",
    ]
    return [*said, *_shift(day, obligation, view)]


def _shift(day: date, obligation: Obligation, view: View) -> list[str]:
    calendar = view.report.outcome.speech.calendar
    if calendar.is_working_day(day):
        swap = " (a make-up day)" if day.isoweekday() > 5 else ""
        return [f"the office works on that day{swap}: no shift"]
    if obligation.shift is Shift.NONE:
        return [f"a day off ({day_off_name(day, calendar)}), but shift = none"]
    forward = obligation.shift is Shift.NEXT
    to = calendar.next_working_day(day) if forward else calendar.previous_working_day(day)
    step = timedelta(days=1 if forward else -1)
    off = [day + n * step for n in range(abs((to - day).days))]
    why = ", ".join(dict.fromkeys(day_off_name(d, calendar) for d in off))
    span = day_words(off[0]) if len(off) == 1 else f"{day_words(off[0])} to {day_words(off[-1])}"
    return [f"off: {span} ({why})", f"{obligation.shift.value}: {day_words(to)}"]


def _event(view: View) -> list[str]:
    """Return where the clock of an incident started."""
    code = view.finding.instance.incident or ""
    incident = view.report.outcome.assessment.incidents.by_code.get(code)
    within = view.obligation.within or timedelta()
    started = view.finding.instance.original_due - within
    cause = _cause(incident, view) if incident else "its row is gone"
    return [
        f"clock started {view.at(started)}: {cause}",
        f"{_hours(within)} through nights and days off",
    ]


def _cause(incident: Incident, view: View) -> str:
    if incident.sighting.raised:
        return "the read that saw the level raised"
    for moment, column in ((incident.known, "known"), (incident.occurred, "occurred")):
        counts = column == "occurred" or view.obligation.of == "known_at"
        if moment is not None and counts and incident.row is not None:
            end = "" if moment.timed else ", a day without a time: its end"
            return f"{view.place(incident.row, column)} {view.moment(moment)}{end}"
    return "the first read that saw it, as no day is typed"


def _hours(within: timedelta) -> str:
    minutes = int(within / timedelta(minutes=1))
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}min"


def _cutoff(view: View) -> list[str]:
    cutoff = view.obligation.cutoff
    return [f"cutoff: the office closes at {cutoff:%H:%M} on the last day"] if cutoff else []


def _extensions(view: View) -> list[str]:
    """Return the extensions that concern it, with the cell of each, and which one won."""
    instance, decided = view.finding.instance, view.report.outcome.assessment.decisions
    concerned = [e for e in decided.extensions if moved_day(instance, moved_days([e]))]
    original = last_day(instance.original_due, view.zone)
    best = max((e.last_day for e in concerned), default=original)
    said = [_extension(e, best, original) for e in concerned]
    if any(
        k.startswith("approved/extension/") and f"/{instance.obligation}/" in k
        for k in decided.waiting
    ):
        said.append("an extension of the workbook waits for the operator's approval: not in force")
    return said


def _extension(extension: Extension, best: date, original: date) -> str:
    where = extension.source or "a row that one read alone has missed"
    until = f"extended to {day_words(extension.last_day)} by {where}"
    if extension.last_day <= original:
        return f"{until}: no later than {day_words(original)}, moves nothing"
    if extension.last_day < best:
        return f"{until}: a later extension wins"
    return f"{until}: it was until {day_words(original)}"
