"""Roster rows -> schools. Rows of one code with disjoint days are one history."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from automator.core.layout import RECIPIENT_TITLES, SCHOOLS
from automator.core.names import key
from automator.core.problem import Problem, Severity
from automator.core.register import Assignment, Row, School
from automator.core.snapshot import cell_name

_TITLES = {key(title): title for title in (*RECIPIENT_TITLES, "Quyền Hiệu trưởng", "Giám đốc")}
"""Titles that a mail may print; anything else in the cell (a person's name) is not printed."""


def roster(
    rows: Sequence[Row], columns: Mapping[str, int]
) -> tuple[dict[str, School], list[Problem]]:
    """Return the schools by code, in sheet order, and what was wrong with their rows.

    Of rows of one code whose days overlap, the first stands and the others are Problems.
    """
    by_code: dict[str, list[Row]] = {}
    for row in rows:
        if row.valid:
            by_code.setdefault(row.text("code"), []).append(row)
    schools: dict[str, School] = {}
    problems: list[Problem] = []
    for code, same in by_code.items():
        kept, faults = _disjoint(same, columns)
        problems += faults
        schools[code] = _school(code, kept)
    problems += [
        _problem(
            row,
            columns,
            "email",
            "no_address",
            "trường chưa có địa chỉ thư điện tử",
            "Đề nghị bổ sung địa chỉ; chưa có thì trường không nhận được thư.",
        )
        for row in rows
        if row.valid and "email" in columns and not _emails(row)
    ]
    return schools, problems


def _disjoint(rows: list[Row], columns: Mapping[str, int]) -> tuple[list[Row], list[Problem]]:
    kept: list[Row] = []
    problems: list[Problem] = []
    for row in rows:
        if any(_overlap(row, other) for other in kept):
            problems.append(
                _problem(
                    row,
                    columns,
                    "code",
                    "duplicate_school",
                    f"mã trường trùng với hàng {kept[0].number} trong cùng thời gian",
                    "Đề nghị sửa mã, hoặc ghi Từ ngày, Đến ngày không chồng nhau.",
                    Severity.BLOCKS,
                )
            )
        else:
            kept.append(row)
    return sorted(kept, key=lambda r: _span(r)[0]), problems


def _span(row: Row) -> tuple[date, date]:
    start, end = row.moment("valid_from"), row.moment("valid_to")
    return (start.day if start else date.min, end.day if end else date.max)


def _overlap(a: Row, b: Row) -> bool:
    (a_from, a_to), (b_from, b_to) = _span(a), _span(b)
    return a_from <= b_to and b_from <= a_to


def _school(code: str, rows: list[Row]) -> School:
    assignments = [_assignment(row) for row in rows]
    assert all(_ordered(a, b) for a, b in pairwise(assignments))
    last = assignments[-1]
    return School(
        code=code,
        name=last.name,
        level=last.level,
        assignments=tuple(assignments),
        emails=last.emails,
        recipient_title=last.recipient_title,
        phone=last.phone,
        ministry_code=last.ministry_code,
    )


def _assignment(row: Row) -> Assignment:
    start, end = row.moment("valid_from"), row.moment("valid_to")
    return Assignment(
        commune=row.text("commune"),
        valid_from=start.day if start else None,
        valid_to=end.day if end else None,
        name=row.text("name"),
        level=row.text("level"),
        emails=_emails(row),
        recipient_title=_TITLES.get(key(row.text("recipient_title")), "Hiệu trưởng"),
        phone=row.text("phone"),
        ministry_code=row.text("ministry_code"),
    )


def _ordered(a: Assignment, b: Assignment) -> bool:
    return (a.valid_to or date.max) < (b.valid_from or date.min)


def _emails(row: Row) -> tuple[str, ...]:
    both: list[str] = []
    for column in ("email", "other_emails"):
        value = row.values.get(column)
        both += value if isinstance(value, tuple) else ()
    return tuple(dict.fromkeys(both))


def _problem(
    row: Row,
    columns: Mapping[str, int],
    key: str,
    code: str,
    message: str,
    remedy: str,
    severity: Severity = Severity.WARNS,
) -> Problem:
    return Problem(
        tab=SCHOOLS.title,
        cell=cell_name(row.number, columns[key]),
        code=code,
        severity=severity,
        message=message,
        remedy=remedy,
        header=SCHOOLS.column(key).header,
        school=row.text("code") or None,
        row=row.number,
    )
