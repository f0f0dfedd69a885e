"""Messages by hand: finding one by its code, what holds it up, trying again, throwing away."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from automator import contacting, giving, witnessing, worker
from automator.core.contacts import masked, masked_within
from automator.core.message import State
from automator.core.turn import Outcome
from automator.core.unknown import RELEASE
from automator.errors import ConfigError
from automator.report import instant

if TYPE_CHECKING:
    from automator.config import Config
    from automator.ledger.ledger import Ledger
    from automator.ledger.records import MessageRow

CODE = 8
"""So many digits of a message's id stand in the footer of its mail."""
SHORTEST = 4
"""Fewer digits of a code name too many messages."""
LONGEST = 100
"""More digits than any id has: a database would refuse to look for them."""
UNSENT = (State.HELD, State.FAILED, State.IN_DOUBT, State.DEFERRED, State.QUEUED)
"""States of what is not sent, what asks most of the operator first."""

_HELD = {
    "first_run": "if the plan is right: automator run --first-run",
    "templates": "too many mails could not be rendered: mend the templates, the next run sends",
    "broken": "too many schools could not be judged: a fault of the program, tell its developer",
    "breaker": "mend the workbook, or: automator outbox release KEY (see what waits)",
    "old_duty": "if it is to be chased: automator outbox release KEY (see what waits)",
    "ledger_unknown": "automator outbox release ledger",
    "address_not_approved": "automator contacts approve",
}
_ADVICE = {
    State.QUEUED: "the next run sends it, if its plan still wants it",
    State.DEFERRED: "the server puts it off; every run tries once its pause is over",
    State.FAILED: "mend the address, or: automator outbox retry CODE",
    State.IN_DOUBT: "it may have arrived: ask its reader; to end it: automator outbox discard CODE",
}


def advice(row: "MessageRow") -> str:
    """Return what the operator can do about a message, "" where there is nothing to do."""
    if row.state is State.HELD:
        return _HELD.get(row.detail, "see what waits for a decision")
    if row.state is State.FAILED and row.detail.startswith("template"):
        return "mend the template; the next run tries anew"
    if row.state is State.FAILED and row.detail.startswith("broken"):
        return "a fault of the program: tell its developer; the next run tries anew"
    return _ADVICE.get(row.state, "").replace("CODE", row.id[:CODE])


def unsent(ledger: "Ledger", states: Collection[State] = ()) -> list["MessageRow"]:
    """Return the messages in `states` (none named: those not sent), the gravest state first."""
    order = [*UNSENT, *(s for s in State if s not in UNSENT)]
    rows = ledger.message_rows(states=states or UNSENT)
    return sorted(rows, key=lambda row: (order.index(row.state), row.since, row.id))


def as_json(row: "MessageRow", zone: ZoneInfo) -> dict[str, Any]:
    """Return a message as plain values; its addresses are masked."""
    return {
        "id": row.id,
        "code": row.id[:CODE],
        "state": row.state.value,
        "unit": row.unit,
        "role": row.role,
        "kind": row.kind,
        "addresses": [masked(a) for a in row.recipients],
        "subject": row.subject,
        "since": instant(row.since, zone),
        "settled_at": instant(row.settled_at, zone),
        "detail": masked_within(row.detail),
        "next_try": instant(row.retry_at, zone),
        "advice": advice(row),
        "steps": [
            {"instance": k.instance, "step": k.step, "episode": k.episode} for k in row.steps
        ],
        "weeks": list(row.weeks),
    }


def find(ledger: "Ledger", code: str) -> "MessageRow":
    """Return the message that a code names: digits of its id, or its Message-ID.

    Raises ConfigError if there is none, or if there are several: it then lists them.
    """
    found = matching(ledger, code)
    if len(found) == 1:
        return found[0]
    if not found:
        raise unknown_code(code)
    msg = f"the code {code} names {len(found)} messages"
    raise ConfigError(msg, hint="use more digits", faults=tuple(map(_candidate, found)))


def matching(ledger: "Ledger", code: str) -> Sequence["MessageRow"]:
    """Return the messages whose ids begin as `code` says, pruned ones too.

    Raises ConfigError if it is no code.
    """
    prefix = digits(code)
    rows = ledger.message_rows(prefix=prefix)
    known = {row.id for row in rows}
    return [*rows, *(row for row in ledger.told_rows(prefix) if row.id not in known)]


def digits(code: str) -> str:
    """Return a code as the beginning of an id. Raises ConfigError for what is none."""
    typed = re.sub(r"^.*[<:]|@.*$|\s|\.$", "", code).lower()
    if re.fullmatch(rf"[0-9a-z-]{{{SHORTEST},{LONGEST}}}", typed) is None:
        msg = f"{code[:LONGEST]!r} is no code of a mail"
        raise ConfigError(msg, hint=f"it stands in the footer: Mã thư, {CODE} digits and letters")
    return typed


def unknown_code(code: str) -> ConfigError:
    """Return the fault of a code that names nothing."""
    hint = "`automator outbox list --state sent` lists what was sent, with its codes"
    return ConfigError(f"the ledger has no message {code}", hint=hint)


def _candidate(row: "MessageRow") -> str:
    return f"{row.id[: 2 * CODE]}  {row.state.value}  {row.unit} as {row.role}: {row.subject}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which messages are meant: by their codes, or all in `states`."""

    codes: Sequence[str] = ()
    states: Collection[State] = ()


def retry(config: "Config", now: datetime, wish: Wish) -> list["MessageRow"]:
    """Free failed messages for the next run, and those deferred from their pause; return them.

    Raises ConfigError for one in another state, RunTooEarly, LeaseHeld, LedgerUnusable.
    """
    with _existing(config) as ledger, ledger.lock():
        _not_before(ledger, now)
        rows = _meant(ledger, wish)
        if State.DEFERRED in wish.states:  # and what is queued behind it, for the same reader
            rows += [row for row in unsent(ledger, [State.QUEUED]) if row.retry_at]
        for row in rows:
            if row.state not in (State.FAILED, State.DEFERRED) and not row.retry_at:
                raise _cannot(row, "tried again")
        ledger.retry([row.id for row in rows], now, giving.account())
    return rows


def discard(config: "Config", now: datetime, wish: Wish) -> list["MessageRow"]:
    """Throw messages away: their steps are told by no other message either; return them.

    Raises ConfigError for one that was sent or is no longer in the plan, RunTooEarly, LeaseHeld,
    LedgerUnusable.
    """
    with _existing(config) as ledger, ledger.lock():
        _not_before(ledger, now)
        rows = _meant(ledger, wish)
        for row in rows:
            if row.state not in UNSENT:
                raise _cannot(row, "thrown away")
        ledger.discard([row.id for row in rows], now, giving.account())
    return rows


def release(config: "Config", now: datetime, names: Collection[str], outcome: Outcome) -> str:
    """Write down what the operator lets go; the next run plans with it.

    Of `outcome`, in which he saw it: addresses are approved as they stood there. Return what
    could not be written, and will let the next run ask again, or "". Raises RunTooEarly,
    LeaseHeld, LedgerUnusable.
    """
    if not names:
        return ""
    schools = {n.removeprefix(contacting.KEY) for n in names if n.startswith(contacting.KEY)}
    rest = [n for n in names if not n.startswith(contacting.KEY)]
    with _opened(config) as ledger, ledger.lock():
        _not_before(ledger, now)
        # first: a witness that is ahead would ask again
        unseen = witnessing.testify(ledger, config) if RELEASE in names else ""
        if schools:
            contacting.approve_in(ledger, outcome, schools, now)
        if rest:
            ledger.release(rest, now, giving.account())
    return unseen


def _cannot(row: "MessageRow", done: str) -> ConfigError:
    msg = f"message {row.id[:CODE]} is {row.state.value}: it cannot be {done}"
    return ConfigError(msg, hint=_INSTEAD.get(row.state, "").replace("CODE", row.id[:CODE]))


_INSTEAD = {
    State.SENT: "it has been sent; `automator explain --message CODE` says to whom and why",
    State.QUEUED: "the next run sends it, if its plan still wants it",
    State.HELD: "`automator outbox list` says what it waits for",
    State.IN_DOUBT: "the next run looks it up, or sends it once more; or throw it away",
    State.SUPERSEDED: "no plan wants it any more",
    State.DISCARDED: "it was thrown away for good",
}


def _meant(ledger: "Ledger", wish: Wish) -> list["MessageRow"]:
    rows = {row.id: row for row in (find(ledger, code) for code in wish.codes)}
    if wish.states:
        rows |= {row.id: row for row in unsent(ledger, wish.states)}
    return list(rows.values())


def _not_before(ledger: "Ledger", now: datetime) -> None:
    last = ledger.last_run()
    giving.not_before(last.now if last else None, now)


def _existing(config: "Config") -> "Ledger":
    """Open the ledger. Raises LedgerUnusable where there is none: a slip must not make one."""
    from automator.ledger import care

    care.existing(config.ledger).close()
    return _opened(config)


def _opened(config: "Config") -> "Ledger":
    from automator.ledger.ledger import Ledger

    armed = worker.is_armed(config)
    return Ledger.open(config.ledger, config.workbook.id, armed=armed)
