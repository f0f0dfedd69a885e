"""Random histories of runs for property tests of telling: rules, rosters, rows, instants.

Deadlines and rows are those of `laws`; ladders, the policy and the fates of three schools are
drawn here. A history has missed days, double runs, and the clock at any hour.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from builders import THREE, Story, at, delivered
from hypothesis import strategies as st
from laws import DAYS, books, laws

from automator.core.assess import Rules
from automator.core.directive import Ladder, Obligation, Offset
from automator.core.memory import Memory
from automator.core.snapshot import Cell
from automator.core.turn import Outcome

GAPS = st.sampled_from(
    [
        *(timedelta(minutes=m) for m in (0, 45)),
        *(timedelta(hours=h) for h in (5, 24, 24, 24, 24, 24, 24, 37)),
        *(timedelta(days=d) for d in (2, 3, 8)),
    ]
)
HOURS = st.sampled_from([7, 7, 7, 9, 15, 15]) | st.integers(0, 23)
QUIET = st.sampled_from([(time(20), time(6)), (time(11, 30), time(13, 30)), (time(18), time(8))])
DAY_STEPS = st.lists(st.integers(1, 8).map(Offset), max_size=2, unique=True)
HOUR_STEPS = st.lists(st.sampled_from([1, 6, 24]).map(lambda n: Offset(n, hours=True)), max_size=2)
COMMUNES = st.sampled_from(["28036", "28048", "28066"])


@st.composite
def ladders(draw: st.DrawFn, *, by_hour: bool) -> Ladder:
    """A ladder that chases at least once."""
    steps = HOUR_STEPS if by_hour else DAY_STEPS
    chase = draw(steps) or [Offset(1, hours=by_hour)]
    return Ladder(remind=tuple(draw(steps)), chase=tuple(chase), escalate=tuple(draw(steps)))


@st.composite
def offices(draw: st.DrawFn, *, streaks: bool = True) -> Rules:
    """Rules of deadlines, ladders and a policy drawn anew; `streaks`: some escalate by them."""
    base = draw(laws())
    changed = tuple(
        _changed(draw, o, streaks=streaks) if o.hard else o for o in base.directive.obligations
    )
    policy = replace(
        base.policy,
        quiet=draw(QUIET),
        daily_cap=draw(st.integers(1, 3)),
        share=draw(st.sampled_from([0.2, 0.5])),
        backfill=draw(st.sampled_from(["ask", "silent", "send"])),
        chase_from=draw(st.sampled_from([None, time(14)])),
        forward_urgent=draw(st.sampled_from(["after_ack", "at_once"])),
        reopen=draw(ladders(by_hour=False)),
    )
    return replace(base, directive=replace(base.directive, obligations=changed), policy=policy)


def _changed(draw: st.DrawFn, obligation: Obligation, *, streaks: bool) -> Obligation:
    ladder = draw(ladders(by_hour=obligation.within is not None))
    streak: Mapping[int, str] = {}
    if streaks and obligation.every is not None:
        streak = draw(st.sampled_from([{}, {1: "leader", 2: "commune"}, {2: "office"}]))
    return replace(obligation, ladder=ladder, escalate_streak=streak)


@st.composite
def schools(draw: st.DrawFn) -> Sequence[dict[str, Cell]]:
    """Three schools: each stays, opens, closes, moves, has no address or shares one."""
    rows: list[dict[str, Cell]] = []
    for row in THREE:
        fate = draw(st.sampled_from([*["stays"] * 6, "opens", "closes", "moves", "mute", "shares"]))
        day = draw(DAYS)
        last, first = f"{day - timedelta(days=1):%d/%m/%Y}", f"{day:%d/%m/%Y}"
        one = dict(row)
        if fate == "opens":
            one["valid_from"] = first
        if fate in ("closes", "moves"):
            one["valid_to"] = last
        if fate == "mute":
            one["email"] = None
        if fate == "shares":
            one["email"] = "chung@truong.example"
        rows.append(one)
        if fate == "moves":
            rows.append({**row, "valid_from": first, "commune": draw(COMMUNES)})
    return rows


@st.composite
def runs(draw: st.DrawFn, rules: Rules, most: int = 8) -> Sequence[datetime]:
    """Instants around the plan's deadline: some twice, some days missed, at any hour."""
    (plan,) = (o for o in rules.directive.hard if o.id == "plan")
    due = plan.before or plan.by or rules.directive.starts
    first = due - timedelta(days=draw(st.integers(-3, 12)))
    start = datetime.combine(first, time(draw(HOURS)), rules.calendar.zone)
    instants = [start]
    for gap in draw(st.lists(GAPS, min_size=2, max_size=most - 1)):
        instants.append(instants[-1] + gap)
    return instants


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a history: by which rules, what was known before it, what it decided."""

    rules: Rules = field(repr=False)
    before: Memory
    outcome: Outcome
    now: datetime

    @property
    def sent(self) -> list[Any]:
        """The notices that go out."""
        return [n for n in self.outcome.plan.notices if n.id not in self.outcome.plan.held]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Rules, instants, and what stands in the workbook at each of them."""

    rules: Rules = field(repr=False)  # pages of it
    instants: Sequence[datetime]
    workbooks: Sequence[Mapping[str, Any]]

    def play(self) -> Iterator[Run]:
        """Yield one run after another; what each plans is handed over at its instant."""
        story = Story(law=self.rules, undelivered=True)
        for number, now in enumerate(self.instants):
            before = story.memory
            book = self.workbooks[number % len(self.workbooks)]
            outcome = story.read(now.isoformat(), **book)
            story.memory = delivered(outcome, at(now.isoformat()))
            yield Run(rules=self.rules, before=before, outcome=outcome, now=now)


LOST = st.sampled_from([*[()] * 7, ("plans",), ("periodic",), ("receipts",)])


@st.composite
def workbooks(draw: st.DrawFn) -> Mapping[str, Any]:
    """The rows of every tab, for whatever schools there are; now and then a tab is gone."""
    return {**draw(books()), "mend": {tab: lambda _: None for tab in draw(LOST)}}


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Histories in which the workbook changes from run to run, and back again."""
    rules, roster = draw(offices()), draw(schools())
    found = draw(st.lists(workbooks(), min_size=1, max_size=3))
    moved = draw(st.just(roster) | schools())
    rosters = [roster, *[moved] * (len(found) - 1)]
    return History(
        rules=rules,
        instants=draw(runs(rules)),
        workbooks=[{**book, "schools": r} for book, r in zip(found, rosters, strict=True)],
    )
