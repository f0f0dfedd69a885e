"""Asks again what a server could not answer just now: patiently, and never for ever."""

from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, nap, retry_if_exception, wait_exponential_jitter

T = TypeVar("T")
Sleep = Callable[[float], None]
Transient = Callable[[BaseException], float | None]
"""Tells of a fault how many seconds its server asks to wait (0: it did not say), None if asking
again is of no use."""

BUDGET = 180.0
"""Seconds that one run may lose to a server in all; Google counts its quota by the minute."""
TRIES = 8


class Patience:
    """How much time is left to lose. What one call has used up, the next ones have no more.

    Between tries it waits 1, 2, 4 … seconds, at most 60, and up to one more by chance; longer
    where the server says so. `sleep` takes seconds.
    """

    def __init__(self, sleep: Sleep | None = None, budget: float = BUDGET) -> None:
        self._sleep = sleep or nap.sleep
        self._left = budget
        self._backoff = wait_exponential_jitter(initial=1, max=60, jitter=1)

    def call(self, action: Callable[[], T], transient: Transient) -> T:
        """Return what `action` returns; raises what it raised last."""
        state: list[RetryCallState] = []

        def wait(current: RetryCallState) -> float:
            asked = transient(_fault(current)) or 0.0
            return max(asked, self._backoff(current))

        def stop(current: RetryCallState) -> bool:
            state[:] = [current]
            too_long = _lost(current) + current.upcoming_sleep > self._left
            return too_long or current.attempt_number >= TRIES

        retrying = Retrying(
            sleep=self._sleep,
            wait=wait,
            stop=stop,
            retry=retry_if_exception(lambda fault: transient(fault) is not None),
            reraise=True,
        )
        try:
            return retrying(action)
        finally:
            self._left -= _lost(state[0]) if state else 0.0


def _fault(state: RetryCallState) -> BaseException:
    fault = state.outcome.exception() if state.outcome is not None else None
    assert fault is not None  # only a fault is waited for
    return fault


def _lost(state: RetryCallState) -> float:
    """Return the seconds since the first try; where nobody really slept, those asked for."""
    return max(state.idle_for, state.seconds_since_start or 0.0)
