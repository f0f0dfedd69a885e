"""A name that has meant several schools or communes over time means one on its row's days."""

from collections.abc import Mapping
from datetime import date

from automator.core.directive import Reckoning
from automator.core.layout import SCHOOLS, Column, Kind, Tab
from automator.core.moment import Moment
from automator.core.periods import parse_label
from automator.core.problem import Fault
from automator.core.raw import as_text
from automator.core.readers import Context
from automator.core.register import Value
from automator.core.schools import AMBIGUOUS_SCHOOL
from automator.core.snapshot import Cell
from automator.core.units import AMBIGUOUS_UNIT

_DAYS = ("sent", "done", "occurred", "known", "reported", "arrived", "returned", "launched")
_FIRST, _LAST = "valid_from", "valid_to"


def settle(
    tab: Tab,
    raw: Mapping[str, Cell],
    values: dict[str, Value],
    found: list[tuple[Column, Fault]],
    context: Context,
) -> list[tuple[Column, Fault]]:
    """Put in what ambiguous names mean on the row's days; return the faults that are left."""
    return [
        (column, left)
        for column, fault in found
        if (left := _settled(tab, column, fault, raw, values, context)) is not None
    ]


def _settled(
    tab: Tab,
    column: Column,
    fault: Fault,
    raw: Mapping[str, Cell],
    values: dict[str, Value],
    context: Context,
) -> Fault | None:
    text = as_text(raw[column.key])
    if fault.code == AMBIGUOUS_SCHOOL and column.kind is Kind.SCHOOL:
        day = _day(tab, values, context)
        school = context.schools.resolve_on(text, day) if day else None
        values[column.key] = school
        return fault if school is None else None
    if fault.code == AMBIGUOUS_UNIT and tab.key == SCHOOLS.key:
        first, last = _moment(values, _FIRST), _moment(values, _LAST)
        match = context.units.resolve_within(text, first or date.min, last or date.max)
        values[column.key] = match.code
        return match.fault
    return fault


def _day(tab: Tab, values: Mapping[str, Value], context: Context) -> date | None:
    """Return the day whose roster counts for a row: its period's last, else the one typed."""
    label = values.get("period")
    if isinstance(label, str):
        period = parse_label(label, _reckoning(tab, values, context))
        if period is not None:
            return period.last
    days = (_moment(values, key) for key in (*_DAYS, _FIRST, _LAST))
    return next((day for day in days if day is not None), None)


def _reckoning(tab: Tab, values: Mapping[str, Value], context: Context) -> Reckoning:
    content = values.get("content")
    of = [context.directive.obligation(content)] if isinstance(content, str) else []
    of += [o for o in context.directive.hard if o.tab == tab.key]
    return next((o.periods for o in of if o is not None), Reckoning.CALENDAR)


def _moment(values: Mapping[str, Value], key: str) -> date | None:
    value = values.get(key)
    return value.day if isinstance(value, Moment) else None
