"""Decisions by hand in the ledger: once, revoked, never lost, and in ledgers of before."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from ledger_samples import HANOI, NOW, at, begin
from old_ledgers import restore
from sqlalchemy import insert

from automator.core.given import Given
from automator.core.look_back import as_of
from automator.core.memory import Memory
from automator.errors import LedgerUnusable
from automator.ledger import Ledger, hand, schema

pytest_plugins = ("ledger_fixtures",)

WAIVER = Given(
    kind="waive",
    scope="school:TH-MY-LAC",
    obligation="plan",
    reason="mới thành lập",
    who="lan",
    given_at=NOW,
)
EXTENSION = replace(WAIVER, kind="extend", scope="*", last_day=date(2021, 3, 5))
PAUSE = replace(WAIVER, kind="pause", obligation="", until=at("2021-03-01 00:00"))


def test_decisions_come_back_with_their_numbers(ledger: Ledger) -> None:
    """They count up from 1, and a run forgets none."""
    for number, wish in enumerate((WAIVER, EXTENSION, PAUSE), start=1):
        assert ledger.decide(wish) == (replace(wish, id=number), True)
    begin(ledger)
    known = ledger.memory(HANOI).given
    assert known == tuple(replace(w, id=n) for n, w in enumerate((WAIVER, EXTENSION, PAUSE), 1))


@pytest.mark.parametrize("wish", [WAIVER, EXTENSION, PAUSE], ids=lambda w: w.kind)
def test_the_same_decision_twice_is_one(ledger: Ledger, wish: Given) -> None:
    """Whoever gives it again, and whatever reason is named."""
    ledger.decide(wish)
    again, new = ledger.decide(
        replace(wish, reason="lũ", who="hoa", given_at=at("2021-02-27 08:00"))
    )
    assert (again.id, new) == (1, False)
    assert len(ledger.memory(HANOI).given) == 1


def test_a_revoked_decision_stays_on_record_and_may_be_given_anew(ledger: Ledger) -> None:
    """Who gave it and who revoked it can be read a year later."""
    ledger.decide(WAIVER)
    assert ledger.revoke(1, at("2021-02-27 08:00"), "hoa")
    assert not ledger.revoke(1, at("2021-02-28 08:00"), "lan")
    assert not ledger.revoke(7, at("2021-02-28 08:00"), "lan")
    assert ledger.decide(WAIVER) == (replace(WAIVER, id=2), True)
    first, second = ledger.memory(HANOI).given
    assert (first.revoked_at, first.revoked_by) == (at("2021-02-27 08:00"), "hoa")
    assert second.stands


def test_each_workbook_has_its_own_decisions(target: str, workbook: str) -> None:
    """One database serves many."""
    with Ledger.open(target, workbook) as first, Ledger.open(target, workbook + "b") as second:
        first.decide(WAIVER)
        assert second.decide(EXTENSION)[0].id == 1
        assert first.memory(HANOI).given == (replace(WAIVER, id=1),)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(replace(PAUSE, until=None), id="a-pause-without-end"),
        pytest.param(replace(EXTENSION, last_day=None), id="an-extension-without-day"),
        pytest.param(replace(WAIVER, until=NOW), id="a-waiver-with-an-instant"),
        pytest.param(replace(WAIVER, kind="forget"), id="another-kind"),
        pytest.param(replace(WAIVER, revoked_at=NOW), id="revoked-by-nobody"),
    ],
)
def test_the_database_refuses_what_must_never_be(ledger: Ledger, wrong: Given) -> None:
    """Even when our code is wrong."""
    with pytest.raises(LedgerUnusable):
        ledger.decide(wrong)
    assert ledger.memory(HANOI).given == ()


def test_the_database_holds_no_decision_twice(ledger: Ledger) -> None:
    """Two processes that both looked first cannot both write."""
    ledger.decide(WAIVER)
    twin = insert(schema.decisions).values(
        hand._row(WAIVER) | {"id": 9, "workbook": ledger.workbook}
    )
    with pytest.raises(LedgerUnusable), ledger._database.transaction() as connection:
        connection.execute(twin)


def test_looking_back_sees_what_stood_then() -> None:
    """Not what was given later, and still what was revoked later."""
    early = replace(WAIVER, id=1, revoked_at=at("2021-03-02 08:00"), revoked_by="hoa")
    late = replace(EXTENSION, id=2, given_at=at("2021-03-01 08:00"))
    memory = Memory(last_run=at("2021-03-03 07:00"), given=(early, late))
    assert as_of(memory, at("2021-02-27 07:00")).given == (replace(WAIVER, id=1),)
    assert as_of(memory, at("2021-03-04 07:00")).given == (early, late)


KILLED = """
import os, signal, sys
from sqlalchemy import Engine, event
from automator.ledger import Ledger
from test_ledger_decisions import WAIVER

wanted, seen = int(sys.argv[2]), 0

@event.listens_for(Engine, "commit")
def before(connection):
    global seen
    seen += 1
    if seen == wanted:
        os.kill(os.getpid(), signal.SIGKILL)

with Ledger.open(sys.argv[1], "main") as ledger, ledger.lock():
    ledger.decide(WAIVER)
"""


def killed_at(path: Path, commit: int) -> None:
    """Let a process give a decision, and kill it just before that commit."""
    paths = [str(Path(__file__).parent), *sys.path]
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), str(commit)],
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
    )
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("commit", "given"),
    [
        pytest.param(2, 0, id="while-the-ledger-is-brought-up-to-date"),
        pytest.param(4, 0, id="while-it-is-written"),
        pytest.param(5, 1, id="after-it"),
    ],
)
def test_a_killed_decision_is_whole_or_not_there(tmp_path: Path, commit: int, given: int) -> None:
    """kill -9 while an older ledger is opened and a decision written: the next opening works."""
    path = tmp_path / "old.sqlite"
    restore("v1", path)
    killed_at(path, commit)
    with Ledger.open(str(path), "main", readonly=True) as reader:
        assert len(reader.memory(HANOI).given) == given
    with Ledger.open(str(path), "main") as ledger, ledger.lock():
        assert ledger.decide(WAIVER)[0].id == 1
        assert ledger.pending() == ("m-queued",)
