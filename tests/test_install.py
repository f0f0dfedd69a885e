"""The wheel: what it carries, and that it works where no checkout is near."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _pip(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    return subprocess.run(
        [*command, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=240
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as `pip install .` does."""
    folder = tmp_path_factory.mktemp("wheel")
    built = _pip("wheel", "--no-deps", "--wheel-dir", folder, ROOT)
    if built.returncode and "hatchling" in built.stdout + built.stderr:
        pytest.skip("the wheel cannot be built here: no package index to take hatchling from")
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("automator-*.whl")
    return found


def test_wheel_carries_what_works_without_a_checkout(wheel: Path) -> None:
    """Configuration, mail templates, both workbooks and the schema are inside; tests are not."""
    names = set(zipfile.ZipFile(wheel).namelist())
    templates = {
        f"automator/data/mail_templates/{p.name}" for p in (ROOT / "mail_templates").iterdir()
    }
    assert templates <= names
    assert {
        "automator/data/config.toml",
        "automator/data/sheet_templates/so-theo-doi.xlsx",
        "automator/data/sheet_templates/so-theo-doi-mau.xlsx",
        "automator/mail/gallery.html.j2",
        "automator/schema.json",
    } <= names
    assert not [name for name in names if name.startswith(("tests/", "docs/", "bench/"))]


def test_wheel_runs_the_sample_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """Installed, and called from an empty folder, the first command of the README works."""
    site, desk = tmp_path / "site", tmp_path / "desk"
    desk.mkdir()
    installed = _pip("install", "--no-deps", "--target", site, wheel)
    assert installed.returncode == 0, installed.stderr
    probe = (
        "import automator, sys; print(automator.__file__); "
        "from automator.cli.app import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, "run", "--now", "2021-02-26T07:00:00+07:00"],
        cwd=desk,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(str(site))
    assert len(list((desk / "outbox").glob("*.eml"))) > 10
    assert (desk / "so-theo-doi-mau.tinh-trang.xlsx").is_file()
