"""`automator outbox`: what is not sent and why, letting it go, trying again, throwing away."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automator.cli.options import (
    ConfigFile,
    Json,
    LedgerTarget,
    Now,
    WorkbookFile,
    instant,
    load_config,
    reading_config,
)
from automator.core.message import State

if TYPE_CHECKING:
    from automator.config import Config
    from automator.deciding import Waiting
    from automator.ledger.records import MessageRow

app = typer.Typer(
    help="What is not sent and why; letting it go, trying again, throwing away.",
    no_args_is_help=True,
)
Codes = Annotated[
    list[str] | None, typer.Argument(metavar="CODE...", help="Mã thư, as in the mail's footer.")
]


@app.command("list")
def list_waiting(
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
    json: Json = False,
    state: Annotated[
        list[State] | None,
        typer.Option("--state", help="Only messages in this state (repeat it for several)."),
    ] = None,
) -> None:
    """List what the operator must decide, with its key, and every message that is not sent."""
    from automator import deciding, outbox, worker
    from automator.errors import WorkbookUnreadable
    from automator.ledger.ledger import Ledger

    settings = reading_config(config, workbook, ledger)
    at = instant(now, settings.zone)
    with Ledger.open(settings.ledger, settings.workbook.id, readonly=True) as book:
        rows = outbox.unsent(book, state or ())
    decisions: tuple[Waiting, ...] = ()
    if not state:
        try:
            decisions = deciding.waiting(worker.look(settings, at, worker.Options()).outcome)
        except WorkbookUnreadable:  # the messages are known all the same
            if not json:
                _print_messages(settings, rows)
            raise
    if json:
        _print_json(settings, decisions, rows)
        return
    for one in decisions:
        print(f"{one.key}\t{one.steps} steps\t{one.about}")
    if not state and not decisions:
        print("automator: nothing waits for a decision", file=sys.stderr)
    _print_messages(settings, rows)


def _print_json(
    settings: "Config", decisions: tuple["Waiting", ...], rows: list["MessageRow"]
) -> None:
    from dataclasses import asdict
    from json import dumps

    from automator import outbox

    found = [{k: v for k, v in asdict(w).items() if k != "releases"} for w in decisions]
    messages = [outbox.as_json(row, settings.zone) for row in rows]
    document = {"schema": 1, "waiting": found, "messages": messages}
    print(dumps(document, ensure_ascii=False, indent=1))


def _print_messages(settings: "Config", rows: list["MessageRow"]) -> None:
    from automator import outbox
    from automator.cli.show import print_tables
    from automator.cli.tables import Rows, Table
    from automator.core.contacts import masked_within
    from automator.wording import instant_words

    header = ("Mã thư", "State", "To", "Subject", "Since", "Next try", "Detail", "What to do")
    lines: Rows = [
        (
            row.id[: outbox.CODE],
            row.state.value,
            f"{row.unit}/{row.role}",
            row.subject,
            instant_words(row.since.astimezone(settings.zone)),
            instant_words(row.retry_at.astimezone(settings.zone)) if row.retry_at else "",
            masked_within(row.detail),
            outbox.advice(row),
        )
        for row in rows
    ]
    if lines:
        print_tables([Table(title="Messages", header=header, rows=lines)])


@app.command("show")
def show(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Mã thư, as in the mail's footer.")],
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write its HTML there.")
    ] = None,
    eml: Annotated[
        Path | None, typer.Option("--eml", metavar="FILE", help="Write it there as a mail.")
    ] = None,
    json: Json = False,
) -> None:
    """Show one message, sent or not: its headers, its text, what was done with it."""
    from automator import showing

    settings = load_config(config, workbook, ledger)
    shown = showing.read(settings, code)
    if html is not None:
        showing.write(html, shown.html())
    if eml is not None:
        showing.write(eml, shown.eml(settings))
    print(showing.as_json(shown, settings.zone) if json else showing.as_text(shown, settings))


@app.command("retry")
def retry(
    codes: Codes = None,
    failed: Annotated[bool, typer.Option("--failed", help="All that failed.")] = False,
    deferred: Annotated[bool, typer.Option("--deferred", help="All that is deferred.")] = False,
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
) -> None:
    """Free failed messages for the next run, deferred ones from their pause. Sends nothing."""
    from automator import outbox

    states = [State.FAILED] * failed + [State.DEFERRED] * deferred
    wish = outbox.Wish(codes=_needed(codes, states, "--failed, --deferred"), states=states)
    settings = load_config(config, workbook, ledger)
    _done(outbox.retry(settings, instant(now, settings.zone), wish))


@app.command("discard")
def discard(
    codes: Codes = None,
    state: Annotated[
        list[State] | None, typer.Option("--state", help="All messages in this state.")
    ] = None,
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
) -> None:
    """Throw messages away for good: nobody will be told their steps. Nothing undoes it."""
    from automator import outbox

    wish = outbox.Wish(codes=_needed(codes, state, "--state"), states=state or ())
    settings = load_config(config, workbook, ledger)
    _done(outbox.discard(settings, instant(now, settings.zone), wish))


@app.command("release")
def release(
    keys: Annotated[
        list[str] | None, typer.Argument(metavar="KEY...", help="As `outbox list` names it.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Release all that waits.")] = False,
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
) -> None:
    """Record a decision: the next run plans as if the rows or the old duty were in order."""
    from automator import deciding, outbox, worker
    from automator.errors import ConfigError

    if not keys and not everything:
        msg = "name a KEY, or --all"
        raise ConfigError(msg, hint="`automator outbox list` shows what waits")
    settings = load_config(config, workbook, ledger)
    at = instant(now, settings.zone)
    report = worker.look(settings, at, worker.Options())
    names = deciding.chosen(deciding.waiting(report.outcome), keys or [], everything=everything)
    unseen = outbox.release(settings, at, names, report.outcome)
    for name in names:
        print(name)
    if not names:
        print("automator: nothing waits for a decision", file=sys.stderr)
    if unseen:
        print(f"automator: {unseen}", file=sys.stderr)


def _needed(codes: list[str] | None, states: list[State] | None, flags: str) -> list[str]:
    """Return the codes. Raises ConfigError where neither a code nor a state is named."""
    from automator.errors import ConfigError

    if not codes and not states:
        msg = f"name a CODE, or {flags}"
        raise ConfigError(msg, hint="`automator outbox list` shows them")
    return codes or []


def _done(rows: list["MessageRow"]) -> None:
    from automator import outbox

    for row in rows:
        print(f"{row.id[: outbox.CODE]}\t{row.unit}/{row.role}\t{row.subject}")
    if not rows:
        print("automator: there is none", file=sys.stderr)
