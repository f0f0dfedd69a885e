"""What the memory of rows must be after each read: slow, and as obvious as the design's words.

Rows are mappings of column keys to texts, one spelling a value. Nothing here knows how the
program does it: every row is compared with every row that was ever seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SETTLE = timedelta(minutes=30)
Row = Mapping[str, str]
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "plans": ("school", "sent"),
    "propaganda": ("school", "form"),
    "incidents": ("school",),
    "periodic": ("school", "period", "sent", "any"),
    "receipts": ("school", "content", "arrived"),
}
EXPECTED: Mapping[str, tuple[str, ...]] = {
    "plans": ("number", "signed", "police"),
    "propaganda": ("done",),
    "incidents": ("kind", "level", "occurred", "told_police", "told_commune"),
    "periodic": (),
    "receipts": (),
}
NATURAL_KEY: Mapping[str, tuple[str, ...]] = {
    "plans": ("school", "number"),
    "propaganda": ("school", "form"),
    "incidents": ("school", "kind", "occurred"),
    "periodic": ("school", "period"),
    "receipts": ("school", "content", "period", "arrived"),
}
INCIDENT_COLUMNS = (
    *("school", "kind", "level", "occurred", "place", "affected"),
    *("told_police", "told_commune", "reported", "state", "code"),
)
COUNTS = {"attendance", "affected", "count"}  # a row of nothing else is a total, not an entry
CLAIM = {
    "plans": "sent",
    "propaganda": "done",
    "incidents": "reported",
    "periodic": "sent",
    "receipts": "arrived",
}
TELLS_APART: Mapping[str, tuple[str, ...]] = {
    "incidents": ("occurred",),
    "periodic": ("period",),
    "receipts": ("content", "period", "arrived"),
}


@dataclass
class Known:
    """One row as it is known over time."""

    number: int
    tab: str
    place: int
    school: str | None
    cells: Row
    first_seen: datetime
    observed: datetime | None = None
    unseen_until: datetime | None = None
    edited_at: datetime | None = None
    gone_since: datetime | None = None
    gone_settled: bool = False
    code: str | None = None
    level: int | None = None
    urgent_since: datetime | None = None
    raised: bool = False
    claimed: list[str] = field(default_factory=list)
    blank_since: datetime | None = None
    good: Row | None = None  # its cells before a needed one was spoilt
    bad_since: datetime | None = None
    bad_settled: bool = False


@dataclass
class History:
    """All rows ever seen, and when each tab was last read. `schools`: spelling -> code."""

    schools: Mapping[str, str]
    known: list[Known] = field(default_factory=list)
    last_good: dict[str, datetime] = field(default_factory=dict)
    serial: dict[int, int] = field(default_factory=dict)

    def read(self, tabs: Mapping[str, Mapping[int, Row]], now: datetime) -> None:
        """Read the rows of each readable tab, by their place in the sheet."""
        for tab in sorted(tabs):
            self._read(tab, tabs[tab], now)
            self.last_good[tab] = now
        if "incidents" in tabs:
            self._name(tabs["incidents"])
            self._raise(now)

    def _read(self, tab: str, rows: Mapping[int, Row], now: datetime) -> None:
        pool = [k for k in self.known if k.tab == tab]
        new = {
            place: self._plain(row)
            for place, row in sorted(rows.items())
            if set(row) - COUNTS and not (tab == "incidents" and set(row) == {"school"})
        }
        same = self._recognise(tab, pool, new)
        left = [k for k in pool if k not in same.values()]
        vanished = [k for k in left if k.gone_since is None]
        for place, row in new.items():
            if place in same:
                self._again(same[place], place, row, now)
            else:
                self._first(tab, place, row, vanished, now)
        for k in left:
            if k.bad_since is not None and now - k.bad_since >= SETTLE:
                k.bad_settled = True
            if k.gone_since is None:
                k.gone_since = now
            elif now - k.gone_since >= SETTLE:
                k.gone_settled = True

    def _plain(self, row: Row) -> Row:
        """Return the row with its school by its code, however it was named.

        In the office's tab a month is one only where the content asks for it.
        """
        plain = dict(row)
        if "school" in row:
            plain["school"] = self.schools.get(row["school"], row["school"])
        if row.get("content") == "periodic-report" and "period" in row:
            month = row["period"]
            plain["period"] = f"month {month}" if "/" in month else month.lower()
        return plain

    def _school(self, row: Row) -> str | None:
        named = row.get("school")
        return named if named in self.schools.values() else None

    def _complete(self, tab: str, row: Row) -> bool:
        there = all(column in row for column in REQUIRED[tab])
        readable = not row.get(CLAIM[tab], "").startswith("x") or CLAIM[tab] not in REQUIRED[tab]
        return there and readable

    def _speaks(self, tab: str, row: Row) -> bool:
        """Whether a row has all that it needs to speak for a school."""
        return self._complete(tab, row) and self._school(row) is not None

    def _recognise(
        self, tab: str, pool: Sequence[Known], new: Mapping[int, Row]
    ) -> dict[int, Known]:
        """Pair what is equal, then what has the same natural key, then the most alike."""
        found: dict[int, Known] = {}

        def equal(old: Known, row: Row) -> int:
            return int(old.cells == row)

        def same_key(old: Known, row: Row) -> int:
            columns = NATURAL_KEY[tab]
            return int(all(c in row and old.cells.get(c) == row[c] for c in columns))

        def alike(old: Known, row: Row) -> int:
            school = self._school(row)
            if school is not None and old.school is not None and school != old.school:
                return 0
            if _is_another(tab, old, row):
                return 0
            both = sum(old.cells.get(column) == text for column, text in row.items())
            return both if both * 2 >= max(len(row), len(old.cells)) else 0

        for score in (equal, same_key, alike):
            while True:
                free = [k for k in pool if k not in found.values()]
                pairs = [
                    (score(k, row), k, place)
                    for place, row in new.items()
                    if place not in found
                    for k in free
                    if score(k, row)
                ]
                if not pairs:
                    break
                _, old, place = min(pairs, key=_alike_first if score is alike else _there_first)
                found[place] = old
        return found

    def _first(self, tab: str, place: int, row: Row, vanished: list[Known], now: datetime) -> None:
        k = Known(len(self.known) + 1, tab, place, self._school(row), row, first_seen=now)
        self.known.append(k)
        if self._complete(tab, row):
            self._observe(k, now)
        if tab not in ("incidents", "receipts"):
            self._continue(k, vanished)

    def _continue(self, k: Known, vanished: list[Known]) -> None:
        """Whose school alone was corrected has been there since it was typed."""
        rest = _but_school(k.cells)
        same = [old for old in vanished if len(rest) > 1 and _but_school(old.cells) == rest]
        if not same:
            return
        old = min(same, key=lambda k: (k.place, k.number))
        vanished.remove(old)
        k.first_seen = old.first_seen
        if k.observed and old.observed:
            k.observed, k.unseen_until = old.observed, old.unseen_until
            k.claimed = list(old.claimed)

    def _again(self, k: Known, place: int, row: Row, now: datetime) -> None:
        needed = (*REQUIRED[k.tab], *EXPECTED[k.tab])
        if k.good is None and k.observed and self._speaks(k.tab, k.cells):
            k.good = k.cells
        spoilt = k.good is not None and not self._speaks(k.tab, row)
        before = k.cells if k.good is None else k.good
        changed = any(before.get(c) != row.get(c) for c in needed)
        if changed and k.observed and not spoilt:
            k.edited_at = now
        if spoilt:
            k.bad_since = k.bad_since or k.gone_since or now
            k.bad_settled = k.bad_settled or k.gone_settled or now - k.bad_since >= SETTLE
        else:
            k.good, k.bad_since, k.bad_settled = None, None, False
        k.place, k.cells, k.school = place, row, self._school(row)
        k.gone_since, k.gone_settled = None, False
        if self._complete(k.tab, row):
            claim = row.get(CLAIM[k.tab], "x")
            earlier = not claim.startswith("x") and all(_day(claim) < c for c in k.claimed)
            if k.observed is None or earlier:
                self._observe(k, now)

    def _observe(self, k: Known, now: datetime) -> None:
        k.observed, k.unseen_until = now, self.last_good.get(k.tab)
        claim = k.cells.get(CLAIM[k.tab], "x")
        if not claim.startswith("x"):
            k.claimed.append(_day(claim))
        elif k.tab == "propaganda":
            k.claimed.append(now.isoformat())

    def _name(self, rows: Mapping[int, Row]) -> None:
        """Give each incident its id at the first sight of its school; ids are never changed."""
        typed = [row["code"] for row in rows.values() if "code" in row]
        had = {k.code for k in self.known}
        for k in sorted((k for k in self.known if k.tab == "incidents"), key=_as_it_happened):
            if k.code or not k.school or k.gone_since:
                continue
            code = k.cells.get("code")
            if code and typed.count(code) == 1 and code not in had:
                k.code = code
            else:
                self.serial[2021] = self.serial.get(2021, 0) + 1
                k.code = f"VV-2021-{self.serial[2021]:03}"

    def _raise(self, now: datetime) -> None:
        """Levels 1 and 2 owe a report; a level counts as 2 once it is blank for `SETTLE`."""
        for k in self.known:
            cells = k.cells if k.good is None else k.good
            if k.tab != "incidents" or k.code is None or self._school(cells) is None:
                continue
            if k.gone_settled or k.bad_settled:
                continue
            was, typed = k.level, cells.get("level")
            if typed is not None:
                k.level, k.blank_since = int(typed), None
            elif k.blank_since is None:
                k.blank_since = k.first_seen if k.level is None else now
            blank = k.blank_since is not None and now - k.blank_since >= SETTLE
            counts = 2 if blank else k.level
            if k.urgent_since or counts not in (1, 2):
                continue
            if was == 3:
                k.urgent_since, k.raised = now, True
            elif typed is None:
                k.urgent_since = k.first_seen + SETTLE
            else:
                k.urgent_since = k.first_seen


def _as_it_happened(k: Known) -> tuple[datetime, str, str, list[tuple[str, str]], int]:
    """Of incidents first seen together the one that happened first has the first id."""
    cells = [(column, k.cells[column]) for column in INCIDENT_COLUMNS if column in k.cells]
    return k.first_seen, k.cells.get("occurred", ""), k.school or "", cells, k.number


def _there_first(pair: tuple[int, Known, int]) -> tuple[int, bool, int, int]:
    """Of equals the first row takes the one still there, then the uppermost."""
    _, old, place = pair
    return place, old.gone_since is not None, old.place, old.number


def _alike_first(pair: tuple[int, Known, int]) -> tuple[int, int, int, int]:
    most, old, place = pair
    return -most, old.place, place, old.number


def _is_another(tab: str, old: Known, row: Row) -> bool:
    """What is gone for good, or an incident that is over, never becomes another one."""
    over = ("Đã kết thúc", "Nhập nhầm")
    reopened = tab == "incidents" and old.cells.get("state") in over
    reopened = reopened and row.get("state") not in over
    if not old.gone_settled and not reopened:
        return False
    return any(
        c in row and c in old.cells and row[c][:10] != old.cells[c][:10]
        for c in TELLS_APART.get(tab, ())
    )


def _but_school(row: Row) -> Row:
    return {column: text for column, text in row.items() if column != "school"}


def _day(text: str) -> str:
    """Return "24/02/2021" as "2021-02-24", which sorts."""
    day, month, year = text[:10].split("/")
    return f"{year}-{month}-{day}{text[10:].replace(' ', 'T')}"
