"""`automator pause`: for a while nobody is told; everybody is judged as ever."""

from typing import Annotated

import typer

from automator.cli import given
from automator.cli.options import ConfigFile, Json, LedgerTarget, Now, WorkbookFile


def command(
    scope: Annotated[
        str, typer.Argument(metavar="SCOPE", help='School, commune, or "all".')
    ] = "all",
    obligation: Annotated[
        str | None,
        typer.Argument(metavar="OBLIGATION", help="Id or title; default: every one."),
    ] = None,
    *,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="WHEN", help="A day (whole) or an instant; needed."),
    ] = None,
    reason: given.Reason = "",
    listed: given.ListThem = False,
    revoke: given.Revoke = None,
    dry_run: given.DryRun = False,
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """Tell nobody until an end; urgent mails go out all the same, and judging goes on.

    Exit codes: 0 fine, 2 it cannot be meant (a pause needs an end), 3 workbook unreadable,
    4 a run holds the lock, 5 the ledger is unusable.
    """
    from automator.giving import Wish

    call = given.Call(
        kind="pause",
        config=config,
        workbook=workbook,
        ledger=ledger,
        now=now,
        json=json,
        dry_run=dry_run,
        listed=listed,
        revoked=revoke,
    )
    if given.asks_otherwise(call):
        return
    end = given.needed(until, "--until (a pause needs an end)")
    wish = Wish(kind="pause", scope=scope, obligation=obligation, until=end, reason=reason)
    given.decide(call, wish)
