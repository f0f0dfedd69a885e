"""A progress bar on long work, for a person at a terminal; nobody else sees anything."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from automator.rendering import Progress

LONG = 20


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Give a callback that shows how far a run is, on stderr."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _of: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    with Bar(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, of: int) -> None:
            if of < LONG:
                return
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=of)
            bar.update(tasks[what], completed=done)

        yield show
