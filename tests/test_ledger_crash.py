"""kill -9 at every commit of a run: nothing is lost, nothing is sent twice."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from ledger_samples import HANOI, NOW, begin, key, message, states

from automator.core.message import State
from automator.ledger import Ledger

RUN = '''
"""A run that sends two messages; it kills itself just before, or after, its n-th commit."""
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from automator.core.message import Ended, State
from automator.ledger import Ledger
from ledger_samples import NOW, begin, key, message

path, server, number, moment = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
seen = 0

def die():
    os.kill(os.getpid(), signal.SIGKILL)

@event.listens_for(Engine, "commit")
def before(connection):
    global seen
    seen += 1
    if seen == number and moment == "before":
        die()

commit = Connection._commit_impl
def and_after(self):
    commit(self)
    if seen == number and moment == "after":
        die()
Connection._commit_impl = and_after

def deliver(name):
    with server.open("a") as file:
        print(name, file=file)

ended = None
with Ledger.open(path, "main") as ledger, ledger.lock():
    ledger.recover(NOW)
    begin(ledger, message("m-1", key("chase-1")), message("m-2", key("chase-5")))
    for name in ledger.pending():
        if ledger.settle_and_claim(ended, name):
            deliver(name)
            ended = Ended(id=name, state=State.SENT, at=NOW)
    ledger.settle_and_claim(ended, None)
    ledger.end(1, {}, NOW)
print("done", seen)
'''
COMMITS = 10


def run(path: Path, server: Path, number: int, moment: str) -> "subprocess.CompletedProcess[str]":
    """Let a process do the run, to be killed at that commit."""
    paths = [str(Path(__file__).parent), *sys.path]
    return subprocess.run(
        [sys.executable, "-c", RUN, str(path), str(server), str(number), moment],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
    )


def finish(path: Path, server: Path) -> None:
    """Do the run that comes after a crash, as a worker would."""
    with Ledger.open(str(path), "main") as ledger, ledger.lock():
        ledger.recover(NOW)
        told = ledger.memory(HANOI).told
        planned = {"m-1": key("chase-1"), "m-2": key("chase-5")}
        begin(ledger, *(message(name, step) for name, step in planned.items() if step not in told))
        for name in ledger.pending():
            assert ledger.claim(name)
            with server.open("a") as file:
                print(name, file=file)
            ledger.settle(name, State.SENT, NOW)
        assert set(ledger.memory(HANOI).told) == set(planned.values())


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", range(1, COMMITS + 1))
def test_a_killed_run_loses_and_repeats_nothing(tmp_path: Path, number: int, moment: str) -> None:
    """The next run brings every message to its reader, but for one that may be there."""
    path, server = tmp_path / "ledger.sqlite", tmp_path / "server.txt"
    server.touch()
    killed = run(path, server, number, moment)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with Ledger.open(str(path), "main", readonly=True) as reader:
        reader.memory(HANOI)  # `status` works before the next run has mended anything
    finish(path, server)
    with Ledger.open(str(path), "main") as ledger:
        ended = states(ledger)
    arrived = Counter(server.read_text().split())
    assert set(ended) == {"m-1", "m-2"}
    for name, state in ended.items():
        assert state in ("sent", "in_doubt")
        assert arrived[name] == 1 or (state == "in_doubt" and arrived[name] == 0)


def test_the_run_has_no_more_commits_than_are_tried(tmp_path: Path) -> None:
    """Otherwise a hook would be missing above."""
    ran = run(tmp_path / "ledger.sqlite", tmp_path / "server.txt", 0, "never")
    assert ran.stdout == f"done {COMMITS}\n", ran.stderr
