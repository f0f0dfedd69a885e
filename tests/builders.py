"""Small helpers for tests of the core: the shipped directive, workbooks from rows, turns.

Rows are mappings of column keys to cells; tabs that a test does not name are there and empty.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from automator.config import Config, load
from automator.core.assess import Rules
from automator.core.finding import Finding
from automator.core.layout import INPUT_TABS, tab
from automator.core.memory import Memory, TellKey, Told
from automator.core.notice import MailKind
from automator.core.snapshot import Cell, Sheet, Snapshot
from automator.core.turn import Outcome, turn

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
REPOSITORY = Path(__file__).parent.parent
MY_LAC, MY_PHU, TAN_LONG = "TH-MY-LAC", "THCS-MY-PHU", "MG-TAN-LONG"
Rows = Sequence[Mapping[str, Cell]]
Mend = Callable[[Sheet], Sheet | None]


@cache
def shipped() -> Config:
    """Return the configuration that the repository ships: the directive of 2021."""
    return load(REPOSITORY / "config.toml")


@cache
def rules() -> Rules:
    """Return the shipped rules, without any decision of the operator."""
    config = shipped()
    return Rules(directive=config.directive, policy=config.policy, calendar=config.calendar)


def changed_rules(
    obligation: str = "", policy: Mapping[str, Any] | None = None, **to: Any
) -> Rules:
    """Return the shipped rules with one obligation (`to`) or the policy changed."""
    base = rules()
    obligations = tuple(
        replace(o, **to) if o.id == obligation else o for o in base.directive.obligations
    )
    return replace(
        base,
        directive=replace(base.directive, obligations=obligations),
        policy=replace(base.policy, **(policy or {})),
    )


def at(text: str) -> datetime:
    """Return a local instant: "2021-02-26" is its 07:00, else "2021-02-26T23:59:59"."""
    found = datetime.fromisoformat(text if "T" in text else f"{text}T07:00")
    return found if found.tzinfo else found.replace(tzinfo=HANOI)


def school(code: str, name: str, level: str, commune: str, **more: Cell) -> dict[str, Cell]:
    """Return a row of the tab Trường, with an address under .example."""
    row: dict[str, Cell] = {"code": code, "name": name, "level": level, "commune": commune}
    return {**row, "email": f"{code.lower()}@truong.example", **more}


THREE: Rows = (
    school(MY_LAC, "Trường Tiểu học Mỹ Lạc", "TH", "28048"),
    school(MY_PHU, "Trường Trung học cơ sở Mỹ Phú", "THCS", "28066"),
    school(TAN_LONG, "Trường Mẫu giáo Tân Long", "MG", "28072"),
)
FORTY: Rows = tuple(
    school(f"TH-{n:02}", f"Trường Tiểu học Số {n:02}", "TH", "28036") for n in range(1, 41)
)


def plan(school_code: str, sent: Cell, **more: Cell) -> dict[str, Cell]:
    """Return a row of the tab Kế hoạch with all its expected cells."""
    row: dict[str, Cell] = {"school": school_code, "sent": sent, "number": "05/KH"}
    return {**row, "signed": "08/02/2021", "police": "Công an xã", **more}


def incident(school_code: str, occurred: Cell, level: Cell = 2, **more: Cell) -> dict[str, Cell]:
    """Return a row of the tab Vụ việc with all its expected cells."""
    row: dict[str, Cell] = {"school": school_code, "kind": "TC", "level": level}
    told: dict[str, Cell] = {"told_police": "Có", "told_commune": "Có"}
    return {**row, "occurred": occurred, **told, **more}


def sheet(key: str, rows: Rows) -> Sheet:
    """Return a tab as the template lays it out: a banner, the header in row 2, the rows."""
    layout = tab(key)
    cells = [tuple(row.get(c.key) for c in layout.columns) for row in rows]
    header = tuple(c.header for c in layout.columns)
    return Sheet(title=layout.title, rows=(("SỔ CHÍNH",), header, *cells))


def workbook(
    now: datetime,
    *,
    schools: Rows = THREE,
    asked: frozenset[str] | None = None,
    mend: Mapping[str, Mend] | None = None,
    **rows: Rows,
) -> Snapshot:
    """Return a workbook read at `now`; `mend` alters a finished tab (None takes it away)."""
    found: list[Sheet] = []
    for layout in INPUT_TABS:
        one: Sheet | None = sheet(layout.key, {"schools": schools, **rows}.get(layout.key, ()))
        if mend and layout.key in mend and one is not None:
            one = mend[layout.key](one)
        found += [one] if one is not None else []
    return Snapshot(workbook="main", source="test", taken_at=now, sheets=tuple(found), asked=asked)


@dataclass
class Story:
    """Turns one after another; what each plans to send is taken as sent at that instant."""

    law: Rules = field(default_factory=rules)
    memory: Memory = field(default_factory=Memory)
    undelivered: bool = False

    def read(self, when: str, **book: Any) -> Outcome:
        """Do one turn at `when` on a workbook made of `book` (see `workbook`)."""
        now = at(when)
        outcome = turn(self.memory, workbook(now, **book), self.law, now)
        self.memory = outcome.memory if self.undelivered else delivered(outcome, now)
        return outcome


def delivered(outcome: Outcome, now: datetime) -> Memory:
    """Return the memory after every notice that is not held was handed over at `now`."""
    memory, day = outcome.memory, now.astimezone(HANOI).date().isoformat()
    sent = [n for n in outcome.plan.notices if n.id not in outcome.plan.held]
    counted = dict(memory.sent_today) if memory.sent_day == day else {}
    for notice in sent:
        if notice.kind is not MailKind.URGENT:
            who = (notice.unit, notice.role)
            counted[who] = counted.get(who, 0) + 1
    return replace(
        memory,
        told={**memory.told, **{k: Told(at=now, message=n.id) for n in sent for k in n.keys}},
        digests={**memory.digests, **{(n.unit, n.role): n.weeks[-1] for n in sent if n.weeks}},
        sent_today=counted,
        sent_day=day,
    )


def finding(outcome: Outcome, key: str) -> Finding:
    """Return the finding of a full instance key, "TH-MY-LAC/plan"."""
    return next(f for f in outcome.findings if f.key == key)


def verdict(outcome: Outcome, key: str) -> str:
    """Return status and reasons of a finding in one line: "late named_day unconfirmed"."""
    found = finding(outcome, key)
    return " ".join([found.status.value, *(r.value for r in found.reasons)])


def steps(outcome: Outcome, instance: str = "") -> list[tuple[str, str, str]]:
    """Return (unit, role, step) of all that goes out, of one instance or of all."""
    keys: list[TellKey] = [
        k for n in outcome.plan.notices if n.id not in outcome.plan.held for k in n.keys
    ]
    return sorted((k.unit, k.role, k.step) for k in keys if instance in ("", k.instance))


def silence(outcome: Outcome, instance: str, step: str, role: str = "principal") -> str | None:
    """Return why a step of an instance is not told now, None if it goes or is no candidate."""
    return next(
        (
            s.reason.value
            for s in outcome.plan.silences
            if (s.instance, s.step, s.role) == (instance, step, role)
        ),
        None,
    )


def problems(outcome: Outcome) -> list[tuple[str, str | None, str, str]]:
    """Return (tab, cell, code, severity) of every problem, in order."""
    return [(p.tab, p.cell, p.code, p.severity.value) for p in outcome.problems]
