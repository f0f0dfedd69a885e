"""Pruning: old mails go, what was told stays, and a later run decides the same."""

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from builders import workbook as book_of
from command_line import automator
from histories import History, histories
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_samples import HANOI, NOW, at, begin, key, message, states
from small_office import office

from automator.core.memory import Memory
from automator.core.message import State
from automator.core.turn import Outcome, turn
from automator.ledger import Ledger, RunRecord

pytest_plugins = ("ledger_fixtures",)

LATER = at("2021-06-01 07:00")
BEFORE = at("2021-03-01 00:00")


def sent(ledger: Ledger, *names: str, now: datetime = NOW) -> None:
    """Let messages arrive."""
    for name in names:
        assert ledger.claim(name)
        ledger.settle(name, State.SENT, now)


def old_and_new(ledger: Ledger) -> None:
    """Fill a ledger with two old runs, in every state, and one of today."""
    waiting = [
        message(f"m-{name}", key("chase-1", f"TH-{name}"), unit=f"TH-{name}")
        for name in ("sent", "thrown", "dropped", "held", "failed", "later", "doubt", "due")
    ]
    summary = message("m-week", unit="office", role="office", kind="digest", weeks=("2021-W08",))
    first = begin(ledger, *waiting, summary, held={"m-held": "first_run", "m-dropped": "first_run"})
    sent(ledger, "m-sent", "m-week")
    for name, state in (("m-failed", State.FAILED), ("m-later", State.DEFERRED)):
        assert ledger.claim(name)
        ledger.settle(name, state, NOW)
    assert ledger.claim("m-doubt")
    ledger.recover(NOW)
    ledger.discard(["m-thrown"], NOW, "lan")
    ledger.end(first, {}, NOW)
    begin(ledger, superseded=["m-dropped"], now=NOW + timedelta(minutes=10))
    begin(ledger, message("m-new", key("chase-5")), now=LATER)
    sent(ledger, "m-new", now=LATER)


def test_old_mails_go_and_what_was_told_stays(ledger: Ledger) -> None:
    """Sent, thrown away and dropped ones go with their bodies; drafts and the keys stay."""
    old_and_new(ledger)
    before = ledger.memory(HANOI)
    counted = ledger.prune(BEFORE, only_count=True)
    assert ledger.prune(BEFORE) == counted
    assert (counted.messages, counted.runs) == (4, 1)
    assert set(states(ledger)) == {"m-held", "m-failed", "m-later", "m-doubt", "m-due", "m-new"}
    assert ledger.memory(HANOI) == before
    assert ledger.kept("m-sent") is None
    assert ledger.body("m-held").attachments
    assert (ledger.prune(BEFORE).messages, ledger.prune(BEFORE).runs) == (0, 0)


def test_what_was_told_is_not_sent_again_after_pruning(ledger: Ledger) -> None:
    """Not even by a plan that knew nothing of it: the keys refuse."""
    old_and_new(ledger)
    ledger.prune(BEFORE)
    again = message("m-sent", key("chase-1", "TH-sent"), unit="TH-sent")
    begin(ledger, again, now=LATER)
    assert not ledger.claim("m-sent")


def test_another_workbook_keeps_its_mails(target: str, workbook: str) -> None:
    """One ledger serves many: pruning one leaves the others alone."""
    other = f"so-{uuid4().hex[:12]}"
    for name in (workbook, other):
        with Ledger.open(target, name) as ledger:
            old_and_new(ledger) if name == other else begin(ledger, now=LATER)
    with Ledger.open(target, other, readonly=True) as ledger:
        before = (states(ledger), ledger.memory(HANOI), ledger.last_run())
    with Ledger.open(target, workbook) as ledger:
        assert ledger.prune(BEFORE).messages == 0
    with Ledger.open(target, other, readonly=True) as ledger:
        assert (states(ledger), ledger.memory(HANOI), ledger.last_run()) == before


FATES = (State.DEFERRED, State.FAILED, State.IN_DOUBT, *[State.SENT] * 5)


def run(ledger: Ledger, history: History, number: int) -> Outcome:
    """Do one run of a history as the worker does; each mail meets a fate drawn by its id."""
    now = history.instants[number]
    ledger.recover(now)
    memory = ledger.memory(HANOI)
    snapshot = book_of(now, **history.workbooks[number % len(history.workbooks)])
    outcome = turn(memory, snapshot, history.rules, now)
    planned = {n.id for n in outcome.plan.notices}
    mails = [
        message(n.id, *n.keys, unit=n.unit, role=n.role, kind=n.kind, weeks=n.weeks)
        for n in outcome.plan.notices
    ]
    dropped = [
        draft.id
        for draft in memory.drafts
        if draft.id not in planned and draft.state in ("queued", "deferred", "held")
    ]
    held = {name: why.value for name, why in outcome.plan.held.items()}
    ledger.begin(RunRecord(now=now), outcome.memory, mails, held, dropped)
    for name in ledger.pending(now):
        if ledger.claim(name):
            ledger.settle(name, FATES[int(name[:4], 16) % len(FATES)], now)
    return outcome


@settings(
    max_examples=6,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=histories(), days=st.sampled_from([0, 0, 1, 3]))
def test_a_run_after_pruning_decides_the_same(tmp_path: Path, history: History, days: int) -> None:
    """Whatever happened: all that ended before the day of a run may go, the plan stays."""
    folder = tmp_path / uuid4().hex
    folder.mkdir()
    with (
        Ledger.open(str(folder / "whole.sqlite"), "main") as whole,
        Ledger.open(str(folder / "pruned.sqlite"), "main") as pruned,
    ):
        for number, now in enumerate(history.instants):
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
            pruned.prune(midnight - timedelta(days=days))
            assert run(whole, history, number).plan == run(pruned, history, number).plan
            assert remembered(whole) == remembered(pruned)


def remembered(ledger: Ledger) -> Memory:
    """Return the memory without the mails of its last day, which may be over and pruned."""
    return replace(ledger.memory(HANOI), sent_today={}, sent_day="")


def aged(folder: Path) -> tuple[Path, Path]:
    """Run an office in February and in June; return its config and its ledger."""
    config = office(folder)
    for now in ("2021-02-26T07:00:00+07:00", "2021-06-01T07:00:00+07:00"):
        automator("run", "--config", config, "--now", now)
    return config, folder / "automator.db"


def mails(path: Path) -> int:
    """Count the messages of a file."""
    raw = sqlite3.connect(path)
    (found,) = raw.execute("SELECT count(*) FROM messages").fetchone()
    raw.close()
    return int(found)


def test_the_command_prunes_and_makes_the_file_smaller(tmp_path: Path) -> None:
    """A dry run counts the same and changes nothing."""
    config, path = aged(tmp_path)
    before, size = mails(path), path.stat().st_size
    flags = ("--config", config, "--now", "2021-06-01T09:00:00+07:00", "--keep", "60 days")
    content = path.read_bytes()
    dry = automator("ledger", "prune", *flags, "--dry-run")
    assert (dry.code, path.read_bytes() == content) == (0, True)
    assert "would be taken out" in dry.out
    done = automator("ledger", "prune", *flags, "--json").document
    assert f"{done['messages']} mails, {done['runs']} runs before 2021-04-02" in dry.out
    assert mails(path) == before - done["messages"] < before
    assert done["bytes_after"] <= done["bytes_before"] == size
    assert automator("ledger", "verify", "--config", config).code == 0


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        pytest.param((), "name the day", id="no-day"),
        pytest.param(("--before", "2021-03-01", "--keep", "60 days"), "name the day", id="both"),
        pytest.param(("--before", "1/3/2021"), "is no day", id="not-iso"),
        pytest.param(("--keep", "a year"), "is no duration", id="no-duration"),
        pytest.param(("--before", "2021-05-31"), "is too late", id="too-late"),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    tmp_path: Path, flags: tuple[str, ...], words: str
) -> None:
    """Nothing is taken out; mails of the last 30 days always stay."""
    config, path = aged(tmp_path)
    before = mails(path)
    refused = automator("ledger", "prune", "--config", config, *flags)
    assert (refused.code, mails(path)) == (2, before)
    assert words in refused.err


def test_pruning_waits_for_no_run(tmp_path: Path) -> None:
    """While one goes on it exits 4; where there is no ledger, 5, and none is made."""
    config, path = aged(tmp_path)
    flags = ("--config", config, "--before", "2021-03-01")
    with Ledger.open(str(path), "main") as ledger, ledger.lock():
        assert automator("ledger", "prune", *flags).code == 4
    missing = automator("ledger", "prune", *flags, "--ledger", tmp_path / "no.db")
    assert (missing.code, (tmp_path / "no.db").exists()) == (5, False)
