"""`automator explain`: why a finding is what it is, or why somebody got a mail."""

import sys
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
    reading_config,
)

if TYPE_CHECKING:
    from automator.config import Config


def command(
    school: Annotated[
        str | None, typer.Argument(metavar="SCHOOL", help="Code or name.", show_default=False)
    ] = None,
    obligation: Annotated[
        str | None, typer.Argument(metavar="OBLIGATION", help="Id or title.", show_default=False)
    ] = None,
    period: Annotated[
        str | None,
        typer.Option("--period", metavar="P", help="2021-02, 02/2021, or an incident's code."),
    ] = None,
    message: Annotated[
        str | None,
        typer.Option("--message", metavar="CODE", help="Mã thư, as in the footer of a mail."),
    ] = None,
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """Print the reasoning behind one finding: rows, deadline, clocks, what was told, what next.

    With --message: why somebody got a mail, what was known then and what has happened since.
    """
    settings = reading_config(config, workbook, ledger)
    at = instant(now, settings.zone)
    if message is not None:
        _mail(settings, message, at, json=json)
        return
    _finding(
        settings,
        _needed(school, "SCHOOL"),
        _needed(obligation, "OBLIGATION"),
        period,
        at,
        json=json,
    )


def _finding(
    settings: "Config",
    school: str,
    obligation: str,
    period: str | None,
    at: datetime,
    *,
    json: bool,
) -> None:
    import json as encoder

    from automator import explaining, worker

    report = worker.look(settings, at, worker.Options())
    wanted = explaining.find(report, school, obligation, period)
    if json:
        print(encoder.dumps(explaining.as_json(report, wanted), ensure_ascii=False, indent=1))
        return
    for finding in wanted:
        print("\n".join(explaining.lines(report, finding)))
        print()


def _mail(settings: "Config", code: str, at: datetime, *, json: bool) -> None:
    import json as encoder

    from automator.errors import WorkbookUnreadable
    from automator.explaining import message

    call = message.answer(settings, code, at)
    if json:
        print(encoder.dumps(message.as_json(call), ensure_ascii=False, indent=1))
    else:
        print("\n".join(message.lines(call)))
    if call.unread:
        print(f"automator: {call.unread}", file=sys.stderr)
        raise typer.Exit(WorkbookUnreadable.exit_code)


def _needed(value: str | None, name: str) -> str:
    """Return an argument that may be left out only with --message."""
    if value is None:
        msg = f"{name} is needed, or --message CODE"
        raise typer.BadParameter(msg)
    return value
