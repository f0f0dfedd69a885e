"""Cells as people fill them in: yes and no, counts, lists, levels, texts, codes."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automator.core import cells
from automator.core.layout import KIND_CHOICES, PLACES, REPORTED, SEVERITIES
from automator.core.problem import Fault, Severity
from automator.core.snapshot import Cell


def _code(fault: Fault | None) -> str | None:
    return fault.code if fault else None


@pytest.mark.parametrize(
    "cell",
    [
        "có",
        "Có",
        "co",
        "x",
        "X",
        "✓",
        "✔",
        "v",
        "1",
        "đã",
        "Ðã",
        "rồi",
        "đạt",
        "yes",
        "TRUE",
        "true",
        "Có.",
        " có ",
        "đã báo",
        True,
        1,
        1.0,
    ],
)
def test_yes(cell: Cell) -> None:
    """ "x" is a tick in a Vietnamese form, not a cross-out."""
    assert cells.yes_no(cell) == (True, None)


@pytest.mark.parametrize(
    "cell", ["không", "Không", "ko", "k", "hok", "0", "chưa", "Chưa", "no", "FALSE", False, 0, 0.0]
)
def test_no(cell: Cell) -> None:
    """The words for no, and for not yet."""
    assert cells.yes_no(cell) == (False, None)


@pytest.mark.parametrize("cell", [None, "", " ", "-", "–", "…", "...", "\u200b"])
def test_unknown_is_not_no(cell: Cell) -> None:
    """Blank, a dash or dots say nothing."""
    assert cells.yes_no(cell) == (None, None)


@pytest.mark.parametrize("cell", ["có thể", "2", 2, "em Nguyễn Văn A", date(2021, 2, 24)])
def test_neither_yes_nor_no(cell: Cell) -> None:
    """Anything else is a fault whose value is shown nowhere."""
    value, fault = cells.yes_no(cell)
    assert value is None
    assert fault is not None
    assert (fault.code, fault.severity, fault.quotable) == ("not_yes_no", Severity.WARNS, False)


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        (12, 12, None),
        (12.0, 12, None),
        ("12", 12, None),
        ("01", 1, None),
        ("1.234", 1234, None),
        ("1.234.567", 1234567, None),
        ("1 234", 1234, None),
        (0, 0, None),
        ("01 mô hình", 1, "words_in_count"),
        ("120 HS", 120, "words_in_count"),
        ("không", 0, "words_in_count"),
        ("1,5", None, "not_a_count"),
        ("1,234", None, "not_a_count"),
        (1.5, None, "not_a_count"),
        (-1, None, "not_a_count"),
        ("-5", None, "not_a_count"),
        ("khoảng 50", None, "not_a_count"),
        ("3-5", None, "not_a_count"),
        ("1.23", None, "not_a_count"),
        ("9" * 5000, None, "not_a_count"),
        (float("inf"), None, "not_a_count"),
        (float("nan"), None, "not_a_count"),
        (True, None, "not_a_count"),
        (datetime.fromisoformat("2021-02-24"), None, "not_a_count"),
        ("-", None, None),
        (None, None, None),
    ],
)
def test_count(cell: Cell, value: int | None, code: str | None) -> None:
    """Dots part thousands, commas are decimals, words behind a number are passed over aloud."""
    number, fault = cells.count(cell)
    assert (number, _code(fault)) == (value, code)


def test_a_count_with_words_is_not_quoted() -> None:
    """A count cell with words may name a pupil."""
    fault = cells.count("em Nguyễn Văn A")[1]
    assert fault is not None
    assert not fault.quotable


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("Trong trường", "Trong trường", None),
        ("  trong  TRƯỜNG. ", "Trong trường", None),
        ("Trên mạng, Nơi khác", "Trên mạng", "several_choices"),
        ("Nơi khác; Trên mạng", "Nơi khác", "several_choices"),
        ("tren mang", None, "not_in_list"),
        ("nhà em A", None, "not_in_list"),
        (5, None, "not_in_list"),
        ("-", None, None),
        (None, None, None),
    ],
)
def test_choice(cell: Cell, value: str | None, code: str | None) -> None:
    """A choice is compared by key; of several the first stands; others are never guessed."""
    chosen, fault = cells.choice(cell, PLACES)
    assert (chosen, _code(fault)) == (value, code)


def test_a_value_outside_the_list_is_not_quoted() -> None:
    """Whatever is not in the list may be a story: it warns and is shown nowhere."""
    fault = cells.choice("nhà em A", PLACES)[1]
    assert fault is not None
    assert (fault.severity, fault.quotable) == (Severity.WARNS, False)
    assert "Trong trường" in fault.remedy


def test_choice_with_another_dash() -> None:
    """A hyphen for a dash makes no other choice."""
    assert cells.choice("1 - Khẩn: gọi điện ngay", SEVERITIES) == (SEVERITIES[0], None)


def test_choice_near_the_list_is_suggested() -> None:
    """A choice without marks is suggested, not taken."""
    fault = cells.choice("chua", REPORTED)[1]
    assert fault is not None
    assert "“Chưa”" in fault.remedy


@pytest.mark.parametrize("choice", KIND_CHOICES)
def test_every_kind_of_the_list(choice: str) -> None:
    """Each entry of the drop-down, its code and its label name the kind."""
    code, _, label = choice.partition(" – ")
    for typed in (choice, code, code.lower(), label, f"{code} - {label}"):
        assert cells.incident_kind(typed) == (code, None)


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("BLHD, MT", "BLHD", "several_choices"),
        (f"{KIND_CHOICES[5]}, {KIND_CHOICES[0]}", "MT", "several_choices"),
        ("BLHD – bạo lực", "BLHD", None),
        ("đánh nhau", None, "not_in_list"),
        ("ABC – gì đó", None, "not_in_list"),
        (3, None, "not_in_list"),
        ("", None, None),
    ],
)
def test_incident_kind(cell: Cell, value: str | None, code: str | None) -> None:
    """Codes are stable, labels may be edited; of several kinds the first stands."""
    kind, fault = cells.incident_kind(cell)
    assert (kind, _code(fault)) == (value, code)


@pytest.mark.parametrize(
    ("cell", "value"),
    [(label, number) for number, label in enumerate(SEVERITIES, start=1)]
    + [("S1", 1), ("s2", 2), ("3", 3), (1, 1), (2.0, 2), ("Mức 2", 2), ("mức độ 3", 3)]
    + [("1 - khẩn", 1), ("Khẩn: gọi điện ngay", 1), ("02", None), ("4", None), (0, None)]
    + [(True, None), ("2 – Thông thường", None), ("nặng", None)],
)
def test_level(cell: Cell, value: int | None) -> None:
    """A level is its label, S1 to S3, the digit or "Mức 2"; nothing else is guessed."""
    level, fault = cells.level(cell)
    assert (level, _code(fault)) == (value, None if value else "not_in_list")


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("  12/KH-THML ", "12/KH-THML", None),
        (12, "12", None),
        (12.0, "12", None),
        (1.5, "1.5", None),
        (True, "TRUE", None),
        (datetime.fromisoformat("2021-02-24"), "24/02/2021", None),
        (datetime.fromisoformat("2021-02-24T08:30"), "24/02/2021 08:30", None),
        ("TiÕng ViÖt", "TiÕng ViÖt", "broken_encoding"),
        ("#REF!", None, "error_value"),
        ("\u200b ", None, None),
        (None, None, None),
    ],
)
def test_text(cell: Cell, value: str | None, code: str | None) -> None:
    """A text is read as a reader sees it; a broken encoding is named, not converted."""
    read, fault = cells.text(cell)
    assert (read, _code(fault)) == (value, code)


def test_broken_encoding_names_its_cause() -> None:
    """The hint names the code tables that the office knows."""
    fault = cells.text("Tieáng Vieät")[1]
    assert fault is not None
    assert "bảng mã TCVN3/VNI" in fault.message
    assert fault.severity is Severity.WARNS


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("th-my-lac", "TH-MY-LAC", None),
        (" TH – MY-LAC ", "TH-MY-LAC", None),
        (79000123, "79000123", None),
        (79000123.0, "79000123", None),
        ("=1+1", None, "bad_code"),
        ("TH/MY-LAC", None, "bad_code"),
        ("A" * 41, None, "bad_code"),
        (True, None, "bad_code"),
        ("", None, None),
    ],
)
def test_code(cell: Cell, value: str | None, code: str | None) -> None:
    """A code is in upper case without spaces, and can stand in an id."""
    read, fault = cells.code(cell)
    assert (read, _code(fault)) == (value, code)


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("VV-2021-014", "VV-2021-014", None),
        ("vv-2021-014", "VV-2021-014", None),
        ("VV – 2021 – 014", "VV-2021-014", None),
        ("VV2021", None, "bad_incident_code"),
        ("V-1", None, "bad_incident_code"),
        ("VV-2021-014-0000001", None, "bad_incident_code"),
        (14, None, "bad_incident_code"),
        (None, None, None),
    ],
)
def test_incident_code(cell: Cell, value: str | None, code: str | None) -> None:
    """An incident's code has the form that the contract gives."""
    read, fault = cells.incident_code(cell)
    assert (read, _code(fault)) == (value, code)


@pytest.mark.parametrize(
    ("cell", "blank"),
    [
        (None, True),
        ("", True),
        (" \u00a0\u200b\ufeff\n", True),
        (0, False),
        (False, False),
        ("-", False),
    ],
)
def test_is_blank(cell: Cell, blank: bool) -> None:
    """Only what nobody can see is blank."""
    assert cells.is_blank(cell) is blank


ANY = st.one_of(
    st.none(), st.text(max_size=40), st.integers(), st.floats(), st.booleans(), st.datetimes()
)


@given(ANY)
def test_any_cell(cell: Cell) -> None:
    """No cell raises in any reader."""
    for reader in (cells.text, cells.yes_no, cells.count, cells.incident_kind, cells.level):
        reader(cell)
    cells.code(cell)
    cells.incident_code(cell)
    cells.choice(cell, PLACES)
    cells.is_blank(cell)
