"""Problems in English: one line that an operator reads in a log."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from builders import MY_LAC, Story, plan
from command_line import automator

from automator import core
from automator.core.problem import Problem, Severity
from automator.fault_words import WORDS, line, lines

_MAKERS = frozenset(
    {"Problem", "Fault", "_fault", "_phone_fault", "_unit_fault", "_problem", "_needs", "add"}
)
_ONE_WORD = frozenset({"secret", "future"})
_COLUMNS = frozenset({"valid_from", "valid_to"})


def _codes() -> set[str]:
    """Return every code that the core gives to a fault, from its source."""
    found: set[str] = set()
    for path in Path(core.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in _MAKERS:
                arguments = [*node.args, *(k.value for k in node.keywords if k.arg == "code")]
                found |= {text for a in arguments for text in _constants(a)}
    return {c for c in found if c in _ONE_WORD or ("_" in c and c.isascii() and c.islower())}


def _name(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")


def _constants(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*_constants(node.body), *_constants(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def test_every_code_has_words_and_every_word_a_code() -> None:
    """A new fault cannot be forgotten, an old one leaves nothing behind."""
    assert _codes() - _COLUMNS - {"other_emails", "recipient_title", "ministry_code"} == set(WORDS)


def test_a_line() -> None:
    """Tab, cell, header, code, what it does and what is wrong; never what was typed."""
    outcome = Story().read("2021-02-26", plans=[plan(MY_LAC, "31/02/2021")])
    assert [line(p) for p in outcome.problems] == [
        "Kế hoạch!B3 [Ngày gửi] not_a_date (not counted): not a real day"
    ]


def test_a_tab_has_no_cell() -> None:
    """A tab that is missing is named alone."""
    outcome = Story().read("2021-02-26", mend={"waivers": lambda _: None})
    assert [line(p) for p in outcome.problems] == [
        "Miễn trừ missing_tab (warning): the tab is not found"
    ]


def test_what_blocks_comes_first() -> None:
    """The rows that count for nothing are named before those that may be looked at."""
    warns = Problem(
        tab="Mô hình", cell="C3", code="future", severity=Severity.WARNS, message="", remedy=""
    )
    blocks = replace(warns, cell="A9", severity=Severity.BLOCKS)
    said = lines([warns, blocks])
    assert [text.split()[1] for text in said] == ["hình!A9", "hình!C3"]


@pytest.mark.parametrize(("flag", "said"), [("--verbose", True), ("--dry-run", False)])
def test_run_says_them_only_when_asked(
    flag: str, said: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """cron mails whatever is on stderr: a quiet run stays quiet."""
    monkeypatch.chdir(tmp_path)
    called = automator("run", "--dry-run", flag, "--json", "--now", "2021-02-26T07:00:00")
    assert ("Kế hoạch!B14 [Ngày gửi] " in called.err or "out_of_window" in called.err) is said
    assert called.document["problems"]
