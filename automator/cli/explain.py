"""`automator explain`: why a finding is what it is, and what is told about it or why not."""

from typing import Annotated

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


def command(
    school: Annotated[str, typer.Argument(metavar="SCHOOL", help="Code or name.")],
    obligation: Annotated[str, typer.Argument(metavar="OBLIGATION", help="Id or title.")],
    period: Annotated[
        str | None,
        typer.Option("--period", metavar="P", help="2021-02, 02/2021, or an incident's code."),
    ] = None,
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """Print the reasoning behind one finding: rows, deadline, clocks, what was told, what next."""
    import json as encoder

    from automator import explaining, worker

    settings = load_config(config, workbook, ledger)
    report = worker.look(settings, instant(now, settings.zone), worker.Options())
    wanted = explaining.find(report, school, obligation, period)
    if json:
        print(encoder.dumps(explaining.as_json(report, wanted), ensure_ascii=False, indent=1))
        return
    for finding in wanted:
        print("\n".join(explaining.lines(report, finding)))
        print()
