"""What the operator decided: waivers, extensions (*miễn*, *gia hạn*), pauses; any source."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from automator.core.calendar import ONE_DAY, start_of_day
from automator.core.deadline import last_day
from automator.core.directive import Directive
from automator.core.finding import Instance
from automator.core.layout import EXTENSIONS
from automator.core.pauses import Pause
from automator.core.problem import Problem, Severity
from automator.core.readers import EVERYONE, period_label
from automator.core.register import Register, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One school is exempt from one obligation on days from <= d <= to (None: open).

    `period` narrows it to one period or one incident. `source`: where it was written.
    """

    school: str
    obligation: str
    period: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    reason: str = ""
    source: str = ""

    def covers_day(self, day: date) -> bool:
        """Tell whether the waiver is in force on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def covers(self, instance: Instance, now: datetime, zone: ZoneInfo) -> bool:
        """Tell whether it covers an instance of its school and obligation.

        A one-off instance while `now` is in the waiver's days; a recurring or event one for
        good, if it is due in them (`covers_due`).
        """
        if instance.period is None and instance.incident is None:
            return self.covers_day(now.astimezone(zone).date())
        named = self.period in (None, instance.period, instance.incident)
        return named and self.covers_due(instance.due_before, zone)

    def covers_due(self, due_before: datetime, zone: ZoneInfo) -> bool:
        """Tell whether a deadline falls in the waiver's days, 24:00 of the last one included.

        A day ends at its 24:00 (BLDS 2015, art. 147 and 148): what is due by the end of 05/03
        has its `due_before` there, and a waiver until 05/03 covers it.
        """
        return (self.valid_from is None or start_of_day(self.valid_from, zone) <= due_before) and (
            self.valid_to is None or due_before <= start_of_day(self.valid_to + ONE_DAY, zone)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A new last good day of one obligation for a scope: "*", "school:CODE" or "unit:ID".

    It moves the deadline of an instance of that scope; of a recurring one only in its `period`.
    """

    scope: str
    obligation: str
    last_day: date
    period: str | None = None
    reason: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """All decisions together, those of the workbook after those of config and by hand."""

    waivers: tuple[Waiver, ...] = ()
    extensions: tuple[Extension, ...] = ()
    pauses: tuple[Pause, ...] = ()
    waiting: tuple[str, ...] = ()  # keys of those that are not in force until approved


FEW = 3


def decisions(
    register: Register,
    gone: Sequence[Row],
    directive: Directive,
    given: Decisions,
    approved: frozenset[str],
    share: float,
) -> tuple[Decisions, list[Problem]]:
    """Return `given` (config, ledger) with the workbook's added, and the rows that are wrong.

    `gone` are rows that were not there at this read: they stand until a second one agrees.
    Those that are not `approved` and together cover more than `share` of the schools, and
    more than three, are not in force: they wait for the operator. Where only the days of an
    approved one were edited, what was approved stands until then.
    """
    waivers = [_waiver(row) for row in register.of("waivers") if row.valid and _clear(row)]
    extensions, problems = _extensions(register.of("extensions"), register, directive)
    kept = [replace(_waiver(row), source="") for row in gone if row.tab == "waivers"]
    longer, _ = _extensions([r for r in gone if r.tab == "extensions"], register, directive)
    theirs: list[Waiver | Extension] = [
        *waivers,
        *kept,
        *extensions,
        *(replace(e, source="") for e in longer),
    ]
    waiting = _waiting(theirs, register, approved, share)
    in_force = [d for d in theirs if approval_key(d) not in waiting]
    in_force += [
        old
        for d in theirs
        if approval_key(d) in waiting
        for old in [_approved_before(d, approved)]
        if old is not None
    ]
    both = Decisions(
        waivers=(*given.waivers, *(d for d in in_force if isinstance(d, Waiver))),
        extensions=(*given.extensions, *(d for d in in_force if isinstance(d, Extension))),
        pauses=given.pauses,
        waiting=tuple(sorted(waiting)),
    )
    return both, problems


def _waiting(
    theirs: Sequence[Waiver | Extension],
    register: Register,
    approved: frozenset[str],
    share: float,
) -> frozenset[str]:
    """Return the keys of the unapproved decisions, if together they cover too many schools."""
    unapproved = [d for d in theirs if approval_key(d) not in approved]
    of_commune: dict[str, list[str]] = {}
    for school in register.schools.values():
        for commune in {a.commune for a in school.assignments}:
            of_commune.setdefault(commune, []).append(school.code)
    covered = {code for d in unapproved for code in _covered(d, register, of_commune)}
    if len(covered) <= FEW or len(covered) <= share * len(register.schools):
        return frozenset()
    return frozenset(approval_key(d) for d in unapproved)


def approval_key(decision: Waiver | Extension) -> str:
    """Return the key under which the operator's approval is remembered."""
    about = f"{decision.obligation}/{decision.period or ''}"
    if isinstance(decision, Waiver):
        days = f"{decision.valid_from or ''}/{decision.valid_to or ''}"
        return f"approved/waiver/{decision.school}/{about}/{days}"
    return f"approved/extension/{decision.scope}/{about}/{decision.last_day}"


def _approved_before(
    decision: Waiver | Extension, approved: frozenset[str]
) -> Waiver | Extension | None:
    """Return what had been approved of a decision whose days were edited: it stands meanwhile."""
    if isinstance(decision, Extension):
        about = approval_key(decision).rpartition("/")[0] + "/"
        days = [key.removeprefix(about) for key in approved if key.startswith(about)]
        return replace(decision, last_day=date.fromisoformat(max(days))) if days else None
    about = approval_key(decision).rsplit("/", 2)[0] + "/"
    spans = [key.removeprefix(about).split("/") for key in approved if key.startswith(about)]
    if not spans:
        return None
    start, end = max(spans, key=lambda span: span[1] or "9999")
    return replace(decision, valid_from=_day(start), valid_to=_day(end))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _covered(
    decision: Waiver | Extension, register: Register, of_commune: Mapping[str, Sequence[str]]
) -> Iterable[str]:
    """Return the schools that a decision concerns."""
    scope = decision.scope if isinstance(decision, Extension) else f"school:{decision.school}"
    kind, _, name = scope.partition(":")
    if kind == EVERYONE:
        return register.schools
    if kind == "school":
        return (name,) if name in register.schools else ()
    return of_commune.get(name, ())


def _clear(row: Row) -> bool:
    """Tell whether it is clear what is waived: a period that cannot be read is not "all"."""
    return row.school is not None and row.values.get("period", "") is not None


def _waiver(row: Row) -> Waiver:
    start, end = row.moment("valid_from"), row.moment("valid_to")
    return Waiver(
        school=row.school or "",
        obligation=row.text("content"),
        period=row.text("period") or None,
        valid_from=start.day if start else None,
        valid_to=end.day if end else None,
        source=f"Miễn trừ!A{row.number}",
    )


def _extensions(
    rows: Sequence[Row], register: Register, directive: Directive
) -> tuple[list[Extension], list[Problem]]:
    found: list[Extension] = []
    problems: list[Problem] = []
    for row in rows:
        if not row.valid:
            continue
        moment, obligation = row.moment("last_day"), directive.obligation(row.text("content"))
        assert moment is not None
        if obligation is None:
            continue
        period: str | None = None
        if obligation.period_kind is not None:
            zone, kinds = moment.instant.tzinfo, (obligation.period_kind,)
            period, _ = period_label(row.text("period") or None, kinds, zone)  # type: ignore[arg-type]
            if period is None:
                problems.append(
                    _needs_period(row, register.cell("extensions", row.number, "period"))
                )
                continue
        found.append(
            Extension(
                scope=row.text("scope"),
                obligation=obligation.id,
                last_day=moment.day,
                period=period,
                source=f"Gia hạn!{register.cell('extensions', row.number, 'last_day')}",
            )
        )
    return found, problems


def _needs_period(row: Row, cell: str) -> Problem:
    return Problem(
        tab=EXTENSIONS.title,
        cell=cell,
        code="period_needed",
        severity=Severity.BLOCKS,
        message="gia hạn một nội dung định kỳ cần ghi rõ kỳ",
        remedy="Đề nghị ghi cột Kỳ, ví dụ 02/2021.",
        header=EXTENSIONS.column("period").header,
        row=row.number,
    )


Moved = Mapping[tuple[str, str, str | None], date]
"""The latest new day by (obligation, scope, period); None: whatever has no period, any of them."""


def moved_days(extensions: Iterable[Extension]) -> Moved:
    """Return the latest last good day that the extensions give, to look up for an instance."""
    days: dict[tuple[str, str, str | None], date] = {}
    for e in extensions:
        for period in {e.period, None}:
            at = (e.obligation, e.scope, period)
            days[at] = max(e.last_day, days.get(at, e.last_day))
    return days


def names_moved(extensions: Iterable[Extension]) -> dict[str, set[str]]:
    """Return by obligation the schools and units that an extension names ("" for everyone)."""
    names: dict[str, set[str]] = {}
    for e in extensions:
        names.setdefault(e.obligation, set()).add(e.scope.partition(":")[2])
    return names


def may_move(instance: Instance, names: Mapping[str, set[str]]) -> bool:
    """Tell whether an extension names the instance's school or unit, or everyone."""
    of = names.get(instance.obligation)
    return of is not None and (instance.school in of or instance.commune in of or "" in of)


def moved_day(instance: Instance, days: Moved) -> date | None:
    """Return the latest day to which an extension moves the instance, None if none concerns it."""
    found = [day for scope in _scopes(instance) if (day := days.get((instance.obligation, *scope)))]
    return max(found, default=None)


def _scopes(instance: Instance) -> tuple[tuple[str, str | None], ...]:
    """Return the scopes, each with the period, under which an instance may be extended."""
    period = instance.period
    return (
        (EVERYONE, period),
        (f"school:{instance.school}", period),
        (f"unit:{instance.commune}", period),
    )


def too_early(
    extensions: Sequence[Extension], instances: Iterable[Instance], zone: ZoneInfo
) -> list[Problem]:
    """Return a problem for each extension that lies before a deadline it would extend."""
    names = names_moved(extensions)
    latest: dict[tuple[str, str, str | None], datetime] = {}
    for i in instances:
        if may_move(i, names):
            for scope in _scopes(i):
                at = (i.obligation, *scope)
                latest[at] = max(i.original_due, latest.get(at, i.original_due))
    problems: list[Problem] = []
    for e in extensions:
        dues = [latest.get((e.obligation, e.scope, period)) for period in {e.period, None}]
        if e.source and any(due and e.last_day < last_day(due, zone) for due in dues):
            mark = "!" if "!" in e.source else " "  # "Gia hạn!D5", "Sổ nhớ #3"
            tab, _, cell = e.source.rpartition(mark)
            problems.append(
                Problem(
                    tab=tab,
                    cell=cell,
                    code="extension_too_early",
                    severity=Severity.BLOCKS,
                    message="hạn mới sớm hơn hạn ban đầu",
                    remedy="Đề nghị ghi ngày sau hạn ban đầu, hoặc xóa dòng này.",
                    header=EXTENSIONS.column("last_day").header,
                )
            )
    return problems
