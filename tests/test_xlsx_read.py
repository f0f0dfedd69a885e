"""Reading an .xlsx: cells stand where they stand in Excel, and no bad file ends in a traceback."""

import io
import os
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from automator.core.snapshot import Snapshot
from automator.errors import WorkbookUnreadable
from automator.workbook.xlsx import XlsxWorkbook

NOW = datetime(2021, 2, 26, tzinfo=UTC)


def read(path: Path) -> Snapshot:
    return XlsxWorkbook(path, "main", path.with_suffix(".tinh-trang.xlsx")).read(NOW)


def saved(tmp_path: Path, build: Callable[[Workbook], None]) -> Path:
    book = Workbook()
    book.active.title = "Kế hoạch"
    build(book)
    path = tmp_path / "so.xlsx"
    book.save(path)
    return path


def test_cells_keep_their_names(tmp_path: Path) -> None:
    """Blank leading rows and columns shift no cell: C3 is row 3, column C."""

    def build(book: Workbook) -> None:
        book.active["C3"] = "Trường"
        book.active["D5"] = date(2021, 2, 24)

    rows = read(saved(tmp_path, build)).sheets[0].rows
    assert rows == ((), (), (None, None, "Trường"), (), (None, None, None, date(2021, 2, 24)))


def test_types_of_cells(tmp_path: Path) -> None:
    """Whole numbers are ints, times stay times, blank text is None."""

    def build(book: Workbook) -> None:
        values = (3, 1.5, True, " \u200b", datetime.fromisoformat("2021-02-24T08:30"), "0012", "x")
        for column, value in enumerate(values, start=1):
            book.active.cell(1, column, value)

    (row,) = read(saved(tmp_path, build)).sheets[0].rows
    assert row == (3, 1.5, True, None, datetime.fromisoformat("2021-02-24T08:30"), "0012", "x")
    assert [type(cell) for cell in row[:3]] == [int, float, bool]


def test_every_sheet_in_order_hidden_ones_too(tmp_path: Path) -> None:
    """Hidden sheets and rows are read, chart sheets are not, and an empty sheet has no rows."""

    def build(book: Workbook) -> None:
        hidden = book.create_sheet("Trường")
        hidden.sheet_state = "hidden"
        hidden["A1"] = "Mã trường"
        hidden.row_dimensions[1].hidden = True
        book.create_chartsheet("Biểu đồ")
        book.create_sheet("Trống")

    sheets = read(saved(tmp_path, build)).sheets
    assert [(s.title, s.rows) for s in sheets] == [
        ("Kế hoạch", ()),
        ("Trường", (("Mã trường",),)),
        ("Trống", ()),
    ]


def test_merged_cells_hold_their_first_cell(tmp_path: Path) -> None:
    """A merged banner is its first cell, the rest is blank."""

    def build(book: Workbook) -> None:
        book.active["A1"] = "SỔ CHÍNH"
        book.active.merge_cells("A1:F2")
        book.active["A3"] = "Trường"

    assert read(saved(tmp_path, build)).sheets[0].rows == (("SỔ CHÍNH",), (), ("Trường",))


def test_formatted_empty_rows_are_harmless(tmp_path: Path) -> None:
    """100,000 rows that are only formatted cost no rows and little time."""

    def build(book: Workbook) -> None:
        book.active["A1"] = "Trường"
        for row in range(2, 100_002):
            book.active.cell(row, 2).number_format = "dd/mm/yyyy"

    path = saved(tmp_path, build)
    started = time.perf_counter()
    assert read(path).sheets[0].rows == (("Trường",),)
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize("stray", ["XFD1048576", "CZ900000"])
def test_a_stray_cell_far_out_is_harmless(tmp_path: Path, stray: str) -> None:
    """One key pressed in the last cell of a sheet neither aborts the run nor loses the tab."""

    def build(book: Workbook) -> None:
        book.active["A1"] = "Trường"
        book.active[stray] = "x"

    assert read(saved(tmp_path, build)).sheets[0].rows == (("Trường",),)


@pytest.mark.parametrize("mac", [False, True], ids=["1900", "1904"])
def test_date_system(tmp_path: Path, mac: bool) -> None:
    """The date system is told, and real date cells are the same day in both."""

    def build(book: Workbook) -> None:
        if mac:
            book.epoch = CALENDAR_MAC_1904
        book.active["A1"] = date(2021, 2, 25)

    snapshot = read(saved(tmp_path, build))
    assert (snapshot.date_1904, snapshot.sheets[0].rows) == (mac, ((date(2021, 2, 25),),))


def test_the_source_is_never_written(tmp_path: Path) -> None:
    """Reading changes neither the bytes nor the time of the file, nor its folder."""
    path = saved(tmp_path, lambda book: None)
    os.utime(path, (1_614_000_000, 1_614_000_000))
    path.chmod(0o444)
    before = path.read_bytes()
    read(path)
    assert path.read_bytes() == before
    assert path.stat().st_mtime == 1_614_000_000
    assert [p.name for p in tmp_path.iterdir()] == ["so.xlsx"]


def test_snapshot_says_where_it_comes_from(tmp_path: Path) -> None:
    """The snapshot carries the workbook's id, its path, its instant and what was asked for."""
    path = saved(tmp_path, lambda book: None)
    asked = frozenset({"incidents"})
    snapshot = XlsxWorkbook(path, "w1", path).read(NOW, asked)
    told = (snapshot.workbook, snapshot.source, snapshot.taken_at, snapshot.asked)
    assert told == ("w1", str(path), NOW, asked)


def rewritten(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Change parts of a workbook behind openpyxl's back."""
    result = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(result, "w", 8) as target:
        for part in source.infolist():
            target.writestr(part.filename, change(part.filename, source.read(part)))
    path.write_bytes(result.getvalue())
    return path


def test_one_damaged_sheet_leaves_the_others(tmp_path: Path) -> None:
    """A sheet that is no XML is left out and named; the other tabs are read."""

    def build(book: Workbook) -> None:
        book.active["A1"] = "Trường"
        book.create_sheet("Mô hình")["A1"] = "x"

    def damage(name: str, data: bytes) -> bytes:
        return b"<worksheet><sheetData><row" if name.endswith("sheet2.xml") else data

    snapshot = read(rewritten(saved(tmp_path, build), damage))
    assert [sheet.title for sheet in snapshot.sheets] == ["Kế hoạch"]
    assert list(snapshot.notes) == ["Mô hình"]


def _zip(parts: dict[str, bytes]) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return result.getvalue()


def _sound() -> bytes:
    result = io.BytesIO()
    Workbook().save(result)
    return result.getvalue()


def _liar() -> bytes:
    data = _zip({"xl/workbook.xml": b"x" * 5_000_000})
    return data.replace((5_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))


def _no_sheets() -> bytes:
    with zipfile.ZipFile(io.BytesIO(_sound())) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    head, _, rest = parts["xl/workbook.xml"].partition(b"<sheets>")
    parts["xl/workbook.xml"] = head + b"<sheets/>" + rest.partition(b"</sheets>")[2]
    return _zip(parts)


OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "it is empty (0 bytes)"),
    "text": (b"Tr\xc6\xb0\xe1\xbb\x9dng;Ng\xc3\xa0y", "it is not an .xlsx workbook"),
    "html": (b"<html><table></table></html>", "it is not an .xlsx workbook"),
    "truncated": (_sound()[:2000], "it is truncated or damaged"),
    "password": (OLE2 + "EncryptedPackage".encode("utf-16-le"), "it is password-protected"),
    "old-xls": (OLE2 + bytes(512), "an old .xls workbook"),
    "bomb": (_zip({"xl/workbook.xml": b"", "xl/a.xml": bytes(30 << 20)}), "it would unpack to"),
    "liar": (_liar(), "larger than its zip directory says"),
    "other-zip": (_zip({"thu.docx": b"x"}), "no workbook"),
    "no-parts": (_zip({"xl/workbook.xml": b"<a"}), "it is damaged"),
    "no-sheets": (_no_sheets(), "it has no sheets"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_one_line(tmp_path: Path, name: str) -> None:
    """Each bad file is one clear line with its path and a hint, never a traceback."""
    data, reason = BAD[name]
    path = tmp_path / f"{name}.xlsx"
    path.write_bytes(data)
    with pytest.raises(WorkbookUnreadable) as caught:
        read(path)
    message = caught.value.message
    assert str(path) in message
    assert reason in message
    assert "\n" not in message
    assert caught.value.hint
    assert caught.value.exit_code == 3


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    """What is not there, and what is a folder, is named as such."""
    with pytest.raises(WorkbookUnreadable, match="there is no such file"):
        read(tmp_path / "so.xlsx")
    with pytest.raises(WorkbookUnreadable, match="it is a folder"):
        read(tmp_path)


def test_a_panic_of_the_parser_is_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A panic is a BaseException that is no Exception; the run must outlive it. Ctrl-C passes."""

    class PanicException(BaseException):
        pass

    def fail(error: BaseException) -> Callable[..., None]:
        def raiser(*_: object) -> None:
            raise error

        return raiser

    path = saved(tmp_path, lambda book: None)
    monkeypatch.setattr("automator.workbook.xlsx._dense", fail(PanicException("index\nout")))
    with pytest.raises(WorkbookUnreadable, match=r"damaged \(index out\)"):
        read(path)
    monkeypatch.setattr("automator.workbook.xlsx._dense", fail(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        read(path)


def test_a_failed_formula_is_no_blank(tmp_path: Path) -> None:
    """A cell that shows #REF! is read as that; a formula that nobody computed is blank."""

    def build(book: Workbook) -> None:
        for name, value in (("A1", "Trường"), ("B2", "#REF!"), ("AB4", "#N/A"), ("A2", "=1+1")):
            book.active[name] = value

    rows = read(saved(tmp_path, build)).sheets[0].rows
    assert rows[:3] == (("Trường",), (None, "#REF!"), ())
    assert rows[3] == (*[None] * 27, "#N/A")


def test_a_link_is_what_it_shows(tmp_path: Path) -> None:
    """The address behind a cell is not read: a clerk sees the text."""

    def build(book: Workbook) -> None:
        book.active["A1"] = "TH-MY-LAC"
        book.active["A1"].hyperlink = "https://truong.example/"

    assert read(saved(tmp_path, build)).sheets[0].rows == (("TH-MY-LAC",),)
