"""Rendered mails between their making and the ledger: on disk, unnamed, gone with the process."""

import errno
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import IO, Self

from automator.core.message import Message
from automator.errors import LedgerUnusable

IN_MEMORY = 4 << 20
"""Bytes up to which no file is made: the mails of a usual day."""


class Spool:
    """Keeps the bytes of messages outside of memory, until they are read back one by one.

    `build` gives a message its MIME bytes; one that it leaves without any (no transport would
    take it) stays whole in memory: its fault is told when it is to be sent.
    """

    def __init__(self, build: Callable[[Message], Message]) -> None:
        self._build = build
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self._places: dict[str, tuple[int, int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def keep(self, message: Message) -> Message:
        """Take `message` in and return its head. Raises LedgerUnusable where no room is left."""
        built = self._build(message)
        if not built.mime:
            return message
        try:
            start = self._file.seek(0, os.SEEK_END)
            self._file.write(built.mime)
        except OSError as fault:
            raise _no_room(fault) from fault
        self._places[message.id] = (start, len(built.mime))
        return head(message)

    def whole(self, heads: Iterable[Message]) -> Iterator[Message]:
        """Yield the messages of `heads` with their bytes, one at a time."""
        for known in heads:
            place = self._places.get(known.id)
            if place is None:
                yield known
                continue
            start, length = place
            try:
                self._file.seek(start)
                content = self._file.read(length)
            except OSError as fault:
                raise _no_room(fault) from fault
            yield replace(known, mime=content)


def head(message: Message) -> Message:
    """Return `message` without what takes room: who is told what, by which subject."""
    return replace(message, text="", html="", attachments=(), mime=b"")


def _no_room(fault: OSError) -> LedgerUnusable:
    what = os.strerror(fault.errno or errno.EIO)
    return LedgerUnusable(
        f"the mails of this run cannot be kept in {tempfile.gettempdir()}: {what}",
        hint="free space there, or name another folder in the variable TMPDIR",
    )
