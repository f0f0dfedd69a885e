"""`automator remind`: tell a school the next step now, through the same guards."""

from typing import TYPE_CHECKING, Annotated

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
from automator.errors import ConfigError

if TYPE_CHECKING:
    from automator.report import Report


def command(
    school: Annotated[
        str | None, typer.Argument(metavar="SCHOOL", help="Code or name.", show_default=False)
    ] = None,
    obligation: Annotated[
        str | None, typer.Argument(metavar="OBLIGATION", help="Id or title.", show_default=False)
    ] = None,
    *,
    period: Annotated[
        str | None,
        typer.Option("--period", metavar="P", help="2021-02, 02/2021, or an incident's code."),
    ] = None,
    all_missing: Annotated[
        bool, typer.Option("--all-missing", help="Everything that is missing or was returned.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent; write nothing.")
    ] = False,
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    outbox: OutboxFolder = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """Tell the newest step that is due, else the next one; it counts as that step.

    What a rule of silence refuses is printed with its reason; nothing is forced. Exit codes:
    as of `automator run`.
    """
    import sys

    from automator import reminding, worker
    from automator.cli.ending import ended_in_order

    if all_missing is (school is not None) or (school is None) is not (obligation is None):
        msg = "name SCHOOL and OBLIGATION, or --all-missing"
        raise ConfigError(msg, hint="automator remind TH-MY-LAC plan")
    settings = load_config(config, workbook, ledger, outbox)
    at = instant(now, settings.zone)
    before = worker.look(settings, at, worker.Options())
    if school is None or obligation is None:
        asked = reminding.missing(before)
    else:
        asked = reminding.named(before, school, obligation, period)
    if not asked:
        print("automator: nothing is missing", file=sys.stderr)
        return
    with ended_in_order():
        report = worker.run(settings, at, worker.Options(dry_run=dry_run, asked=asked))
    _show(report, asked, json=json)
    for line in (report.no_roster, report.stopped, *report.warnings):
        if line:
            print(f"automator: {line}", file=sys.stderr)
    raise typer.Exit(report.exit_code)


def _show(report: "Report", asked: frozenset[str], *, json: bool) -> None:
    import json as encoder

    from automator import reminding
    from automator import report as reporting

    found = reminding.answers(report, asked)
    if json:
        document = {
            "schema": reporting.SCHEMA,
            "now": reporting.instant(report.now, report.zone),
            "dry_run": report.dry_run,
            "asked": [a.as_json() for a in found],
            "messages": [reporting.message(m) for m in report.messages],
        }
        print(encoder.dumps(document, ensure_ascii=False, indent=1))
        return
    for a in found:
        print("\t".join((a.instance, a.school, a.step or "-", a.state or f"not told, {a.why}")))
