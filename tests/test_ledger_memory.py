"""What a turn remembers is what the next one finds."""

import sqlite3
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_samples import HANOI, NOW, at, begin, key, message

from automator.core.given import Given
from automator.core.memory import (
    Contact,
    Episode,
    Judged,
    Lapse,
    Memory,
    Sighting,
    TabMemory,
    TellKey,
)
from automator.core.message import State
from automator.core.snapshot import Sheet
from automator.ledger import Ledger, RunRecord
from automator.ledger.schema import metadata

pytest_plugins = ("ledger_fixtures",)
PROFILE = settings.get_profile(settings.get_current_profile_name())
"""`--hypothesis-profile long` commits many more memories."""

words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=6)
names = st.text("ABĐabđ-/0123", min_size=1, max_size=6)
instants = st.datetimes(
    datetime.fromisoformat("1990-01-01"),
    datetime.fromisoformat("2100-01-01"),
    timezones=st.just(HANOI),
    allow_imaginary=False,
)
maybe = st.none() | instants
cells = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | words | st.dates()
sheets = st.builds(
    Sheet, title=words, link=words, rows=st.lists(st.tuples(cells, cells), max_size=3).map(tuple)
)
sightings = st.builds(
    Sighting,
    id=st.integers(1, 50),
    tab=names,
    row=st.integers(1, 10_000),
    school=st.none() | names,
    cells=st.lists(st.tuples(words, words), max_size=3).map(tuple),
    first_seen=instants,
    observed=maybe,
    unseen_until=maybe,
    edited_at=maybe,
    gone_since=maybe,
    gone_settled=st.booleans(),
    code=st.none() | names,
    level=st.none() | st.integers(1, 3),
    urgent_since=maybe,
    raised=st.booleans(),
    state_at_first=st.sampled_from([None, "", "closed"]),
    changes=st.integers(0, 9),
    told_state=words,
)
tabs = st.builds(
    TabMemory,
    first_good=maybe,
    last_good=maybe,
    sheet=st.none() | sheets,
    unreadable_since=maybe,
)
episodes = st.builds(
    Episode,
    ordinal=st.integers(1, 9),
    due_before=instants,
    opened=instants,
    cause=st.sampled_from(["owed", "returned"]),
    due_again=maybe,
    previous_due=maybe,
)


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(names, values, max_size=3)


memories = st.builds(
    Memory,
    started=maybe,
    last_run=maybe,
    sightings=st.lists(sightings, max_size=4, unique_by=lambda s: s.id).map(
        lambda found: tuple(sorted(found, key=lambda s: s.id))
    ),
    tabs=some(tabs),
    episodes=some(episodes),
    alerts=some(episodes),
    judged=some(st.builds(Judged, status=st.sampled_from(["due", "late"]), since=instants)),
    incident_serial=st.dictionaries(st.integers(2020, 2030), st.integers(1, 99), max_size=3),
    next_sighting=st.integers(1, 99),
    contacts=some(
        st.builds(
            Contact,
            addresses=st.lists(words, max_size=3).map(tuple),
            approved_at=instants,
            approved_by=words,
        )
    ),
)


@settings(
    deadline=None,
    max_examples=PROFILE.max_examples if PROFILE.max_examples > 100 else 30,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(memories, min_size=1, max_size=3))
def test_the_last_memory_comes_back(target: str, history: list[Memory]) -> None:
    """Whatever came before, the memory that was committed last is the one that is read."""
    with Ledger.open(target, f"so-{uuid4().hex}") as ledger:
        for memory in history:
            begin(ledger, memory=memory)
            assert ledger.memory(HANOI) == memory


@pytest.mark.parametrize(
    ("kind", "table", "beside"),
    [
        (Sighting, "sightings", {"workbook"}),
        (Lapse, "lapses", {"workbook", "id"}),
        (Episode, "episodes", {"workbook", "instance"}),
        (Episode, "alerts", {"workbook", "instance"}),
        (Judged, "judged", {"workbook", "instance"}),
        (Given, "decisions", {"workbook"}),
        (TellKey, "told", {"workbook", "at", "message", "bounced"}),
    ],
)
def test_a_table_has_a_column_for_each_field(kind: type, table: str, beside: set[str]) -> None:
    """A field that is added to the core and not to the ledger would be forgotten."""
    columns = set(metadata.tables[table].columns.keys())
    apart = {"lapse"}  # has a table of its own
    assert columns == {field.name for field in fields(kind)} - apart | beside


def test_a_new_ledger_remembers_nothing(ledger: Ledger) -> None:
    """It is the memory that a turn starts with."""
    assert ledger.memory(HANOI) == Memory()
    assert ledger.last_run() is None
    assert ledger.pending() == ()


def test_instants_come_in_the_zone_that_is_asked_for(ledger: Ledger) -> None:
    """The same instant, read on another clock."""
    begin(ledger, memory=Memory(started=NOW))
    started = ledger.memory(ZoneInfo("UTC")).started
    assert started is not None
    assert started.isoformat() == "2021-02-26T00:00:00+00:00"


def test_one_database_serves_many_workbooks(target: str, workbook: str) -> None:
    """The rows of one are never seen, moved or replaced by another."""
    seen = Memory(judged={"A/plan": Judged(status="due", since=NOW)})
    with Ledger.open(target, workbook) as first, Ledger.open(target, workbook + "b") as second:
        begin(first, message("m-1", key()), memory=seen)
        begin(second, message("m-1", key()))
        assert second.claim("m-1")
        assert first.memory(HANOI) == replace(seen, drafts=first.memory(HANOI).drafts)
        assert [row.state for row in first.message_rows()] == [State.QUEUED]
        assert second.memory(HANOI).judged == {}


def test_a_cell_that_only_changes_its_type_is_written(ledger: Ledger) -> None:
    """In Python 1 == 1.0 == True; in the ledger they are three values."""
    for cell in (1, 1.0, True):
        kept = TabMemory(sheet=Sheet(title="Kế hoạch", rows=((cell,),)))
        begin(ledger, memory=Memory(tabs={"plans": kept}))
        sheet = ledger.memory(HANOI).tabs["plans"].sheet
        assert sheet is not None
        assert repr(sheet.rows) == repr(((cell,),))


def test_only_changed_rows_are_written(tmp_path: Path) -> None:
    """Of 10,000 sightings, of which one changed, one is written again."""
    path = tmp_path / "ledger.sqlite"
    many = tuple(
        Sighting(id=n, tab="plans", row=n, school="A", cells=(("school", "A"),), first_seen=NOW)
        for n in range(1, 10_001)
    )
    with Ledger.open(str(path), "main") as ledger:
        begin(ledger, memory=Memory(sightings=many))
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE written (id INTEGER)")
            other.execute(
                "CREATE TRIGGER seen AFTER INSERT ON sightings "
                "BEGIN INSERT INTO written VALUES (NEW.id); END"
            )
        moved = (replace(many[0], row=7), *many[1:])
        begin(ledger, memory=Memory(sightings=moved))
        assert ledger.memory(HANOI).sightings == moved
        with sqlite3.connect(path) as other:
            assert other.execute("SELECT id FROM written").fetchall() == [(1,)]
        other.close()


def test_released_keys_add_up(ledger: Ledger) -> None:
    """A decision of the operator stays, through plans and when it is taken twice."""
    ledger.release(["breaker/plans"])
    ledger.release(["breaker/plans", "old_duty/model"])
    begin(ledger, memory=ledger.memory(HANOI))
    assert ledger.memory(HANOI).released == {"breaker/plans", "old_duty/model"}


def test_armed_is_decided_when_the_workbook_is_new(target: str, workbook: str) -> None:
    """Only `arm` changes it afterwards."""
    with Ledger.open(target, workbook, armed=False) as ledger:
        assert not ledger.memory(HANOI).armed
    with Ledger.open(target, workbook, armed=True) as ledger:
        begin(ledger, memory=Memory(armed=True))
        assert not ledger.memory(HANOI).armed
        ledger.arm()
        assert ledger.memory(HANOI).armed


def test_mails_of_the_last_local_day_are_counted(ledger: Ledger) -> None:
    """By unit and role, in the office's days, without the urgent ones."""
    sent = [
        ("a", "chase", at("2021-02-25 23:50")),  # 16:50 UTC
        ("b", "chase", at("2021-02-26 00:10")),  # 17:10 UTC of the same UTC day
        ("c", "remind", at("2021-02-26 07:00")),
        ("d", "urgent", at("2021-02-27 03:00")),
    ]
    begin(ledger, *(message(name, key(name), kind=kind) for name, kind, _when in sent))
    for name, _kind, when in sent:
        assert ledger.claim(name)
        ledger.settle(name, State.SENT, when)
    memory = ledger.memory(HANOI)
    assert memory.sent_day == "2021-02-26"
    assert memory.sent_today == {("TH-MY-LAC", "principal"): 2}


def test_a_run_is_begun_then_ended_with_its_counts(ledger: Ledger) -> None:
    """A run without an end was stopped on its way."""
    run = ledger.begin(RunRecord(now=NOW, kind="watch"), Memory(), (), {}, ())
    begun = ledger.last_run()
    assert begun is not None
    assert (begun.id, begun.now, begun.kind, begun.state) == (run, NOW, "watch", "begun")
    ledger.end(run, {"sent": 2, "withheld": {"day_off": 1}}, at("2021-02-26 07:01"))
    ended = ledger.last_run()
    assert ended is not None
    assert (ended.state, ended.ended_at) == ("ended", at("2021-02-26 07:01"))
    assert ended.counts == {"sent": 2, "withheld": {"day_off": 1}}


def test_a_release_that_a_run_has_used_up_is_over(ledger: Ledger) -> None:
    """The tab is compared again: what it shows the next time is a new question."""
    ledger.release(["breaker/plans", "old_duty/model"])
    memory = replace(ledger.memory(HANOI), released=frozenset({"old_duty/model"}))
    ledger.begin(RunRecord(now=at("2021-02-26"), kind="run"), memory, [], {}, [])
    assert ledger.memory(HANOI).released == {"old_duty/model"}
