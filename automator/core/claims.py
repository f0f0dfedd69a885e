"""Which rows of a workbook are there at an instant, going by the days that they claim.

A simulation has one read of the workbook and needs those of other days. A row is there from
the instant that it names itself: sent, done, launched, arrived; an incident from when the
school knew of it (else it occurred, else it was reported). A day without a time is its 00:00.
A row without a readable day of that kind is there from the start, as are schools, waivers and
extensions. The state of an incident (closed, entered by mistake) counts from its report, where
that has an instant: nobody closes a matter before writing of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from automator.core.directive import Directive
from automator.core.locate import locate
from automator.core.parse import parse
from automator.core.register import Row
from automator.core.snapshot import Cell, Sheet, Snapshot

CLAIMED_BY: Mapping[str, tuple[str, ...]] = {
    "plans": ("sent",),
    "propaganda": ("done",),
    "models": ("launched",),
    "incidents": ("known", "occurred", "reported"),
    "periodic": ("sent",),
    "tasks": ("done",),
    "receipts": ("arrived",),
}
"""Tab -> the columns that say since when a row is there, the first readable one wins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What of a sheet comes later: whole rows, and single cells (row, column), by number."""

    rows: Mapping[int, datetime]
    cells: Mapping[tuple[int, int], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """One read of a workbook, and since when each of its rows is there. Made by `claims`.

    `stirs` are the instants, typed with a time, at which something is noted about incidents:
    the school knew, its report, a receipt, a return.
    """

    snapshot: Snapshot
    parts: Mapping[int, _Part]  # position of the sheet
    stirs: tuple[datetime, ...]

    def at(self, now: datetime) -> Snapshot:
        """Return the workbook as its rows claim that it was at `now` (aware).

        A row that is not there yet is blank: the others keep their numbers.
        """
        sheets = tuple(
            _cut(sheet, self.parts[n], now) if n in self.parts else sheet
            for n, sheet in enumerate(self.snapshot.sheets)
        )
        return replace(self.snapshot, sheets=sheets, taken_at=now)


def claims(snapshot: Snapshot, directive: Directive, zone: ZoneInfo, until: datetime) -> Claims:
    """Return since when each row of `snapshot` is there; `until` is the last `at` asked for."""
    location = locate(snapshot)
    register = parse(location, directive, zone, until)
    position = {id(sheet): n for n, sheet in enumerate(snapshot.sheets)}
    events = frozenset(o.id for o in directive.hard if o.within is not None)
    noted = [r for r in register.of("receipts") if r.text("content") in events]
    grave = [r for r in register.of("incidents") if r.number_of("level") != 3]
    began = [
        (("known", "reported") if r.moment("known") else ("occurred", "reported")) for r in grave
    ]
    return Claims(
        snapshot=snapshot,
        stirs=_timed(
            [*zip(grave, began, strict=True), *((r, ("arrived", "returned")) for r in noted)]
        ),
        parts={
            position[id(located.sheet)]: _part(register.of(key), located.columns)
            for key, located in location.found.items()
            if key in CLAIMED_BY
        },
    )


def _timed(cells: Iterable[tuple[Row, Sequence[str]]]) -> tuple[datetime, ...]:
    """Return the instants in these columns of these rows that have a time, in order."""
    moments = [row.moment(column) for row, columns in cells for column in columns]
    return tuple(sorted({m.instant for m in moments if m is not None and m.timed}))


def _part(rows: tuple[Row, ...], columns: Mapping[str, int]) -> _Part:
    since: dict[int, datetime] = {}
    cells: dict[tuple[int, int], datetime] = {}
    for row in rows:
        found = (row.moment(column) for column in CLAIMED_BY[row.tab])
        first = next((at for at in found if at is not None), None)
        if first is not None:
            since[row.number] = first.instant
        reported = row.moment("reported")
        if row.tab == "incidents" and "state" in columns and reported is not None:
            cells[row.number, columns["state"]] = reported.instant
    return _Part(rows=since, cells=cells)


def _cut(sheet: Sheet, part: _Part, now: datetime) -> Sheet:
    later = {number for number, since in part.rows.items() if since > now}
    blank = {place for place, since in part.cells.items() if since > now}
    rows = tuple(
        () if number in later else _without(row, number, blank)
        for number, row in enumerate(sheet.rows, start=1)
    )
    return replace(sheet, rows=rows)


def _without(row: tuple[Cell, ...], number: int, blank: set[tuple[int, int]]) -> tuple[Cell, ...]:
    if not any(n == number for n, _ in blank):
        return row
    return tuple(None if (number, i) in blank else cell for i, cell in enumerate(row))
