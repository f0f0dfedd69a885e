"""One connection at work: claim, send, settle, one message after another."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from threading import Event, Lock
from typing import TYPE_CHECKING

from automator.core.message import Ended, Message, Refusal, State
from automator.errors import LedgerUnusable
from automator.pacing import Queue
from automator.rendering import Progress

if TYPE_CHECKING:
    from automator.ledger.ledger import Ledger
    from automator.mail.base import Transport


class Taken:
    """A message that was claimed. What its claim wrote is on record from `keep` on.

    Nobody else can write before: it must come soon, and before the body leaves.
    """

    def __init__(self, message: Message, end: ExitStack) -> None:
        self.message = message
        self._end = end

    def keep(self) -> None:
        """Commit; safe to call again. Raises LedgerUnusable: then nothing was claimed."""
        self._end.close()


class Round:
    """What the connections of a run share: the queue, the ledger, and the word to stop."""

    def __init__(
        self,
        ledger: "Ledger",
        queue: Queue,
        now: datetime,
        progress: Progress,
        clock: Callable[[], float],
        sleep: Callable[[float], object] | None,
    ) -> None:
        self.ledger = ledger
        self.now = now
        self.stop = Event()
        self._queue = queue
        self._of = len(queue)
        self._progress = progress
        self._clock = clock
        self._sleep = sleep or self.stop.wait
        self._lock = Lock()

    def next(self, ended: Ended | None) -> Taken | None:
        """Write down how the last message ended and claim the next one, in one commit.

        It is made by `Taken.keep`, at once where nothing was taken. Where the next one must
        wait, the last is on record before.
        """
        while True:
            name, wait = self._choose()
            if wait:
                self._record(ended, None)
                ended = None
                self._sleep(wait)
                name = None if self.stop.is_set() else name
            taken = self._record(ended, name)
            if taken is not None or name is None:
                return taken
            ended = None  # on record; this one was told meanwhile: try the one after

    def _choose(self) -> tuple[str | None, float]:
        with self._lock:
            chosen = None if self.stop.is_set() else self._queue.take(self._clock())
            self._progress("sending", self._of - len(self._queue) - bool(chosen), self._of)
        return chosen or (None, 0.0)

    def _record(self, ended: Ended | None, name: str | None) -> Taken | None:
        if ended is None and name is None:
            return None
        with ExitStack() as end:
            # one writer at a time; threads that wait for a file's lock only poll
            end.enter_context(self._lock)
            message = end.enter_context(self.ledger.settling_and_claiming(ended, name))
            return None if message is None else Taken(message, end.pop_all())


def carry(shared: Round, transport: "Transport") -> None:
    """Hand over what waits until nothing is left. Raises what stops the run, all on record."""
    taken = shared.next(None)
    while taken is not None:
        taken = shared.next(_hand_over(shared, transport, taken))


def _hand_over(shared: Round, transport: "Transport", taken: Taken) -> Ended:
    """Send once. Whatever breaks it off is written down before it goes on its way.

    The claim is committed while the server reads the envelope.
    """
    leaving = False

    def handing_over() -> None:
        nonlocal leaving
        taken.keep()
        leaving = True

    try:
        refusal = transport.send(taken.message, handing_over, taken.keep)
        taken.keep()
    except LedgerUnusable:  # nothing was claimed, and nothing can be written down
        raise
    except BaseException as fault:
        taken.keep()
        _broken_off(shared, taken.message, fault, leaving=leaving)
        raise
    return how_it_ended(taken.message.id, refusal, shared.now)


def _broken_off(shared: Round, message: Message, fault: BaseException, *, leaving: bool) -> None:
    """Queue the message again if surely nothing of it left, else put it in doubt."""
    why = getattr(fault, "message", "") or f"broken off: {type(fault).__name__}"
    if leaving:
        shared.ledger.settle(message.id, State.IN_DOUBT, shared.now, why)
    else:
        shared.ledger.put_back(message.id, why)


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
    return Ended(
        id=message,
        state=state,
        at=at,
        detail=refusal.reason,
        refused=refusal.refused,
        dead=refusal.dead,
    )
