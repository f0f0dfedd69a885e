"""Does the ledger belong to what was read? An older copy of it, or another roster, holds all."""

from dataclasses import dataclass

from automator.core.alerts import Alert
from automator.core.layout import SCHOOLS
from automator.core.locate import Located, Location, locate_columns
from automator.core.memory import Memory, Restored, TabMemory
from automator.core.names import key
from automator.core.readers import plain
from automator.core.withheld import ANOTHER, RESTORED

RELEASE = "ledger"
"""Under this name the operator lets the ledger go on, with the rows as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Why nothing may go out before the operator has decided: `RESTORED` or `ANOTHER`."""

    why: str
    alert: Alert


def unknown(memory: Memory, location: Location) -> Unknown | None:
    """Return why the memory and what was read do not belong together, None if they do.

    `location` is what was read, no tab of it restored.
    """
    if memory.restored is not None:
        return Unknown(why=RESTORED, alert=_restored(memory.restored))
    found = another_roster(memory, location)
    if found is None or RELEASE in memory.released:
        return None
    now, before, shared = found
    line = f"Trong {now} trường của sổ, {shared} trường có ở lần đọc trước ({before} trường)."
    return Unknown(why=ANOTHER, alert=Alert(code="another", subject="roster", line=line))


def another_roster(memory: Memory, location: Location) -> tuple[int, int, int] | None:
    """Return how many schools there are, were, and are the same, if those are under half.

    None for a roster that shares half of its codes or more with the last read.
    """
    if SCHOOLS.key not in location.found:
        return None
    now, before = _codes(location.found[SCHOOLS.key]), _last_codes(memory)
    shared = len(now & before)
    if not now or not before or 2 * shared >= len(now):
        return None
    return len(now), len(before), shared


def _restored(found: Restored) -> Alert:
    line = (
        f"Bản đang dùng dừng ở lần chạy số {found.run}, {found.at:%H:%M ngày %d/%m/%Y};"
        f" đã có lần chạy số {found.seen}, {found.seen_at:%H:%M ngày %d/%m/%Y}."
    )
    return Alert(code="restored", subject=found.seen_at.isoformat(), line=line)


def _last_codes(memory: Memory) -> frozenset[str]:
    sheet = memory.tabs.get(SCHOOLS.key, TabMemory()).sheet
    located = locate_columns(SCHOOLS, sheet)[0] if sheet is not None else None
    return _codes(located) if located is not None else frozenset()


def _codes(roster: Located) -> frozenset[str]:
    """Return the codes of a roster as they are compared, whatever else is wrong in its rows."""
    place = roster.columns["code"]
    rows = roster.sheet.rows[roster.header_row :]
    written = (key(plain(row[place])) for row in rows if place < len(row))
    return frozenset(code for code in written if code)
