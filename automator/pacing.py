"""The queue of a run: which message leaves next, and how long to wait for it."""

from collections import defaultdict, deque
from collections.abc import Sequence

from automator.core.budget import MINUTE, Limits, Waiting, pause

LOOK_AHEAD = 200
"""So many messages are looked at for one whose domain is free."""


class Queue:
    """Messages in the order in which they should leave, held to rates. Not thread-safe."""

    def __init__(self, waiting: Sequence[Waiting], limits: Limits) -> None:
        self._waiting = deque(waiting)
        self._limits = limits
        self._left: deque[float] = deque()
        self._by_domain: dict[str, deque[float]] = defaultdict(deque)

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self, now: float) -> tuple[str, float] | None:
        """Return the id that leaves next and the seconds to wait before it; None: none is left.

        The first whose domains are free goes first; where all must wait, the first that may.
        """
        if not self._waiting:
            return None
        best, shortest = 0, float("inf")
        for place, one in enumerate(self._waiting):
            wait = self._wait(one, now)
            if wait < shortest:
                best, shortest = place, wait
            if not wait or place >= LOOK_AHEAD:
                break
        chosen = self._waiting[best]
        del self._waiting[best]
        self._note(chosen, now + shortest)
        return chosen.id, shortest

    def _wait(self, one: Waiting, now: float) -> float:
        per_domain = (
            pause(self._by_domain[domain], self._limits.domain_minute, now)
            for domain in one.domains
        )
        return max(pause(self._left, self._limits.minute, now), *per_domain, 0.0)

    def _note(self, one: Waiting, at: float) -> None:
        """Count a message that leaves at `at`; what is older than a minute counts no more."""
        for times in (self._left, *(self._by_domain[domain] for domain in one.domains)):
            times.append(at)
            while times[0] <= at - MINUTE:
                times.popleft()
