"""`automator serve`: stay and run at the times in config."""

from typing import Annotated

import typer

from automator.cli.options import (
    ConfigFile,
    LedgerTarget,
    OutboxFolder,
    WorkbookFile,
    load_config,
)


def command(
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    outbox: OutboxFolder = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Log what is wrong in the workbook, too.")
    ] = False,
) -> None:
    """Run the daily and digest runs and the watch at the times in config, until stopped."""
    import logging
    import signal
    from datetime import datetime
    from threading import Event

    from automator import daemon

    settings = load_config(config, workbook, ledger, outbox)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("automator").setLevel(logging.DEBUG if verbose else logging.INFO)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    daemon.serve(settings, stop, lambda: datetime.now(settings.zone))
