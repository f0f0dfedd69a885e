"""`automator extend`: a new last good day for a school, a commune or all, by hand."""

from typing import Annotated

import typer

from automator.cli import given
from automator.cli.options import ConfigFile, Json, LedgerTarget, Now, WorkbookFile


def command(
    scope: Annotated[
        str | None,
        typer.Argument(metavar="SCOPE", help='School, commune, or "all".', show_default=False),
    ] = None,
    obligation: Annotated[
        str | None, typer.Argument(metavar="OBLIGATION", help="Id or title.", show_default=False)
    ] = None,
    last_day: Annotated[
        str | None,
        typer.Argument(
            metavar="NEW_LAST_DAY", help="The new last good day, 05/03/2021.", show_default=False
        ),
    ] = None,
    *,
    period: given.Period = None,
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
    """Move a deadline; written in the ledger, the workbook stays as it is. The latest day wins.

    Exit codes: 0 fine, 2 it cannot be meant, 3 workbook unreadable, 4 a run holds the lock,
    5 the ledger is unusable.
    """
    from automator.giving import Wish

    call = given.Call(
        kind="extend",
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
    wish = Wish(
        kind="extend",
        scope=given.needed(scope, "SCOPE"),
        obligation=given.needed(obligation, "OBLIGATION"),
        last_day=given.needed(last_day, "NEW_LAST_DAY"),
        period=period,
        reason=reason,
    )
    given.decide(call, wish)
