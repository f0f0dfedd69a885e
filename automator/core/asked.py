"""What the operator asks to be told now, ahead of its day: the rung that comes next."""

from collections.abc import Iterable
from dataclasses import replace

from automator.core.calendar import start_of_day
from automator.core.deadline import day_zero
from automator.core.steps import Candidate, Desk


def hastened(candidates: Iterable[Candidate], desk: Desk) -> list[Candidate]:
    """Return the candidates, with the next rung of what is asked for marked as up now.

    It is told under its own name and counts as told when its day comes. A rung that is up and
    untold comes first by itself. No two rungs of one ladder are told on one day.
    """
    found = list(candidates)
    if not desk.asked:
        return found
    told = {key for pairs in desk.tellings.of_instance.values() for key, _ in pairs}
    first = {c.finding.key for c in found if _is_rung(c) and _up(c, desk) and c.key not in told}
    return [
        replace(c, asked=True) if c.finding.key not in first and _may(c, desk) else c for c in found
    ]


def _is_rung(c: Candidate) -> bool:
    return c.key.role == "principal" and c.action in ("remind", "chase")


def _up(c: Candidate, desk: Desk) -> bool:
    return c.up_at <= desk.now and c.newest


def _may(c: Candidate, desk: Desk) -> bool:
    ahead = c.finding.key in desk.asked and _is_rung(c) and c.up_at > desk.now
    return ahead and _true_now(c, desk) and not _told_today(c, desk)


def _true_now(c: Candidate, desk: Desk) -> bool:
    """A reminder speaks of a deadline ahead, a chase of one that has passed."""
    due = c.finding.instance.due_before
    if c.finding.due_again is not None:
        zone = desk.calendar.zone
        due = start_of_day(day_zero(c.finding.due_again, zone), zone)
    return (c.action == "remind") is (desk.now < due)


def _told_today(c: Candidate, desk: Desk) -> bool:
    zone = desk.calendar.zone
    today = desk.now.astimezone(zone).date()
    return any(
        key.role == c.key.role
        and key.episode == c.key.episode
        and key.step.startswith(("remind-", "chase-"))
        and told.at.astimezone(zone).date() == today
        for key, told in desk.tellings.of_instance.get(c.finding.key, ())
    )
