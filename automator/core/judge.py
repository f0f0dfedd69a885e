"""Case by case -> findings, by the design's decision table."""

from collections.abc import Sequence
from datetime import date, datetime

from automator.core.broken import place_of
from automator.core.calendar import Calendar
from automator.core.case import Case, Court, Files
from automator.core.deadline import add_span, last_day
from automator.core.finding import Finding, Instance, Status
from automator.core.ladder import rungs
from automator.core.layout import RECEIPTS, tab
from automator.core.moment import Moment
from automator.core.reasons import incomplete, reasons
from automator.core.receipts import ACCEPTED, Receipt


def judge(instances: Sequence[Instance], files: Files) -> tuple[Finding, ...]:
    """Return the finding of each instance, in the order given. A pure function.

    An instance on which our own code breaks is unknown, and says where it broke.
    """
    try:
        return tuple([_finding(files.case(i), files.court) for i in instances])
    except Exception:
        return tuple([_isolated(i, files) for i in instances])


def _isolated(instance: Instance, files: Files) -> Finding:
    try:
        return _finding(files.case(instance), files.court)
    except Exception as fault:
        return Finding(
            instance=instance,
            status=Status.UNKNOWN,
            reasons=(),
            last_day=last_day(instance.due_before, files.court.calendar.zone),
            have=0,
            need=1,
            broken=place_of(fault),
        )


def _finding(case: Case, court: Court) -> Finding:
    instance, need, zone = case.instance, case.need, court.calendar.zone
    have = len({s.identity for s in case.submissions}) if need > 1 else len(case.submissions)
    if not have and case.receipts:  # one after another without a return between is the same thing
        have = 1
    received = _received(case) if have >= need else None
    returned = _standing_return(case) if received else None
    status = _status(case, received, returned, court)
    withdrawn = case.withdrawn if have < need else None
    finding = Finding(
        instance=instance,
        status=status,
        reasons=(),
        last_day=last_day(instance.due_before, zone),
        have=have,
        need=need,
        due_again=_due_again(case, returned, withdrawn, status, court),
        received=received,
        observed=_observed(case),
        rows=_rows(case),
        missing_columns=_missing_columns(case),
        returned_at=returned if status is Status.RETURNED else None,
        withdrawn_at=withdrawn,
        waiver=case.waiver.source if case.waiver and status is Status.EXEMPT else "",
        number=_number(case),
    )
    found = reasons(finding, case, court)
    if found:  # the rules look at the finding, which nobody else has seen yet
        object.__setattr__(finding, "reasons", found)
    return finding


def _number(case: Case) -> str:
    """Return the number of the first document that has one."""
    for submission in case.submissions:
        if number := submission.row.text("number"):
            return number
    return ""


def _received(case: Case) -> Moment:
    """Return the receipt that made it enough: the office's day where it noted one."""
    if len(case.receipts) >= case.need:
        return case.receipts[case.need - 1].arrived
    if case.need == 1:
        return case.submissions[0].claim
    seen: set[str] = set()
    for submission in case.submissions:
        seen.add(submission.identity)
        if len(seen) >= case.need:
            return submission.claim
    return case.submissions[-1].claim


def _standing_return(case: Case) -> Moment | None:
    """Return when the office gave it back, if nothing newer has come since."""
    if not case.receipts:
        return None
    returns = [r for r in case.receipts if r.returned and r.returned.instant <= case.now]
    if not returns:
        return None
    last = max(returns, key=lambda r: (r.returned.instant, r.result_since) if r.returned else ())
    assert last.returned is not None
    newer = any(
        _newer(r.arrived, r.observed, last) or _accepted(r, last)
        for r in case.receipts
        if r is not last and r.returned is None
    ) or any(_newer(s.claim, s.sighting.observed, last) for s in case.submissions if not s.gone)
    return None if newer else last.returned


def _accepted(receipt: Receipt, last: Receipt) -> bool:
    """Whether the office took it on the very day of the return, and not before it noted that."""
    returned = last.returned
    assert returned is not None
    same_day = receipt.arrived.day == returned.day
    return same_day and receipt.result == ACCEPTED and receipt.observed >= last.result_since


def _newer(moment: Moment, observed: datetime | None, last: Receipt) -> bool:
    returned = last.returned
    assert returned is not None
    if moment.timed and returned.timed:
        return moment.instant > returned.instant
    if moment.day != returned.day:
        return moment.day > returned.day
    return observed is not None and observed > last.result_since


def _status(case: Case, received: Moment | None, returned: Moment | None, court: Court) -> Status:
    """Return the first row of the design's table that fits."""
    due = case.instance.due_before
    if case.waiver is not None:
        return Status.EXEMPT
    if received is not None and returned is not None:
        return Status.RETURNED
    if received is not None:
        return Status.ON_TIME if received.instant < due else Status.LATE
    if not case.readable:
        return Status.UNKNOWN
    if case.now >= due:
        return Status.MISSING
    return Status.DUE if _first_reminder(case, court) <= case.now else Status.UPCOMING


def _first_reminder(case: Case, court: Court) -> datetime:
    steps = rungs(case.obligation.ladder, case.instance.due_before, court.calendar)
    return min((s.up_at for s in steps if s.action == "remind"), default=case.instance.due_before)


def _due_again(
    case: Case,
    returned: Moment | None,
    withdrawn: datetime | None,
    status: Status,
    court: Court,
) -> datetime | None:
    """Return the deadline of what was reopened: never earlier than the first one."""
    opened = returned.clock_start if status is Status.RETURNED and returned else withdrawn
    if opened is None or status is Status.EXEMPT:
        return None
    again = add_span(opened, court.policy.return_within, court.calendar)
    return max(case.instance.due_before, again)


def _observed(case: Case) -> datetime | None:
    first: datetime | None = None
    for submission in case.submissions:
        at = submission.sighting.observed
        if at is not None and (first is None or at < first):
            first = at
    for receipt in case.receipts:
        if first is None or receipt.observed < first:
            first = receipt.observed
    return first


def _rows(case: Case) -> tuple[str, ...]:
    own = tuple([s.place for s in case.submissions if not s.gone])
    if not case.receipts:
        return own
    office = [f"{RECEIPTS.title}!A{r.row.number}" for r in case.receipts if not r.gone]
    return (*own, *office)


def _missing_columns(case: Case) -> tuple[str, ...]:
    if not incomplete(case):
        return ()
    blank = (s.row for s in case.submissions if s.row.incomplete)
    row = case.about or next(blank)
    return tuple(tab(row.tab).column(k).header for k in row.incomplete)


def days_late(finding: Finding, calendar: Calendar, now: datetime) -> int:
    """Return the working days since the last good day, 0 while it is not late."""
    due = finding.due_again or finding.instance.due_before
    day: date = last_day(due, calendar.zone)
    end = finding.received.day if finding.received else now.astimezone(calendar.zone).date()
    return max(0, calendar.working_days_between(day, end))
