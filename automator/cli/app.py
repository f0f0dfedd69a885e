"""The command `automator`: one module per command, each thin over one function of the shell."""

import sys
from typing import Annotated

import typer

from automator.cli import explain, run, serve, status, template
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
app.command("template")(template.command)
app.command("serve")(serve.command)


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


def main() -> None:
    """Run the command line; every expected error is one clear line and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except AutomatorError as fault:
        _say(fault)
        sys.exit(fault.exit_code)
    except BrokenPipeError:  # `automator status | head`
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


def _say(fault: AutomatorError) -> None:
    print(f"automator: {fault.message}", file=sys.stderr)
    if isinstance(fault, ConfigError):
        for line in fault.faults:
            print(f"  - {line}", file=sys.stderr)
    if fault.hint:
        print(f"  hint: {fault.hint}", file=sys.stderr)
