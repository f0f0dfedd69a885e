"""The command `automator`: one module per command, each thin over one function of the shell."""

import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import Annotated, Any, NoReturn

import typer
from typer.main import get_command

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
    streams,
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
    streams.make_ready()
    stdout, code = sys.stdout, 0
    try:
        code = _called(sys.argv[1:] if argv is None else argv)
        stdout.flush()
    except AutomatorError as fault:
        _say(fault)
        sys.exit(fault.exit_code)
    except BrokenPipeError:  # `automator status | head`
        streams.give_up_stdout()
        sys.exit(0)
    except OSError as fault:
        if not streams.is_lost(fault):
            raise
        streams.give_up_stdout()
        _say(AutomatorError(f"stdout cannot be written: {fault.strerror}", hint=_ALL_THE_SAME))
        sys.exit(AutomatorError.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(code)


_ALL_THE_SAME = "what the command had to do is done; only its answer is lost"


@cache
def _command() -> Callable[..., Any]:
    """Return the tree of commands; typer would build it anew at each call."""
    return get_command(app)


def _called(argv: Sequence[str]) -> int:
    """Do what the arguments ask and return the exit code."""
    stdout = sys.stdout
    try:
        _command()(args=streams.arguments(argv))
    except SystemExit as end:
        if sys.stdout is not stdout:  # so typer leaves when the reader of a pipe has gone
            return 0
        return end.code if isinstance(end.code, int) else 0
    return 0


def _say(fault: AutomatorError) -> None:
    print(f"automator: {streams.one_line(fault.message)}", file=sys.stderr)
    if isinstance(fault, ConfigError):
        for line in fault.faults:
            print(f"  - {streams.one_line(line)}", file=sys.stderr)
    if fault.hint:
        print(f"  hint: {fault.hint}", file=sys.stderr)
