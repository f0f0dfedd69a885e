"""Which school or unit a cell names: by code, by name, never by a bare guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automator.core.problem import Severity
from automator.core.schools import SchoolIndex, UnitIndex, full_school_name, place_name
from automator.core.snapshot import Cell

SCHOOLS = SchoolIndex(
    [
        ("TH-MY-LAC", "Trường Tiểu học Mỹ Lạc", "79000123"),
        ("THCS-MY-LAC", "Trường THCS Mỹ Lạc", ""),
        ("TH-LONG-THANH", "Trường TH Long Thạnh", "079000124"),
        ("TH-TT", "Trường Tiểu học Thị trấn Thủ Thừa", ""),
        ("THCS-MY-PHU", "Trường THCS Mỹ Phú", ""),
        ("LC-MY-THANH", "Trường TH&THCS Mỹ Thạnh", ""),
        ("MG-LONG-THUAN", "Trường Mẫu giáo Long Thuận", ""),
        ("MN-HOA-SEN", "Trường Mầm non Hòa Sen", ""),
        ("THPT-TT", "Trường THPT Thủ Thừa", ""),
        ("TT-GDTX", "Trung tâm GDTX Thủ Thừa", ""),
        ("TH-BA-1", "Trường TH Bình An 1", ""),
        ("TH-BA-2", "Trường TH Bình An 2", ""),
        ("TH-TT-1", "TH Tân Thành", ""),
        ("TH-TT-2", "TH Tân Thạnh", ""),
        ("TH-TL-1", "TH Tân Long", ""),
        ("TH-TL-2", "Trường Tiểu học Tân Long", ""),
    ]
)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("TH-MY-LAC", "TH-MY-LAC"),
        (" th - my-lac ", "TH-MY-LAC"),
        (79000123, "TH-MY-LAC"),
        (79000123.0, "TH-MY-LAC"),
        ("79000123", "TH-MY-LAC"),
        (79000124, "TH-LONG-THANH"),
        ("Trường Tiểu học Mỹ Lạc", "TH-MY-LAC"),
        ("TRƯỜNG TIỂU HỌC MỸ LẠC", "TH-MY-LAC"),
        ("Trường TH Mỹ Lạc", "TH-MY-LAC"),
        ("TH Mỹ Lạc", "TH-MY-LAC"),
        ("TH. Mỹ Lạc", "TH-MY-LAC"),
        ("Tiểu học Mỹ Lạc", "TH-MY-LAC"),
        ("Truong TH Mỹ Lạc", "TH-MY-LAC"),
        ("TH-MY-LAC – Trường Tiểu học Mỹ Lạc", "TH-MY-LAC"),
        ("THCS Mỹ Lạc", "THCS-MY-LAC"),
        ("Trung học cơ sở Mỹ Lạc", "THCS-MY-LAC"),
        ("cấp 2 Mỹ Lạc", "THCS-MY-LAC"),
        ("TH&THCS Mỹ Thạnh", "LC-MY-THANH"),
        ("TH-THCS Mỹ Thạnh", "LC-MY-THANH"),
        ("TH và THCS Mỹ Thạnh", "LC-MY-THANH"),
        ("TH + THCS Mỹ Thạnh", "LC-MY-THANH"),
        ("TH, THCS Mỹ Thạnh", "LC-MY-THANH"),
        ("Trường Tiểu học và Trung học cơ sở Mỹ Thạnh", "LC-MY-THANH"),
        ("Cấp 1-2 Mỹ Thạnh", "LC-MY-THANH"),
        ("MG Long Thuận", "MG-LONG-THUAN"),
        ("mẩu giáo Long Thuận", "MG-LONG-THUAN"),
        ("MN Hoà Sen", "MN-HOA-SEN"),
        ("Trung học phổ thông Thủ Thừa", "THPT-TT"),
        ("TT GDTX Thủ Thừa", "TT-GDTX"),
        ("Trường TH TT Thủ Thừa", "TH-TT"),
        ("TH TT. Thủ Thừa", "TH-TT"),
        ("TH thị trấn Thủ Thừa", "TH-TT"),
        ("TH Tân Long", "TH-TL-1"),
    ],
)
def test_resolved(cell: Cell, code: str) -> None:
    """Codes, ministry's codes, names and their short forms name a school without a fault."""
    match = SCHOOLS.resolve(cell)
    assert (match.code, match.fault) == (code, None)


@pytest.mark.parametrize("cell", [None, "", " \u200b", "-", "…"])
def test_blank(cell: Cell) -> None:
    """A blank cell names nothing and is no fault."""
    match = SCHOOLS.resolve(cell)
    assert (match.code, match.fault) == (None, None)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("TH Mỹ Lạcc", "TH-MY-LAC"),
        ("TH MỹLạc", "TH-MY-LAC"),
        ("TH Long Thạh", "TH-LONG-THANH"),
        ("THCS Mỹ Phúu", "THCS-MY-PHU"),
        ("TH Thủ Thừa", "TH-TT"),
        ("TH xã Mỹ Lạc", "TH-MY-LAC"),
        ("TH Mỹ Lạc, huyện Thủ Thừa", "TH-MY-LAC"),
        ("Trường TH Mỹ Lạc (xã Mỹ Lạc)", "TH-MY-LAC"),
    ],
)
def test_guessed(cell: str, code: str) -> None:
    """A clear slip is read as the only school it can mean, and the writer is told."""
    match = SCHOOLS.resolve(cell)
    assert match.fault is not None
    assert (match.code, match.fault.code, match.fault.severity) == (
        code,
        "school_guessed",
        Severity.CORRECTED,
    )


@pytest.mark.parametrize(
    ("cell", "near"),
    [
        pytest.param("TH Long Thành", "Trường TH Long Thạnh", id="another-place"),
        pytest.param("TH Long Thanh", "Trường TH Long Thạnh", id="no-marks"),
        pytest.param("TH My Lac", "Trường Tiểu học Mỹ Lạc", id="no-marks-at-all"),
        pytest.param("TH Mĩ Lạc", "Trường Tiểu học Mỹ Lạc", id="i-for-y"),
        pytest.param("THCS Mỹ Phúc", "Trường THCS Mỹ Phú", id="a-name-of-its-own"),
        pytest.param("MG Mỹ Lạc", "Trường Tiểu học Mỹ Lạc", id="another-type"),
        pytest.param("TH Mỹ Thạnh", "Trường TH&THCS Mỹ Thạnh", id="half-a-type"),
        pytest.param("Mỹ Phú", "Trường THCS Mỹ Phú", id="no-type"),
        pytest.param("TH Bình An 3", "Trường TH Bình An 1", id="another-number"),
        pytest.param("TH Tân Thnh", "TH Tân Thành", id="twins"),
        pytest.param("abc", "Trường", id="nonsense"),
        pytest.param(True, "Trường", id="boolean"),
    ],
)
def test_unknown(cell: Cell, near: str) -> None:
    """What may be another school is only suggested; the row counts for nobody."""
    match = SCHOOLS.resolve(cell)
    assert match.fault is not None
    assert (match.code, match.fault.code, match.fault.severity) == (
        None,
        "unknown_school",
        Severity.BLOCKS,
    )
    assert near in match.fault.remedy
    assert match.fault.remedy.count(";") == 3  # the nearest three


@pytest.mark.parametrize(
    ("cell", "named"),
    [
        ("Mỹ Lạc", ["Trường Tiểu học Mỹ Lạc", "Trường THCS Mỹ Lạc"]),
        ("Trường TH Tân Long", ["TH Tân Long", "Trường Tiểu học Tân Long"]),
    ],
)
def test_ambiguous(cell: str, named: list[str]) -> None:
    """Where two schools fit, both are named and neither is taken."""
    match = SCHOOLS.resolve(cell)
    assert match.fault is not None
    assert (match.code, match.fault.code) == (None, "ambiguous_school")
    assert all(name in match.fault.remedy for name in named)


def test_twins_are_told_apart_by_code() -> None:
    """Two schools of one name are named with their codes."""
    twins = SchoolIndex([("A1", "TH Mỹ Lạc", ""), ("A2", "TH Mỹ Lạc", "")])
    fault = twins.resolve("TH Mỹ Lạc").fault
    assert fault is not None
    assert "(mã A1)" in fault.remedy
    assert "(mã A2)" in fault.remedy


def test_several_schools_in_one_cell() -> None:
    """Two schools in a cell are two rows."""
    match = SCHOOLS.resolve("TH Mỹ Lạc, THCS Mỹ Phú")
    assert match.fault is not None
    assert (match.code, match.fault.code) == (None, "several_schools")


def test_history_rows_of_one_school() -> None:
    """A school that stands twice in the roster, with one code, is one school."""
    index = SchoolIndex([("A", "TH Mỹ Lạc", "1"), ("A", "TH Mỹ Lạc", "1")])
    assert index.resolve("TH Mỹ Lạc").code == "A"


def test_an_empty_roster() -> None:
    """Without schools nothing resolves, and nothing raises."""
    fault = SchoolIndex([]).resolve("TH Mỹ Lạc").fault
    assert fault is not None
    assert fault.code == "unknown_school"


@given(st.text(max_size=40))
def test_any_text(text: str) -> None:
    """No text raises, in either index; a code never comes with a blocking fault."""
    for index in (SCHOOLS, UNITS):
        match = index.resolve(text)
        assert match.code is None or match.fault is None or match.fault.severity != "blocks"
    full_school_name(text)
    place_name(text)


UNITS = UnitIndex(
    [
        ("28036", "Ủy ban nhân dân thị trấn Thủ Thừa"),
        ("28048", "Ủy ban nhân dân xã Mỹ Lạc"),
        ("28039", "Ủy ban nhân dân xã Long Thạnh"),
        ("27694", "Ủy ban nhân dân phường Long An"),
        ("X1", "Ủy ban nhân dân xã Tân An"),
        ("X2", "Ủy ban nhân dân phường Tân An"),
    ]
)


@pytest.mark.parametrize(
    ("cell", "unit"),
    [
        (28036, "28036"),
        (28036.0, "28036"),
        ("28036", "28036"),
        ("Ủy ban nhân dân thị trấn Thủ Thừa", "28036"),
        ("Uỷ ban nhân dân Thị trấn Thủ Thừa", "28036"),
        ("UBND TT Thủ Thừa", "28036"),
        ("thị trấn Thủ Thừa", "28036"),
        ("TT Thủ Thừa", "28036"),
        ("TT. Thủ Thừa", "28036"),
        ("TT.Thủ Thừa", "28036"),
        ("Thủ Thừa", "28036"),
        ("xã Mỹ Lạc", "28048"),
        ("x. Mỹ Lạc", "28048"),
        ("MỸ LẠC", "28048"),
        ("xã Mỹ Lạc, huyện Thủ Thừa", "28048"),
        ("phường Long An", "27694"),
        ("xã Tân An", "X1"),
        ("P. Tân An", "X2"),
    ],
)
def test_unit(cell: Cell, unit: str) -> None:
    """A unit is named by its id, in full, or by its place with or without its kind."""
    match = UNITS.resolve(cell)
    assert (match.code, match.fault) == (unit, None)


def test_unit_of_another_kind() -> None:
    """A commune called a town is still the only place of that name; the writer is told."""
    match = UNITS.resolve("xã Thủ Thừa")
    assert match.fault is not None
    assert (match.code, match.fault.code) == ("28036", "unit_guessed")


@pytest.mark.parametrize(
    ("cell", "code", "near"),
    [
        ("xã Long Thành", "unknown_unit", "xã Long Thạnh"),
        ("Nhị Thành", "unknown_unit", "xã"),
        ("Tân An", "ambiguous_unit", "Ủy ban nhân dân phường Tân An"),
        (99999, "unknown_unit", "xã"),
    ],
)
def test_unit_fault(cell: Cell, code: str, near: str) -> None:
    """An unknown or ambiguous unit blocks and names what may be meant."""
    match = UNITS.resolve(cell)
    assert match.fault is not None
    assert (match.code, match.fault.code, match.fault.severity) == (None, code, Severity.BLOCKS)
    assert near in match.fault.remedy


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("Trường TH Mỹ Lạc", "Trường Tiểu học Mỹ Lạc"),
        ("TH Mỹ Lạc", "Trường Tiểu học Mỹ Lạc"),
        ("Trường Tiểu học Mỹ Lạc", "Trường Tiểu học Mỹ Lạc"),
        ("Trường TH&THCS Mỹ Thạnh", "Trường Tiểu học và Trung học cơ sở Mỹ Thạnh"),
        ("THCS&THPT Mỹ Quý", "Trường Trung học cơ sở và Trung học phổ thông Mỹ Quý"),
        ("MN Thủ Thừa", "Trường Mầm non Thủ Thừa"),
        ("Trường MG Tân Long", "Trường Mẫu giáo Tân Long"),
        ("Trường TH TT Thủ Thừa", "Trường Tiểu học Thị trấn Thủ Thừa"),
        ("Trường TH Thị trấn Thủ Thừa", "Trường Tiểu học Thị trấn Thủ Thừa"),
        ("Trung tâm GDTX Thủ Thừa", "Trung tâm GDTX Thủ Thừa"),
        ("Nhà trẻ Hoa Sen", "Nhà trẻ Hoa Sen"),
        ("", ""),
    ],
)
def test_full_school_name(name: str, full: str) -> None:
    """Mails name a school in full."""
    assert full_school_name(name) == full


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Ủy ban nhân dân xã Mỹ Lạc", "xã Mỹ Lạc"),
        ("Uỷ ban nhân dân thị trấn Thủ Thừa", "thị trấn Thủ Thừa"),
        ("UBND phường Long An", "phường Long An"),
        ("Công an huyện Thủ Thừa", "Công an huyện Thủ Thừa"),
    ],
)
def test_place_name(name: str, place: str) -> None:
    """A commune without its authority is the place; other names stay."""
    assert place_name(name) == place
