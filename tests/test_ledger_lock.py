"""One run at a time: the lock is known to other processes and dies with its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from automator.errors import LeaseHeld
from automator.ledger import Ledger

pytest_plugins = ("ledger_fixtures",)

HOLDER = """
import sys
from automator.ledger import Ledger
with Ledger.open(sys.argv[1], sys.argv[2]) as ledger, ledger.lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(target: str, workbook: str) -> Iterator["subprocess.Popen[str]"]:
    """Let another process hold the lock until its stdin ends, or it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, target, workbook],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_process_is_turned_away(target: str, workbook: str) -> None:
    """At once, and told which process holds it; the first one's end frees it."""
    with Ledger.open(target, workbook) as ledger, another_process(target, workbook) as other:
        with pytest.raises(LeaseHeld, match=rf"process {other.pid} on .*, since ") as caught:
            ledger.lock().__enter__()
        assert caught.value.exit_code == 4
        assert other.stdin is not None
        other.stdin.close()
        assert other.wait(30) == 0
        with ledger.lock():
            pass


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    """Nobody has to remove a file by hand."""
    path = str(tmp_path / "ledger.sqlite")
    with Ledger.open(path, "main") as ledger, another_process(path, "main") as other:
        other.send_signal(signal.SIGKILL)
        other.wait(30)
        with ledger.lock():
            pass


def test_the_lock_stands_beside_the_file(tmp_path: Path) -> None:
    """By whatever name the file is reached, it is one lock."""
    path, link = tmp_path / "ledger.sqlite", tmp_path / "link.sqlite"
    with Ledger.open(str(path), "main") as ledger, ledger.lock():
        assert (tmp_path / "ledger.sqlite.lock").exists()
        link.symlink_to(path)
        with Ledger.open(str(link), "main") as other, pytest.raises(LeaseHeld):
            other.lock().__enter__()


def test_the_lock_is_free_again(ledger: Ledger) -> None:
    """After a run, and after one that broke."""
    with pytest.raises(ZeroDivisionError), ledger.lock():
        _ = 1 / 0
    with ledger.lock():
        pass


def test_a_lock_does_not_hold_up_readers(target: str, workbook: str) -> None:
    """`status` works while a run is under way."""
    reader = Ledger.open(target, workbook, readonly=True)
    with Ledger.open(target, workbook) as ledger, ledger.lock(), reader:
        assert reader.pending() == ()
