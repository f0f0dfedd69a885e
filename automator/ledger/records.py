"""What the ledger hands out beside the memory: runs and messages, for reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from automator import __version__
from automator.core.memory import TellKey
from automator.core.message import State


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run: its instant `now` (aware), the command it served, the program's version.

    `id` is 0 until the ledger gives one; `state` is "begun", then "ended" at `ended_at` with
    `counts`. A run that stays "begun" was stopped on its way.
    """

    now: datetime
    kind: str = "run"
    version: str = __version__
    id: int = 0
    state: str = "begun"
    ended_at: datetime | None = None
    counts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message without its body. `run` is the last run that planned or dropped it.

    `since`: when it was first queued; `settled_at`: when it was sent, refused or doubted;
    `retry_at`: when a deferred one may be tried again; `refused`: recipients that the server
    turned down while it took the others; `detail`: why it is held, deferred or failed.
    """

    id: str
    unit: str
    role: str
    kind: str
    recipients: tuple[str, ...]
    subject: str
    state: State
    at: datetime
    since: datetime
    run: int
    steps: tuple[TellKey, ...] = ()
    weeks: tuple[str, ...] = ()
    detail: str = ""
    refused: tuple[str, ...] = ()
    settled_at: datetime | None = None
    retry_at: datetime | None = None
