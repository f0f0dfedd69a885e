"""Register x sightings x directive x now -> findings, by the design's decision table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from automator.core.calendar import Calendar
from automator.core.deadline import add_span, grace_until, last_day
from automator.core.decisions import Waiver
from automator.core.directive import Directive, Obligation, Policy
from automator.core.evidence import Evidence, Submission
from automator.core.finding import Finding, Instance, Reason, Status
from automator.core.ladder import rungs
from automator.core.layout import PROPAGANDA, RECEIPTS, tab
from automator.core.moment import Moment
from automator.core.receipts import Receipt, Receipts
from automator.core.register import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that judging one instance looks at."""

    instance: Instance
    obligation: Obligation
    submissions: tuple[Submission, ...]  # whose day has come
    receipts: tuple[Receipt, ...]  # whose day has come
    about: Row | None  # the incident's own row
    waiver: Waiver | None
    withdrawn: datetime | None
    readable: bool  # its tab was readable at least once
    now: datetime

    @property
    def need(self) -> int:
        """How many valid submissions it takes."""
        return self.obligation.at_least


@dataclass(frozen=True, slots=True, kw_only=True)
class Court:
    """The rules and the clock: what judging depends on beside the case."""

    directive: Directive
    policy: Policy
    calendar: Calendar
    never_read: frozenset[str]
    now: datetime


def judge(
    instances: Sequence[Instance],
    found: Evidence,
    receipts: Receipts,
    waivers: Sequence[Waiver],
    court: Court,
) -> tuple[Finding, ...]:
    """Return the finding of each instance, in the order given. A pure function."""
    by_school: dict[tuple[str, str], list[Waiver]] = {}
    for waiver in waivers:
        by_school.setdefault((waiver.school, waiver.obligation), []).append(waiver)
    obligations = {o.id: o for o in court.directive.obligations}
    now = court.now
    return tuple(
        _finding(
            Case(
                instance=i,
                obligation=obligations[i.obligation],
                submissions=tuple(
                    s for s in found.of_instance.get(i.full_key, ()) if s.claim.instant <= now
                ),
                receipts=receipts.at(i.full_key, now),
                about=found.about.get(i.full_key),
                waiver=_waiver(by_school.get((i.school, i.obligation), ()), i, court),
                withdrawn=_latest(found.withdrawn, receipts.withdrawn, i.full_key),
                readable=obligations[i.obligation].tab not in court.never_read,
                now=now,
            ),
            court,
        )
        for i in instances
    )


def _latest(
    rows: Mapping[str, datetime], office: Mapping[str, datetime], key: str
) -> datetime | None:
    """Return when the last of what spoke for an instance went, a school's or the office's."""
    return max((at for at in (rows.get(key), office.get(key)) if at), default=None)


def _waiver(waivers: Sequence[Waiver], instance: Instance, court: Court) -> Waiver | None:
    """Return the waiver that covers the instance: at `now` if it is one-off, else at its due."""
    zone = court.calendar.zone
    one_off = instance.period is None and instance.incident is None
    day = (court.now if one_off else instance.due_before).astimezone(zone).date()
    named = (None, instance.period, instance.incident)
    return next((w for w in waivers if (one_off or w.period in named) and w.covers_day(day)), None)


def _finding(case: Case, court: Court) -> Finding:
    instance, zone = case.instance, court.calendar.zone
    have = max(
        len({s.identity for s in case.submissions})
        if case.obligation.at_least > 1
        else len(case.submissions),
        _received_by_office(case),
    )
    received = _received(case) if have >= case.need else None
    returned = _standing_return(case) if received else None
    status = _status(case, received, returned, court)
    withdrawn = case.withdrawn if have < case.need else None
    finding = Finding(
        instance=instance,
        status=status,
        reasons=(),
        last_day=last_day(instance.due_before, zone),
        have=have,
        need=case.need,
        due_again=_due_again(case, returned, withdrawn, status, court),
        received=received,
        observed=_observed(case),
        rows=_rows(case),
        missing_columns=_missing_columns(case),
        returned_at=returned if status is Status.RETURNED else None,
        withdrawn_at=withdrawn,
        waiver=case.waiver.source if case.waiver and status is Status.EXEMPT else "",
        number=next((s.row.text("number") for s in case.submissions if s.row.text("number")), ""),
    )
    return _with_reasons(finding, case, court)


def _received_by_office(case: Case) -> int:
    """How many receipts count: one after another without a return between is the same thing."""
    return 1 if case.receipts else 0


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
    returns = [r for r in case.receipts if r.returned and r.returned.instant <= case.now]
    if not returns:
        return None
    last = max(returns, key=lambda r: (r.returned.instant, r.row.number) if r.returned else ())
    assert last.returned is not None
    newer = any(
        _newer(r.arrived, r.observed, last)
        for r in case.receipts
        if r is not last and r.returned is None
    ) or any(_newer(s.claim, s.sighting.observed, last) for s in case.submissions if not s.gone)
    return None if newer else last.returned


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
    table: tuple[tuple[Status, Callable[[], bool]], ...] = (
        (Status.EXEMPT, lambda: case.waiver is not None),
        (Status.RETURNED, lambda: received is not None and returned is not None),
        (Status.ON_TIME, lambda: received is not None and received.instant < due),
        (Status.LATE, lambda: received is not None),
        (Status.UNKNOWN, lambda: not case.readable),
        (Status.MISSING, lambda: case.now >= due),
        (Status.DUE, lambda: _first_reminder(case, court) <= case.now),
    )
    return next((status for status, holds in table if holds()), Status.UPCOMING)


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
    seen = [s.sighting.observed for s in case.submissions if s.sighting.observed]
    seen += [r.observed for r in case.receipts]
    return min(seen, default=None)


def _rows(case: Case) -> tuple[str, ...]:
    own = [s.place for s in case.submissions if not s.gone]
    office = [f"{RECEIPTS.title}!A{r.row.number}" for r in case.receipts if not r.gone]
    return (*own, *office)


def _missing_columns(case: Case) -> tuple[str, ...]:
    if not _incomplete(case):
        return ()
    row = case.about or case.submissions[0].row
    return tuple(tab(row.tab).column(k).header for k in row.incomplete)


Rule = Callable[[Finding, Case, Court], bool]


def _incomplete(case: Case) -> bool:
    """Whether fewer rows than needed have all their expected cells."""
    if case.about is not None:
        return bool(case.about.incomplete)
    if not case.submissions:
        return False
    return sum(not s.row.incomplete for s in case.submissions) < min(
        case.need, len(case.submissions)
    )


def _is_incomplete(_finding: Finding, case: Case, _court: Court) -> bool:
    return _incomplete(case)


def _partial(finding: Finding, _case: Case, _court: Court) -> bool:
    return 0 < finding.have < finding.need


def _in_grace(finding: Finding, case: Case, court: Court) -> bool:
    if case.obligation.grace is None or finding.status not in (Status.LATE, Status.MISSING):
        return False
    at = finding.received.instant if finding.received else case.now
    return at < grace_until(case.obligation, case.instance.due_before, court.calendar)


def _named_day(finding: Finding, case: Case, _court: Court) -> bool:
    return (
        case.obligation.before is not None
        and finding.received is not None
        and finding.status in (Status.LATE, Status.RETURNED)
        and finding.received.day == case.obligation.before
        and not case.instance.extended
    )


def _extended(_finding: Finding, case: Case, _court: Court) -> bool:
    return case.instance.extended


def _unconfirmed(finding: Finding, case: Case, _court: Court) -> bool:
    return case.obligation.confirm and finding.enough and not case.receipts


def _backdated(finding: Finding, case: Case, court: Court) -> bool:
    """Whether the row was not there when a claim that is on time says it had been sent."""
    if finding.status is not Status.ON_TIME or case.receipts or finding.received is None:
        return False
    row = next((s for s in case.submissions if s.claim == finding.received), None)
    unseen = row.sighting.unseen_until if row else None
    return (
        unseen is not None
        and unseen >= case.instance.due_before
        and unseen - finding.received.instant > court.policy.backdate_tolerance
    )


def _edited(_finding: Finding, case: Case, _court: Court) -> bool:
    return any(
        s.sighting.edited_at is not None and s.sighting.edited_at >= case.instance.due_before
        for s in case.submissions
    )


def _withdrawn(finding: Finding, _case: Case, _court: Court) -> bool:
    return finding.withdrawn_at is not None


def _duplicate(_finding: Finding, case: Case, _court: Court) -> bool:
    """Whether two rows say the same thing and no return lies between them.

    The same form of propaganda on another day is another event, not a copy; it is worth
    saying only where several forms are owed.
    """
    many = case.need > 1
    seen: dict[tuple[str, date | None], Submission] = {}
    returns = [r.returned.day for r in case.receipts if r.returned]
    for submission in case.submissions:
        event = submission.row.tab == PROPAGANDA.key and not many
        day = submission.claim.day if event else None
        other = seen.get((submission.identity, day))
        if other is not None and not any(
            other.claim.day <= back <= submission.claim.day for back in returns
        ):
            return True
        seen[submission.identity, day] = submission
    return False


REASONS: tuple[tuple[Reason, Rule], ...] = (
    (Reason.INCOMPLETE, _is_incomplete),
    (Reason.PARTIAL, _partial),
    (Reason.IN_GRACE, _in_grace),
    (Reason.NAMED_DAY, _named_day),
    (Reason.EXTENDED, _extended),
    (Reason.UNCONFIRMED, _unconfirmed),
    (Reason.BACKDATED, _backdated),
    (Reason.EDITED, _edited),
    (Reason.WITHDRAWN, _withdrawn),
    (Reason.DUPLICATE, _duplicate),
)


def _with_reasons(finding: Finding, case: Case, court: Court) -> Finding:
    reasons = tuple(reason for reason, holds in REASONS if holds(finding, case, court))
    if not reasons:
        return finding
    values = {f: getattr(finding, f) for f in Finding.__slots__}
    return Finding(**{**values, "reasons": reasons})


def days_late(finding: Finding, calendar: Calendar, now: datetime) -> int:
    """Return the working days since the last good day, 0 while it is not late."""
    due = finding.due_again or finding.instance.due_before
    day: date = last_day(due, calendar.zone)
    end = finding.received.day if finding.received else now.astimezone(calendar.zone).date()
    return max(0, calendar.working_days_between(day, end))


def by_key(findings: Sequence[Finding]) -> Mapping[str, Finding]:
    """Return the findings by full instance key."""
    return {f.key: f for f in findings}
