"""Periods of a recurring obligation: weeks (ISO), months, quarters, half-years, years.

By the calendar, or by the reporting calendar of NĐ 09/2019/NĐ-CP, where the figures of March
are those from 15 February to 14 March. In both a period is named after the month of its last
day, so a label means the same report in either; weeks are the same. How a cell of the column
Kỳ is read: `period_cells`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from automator.core.directive import Every, Reckoning

_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}
CUT_OFF = 15
"""By NĐ 09/2019/NĐ-CP: the day of the month before on which a period's figures begin."""
_ROMAN = ("I", "II", "III", "IV")
_HALVES = ("6 tháng đầu", "6 tháng cuối")
_LABEL = re.compile(r"(\d{4})(?:-(?:(?P<kind>[WQH])(\d{1,2})|(\d{2})))?")
_KINDS = {"W": Every.WEEK, "Q": Every.QUARTER, "H": Every.HALF_YEAR}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One period: the days from `first` to `last`, both inclusive.

    Made by `period_of`, `period_number` or `parse_label`. Its days say by which reckoning it
    goes: a month that begins on the 15th is one of NĐ 09/2019.
    """

    every: Every
    first: date
    last: date

    @property
    def year(self) -> int:
        """The year it is named after, that of its last day; of a week the ISO year."""
        return self.first.isocalendar().year if self.every is Every.WEEK else self.last.year

    @property
    def number(self) -> int:
        """Its place in its year, from 1."""
        if self.every is Every.WEEK:
            return self.first.isocalendar().week
        return (self.last.month - 1) // _MONTHS[self.every] + 1

    @property
    def label(self) -> str:
        """Its name in keys and JSON: 2021-02, 2021-W08, 2021-Q1, 2021-H1, 2021."""
        match self.every:
            case Every.WEEK:
                return f"{self.year}-W{self.number:02d}"
            case Every.MONTH:
                return f"{self.year}-{self.number:02d}"
            case Every.QUARTER:
                return f"{self.year}-Q{self.number}"
            case Every.HALF_YEAR:
                return f"{self.year}-H{self.number}"
            case Every.YEAR:
                return f"{self.year}"

    @property
    def words(self) -> str:
        """Its name for people: "tháng 02/2021", a week with both its days."""
        match self.every:
            case Every.WEEK:
                return f"tuần {self.number:02d}/{self.year} ({self.days_words})"
            case Every.MONTH:
                return f"tháng {self.number:02d}/{self.year}"
            case Every.QUARTER:
                return f"quý {_ROMAN[self.number - 1]}/{self.year}"
            case Every.HALF_YEAR:
                return f"{_HALVES[self.number - 1]} năm {self.year}"
            case Every.YEAR:
                return f"năm {self.year}"

    @property
    def days_words(self) -> str:
        """Its days for people: "từ 15/02 đến 14/03/2021"."""
        return f"từ {_short(self.first, self.last)} đến {self.last:%d/%m/%Y}"

    @property
    def figures_words(self) -> str:
        """Its days where its name does not say them: "số liệu từ 15/02 đến 14/03/2021".

        "" for a week, whose words hold them, and for a period by the calendar.
        """
        by_name = self.every is Every.WEEK or self.first.day == 1
        return "" if by_name else f"số liệu {self.days_words}"


def period_of(every: Every, day: date, reckoning: Reckoning = Reckoning.CALENDAR) -> Period:
    """Return the period that `day` lies in; a week is Monday to Sunday in each reckoning.

    By NĐ 09/2019 what is of the 15th or later belongs to the month after. Raises ValueError
    or OverflowError at the ends of the years that Python knows.
    """
    if every is Every.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(every, monday, monday + timedelta(days=6))
    if reckoning is Reckoning.ND09 and day.day >= CUT_OFF:
        day = _first_of_next_month(day)
    length = _MONTHS[every]
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    last = _last_of_month(day.year, first.month + length - 1)
    if reckoning is Reckoning.ND09:
        before = first - timedelta(days=1)
        return Period(every, before.replace(day=CUT_OFF), last.replace(day=CUT_OFF - 1))
    return Period(every, first, last)


def period_number(
    every: Every, year: int, number: int, reckoning: Reckoning = Reckoning.CALENDAR
) -> Period | None:
    """Return the `number`-th period of `year` (from 1), None where there is none."""
    try:
        if every is Every.WEEK:
            return period_of(every, date.fromisocalendar(year, number, 1))
        return period_of(every, date(year, (number - 1) * _MONTHS[every] + 1, 1), reckoning)
    except (ValueError, OverflowError):
        return None


def periods(
    every: Every, start: date, end: date, reckoning: Reckoning = Reckoning.CALENDAR
) -> Iterator[Period]:
    """Yield the periods that overlap the days from `start` to `end`, both inclusive."""
    period = period_of(every, start, reckoning)
    while period.first <= end:
        yield period
        period = period_of(every, period.last + timedelta(days=1), reckoning)


@lru_cache(maxsize=4096)
def parse_label(label: str, reckoning: Reckoning = Reckoning.CALENDAR) -> Period | None:
    """Return the period of a `Period.label`, None where it is none."""
    found = _LABEL.fullmatch(label)
    if not found:
        return None
    year, _, number, month = found.groups()
    long = _KINDS[found["kind"]] if number else Every.YEAR
    every = Every.MONTH if month else long
    period = period_number(every, int(year), int(month or number or 1), reckoning)
    return period if period and period.label == label else None


def range_words(first: Period, last: Period) -> str:
    """Return several consecutive periods as one, "tháng 3–5"; one period in its own words."""
    if first == last:
        return first.words
    if first.every is Every.HALF_YEAR:
        return f"{first.words} – {last.words}"
    name = first.words.split()[0]
    if first.every is Every.YEAR or first.year != last.year:
        return f"{name} {_brief(first, year=True)}–{_brief(last, year=True)}"
    return f"{name} {_brief(first)}–{_brief(last)}"


def _brief(period: Period, *, year: bool = False) -> str:
    """Return a period's number (and year) without its name, as in a range."""
    if period.every is Every.YEAR:
        return str(period.year)
    quarter = period.every is Every.QUARTER
    number = _ROMAN[period.number - 1] if quarter else str(period.number)
    return f"{number}/{period.year}" if year else number


def _short(day: date, beside: date) -> str:
    """Return dd/mm, with the year where it is not that of `beside`."""
    return f"{day:%d/%m}" if day.year == beside.year else f"{day:%d/%m/%Y}"


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _last_of_month(year: int, month: int) -> date:
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
