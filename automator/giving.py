"""Decisions by hand: what was asked for, what it would change, and writing it down."""

import getpass
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from automator import naming, worker
from automator.core.given import Given
from automator.core.memory import Memory
from automator.core.turn import Outcome
from automator.effects import Change, changes, refuse_early
from automator.errors import ConfigError, RunTooEarly
from automator.sources import open_workbook

if TYPE_CHECKING:
    from automator.config import Config

_COMMANDS = {"waive": "a waiver", "extend": "an extension", "pause": "a pause"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A decision as typed: every field is the text of an argument, None where it was left out."""

    kind: str
    scope: str
    obligation: str | None = None
    period: str | None = None
    first_day: str | None = None
    last_day: str | None = None
    until: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A decision that can be written down, and all that it changes."""

    given: Given
    changes: tuple[Change, ...]
    before: Outcome
    now: datetime


def propose(config: "Config", now: datetime, wish: Wish) -> Proposal:
    """Return the decision and what it would change; nothing is written.

    Raises ConfigError for what cannot be meant, RunTooEarly for a `now` before the last run.
    """
    memory, look = _looks(config, now)
    before = look(memory)
    given = _given(config, now, wish, before)
    after = look(replace(memory, given=(*memory.given, given)))
    refuse_early(given, before)
    return Proposal(given=given, changes=changes(given, before, after, now), before=before, now=now)


def give(config: "Config", proposal: Proposal) -> tuple[Given, bool]:
    """Write a decision down under the ledger's lock; return it, and whether it is new.

    Raises LeaseHeld if a run holds the lock, LedgerUnusable, RunTooEarly.
    """
    from automator.ledger.ledger import Ledger

    armed = worker.is_armed(config)
    with Ledger.open(config.ledger, config.workbook.id, armed=armed) as book, book.lock():
        not_before(book.memory(config.zone).last_run, proposal.now)
        return book.decide(proposal.given)


def propose_revoking(config: "Config", now: datetime, kind: str, number: int) -> Proposal:
    """Return the decision of that number and what changes without it.

    Raises ConfigError if there is none of that kind.
    """
    memory, look = _looks(config, now)
    given = next((g for g in memory.given if g.id == number), None)
    if given is None:
        msg = f"the ledger has no decision #{number}"
        raise ConfigError(msg, hint=f"`automator {kind} --list` shows them")
    if given.kind != kind:
        msg = f"#{number} is {_COMMANDS[given.kind]}"
        raise ConfigError(msg, hint=f"automator {given.kind} --revoke {number}")
    without = tuple(g for g in memory.given if g is not given)
    before, after = look(memory), look(replace(memory, given=without))
    return Proposal(given=given, changes=changes(given, before, after, now), before=before, now=now)


def revoke(config: "Config", proposal: Proposal) -> bool:
    """Revoke a decision under the ledger's lock; False if that had been done before."""
    from automator.ledger.ledger import Ledger

    armed = worker.is_armed(config)
    with Ledger.open(config.ledger, config.workbook.id, armed=armed) as book, book.lock():
        not_before(book.memory(config.zone).last_run, proposal.now)
        return book.revoke(proposal.given.id, proposal.now, account())


def _looks(config: "Config", now: datetime) -> tuple[Memory, Callable[[Memory], Outcome]]:
    """Return the memory, and the turn at `now` over one read of the workbook."""
    from automator.ledger.ledger import Ledger

    armed = worker.is_armed(config)
    with Ledger.open(config.ledger, config.workbook.id, readonly=True, armed=armed) as book:
        memory = book.memory(config.zone)
    not_before(memory.last_run, now)
    snapshot = open_workbook(config).read(now, None)
    return memory, lambda known: worker.judged(snapshot, known, config, now)


def not_before(last: datetime | None, now: datetime) -> None:
    """Raise RunTooEarly for a decision at `now`, earlier than the last run (None: none yet)."""
    if last is not None and now < last:
        raise RunTooEarly(now, last)


def _given(config: "Config", now: datetime, wish: Wish, before: Outcome) -> Given:
    """Resolve what was typed. Raises ConfigError."""
    directive, register = config.directive, before.assessment.register
    if not wish.reason.strip():
        msg = f"{_COMMANDS[wish.kind]} needs a reason"
        raise ConfigError(msg, hint='--reason "…": who reads it later wants to know why')
    scope = (
        f"school:{naming.school(register.schools, wish.scope)}"
        if wish.kind == "waive"
        else naming.scope(register, directive, wish.scope)
    )
    label = ""
    obligation = naming.obligation(directive, wish.obligation) if wish.obligation else None
    if obligation is not None:
        label = naming.period(obligation, wish.period, config.zone) or ""
        recurring = obligation.every is not None
        if wish.kind == "extend" and obligation.within is not None:
            msg = f"{obligation.id} runs in hours from an incident: it cannot be extended by days"
            raise ConfigError(msg, hint="automator waive takes one incident out, with --period")
        if wish.kind == "extend" and recurring and not label:
            msg = f"{obligation.id} is recurring: which period is extended?"
            raise ConfigError(msg, hint="--period 2021-02 (or 02/2021)")
        if label and not recurring and obligation.within is None:
            msg = f"{obligation.id} is owed once: --period goes with a recurring one"
            raise ConfigError(msg)
    first, last = _day(config, "--from", wish.first_day), _day(config, "a day", wish.last_day)
    if first is not None and last is not None and last < first:
        msg = f"the last day {last} lies before the first, {first}"
        raise ConfigError(msg)
    return Given(
        kind=wish.kind,
        scope=scope,
        obligation=obligation.id if obligation else "",
        period=label,
        first_day=first,
        last_day=last,
        until=_until(config, now, wish.until),
        reason=" ".join(wish.reason.split()),
        who=account(),
        given_at=now,
    )


def _day(config: "Config", flag: str, text: str | None) -> date | None:
    return naming.moment(flag, text, config.zone).day if text is not None else None


def _until(config: "Config", now: datetime, text: str | None) -> datetime | None:
    if text is None:
        return None
    until = naming.end(naming.moment("--until", text, config.zone), config.zone)
    if until <= now:
        msg = f"--until {text!r} is over already"
        raise ConfigError(msg, hint="a pause ends later than now")
    return until


def account() -> str:
    """Return the name of the account that gives the decision."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name
        return "?"
