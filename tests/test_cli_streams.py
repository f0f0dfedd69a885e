"""The command line where its streams, its locale or its arguments are not what they should be."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from command_line import automator, automator_command
from small_office import office

NOW = ("--now", "2021-02-26T07:00:00+07:00")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in the folder of a small office that has run once."""
    office(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert automator("run", *NOW).code == 0
    return tmp_path


def _shell(redirected: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Call the command in a shell that redirects its streams."""
    line = f'"$@" {redirected}'
    command = ["sh", "-c", line, "sh", *automator_command(), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _bytes(
    arguments: Sequence[bytes], env: Mapping[str, str]
) -> "subprocess.CompletedProcess[bytes]":
    command = [*map(os.fsencode, automator_command()), *arguments]
    return subprocess.run(command, capture_output=True, check=False, env={**os.environ, **env})


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "arguments", [("status", *NOW), ("ledger", "verify", "--json"), ("contacts", "list")]
)
def test_answer_that_cannot_be_written(
    arguments: tuple[str, ...], unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk under stdout is full, one line says so with exit code 2."""
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    ended = _shell(">/dev/full", *arguments)
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[0].startswith("automator: stdout cannot be written: ")
    assert len(ended.stderr.splitlines()) == 2


def test_closed_stdout() -> None:
    """A closed stdout swallows the answer; the command does its work as ever."""
    ended = _shell(">&-", "status", *NOW)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_closed_stderr_does_not_speak_on_stdout() -> None:
    """stdout carries nothing but the answer, even where stderr is closed."""
    ended = _shell("2>&-", "contacts", "show", "nobody")
    assert (ended.returncode, ended.stdout) == (2, "")


def test_reader_that_goes_away() -> None:
    """`automator status | head` ends with 0 and without a word, whatever the shell thinks of it."""
    read, write = os.pipe()
    os.close(read)
    command = [*automator_command(), "status", *NOW]
    ended = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere arguments are always Unicode")
def test_vietnamese_arguments_in_a_locale_without_it() -> None:
    """A name typed in UTF-8 is understood under LC_ALL=C, where Python sees bytes."""
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ended = _bytes([b"contacts", b"show", "Tiểu học B".encode()], plain)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.startswith(b"TH-B\t")


def test_argument_that_is_no_utf8() -> None:
    """Bytes of another encoding are refused with one line, before anything is written."""
    before = Path("automator.db").read_bytes()
    ended = _bytes([b"waive", b"TH-B", b"plan", b"--reason", b"t\xf4i"], {})
    assert ended.returncode == 2
    assert ended.stderr.startswith(b"automator: the argument 't\\udcf4i' is not UTF-8\n")
    assert Path("automator.db").read_bytes() == before


def test_fault_quotes_no_control_character() -> None:
    """What was typed reaches a terminal as text: no escape sequence, no line of its own."""
    called = automator("explain", "TH-B", "plan", "--period", "\x1b[31m\nx", *NOW)
    assert called.code == 2
    assert "\x1b" not in called.err
    assert all(line.startswith(("automator: ", "  hint: ")) for line in called.err.splitlines())


def test_fault_quotes_no_argument_without_end() -> None:
    """An argument of 100,000 characters is quoted in part."""
    called = automator("contacts", "show", "x" * 100_000, *NOW)
    assert called.code == 2
    assert len(called.err) < 3000
