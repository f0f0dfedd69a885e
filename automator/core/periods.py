"""Periods of a recurring obligation: calendar weeks (ISO), months, quarters, half-years, years.

First what a period is and how it is named, then how a cell of the column Kỳ is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from automator.core import dates
from automator.core.directive import Every
from automator.core.names import loose_key
from automator.core.problem import Fault, Severity
from automator.core.raw import as_text, says_nothing
from automator.core.snapshot import Cell

_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}
_ROMAN = ("I", "II", "III", "IV")
_HALVES = ("6 tháng đầu", "6 tháng cuối")
_LABEL = re.compile(r"(\d{4})(?:-(?:(?P<kind>[WQH])(\d{1,2})|(\d{2})))?")
_KINDS = {"W": Every.WEEK, "Q": Every.QUARTER, "H": Every.HALF_YEAR}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One period: the days from `first` to `last`, both inclusive.

    Made by `period_of`, `period_number` or `parse_label`.
    """

    every: Every
    first: date
    last: date

    @property
    def year(self) -> int:
        """The year it is named after; of a week the ISO year."""
        return self.first.isocalendar().year if self.every is Every.WEEK else self.first.year

    @property
    def number(self) -> int:
        """Its place in its year, from 1."""
        if self.every is Every.WEEK:
            return self.first.isocalendar().week
        return (self.first.month - 1) // _MONTHS[self.every] + 1

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
                days = f"từ {_short(self.first, self.last)} đến {self.last:%d/%m/%Y}"
                return f"tuần {self.number:02d}/{self.year} ({days})"
            case Every.MONTH:
                return f"tháng {self.number:02d}/{self.year}"
            case Every.QUARTER:
                return f"quý {_ROMAN[self.number - 1]}/{self.year}"
            case Every.HALF_YEAR:
                return f"{_HALVES[self.number - 1]} năm {self.year}"
            case Every.YEAR:
                return f"năm {self.year}"


def period_of(every: Every, day: date) -> Period:
    """Return the period that `day` lies in; a week is Monday to Sunday."""
    if every is Every.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(every, monday, monday + timedelta(days=6))
    length = _MONTHS[every]
    month = (day.month - 1) // length * length + 1
    return Period(every, date(day.year, month, 1), _last_of_month(day.year, month + length - 1))


def period_number(every: Every, year: int, number: int) -> Period | None:
    """Return the `number`-th period of `year` (from 1), None where there is none."""
    try:
        if every is Every.WEEK:
            return period_of(every, date.fromisocalendar(year, number, 1))
        return period_of(every, date(year, (number - 1) * _MONTHS[every] + 1, 1))
    except (ValueError, OverflowError):
        return None


def periods(every: Every, start: date, end: date) -> Iterator[Period]:
    """Yield the periods that overlap the days from `start` to `end`, both inclusive."""
    period = period_of(every, start)
    while period.first <= end:
        yield period
        period = period_of(every, period.last + timedelta(days=1))


def parse_label(label: str) -> Period | None:
    """Return the period of a `Period.label`, None where it is none."""
    found = _LABEL.fullmatch(label)
    if not found:
        return None
    year, _, number, month = found.groups()
    long = _KINDS[found["kind"]] if number else Every.YEAR
    every = Every.MONTH if month else long
    period = period_number(every, int(year), int(month or number or 1))
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


def _last_of_month(year: int, month: int) -> date:
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


_SEP = r"(?:\s*[/.,\-]\s*|\s*,?\s*nam\s*|\s+)"
_LONG_YEAR = r"(?P<y>[0-9]{4})"
_YEAR = r"(?P<y>[0-9]{4}|[0-9]{2})"
_N = r"(?P<n>[0-9]{1,2})"
_WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12,
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "dau": 1, "cuoi": 2,
}  # fmt: skip
_NAMED = "|".join(sorted(_WORDS, key=len, reverse=True))
_QUARTER = r"(?:quy|qui|q)\s*(?P<n>[1-9]|iv|iii|ii|i|mot|hai|ba|bon|tu)"
_HALF = r"(?:(?:6|06|sau)\s*thang|nua)\s*(?P<n>dau|cuoi)"
# By kind: what names a period (marks dropped, see `loose_key`), without and with its year.
_MARKED = {
    Every.WEEK: rf"(?:tuan|w)\s*(?:thu\s*)?{_N}",
    Every.MONTH: rf"(?:thang|thg|th|t)\.?\s*(?P<n>[0-9]{{1,2}}|{_NAMED})",
    Every.QUARTER: _QUARTER,
    Every.HALF_YEAR: rf"(?:{_HALF}|h(?P<h>[12]))",
    Every.YEAR: r"(?P<n>)nam",
}
_FORMS = {
    every: (re.compile(rf"{mark}{_SEP}{_YEAR}"), re.compile(rf"{_LONG_YEAR}[\s/.,\-]*{mark}"))
    for every, mark in _MARKED.items()
} | {
    Every.MONTH: (
        re.compile(rf"{_MARKED[Every.MONTH]}{_SEP}{_YEAR}"),
        re.compile(rf"{_N}{_SEP}{_LONG_YEAR}"),
        re.compile(rf"{_LONG_YEAR}\s*[/.\-]\s*(?:thang|t|m)?\s*{_N}"),
        re.compile(r"(?P<y>20[0-9]{2})(?P<n>[0-9]{2})"),
    ),
    Every.YEAR: (re.compile(rf"(?P<n>)(?:ca\s*)?(?:nam\s*)?{_LONG_YEAR}"),),
}
_YEARLESS = {
    every: re.compile(rf"(?:{mark}|[0-9]{{1,2}}|[iv]{{1,3}})(?:\s*nam)?")
    for every, mark in _MARKED.items()
}
_PREFIX = re.compile(r"(?:(?:bao cao|bc|ky|dinh ky)\b[\s:]*)+")
_SUFFIX = re.compile(r"\s*\([^()]*\)$")  # the days of a week, as its words give them
_SHORT_YEAR = re.compile(rf"{_N}\s*[/.\-]\s*[0-9]{{2}}")
_SEVERAL = re.compile(  # "2-3/2021", "T2+T3/2021"; not 15-02-2021, which is a day
    r"(?:thang|t)?\s*(?:0?[1-9]|1[0-2])(?:\s*/\s*[0-9]{4})?\s*(?:[-+&,;]|va|den)\s*"
    r"(?:thang|t)?\s*[0-9]{1,2}(?:\s*/\s*|\s*nam\s*)[0-9]{4}"
)
_THREE_NUMBERS = re.compile(r"[^0-9]*[0-9]+[^0-9]+[0-9]+[^0-9]+[0-9]+[^0-9]*")
_PLAIN = re.compile(rf"(?:[\W0-9]|{'|'.join(_WORDS)}|tuan|thang|quy|qui|ngay|nua|ky|[twqhx])*")
_NAMES = {
    Every.WEEK: ("tuần", "tuần 08/2021"),
    Every.MONTH: ("tháng", "02/2021"),
    Every.QUARTER: ("quý", "quý I/2021"),
    Every.HALF_YEAR: ("kỳ 6 tháng", "6 tháng đầu năm 2021"),
    Every.YEAR: ("năm", "2021"),
}


def parse_cell(
    cell: Cell, every: Every, zone: ZoneInfo, *, date_1904: bool = False
) -> tuple[Period | None, Fault | None]:
    """Return the period that a cell of the column Kỳ names, or its fault; blank gives neither.

    02/2021, T2/2021, tháng 2 năm 2021, W08/2021, tuần 8/2021, quý I/2021, 6 tháng đầu năm
    2021, 2021, the labels and words of `Period`, and any day of the period: as text, as a
    date (Excel makes one of "02/2021") or as its serial. The fault is `bad_period`, which
    blocks, or what `dates.day` noted about a day that stands.
    """
    text = "" if isinstance(cell, bool) else _bare(as_text(cell))
    if says_nothing(text) and not isinstance(cell, bool):
        return None, None
    period = _named(text, every) if isinstance(cell, str | int | float) else None
    if period:
        return period, None
    if _SEVERAL.fullmatch(text):
        return None, _fault(text, "có nhiều kỳ trong một ô", "Đề nghị ghi mỗi kỳ một dòng")
    moment, fault = dates.day(cell, dates.Ctx(zone=zone, date_1904=date_1904))
    if moment and 2000 <= moment.day.year <= 2100:
        return period_of(every, moment.day), fault
    if fault and _THREE_NUMBERS.fullmatch(text):
        return None, Fault(
            "bad_period", fault.severity, fault.message, fault.remedy, fault.quotable
        )
    return None, _explain(text, every)


def _bare(text: str) -> str:
    """Return a period's text without marks, case, dash variants and what frames it."""
    return _SUFFIX.sub("", _PREFIX.sub("", loose_key(dates.normal(text)), count=1))


@lru_cache(maxsize=4096)  # hundreds of rows name the same few periods
def _named(text: str, every: Every) -> Period | None:
    """Return the period that `text` names as such (not by one of its days)."""
    for form in _FORMS[every]:
        match = form.fullmatch(text)
        if match:
            part = match.groupdict()
            number = part["n"] or part.get("h") or "1"
            year = int(part["y"]) + (2000 if len(part["y"]) == 2 else 0)
            place = int(number) if number.isdigit() else _WORDS[number]
            return period_number(every, year, place) if 2000 <= year <= 2100 else None
    return None


def _explain(text: str, every: Every) -> Fault:
    """Return the fault of a text that names no period of this kind."""
    name, example = _NAMES[every]
    remedy = f"Đề nghị ghi đủ {name} và năm, ví dụ {example}"
    if every is Every.YEAR:
        remedy = f"Đề nghị ghi năm, ví dụ {example}"
    elif _YEARLESS[every].fullmatch(text):
        return _fault(text, "thiếu năm", remedy)
    elif every is Every.MONTH and _SHORT_YEAR.fullmatch(text):
        return _fault(text, "không rõ năm", f"Đề nghị ghi năm đủ bốn chữ số, ví dụ {example}")
    if any(form.fullmatch(text) for form in _FORMS[every]):
        return _fault(text, f"không có {name} này", remedy)
    if any(_named(text, other) for other in Every if other is not every):
        return _fault(text, f"nội dung này báo cáo theo {name}", remedy)
    return _fault(text, "không đọc được kỳ báo cáo", remedy)


def _fault(text: str, message: str, remedy: str) -> Fault:
    # Without a digit it may be a person: Hai, Ba, Tư and Năm are names too.
    quotable = len(text) <= 40 and re.search("[0-9]", text) and _PLAIN.fullmatch(text)
    return Fault("bad_period", Severity.BLOCKS, message, f"{remedy}.", quotable=bool(quotable))
