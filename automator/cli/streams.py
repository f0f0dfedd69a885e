"""What a process is given: its arguments as text, its streams so that writing to them is safe."""

import errno
import os
import sys
from collections.abc import Sequence

from automator.errors import ConfigError

LONGEST = 1000
"""So many characters of one line of a fault are shown; an argument may be as long as it likes."""
_LOST = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)


def make_ready() -> None:
    """Let stdout and stderr write any text as UTF-8; one that is closed swallows what it is told.

    A closed stderr would otherwise speak on stdout, which carries nothing but the answer.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def arguments(argv: Sequence[str]) -> list[str]:
    """Return the arguments as the text that was typed, whatever the locale made of their bytes.

    Raises ConfigError for one that is no UTF-8: nothing can be looked up by it, nor written down.
    """
    try:
        return [os.fsencode(a).decode() if _torn(a) else a for a in argv]
    except UnicodeError as fault:
        torn = next(a for a in argv if _torn(a))
        msg = f"the argument {torn!r} is not UTF-8"
        raise ConfigError(msg, hint="set the terminal, or the script, to UTF-8") from fault


def _torn(argument: str) -> bool:
    """Tell whether it holds bytes that the locale could not read (or halves of a character)."""
    return any("\ud800" <= c <= "\udfff" for c in argument)


def is_lost(fault: OSError) -> bool:
    """Tell whether a fault is that of stdout on a full or broken disk: files name themselves."""
    return fault.filename is None and fault.errno in _LOST


def give_up_stdout() -> None:
    """Let what waits to be written to stdout go nowhere, or Python would try anew at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def one_line(text: str) -> str:
    """Return a line of a fault as a terminal may show it: no control characters, not endless."""
    plain = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"
