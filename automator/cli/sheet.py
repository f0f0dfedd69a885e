"""`automator sheet`: lay the template into a shared Google Sheet, and see what has drifted."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automator.cli.options import ConfigFile, instant, load_config
from automator.collector import collector_paused
from automator.errors import ConfigError

if TYPE_CHECKING:
    from automator.workbook.google_api import SheetsApi
    from automator.workbook.google_wish import Step, Wish

app = typer.Typer(help="Lay the template into a shared Google Sheet.", no_args_is_help=True)
SheetId = Annotated[
    str | None,
    typer.Argument(
        metavar="SPREADSHEET_ID", help="Default: that of [workbook].", show_default=False
    ),
]
KeyFile = Annotated[
    Path | None,
    typer.Option("--credentials", metavar="FILE", help="Use this service account's key instead."),
]
Editors = Annotated[
    list[str] | None,
    typer.Option("--editor", metavar="EMAIL", help="May edit protected tabs too; repeatable."),
]


@app.command("install")
def install(
    spreadsheet_id: SheetId = None,
    config: ConfigFile = None,
    credentials: KeyFile = None,
    editor: Editors = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")
    ] = False,
) -> None:
    """Add what the sheet lacks of the template; what schools have typed is never touched.

    Exit codes: 0 done, 1 it cannot be written, 2 configuration or usage, 3 it cannot be read.
    """
    from automator.workbook import google_install

    api, wish, found = _look(spreadsheet_id, config, credentials, tuple(editor or ()))
    todo = [step for step in found if not step.by_hand]
    if not dry_run:
        google_install.carry_out(api, todo, wish)
    for step in _spoken(todo):
        print(f"{_where(step)}: {step.drift}: {step.deed}")
    _by_hand(found)
    if not todo:
        print("automator: nothing is to be added", file=sys.stderr)
    print(api.link)


@app.command("doctor")
def doctor(
    spreadsheet_id: SheetId = None,
    config: ConfigFile = None,
    credentials: KeyFile = None,
    editor: Editors = None,
) -> None:
    """Say how the sheet differs from the template; write nothing.

    With --editor, whoever else may edit what is protected is named too.
    Exit codes: 0 in order, 1 it has drifted, 2 configuration or usage, 3 it cannot be read.
    """
    _, _, found = _look(spreadsheet_id, config, credentials, tuple(editor or ()))
    for step in _spoken(found):
        print(f"{_where(step)}: {step.drift}")
    if found:
        _by_hand(found)
        if not all(step.by_hand for step in found):
            print("automator: `automator sheet install` mends the others", file=sys.stderr)
        raise typer.Exit(1)
    print("automator: the sheet is in order", file=sys.stderr)


@app.command("create")
def create(
    config: ConfigFile = None,
    credentials: KeyFile = None,
    person: Annotated[
        Path | None,
        typer.Option("--person", metavar="FILE", help="Your own OAuth credentials (JSON)."),
    ] = None,
    title: Annotated[str, typer.Option("--title", help="The new sheet's title.")] = "Sổ theo dõi",
) -> None:
    """Make an empty sheet as the person whose OAuth credentials --person names; print its link.

    A service account cannot make one: without --person this says what to do instead (exit 2).
    """
    from automator import laying

    settings = load_config(config)
    account = laying.sheet_api(settings, "new", credentials).account
    share = f"share it with {account} as Editor, `automator sheet install ID`"
    if person is None:
        msg = "a service account cannot make a spreadsheet: it has no space in Drive (gspread 1592)"
        raise ConfigError(msg, hint=f"make one at sheets.new, {share}")
    from automator.workbook import google_person

    where = {"title": title, "locale": "vi_VN", "timeZone": str(settings.zone)}
    endpoint = settings.workbook.api_endpoint
    made = google_person.create(google_person.credentials(person), where, endpoint)
    print(f"https://docs.google.com/spreadsheets/d/{made}/edit")
    print(f"automator: {share.replace('ID', made)}", file=sys.stderr)


def _look(
    spreadsheet_id: str | None, config: Path | None, key: Path | None, editors: tuple[str, ...]
) -> "tuple[SheetsApi, Wish, list[Step]]":
    from automator import laying
    from automator.workbook import google_install

    settings = load_config(config)
    api = laying.sheet_api(settings, spreadsheet_id, key)
    wish = laying.wish(settings, api.account, editors, instant(None, settings.zone), api.id)
    with collector_paused():  # a sheet with its formats and rules is a million small values
        return api, wish, google_install.look(api, wish)


def _spoken(steps: "list[Step]") -> "list[Step]":
    return [step for step in steps if not step.along]


def _where(step: "Step") -> str:
    return step.tab or "spreadsheet"


def _by_hand(found: "list[Step]") -> None:
    for step in _spoken(found):
        if step.by_hand:
            print(f"automator: by hand: {_where(step)}: {step.drift}: {step.deed}", file=sys.stderr)
