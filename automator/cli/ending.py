"""Ends a run in order when the system asks for it: what is on its way is put on record first."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

TERMINATED = 128 + signal.SIGTERM
"""The exit code of a run that SIGTERM ended, as a shell shows it."""


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Make SIGTERM an exception inside, which passes through what must be written down.

    Only the main thread may say so; in another one nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(TERMINATED)
