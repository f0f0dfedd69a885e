"""Two units that have one address: each is mailed for itself, and the office is told."""

from collections.abc import Iterable, Mapping
from datetime import date

from automator.core.bounces import ADDRESS_COLUMNS, addresses_in, folded, is_over
from automator.core.directive import Directive
from automator.core.layout import SCHOOLS
from automator.core.problem import Problem, Severity
from automator.core.register import Register, Row

Owners = Mapping[str, Mapping[str, str]]
"""Folded address -> unit -> its name."""


def problems(register: Register, directive: Directive, day: date) -> list[Problem]:
    """Return a problem for each cell of Trường whose address another unit has on `day` too.

    Code: shared_address (warns). Rows that are over by then are not looked at.
    """
    rows = [r for r in register.of(SCHOOLS.key) if r.valid and not is_over(r, day)]
    owners = _owners(rows, directive, day)
    found: list[Problem] = []
    for row in rows:
        for column in ADDRESS_COLUMNS:
            for address in addresses_in(row, column):
                others = [n for u, n in owners[folded(address)].items() if u != row.text("code")]
                if others:
                    found.append(_problem(register, row, column, address, others))
    return found


def _owners(rows: Iterable[Row], directive: Directive, day: date) -> Owners:
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        for column in ADDRESS_COLUMNS:
            for address in addresses_in(row, column):
                found.setdefault(folded(address), {}).setdefault(row.text("code"), row.text("name"))
    for unit in directive.units:
        lists = (unit.emails, unit.leader_emails, unit.duty_emails, unit.operator_emails)
        for address in (a for each in lists for a in each if unit.valid_on(day)):
            found.setdefault(folded(address), {}).setdefault(f"unit:{unit.id}", unit.name)
    return found


_NAMED = 3


def _problem(register: Register, row: Row, column: str, address: str, others: list[str]) -> Problem:
    more = f" và {len(others) - _NAMED} đơn vị khác" if len(others) > _NAMED else ""
    return Problem(
        tab=SCHOOLS.title,
        cell=register.cell(SCHOOLS.key, row.number, column),
        code="shared_address",
        severity=Severity.WARNS,
        message=f"địa chỉ này cũng là của {'; '.join(others[:_NAMED])}{more}",
        remedy="Đề nghị kiểm tra lại; nếu dùng chung, mỗi đơn vị vẫn nhận thư riêng.",
        header=SCHOOLS.column(column).header,
        value=address,
        school=row.text("code") or None,
        row=row.number,
    )
