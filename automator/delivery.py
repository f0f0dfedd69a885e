"""Hands over what a run has planned: connect, claim, send, settle; one commit a mail."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from automator.core.message import Ended, Message, Refusal, State
from automator.errors import MailRefused
from automator.rendering import Progress

if TYPE_CHECKING:
    from automator.ledger.ledger import Ledger
    from automator.mail.base import Transport


def deliver(ledger: "Ledger", transport: "Transport", now: datetime, progress: Progress) -> str:
    """Hand over what is pending at `now`, each message once. Return why it stopped early, or "".

    The connection comes before the first claim: what is claimed is about to leave, and a
    wrong password or a server that is away costs no message a try.
    """
    pending = ledger.pending(now)
    if not pending:
        return ""
    try:
        transport.connect()
        _Courier(ledger, transport, now, progress, pending).run()
    except MailRefused as fault:
        return fault.message
    return ""


class _Courier:
    """Takes messages from the ledger, one after another, and hands them to a transport."""

    def __init__(
        self,
        ledger: "Ledger",
        transport: "Transport",
        now: datetime,
        progress: Progress,
        pending: Sequence[str],
    ) -> None:
        self._ledger = ledger
        self._transport = transport
        self._now = now
        self._progress = progress
        self._waiting = deque(pending)
        self._of = len(pending)

    def run(self) -> None:
        """Hand over all that waits. Raises MailRefused where the server takes nothing more."""
        message = self._next(None)
        while message is not None:
            self._progress("sending", self._of - len(self._waiting) - 1, self._of)
            message = self._next(self._hand_over(message))
        self._progress("sending", self._of, self._of)

    def _next(self, ended: Ended | None) -> Message | None:
        """Write down how the last message ended and claim the next one, in one commit."""
        while self._waiting or ended is not None:
            name = self._waiting.popleft() if self._waiting else None
            taken = self._ledger.settle_and_claim(ended, name)
            if taken is not None:
                return taken
            ended = None  # on record; the next one was told meanwhile: try the one after
        return None

    def _hand_over(self, message: Message) -> Ended:
        """Send once. Whatever breaks it off is written down before it goes on its way."""
        leaving = False

        def handing_over() -> None:
            nonlocal leaving
            leaving = True

        try:
            refusal = self._transport.send(message, handing_over)
        except BaseException as fault:
            self._broken_off(message, fault, leaving=leaving)
            raise
        return how_it_ended(message.id, refusal, self._now)

    def _broken_off(self, message: Message, fault: BaseException, *, leaving: bool) -> None:
        """Queue the message again if surely nothing of it left, else put it in doubt."""
        why = getattr(fault, "message", "") or f"broken off: {type(fault).__name__}"
        if leaving:
            self._ledger.settle(message.id, State.IN_DOUBT, self._now, why)
        else:
            self._ledger.put_back(message.id, why)


def how_it_ended(message: str, refusal: Refusal | None, at: datetime) -> Ended:
    """Return the state in which a message ends that the transport has answered for."""
    if refusal is None:
        return Ended(id=message, state=State.SENT, at=at)
    if refusal.refused:
        state = State.SENT
    elif refusal.in_doubt:
        state = State.IN_DOUBT
    else:
        state = State.FAILED if refusal.permanent else State.DEFERRED
    return Ended(id=message, state=state, at=at, detail=refusal.reason, refused=refusal.refused)
