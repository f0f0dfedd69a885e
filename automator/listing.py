"""Every decision that stands, wherever it was taken: by hand, in the workbook, in the config."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from automator.core.calendar import ONE_DAY
from automator.core.decisions import Extension, Waiver
from automator.core.given import Given
from automator.core.pauses import Pause
from automator.core.turn import Outcome
from automator.core.words import day_words, instant_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One decision as it is listed. `number`: of one by hand (None: it stands elsewhere)."""

    number: int | None
    kind: str
    scope: str
    obligation: str
    period: str
    begins: str
    ends: str
    state: str
    reason: str
    source: str
    who: str = ""
    given_at: datetime | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """Return its cells for a table of text."""
        number = f"#{self.number}" if self.number else "-"
        days = f"{self.begins or '…'} – {self.ends or '…'}"
        about = f"{self.obligation or 'all'} {self.period}".strip()
        where = f"{self.source}{f', {self.who}' if self.who else ''}"
        return (number, self.state, self.scope, about, days, where, self.reason)

    def as_json(self, zone: ZoneInfo) -> dict[str, Any]:
        """Return it as plain values, "" and absent ones as null."""
        at = self.given_at.astimezone(zone).isoformat() if self.given_at else None
        names = ("number", "kind", "scope", "obligation", "period", "begins", "ends")
        plain = {name: getattr(self, name) or None for name in names}
        plain |= {"state": self.state, "reason": self.reason, "source": self.source}
        return plain | {"who": self.who or None, "given_at": at}


def lines(outcome: Outcome, kind: str, zone: ZoneInfo) -> tuple[Line, ...]:
    """Return the decisions of a kind: those in force of every source, then the revoked ones."""
    decided = outcome.assessment.decisions
    by_hand = {g.source: g for g in outcome.memory.given}
    found = {
        "waive": [_waiver(w) for w in decided.waivers],
        "extend": [_extension(e) for e in decided.extensions],
        "pause": [_pause(p, zone) for p in decided.pauses],
    }[kind]
    standing = [_signed(line, by_hand.get(line.source)) for line in found]
    revoked = [
        _signed(of(g, zone), g) for g in outcome.memory.given if g.kind == kind and not g.stands
    ]
    return (*standing, *revoked)


def _signed(line: Line, given: Given | None) -> Line:
    if given is None:
        return line
    values = {name: getattr(line, name) for name in Line.__slots__}
    values |= {"number": given.id, "who": given.who, "given_at": given.given_at}
    if given.revoked_at is not None:
        values["state"] = f"revoked by {given.revoked_by}, {given.revoked_at:%d/%m/%Y %H:%M}"
    return Line(**values)


def of(given: Given, zone: ZoneInfo) -> Line:
    """Return a decision by hand as it is listed."""
    return Line(
        number=given.id,
        kind=given.kind,
        scope=given.scope,
        obligation=given.obligation,
        period=given.period,
        begins=_day(given.first_day),
        ends=_instant(given.until, zone) if given.until else _day(given.last_day),
        state="",
        reason=given.reason,
        source=given.source,
    )


def _waiver(waiver: Waiver) -> Line:
    return Line(
        number=None,
        kind="waive",
        scope=f"school:{waiver.school}",
        obligation=waiver.obligation,
        period=waiver.period or "",
        begins=_day(waiver.valid_from),
        ends=_day(waiver.valid_to),
        state="stands",
        reason=waiver.reason,
        source=waiver.source or "Miễn trừ",
    )


def _extension(extension: Extension) -> Line:
    return Line(
        number=None,
        kind="extend",
        scope=extension.scope,
        obligation=extension.obligation,
        period=extension.period or "",
        begins="",
        ends=_day(extension.last_day),
        state="stands",
        reason=extension.reason,
        source=extension.source or "Gia hạn",
    )


def _pause(pause: Pause, zone: ZoneInfo) -> Line:
    return Line(
        number=None,
        kind="pause",
        scope=pause.scope,
        obligation=pause.obligation or "",
        period="",
        begins=_instant(pause.begins, zone) if pause.begins else "",
        ends=_instant(pause.until, zone),
        state="stands",
        reason=pause.reason,
        source=pause.source,
    )


def _day(day: date | None) -> str:
    return day_words(day) if day else ""


def _instant(at: datetime, zone: ZoneInfo) -> str:
    """Return an end in words; midnight is the 24:00 of the day before."""
    local = at.astimezone(zone)
    if (local.hour, local.minute) == (0, 0):
        return f"24:00 {day_words((local - ONE_DAY).date())}"
    return instant_words(local)
