"""Puts the sample's rows into the columns of the layout."""

import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from automator.core.layout import KIND_CHOICES, RECIPIENT_TITLES
from automator.core.snapshot import Cell
from automator.workbook import sample_rows as rows
from automator.workbook.book import CONTENTS, Book, Row
from automator.workbook.sample_schools import (
    DEPUTY,
    SCHOOLS,
    SECOND_ADDRESS,
    UNITS,
    WITHOUT_ADDRESS,
)

__all__ = ["CONTENTS", "NOTE", "UNITS", "book"]

NOTE = "Dữ liệu mẫu, không phải danh sách chính thức."

_NAMES = {code: name for code, name, _, _ in SCHOOLS}
_COMMUNES = {code: dict(UNITS)[unit] for code, _, _, unit in SCHOOLS}
_TITLES = dict(CONTENTS)
_KINDS = {choice.split(" – ")[0]: choice for choice in KIND_CHOICES}


def book() -> Book:
    """Return the sample: 40 made-up schools of Thủ Thừa in February and March 2021."""
    return Book(
        units=UNITS,
        sample=True,
        banner=NOTE,
        rows={
            "schools": tuple(_schools()),
            "plans": tuple(_plans()),
            "propaganda": tuple((_named(row[0]), *row[1:]) for row in rows.PROPAGANDA),
            "models": tuple((_named(row[0]), *row[1:]) for row in rows.MODELS),
            "incidents": tuple(_incidents()),
            "periodic": tuple(_periodic()),
            "receipts": tuple(_receipts()),
            "waivers": tuple((_named(row[0]), _title(row[1]), *row[2:]) for row in rows.WAIVERS),
            "extensions": tuple(
                (_named(row[0]), _title(row[1]), *row[2:]) for row in rows.EXTENSIONS
            ),
        },
    )


def _named(school: Cell) -> Cell:
    """Return what the drop-down would have put in: the name; other text as it was typed."""
    return _NAMES.get(school, school) if isinstance(school, str) else school


def _title(obligation: Cell) -> str:
    return _TITLES[str(obligation)]


def _schools() -> Iterator[Row]:
    for place, (code, name, level, unit) in enumerate(SCHOOLS, start=1):
        host = "thuthua.example"
        box = _box(code)
        yield (
            code,
            name,
            level,
            dict(UNITS)[unit],
            None if code in WITHOUT_ADDRESS else f"{box}@{host}",
            f"vanthu.{box}@{host}" if code in SECOND_ADDRESS else None,
            RECIPIENT_TITLES[code in DEPUTY],
            None,
            f"80804{place:03}",
        )


def _box(code: str) -> str:
    """Return a mailbox: TH-MY-LAC is th-mylac."""
    level, _, place = code.lower().partition("-")
    return f"{level}-{place.replace('-', '')}"


def _suffix(code: str) -> str:
    """Return a school's sign in a document's number: TH-MY-LAC writes 06/KH-THML."""
    level, *words = code.split("-")
    return level + "".join(word[0] for word in words)


def _plans() -> Iterator[Row]:
    for school, sent, number, signed, channel in rows.PLANS:
        code = "MG-HOA-BINH" if school not in _NAMES else school
        yield (
            _named(school),
            sent,
            _number(number, "KH", code),
            signed,
            None if code in rows.WITHOUT_POLICE else f"Công an {_COMMUNES[code]}",
            channel,
            None if channel == "Bản giấy" else f"KH-ANTQ-2021-{_suffix(code)}.pdf",
        )


def _number(number: str, kind: str, code: str) -> str | None:
    return f"{number}/{kind}-{_suffix(code)}" if number else None


def _incidents() -> Iterator[Row]:
    for school, kind, level, *middle, number, state, code in rows.INCIDENTS:
        report = _number(str(number or ""), "BC", str(school))
        yield (
            _named(school),
            _KINDS[str(kind)],
            level or None,
            *middle,
            report,
            state,
            code or None,
        )


def _periodic() -> Iterator[Row]:
    for school, period, sent, occurred, count, number in rows.PERIODIC:
        yield _named(school), period, sent, occurred, count, _number(number, "BC", school)


def _receipts() -> Iterator[Row]:
    """Yield the office's rows in the order in which a clerk would have written them."""
    found: list[Row] = []
    for school, arrived, number, result, returned in rows.PLAN_RECEIPTS:
        name = _number(number, "KH", school)
        found.append(
            (_named(school), _TITLES["plan"], None, arrived, name, result or None, returned)
        )
    for content, receipts in (
        ("urgent-report", rows.INCIDENT_RECEIPTS),
        ("periodic-report", rows.PERIODIC_RECEIPTS),
    ):
        for school, period, arrived, result in receipts:
            typed = school if school in _NAMES else unicodedata.normalize("NFD", school)
            row = (_named(typed), _TITLES[content], period or None, arrived, None, result)
            found.append(row)
    yield from sorted(found, key=_arrived)


def _arrived(row: Row) -> datetime:
    day = row[3]
    if isinstance(day, datetime):
        return day
    assert isinstance(day, date)
    # What came on a day without a time stands after what was noted by the hour.
    return datetime(day.year, day.month, day.day) + timedelta(hours=23)  # noqa: DTZ001
