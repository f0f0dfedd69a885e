"""One reader per column: a cell becomes a value, bound to its window, list or index."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from automator.core import cells, contacts, dates
from automator.core.directive import Directive, Every, Obligation, PeriodKind, Reckoning
from automator.core.layout import LEVELS, MODELS, Column, Kind, Tab, tab
from automator.core.locate import Located
from automator.core.names import clean, key
from automator.core.period_cells import parse_any
from automator.core.problem import Fault, Problem, Severity
from automator.core.register import Value
from automator.core.schoolnames import school_type
from automator.core.schools import RosterIndex, SchoolIndex, UnitIndex
from automator.core.snapshot import Cell
from automator.core.units import AMBIGUOUS_UNIT, AreaIndex

WINDOW_BEFORE = timedelta(days=60)
WINDOW_AFTER = timedelta(days=365)
WINDOWED = frozenset({"sent", "done", "occurred", "known", "reported", "arrived", "returned"})
FUTURE = WINDOWED | {"launched"}
EVERYONE = "*"
_EVERYONE_KEYS = frozenset(key(word) for word in ("tất cả", "toàn huyện", "tất cả các trường"))


@dataclass(slots=True, kw_only=True)
class Context:
    """What parsing a row needs; `problems` collects as it goes."""

    directive: Directive
    zone: ZoneInfo
    now: datetime
    date_1904: bool
    schools: RosterIndex
    units: AreaIndex
    contents: Mapping[str, Obligation]
    problems: list[Problem] = field(default_factory=list)

    def days(self, earliest: date | None, latest: date | None) -> cells.Ctx:
        """Return how days are read, within the window [earliest, latest]."""
        return cells.Ctx(zone=self.zone, date_1904=self.date_1904, earliest=earliest, latest=latest)


def contents(directive: Directive) -> dict[str, Obligation]:
    """Every way to name an obligation in a cell: its id, its title, its tab if it is alone."""
    names: dict[str, Obligation] = {}
    for obligation in directive.obligations:
        names[key(obligation.id)] = obligation
        names.setdefault(key(obligation.title), obligation)
    for obligation in directive.hard:
        alone = sum(o.tab == obligation.tab for o in directive.hard) == 1
        if obligation.tab and alone:
            names.setdefault(key(tab(obligation.tab).title), obligation)
    return names


Reader = Callable[[Cell], tuple[Value, tuple[Fault, ...]]]


def readers(located: Located, context: Context) -> dict[str, Reader]:
    """Return the parser of each column of a tab."""
    return {c.key: _reader(located.tab, c, context) for c in located.tab.columns}


def _reader(tab: Tab, column: Column, context: Context) -> Reader:
    """Return the parser of one column, bound to its window, list or index."""
    simple: dict[Kind, Callable[[Cell], tuple[Value, Fault | None]]] = {
        Kind.YES_NO: cells.yes_no,
        Kind.COUNT: cells.count,
        Kind.TEXT: cells.text,
        Kind.CODE: cells.incident_code if tab.key == "incidents" else cells.code,
        Kind.PHONE: contacts.phone,
        Kind.SCHOOL: lambda cell: _match(context.schools, cell),
        Kind.UNIT: lambda cell: _match(context.units, cell),
        Kind.SCOPE: lambda cell: _scope(cell, context),
        Kind.CONTENT: lambda cell: _content(cell, tab, context),
        Kind.PERIOD: lambda cell: _period_text(cell, tab, context),
        Kind.PERIOD_OR_CODE: cells.text,
        Kind.FREE: cells.text,
        Kind.DAY: _day_reader(tab, column, context),
        Kind.CHOICE: _choice_reader(tab, column),
    }
    if column.kind is Kind.EMAILS:
        return _emails
    read = simple[column.kind]
    known: dict[str, tuple[Value, tuple[Fault, ...]]] = {}  # a column holds the same few texts

    def one(cell: Cell) -> tuple[Value, tuple[Fault, ...]]:
        if not isinstance(cell, str):
            value, fault = read(cell)
            return value, (fault,) if fault else ()
        found = known.get(cell)
        if found is None:
            value, fault = read(cell)
            if value is None:
                fault = cells.unreadable(cell) or fault
            found = known[cell] = value, (fault,) if fault else ()
        return found

    return one


def _emails(cell: Cell) -> tuple[Value, tuple[Fault, ...]]:
    found, faults = contacts.emails(cell)
    unreadable = cells.unreadable(cell) if isinstance(cell, str) and not found else None
    return found, (unreadable,) if unreadable else faults


def _match(index: SchoolIndex | UnitIndex, cell: Cell) -> tuple[Value, Fault | None]:
    match = index.resolve(cell)
    return match.code, match.fault


def _choice_reader(tab: Tab, column: Column) -> Callable[[Cell], tuple[Value, Fault | None]]:
    if tab.key == "incidents" and column.key == "kind":
        return cells.incident_kind
    if tab.key == "incidents" and column.key == "level":
        return cells.level
    if column.key == "level":  # the list of school levels is open: "MN, MG, TH …"
        return _school_level
    if tab.key == "incidents" and column.key in ("told_police", "told_commune"):
        return cells.yes_no
    return lambda cell: cells.choice(cell, column.choices)


def _school_level(cell: Cell) -> tuple[Value, Fault | None]:
    """Return a school's level, also several of them: "Tiểu học và THCS" is "TH&THCS".

    What is no level counts as blank: it would be exempt from all that names levels.
    """
    typed, fault = cells.text(cell)
    known = school_type(typed) if typed else None
    if typed is None or known:
        return known, fault
    remedy = f"Đề nghị chọn một trong các mục: {'; '.join(LEVELS)}."
    return None, Fault("not_in_list", Severity.WARNS, "không có trong danh sách", remedy, False)


def _day_reader(
    tab: Tab, column: Column, context: Context
) -> Callable[[Cell], tuple[Value, Fault | None]]:
    ctx = context.days(None, None)
    if column.key in WINDOWED:
        starts = [o.starts for o in context.directive.obligations if o.tab == tab.key and o.starts]
        start = min([context.directive.starts, *starts])
        ctx = context.days(start - WINDOW_BEFORE, context.now.date() + WINDOW_AFTER)
    elif tab.key == MODELS.key:
        ctx = context.days(date(1900, 1, 1), None)
    return lambda cell: cells.day(cell, ctx)


def _scope(cell: Cell, context: Context) -> tuple[Value, Fault | None]:
    if isinstance(cell, str) and key(cell) in _EVERYONE_KEYS:
        return EVERYONE, None
    unit = context.units.resolve(cell)
    school = context.schools.resolve(cell)
    if school.code is not None and (school.fault is None or unit.code is None):
        return f"school:{school.code}", school.fault
    if unit.code is not None:
        return f"unit:{unit.code}", unit.fault
    several = unit.fault is not None and unit.fault.code == AMBIGUOUS_UNIT
    return None, unit.fault if several else school.fault


def _content(cell: Cell, tab: Tab, context: Context) -> tuple[Value, Fault | None]:
    text = clean(str(cell))
    found = context.contents.get(key(text))
    if found is not None:
        return found.id, None
    known = ", ".join(f"“{o.title}”" for o in context.directive.obligations if o.hard)
    severity = Severity.WARNS if tab.key == "tasks" else Severity.BLOCKS
    remedy = f"Đề nghị chọn một trong các nội dung: {known}."
    return None, Fault("unknown_content", severity, "không có nội dung này", remedy, False)


def _period_text(cell: Cell, tab: Tab, context: Context) -> tuple[Value, Fault | None]:
    if tab.key == "extensions":
        return cells.text(cell) if isinstance(cell, str) else (plain(cell), None)
    kinds = dict.fromkeys(o.period_kind for o in context.directive.hard if o.tab == tab.key)
    known = tuple(k for k in kinds if k is not None) or ((Every.MONTH, Reckoning.CALENDAR),)
    return period_label(cell, known, context.zone, date_1904=context.date_1904)


def period_label(
    cell: Cell, kinds: tuple[PeriodKind, ...], zone: ZoneInfo, *, date_1904: bool = False
) -> tuple[str | None, Fault | None]:
    """Return the label of the period that a cell names ("2021-02"), or its fault.

    `kinds`: by what the cell's tab, or its row's obligation, is reported.
    """
    period, fault = parse_any(cell, kinds, zone, date_1904=date_1904)
    return (period.label if period else None), fault


def quoted(cell: Cell, column: Column, *, date_1904: bool) -> Cell:
    """Return a cell as its fault quotes it: the serial number of a day as that day."""
    if column.kind in _DAYS and isinstance(cell, int | float):
        return dates.of_serial(cell, date_1904=date_1904) or cell
    return cell


_DAYS = frozenset({Kind.DAY, Kind.PERIOD, Kind.PERIOD_OR_CODE})


def plain(cell: Cell) -> str:
    """Return a raw cell as text; a day as ISO."""
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell)
