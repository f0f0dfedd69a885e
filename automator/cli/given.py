"""What the commands `waive`, `extend` and `pause` share: list, revoke, show, write down."""

import json as encoder
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automator.cli.options import instant, load_config
from automator.errors import ConfigError

if TYPE_CHECKING:
    from automator.config import Config
    from automator.giving import Proposal, Wish

SHOWN = 60
"""So many changed instances are printed; `--json` has them all."""

Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept on record.")]
Period = Annotated[
    str | None,
    typer.Option("--period", metavar="P", help="2021-02, 02/2021, or an incident's code."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would change; write nothing down.")
]
ListThem = Annotated[bool, typer.Option("--list", help="List what stands, from every source.")]
Revoke = Annotated[
    int | None, typer.Option("--revoke", metavar="ID", help="Take a decision by hand back.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is common to a call of the three commands."""

    kind: str
    config: Path | None
    workbook: Path | None
    ledger: str | None
    now: str | None
    json: bool
    dry_run: bool
    listed: bool
    revoked: int | None


def needed(value: str | None, name: str) -> str:
    """Return an argument that may be left out only with --list and --revoke."""
    if value is None:
        msg = f"{name} is missing"
        raise ConfigError(msg, hint="`--list` shows what stands, `--revoke ID` takes one back")
    return value


def asks_otherwise(call: Call) -> bool:
    """Do what --list or --revoke asks; False if neither is there."""
    if not call.listed and call.revoked is None:
        return False
    settings = load_config(call.config, call.workbook, call.ledger)
    now = instant(call.now, settings.zone)
    if call.listed:
        _list(call, settings, now)
    elif call.revoked is not None:
        _revoke(call, settings, now, call.revoked)
    return True


def decide(call: Call, wish: "Wish") -> None:
    """Show what a decision changes and, unless it is a dry run, write it down."""
    from automator import giving

    settings = load_config(call.config, call.workbook, call.ledger)
    proposal = giving.propose(settings, instant(call.now, settings.zone), wish)
    number, state = None, "dry run: nothing was written"
    if not call.dry_run:
        given, new = giving.give(settings, proposal)
        number, state = given.id, "" if new else f"#{given.id} stands already"
    _show(call, settings, proposal, number, state)


def _revoke(call: Call, settings: "Config", now: datetime, number: int) -> None:
    from automator import giving

    proposal = giving.propose_revoking(settings, now, call.kind, number)
    state = "dry run: nothing was written"
    if not call.dry_run:
        state = "" if giving.revoke(settings, proposal) else f"#{number} was revoked before"
    _show(call, settings, proposal, number, state)


def _show(
    call: Call, settings: "Config", proposal: "Proposal", number: int | None, state: str
) -> None:
    found = proposal.changes
    if call.json:
        _print_json(call, settings, proposal, number)
    else:
        what = f"{call.kind} #{number}" if number else call.kind
        what = f"revoked {what}" if call.revoked is not None else what
        given = proposal.given
        about = " ".join((given.scope, given.obligation or "all", given.period)).strip()
        schools = len({c.instance.partition("/")[0] for c in found})
        print(f"{what}: {about}; changes {len(found)} instances of {schools} schools")
        for change in found[:SHOWN]:
            print(f"{change.instance}\t{change.school}\t{change.before} → {change.after}")
        if len(found) > SHOWN:
            print(f"… and {len(found) - SHOWN} more")
    if state:
        print(f"automator: {state}", file=sys.stderr)


def _print_json(call: Call, settings: "Config", proposal: "Proposal", number: int | None) -> None:
    from automator import listing

    line = listing.of(proposal.given, settings.zone).as_json(settings.zone)
    document = {
        "schema": 1,
        "now": proposal.now.isoformat(),
        "dry_run": call.dry_run,
        "revoked": call.revoked is not None,
        "decision": line | {"number": number},
        "changes": [
            {"instance": c.instance, "school": c.school, "before": c.before, "after": c.after}
            for c in proposal.changes
        ],
    }
    print(encoder.dumps(document, ensure_ascii=False, indent=1))


def _list(call: Call, settings: "Config", now: datetime) -> None:
    from automator import listing, worker

    report = worker.look(settings, now, worker.Options())
    found = listing.lines(report.outcome, call.kind, settings.zone)
    if call.json:
        plain = [line.as_json(settings.zone) for line in found]
        document = {"schema": 1, "now": now.isoformat(), "decisions": plain}
        print(encoder.dumps(document, ensure_ascii=False, indent=1))
        return
    for line in found:
        print("\t".join(line.words))
    if not found:
        print("automator: there is none", file=sys.stderr)
