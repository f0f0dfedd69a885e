"""Pruning a ledger from the command line: from which day on everything stays."""

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from automator.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from automator.config import Config
    from automator.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was taken out, or would be, that ended before `before` (local midnight, aware).

    `bytes_before` and `bytes_after` are the size of the ledger's file, None for a server.
    `note` says why the file could not be made smaller, "" where it could.
    """

    before: datetime
    messages: int
    runs: int
    bytes_before: int | None
    bytes_after: int | None
    note: str = ""


def cutoff(config: "Config", now: datetime, before: str | None, keep: str | None) -> datetime:
    """Return the local midnight from which on everything stays.

    `before` is a day ("2025-09-01"), `keep` a duration ("400 days") that ends at `now`. Raises
    ConfigError unless exactly one of them is given and can be read.
    """
    if (before is None) == (keep is None):
        msg = "name the day: --before 2025-09-01, or --keep '400 days'"
        raise ConfigError(msg)
    day = _day(before) if before is not None else (now - _kept(keep or "")).date()
    return datetime.combine(day, time(), config.zone)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as fault:
        msg = f"--before {text!r} is no day"
        raise ConfigError(msg, hint="for example 2025-09-01") from fault


def _kept(text: str) -> timedelta:
    from automator.config.fields import duration

    try:
        return duration(text)
    except (ValueError, OverflowError) as fault:
        msg = f"--keep {text!r} is no duration"
        raise ConfigError(msg, hint='for example "400 days"') from fault


def prune(config: "Config", before: datetime, *, dry_run: bool) -> Result:
    """Take what ended before an instant out of the ledger, and make its file smaller.

    Holds the lock, except for a dry run, which writes nothing. Raises LeaseHeld, LedgerUnusable,
    or ConfigError for an instant so late that a run could miss what is gone.
    """
    from automator.ledger import care

    care.existing(config.ledger).close()
    with _opened(config, dry_run=dry_run) as ledger:
        last = ledger.prunable()
        if last is not None and before > last:
            day = f"{last.astimezone(config.zone):%Y-%m-%d}"
            msg = f"{before:%Y-%m-%d} is too late: mails of the last 30 days always stay"
            raise ConfigError(msg, hint=f"the latest day is {day}")
        size = _size(ledger.path)
        found = ledger.prune(before, only_count=dry_run)
        note = "" if dry_run else ledger.compact()
        return Result(
            before=before,
            messages=found.messages,
            runs=found.runs,
            bytes_before=size,
            bytes_after=_size(ledger.path),
            note=note,
        )


@contextmanager
def _opened(config: "Config", *, dry_run: bool) -> "Iterator[Ledger]":
    from automator.ledger.ledger import Ledger

    with (
        Ledger.open(config.ledger, config.workbook.id, readonly=dry_run) as ledger,
        nullcontext() if dry_run else ledger.lock(),
    ):
        yield ledger


def _size(path: "Path | None") -> int | None:
    return None if path is None else path.stat().st_size
