"""Incidents over time: their ids, when they became urgent, what state they are in."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from automator.core.layout import INCIDENTS
from automator.core.memory import Memory, Sighting
from automator.core.moment import Moment
from automator.core.problem import Problem, Severity
from automator.core.register import Register, Row
from automator.core.sightings import Recognised, ghost

OPEN, CLOSED, MISTAKEN = "Đang xử lý", "Đã kết thúc", "Nhập nhầm"
BLANK_LEVEL = 2
_GIVEN = re.compile(r"VV-(\d+)-(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident as at `now`. `level` is the one in force (a blank one counts as 2 in time).

    `row` is None for one whose row is gone. `begun`: its day has come, it may be told.
    """

    code: str
    school: str
    level: int | None
    sighting: Sighting
    row: Row | None
    begun: bool

    @property
    def known(self) -> Moment | None:
        """When the school learnt of it (else None)."""
        return self.row.moment("known") if self.row else None

    @property
    def occurred(self) -> Moment | None:
        """When it happened, as typed."""
        return self.row.moment("occurred") if self.row else None

    @property
    def mistaken(self) -> bool:
        """Whether the school took it back, or its row is gone for good."""
        if self.row is None:
            return self.sighting.lost
        return self.row.text("state") == MISTAKEN

    @property
    def closed(self) -> bool:
        """Whether the school says that it is over."""
        return self.row is not None and self.row.text("state") == CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Incidents:
    """Incidents by code in order, the sightings that carry their ids, and faults of codes."""

    by_code: Mapping[str, Incident]
    recognised: Recognised
    serial: Mapping[int, int]
    problems: tuple[Problem, ...]

    def codes(self) -> dict[str, str]:
        """Return the school of each incident's code."""
        return {code: incident.school for code, incident in self.by_code.items()}

    def typed(self) -> dict[tuple[str, str], list[str]]:
        """Return the codes of a school's incidents by what is typed in their rows."""
        found: dict[tuple[str, str], list[str]] = {}
        for incident in self.by_code.values():
            text = incident.row.text("code") if incident.row else ""
            if text and not incident.mistaken:
                found.setdefault((incident.school, text), []).append(incident.code)
        return found

    def of_school(self) -> dict[str, list[str]]:
        """Return for each school the codes of its open incidents that the office may mean."""
        found: dict[str, list[str]] = {}
        for incident in self.by_code.values():
            if incident.begun and not incident.mistaken and not incident.closed:
                found.setdefault(incident.school, []).append(incident.code)
        return found


def happened(row: Row) -> Moment | None:
    """Return the moment from which an incident counts: when it was known, else occurred."""
    return row.moment("known") or row.moment("occurred")


def follow(
    memory: Memory,
    register: Register,
    recognised: Recognised,
    settle: timedelta,
    levels: tuple[int, ...],
    zone: ZoneInfo,
    now: datetime,
) -> Incidents:
    """Return the incidents after a read; ids are given here, once, and kept in sightings."""
    typed = Counter(r.text("code") for r in register.of(INCIDENTS.key) if r.text("code"))
    held = {s.code for s in recognised.sightings if s.code and s.tab == INCIDENTS.key}
    free, highest = _free(typed, held), _highest(held | set(typed))
    serial = dict(memory.incident_serial)
    rows = {r.number: r for r in register.of(INCIDENTS.key)}
    by_code: dict[str, Incident] = {}
    changed: dict[int, Sighting] = {}
    problems: list[Problem] = []
    seen = [s for s in recognised.sightings if s.tab == INCIDENTS.key]
    for sighting in sorted(seen, key=_as_named):
        row = rows.get(sighting.row) if sighting.lost_since is None else None
        if row is None and not sighting.lost:
            spoilt = rows.get(sighting.row) if sighting.gone_since is None else None
            row = replace(ghost(sighting, zone), secret=spoilt is not None and spoilt.secret)
        if row is not None and not row.valid and sighting.code is None:
            continue
        new = sighting
        if new.code is None and row is not None:
            new = _name(new, row, free, highest, serial, now)
        if row is not None:
            new = _level(new, row, settle, levels, now)
        level = _in_force(new, settle, now)
        new = _changes(new, row, level, now)
        school = ghost(new, zone).school if new.lapse else new.school
        if new.code is None or school is None:
            continue
        changed[new.id] = new
        if (
            row is not None
            and sighting.lost_since is None
            and row.text("code") not in ("", new.code)
        ):
            text = row.text("code")
            taken = typed[text] > 1 or text in held
            problems.append(_unused_code(row, new.code, taken, register))
        by_code[new.code] = Incident(
            code=new.code,
            school=school,
            level=level,
            sighting=new,
            row=row,
            begun=_has_come(row, now),
        )
    sightings = tuple(changed.get(s.id, s) for s in recognised.sightings)
    of_row = {k: changed.get(s.id, s) for k, s in recognised.of_row.items()}
    return Incidents(
        by_code=dict(sorted(by_code.items())),
        recognised=replace(recognised, sightings=sightings, of_row=of_row),
        serial=serial,
        problems=tuple(problems),
    )


def _as_named(sighting: Sighting) -> tuple[datetime, str, str, tuple[tuple[str, str], ...], int]:
    """Return the order in which ids are given: by what rows say, not by how they are sorted."""
    cells = dict(sighting.cells)
    at = cells.get("known") or cells.get("occurred") or ""
    return sighting.first_seen, at, sighting.school or "", sighting.cells, sighting.id


def _changes(sighting: Sighting, row: Row | None, level: int | None, now: datetime) -> Sighting:
    """Count changes of level or state of an urgent incident; a vanished row is one."""
    if sighting.urgent_since is None:
        return sighting
    said = (row.text("state") or OPEN) if row is not None else MISTAKEN
    state = said if said == MISTAKEN else f"{level or ''}/{said}"
    if state == sighting.told_state:
        return sighting
    first = not sighting.told_state
    return replace(
        sighting,
        told_state=state,
        changes=sighting.changes + (0 if first else 1),
        changed_at=sighting.changed_at if first else now,
    )


def _free(typed: Mapping[str, int], held: set[str]) -> frozenset[str]:
    """Codes that one row alone types and that no incident, gone ones included, has had."""
    return frozenset(code for code, times in typed.items() if times == 1) - held


def _highest(codes: Iterable[str]) -> dict[str, int]:
    """Return by year the highest number that a code "VV-2021-014" has."""
    found: dict[str, int] = {}
    for code in codes:
        match = _GIVEN.fullmatch(code)
        if match:
            found[match[1]] = max(int(match[2]), found.get(match[1], 0))
    return found


def _has_come(row: Row | None, now: datetime) -> bool:
    """Whether it has happened, or is known, by `now`; an undated one has."""
    at = [m for m in (row.moment("known"), row.moment("occurred")) if m] if row else []
    return not at or any(m.instant <= now for m in at)


def _in_force(sighting: Sighting, settle: timedelta, now: datetime) -> int | None:
    """Return the level that counts: the last one seen, `BLANK_LEVEL` once blank for `settle`.

    None while one that was never typed has not been blank for so long.
    """
    never = sighting.level is None
    blank_since = sighting.first_seen if never else sighting.level_blank_since
    if blank_since is not None and now - blank_since >= settle:
        return BLANK_LEVEL
    return sighting.level


def _name(
    sighting: Sighting,
    row: Row,
    free: frozenset[str],
    highest: Mapping[str, int],
    serial: dict[int, int],
    now: datetime,
) -> Sighting:
    """Return an incident with its id: the one typed where it is free, else the next one."""
    code = row.text("code")
    if code in free:
        return replace(sighting, code=code)
    at = happened(row)
    year = at.day.year if at else now.year
    number = max(serial.get(year, 0), highest.get(str(year), 0)) + 1
    serial[year] = number
    given = f"VV-{year}-{number:03}"
    return replace(sighting, code=given)


def _unused_code(row: Row, code: str, taken: bool, register: Register) -> Problem:
    """Say, as long as the cell holds it, that its code is not the incident's: why, and which is."""
    why = (
        f"mã vụ việc đã được dùng ở dòng khác; vụ việc này mang mã {code}"
        if taken
        else f"mã vụ việc đã cố định là {code}; mã ghi trong ô không được dùng"
    )
    return Problem(
        tab=INCIDENTS.title,
        cell=register.cell(INCIDENTS.key, row.number, "code"),
        code="duplicate_incident_code" if taken else "incident_code_kept",
        severity=Severity.WARNS,
        header=INCIDENTS.column("code").header,
        value=row.text("code"),
        message=why,
        remedy=f"Đề nghị ghi đúng mã {code}, hoặc để trống ô này.",
        school=row.school,
        row=row.number,
    )


def _level(
    sighting: Sighting, row: Row, settle: timedelta, levels: tuple[int, ...], now: datetime
) -> Sighting:
    """Note the level seen, and the read from which a report is owed.

    One that was ordinary until now owes it from this read. A level that is taken away stands
    until it has been blank for `settle`: whoever is about to type another raises nothing.
    """
    new = _seen_level(sighting, row.number_of("level"), now)
    if new.urgent_since is not None or not _has_come(row, now):
        return new
    if _in_force(new, settle, now) not in levels:
        return new
    if sighting.level is not None and sighting.level not in levels:
        return replace(new, urgent_since=now, raised=True)
    since = sighting.first_seen if new.level is not None else sighting.first_seen + settle
    at = happened(row)
    if at is not None and at.timed:
        since = max(since, at.instant)
    return replace(new, urgent_since=min(since, now))


def _seen_level(sighting: Sighting, level: int | None, now: datetime) -> Sighting:
    if level is not None:
        same = level == sighting.level and sighting.level_blank_since is None
        return sighting if same else replace(sighting, level=level, level_blank_since=None)
    if sighting.level is None or sighting.level_blank_since is not None:
        return sighting
    return replace(sighting, level_blank_since=now)


def note_first_state(incidents: Incidents, acknowledged: frozenset[str]) -> Incidents:
    """Note the state in which each urgent incident was first read, once.

    `acknowledged` are the codes that the office has noted by now. What was over, taken back
    or known to the office at its first read gets no urgent mail.
    """
    changed: dict[int, Sighting] = {}
    by_code: dict[str, Incident] = {}
    for code, incident in incidents.by_code.items():
        sighting = incident.sighting
        if sighting.urgent_since is not None and sighting.state_at_first is None:
            state = _first_state(incident, code in acknowledged)
            sighting = replace(sighting, state_at_first=state)
            changed[sighting.id] = sighting
        by_code[code] = replace(incident, sighting=sighting)
    recognised = incidents.recognised
    return replace(
        incidents,
        by_code=by_code,
        recognised=replace(
            recognised,
            sightings=tuple(changed.get(s.id, s) for s in recognised.sightings),
            of_row={k: changed.get(s.id, s) for k, s in recognised.of_row.items()},
        ),
    )


def _first_state(incident: Incident, acknowledged: bool) -> str:
    if incident.mistaken:
        return "mistaken"
    if incident.closed:
        return "closed"
    return "acknowledged" if acknowledged else ""
