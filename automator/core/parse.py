"""Snapshot -> Register: every row as values, every fault as a Problem with its cell."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from automator.core.asides import aside, is_aside, numbers_columns
from automator.core.canon import canon
from automator.core.cells import incident_code
from automator.core.directive import Directive
from automator.core.faults import (
    Place,
    check_future,
    check_needs,
    check_waived_days,
    lint_others,
    lint_row,
)
from automator.core.layout import SCHOOLS, Column, Need, Tab
from automator.core.locate import Located, Location
from automator.core.names import clean, header_key
from automator.core.period_window import ignored, unasked
from automator.core.problem import Fault, Problem, Severity
from automator.core.raw import is_blank, says_nothing
from automator.core.readers import Context, Reader, contents, period_label, readers
from automator.core.register import Register, Row, School, Value
from automator.core.roster import roster
from automator.core.row_days import settle
from automator.core.schools import RosterIndex
from automator.core.snapshot import Cell, cell_name
from automator.core.swapped import swapped_days
from automator.core.units import AreaIndex


def parse(location: Location, directive: Directive, zone: ZoneInfo, now: datetime) -> Register:
    """Return the register of what was located. Pure: same cells, same register.

    `now` (aware) bounds the days that can be meant; rows of it that are dated later are kept
    and named `future`. A row of an unknown school is kept too, valid for nobody.
    """
    context = Context(
        directive=directive,
        zone=zone,
        now=now,
        date_1904=location.date_1904,
        schools=RosterIndex([]),
        units=AreaIndex(directive.units),
        contents=contents(directive),
    )
    rows: dict[str, tuple[Row, ...]] = {}
    schools: Mapping[str, School] = {}
    if SCHOOLS.key in location.found:
        rows[SCHOOLS.key] = _rows(location.found[SCHOOLS.key], context)
        schools, faults = roster(rows[SCHOOLS.key], location.found[SCHOOLS.key].columns)
        context.problems += faults
        context.schools = RosterIndex(schools.values(), now.astimezone(zone).date())
    for tab_key, located in location.found.items():
        if tab_key != SCHOOLS.key:
            rows[tab_key] = _rows(located, context)
    return Register(
        schools=schools,
        rows=rows,
        read=frozenset(location.found),
        unreadable=location.unreadable,
        problems=(*location.problems, *context.problems),
        columns={k: v.columns for k, v in location.found.items()},
        absent={k: v.absent for k, v in location.found.items() if v.absent},
        titles={k: v.sheet.title for k, v in location.found.items()},
        links={k: v.sheet.link for k, v in location.found.items() if v.sheet.link},
    )


def _rows(located: Located, context: Context) -> tuple[Row, ...]:
    read = readers(located, context)
    titles = {c.key: header_key(c.header) for c in located.tab.columns}
    out: list[Row] = []
    for number, cells_of_row in enumerate(located.sheet.rows, start=1):
        if number == located.header_row:
            continue
        width = len(cells_of_row)
        raw = {
            k: cell
            for k, i in located.columns.items()
            if i < width and (cell := cells_of_row[i]) is not None and not _says_nothing(cell)
        }
        before = len(context.problems)
        secret = lint_others(located, number, cells_of_row, context)
        if not raw:
            continue
        if _is_no_entry(located, number, raw, titles, context):
            continue
        row = _row(located, number, raw, read, context)
        if number < located.header_row:
            row = _above_header(row, located, number, context, before)
        if row is not None:
            out.append(replace(row, secret=True) if secret else row)
    swapped = swapped_days(
        located, context.now.astimezone(context.zone), date_1904=context.date_1904
    )
    context.problems += [swapped] if swapped else []
    return tuple(out)


def _is_no_entry(
    located: Located,
    number: int,
    raw: Mapping[str, Cell],
    titles: Mapping[str, str],
    context: Context,
) -> bool:
    """Tell whether a filled row is a header, numbers of columns, a total or a note; report it.

    What stands above the header is judged by `_above_header`.
    """
    if _is_header(raw, titles):
        if number > located.header_row:  # above it stands its upper half
            context.problems.append(_repeated_header(located, number))
        return True
    if numbers_columns(located, number):
        return True
    if number < located.header_row or not is_aside(located.tab, raw):
        return False
    context.problems.append(aside(located, number))
    lint_row(located.tab, raw, Place(located, number, None, context))
    return True


def _above_header(
    row: Row | None, located: Located, number: int, context: Context, before: int
) -> Row | None:
    """Return a row that was sorted above its header; a banner or title there is no row."""
    if row is None or not row.valid:
        del context.problems[before:]
        return None
    context.problems.append(
        Problem(
            tab=located.tab.title,
            cell=cell_name(number, 0),
            code="above_header",
            severity=Severity.WARNS,
            message="hàng này nằm trên hàng tiêu đề, vẫn được tính",
            remedy="Đề nghị chuyển hàng tiêu đề lên trên các hàng đã nhập.",
            school=row.school,
            row=number,
        )
    )
    return row


def _says_nothing(cell: Cell) -> bool:
    """Whether a cell is blank, or only keeps a place ("-", "…")."""
    return _keeps_a_place(cell) if isinstance(cell, str) else cell is None


@lru_cache(maxsize=1 << 16)
def _keeps_a_place(text: str) -> bool:
    return is_blank(text) or says_nothing(clean(text))


def _is_header(raw: Mapping[str, Cell], titles: Mapping[str, str]) -> bool:
    same = sum(isinstance(c, str) and header_key(c) == titles[k] for k, c in raw.items())
    return same >= 2


def _repeated_header(located: Located, number: int) -> Problem:
    return Problem(
        tab=located.tab.title,
        cell=cell_name(number, 0),
        code="repeated_header",
        severity=Severity.WARNS,
        message="hàng này lặp lại tiêu đề cột, không được tính",
        remedy="Đề nghị xóa hàng này.",
        row=number,
    )


def _row(
    located: Located,
    number: int,
    raw: Mapping[str, Cell],
    read: Mapping[str, Reader],
    context: Context,
) -> Row | None:
    tab = located.tab
    if tab.key == "incidents" and set(raw) <= {"school"}:
        return None  # a placeholder: one more cell makes it an incident
    values: dict[str, Value] = {}
    found: list[tuple[Column, Fault]] = []
    for column in tab.columns:
        cell = raw.get(column.key)
        if cell is None:
            continue
        value, faults = read[column.key](cell)
        values[column.key] = value
        found += [(column, fault) for fault in faults]
    _period_or_code(tab, raw, values, found, context)
    found = settle(tab, raw, values, found, context)
    school = values.get("school") if tab.key != SCHOOLS.key else values.get("code")
    code = school if isinstance(school, str) else None
    place = Place(located, number, code, context)
    for column, fault in found:
        place.report(column, fault, raw[column.key], lost=values.get(column.key) is None)
    missing = check_needs(located, raw, values, place)
    if tab.key == "waivers":
        missing = check_waived_days(raw, values, place) or missing
    check_future(tab, values, place)
    secret = lint_row(tab, raw, place)
    return Row(
        tab=tab.key,
        number=number,
        values=values,
        canon=canon(tab, raw, values),
        school=code,
        valid=not missing and (code is not None or tab.key == "extensions"),
        incomplete=_incomplete(located, values),
        secret=secret,
    )


def _period_or_code(
    tab: Tab,
    raw: Mapping[str, Cell],
    values: dict[str, Value],
    found: list[tuple[Column, Fault]],
    context: Context,
) -> None:
    """Read a cell "Kỳ hoặc mã vụ việc" once the row's obligation is known."""
    cell, content = raw.get("period"), values.get("content")
    if cell is None:
        return
    if not isinstance(content, str):
        _asked_for(tab, values, found, context)
        return
    obligation = context.directive.obligation(content)
    fault: Fault | None = None
    if obligation is not None and obligation.period_kind is not None:
        values["period"], fault = period_label(
            cell, (obligation.period_kind,), context.zone, date_1904=context.date_1904
        )
        label = values["period"]
        if fault is None and isinstance(label, str):
            fault = unasked(label, (obligation,), context.directive, context.now.date())
    elif obligation is not None and obligation.within is not None:
        values["period"], fault = incident_code(cell)
    elif obligation is not None and obligation.hard and not _says_nothing(cell):
        fault = ignored()
    if fault is not None and not any(column.key == "period" for column, _ in found):
        found.append((tab.column("period"), fault))


def _asked_for(
    tab: Tab, values: Mapping[str, Value], found: list[tuple[Column, Fault]], context: Context
) -> None:
    """Report the period of a report that no obligation of its tab asks for."""
    label = values.get("period")
    if tab.key in ("receipts", "waivers", "extensions") or not isinstance(label, str):
        return
    owed = tuple(o for o in context.directive.hard if o.tab == tab.key and o.every is not None)
    fault = unasked(label, owed, context.directive, context.now.date())
    if fault is not None and not any(column.key == "period" for column, _ in found):
        found.append((tab.column("period"), fault))


def _incomplete(located: Located, values: Mapping[str, Value]) -> tuple[str, ...]:
    return tuple(
        c.key
        for c in located.tab.columns
        if c.need is Need.EXPECTED and c.key in located.columns and values.get(c.key) is None
    )
