"""`automator bounces`: which addresses mail came back from, and which are good again."""

import json as encoder
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from automator.cli.options import (
    ConfigFile,
    Json,
    LedgerTarget,
    Now,
    WorkbookFile,
    instant,
    load_config,
)
from automator.core.memory import Bounce
from automator.errors import ConfigError

if TYPE_CHECKING:
    from automator.config import Config


def command(
    *,
    listed: Annotated[
        bool, typer.Option("--list", help="Show what is known; read no mailbox.")
    ] = False,
    clear: Annotated[
        str | None,
        typer.Option("--clear", metavar="ADDRESS", help="The address is good: mail it again."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what is new; write nothing down.")
    ] = False,
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """Read the delivery notices in the mailbox of [mail.imap]; mail no dead address any more.

    The mailbox stays as it is. Exit codes: 0 fine, 2 no mailbox, or it cannot be read, 4 a run
    holds the lock, 5 the ledger is unusable.
    """
    from automator import bouncing

    if listed and clear is not None:
        raise ConfigError("--list and --clear do not go together")  # noqa: EM101
    settings = load_config(config, workbook, ledger)
    at = instant(now, settings.zone)
    if clear is not None:
        count = bouncing.clear(settings, at, clear, dry_run=dry_run)
        _cleared(clear, count, at, as_json=json, dry_run=dry_run)
        return
    if listed:
        _show(settings, at, bouncing.known(settings), as_json=json)
        return
    reading = bouncing.read(settings, at, dry_run=dry_run)
    new = len(reading.fresh)
    print(f"automator: notices name {reading.named} recipients, {new} new", file=sys.stderr)
    _show(settings, at, reading.fresh, as_json=json, dry_run=dry_run)


def _cleared(address: str, count: int, now: datetime, *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        document = {
            "schema": 1,
            "now": now.isoformat(),
            "dry_run": dry_run,
            "cleared": {"address": address, "mails": count},
        }
        print(encoder.dumps(document, ensure_ascii=False, indent=1))
        return
    done = "would be mailed again" if dry_run else "is mailed again from the next run on"
    print(f"{address} {done} ({count} mails had come back)")


def _show(
    settings: "Config",
    now: datetime,
    bounces: Sequence[Bounce],
    *,
    as_json: bool,
    dry_run: bool = False,
) -> None:
    from automator import bouncing
    from automator.wording import instant_words

    if as_json:
        plain = [bouncing.as_json(b, settings) for b in bounces]
        document = {"schema": 1, "now": now.isoformat(), "dry_run": dry_run, "bounces": plain}
        print(encoder.dumps(document, ensure_ascii=False, indent=1))
        return
    for b in bounces:
        at = instant_words(b.at.astimezone(settings.zone))
        state = f"cleared by {b.cleared_by}" if b.cleared_at else b.fate
        print("\t".join((b.address, state, b.status or "-", at, b.message[:8], b.detail)))
    if not bounces:
        print("automator: there is none", file=sys.stderr)
