"""`automator contacts`: the addresses of schools, and approving those that have changed."""

import json as encoder
import sys
from collections.abc import Iterable
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
    reading_config,
)

if TYPE_CHECKING:
    from datetime import datetime

    from automator.contacting import Line

app = typer.Typer(
    help="Where mail to schools goes, and approving addresses that have changed.",
    no_args_is_help=True,
)


@app.command("list")
def list_contacts(
    pending: Annotated[
        bool, typer.Option("--pending", help="Only schools whose new address waits.")
    ] = False,
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """List the addresses of every school in full, and what became of them."""
    from automator import contacting

    settings = reading_config(config, workbook, ledger)
    at = instant(now, settings.zone)
    found = contacting.look(settings, at)
    _print([line for line in found if line.pending or not pending], at, json=json)


@app.command("show")
def show(
    school: Annotated[str, typer.Argument(metavar="SCHOOL", help="Code or name.")],
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """Show the addresses of one school, who approved them and when."""
    from automator import contacting

    settings = reading_config(config, workbook, ledger)
    at = instant(now, settings.zone)
    _print([contacting.one(settings, at, school)], at, json=json)


@app.command("approve")
def approve(
    schools: Annotated[
        list[str] | None, typer.Argument(metavar="SCHOOL...", help="Codes or names.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Approve all that waits.")] = False,
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """Say that a school's addresses are right as they stand; the next run mails them.

    Exit codes: 0 fine, 2 no such school, 3 workbook unreadable, 4 a run holds the lock,
    5 the ledger is unusable.
    """
    from automator import contacting

    named = contacting.needed(schools, everything=everything)
    settings = load_config(config, workbook, ledger)
    at = instant(now, settings.zone)
    _print(contacting.approve(settings, at, named, everything=everything), at, json=json)


def _print(lines: Iterable["Line"], at: "datetime", *, json: bool) -> None:
    found = list(lines)
    if json:
        document = {
            "schema": 1,
            "now": at.isoformat(),
            "contacts": [line.as_json() for line in found],
        }
        print(encoder.dumps(document, ensure_ascii=False, indent=1))
        return
    for line in found:
        for address in line.addresses:
            also = f"also of {', '.join(address.also)}" if address.also else ""
            print("\t".join((line.school, address.state, address.address, _signed(line), also)))
        if not line.addresses:
            print("\t".join((line.school, "none", "", "", "")))
    if not found:
        print("automator: nothing waits for approval", file=sys.stderr)


def _signed(line: "Line") -> str:
    from automator.wording import instant_words

    if line.approved_at is None:
        return ""
    by = f"approved by {line.approved_by}" if line.approved_by else "first seen"
    return f"{by}, {instant_words(line.approved_at)}"
