"""Episodes: when an instance is owed anew, its ladder starts anew."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from automator.core.finding import Finding, Status
from automator.core.memory import Episode, Judged, TellKey

_WAS_THERE = frozenset({Status.ON_TIME.value, Status.LATE.value, Status.RETURNED.value})


def episodes(
    before: Mapping[str, Episode],
    judged: Mapping[str, Judged],
    findings: Sequence[Finding],
    told: Collection[TellKey],
    now: datetime,
) -> dict[str, Episode]:
    """Return the running episode of every instance; those of vanished ones are kept.

    `told`: a deadline that nobody was told is none that anybody must unlearn.
    """
    after = dict(before)
    heard: frozenset[tuple[str, int]] | None = None
    for finding in findings:
        old = before.get(finding.key)
        if heard is None and old is not None and old.due_before != finding.instance.due_before:
            heard = frozenset((key.instance, key.episode) for key in told)
        after[finding.key] = _next(old, judged.get(finding.key), finding, heard or frozenset(), now)
    return after


def _next(
    old: Episode | None,
    last: Judged | None,
    finding: Finding,
    heard: frozenset[tuple[str, int]],
    now: datetime,
) -> Episode:
    due = finding.instance.due_before
    if old is None:
        old = Episode(ordinal=1, due_before=due, opened=now)
    cause = _reopened(old, last, finding)
    if cause:
        return Episode(
            ordinal=old.ordinal + 1,
            due_before=due,
            opened=now,
            cause=cause,
            due_again=finding.due_again,
        )
    if old.due_before != due:
        return _moved(old, due, (finding.key, old.ordinal) in heard, now)
    return old


def _moved(old: Episode, due: datetime, heard: bool, now: datetime) -> Episode:
    """Return the episode of a deadline that moved.

    If the last move was told to nobody (`heard`), people still have the deadline before it:
    back at that one the episode before goes on, as if nothing had been written.
    """
    unheard = old.cause == "deadline" and old.previous_due is not None and not heard
    if unheard and old.previous_due == due:
        return Episode(ordinal=old.ordinal - 1, due_before=due, opened=now, cause="deadline")
    return Episode(
        ordinal=old.ordinal + 1,
        due_before=due,
        opened=now,
        cause="deadline",
        previous_due=old.previous_due if unheard else old.due_before,
    )


def _reopened(old: Episode, last: Judged | None, finding: Finding) -> str:
    """Return why a received instance is open again, "" if it is not (or was already)."""
    if finding.status is Status.RETURNED:
        again = last is None or last.status != Status.RETURNED.value
        back = finding.returned_at
        newer = back is not None and back.instant > old.opened  # sent and returned once more
        return "returned" if again or newer or old.cause not in ("returned", "deadline") else ""
    if finding.withdrawn_at is not None and finding.status is not Status.EXEMPT:
        return "withdrawn" if last is not None and last.status in _WAS_THERE else ""
    return ""


def judgements(
    before: Mapping[str, Judged], findings: Sequence[Finding], now: datetime
) -> dict[str, Judged]:
    """Return the status of every instance and since which run it stands."""
    after: dict[str, Judged] = {}
    for finding in findings:
        old = before.get(finding.key)
        same = old is not None and old.status == finding.status.value
        after[finding.key] = (
            old if same and old is not None else Judged(status=finding.status.value, since=now)
        )
    return after
