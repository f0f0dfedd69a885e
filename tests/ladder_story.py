"""Plays a case of the table of ladders: runs one after another, through the real turn.

The case is about Trường Tiểu học Mỹ Lạc; every other school has sent everything in time. What
a run plans to send is taken as sent at its instant, unless the case says that it was lost.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from builders import (
    FORTY,
    HANOI,
    MY_LAC,
    REPOSITORY,
    THREE,
    Rows,
    Story,
    plan,
    school,
)
from case_rows import COLUMNS, row

from automator.config.load import config_of, read
from automator.config.paths import Overrides
from automator.core.assess import Rules
from automator.core.decisions import Decisions
from automator.core.memory import Bounce, Draft, Memory, Restored, TellKey
from automator.core.pauses import Pause
from automator.core.snapshot import Sheet
from automator.core.turn import Outcome

WATCHED = frozenset({"schools", "incidents", "receipts"})
Table = Mapping[str, Any]


def instant(text: str) -> datetime:
    """Return a local instant of "Thu 2021-02-18 07:00"; refuses a day of another weekday."""
    weekday, _, rest = text.partition(" ")
    found = datetime.fromisoformat(rest).replace(tzinfo=HANOI)
    if f"{found:%a}" != weekday:
        msg = f"{text}: that day is a {found:%a}"
        raise ValueError(msg)
    return found


def law(case: Table, *, edited: bool) -> Rules:
    """Return the shipped rules with the case's own keys of config.toml (`edited`: the later)."""
    changes = [case.get("config", {}), case.get("edited", {}) if edited else {}]
    if repr(changes) not in _LAWS:
        _LAWS[repr(changes)] = _law(changes)
    found, pause = _LAWS[repr(changes)], case.get("pause")
    return replace(found, given=Decisions(pauses=(_pause(pause),))) if pause else found


_LAWS: dict[str, Rules] = {}  # reading a config takes longer than playing a case


def _law(changes: Sequence[Table]) -> Rules:
    file = REPOSITORY / "config.toml"
    raw = read(file)
    obligations = {o["id"]: o for o in raw["obligation"]}
    for name, keys in (pair for change in changes for pair in change.items()):
        table = obligations.get(name)
        if table is None:
            raw[name] = {**raw.get(name, {}), **keys}
            continue
        if {"before", "by"} & set(keys):
            table.pop("before", None)
            table.pop("by", None)
        table.update(keys)
    made = config_of(raw, file, Overrides(cwd=REPOSITORY))
    return Rules(directive=made.directive, policy=made.policy, calendar=made.calendar)


def _pause(pause: Table) -> Pause:
    begins = pause.get("begins")
    return Pause(
        scope=pause["scope"],
        obligation=pause.get("obligation"),
        begins=instant(begins) if begins else None,
        until=instant(pause["until"]),
    )


@dataclass(slots=True)
class Play:
    """One case as it is played: the story so far and what the case changes in it."""

    case: Table
    story: Story = field(init=False)

    def __post_init__(self) -> None:
        first_run = self.case.get("first_run", False)
        released = frozenset(self.case.get("released", ()))
        memory = Memory(armed=not first_run, released=released)
        self.story = Story(law=law(self.case, edited=False), memory=memory)

    def last(self) -> Outcome:
        """Play the earlier runs, then the one at `now`; return its outcome."""
        for run in self._earlier():
            self.run(run)
        self.story.law = law(self.case, edited=True)
        self._remember()
        return self.run(self.case)

    def run(self, run: Table) -> Outcome:
        """Play one run of the case."""
        self.story.undelivered = run.get("lost", False)
        now = instant(run["now"])
        mend = {tab: lambda _: None for tab in run.get("without", ())}
        return self.story.read(
            now.isoformat(),
            mend={**mend, **dict.fromkeys(run.get("emptied", ()), _emptied)},
            schools=self.roster(run),
            asked=WATCHED if run.get("watch") else None,
            **self.rows(run),
        )

    def _earlier(self) -> Iterator[Table]:
        own = {tab: self.case[tab] for tab in ("plans", *COLUMNS, "roster") if tab in self.case}
        for run in self.case.get("before", ()):
            yield {"now": run} if isinstance(run, str) else run
        daily = self.case.get("daily")
        if daily:
            day, end = instant(f"{daily} 07:00"), instant(self.case["now"])
            while day < end:
                yield {**own, "now": f"{day:%a %Y-%m-%d %H:%M}"}
                day += timedelta(days=1)

    def _remember(self) -> None:
        """Note what came back, and what a server refused for good."""
        memory, bounced = self.story.memory, self.case.get("bounced", ())
        told = {
            k: replace(v, bounced=v.bounced or k.step in bounced) for k, v in memory.told.items()
        }
        drafts = tuple(
            Draft(
                id=text,
                unit=MY_LAC,
                role=text.split()[0],
                state="failed",
                keys=(_key(text, self.case),),
                since=instant(self.case["now"]),
            )
            for text in self.case.get("refused", ())
        )
        self.story.memory = replace(memory, told=told, drafts=drafts)
        if self.case.get("gone_back"):
            at = instant(self.case["now"])
            back = Restored(run=1, at=at, seen=2, seen_at=at)
            self.story.memory = replace(self.story.memory, restored=back)
        for text in self.case.get("came_back", ()):
            self._comes_back(*text.split())

    def _comes_back(self, fate: str, step: str, cleared: str = "") -> None:
        """Note that the mail with a step did not reach the school: "dead chase-1 cleared"."""
        memory = self.story.memory
        key, told = next(
            (k, v) for k, v in memory.told.items() if (k.unit, k.step) == (MY_LAC, step)
        )
        bounce = Bounce(
            address=str(THREE[0]["email"]),
            message=told.message,
            fate=fate,
            at=told.at,
            status="5.1.1",
            cleared_at=told.at if cleared else None,
            cleared_by=cleared,
        )
        self.story.memory = replace(
            memory,
            told={**memory.told, key: replace(told, bounced=True)},
            bounces=(*memory.bounces, bounce),
        )

    def roster(self, run: Table) -> Rows:
        """Return the tab Trường: Mỹ Lạc as the case has it, and the others."""
        mine = {**THREE[0], **({"email": None} if self.case.get("no_address") else {})}
        mine |= {"email": run["address"]} if "address" in run else {}
        others = FORTY[: self.case["schools"] - 1] if "schools" in self.case else THREE[1:]
        spans = [[c.strip() or None for c in s.split("|")] for s in run.get("roster", ["28048||"])]
        own = [{**mine, "commune": c, "valid_from": a, "valid_to": b} for c, a, b in spans]
        others = others[: run.get("others", len(others))]
        return (*own, *others, *(_new(text) for text in run.get("new", ())))

    def rows(self, run: Table) -> dict[str, Rows]:
        """Return the rows of every tab of one run."""
        tabs = {tab: [row(tab, t) for t in run.get(tab, ())] for tab in ("plans", *COLUMNS)}
        tabs["receipts"] = tabs.pop("office")
        others = [str(s["code"]) for s in self.roster({}) if s["code"] != MY_LAC]
        for code in others:
            for tab, rows in sent_by(code, self.story.law).items():
                tabs[tab] = [*tabs[tab], *rows]
        return {tab: tuple(rows) for tab, rows in tabs.items()}


def _new(text: str) -> dict[str, Any]:
    code, commune, opened = (cell.strip() for cell in text.split("|"))
    return school(code, f"Trường Tiểu học {code}", "TH", commune, valid_from=opened or None)


def _emptied(sheet: Sheet) -> Sheet:
    return replace(sheet, rows=sheet.rows[:2])


def _key(text: str, case: Table) -> TellKey:
    role, step = text.split()
    instance = f"{MY_LAC}/{case.get('of', 'plan')}"
    return TellKey(unit=MY_LAC, role=role, instance=instance, episode=1, step=step)


def sent_by(code: str, rules: Rules) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a school that sends everything in good time."""
    starts = rules.directive.starts
    day = starts + timedelta(days=2)
    months = [_month(starts, n) for n in range(12)]
    return {
        "plans": [plan(code, day)],
        "propaganda": [{"school": code, "form": "Phát thanh", "done": day}],
        "models": [{"school": code, "name": "Camera", "kind": "Phòng ngừa tội phạm"}],
        "periodic": [
            {"school": code, "period": f"{m:%m/%Y}", "sent": _month(m, 1), "any": "Không"}
            for m in months
        ],
    }


def _month(day: date, later: int) -> date:
    months = day.month - 1 + later
    return date(day.year + months // 12, months % 12 + 1, 1)


def goes(outcome: Outcome, of: str, unit: str = MY_LAC) -> list[str]:
    """Return who is told which step of an instance now: "principal chase-1"."""
    notices = [n for n in outcome.plan.notices if n.id not in outcome.plan.held]
    if of == "digest":
        return [f"{n.role} {' '.join(n.weeks)}" for n in notices if n.unit == unit and n.weeks]
    keys = [k for n in notices for k in n.keys if k.instance == f"{MY_LAC}/{of}"]
    return sorted(_who(k.unit, k.role, k.step) for k in keys)


def withheld(outcome: Outcome, of: str, unit: str = MY_LAC) -> list[str]:
    """Return every step of an instance that stays silent, with its reason."""
    return sorted(
        f"{_who(s.unit, s.role, s.step)}: {s.reason.value}"
        for s in outcome.plan.silences
        if s.instance == f"{MY_LAC}/{of}" or (s.unit == unit and s.step == of)
    )


def operator(outcome: Outcome) -> list[str]:
    """Return what the operator hears of in this run, by code."""
    return sorted({a.code for n in outcome.plan.notices for a in n.alerts})


def _who(unit: str, role: str, step: str) -> str:
    own = unit == MY_LAC or unit in ("office", "police")
    return f"{role} {step}" if own else f"{role} {unit} {step}"


def played(case: Table) -> dict[str, list[str]]:
    """Return what the run at `now` tells and withholds, as the table writes it."""
    outcome, about = Play(case).last(), (case.get("of", "plan"), case.get("unit", MY_LAC))
    found = {"goes": goes(outcome, *about), "withheld": withheld(outcome, *about)}
    return {**found, "operator": operator(outcome)} if "operator" in case else found
