"""Hands over what a run has planned: the budget, the connections, what stopped them."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING

from automator.core.budget import DAY, Limits, Waiting, too_many, within
from automator.courier import Round, carry
from automator.errors import MailRefused
from automator.pacing import Queue
from automator.rendering import Progress

if TYPE_CHECKING:
    from automator.ledger.ledger import Ledger
    from automator.mail.base import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """With what a run delivers: one transport for each connection beside the first.

    `clock` gives seconds that never go back, `sleep` waits so many of them; without one the
    wait ends early where the run is stopped.
    """

    limits: Limits = field(default_factory=Limits)
    connections: int = 1
    another: "Callable[[], Transport] | None" = None
    clock: Callable[[], float] = monotonic
    sleep: Callable[[float], object] | None = None


def deliver(
    ledger: "Ledger",
    transport: "Transport",
    now: datetime,
    progress: Progress,
    means: Means | None = None,
) -> str:
    """Hand over what is pending at `now`, each message once. Return why it stopped early, or "".

    The connection comes before the first claim: what is claimed is about to leave, and a
    wrong password or a server that is away costs no message a try.
    """
    means = means or Means()
    pending = ledger.waiting(now)
    spent = ledger.recipients_since(now - DAY) if means.limits.day else 0
    going = within(pending, means.limits.day, spent)
    if going:
        queue = Queue(going, means.limits)
        shared = Round(ledger, queue, now, progress, means.clock, means.sleep)
        try:
            transport.connect()
            with ledger.many_writes():
                _all(shared, transport, means, len(going))
        except MailRefused as fault:
            return fault.message
    return _beyond(pending, going, means.limits.day)


def _beyond(pending: tuple[Waiting, ...], going: tuple[Waiting, ...], limit: int | None) -> str:
    """Return what to say of the messages that the day has no room for, "" if there are none."""
    said: list[str] = []
    never = sum(limit is not None and too_many(one, limit) for one in pending)
    left = len(pending) - len(going) - never
    if never:
        said.append(
            f"{never} mails have more recipients than the daily limit of {limit} leaves them and "
            "never leave: raise `daily_limit` in [mail]"
        )
    if left:
        said.append(
            f"the daily limit of {limit} recipients is used up: {left} mails wait for a later run, "
            "urgent ones first"
        )
    return "; ".join(said)


def _all(shared: Round, transport: "Transport", means: Means, messages: int) -> None:
    """Work the queue off on every connection; the first fault stops them all and is raised."""
    faults: list[BaseException] = []
    more = min(means.connections, messages) - 1 if means.another else 0
    threads = [Thread(target=_beside, args=(shared, means, faults)) for _ in range(more)]
    for thread in threads:
        thread.start()
    try:
        carry(shared, transport)
        for thread in threads:
            thread.join()
    except BaseException:
        shared.stop.set()
        raise
    finally:  # whatever they have in hand is put on record first
        for thread in threads:
            thread.join()
    if faults:
        raise faults[0]


def _beside(shared: Round, means: Means, faults: list[BaseException]) -> None:
    """Work on one more connection; where the server grants none, the first one does it all."""
    assert means.another is not None
    with closing(means.another()) as transport:
        try:
            transport.connect()
        except MailRefused:
            return
        try:
            carry(shared, transport)
        except BaseException as fault:  # it is raised where the run waits for this thread
            faults.append(fault)
            shared.stop.set()
