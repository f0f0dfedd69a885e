"""`automator ledger`: back the ledger up, look it over, write it out, take old mails out."""

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
)

if TYPE_CHECKING:
    from automator.ledger.verify import Verdict

app = typer.Typer(
    help="Care for the ledger: back up, look over, write out, prune.", no_args_is_help=True
)
Force = Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")]


@app.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes.")],
    force: Force = False,
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
) -> None:
    """Copy the ledger to FILE, whole and checked, while runs may go on."""
    from automator.ledger.backup import backup as copied

    settings = load_config(config, workbook, ledger)
    copied(settings.ledger, settings.workbook.id, file, force=force)
    print(file)


@app.command("verify")
def verify(
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    json: Json = False,
) -> None:
    """Look the ledger over: its file, its references, what must hold.

    Exit codes: 0 sound, 5 not sound or not there, 2 configuration or usage.
    """
    from automator.ledger.verify import verify as looked_over

    settings = load_config(config, workbook, ledger)
    verdict = looked_over(settings.ledger, settings.workbook.id, settings.zone)
    (_print_json if json else _print_lines)(verdict)
    raise typer.Exit(5 if verdict.faults else 0)


@app.command("export")
def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to write. Default: stdout.")
    ] = None,
    bodies: Annotated[
        bool, typer.Option("--bodies", help="With what the mails say, and their attachments.")
    ] = False,
    force: Force = False,
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
) -> None:
    """Write all that is known of the workbook as lines of JSON."""
    from automator.ledger import care
    from automator.ledger.export import export as lines

    settings = load_config(config, workbook, ledger)
    rows = lines(settings.ledger, settings.workbook.id, bodies=bodies)
    if file is None:
        for line in rows:
            print(line)
        return
    care.free_to_write(file, settings.ledger, force=force)
    with care.made_whole(file) as made, made.open("w", encoding="utf-8") as out:
        out.writelines(f"{line}\n" for line in rows)
    print(file)


@app.command("prune")
def prune(
    before: Annotated[
        str | None, typer.Option("--before", metavar="DATE", help="Take out what ended before.")
    ] = None,
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="DURATION", help='Keep so long: "400 days".')
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only.")] = False,
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """Take mails and runs out that ended long ago. What was told is never forgotten."""
    from dataclasses import asdict
    from json import dumps

    from automator import pruning

    settings = load_config(config, workbook, ledger)
    at = pruning.cutoff(settings, instant(now, settings.zone), before, keep)
    result = pruning.prune(settings, at, dry_run=dry_run)
    if result.note:
        print(f"automator: the file could not be made smaller: {result.note}", file=sys.stderr)
    if json:
        found = asdict(result) | {"before": at.isoformat(), "dry_run": dry_run}
        del found["note"]
        print(dumps({"schema": 1, **found}))
        return
    would = "would be taken out" if dry_run else "taken out"
    print(f"{result.messages} mails, {result.runs} runs before {at:%Y-%m-%d} {would}")


def _print_lines(verdict: "Verdict") -> None:
    wrong = {code for code, _ in verdict.faults}
    for code in verdict.checked:
        if code not in wrong:
            print(f"ok     {code}")
    for code, line in verdict.notes:
        print(f"note   {code}: {line}")
    for code, line in verdict.faults:
        print(f"FAULT  {code}: {line}")
    if verdict.faults:
        print(
            f"automator: the ledger {verdict.ledger} is not sound\n"
            "  hint: restore a backup (docs/operations.md)",
            file=sys.stderr,
        )


def _print_json(verdict: "Verdict") -> None:
    from json import dumps

    document = {
        "schema": 1,
        "ledger": verdict.ledger,
        "version": verdict.version,
        "sound": not verdict.faults,
        "checked": verdict.checked,
        "faults": [{"code": code, "message": line} for code, line in verdict.faults],
        "notes": [{"code": code, "message": line} for code, line in verdict.notes],
    }
    print(dumps(document, ensure_ascii=False, indent=1))
