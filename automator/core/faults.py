"""Faults of one row become problems: blank cells, days ahead, personal data, secrecy."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from automator.core import privacy
from automator.core.layout import Column, Kind, Need, Tab
from automator.core.locate import Located
from automator.core.moment import Moment
from automator.core.problem import Fault, Problem, Severity
from automator.core.readers import FUTURE, Context, plain, quoted
from automator.core.register import Value
from automator.core.snapshot import Cell, cell_name


@dataclass(slots=True)
class Place:
    """Turns faults of one row into problems."""

    located: Located
    number: int
    school: str | None
    context: Context

    def cell(self, column: Column) -> str:
        """Return the A1 name of the row's cell in a column."""
        return cell_name(self.number, self.located.columns[column.key])

    def report(self, column: Column, fault: Fault, cell: Cell, *, lost: bool) -> None:
        """Report what a cell's parser found; only a required cell that is `lost` blocks."""
        severity = fault.severity
        if lost and column.need is Need.REQUIRED:
            severity = Severity.BLOCKS
        if severity is Severity.BLOCKS and column.need is not Need.REQUIRED:
            severity = Severity.WARNS if column.key != "period" else Severity.BLOCKS
        cell = quoted(cell, column, date_1904=self.context.date_1904)
        quotable = fault.quotable and column.kind in _QUOTABLE and _tells_nobody(column, cell)
        self.add(
            column,
            fault.code,
            severity,
            fault.message,
            fault.remedy,
            value=plain(cell) if quotable else None,
        )

    def add(
        self,
        column: Column,
        code: str,
        severity: Severity,
        message: str,
        remedy: str,
        *,
        value: str | None = None,
    ) -> None:
        """Report a problem of the row's cell in a column."""
        self.context.problems.append(
            Problem(
                tab=self.located.tab.title,
                cell=self.cell(column),
                code=code,
                severity=severity,
                message=message,
                remedy=remedy,
                header=column.header,
                value=value,
                school=self.school,
                row=self.number,
            )
        )


def _tells_nobody(column: Column, cell: Cell) -> bool:
    """Whether a value may be shown: a telephone number in a cell of days may not."""
    if column.kind in (Kind.EMAILS, Kind.PHONE, Kind.CODE):
        return True
    return not _LONG_NUMBER.search(str(cell))


_LONG_NUMBER = re.compile(r"\d{9,}")
_QUOTABLE = frozenset(
    {Kind.DAY, Kind.PERIOD, Kind.PERIOD_OR_CODE, Kind.COUNT, Kind.CODE, Kind.EMAILS, Kind.PHONE}
)


def check_needs(
    located: Located, raw: Mapping[str, Cell], values: Mapping[str, Value], place: Place
) -> bool:
    """Report blank required and expected cells; tell whether a required one is missing."""
    missing = False
    for column in located.tab.columns:
        if column.need is Need.OPTIONAL or column.key not in located.columns:
            continue
        if values.get(column.key) is not None:
            continue
        required = column.need is Need.REQUIRED
        missing = missing or required
        if column.key in raw:
            continue  # its own fault has been reported
        place.add(
            column,
            "required_blank" if required else "expected_blank",
            Severity.BLOCKS if required else Severity.WARNS,
            "ô còn để trống",
            f"Đề nghị ghi {column.header}." + (f" {column.prompt}" if column.prompt else ""),
        )
    return missing


def check_waived_days(raw: Mapping[str, Cell], values: Mapping[str, Value], place: Place) -> bool:
    """Report days of a waiver that cannot stand; tell whether its row counts for nothing.

    A waiver whose end cannot be read would be in force for good.
    """
    tab = place.located.tab
    bad = [k for k in ("valid_from", "valid_to", "period") if k in raw and values.get(k) is None]
    for key in bad:
        place.add(
            tab.column(key),
            "waiver_unclear",
            Severity.BLOCKS,
            "miễn trừ không được áp dụng vì ô này không đọc được",
            "Đề nghị nhập lại, hoặc xóa dòng này.",
        )
    start, end = values.get("valid_from"), values.get("valid_to")
    if isinstance(start, Moment) and isinstance(end, Moment) and end.day < start.day:
        place.add(
            tab.column("valid_to"),
            "days_inverted",
            Severity.BLOCKS,
            "Đến ngày sớm hơn Từ ngày",
            "Đề nghị nhập lại hai ngày.",
        )
        return True
    return bool(bad)


def check_future(tab: Tab, values: Mapping[str, Value], place: Place) -> None:
    """Report days that lie ahead of `now`: they count from then on."""
    for column in tab.columns:
        value = values.get(column.key)
        if column.key not in FUTURE or not isinstance(value, Moment):
            continue
        if value.instant > place.context.now:
            place.add(
                column,
                "future",
                Severity.WARNS,
                "ngày ghi còn ở phía trước; chỉ được tính từ ngày đó",
                "Đề nghị kiểm tra lại ngày.",
                value=value.instant.strftime("%d/%m/%Y"),
            )


def lint_row(tab: Tab, raw: Mapping[str, Cell], place: Place) -> bool:
    """Report personal data in free text; tell whether the row is marked as secret."""
    secret = False
    for column in tab.columns:
        cell = raw.get(column.key)
        if not isinstance(cell, str):
            continue
        if privacy.is_secret(cell):
            secret = True
            place.add(column, "secret", Severity.WARNS, _MARKED, _MARKED_REMEDY)
        if column.kind is Kind.FREE:
            _lint_text(cell, place, column)
    return secret


_MARKED = "ô có dấu chỉ độ mật; thư về dòng này được giữ lại"
_MARKED_REMEDY = "Đề nghị xóa nội dung này khỏi sổ; không nhập nội dung thuộc bí mật nhà nước."


def _lint_text(cell: str, place: Place, column: Column) -> None:
    for kind in privacy.personal_data(cell):
        place.add(
            column,
            "personal_data",
            Severity.WARNS,
            f"ô {privacy.WORDS[kind]}",
            "Đề nghị xóa thông tin cá nhân của học sinh khỏi sổ.",
        )


def lint_others(located: Located, number: int, row: tuple[Cell, ...], context: Context) -> bool:
    """Report personal data and secrecy in columns that the layout does not know.

    Tell whether one of them marks the row as secret.
    """
    marked = False
    for index in located.others:
        cell = row[index] if index < len(row) else None
        if not isinstance(cell, str) or not cell:
            continue
        kinds = privacy.personal_data(cell)
        secret = privacy.is_secret(cell)
        marked = marked or secret
        if kinds or secret:
            context.problems.append(
                Problem(
                    tab=located.tab.title,
                    cell=cell_name(number, index),
                    code="secret" if secret else "personal_data",
                    severity=Severity.WARNS,
                    message=_MARKED if secret else f"ô {privacy.WORDS[kinds[0]]}",
                    remedy=_MARKED_REMEDY
                    if secret
                    else "Đề nghị xóa thông tin cá nhân của học sinh khỏi sổ.",
                    row=number,
                )
            )
    return marked
