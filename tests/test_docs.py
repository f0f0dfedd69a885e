"""What README and docs say is so: commands, flags, codes and links."""

import re
import unicodedata
from pathlib import Path

import pytest
from command_line import automator

from automator import __version__
from automator.core.withheld import Withheld

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])
COMMANDS = (
    *("run", "status", "explain", "calendar", "simulate", "template", "outbox", "serve"),
    *("remind", "waive", "extend", "pause", "sheet", "ledger", "contacts", "bounces"),
)
SUBCOMMANDS = (
    *(("outbox", name) for name in ("release", "list", "show", "retry", "discard")),
    *(("contacts", name) for name in ("list", "show", "approve")),
    *(("ledger", name) for name in ("backup", "verify", "export", "prune")),
    *(("sheet", name) for name in ("install", "doctor", "create")),
)
FIRST = (
    "python3 -m venv .venv && .venv/bin/pip install -q . && "
    ".venv/bin/automator run --now 2021-02-26T07:00:00+07:00"
)
SECOND = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/pytest"


def _page(path: Path) -> str:
    return path.read_text("utf-8")


def test_readme_has_the_two_commands() -> None:
    """One line installs and runs the sample, one installs and passes the tests."""
    blocks = re.findall(r"```sh\n(.*?)\n```", README, flags=re.DOTALL)
    assert blocks == [FIRST, SECOND]


def test_simulation_in_the_readme_is_the_real_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line of the demo stands in what the command prints, in that order."""
    monkeypatch.chdir(tmp_path)
    (demo,) = re.findall(r"```console\n\$ automator (simulate .*?)\n```", README, flags=re.DOTALL)
    command, *shown = demo.splitlines()
    printed = iter(automator(*command.split()).out.splitlines())
    assert [line for line in shown if line != "…" and line not in printed] == []


def test_ci_runs_exactly_the_test_command() -> None:
    """.ci/run has the README's second command as a line of its own."""
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert SECOND in lines
    style = ("ruff check", "ruff format --check", "mypy --strict automator bench", "lint-imports")
    for tool in style:
        assert f".venv/bin/{tool}" in lines


def test_every_command_is_in_the_readme() -> None:
    """A command that `--help` lists is in the README, and the other way round."""
    listed = automator("--help").out.partition("Commands:")[2]
    assert sorted(re.findall(r"^  (\w+) ", listed, flags=re.MULTILINE)) == sorted(COMMANDS)
    for command in COMMANDS:
        assert f"`automator {command}" in README


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link and picture of the docs exists."""
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", _page(page))
    gone = [li for li in links if "://" not in li and not (page.parent / li).exists()]
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_flags_in_docs_exist(page: Path) -> None:
    """No page names a flag that no command takes."""
    known = {"--help", "--version", "--check", "--strict"}  # the last two are of the tools of CI
    for command in (*((c,) for c in COMMANDS), *SUBCOMMANDS):
        known |= set(re.findall(r"--[a-z-]+", automator(*command, "--help").out))
    used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", _page(page)))
    assert used - known == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_pages_are_composed_and_short_lined(page: Path) -> None:
    """Vietnamese is in NFC; prose lines stay readable in a terminal."""
    text = _page(page)
    assert unicodedata.is_normalized("NFC", text)
    prose = [li for li in text.splitlines() if not li.startswith(("|", "python3 -m venv"))]
    assert [li for li in prose if len(li) > 110] == []


def test_every_exit_code_is_explained() -> None:
    """The codes 0 to 5 stand in the README and in the operations page."""
    for text in (README, _page(ROOT / "docs" / "operations.md")):
        assert re.findall(r"^\| (\d) \|", text, flags=re.MULTILINE) == list("012345")


def test_every_reason_of_silence_is_explained() -> None:
    """What `explain` and the JSON may name as a reason stands in the operations page."""
    page = _page(ROOT / "docs" / "operations.md")
    assert [reason.value for reason in Withheld if f"`{reason.value}`" not in page] == []


def test_changelog_has_this_version() -> None:
    """The version of the package has its heading."""
    assert f"## [{__version__}]" in _page(ROOT / "CHANGELOG.md")


@pytest.mark.parametrize("name", ["mail.png", "status.png"])
def test_pictures_are_small(name: str) -> None:
    """A picture of the README is a PNG of less than 150 KB."""
    content = (ROOT / "docs" / "img" / name).read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) < 150_000
