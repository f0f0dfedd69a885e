"""By how much what is owed came late, or is late by now."""

from datetime import datetime, timedelta

from automator.core.finding import Finding, Status


def late_by(finding: Finding, now: datetime | None = None) -> timedelta | None:
    """Return how long after its deadline a finding was received, None where it was not late.

    What is missing is late by `now` (aware) where that is given. A day without a time counts
    in whole days after the last good day; an extension has moved the deadline, a return has
    not.
    """
    due, received = finding.instance.due_before, finding.received
    if finding.status is Status.EXEMPT:
        return None
    if received is None:
        return now - due if now is not None and finding.status is Status.MISSING else None
    if received.instant < due:
        return None
    return received.instant - due if received.timed else received.day - finding.last_day
