"""Whatever is wrong in config.toml is named: the key, its value, what is expected there."""

import copy
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from automator.config import load
from automator.config.load import config_of
from automator.config.paths import Overrides
from automator.errors import ConfigError

CONFIGS = Path(__file__).parent / "configs"
BROKEN = sorted(f.stem for f in CONFIGS.glob("*.toml") if "\n#> " in f.read_text("utf-8"))


def faults(name: str) -> list[str]:
    """Return the faults of tests/configs/<name>.toml, one line each."""
    with pytest.raises(ConfigError) as caught:
        load(CONFIGS / f"{name}.toml")
    return list(caught.value.faults)


@pytest.mark.parametrize("name", BROKEN)
def test_each_fault_is_named_and_nothing_else(name: str) -> None:
    """A file gives exactly the lines that it announces (#>): one more would lead astray."""
    lines = (CONFIGS / f"{name}.toml").read_text("utf-8").splitlines()
    announced = [line.removeprefix("#> ") for line in lines if line.startswith("#> ")]
    assert faults(name) == announced


def test_a_config_that_announces_no_fault_has_none() -> None:
    """Every other file in the folder is a case that works."""
    working = {f.stem for f in CONFIGS.glob("*.toml")} - {*BROKEN, "syntax"}
    assert {load(CONFIGS / f"{name}.toml").path.stem for name in working} == working


def test_the_head_line_counts_the_faults() -> None:
    """The operator sees at once which file, and how much there is to mend."""
    file = CONFIGS / "several-faults.toml"
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert caught.value.message == f"{file} has 9 faults"
    assert caught.value.exit_code == 2


def test_a_syntax_error_has_its_place() -> None:
    """TOML that cannot be read is shown with file, line and column."""
    file = CONFIGS / "syntax.toml"
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert caught.value.message == f"{file}, line 3, column 9: this is not TOML: Invalid value"


@pytest.mark.parametrize(
    ("content", "place"),
    [
        pytest.param(b"[directive", "line 1, column 11", id="end-of-file"),
        pytest.param(b"a = 1\na = 2\n", "line 2, .* stands in the file twice", id="twice"),
        pytest.param(b"a = " + b"9" * 5000, "line 1, column 5005", id="endless-number"),
        pytest.param(b"a = " + b"[" * 5000, "line 1, column 5005", id="endless-list"),
    ],
)
def test_hostile_toml_is_one_clear_error(content: bytes, place: str, tmp_path: Path) -> None:
    """No TOML, however odd, ends in a traceback."""
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=place):
        load(file)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(None, "cannot be read: No such file", id="missing"),
        pytest.param(b"title = 'C\xf4ng'", "is not UTF-8 text", id="latin-1"),
    ],
)
def test_an_unreadable_file_is_named(content: bytes | None, message: str, tmp_path: Path) -> None:
    """A file that is not there, or is no text, says which one it is."""
    file = tmp_path / "office.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError, match=message) as caught:
        load(file)
    assert str(file) in caught.value.message


def test_a_folder_is_no_config(tmp_path: Path) -> None:
    """A folder in the place of the file is named as such."""
    with pytest.raises(ConfigError, match="Is a directory"):
        load(tmp_path)


ODD = [None, True, -1, 10**9, 1.5, "", "x", "\n", [], [[]], [None], {}, {"x": {}}, date(1, 1, 1)]


def _places(table: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = table.items() if isinstance(table, dict) else enumerate(table)
    for key, value in items:
        yield (*place, key)
        if isinstance(value, dict | list):
            yield from _places(value, (*place, key))


def test_no_value_ends_in_a_traceback() -> None:
    """Any key of the working configs may hold anything: it works, or it is a ConfigError."""
    for name in ("ladders", "decisions", "google", "loopback-smtp"):
        raw = tomllib.loads((CONFIGS / f"{name}.toml").read_text("utf-8"))
        for place in _places(raw):
            for odd in ODD:
                changed = copy.deepcopy(raw)
                inside = changed
                for part in place[:-1]:
                    inside = inside[part]  # type: ignore[index]
                inside[place[-1]] = odd  # type: ignore[index]
                with suppress(ConfigError):
                    config_of(changed, CONFIGS / "odd.toml", Overrides(cwd=CONFIGS))


@pytest.mark.parametrize("name", ["password-in-file", "password-in-ledger-url"])
def test_no_secret_is_repeated(name: str) -> None:
    """What may be a password is in no message, hint or fault."""
    with pytest.raises(ConfigError) as caught:
        load(CONFIGS / f"{name}.toml")
    error = caught.value
    assert "S3cret" not in " ".join([error.message, error.hint, *error.faults, repr(error)])


def test_a_pasted_key_is_not_repeated(tmp_path: Path) -> None:
    """A value of the wrong type under a key that may hold a secret stays unseen."""
    text = (CONFIGS / "minimal.toml").read_text("utf-8")
    file = tmp_path / "config.toml"
    file.write_text(text + '\n[mail]\npassword_file = ["S3cret"]\nsmtp_passwort = "S3cret"\n')
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert len(caught.value.faults) == 3
    assert "S3cret" not in "".join(caught.value.faults)
