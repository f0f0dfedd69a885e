"""`automator run`: one run, now or as at another instant."""

import sys
from typing import Annotated

import typer

from automator.cli.options import (
    ConfigFile,
    Json,
    LedgerTarget,
    Now,
    OutboxFolder,
    WorkbookFile,
    instant,
    load_config,
)


def command(
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    outbox: OutboxFolder = None,
    now: Now = None,
    json: Json = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent; write nothing.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Look at incidents and receipts only.")
    ] = False,
    first_run: Annotated[
        bool,
        typer.Option("--first-run", help="Let a new ledger's mails go out over SMTP."),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Name what is wrong in the workbook, on stderr.")
    ] = False,
) -> None:
    """Read the workbook, judge every school, send what must be told, publish the status.

    Exit codes: 0 fine, 1 some mail undelivered, failed or held, 2 configuration or usage,
    3 workbook unreadable, 4 another run holds the lock, 5 the ledger is unusable.
    """
    from automator import fault_words, worker
    from automator.cli.ending import ended_in_order
    from automator.cli.progress import progress_bar
    from automator.cli.show import print_json, print_report

    settings = load_config(config, workbook, ledger, outbox)
    options = worker.Options(dry_run=dry_run, watch=watch, first_run=first_run)
    with ended_in_order(), progress_bar() as progress:
        report = worker.run(settings, instant(now, settings.zone), options, progress)
    (print_json if json else print_report)(report)
    named = fault_words.lines(report.outcome.problems) if verbose else ()
    for line in (
        report.unknown,
        report.unheard,
        report.refused,
        report.no_roster,
        report.stopped,
        *report.warnings,
        *report.notes,
        *named,
    ):
        if line:
            print(f"automator: {line}", file=sys.stderr)
    raise typer.Exit(report.exit_code)
