"""Flags that commands share, and how they become a configuration and a `now`."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from automator.errors import ConfigError

if TYPE_CHECKING:
    from automator.config import Config

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Default: ./config.toml, else the packaged one."),
]
WorkbookFile = Annotated[
    Path | None, typer.Option("--workbook", metavar="FILE", help="Read this .xlsx instead.")
]
LedgerTarget = Annotated[
    str | None, typer.Option("--ledger", metavar="FILE-or-URL", help="Use this ledger instead.")
]
OutboxFolder = Annotated[
    Path | None, typer.Option("--outbox", metavar="DIR", help="Write mails here instead.")
]
Now = Annotated[
    str | None,
    typer.Option(
        "--now", metavar="ISO-8601", help="Act as at this instant (no offset: the office's zone)."
    ),
]
YEARS = range(2000, 2100)
"""What --now may name: outside lies a slip of the finger, not a directive."""
Json = Annotated[bool, typer.Option("--json", help="Print the JSON document.")]


def load_config(
    config: Path | None,
    workbook: Path | None = None,
    ledger: str | None = None,
    outbox: Path | None = None,
) -> "Config":
    """Return the configuration with the flags' overrides."""
    from automator.config import load

    return load(config, workbook=workbook, ledger=ledger, outbox=outbox)


def reading_config(config: Path | None, workbook: Path | None, ledger: str | None) -> "Config":
    """Return the configuration for a command that only reads.

    A ledger that was named and is not there may be a slip: its answer would pass for one of a
    ledger without a run, so stderr says so.
    """
    settings = load_config(config, workbook, ledger)
    if ledger and "://" not in ledger and not Path(ledger).exists():
        print(f"automator: there is no ledger at {ledger}: no run is known", file=sys.stderr)
    return settings


def instant(text: str | None, zone: ZoneInfo) -> datetime:
    """Return the instant that --now names, else the present, in `zone`.

    Raises ConfigError for what is no ISO-8601 instant of the years that calendars know.
    """
    if text is None:
        return datetime.now(zone)
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as fault:
        msg = f"--now {text!r} is not an ISO-8601 instant"
        raise ConfigError(msg, hint="for example 2021-02-26T07:00:00+07:00") from fault
    if at.year not in YEARS:
        msg = f"--now {text!r} lies outside the years {YEARS.start} to {YEARS.stop - 1}"
        raise ConfigError(msg, hint="for example 2021-02-26T07:00:00+07:00")
    return at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)
