"""`automator outbox`: what waits for the operator, and letting it go."""

import sys
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

app = typer.Typer(help="What waits for the operator, and letting it go.", no_args_is_help=True)


@app.command("list")
def list_waiting(
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """List what the operator must decide, with the key for `outbox release`."""
    from dataclasses import asdict
    from json import dumps

    from automator import deciding, worker

    settings = load_config(config, workbook, ledger)
    report = worker.look(settings, instant(now, settings.zone), worker.Options())
    waiting = deciding.waiting(report.outcome)
    if json:
        found = [{k: v for k, v in asdict(w).items() if k != "releases"} for w in waiting]
        print(dumps({"schema": 1, "waiting": found}, ensure_ascii=False, indent=1))
        return
    for one in waiting:
        print(f"{one.key}\t{one.steps} steps\t{one.about}")
    if not waiting:
        print("automator: nothing waits for a decision", file=sys.stderr)


@app.command("release")
def release(
    keys: Annotated[list[str] | None, typer.Argument(metavar="KEY...")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Release all that waits.")] = False,
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
) -> None:
    """Record a decision: the next run plans as if the rows or the old duty were in order."""
    from automator import deciding, worker
    from automator.errors import ConfigError
    from automator.ledger.ledger import Ledger

    if not keys and not everything:
        msg = "name a KEY, or --all"
        raise ConfigError(msg, hint="`automator outbox list` shows what waits")
    settings = load_config(config, workbook, ledger)
    report = worker.look(settings, instant(now, settings.zone), worker.Options())
    names = deciding.chosen(deciding.waiting(report.outcome), keys or [], everything=everything)
    armed = settings.mail.transport != "smtp"
    with Ledger.open(settings.ledger, settings.workbook.id, armed=armed) as book, book.lock():
        book.release(names)
    for name in names:
        print(name)
