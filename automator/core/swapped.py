"""Did an Excel with American settings turn this tab's days round? One cell never tells; many do.

03/02/2021 typed into such an Excel becomes the date cell of 2 March, and 25/02/2021 stays text.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from automator.core import dates
from automator.core.layout import Kind
from automator.core.locate import Located
from automator.core.problem import Problem, Severity
from automator.core.readers import WINDOWED
from automator.core.snapshot import Cell

ENOUGH = 8
"""Fewer date cells than that prove nothing: they may well fall on the first days of months."""


def swapped_days(located: Located, now: datetime, *, date_1904: bool = False) -> Problem | None:
    """Return the warning that day and month of a tab's date cells seem to be swapped.

    It needs `ENOUGH` date cells (texts are read day first whatever Excel thinks), no day of
    them above 12, and one of two signs: read the other way they lie at most half as far apart;
    or most of them lie after `now` (local), and would not the other way.
    """
    days: list[date] = []
    for day in _date_cells(located, date_1904=date_1904):
        if day.day > 12:  # most tabs end here, after a few rows
            return None
        if day.day != day.month:
            days.append(day)
    if len(days) < ENOUGH:
        return None
    swapped = [date(day.year, day.day, day.month) for day in days]
    if not (_closer(swapped, days) or _ahead(days, swapped, now.date())):
        return None
    first = days[0]
    message = (
        f"{len(days)} ô ngày đều có thể bị đảo ngày và tháng (Excel kiểu tháng/ngày), "
        f"ví dụ ô ghi {first.day:02}/{first.month:02}/{first.year}"
    )
    return Problem(
        tab=located.sheet.title,
        cell=None,
        code="days_swapped",
        severity=Severity.WARNS,
        message=message,
        remedy="Đề nghị kiểm tra các cột ngày; nhập lại theo ngày/tháng/năm nếu bị đảo.",
    )


def _date_cells(located: Located, *, date_1904: bool) -> Iterable[date]:
    places = [
        located.columns[column.key]
        for column in located.tab.columns
        if column.kind is Kind.DAY and column.key in WINDOWED and column.key in located.columns
    ]
    for row in located.sheet.rows[located.header_row :]:
        for place in places:
            cell: Cell = row[place] if place < len(row) else None
            if isinstance(cell, int | float):  # a Google Sheet's
                cell = dates.of_serial(cell, date_1904=date_1904)
            if isinstance(cell, datetime):
                yield cell.date()
            elif isinstance(cell, date):
                yield cell


def _span(days: list[date]) -> timedelta:
    return max(days) - min(days)


def _closer(swapped: list[date], days: list[date]) -> bool:
    """Tell whether the other reading lies at most half as far apart (a month at the least)."""
    return _span(days) > timedelta(days=60) and _span(swapped) * 2 <= _span(days)


def _ahead(days: list[date], swapped: list[date], today: date) -> bool:
    """Tell whether most days lie ahead, and hardly any of them would the other way."""
    ahead = [other for day, other in zip(days, swapped, strict=True) if day > today]
    return len(ahead) * 2 > len(days) and all(other <= today for other in ahead)
