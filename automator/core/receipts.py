"""What the office noted as received, acknowledged or returned, by instance."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from automator.core.directive import Directive
from automator.core.layout import RECEIPTS
from automator.core.memory import Sighting
from automator.core.moment import Moment
from automator.core.problem import Problem, Severity
from automator.core.register import Register, Row
from automator.core.sightings import Recognised, ghost

ACKNOWLEDGED, ACCEPTED, RETURNED = "Đã nắm tin", "Đạt", "Đề nghị bổ sung"
_AGAINST = frozenset({RETURNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One row of *Phòng tiếp nhận*. `returned` is the day given back, else first sight.

    `gone`: it was not there at this read, and counts until a second one agrees.
    """

    row: Row
    arrived: Moment
    observed: datetime
    result: str
    returned: Moment | None
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """Receipts by full instance key, in order of arrival, and the rows that fit nothing."""

    of_instance: Mapping[str, tuple[Receipt, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def at(self, key: str, now: datetime) -> tuple[Receipt, ...]:
        """Return the receipts of an instance that have arrived by `now` (no mere ack)."""
        return tuple(
            r
            for r in self.of_instance.get(key, ())
            if r.result != ACKNOWLEDGED and r.arrived.instant <= now
        )

    def acknowledged(self, key: str, now: datetime) -> bool:
        """Tell whether the office has noted an incident: any row for it acknowledges it."""
        return any(r.arrived.instant <= now for r in self.of_instance.get(key, ()))


def receipts(
    register: Register,
    recognised: Recognised,
    directive: Directive,
    open_incidents: Mapping[str, Sequence[str]],
    zone: ZoneInfo,
    now: datetime,
) -> Receipts:
    """Index the office's rows. `open_incidents`: school -> codes that a blank code may mean."""
    found: dict[str, list[Receipt]] = defaultdict(list)
    problems: list[Problem] = []
    for row, sighting in _standing(register, recognised, zone):
        key, problem = _instance(row, directive, open_incidents)
        arrived = row.moment("arrived")
        gone = sighting.gone_since is not None
        if problem is not None and not gone and arrived is not None and arrived.instant <= now:
            problems.append(problem)
        if key is not None:
            found[key].append(_receipt(row, sighting.observed or sighting.first_seen, gone=gone))
    for same in found.values():
        same.sort(key=lambda r: (r.arrived.instant, r.row.number))
    return Receipts(of_instance={k: tuple(v) for k, v in found.items()}, problems=tuple(problems))


def _standing(
    register: Register, recognised: Recognised, zone: ZoneInfo
) -> list[tuple[Row, Sighting]]:
    """Return the valid rows, and those gone that spoke for a school until a second read agrees."""
    there = [
        (row, recognised.of_row[RECEIPTS.key, row.number])
        for row in register.of(RECEIPTS.key)
        if row.valid
    ]
    gone = [
        (ghost(s, zone), s)
        for s in recognised.sightings
        if s.tab == RECEIPTS.key and s.gone_since is not None and not s.gone_settled
    ]
    return there + [(r, s) for r, s in gone if r.valid and r.text("result") not in _AGAINST]


def _receipt(row: Row, observed: datetime, *, gone: bool) -> Receipt:
    arrived = row.moment("arrived")
    assert arrived is not None
    result = row.text("result")
    returned = None
    if result == RETURNED:
        returned = row.moment("returned") or Moment(observed)
    return Receipt(
        row=row, arrived=arrived, observed=observed, result=result, returned=returned, gone=gone
    )


def _instance(
    row: Row, directive: Directive, open_incidents: Mapping[str, Sequence[str]]
) -> tuple[str | None, Problem | None]:
    obligation = directive.obligation(row.text("content"))
    if obligation is None or not obligation.hard:
        return None, None
    prefix = f"{row.school}/{obligation.id}"
    named = row.text("period")
    if obligation.every is not None:
        if named:
            return f"{prefix}/{named}", None
        return None, _needs(
            row, "period_needed", "nội dung định kỳ cần ghi rõ kỳ", "Đề nghị ghi kỳ, ví dụ 02/2021."
        )
    if obligation.within is not None:
        codes = open_incidents.get(row.school or "", ())
        code = named or (codes[0] if len(codes) == 1 else "")
        if code:
            return f"{prefix}/{code}", None
        return None, _needs(
            row,
            "incident_needed",
            "chưa rõ vụ việc nào",
            "Đề nghị ghi mã vụ việc (xem tab Tình trạng).",
        )
    return prefix, None


def _needs(row: Row, code: str, message: str, remedy: str) -> Problem:
    return Problem(
        tab=RECEIPTS.title,
        cell=f"C{row.number}",
        code=code,
        severity=Severity.BLOCKS,
        message=message,
        remedy=remedy,
        header=RECEIPTS.column("period").header,
        school=row.school,
        row=row.number,
    )
