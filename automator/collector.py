"""Python's collector of cycles, paused while one run builds what it keeps anyway."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the collector of cycles; it goes on afterwards if it was on.

    A turn builds values by the hundred thousand and no cycles among them; the collector would
    walk through all of them again and again and find nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
