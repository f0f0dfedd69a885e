"""The command `automator`: one module per command, each thin over one function of the shell."""

import sys
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer

from automator.cli import (
    bounces,
    calendar,
    contacts,
    explain,
    extend,
    ledger,
    outbox,
    pause,
    remind,
    run,
    serve,
    sheet,
    simulate,
    status,
    template,
    waive,
)
from automator.errors import AutomatorError, ConfigError

app = typer.Typer(
    name="automator",
    help="Follows up what schools owe: reads the workbook, judges, mails, remembers.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("run")(run.command)
app.command("status")(status.command)
app.command("explain")(explain.command)
app.command("calendar")(calendar.command)
app.command("simulate")(simulate.command)
app.command("template")(template.command)
app.command("serve")(serve.command)
app.command("remind")(remind.command)
app.command("waive")(waive.command)
app.command("extend")(extend.command)
app.command("pause")(pause.command)
app.command("bounces")(bounces.command)
app.add_typer(outbox.app, name="outbox")
app.add_typer(contacts.app, name="contacts")
app.add_typer(ledger.app, name="ledger")
app.add_typer(sheet.app, name="sheet")


def _version(wanted: bool) -> None:
    if wanted:
        from automator import __version__

        print(__version__)
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Follows up what schools owe: reads the workbook, judges, mails, remembers."""


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the command line (default: that of the process) and exit with the contract's code.

    Every expected error is one clear line on stderr, with a hint below; stdout stays clean.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    try:
        app(args=None if argv is None else list(argv))
    except AutomatorError as fault:
        _say(fault)
        sys.exit(fault.exit_code)
    except BrokenPipeError:  # `automator status | head`
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)


def _say(fault: AutomatorError) -> None:
    print(f"automator: {fault.message}", file=sys.stderr)
    if isinstance(fault, ConfigError):
        for line in fault.faults:
            print(f"  - {line}", file=sys.stderr)
    if fault.hint:
        print(f"  hint: {fault.hint}", file=sys.stderr)
