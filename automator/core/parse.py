"""Snapshot -> Register: every row as values, every fault as a Problem with its cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from automator.core import cells, contacts, privacy
from automator.core.directive import LOCAL_AUTHORITIES, Directive, Every, Obligation
from automator.core.layout import LEVELS, MODELS, SCHOOLS, Column, Kind, Need, Tab
from automator.core.locate import Located, Location
from automator.core.moment import Moment
from automator.core.names import clean, header_key, key
from automator.core.periods import parse_cell
from automator.core.problem import Fault, Problem, Severity
from automator.core.register import Register, Row, School, Value
from automator.core.roster import roster
from automator.core.schools import SchoolIndex, UnitIndex
from automator.core.snapshot import Cell, Sheet, cell_name

WINDOW_BEFORE = timedelta(days=60)
WINDOW_AFTER = timedelta(days=365)
_WINDOWED = frozenset({"sent", "done", "occurred", "known", "reported", "arrived", "returned"})
_FUTURE = _WINDOWED | {"launched"}
EVERYONE = "*"
_EVERYONE_KEYS = frozenset(key(word) for word in ("tất cả", "toàn huyện", "tất cả các trường"))


@dataclass(slots=True, kw_only=True)
class _Context:
    """What parsing a row needs; `problems` collects as it goes."""

    directive: Directive
    zone: ZoneInfo
    now: datetime
    date_1904: bool
    schools: SchoolIndex
    units: UnitIndex
    contents: Mapping[str, Obligation]
    problems: list[Problem] = field(default_factory=list)

    def days(self, earliest: date | None, latest: date | None) -> cells.Ctx:
        return cells.Ctx(zone=self.zone, date_1904=self.date_1904, earliest=earliest, latest=latest)


def parse(
    location: Location, directive: Directive, zone: ZoneInfo, now: datetime, *, date_1904: bool
) -> Register:
    """Return the register of what was located. Pure: same cells, same register.

    `now` (aware) bounds the days that can be meant; rows of it that are dated later are kept
    and named `future`. A row of an unknown school is kept too, valid for nobody.
    """
    units = UnitIndex([(u.id, u.name) for u in directive.units if u.kind in LOCAL_AUTHORITIES])
    context = _Context(
        directive=directive,
        zone=zone,
        now=now,
        date_1904=date_1904,
        schools=SchoolIndex([]),
        units=units,
        contents=_contents(directive),
    )
    rows: dict[str, tuple[Row, ...]] = {}
    schools: Mapping[str, School] = {}
    if SCHOOLS.key in location.found:
        rows[SCHOOLS.key] = _rows(location.found[SCHOOLS.key], context)
        schools, faults = roster(rows[SCHOOLS.key], location.found[SCHOOLS.key].columns)
        context.problems += faults
        context.schools = SchoolIndex([(s.code, s.name, s.ministry_code) for s in schools.values()])
    for tab_key, located in location.found.items():
        if tab_key != SCHOOLS.key:
            rows[tab_key] = _rows(located, context)
    return Register(
        schools=schools,
        rows=rows,
        read=frozenset(location.found),
        unreadable=location.unreadable,
        problems=(*location.problems, *context.problems),
        absent={k: v.absent for k, v in location.found.items() if v.absent},
        titles={k: v.sheet.title for k, v in location.found.items()},
        links={k: v.sheet.link for k, v in location.found.items() if v.sheet.link},
    )


def _contents(directive: Directive) -> dict[str, Obligation]:
    """Every way to name an obligation in a cell: its id, its title, its tab if it is alone."""
    names: dict[str, Obligation] = {}
    for obligation in directive.obligations:
        names[key(obligation.id)] = obligation
        names.setdefault(key(obligation.title), obligation)
    for obligation in directive.hard:
        alone = sum(o.tab == obligation.tab for o in directive.hard) == 1
        if obligation.tab and alone:
            names.setdefault(key(_tab_title(obligation.tab)), obligation)
    return names


def _tab_title(tab_key: str) -> str:
    from automator.core.layout import tab

    return tab(tab_key).title


def _rows(located: Located, context: _Context) -> tuple[Row, ...]:
    readers = _readers(located, context)
    titles = {c.key: header_key(c.header) for c in located.tab.columns}
    out: list[Row] = []
    for number, cells_of_row in enumerate(located.sheet.rows, start=1):
        if number <= located.header_row:
            continue
        raw = {k: cells_of_row[i] for k, i in located.columns.items() if i < len(cells_of_row)}
        raw = {k: cell for k, cell in raw.items() if cell is not None and cell != ""}
        raw = {k: cell for k, cell in raw.items() if not cells.is_blank(cell)}
        _lint_others(located, number, cells_of_row, context)
        if not raw:
            continue
        if _is_header(raw, titles):
            context.problems.append(_repeated_header(located, number))
            continue
        row = _row(located, number, raw, readers, context)
        if row is not None:
            out.append(row)
    return tuple(out)


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


Reader = Callable[[Cell], tuple[Value, tuple[Fault, ...]]]


def _readers(located: Located, context: _Context) -> dict[str, Reader]:
    return {c.key: _reader(located.tab, c, context) for c in located.tab.columns}


def _reader(tab: Tab, column: Column, context: _Context) -> Reader:
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
        return contacts.emails
    read = simple[column.kind]

    def one(cell: Cell) -> tuple[Value, tuple[Fault, ...]]:
        value, fault = read(cell)
        return value, (fault,) if fault else ()

    return one


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
    known, _ = cells.choice(cell, LEVELS)
    return (known, None) if known is not None else cells.text(cell)


def _day_reader(
    tab: Tab, column: Column, context: _Context
) -> Callable[[Cell], tuple[Value, Fault | None]]:
    ctx = context.days(None, None)
    if column.key in _WINDOWED:
        starts = [o.starts for o in context.directive.obligations if o.tab == tab.key and o.starts]
        start = min([context.directive.starts, *starts])
        ctx = context.days(start - WINDOW_BEFORE, context.now.date() + WINDOW_AFTER)
    elif tab.key == MODELS.key:
        ctx = context.days(date(1900, 1, 1), None)
    return lambda cell: cells.day(cell, ctx)


def _scope(cell: Cell, context: _Context) -> tuple[Value, Fault | None]:
    if isinstance(cell, str) and key(cell) in _EVERYONE_KEYS:
        return EVERYONE, None
    unit = context.units.resolve(cell)
    school = context.schools.resolve(cell)
    if school.code is not None and (school.fault is None or unit.code is None):
        return f"school:{school.code}", school.fault
    if unit.code is not None:
        return f"unit:{unit.code}", unit.fault
    return None, school.fault


def _content(cell: Cell, tab: Tab, context: _Context) -> tuple[Value, Fault | None]:
    text = clean(str(cell))
    found = context.contents.get(key(text))
    if found is not None:
        return found.id, None
    known = ", ".join(f"“{o.title}”" for o in context.directive.obligations if o.hard)
    severity = Severity.WARNS if tab.key == "tasks" else Severity.BLOCKS
    remedy = f"Đề nghị chọn một trong các nội dung: {known}."
    return None, Fault("unknown_content", severity, "không có nội dung này", remedy, False)


def _period_text(cell: Cell, tab: Tab, context: _Context) -> tuple[Value, Fault | None]:
    if tab.key == "extensions":
        return cells.text(cell) if isinstance(cell, str) else (_plain(cell), None)
    every = next((o.every for o in context.directive.hard if o.tab == tab.key and o.every), None)
    return period_label(cell, every or Every.MONTH, context.zone, date_1904=context.date_1904)


def period_label(
    cell: Cell, every: Every, zone: ZoneInfo, *, date_1904: bool = False
) -> tuple[str | None, Fault | None]:
    """Return the label of the period that a cell names ("2021-02"), or its fault."""
    period, fault = parse_cell(cell, every, zone, date_1904=date_1904)
    return (period.label if period else None), fault


def _plain(cell: Cell) -> str:
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell)


def _row(
    located: Located,
    number: int,
    raw: Mapping[str, Cell],
    readers: Mapping[str, Reader],
    context: _Context,
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
        value, faults = readers[column.key](cell)
        values[column.key] = value
        found += [(column, fault) for fault in faults]
    _period_or_code(tab, raw, values, found, context)
    school = values.get("school") if tab.key != SCHOOLS.key else values.get("code")
    code = school if isinstance(school, str) else None
    place = _Place(located, number, code, context)
    for column, fault in found:
        place.report(column, fault, raw[column.key])
    missing = _check_needs(located, raw, values, place)
    _check_future(tab, values, place)
    secret = _lint_row(tab, raw, place)
    return Row(
        tab=tab.key,
        number=number,
        values=values,
        canon=_canon(tab, raw, values),
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
    context: _Context,
) -> None:
    """Read a cell "Kỳ hoặc mã vụ việc" once the row's obligation is known."""
    cell, content = raw.get("period"), values.get("content")
    if cell is None or not isinstance(content, str):
        return
    obligation = context.directive.obligation(content)
    fault: Fault | None = None
    if obligation is not None and obligation.every is not None:
        values["period"], fault = period_label(
            cell, obligation.every, context.zone, date_1904=context.date_1904
        )
    elif obligation is not None and obligation.within is not None:
        values["period"], fault = cells.incident_code(cell)
    if fault is not None:
        found.append((tab.column("period"), fault))


@dataclass(slots=True)
class _Place:
    """Turns faults of one row into problems."""

    located: Located
    number: int
    school: str | None
    context: _Context

    def cell(self, column: Column) -> str:
        return cell_name(self.number, self.located.columns[column.key])

    def report(self, column: Column, fault: Fault, cell: Cell) -> None:
        severity = fault.severity
        if severity is Severity.BLOCKS and column.need is not Need.REQUIRED:
            severity = Severity.WARNS if column.key != "period" else Severity.BLOCKS
        quotable = fault.quotable and column.kind in _QUOTABLE
        self.add(
            column,
            fault.code,
            severity,
            fault.message,
            fault.remedy,
            value=_plain(cell) if quotable else None,
        )

    def add(
        self,
        column: Column,
        code: str,
        severity: Severity,
        message: str,
        remedy: str,
        *,
        value: str | None = None,
    ) -> None:
        self.context.problems.append(
            Problem(
                tab=self.located.tab.title,
                cell=self.cell(column),
                code=code,
                severity=severity,
                message=message,
                remedy=remedy,
                header=column.header,
                value=value,
                school=self.school,
                row=self.number,
            )
        )


_QUOTABLE = frozenset(
    {Kind.DAY, Kind.PERIOD, Kind.PERIOD_OR_CODE, Kind.COUNT, Kind.CODE, Kind.EMAILS, Kind.PHONE}
)


def _check_needs(
    located: Located, raw: Mapping[str, Cell], values: Mapping[str, Value], place: _Place
) -> bool:
    """Report blank required and expected cells; tell whether a required one is missing."""
    missing = False
    for column in located.tab.columns:
        if column.need is Need.OPTIONAL or column.key not in located.columns:
            continue
        if values.get(column.key) is not None:
            continue
        required = column.need is Need.REQUIRED
        missing = missing or required
        if column.key in raw:
            continue  # its own fault has been reported
        place.add(
            column,
            "required_blank" if required else "expected_blank",
            Severity.BLOCKS if required else Severity.WARNS,
            "ô còn để trống",
            f"Đề nghị ghi {column.header}." + (f" {column.prompt}" if column.prompt else ""),
        )
    return missing


def _incomplete(located: Located, values: Mapping[str, Value]) -> tuple[str, ...]:
    return tuple(
        c.key
        for c in located.tab.columns
        if c.need is Need.EXPECTED and c.key in located.columns and values.get(c.key) is None
    )


def _check_future(tab: Tab, values: Mapping[str, Value], place: _Place) -> None:
    for column in tab.columns:
        value = values.get(column.key)
        if column.key not in _FUTURE or not isinstance(value, Moment):
            continue
        if value.instant > place.context.now:
            place.add(
                column,
                "future",
                Severity.WARNS,
                "ngày ghi còn ở phía trước; chỉ được tính từ ngày đó",
                "Đề nghị kiểm tra lại ngày.",
                value=value.instant.strftime("%d/%m/%Y"),
            )


def _lint_row(tab: Tab, raw: Mapping[str, Cell], place: _Place) -> bool:
    secret = False
    for column in tab.columns:
        cell = raw.get(column.key)
        if not isinstance(cell, str):
            continue
        if privacy.is_secret(cell):
            secret = True
            place.add(column, "secret", Severity.WARNS, _MARKED, _MARKED_REMEDY)
        if column.kind is Kind.FREE:
            _lint_text(cell, place, column)
    return secret


_MARKED = "ô có dấu chỉ độ mật; thư về dòng này được giữ lại"
_MARKED_REMEDY = "Đề nghị xóa nội dung này khỏi sổ; không nhập nội dung thuộc bí mật nhà nước."


def _lint_text(cell: str, place: _Place, column: Column) -> None:
    for kind in privacy.personal_data(cell):
        place.add(
            column,
            "personal_data",
            Severity.WARNS,
            f"ô {privacy.WORDS[kind]}",
            "Đề nghị xóa thông tin cá nhân của học sinh khỏi sổ.",
        )


def _lint_others(located: Located, number: int, row: tuple[Cell, ...], context: _Context) -> None:
    for index in located.others:
        cell = row[index] if index < len(row) else None
        if not isinstance(cell, str) or not cell:
            continue
        kinds = privacy.personal_data(cell)
        secret = privacy.is_secret(cell)
        if kinds or secret:
            context.problems.append(
                Problem(
                    tab=located.tab.title,
                    cell=cell_name(number, index),
                    code="secret" if secret else "personal_data",
                    severity=Severity.WARNS,
                    message=_MARKED if secret else f"ô {privacy.WORDS[kinds[0]]}",
                    remedy=_MARKED_REMEDY
                    if secret
                    else "Đề nghị xóa thông tin cá nhân của học sinh khỏi sổ.",
                    row=number,
                )
            )


def _canon(
    tab: Tab, raw: Mapping[str, Cell], values: Mapping[str, Value]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (c.key, _canon_cell(c, raw[c.key], values.get(c.key))) for c in tab.columns if c.key in raw
    )


def _canon_cell(column: Column, cell: Cell, value: Value) -> str:
    if column.kind is Kind.FREE:
        return blake2b(clean(str(cell)).encode(), digest_size=8).hexdigest()
    if isinstance(value, Moment):
        return value.instant.isoformat() if value.timed else value.day.isoformat()
    if value is not None and not isinstance(value, tuple):
        return str(value)
    return key(_plain(cell))


def without_free_text(located: Located) -> Sheet:
    """Return the tab's sheet as memory may keep it: listed columns only, free text hashed."""
    free = {i for k, i in located.columns.items() if located.tab.column(k).kind is Kind.FREE}
    others = set(located.others)
    rows: list[tuple[Cell, ...]] = []
    for number, row in enumerate(located.sheet.rows, start=1):
        if number < located.header_row:
            rows.append(tuple(None for _ in row))
        elif number == located.header_row:
            rows.append(tuple(None if i in others else c for i, c in enumerate(row)))
        else:
            rows.append(
                tuple(
                    None if i in others else (_hashed(c) if i in free else c)
                    for i, c in enumerate(row)
                )
            )
    return Sheet(title=located.sheet.title, rows=tuple(rows), link=located.sheet.link)


def _hashed(cell: Cell) -> Cell:
    if cells.is_blank(cell):
        return None
    return "#" + blake2b(clean(str(cell)).encode(), digest_size=8).hexdigest()
