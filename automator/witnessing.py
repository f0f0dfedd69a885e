"""The witness of a ledger: where it is, what it says of the ledger, writing it anew."""

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from automator.core.memory import Memory

if TYPE_CHECKING:
    from automator.config import Config
    from automator.ledger.ledger import Ledger


def place(ledger: "Ledger", config: "Config") -> Path:
    """Return where the witness is: beside the file of a ledger ("automator.db.run").

    That of a server's database lies beside config.toml, or in the working directory where
    there is none, under the name of the workbook.
    """
    if ledger.path is not None:
        return ledger.path.with_name(f"{ledger.path.name}.run")
    folder = Path.cwd() if config.packaged else config.path.parent
    return folder / f"automator-{re.sub(r'[^A-Za-z0-9._-]', '_', ledger.workbook)}.run"


def compare(ledger: "Ledger", config: "Config") -> str:
    """Mark a ledger that has gone back behind its witness; every run then holds all mails.

    Return a note for the operator, "" where there is nothing to say.
    """
    path = place(ledger, config)
    found = ledger.behind(path, config.zone)
    if found is not None:
        ledger.mark_restored(found)
    if path.exists() or ledger.last_run() is None:
        return ""
    return (
        f"there is no {path.name} beside the ledger: whether it was restored from an old copy"
        " cannot be told; the file is written now"
    )


def seen(memory: Memory, ledger: "Ledger", config: "Config") -> Memory:
    """Return the memory with what the witness says of the ledger; nothing is written."""
    if memory.restored is not None:
        return memory
    return replace(memory, restored=ledger.behind(place(ledger, config), config.zone))


def testify(ledger: "Ledger", config: "Config") -> str:
    """Write down how far the ledger has come; return why that could not be done, or ""."""
    path = place(ledger, config)
    try:
        ledger.testify(path)
    except OSError as fault:
        reason = (fault.strerror or type(fault).__name__).lower()
        return f"cannot write {path}, by which a restored ledger is known: {reason}"
    return ""
