"""`automator calendar`: every deadline of a year, with its reminders; an .ics for calendars."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automator.cli.options import (
    YEARS,
    ConfigFile,
    Json,
    LedgerTarget,
    Now,
    WorkbookFile,
    instant,
    load_config,
)

if TYPE_CHECKING:
    from automator.agenda import Agenda

HEADER = ("Nội dung", "Kỳ", "Hạn", "Nhắc lần đầu", "Báo cáo Lãnh đạo", "Số trường", "Ghi chú")


def command(
    school: Annotated[
        str | None, typer.Option("--school", metavar="CODE", help="One school, by code or name.")
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            "--year",
            metavar="Y",
            min=YEARS.start,
            max=YEARS.stop - 1,
            help="Default: the directive's year.",
        ),
    ] = None,
    ics: Annotated[
        Path | None, typer.Option("--ics", metavar="FILE", help="Write a calendar file as well.")
    ] = None,
    config: ConfigFile = None,
    workbook: WorkbookFile = None,
    ledger: LedgerTarget = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """List every deadline of a year, its first reminder and its escalations; write an .ics."""
    import json as encoder

    from automator import agenda as making
    from automator import agenda_ics

    settings = load_config(config, workbook, ledger)
    if ics is not None:
        agenda_ics.check_target(ics)
    found = making.agenda(settings, instant(now, settings.zone), school, year)
    if ics is not None:
        agenda_ics.save(found, ics, source=settings.workbook.id, daily=settings.schedule.daily)
    _warn(found)
    if json:
        print(encoder.dumps(making.as_json(found), ensure_ascii=False, indent=1))
        return
    _print(found)
    if ics is not None:
        print(f"the calendar is in {ics}")


def _warn(found: "Agenda") -> None:
    """Say on stderr what may still change: holidays to be announced, decisions to be approved."""
    for year in found.projected:
        print(
            f"automator: the days off of {year} are not settled yet, its days are projected;"
            " name the announced ones in [calendar] off and work",
            file=sys.stderr,
        )
    if found.waiting:
        print(
            f"automator: {found.waiting} waivers or extensions wait for approval, not counted",
            file=sys.stderr,
        )


def _print(found: "Agenda") -> None:
    from automator.cli.show import print_tables
    from automator.cli.tables import Table

    table = Table(
        title=f"Các hạn năm {found.year}, {found.whose}", header=HEADER, rows=_rows(found)
    )
    print_tables([table])
    if not found.groups:
        print(f"no deadline in {found.year}")
    for event in found.unlisted:
        print(f"not listed: {event.id}, for it is owed from each incident on ({event.title})")


def _rows(found: "Agenda") -> list[tuple[str, ...]]:
    from automator.agenda import due_words, when

    rows: list[tuple[str, ...]] = []
    for group in found.groups:
        one = group.deadline
        rows.append(
            (
                one.obligation.title,
                one.period.words if one.period else "",
                due_words(one, found.speech),
                when(one.first_reminder) if one.first_reminder else "–",
                ", ".join(map(when, one.escalations)) or "–",
                str(len(group.schools)),
                "được miễn" if one.exempt else (one.period.figures_words if one.period else ""),
            )
        )
    return rows
