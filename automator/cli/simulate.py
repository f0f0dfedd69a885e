"""`automator simulate`: what the days ahead (or past) would send; sends and writes nothing."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from automator.cli.options import Json, LedgerTarget, WorkbookFile, load_config
from automator.errors import ConfigError

MOST_CONFIGS = 2


def command(
    first: Annotated[
        str, typer.Option("--from", metavar="D", help="The first day, for example 2021-02-15.")
    ],
    last: Annotated[str, typer.Option("--to", metavar="D", help="The last day, included.")],
    config: Annotated[
        list[Path] | None,
        typer.Option(
            "--config",
            metavar="FILE",
            help="As for the other commands; given twice: also what the second one changes.",
        ),
    ] = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    json: Json = False,
    from_ledger: Annotated[
        bool,
        typer.Option("--from-ledger", help="Begin with what the ledger remembers, not anew."),
    ] = False,
) -> None:
    """Show day by day who would get what, what is withheld and why; send and write nothing.

    A row of the workbook counts from the day that it claims (sent, done, arrived, known).
    """
    import json as encoder

    from automator import simulating, simulation_report
    from automator.cli import simulated
    from automator.cli.progress import progress_bar

    files: list[Path | None] = [*config] if config else [None]
    if len(files) > MOST_CONFIGS:
        msg = f"--config is given {len(files)} times"
        raise ConfigError(msg, hint="one simulates it, two show what the second one changes")
    start, end = _day("--from", first), _day("--to", last)
    found = []
    for file in files:
        with progress_bar() as progress:
            settings = load_config(file, workbook, ledger)
            found.append(
                simulating.simulate(
                    settings, start, end, from_ledger=from_ledger, progress=progress
                )
            )
    if json:
        print(encoder.dumps(simulation_report.document(found), ensure_ascii=False, indent=1))
    else:
        print("\n".join(simulated.lines(found)))


def _day(flag: str, text: str) -> date:
    from automator.cli.options import YEARS

    try:
        day = date.fromisoformat(text.strip())
    except ValueError as fault:
        msg = f"{flag} {text!r} is not a day"
        raise ConfigError(msg, hint="for example 2021-02-15") from fault
    if day.year not in YEARS:
        msg = f"{flag} {text!r} lies outside the years {YEARS.start} to {YEARS.stop - 1}"
        raise ConfigError(msg, hint="for example 2021-02-15")
    return day
