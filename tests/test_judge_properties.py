"""What judging always does, whatever the directive, the rows and the instant."""

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from builders import MY_LAC, Story, plan, workbook
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from laws import Books, books, instants, laws, rosters

from automator.core.assess import Rules
from automator.core.finding import Finding, Status
from automator.core.layout import INPUT_TABS
from automator.core.memory import Memory
from automator.core.periods import parse_label
from automator.core.snapshot import Cell, Sheet, Snapshot
from automator.core.turn import Outcome, turn

quick = settings(deadline=None, max_examples=30)


@quick
@given(laws(), books(), instants(), books(), st.integers(0, 100))
def test_judging_is_a_pure_function(
    law: Rules, book: Books, now: datetime, later: Books, hours: int
) -> None:
    """The same memory, workbook, rules and instant give the same outcome, read after read."""
    first, then = workbook(now, **book), now + timedelta(hours=hours)
    once, again = (turn(Memory(), first, law, now) for _ in range(2))
    assert once == again
    second = workbook(then, **later)
    assert turn(once.memory, second, law, then) == turn(again.memory, second, law, then)


def test_judging_does_not_depend_on_the_hash_seed() -> None:
    """Sets and dictionaries of another process give the same document."""
    call = "from automator.cli.app import main; main()"
    arguments = ("status", "--json", "--now", "2021-03-08T07:00", "--ledger", "nowhere.db")
    said = {
        subprocess.run(
            [sys.executable, "-c", call, *arguments],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def shuffled(snapshot: Snapshot, chance: random.Random) -> Snapshot:
    """Return the workbook with the rows and the columns of every tab in another order."""
    return replace(snapshot, sheets=tuple(_shuffled(s, chance) for s in snapshot.sheets))


def _shuffled(sheet: Sheet, chance: random.Random) -> Sheet:
    banner, header, *rows = sheet.rows
    order = list(range(len(header)))
    chance.shuffle(order)
    chance.shuffle(rows)
    return replace(sheet, rows=(banner, *(tuple(row[i] for i in order) for row in (header, *rows))))


def held(outcome: Outcome) -> tuple[Any, ...]:
    """Return what is held of every school, without the addresses of cells."""
    return (
        [_unplaced(f) for f in outcome.findings],
        outcome.rates,
        Counter((p.tab, p.header, p.code, p.severity, p.school) for p in outcome.problems),
    )


def _unplaced(found: Finding) -> Finding:
    """Return a finding that names tabs where it named cells."""
    rows = tuple(sorted(place.split("!")[0] for place in found.rows))
    return replace(found, rows=rows, waiver=found.waiver.split("!")[0])


@quick
@given(laws(), books(), instants(), st.randoms(use_true_random=False))
def test_order_of_rows_and_columns_changes_only_addresses(
    law: Rules, book: Books, now: datetime, chance: random.Random
) -> None:
    """A sorted sheet is the same sheet, at the first read and at the next one."""
    story, other = Story(law=law), Story(law=law)
    for at in (now, now + timedelta(days=1)):
        whole = workbook(at, **book)
        told = turn(story.memory, whole, law, at)
        same = turn(other.memory, shuffled(whole, chance), law, at)
        assert held(same) == held(told)
        story.memory, other.memory = told.memory, same.memory


WORSE = (
    {Status.ON_TIME, Status.EXEMPT, Status.UNKNOWN},
    {Status.LATE},
    {Status.UPCOMING},
    {Status.DUE},
    {Status.MISSING},
)


def rank(finding: Finding) -> int:
    """Return how bad a status is, 0 for the best."""
    return next(n for n, same in enumerate(WORSE) if finding.status in same)


def on_time_row(finding: Finding, day: date) -> tuple[str, dict[str, Cell]] | None:
    """Return the tab and a valid row of the school for an instance, sent on `day`."""
    sent = f"{day:%d/%m/%Y}"
    match finding.instance.obligation:
        case "plan":
            return "plans", plan(MY_LAC, sent)
        case "propaganda":
            return "propaganda", {"school": MY_LAC, "form": "Sân khấu hóa", "done": sent}
        case "model":
            return "models", {"school": MY_LAC, "name": "Camera an ninh", "launched": sent}
        case "periodic-report":
            period = parse_label(finding.instance.period or "")
            words = period.words.split(" (")[0] if period else None
            row: dict[str, Cell] = {"school": MY_LAC, "period": words, "sent": sent, "any": "Có"}
            return "periodic", row
    return None


@quick
@given(laws(), books("receipts"), instants(), st.data())
def test_a_valid_row_on_time_never_worsens_a_status(
    law: Rules, book: Books, now: datetime, data: st.DataObject
) -> None:
    """What a school adds in time can only help it, for that instance and for each other."""
    before = turn(Memory(), workbook(now, **book), law, now).findings
    mine = [f for f in before if f.instance.school == MY_LAC and f.instance.incident is None]
    assume(mine)
    chosen = data.draw(st.sampled_from(mine))
    last = min(chosen.last_day, now.date())
    assume(last >= date(2021, 2, 3))
    new = on_time_row(chosen, data.draw(st.dates(date(2021, 2, 3), last)))
    assert new is not None
    tab, row = new
    longer = {**book, tab: [*book[tab], row]}
    after = {f.key: f for f in turn(Memory(), workbook(now, **longer), law, now).findings}
    assert all(rank(after[f.key]) <= rank(f) for f in before)
    if chosen.need == 1 and chosen.status is not Status.EXEMPT:
        assert after[chosen.key].status is Status.ON_TIME


@quick
@given(laws(), rosters(), books(), instants(), st.data())
def test_rates_of_any_roster_are_shares_that_add_up(
    law: Rules, roster: Sequence[dict[str, Cell]], book: Books, now: datetime, data: st.DataObject
) -> None:
    """Every share lies in [0, 1]; on time, late, returned and missing are what was due."""
    codes = st.sampled_from([row["code"] for row in roster])
    rows = {
        tab: [{**row, "school": data.draw(codes)} if "school" in row else row for row in same]
        for tab, same in book.items()
    }
    outcome = turn(Memory(), workbook(now, schools=roster, **rows), law, now)
    counted = {Status.ON_TIME, Status.LATE, Status.RETURNED, Status.MISSING}
    for rate in outcome.rates:
        assert rate.expected == rate.on_time + rate.late + rate.returned + rate.missing
        assert 0 <= rate.open_received <= rate.open
        for share in (rate.completeness, rate.timeliness):
            assert (share is None) == (rate.expected == 0)
            assert share is None or 0 <= share <= 1
    due = [f for f in outcome.findings if f.instance.due_before <= now and f.status in counted]
    office = [r for r in outcome.rates if r.unit == "office"]
    assert sum(r.expected for r in office) == len(due)
    communes = [r for r in outcome.rates if r.unit != "office"]
    assert sum(r.expected for r in communes) == len(due)


ANYTHING = st.one_of(
    st.text(max_size=12),
    st.text("0123456789/-.: TWQHtuần thángquýnăm", max_size=12),
    st.sampled_from(
        ["=1/0", "#REF!", "∞", "²", "٣", "24/02/2021", "tất cả", "MẬT", "\u200b", "Có"]
    ),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.none(),
)


@settings(deadline=None, max_examples=60)
@given(books(), instants(), st.data())
def test_no_cell_raises(book: Books, now: datetime, data: st.DataObject) -> None:
    """Whatever stands in any cell of any tab, headers too, there is a judgement, twice."""
    memory = Memory()
    for at in (now, now + timedelta(hours=1)):
        whole = workbook(at, **book)
        sheets = list(whole.sheets)
        for _ in range(data.draw(st.integers(1, 8))):
            n = data.draw(st.integers(0, len(sheets) - 1))
            sheets[n] = _spoilt(sheets[n], data)
        outcome = turn(memory, replace(whole, sheets=tuple(sheets)), Story().law, at)
        assert all(f.status in Status for f in outcome.findings)
        memory = outcome.memory


def _spoilt(sheet: Sheet, data: st.DataObject) -> Sheet:
    rows = [list(row) for row in sheet.rows] + [[None] * len(INPUT_TABS[0].columns)]
    row = data.draw(st.sampled_from(rows))
    row[data.draw(st.integers(0, len(row) - 1))] = data.draw(ANYTHING)
    return replace(sheet, rows=tuple(map(tuple, rows)))


@quick
@given(laws(), st.lists(instants(), min_size=2, max_size=8))
def test_without_rows_a_status_only_grows_worse(law: Rules, nows: Sequence[datetime]) -> None:
    """Time alone moves what is owed from upcoming to due to missing, and never back."""
    order = [Status.UPCOMING, Status.DUE, Status.MISSING]
    seen: dict[str, int] = {}
    memory = Memory()
    for now in sorted(nows):
        outcome = turn(memory, workbook(now), law, now)
        memory = outcome.memory
        assert seen.keys() <= {f.key for f in outcome.findings}
        for finding in outcome.findings:
            worse = order.index(finding.status)
            assert worse >= seen.get(finding.key, 0)
            assert (finding.status is Status.MISSING) == (finding.instance.due_before <= now)
            seen[finding.key] = worse


@quick
@given(laws(), st.lists(instants(), min_size=2, max_size=6), st.sampled_from(["1", "2"]))
def test_an_incident_that_nobody_reports_only_grows_worse(
    law: Rules, nows: Sequence[datetime], level: str
) -> None:
    """The same of an event: its row is there, its report is not."""
    order = [Status.UPCOMING, Status.DUE, Status.MISSING]
    row = {"school": MY_LAC, "kind": "TC", "level": level, "occurred": "24/02/2021 08:00"}
    worst, memory = 0, Memory()
    for now in sorted(nows):
        outcome = turn(memory, workbook(now, incidents=[row]), law, now)
        memory = outcome.memory
        for finding in outcome.findings:
            if finding.instance.incident is not None:
                assert order.index(finding.status) >= worst
                worst = order.index(finding.status)
