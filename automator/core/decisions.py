"""What the operator decided: waivers (*miễn*) and extensions (*gia hạn*), from any source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from automator.core.directive import Directive
from automator.core.finding import Instance
from automator.core.layout import EXTENSIONS
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A new last good day of one obligation for a scope: "*", "school:CODE" or "unit:ID"."""

    scope: str
    obligation: str
    last_day: date
    period: str | None = None
    reason: str = ""
    source: str = ""

    def concerns(self, instance: Instance) -> bool:
        """Tell whether it moves the deadline of `instance`."""
        if self.obligation != instance.obligation:
            return False
        if instance.period is not None and self.period != instance.period:
            return False
        return self.scope in (
            EVERYONE,
            f"school:{instance.school}",
            f"unit:{instance.commune}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Waivers and extensions together, those of the workbook after those of config."""

    waivers: tuple[Waiver, ...] = ()
    extensions: tuple[Extension, ...] = ()
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
    more than three, are not in force: they wait for the operator.
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
    both = Decisions(
        waivers=(*given.waivers, *(d for d in in_force if isinstance(d, Waiver))),
        extensions=(*given.extensions, *(d for d in in_force if isinstance(d, Extension))),
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
    covered = {code for d in unapproved for code in _covered(d, register)}
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


def _covered(decision: Waiver | Extension, register: Register) -> set[str]:
    """Return the schools that a decision concerns."""
    if isinstance(decision, Waiver):
        return {decision.school} & set(register.schools)
    kind, _, name = decision.scope.partition(":")
    if kind == "school":
        return {name} & set(register.schools)
    return {
        s.code
        for s in register.schools.values()
        if kind == EVERYONE or any(a.commune == name for a in s.assignments)
    }


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


def too_early(
    extensions: Iterable[Extension], instances: Sequence[Instance], last_days: dict[str, date]
) -> list[Problem]:
    """Return a problem for each extension that lies before the deadline it would extend."""
    problems: list[Problem] = []
    for extension in extensions:
        earlier = next(
            (
                i
                for i in instances
                if extension.concerns(i) and extension.last_day < last_days[i.full_key]
            ),
            None,
        )
        if earlier is not None and extension.source:
            tab, _, cell = extension.source.partition("!")
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
