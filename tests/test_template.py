"""The committed workbooks are what the layout builds, and hold nothing that runs."""

import re
import unicodedata
import zipfile
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree.ElementTree import canonicalize

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from automator.core.layout import BANNER, INPUT_TABS, TABS, Tab
from automator.core.snapshot import Cell
from automator.workbook.sample_schools import SCHOOLS, UNITS
from automator.workbook.template import build_blank, build_sample
from automator.workbook.xlsx import XlsxWorkbook

FOLDER = Path(__file__).parent.parent / "sheet_templates"
BLANK = FOLDER / "so-theo-doi.xlsx"
SAMPLE = FOLDER / "so-theo-doi-mau.xlsx"
BOTH = pytest.mark.parametrize("path", [BLANK, SAMPLE], ids=["blank", "sample"])
TAB = pytest.mark.parametrize("tab", INPUT_TABS, ids=[tab.key for tab in INPUT_TABS])


def parts(path: Path) -> dict[str, bytes]:
    """Unpacked, because zlib packs differently from machine to machine."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def canonical(path: Path) -> dict[str, str]:
    """As canonical XML, because openpyxl writes letters differently where lxml is installed."""
    return {name: canonicalize(data.decode()) for name, data in parts(path).items()}


def sheet(path: Path, tab: Tab) -> Worksheet:
    found = load_workbook(path)[tab.title]
    assert isinstance(found, Worksheet)
    return found


def rows(tab: str) -> list[tuple[Cell, ...]]:
    snapshot = XlsxWorkbook(SAMPLE, "main", SAMPLE).read(datetime(2021, 3, 31, tzinfo=UTC))
    titles = {each.key: each.title for each in TABS}
    return next(list(s.rows[3:]) for s in snapshot.sheets if s.title == titles[tab])


@pytest.mark.parametrize(("path", "build"), [(BLANK, build_blank), (SAMPLE, build_sample)])
def test_committed_files_are_what_is_built(path: Path, build, tmp_path: Path) -> None:
    """Rebuild them with `automator template` after a change of the layout."""
    made = tmp_path / "made.xlsx"
    build(made)
    assert canonical(made) == canonical(path)


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """No clock and no random order goes into a template."""
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    build_sample(first)
    build_sample(second)
    assert first.read_bytes() == second.read_bytes()


@BOTH
def test_nothing_in_it_runs_or_points_outside(path: Path) -> None:
    """No formula in a cell, no macro, no external link, no picture, no comment."""
    for name, data in parts(path).items():
        assert re.fullmatch(
            r"\[Content_Types\]\.xml|_rels/\.rels|(docProps|xl)/.*\.(xml|rels)", name
        )
        assert not re.search(r"vba|external|drawing|comments|connections", name, re.IGNORECASE)
        assert b'TargetMode="External"' not in data
        if name.startswith("xl/worksheets/"):
            assert not re.search(rb"<f[ >/]", data)


@BOTH
def test_tabs_in_order_and_operator_tabs_hidden(path: Path) -> None:
    """The tabs are those of the layout; what schools need not see is hidden."""
    book = load_workbook(path)
    shown = [(s.title, s.sheet_state == "hidden") for s in book.worksheets]
    assert shown == [(tab.title, tab.hidden) for tab in TABS]


@TAB
def test_headers_stand_in_row_3_under_the_banner(tab: Tab) -> None:
    """Row 1 is the banner, row 3 the headers of the layout, frozen."""
    found = sheet(BLANK, tab)
    assert found["A1"].value == BANNER
    assert [cell.value for cell in found[3]] == [column.header for column in tab.laid]
    assert found.freeze_panes == "B4"
    assert found.print_title_rows == "$1:$3"


@TAB
def test_headers_are_locked_and_rows_are_open(tab: Tab) -> None:
    """A clerk sorts, inserts and deletes rows; the headers stay; there is no password."""
    found = sheet(BLANK, tab)
    protection = found.protection
    assert protection.sheet
    assert not protection.password
    assert not any((protection.sort, protection.insertRows, protection.deleteRows))
    assert not protection.autoFilter
    assert all(cell.protection.locked for cell in found[3])
    widths = [d for d in found.column_dimensions.values() if not d.protection.locked]
    assert max(d.max for d in widths) == 16_384


@TAB
def test_every_column_has_a_prompt(tab: Tab) -> None:
    """Each open cell says in Vietnamese how to fill it in."""
    rules = sheet(BLANK, tab).data_validations.dataValidation
    assert len(rules) == len(tab.laid)
    for rule, column in zip(rules, tab.laid, strict=True):
        assert rule.promptTitle == column.header[:32]
        assert rule.prompt
        assert rule.showInputMessage


def test_drop_downs_offer_what_the_layout_accepts() -> None:
    """A list is inline or refers to cells that hold exactly the choices."""
    book = load_workbook(SAMPLE)
    for tab in INPUT_TABS:
        found = book[tab.title]
        for rule, column in zip(found.data_validations.dataValidation, tab.laid, strict=True):
            if not column.choices:
                continue
            if rule.formula1.startswith('"'):
                offered = tuple(rule.formula1.strip('"').split(","))
            else:
                title, _, area = rule.formula1.partition("!")
                offered = tuple(row[0].value for row in book[title.strip("'")][area])
            assert offered == column.choices, (tab.title, column.header)


def test_school_drop_downs_offer_names_of_the_roster() -> None:
    """The schools to choose from are the names in the tab Trường."""
    book = load_workbook(SAMPLE)
    rule = book["Kế hoạch"].data_validations.dataValidation[0]
    assert rule.formula1 == "'Trường'!$B$4:$B$300"
    names = [row[0].value for row in book["Trường"]["B4:B43"]]
    assert names == [name for _, name, _, _ in SCHOOLS]


def test_the_guide_says_what_never_to_write() -> None:
    """Names of pupils and what is marked MẬT; the sample says that it is one."""
    for path in (BLANK, SAMPLE):
        text = " ".join(str(c.value or "") for row in load_workbook(path)["Hướng dẫn"] for c in row)
        assert "Họ tên, lớp, ngày sinh" in text
        assert "MẬT" in text
        assert ("Dữ liệu mẫu, không phải danh sách chính thức." in text) == (path == SAMPLE)


def test_the_sample_roster() -> None:
    """40 made-up schools in all 12 communes, under .example, two of them without an address."""
    roster = rows("schools")
    assert len({row[0] for row in roster}) == len(roster) == 40
    assert {row[3] for row in roster} == {name for _, name in UNITS}
    assert {row[2] for row in roster} == {"MN", "MG", "TH", "THCS", "TH&THCS"}
    mails = [str(row[4]) for row in roster if row[4]]
    assert len(set(mails)) == 38
    assert all(mail.endswith("@thuthua.example") for mail in mails)


def test_the_sample_months() -> None:
    """Plans come on working days around the deadline, incidents from 03/02 to 20/03."""
    sent = Counter(row[1] for row in rows("plans"))
    typed = sorted(day for day in sent if isinstance(day, date) and day.year == 2021)
    assert (typed[0], typed[-1]) == (date(2021, 2, 8), date(2021, 3, 4))
    assert not [day for day in typed if date(2021, 2, 10) <= day <= date(2021, 2, 16)]
    happened = sorted(row[3].date() for row in rows("incidents"))  # type: ignore[union-attr]
    assert (happened[0], happened[-1]) == (date(2021, 2, 3), date(2021, 3, 20))


def test_the_sample_has_its_planted_faults() -> None:
    """The faults that `sample_rows` lists are there, as a person typed them."""
    cells = {cell for tab in INPUT_TABS for row in rows(tab.key) for cell in row}
    assert cells >= {
        date(2020, 2, 24),
        "25/2/21",
        "MG Hoà Bình",
        unicodedata.normalize("NFD", "TH Mỹ Lạc"),
        "31/02/2021",
        "Trường Tiểu học Mỹ Lộc",
        "02/18/2021",
        "Cổng sau",
    }


def test_a_template_with_own_schools(tmp_path: Path) -> None:
    """Another office builds its own workbook: its schools, communes and obligations."""
    path = tmp_path / "own.xlsx"
    build_blank(
        path,
        schools=(("TH-A", "Trường Tiểu học A", "TH", "xã A"),),
        units=(("1", "xã A"),),
        contents=(("plan", "Kế hoạch"),),
        tasks=(("task", "Quán triệt văn bản"),),
    )
    book = load_workbook(path)
    assert book["Trường"]["B4"].value == "Trường Tiểu học A"
    assert "Quán triệt văn bản" in {cell.value for cell in book["Hướng dẫn"]["B"]}
