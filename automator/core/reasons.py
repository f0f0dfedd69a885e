"""What adds to a status: one rule for each reason, in the order of the contract."""

from collections.abc import Callable
from datetime import date

from automator.core.case import Case, Court
from automator.core.clocks import claimed_in_time
from automator.core.deadline import grace_until
from automator.core.evidence import Submission
from automator.core.finding import Finding, Reason, Status
from automator.core.layout import PROPAGANDA

Rule = Callable[[Finding, Case, Court], bool]


def incomplete(case: Case) -> bool:
    """Whether fewer rows than needed have all their expected cells."""
    if case.about is not None:
        return bool(case.about.incomplete)
    if not case.submissions:
        return False
    complete = sum([not s.row.incomplete for s in case.submissions])
    return complete < min(case.need, len(case.submissions))


def _is_incomplete(finding: Finding, _case: Case, _court: Court) -> bool:
    return bool(finding.missing_columns)


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
    if not any(appeared_late(s, case, court) for s in case.submissions):
        return False
    speaking = [s for s in case.submissions if s.claim == finding.received]
    return bool(speaking) and all(appeared_late(s, case, court) for s in speaking)


def appeared_late(submission: Submission, case: Case, court: Court) -> bool:
    """Tell whether a good read after the deadline, and long after the claim, lacked the row."""
    first = claimed_in_time(submission.sighting, case.instance.due_before)
    if first is None:
        return False
    claim, unseen = first
    return unseen >= case.instance.due_before and unseen - claim > court.policy.backdate_tolerance


def _edited(_finding: Finding, case: Case, _court: Court) -> bool:
    for submission in case.submissions:
        edited = submission.sighting.edited_at
        if edited is not None and edited >= case.instance.due_before:
            return True
    return False


def _withdrawn(finding: Finding, _case: Case, _court: Court) -> bool:
    return finding.withdrawn_at is not None


def _duplicate(_finding: Finding, case: Case, _court: Court) -> bool:
    """Whether two rows say the same thing and no return lies between them.

    The same form of propaganda on another day is another event, not a copy; it is worth
    saying only where several forms are owed.
    """
    if len(case.submissions) < 2:
        return False
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


def reasons(finding: Finding, case: Case, court: Court) -> tuple[Reason, ...]:
    """Return the reasons that hold for a finding whose status stands."""
    return tuple([reason for reason, holds in REASONS if holds(finding, case, court)])
