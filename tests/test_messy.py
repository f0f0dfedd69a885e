"""Messy workbooks: every planted fault is reported at its cell, no other is, nothing breaks."""

import csv
import io
import json
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from command_line import Called, automator
from messy import BOOKS, CONVERTED, NOW, Book

from automator.core.snapshot import Snapshot
from automator.fault_words import WORDS
from automator.workbook.xlsx import XlsxWorkbook

FOLDER = Path(__file__).parent / "data" / "messy"
Planted = tuple[str, str, str, str]


@cache
def built(name: str) -> Book:
    return BOOKS[name]()


def planted(name: str) -> list[Planted]:
    """Return (tab, cell, code, severity) of every planted fault; a whole tab has the cell ""."""
    rows = list(csv.reader(io.StringIO((FOLDER / f"{name}.csv").read_text("utf-8"))))
    assert rows[0] == ["tab", "cell", "code", "severity"]
    return [(a, b, c, d) for a, b, c, d in rows[1:]]


def run(name: str, folder: Path) -> Called:
    book = folder / "so.xlsx"
    book.write_bytes((FOLDER / f"{name}.xlsx").read_bytes())
    return automator(
        *("run", "--json", "--now", NOW, "--workbook", book),
        *("--ledger", folder / "ledger.db", "--outbox", folder / "outbox"),
    )


@pytest.mark.parametrize("name", BOOKS)
def test_every_planted_fault_and_no_other(name: str, tmp_path: Path) -> None:
    """Through the command line: one run, exit code 0 or 1, the same set of faults.

    Each has a message and a remedy in Vietnamese for the school, a line in English for the log.
    """
    called = run(name, tmp_path)
    assert called.code in (0, 1), called.err
    assert "Traceback" not in called.err
    found = Counter(
        (p["tab"], p["cell"] or "", p["code"], p["severity"]) for p in called.document["problems"]
    )
    expected = Counter(planted(name))
    assert (sorted((found - expected).elements()), sorted((expected - found).elements())) == (
        [],
        [],
    )
    for problem in called.document["problems"]:
        assert problem["message"]
        assert problem["remedy"].startswith(("Đề nghị", "Đã ", "Tháng ")), problem["remedy"]
        assert problem["remedy"].endswith(".")
        assert problem["code"] in WORDS


def cells(path: Path) -> Snapshot:
    return XlsxWorkbook(path, "main", path).read(datetime(2021, 3, 8, tzinfo=UTC))


@pytest.mark.parametrize("name", sorted(set(BOOKS) - CONVERTED))
def test_the_files_are_what_the_script_builds(name: str, tmp_path: Path) -> None:
    """Cell by cell, and the list of faults to the letter; see tests/messy to write them anew."""
    fresh = tmp_path / "fresh.xlsx"
    fresh.write_bytes(built(name).to_bytes())
    now, then = cells(fresh), cells(FOLDER / f"{name}.xlsx")
    assert (now.sheets, now.date_1904) == (then.sheets, then.date_1904)
    assert (FOLDER / f"{name}.csv").read_text("utf-8") == built(name).manifest()


@pytest.mark.parametrize("name", sorted(CONVERTED))
def test_a_file_saved_by_libreoffice(name: str, tmp_path: Path) -> None:
    """It holds what the script wrote, and the values of its formulas besides."""
    fresh = tmp_path / "fresh.xlsx"
    fresh.write_bytes(built(name).to_bytes())
    written, saved = cells(fresh), cells(FOLDER / f"{name}.xlsx")
    assert b"LibreOffice" in (FOLDER / f"{name}.xlsx").read_bytes() or _made_by(name)
    assert [s.title for s in saved.sheets] == [s.title for s in written.sheets]
    for before, after in zip(written.sheets, saved.sheets, strict=True):
        for old, new in zip(before.rows, after.rows, strict=True):
            assert [b for a, b in zip(old, new, strict=False) if a is not None] == [
                a for a in old if a is not None
            ]
    assert (FOLDER / f"{name}.csv").read_text("utf-8") == built(name).manifest()


def _made_by(name: str) -> bool:
    import zipfile

    with zipfile.ZipFile(FOLDER / f"{name}.xlsx") as archive:
        return b"LibreOffice" in archive.read("docProps/app.xml")


def test_the_messy_workbooks_are_small() -> None:
    """They are committed: all of them together weigh less than a photograph."""
    files = sorted(FOLDER.glob("*.xlsx"))
    assert {path.stem for path in files} == set(BOOKS)
    assert sum(path.stat().st_size for path in files) < 400_000


def test_nothing_hostile_gets_out(tmp_path: Path) -> None:
    """No cell of the hostile workbook is quoted, run or rendered in a mail or a status file."""
    called = run("hostile", tmp_path)
    said = json.dumps(called.document["problems"], ensure_ascii=False)
    for nasty in ("<script", "{{ 7", "DROP TABLE", "<img", "Lời khai"):
        assert nasty not in said
    mails = [path.read_bytes() for path in (tmp_path / "outbox").glob("*.eml")]
    assert mails
    for mail in mails:
        assert b"Bcc:" not in mail
        assert b"<script" not in mail
        assert b"/etc/passwd" not in mail
