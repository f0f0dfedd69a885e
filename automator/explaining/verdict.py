"""Which line of the decision table fitted, what adds to it, and which waivers were looked at."""

from datetime import timedelta

from automator.core.decisions import Waiver
from automator.core.finding import Reason, Status
from automator.core.judge import days_late
from automator.core.lateness import late_by
from automator.explaining.view import View, line, more
from automator.wording import counted, day_words

_TABLE = {
    Status.EXEMPT: "a waiver covers it (this comes first)",
    Status.RETURNED: "enough is there, but the office returned the last and nothing newer came",
    Status.ON_TIME: "enough is there, what made it enough was received before the deadline",
    Status.LATE: "enough is there, what made it enough was received after the deadline",
    Status.UNKNOWN: "not enough, and its tab was never readable",
    Status.MISSING: "not enough, and the deadline has passed",
    Status.DUE: "not enough, the deadline is ahead, the first reminder has come up",
    Status.UPCOMING: "not enough, the deadline is ahead, no reminder has come up yet",
}
_REASONS = {
    Reason.INCOMPLETE: "expected cells are blank or bad: {columns}",
    Reason.PARTIAL: "{have} of {need} needed are there",
    Reason.IN_GRACE: "the time of grace is running or was: tolerated, counted apart",
    Reason.NAMED_DAY: "it came on the very day that “trước ngày” names: counted apart",
    Reason.EXTENDED: "an extension moved the deadline: counted apart",
    Reason.UNCONFIRMED: "the school says so, the office has no row yet in Phòng tiếp nhận",
    Reason.BACKDATED: "the row appeared long after the day it claims; the office's row decides",
    Reason.EDITED: "required or expected cells changed after the deadline",
    Reason.WITHDRAWN: "what spoke for it is gone since {gone}, two reads agree",
    Reason.DUPLICATE: "several rows say the same thing; the first counts",
}


def lines(view: View) -> list[str]:
    """Return waivers, what was received, the line of the table and every reason."""
    finding = view.finding
    said = _waivers(view)
    if finding.received is not None:
        who = "by the office's row" if view.case.receipts else "by the school's row"
        said.append(line("received", f"{view.moment(finding.received)}, {who}"))
        if finding.returned_at:
            said.append(more(f"returned {view.moment(finding.returned_at)}; the receipt stays"))
    elif finding.need > 1 or finding.have:
        said.append(line("received", f"{finding.have} of {finding.need}"))
    else:
        said.append(line("received", "nothing"))
    said.append(line("decision", f"{finding.status.value}: {_TABLE[finding.status]}"))
    said += [more(text) for text in _by_how_much(view)]
    return [*said, *(more(_reason(r, view)) for r in finding.reasons)]


def _by_how_much(view: View) -> list[str]:
    """Return how far past the deadline it came, or is."""
    finding, calendar = view.finding, view.report.outcome.speech.calendar
    if finding.status not in (Status.LATE, Status.MISSING):
        return []
    span = late_by(finding, view.report.now)
    if span is not None and finding.instance.incident is not None:
        return [f"{_elapsed(span)} after the deadline"]
    days = days_late(finding, calendar, view.report.now)
    return [f"{counted(days, 'working day')} after the last good day"]


def _elapsed(span: timedelta) -> str:
    minutes = int(span / timedelta(minutes=1))
    return f"{minutes // 60}h {minutes % 60:02}min"


def _reason(reason: Reason, view: View) -> str:
    finding = view.finding
    gone = view.at(finding.withdrawn_at) if finding.withdrawn_at else ""
    text = _REASONS[reason].format(
        columns=", ".join(finding.missing_columns), have=finding.have, need=finding.need, gone=gone
    )
    return f"{reason.value}: {text}"


def _waivers(view: View) -> list[str]:
    instance, outcome = view.finding.instance, view.report.outcome
    about = (instance.school, instance.obligation)
    looked = outcome.assessment.files.waivers.get(about, ())
    said = [line("waiver", _waiver(w, view)) for w in looked]
    key = f"approved/waiver/{instance.school}/{instance.obligation}/"
    if any(k.startswith(key) for k in outcome.assessment.decisions.waiting):
        said.append(line("waiver", "one of the workbook waits for the operator: not in force"))
    return said or [line("waiver", "none for this school and obligation")]


def _waiver(waiver: Waiver, view: View) -> str:
    instance = view.finding.instance
    start = day_words(waiver.valid_from) if waiver.valid_from else "the start"
    end = f"24:00 of {day_words(waiver.valid_to)}" if waiver.valid_to else "further notice"
    period = f" for {waiver.period}" if waiver.period else ""
    what = f"{waiver.source or 'a row that one read alone has missed'}{period}, {start} to {end}"
    one_off = instance.period is None and instance.incident is None
    if waiver.covers(instance, view.report.now, view.zone):
        return f"{what}: covers it"
    if not one_off and waiver.period not in (None, instance.period, instance.incident):
        return f"{what}: for another period or incident"
    if one_off:
        return f"{what}: not in force at {view.at(view.report.now)}"
    return f"{what}: it is due until {view.until(instance.due_before)}, outside of these days"
