"""`automator waive`: exempt a school from one obligation, by hand."""

from typing import Annotated

import typer

from automator.cli import given
from automator.cli.options import ConfigFile, Json, LedgerTarget, Now, WorkbookFile


def command(
    school: Annotated[
        str | None, typer.Argument(metavar="SCHOOL", help="Code or name.", show_default=False)
    ] = None,
    obligation: Annotated[
        str | None, typer.Argument(metavar="OBLIGATION", help="Id or title.", show_default=False)
    ] = None,
    *,
    period: given.Period = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="The first day, 24/02/2021.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="The last day; default: no end.")
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
    """Exempt a school from an obligation; written in the ledger, the workbook stays as it is.

    Exit codes: 0 fine, 2 it cannot be meant, 3 workbook unreadable, 4 a run holds the lock,
    5 the ledger is unusable.
    """
    from automator.giving import Wish

    call = given.Call(
        kind="waive",
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
        kind="waive",
        scope=given.needed(school, "SCHOOL"),
        obligation=given.needed(obligation, "OBLIGATION"),
        period=period,
        first_day=start,
        last_day=until,
        reason=reason,
    )
    given.decide(call, wish)
