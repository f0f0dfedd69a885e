"""What the office noted as received, acknowledged or returned, by instance."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from automator.core.directive import Directive
from automator.core.incidents import Incidents
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
    result_since: datetime
    result: str
    returned: Moment | None
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """Receipts by full instance key, in order of arrival, and the rows that fit nothing."""

    of_instance: Mapping[str, tuple[Receipt, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    bound: Mapping[int, str] = field(default_factory=dict)  # sighting id -> incident it means
    withdrawn: Mapping[str, datetime] = field(default_factory=dict)  # instance -> gone since

    def at(self, key: str, now: datetime) -> tuple[Receipt, ...]:
        """Return the receipts of an instance that have arrived by `now` (no mere ack)."""
        noted = self.of_instance.get(key)
        if noted is None:
            return ()
        return tuple([r for r in noted if r.result != ACKNOWLEDGED and r.arrived.instant <= now])

    def acknowledged(self, key: str, now: datetime) -> bool:
        """Tell whether the office has noted an incident: any row for it acknowledges it."""
        return any(r.arrived.instant <= now for r in self.of_instance.get(key, ()))


def receipts(
    register: Register,
    recognised: Recognised,
    directive: Directive,
    incidents: Incidents,
    zone: ZoneInfo,
    now: datetime,
) -> Receipts:
    """Index the office's rows. A blank code means the school's only open incident, for good."""
    index = _Index(register, directive, incidents, now)
    for row, sighting in _standing(register, recognised, zone):
        index.add(row, sighting)
    for same in index.found.values():
        if len(same) > 1:
            same.sort(key=lambda r: (r.arrived, r.row.canon, r.row.number))
    return Receipts(
        of_instance={k: tuple(v) for k, v in index.found.items()},
        problems=tuple(index.problems),
        bound=index.bound,
        withdrawn=_withdrawn(recognised, directive, zone),
    )


def _withdrawn(recognised: Recognised, directive: Directive, zone: ZoneInfo) -> dict[str, datetime]:
    """Return the instances of receipts that are gone for good, and since when."""
    found: dict[str, datetime] = {}
    for sighting in recognised.sightings:
        if sighting.tab != RECEIPTS.key or not sighting.lost or not sighting.observed:
            continue
        row = ghost(sighting, zone)
        obligation = directive.obligation(row.text("content"))
        since = sighting.lost_since
        if obligation is None or since is None or row.text("result") in (ACKNOWLEDGED, RETURNED):
            continue
        arrived = row.moment("arrived")
        if arrived is None or arrived.instant > since:  # its day had not come
            continue
        part = sighting.code if obligation.within is not None else row.text("period")
        key = f"{row.school}/{obligation.id}"
        if obligation.every is not None or obligation.within is not None:
            key = f"{key}/{part}"
        found[key] = max(found.get(key, since), since)
    return found


def bind(recognised: Recognised, bound: Mapping[int, str]) -> Recognised:
    """Return the sightings with the incident that each receipt means, kept from now on."""
    changed = {
        s.id: replace(s, code=bound[s.id])
        for s in recognised.sightings
        if s.id in bound and s.code != bound[s.id]
    }
    return replace(
        recognised,
        sightings=tuple(changed.get(s.id, s) for s in recognised.sightings),
        of_row={k: changed.get(s.id, s) for k, s in recognised.of_row.items()},
    )


def _standing(
    register: Register, recognised: Recognised, zone: ZoneInfo
) -> list[tuple[Row, Sighting]]:
    """Return the valid rows, and those lost that spoke for a school until a second read agrees."""
    there = [
        (row, recognised.of_row[RECEIPTS.key, row.number])
        for row in register.of(RECEIPTS.key)
        if row.valid
    ]
    lost = [
        (ghost(s, zone), s)
        for s in recognised.sightings
        if s.tab == RECEIPTS.key and s.lost_since is not None and not s.lost
    ]
    return there + [(r, s) for r, s in lost if r.valid and r.text("result") not in _AGAINST]


class _Index:
    """Collects receipts by instance, and what is wrong with the rows that fit none."""

    def __init__(
        self,
        register: Register,
        directive: Directive,
        incidents: Incidents,
        now: datetime,
    ) -> None:
        self._register, self._directive, self._now = register, directive, now
        self._open: Mapping[str, Sequence[str]] = incidents.of_school()
        self._known: Mapping[str, str] = incidents.codes()
        self._typed: Mapping[tuple[str, str], Sequence[str]] = incidents.typed()
        self.found: dict[str, list[Receipt]] = defaultdict(list)
        self.problems: list[Problem] = []
        self.bound: dict[int, str] = {}

    def add(self, row: Row, sighting: Sighting) -> None:
        """Index one row."""
        obligation = self._directive.obligation(row.text("content"))
        if obligation is None or not obligation.hard:
            return
        key = f"{row.school}/{obligation.id}"
        if obligation.every is not None:
            key = f"{key}/{row.text('period')}" if row.text("period") else ""
            if not key and not self._is_typed(row, "period"):  # a bad period is reported already
                self._needs(row, sighting, "period_needed", *_PERIOD_NEEDED)
        elif obligation.within is not None:
            code = self._incident(row, sighting)
            key = f"{key}/{code}" if code else ""
            if code:
                self.bound[sighting.id] = code
        if key:
            self.found[key].append(_receipt(row, sighting))

    @staticmethod
    def _is_typed(row: Row, column: str) -> bool:
        """Tell whether the cell of a column was filled in, whatever came of it."""
        return any(key == column for key, _ in row.canon)

    def _incident(self, row: Row, sighting: Sighting) -> str:
        """Return the code of the incident that is meant, "" (and a problem) where none is."""
        school, named = row.school or "", row.text("period")
        if named:
            if self._known.get(named) == school:
                return named
            meant = self._typed.get((school, named), ())  # typed in a row, though not its id
            if len(meant) == 1:
                return meant[0]
            if meant:
                self._needs(row, sighting, "incident_needed", *_INCIDENT_NEEDED)
            else:
                self._needs(row, sighting, "unknown_incident", *_UNKNOWN_INCIDENT)
            return ""
        if sighting.code and self._known.get(sighting.code) == school:
            return sighting.code
        codes = self._open.get(school, ())
        if len(codes) == 1:
            return codes[0]
        self._needs(row, sighting, "incident_needed", *_INCIDENT_NEEDED)
        return ""

    def _needs(self, row: Row, sighting: Sighting, code: str, message: str, remedy: str) -> None:
        arrived = row.moment("arrived")
        if sighting.lost_since is not None or arrived is None or arrived.instant > self._now:
            return
        self.problems.append(
            Problem(
                tab=RECEIPTS.title,
                cell=self._register.cell(RECEIPTS.key, row.number, "period"),
                code=code,
                severity=Severity.BLOCKS,
                message=message,
                remedy=remedy,
                header=RECEIPTS.column("period").header,
                school=row.school,
                row=row.number,
            )
        )


_PERIOD_NEEDED = ("nội dung định kỳ cần ghi rõ kỳ", "Đề nghị ghi kỳ, ví dụ 02/2021.")
_INCIDENT_NEEDED = ("chưa rõ vụ việc nào", "Đề nghị ghi mã vụ việc (xem tab Tình trạng).")
_UNKNOWN_INCIDENT = (
    "trường không có vụ việc mang mã này",
    "Đề nghị ghi đúng mã vụ việc (xem tab Tình trạng).",
)


def _receipt(row: Row, sighting: Sighting) -> Receipt:
    arrived = row.moment("arrived")
    assert arrived is not None
    observed = sighting.observed or sighting.first_seen
    since = sighting.result_since or observed
    result = row.text("result")
    returned = (row.moment("returned") or Moment(since)) if result == RETURNED else None
    return Receipt(
        row=row,
        arrived=arrived,
        observed=observed,
        result_since=since,
        result=result,
        returned=returned,
        gone=sighting.gone_since is not None,
    )
