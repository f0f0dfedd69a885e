"""Publishing: the status workbook is whole, text only, and the same for the same run."""

import zipfile
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from openpyxl import load_workbook

from automator.core.notice import RateLine
from automator.core.problem import Problem, Severity
from automator.core.publication import Publication, StatusRow
from automator.errors import PublishFailed
from automator.workbook import saving
from automator.workbook.publish import publish
from automator.workbook.xlsx import XlsxWorkbook

HANOI = timezone(timedelta(hours=7))
NOW = datetime(2021, 2, 26, 7, tzinfo=HANOI)


def row(school: str, status: str, words: str, commune: str = "xã Mỹ Lạc") -> StatusRow:
    return StatusRow(
        school=school,
        school_name=f"Trường {school}",
        commune_name=commune,
        title="Kế hoạch",
        period_words="",
        due_words="hết thứ Tư, ngày 24/02/2021",
        status=status,
        status_words=words,
        since=datetime(2021, 2, 24, 17, tzinfo=HANOI),
        reasons=("thiếu Ngày ký", "chờ Phòng xác nhận"),
        last_notice="26/02/2021",
        where="Kế hoạch!A5",
    )


def problem(cell: str, number: int, value: str | None, tab: str = "Kế hoạch") -> Problem:
    return Problem(
        tab=tab,
        cell=cell,
        row=number,
        code="no_such_day",
        severity=Severity.BLOCKS,
        header="Ngày gửi",
        value=value,
        message="không phải ngày có thật",
        remedy="Đề nghị nhập lại",
    )


RATE = RateLine(
    unit="office",
    unit_name="Phòng",
    obligation="plan",
    title="Kế hoạch",
    period=None,
    period_words="",
    due_words="hết ngày 24/02/2021",
    expected=4,
    on_time=1,
    late=1,
    returned=1,
    missing=1,
    open=0,
    open_received=0,
    completeness=0.5,
    timeliness=None,
)
FULL = Publication(
    workbook="main",
    now=NOW,
    mode="all",
    rows=(
        row("B", "late", "Đã nhận, trễ hạn"),
        row("A", "missing", "Chưa nhận"),
        row("C", "on_time", "Đã nhận, đúng hạn", "xã Long Thạnh"),
        row("D", "returned", "Cần bổ sung"),
        row("E", "exempt", "Được miễn"),
    ),
    problems=(
        problem("B12", 12, "31/02/2021"),
        problem("B9", 9, None),
        problem("A5", 5, None, "Vụ việc"),
    ),
    rates=(RATE,),
    banner=("Tab Mô hình chưa đọc được.",),
)


def cells(path: Path, title: str) -> list[tuple[object, ...]]:
    return [tuple(r) for r in load_workbook(path)[title].iter_rows(values_only=True)]


def test_status_tab(tmp_path: Path) -> None:
    """A stamp, the banner, then the schools by commune and name with words, not codes."""
    path = tmp_path / "s.xlsx"
    publish(FULL, path)
    found = cells(path, "Tình trạng")
    assert found[0][0] == "Số liệu tính đến 07:00 ngày 26/02/2021"
    assert found[1][0] == "Tab Mô hình chưa đọc được."
    assert [r[1] for r in found[3:]] == [f"Trường {s}" for s in "CABDE"]
    assert found[4][5:8] == (
        "Chưa nhận",
        datetime.fromisoformat("2021-02-24T17:00"),
        "thiếu Ngày ký; chờ Phòng xác nhận",
    )


def test_neutral_mode_says_received_or_not(tmp_path: Path) -> None:
    """Schools that see each other read three words, no lateness, no mails, no reasons."""
    path = tmp_path / "s.xlsx"
    publish(replace(FULL, mode="neutral"), path)
    found = cells(path, "Tình trạng")
    assert [r[5] for r in found[3:]] == ["Đã nhận", "Chưa nhận", "Đã nhận", "Cần bổ sung"]
    text = str(found)
    assert not [word for word in ("trễ", "thiếu", "17:00", "Thư gần nhất") if word in text]
    assert load_workbook(path).sheetnames == ["Tình trạng", "Lỗi nhập liệu"]


def test_counts_mode_names_no_school(tmp_path: Path) -> None:
    """Only the table of rates is shown, and faults without what was typed."""
    path = tmp_path / "s.xlsx"
    publish(replace(FULL, mode="counts"), path)
    found = cells(path, "Tình trạng")
    assert found[3][:2] == ("Phòng", "Kế hoạch")
    assert found[3][11:] == (0.5, "–")
    assert "Trường A" not in str(found)
    assert "31/02/2021" not in str(cells(path, "Lỗi nhập liệu"))


def test_faults_are_in_the_order_of_the_workbook(tmp_path: Path) -> None:
    """By tab and row; the value is shown only where it may be."""
    path = tmp_path / "s.xlsx"
    publish(FULL, path)
    found = cells(path, "Lỗi nhập liệu")[2:]
    assert [r[:4] for r in found] == [
        ("Kế hoạch", "B9", "Ngày gửi", None),
        ("Kế hoạch", "B12", "Ngày gửi", "31/02/2021"),
        ("Vụ việc", "A5", "Ngày gửi", None),
    ]
    assert found[0][4:] == ("không phải ngày có thật", "Đề nghị nhập lại", "Chưa tính dòng này")


def test_no_fault_is_said(tmp_path: Path) -> None:
    """An empty list says so instead of standing empty."""
    path = tmp_path / "s.xlsx"
    publish(replace(FULL, problems=()), path)
    assert cells(path, "Lỗi nhập liệu")[1][0] == "Không có lỗi nhập liệu."


@pytest.mark.parametrize("text", ["=1+1", "=HYPERLINK(A1)", "+84", "-1", "@x", "{=A1}"])
def test_text_never_becomes_a_formula(tmp_path: Path, text: str) -> None:
    """What a school typed is text in every cell, whatever it begins with."""
    path = tmp_path / "s.xlsx"
    evil = replace(row("A", "missing", text), school_name=text, where=text, last_notice=text)
    publish(replace(FULL, rows=(evil,), banner=(text,), problems=(problem("A1", 1, text),)), path)
    book = load_workbook(path)
    assert book["Tình trạng"]["B4"].value == text
    assert {c.data_type for s in book for r in s.iter_rows() for c in r} <= {
        "s",
        "inlineStr",
        "n",
        "d",
    }
    with zipfile.ZipFile(path) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        assert not [n for n in sheets if b"<f>" in archive.read(n)]


def test_control_characters_do_no_harm(tmp_path: Path) -> None:
    """A character that no workbook can hold is left out."""
    path = tmp_path / "s.xlsx"
    publish(replace(FULL, banner=("a\x00\x0bb",)), path)
    assert cells(path, "Tình trạng")[1][0] == "ab"


def test_same_publication_same_bytes(tmp_path: Path) -> None:
    """Publishing twice gives the same file, whatever the order of the rows."""
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    publish(FULL, first)
    publish(replace(FULL, rows=FULL.rows[::-1], problems=FULL.problems[::-1]), second)
    assert first.read_bytes() == second.read_bytes()


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is a clear error; the old file stays whole and no rest lies about."""
    path = tmp_path / "s.xlsx"
    publish(FULL, path)
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving.os, "fsync", full)
    with pytest.raises(PublishFailed, match="no space left on device") as caught:
        publish(replace(FULL, rows=()), path)
    assert caught.value.exit_code == 1
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["s.xlsx"]


def test_an_unwritable_target_is_a_clear_error(tmp_path: Path) -> None:
    """A folder that is not there is named."""
    with pytest.raises(PublishFailed, match="cannot write the status workbook"):
        publish(FULL, tmp_path / "none" / "s.xlsx")


def test_the_workbook_says_where_it_published(tmp_path: Path) -> None:
    """`publish` writes beside the source, never into it."""
    source, beside = tmp_path / "so.xlsx", tmp_path / "so.tinh-trang.xlsx"
    source.write_bytes(b"source")
    assert XlsxWorkbook(source, "main", beside).publish(FULL) == str(beside)
    assert source.read_bytes() == b"source"
    assert beside.exists()
