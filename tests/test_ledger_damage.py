"""A damaged ledger: one clear line (exit 5) or it works as ever, never a traceback."""

import os
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from command_line import automator
from ledger_samples import HANOI, at, begin, key, message
from old_ledgers import restore
from small_office import office

from automator.core.message import State
from automator.errors import LedgerUnusable
from automator.ledger import Ledger

Damage = Callable[[bytearray, Random], None]
LATER = at("2021-02-27 07:00")


def whole(tmp_path: Path) -> Path:
    """Return an up-to-date ledger with a row in nearly every table."""
    path = restore("v3", tmp_path / "ledger.sqlite")
    for workbook in ("main", "khac"):
        with Ledger.open(str(path), workbook):
            pass
    return path


def used(path: Path) -> None:
    """Do all that a run does, and what the commands read."""
    with Ledger.open(str(path), "main", readonly=True) as ledger:
        ledger.memory(HANOI)
        ledger.message_rows()
    with Ledger.open(str(path), "main") as ledger, ledger.lock():
        ledger.recover(LATER)
        memory = replace(ledger.memory(HANOI), drafts=())
        run = begin(ledger, message("m-next", key("escalate-3")), now=LATER, memory=memory)
        for name in ledger.pending(LATER):
            if ledger.claim(name):
                ledger.body(name)
                ledger.settle(name, State.SENT, LATER)
        ledger.end(run, {}, LATER)
        ledger.messages_of(run)


def flipped(content: bytearray, random: Random) -> None:
    for _ in range(random.choice([1, 8, 64])):
        content[random.randrange(100, len(content))] ^= 1 << random.randrange(8)


def zeroed(content: bytearray, random: Random) -> None:
    start = random.randrange(100, len(content) - 600)
    content[start : start + 600] = bytes(600)


def scrambled(content: bytearray, random: Random) -> None:
    page = random.randrange(len(content) // 4096) * 4096
    content[page + 100 : page + 4096] = random.randbytes(3996)


def cut(content: bytearray, random: Random) -> None:
    del content[random.randrange(20, len(content)) :]


@pytest.mark.parametrize("damage", [flipped, zeroed, scrambled, cut])
def test_damage_anywhere_is_no_traceback(
    tmp_path: Path, damage: Callable[[bytearray, Random], None]
) -> None:
    """At twenty places: whatever uses the file refuses it in one line, or is not concerned."""
    content = whole(tmp_path).read_bytes()
    random, refused = Random(7), list[str]()
    for number in range(20):
        path = tmp_path / f"{number}.sqlite"
        hurt = bytearray(content)
        damage(hurt, random)
        path.write_bytes(hurt)
        try:
            used(path)
        except LedgerUnusable as fault:
            refused.append(fault.message)
    assert refused
    assert not [line for line in refused if "\n" in line]


def test_a_log_of_garbage_is_no_harm(tmp_path: Path) -> None:
    """What is no log of this file counts for nothing; the file is as it was."""
    path = whole(tmp_path)
    path.with_name(path.name + "-wal").write_bytes(Random(7).randbytes(50_000))
    used(path)


def test_a_lost_log_leaves_an_earlier_stand(tmp_path: Path) -> None:
    """The file alone is a sound ledger that knows less."""
    path = whole(tmp_path)
    with Ledger.open(str(path), "main") as ledger:
        begin(ledger, message("m-lost", key("escalate-3")), now=LATER)
        alone = tmp_path / "alone.sqlite"
        alone.write_bytes(path.read_bytes())
    with Ledger.open(str(alone), "main") as ledger:
        assert "m-lost" not in {row.id for row in ledger.message_rows()}
    assert automator("ledger", "verify", "--ledger", alone).code == 0


def test_the_commands_say_what_is_wrong(tmp_path: Path) -> None:
    """Exit code 5, one line and a hint; the file is left alone and nobody is written to."""
    config, path = office(tmp_path), tmp_path / "automator.db"
    assert automator("run", "--config", config, "--now", "2021-02-26T07:00+07:00").code == 0
    content = bytearray(path.read_bytes())
    content[100 : len(content) // 2] = bytes(len(content) // 2 - 100)
    path.write_bytes(content)
    letters = sorted((tmp_path / "outbox").iterdir())
    for command in (("run",), ("status",), ("outbox", "list"), ("ledger", "verify")):
        called = automator(*command, "--config", config)
        assert (called.code, called.out) == (5, ""), called.err
        assert [line[:12] for line in called.err.splitlines()] == ["automator: t", "  hint: chec"]
    assert path.read_bytes() == content
    assert sorted((tmp_path / "outbox").iterdir()) == letters


def test_a_foreign_program_that_holds_the_file_is_spoken_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while; the hint says what to do."""
    path = whole(tmp_path)
    monkeypatch.setattr("automator.ledger.database.BUSY_SECONDS", 0.05)
    foreign = sqlite3.connect(path, isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerUnusable, match="another program holds it") as caught:
        Ledger.open(str(path), "main")
    assert caught.value.hint.startswith("close the program")
    foreign.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_read_only(tmp_path: Path) -> None:
    """`status` works, a run is refused."""
    path = whole(tmp_path)
    path.chmod(0o400)
    with Ledger.open(str(path), "main", readonly=True) as ledger:
        assert ledger.memory(HANOI).sightings
    with pytest.raises(LedgerUnusable, match="readonly database"):
        Ledger.open(str(path), "main")
