"""Recognise rows from read to read: first seen, changed, gone, come back.

Rows get sorted, inserted, corrected, cut and pasted. The pool is every sighting of the tab,
gone ones included; equal content is matched first, then equal natural key, then greedily the
most alike with at least half of their cells equal. Only what is left is new or gone. A row
whose school alone was corrected is new for its school, but has been there since it was typed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from automator.core.clocks import claims, claims_anew, first_sight, observe
from automator.core.layout import Kind, Need, Tab, tab
from automator.core.memory import Lapse, Memory, Sighting, TabMemory
from automator.core.moment import Moment
from automator.core.register import Register, Row, Value

Cells = tuple[tuple[str, str], ...]
_SUBMITTED = frozenset({"plans", "periodic", "propaganda", "models", "tasks"})
_OVER = frozenset({"Đã kết thúc", "Nhập nhầm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """All sightings after a read, and which of them each row is: (tab, row number) -> it."""

    sightings: tuple[Sighting, ...]
    of_row: Mapping[tuple[str, int], Sighting]
    next_id: int


def recognise(
    memory: Memory,
    register: Register,
    settle: timedelta,
    now: datetime,
    restored: frozenset[str] = frozenset(),
) -> Recognised:
    """Return the sightings after the read at `now`. Only a read tab changes what is known.

    `restored` tabs hold their last good rows: nothing that is not among them settles as gone.
    """
    by_tab: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in memory.sightings:
        by_tab[sighting.tab].append(sighting)
    next_id = memory.next_sighting
    of_row: dict[tuple[str, int], Sighting] = {}
    kept: list[Sighting] = []
    for tab_key in sorted(set(by_tab) | set(register.rows)):
        old = by_tab.get(tab_key, [])
        if tab_key not in register.read or tab_key == "schools":
            kept += old
            of_row.update({(tab_key, s.row): s for s in old if s.gone_since is None})
            continue
        rows = register.of(tab_key)
        known = memory.tabs.get(tab_key, TabMemory())
        wait = None if tab_key in restored else settle
        matched = match(tab(tab_key), old, rows)
        taken = {s.id for s in matched.values()}
        left = [s for s in old if s.id not in taken]
        moved = _of_another_school(left) if tab_key in _SUBMITTED else {}
        for row in rows:
            previous = matched.get(row.number)
            if previous is None:
                if memory.looking_back:
                    continue
                sighting = _new(next_id, row, known, now)
                there = moved.get(_but_school(row.canon))
                sighting = _since_then(sighting, there.pop(0)) if there else sighting
                next_id += 1
            elif memory.looking_back:  # a read of today says nothing new about then
                sighting = replace(previous, row=row.number)
                if sighting.lost_since is not None:
                    kept.append(sighting)
                    continue
            else:
                sighting = _seen_again(previous, row, known, now)
                sighting = _lapsed(sighting, previous, row, wait, now)
            of_row[tab_key, row.number] = sighting
            kept.append(sighting)
        kept += left if tab_key in restored else [_gone(s, settle, now) for s in left]
    kept.sort(key=lambda s: s.id)
    return Recognised(sightings=tuple(kept), of_row=of_row, next_id=next_id)


def match(layout: Tab, old: Sequence[Sighting], rows: Sequence[Row]) -> dict[int, Sighting]:
    """Return for each recognised row number the sighting that it continues."""
    found: dict[int, Sighting] = {}
    free_old = {s.id: s for s in old}
    free_rows = {r.number: r for r in rows}
    for pair in (_by_content, partial(_by_natural_key, layout), _by_likeness):
        for sighting, row in list(pair(free_old.values(), free_rows.values())):
            found[row.number] = sighting
            del free_old[sighting.id], free_rows[row.number]
    return found


def _by_content(old: Iterable[Sighting], rows: Iterable[Row]) -> Iterator[tuple[Sighting, Row]]:
    return _zip_equal(((s.cells, s) for s in old), ((r.canon, r) for r in rows))


def _by_natural_key(
    layout: Tab, old: Iterable[Sighting], rows: Iterable[Row]
) -> Iterator[tuple[Sighting, Row]]:
    def natural(cells: Cells) -> Cells | None:
        values = dict(cells)
        picked = tuple((k, values[k]) for k in layout.natural_key if k in values)
        return picked if len(picked) == len(layout.natural_key) else None

    return _zip_equal(((natural(s.cells), s) for s in old), ((natural(r.canon), r) for r in rows))


def _zip_equal(
    old: Iterable[tuple[Cells | None, Sighting]], rows: Iterable[tuple[Cells | None, Row]]
) -> Iterator[tuple[Sighting, Row]]:
    """Pair equals in order: rows still there before gone ones, then by place."""
    pool: dict[Cells, list[Sighting]] = defaultdict(list)
    for cells, sighting in old:
        if cells is not None:
            pool[cells].append(sighting)
    for same in pool.values():
        same.sort(key=lambda s: (s.gone_since is None, -s.row, -s.id))
    for cells, row in rows:
        if cells is not None and pool.get(cells):
            yield pool[cells].pop(), row


def _by_likeness(old: Iterable[Sighting], rows: Iterable[Row]) -> Iterator[tuple[Sighting, Row]]:
    """Pair greedily by (most equal cells, old row, new row), at least half of them equal."""
    by_school: dict[str | None, list[Sighting]] = defaultdict(list)
    everyone = list(old)
    for sighting in everyone:
        by_school[sighting.school].append(sighting)
    scored: list[tuple[int, int, int, Sighting, Row]] = []
    for row in rows:
        candidates = everyone if row.school is None else by_school[row.school] + by_school[None]
        new = dict(row.canon)
        for sighting in candidates:
            equal = sum(new.get(k) == v for k, v in sighting.cells)
            if equal and 2 * equal >= max(len(new), len(sighting.cells)):
                if _another(sighting, new):
                    continue
                scored.append((-equal, sighting.row, row.number, sighting, row))
    scored.sort(key=lambda s: (*s[:3], s[3].id))
    used_old: set[int] = set()
    used_rows: set[int] = set()
    for _, _, _, sighting, row in scored:
        if sighting.id not in used_old and row.number not in used_rows:
            used_old.add(sighting.id)
            used_rows.add(row.number)
            yield sighting, row


def _another(old: Sighting, new: Mapping[str, str]) -> bool:
    """Tell whether a row, alike as it is, is about something else than `old` was.

    What is gone for good, or an incident that is over, does not return as another period,
    another receipt or an incident of another day: what was noted of the one would speak for
    the other, and nobody would hear of it.
    """
    before = dict(old.cells)
    over = before.get("state") in _OVER and new.get("state") not in _OVER
    if not (old.gone_settled or (over and old.tab == "incidents")):
        return False
    return any(
        before[column][:length] != new[column][:length]
        for column, length in _ABOUT.get(old.tab, ())
        if column in before and column in new
    )


_DAY, _WHOLE = len("2021-02-24"), None
_ABOUT: Mapping[str, tuple[tuple[str, int | None], ...]] = {
    "incidents": (("occurred", _DAY),),
    "periodic": (("period", _WHOLE),),
    "receipts": (("content", _WHOLE), ("period", _WHOLE), ("arrived", _DAY)),
}
"""The cells by which a tab's rows are told apart, and how much of them counts."""


def _but_school(cells: Cells) -> Cells:
    return tuple(pair for pair in cells if pair[0] != "school")


def _of_another_school(left: Sequence[Sighting]) -> dict[Cells, list[Sighting]]:
    """Return what has just vanished by its cells but the school, at least two of them."""
    found: dict[Cells, list[Sighting]] = defaultdict(list)
    for sighting in sorted(left, key=lambda s: (s.row, s.id)):
        rest = _but_school(sighting.cells)
        if sighting.gone_since is None and len(rest) >= 2:
            found[rest].append(sighting)
    return found


def _since_then(new: Sighting, old: Sighting) -> Sighting:
    """Return a row whose school was corrected, with the clocks of the row it was."""
    if new.observed is None or old.observed is None:
        return replace(new, first_seen=old.first_seen)
    return replace(
        new,
        first_seen=old.first_seen,
        observed=old.observed,
        unseen_until=old.unseen_until,
        claims=old.claims,
    )


def _new(number: int, row: Row, known: TabMemory, now: datetime) -> Sighting:
    sighting = Sighting(
        id=number,
        tab=row.tab,
        row=row.number,
        school=row.school,
        cells=row.canon,
        first_seen=first_sight(row, known, now),
        result_since=now if "result" in dict(row.canon) else None,
    )
    return observe(sighting, row, known, now) if claims(row) else sighting


def _seen_again(old: Sighting, row: Row, known: TabMemory, now: datetime) -> Sighting:
    seen = _as_it_stands(old, row, now)
    if (seen is old and old.observed) or not claims(row):
        return seen
    first = seen.observed is None
    return observe(seen, row, known, now) if first or claims_anew(seen, row) else seen


def _as_it_stands(old: Sighting, row: Row, now: datetime) -> Sighting:
    unchanged = old.cells == row.canon and old.school == row.school
    if unchanged and old.row == row.number and old.gone_since is None:
        return old
    result, before = dict(row.canon).get("result"), dict(old.cells).get("result")
    edited = old.observed and _changed(old, row)
    return replace(
        old,
        result_since=old.result_since if result == before else now,
        row=row.number,
        school=row.school,
        cells=row.canon,
        edited_at=now if edited else old.edited_at,
        gone_since=None,
        gone_settled=False,
    )


def _changed(old: Sighting, row: Row) -> bool:
    """Tell whether the substance of a row changed. A slip on the way is none: see `_lapsed`."""
    if not row.valid and (old.lapse is not None or _sound(old)):
        return False
    good = old.lapse.cells if old.lapse else old.cells
    return _substance(good, row.tab) != _substance(row.canon, row.tab)


def _lapsed(
    seen: Sighting, before: Sighting, row: Row, settle: timedelta | None, now: datetime
) -> Sighting:
    """Return a row that is there with what is known of its last good state, if it has lost it.

    A cell that is being typed speaks against a school no sooner than a row that is gone: once
    two reads `settle` apart agree. Without `settle` this is no read of the tab and none agrees.
    """
    if row.valid:
        return seen if seen.lapse is None else replace(seen, lapse=None)
    lapse = before.lapse
    if lapse is None and not _sound(before):
        return seen
    if lapse is None:
        since = before.gone_since or now
        lapse = Lapse(cells=before.cells, since=since, settled=before.gone_settled)
    return replace(seen, lapse=_agreed(lapse, settle, now))


def _agreed(lapse: Lapse, settle: timedelta | None, now: datetime) -> Lapse:
    if lapse.settled or settle is None or now - lapse.since < settle:
        return lapse
    return replace(lapse, settled=True)


def _sound(sighting: Sighting) -> bool:
    """Tell whether a row without a lapse spoke for a school when it was last seen."""
    return ghost(sighting, _ANY_ZONE).valid


_ANY_ZONE = ZoneInfo("UTC")  # whether a day can be read is the same everywhere


def _substance(cells: Cells, tab_key: str) -> Cells:
    needed = {c.key for c in tab(tab_key).columns if c.need is not Need.OPTIONAL}
    return tuple(pair for pair in cells if pair[0] in needed)


def _gone(sighting: Sighting, settle: timedelta, now: datetime) -> Sighting:
    """A row that is not there counts as gone when two reads `settle` apart agree."""
    since = sighting.gone_since or now
    if sighting.gone_settled:
        return sighting
    return replace(
        sighting,
        gone_since=since,
        gone_settled=now - since >= settle,
        lapse=_agreed(sighting.lapse, settle, now) if sighting.lapse else None,
    )


def ghost(sighting: Sighting, zone: ZoneInfo) -> Row:
    """Return the row as it last was good, else as it was last seen.

    What is gone, or lapsed, counts until a second read agrees. It is valid if it was once, and
    no cell that it needs was garbled then.
    """
    columns = {c.key: c for c in tab(sighting.tab).columns}
    cells = sighting.lapse.cells if sighting.lapse else sighting.cells
    school = _school_of(sighting)
    values = {k: _restored(columns[k].kind, k, text, zone) for k, text in cells}
    needed = [c for c in columns.values() if c.need is Need.REQUIRED]
    return Row(
        tab=sighting.tab,
        number=sighting.row,
        values=values,
        canon=cells,
        school=school,
        valid=sighting.observed is not None
        and (school is not None or "school" not in columns)
        and all(
            c.key in values if c.kind is Kind.FREE else values.get(c.key) is not None
            for c in needed
        ),
    )


def _school_of(sighting: Sighting) -> str | None:
    """Return the school for which a row spoke; its cell holds the code once it is known."""
    if sighting.lapse is None:
        return sighting.school
    return dict(sighting.lapse.cells).get("school")


def _restored(kind: Kind, column: str, text: str, zone: ZoneInfo) -> Value:
    if kind is Kind.DAY:
        return restored_day(text, zone)
    if kind is Kind.COUNT or (column == "level" and text.isdigit()):
        return int(text) if text.isdigit() else None
    if kind is Kind.YES_NO or text in ("True", "False"):
        return text == "True"
    return None if kind is Kind.FREE else text


def restored_day(text: str, zone: ZoneInfo) -> Moment | None:
    """Return the day, or instant, that a cell held, None for text that is none."""
    try:
        if len(text) == len("2021-02-24"):
            return Moment.of_day(date.fromisoformat(text), zone)
        return Moment(datetime.fromisoformat(text).astimezone(zone))
    except ValueError:
        return None
