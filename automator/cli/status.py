"""`automator status`: where every school stands, as at any instant; writes nothing."""

from automator.cli.options import (
    ConfigFile,
    Json,
    LedgerTarget,
    Now,
    WorkbookFile,
    instant,
    reading_config,
)


def command(
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """Show where every school stands, what a run would send and what comes next; write nothing."""
    from automator import worker
    from automator.cli.show import print_json, print_report

    settings = reading_config(config, workbook, ledger)
    report = worker.look(settings, instant(now, settings.zone), worker.Options(), onward=True)
    (print_json if json else print_report)(report)
