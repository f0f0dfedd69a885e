"""One cell of the column Kỳ -> the period that it names: never a silent guess."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from automator.core import dates
from automator.core.directive import Every, PeriodKind, Reckoning
from automator.core.names import loose_key
from automator.core.periods import Period, period_number, period_of
from automator.core.problem import Fault, Severity
from automator.core.raw import as_text, says_nothing
from automator.core.snapshot import Cell

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
_BARE = (  # a number and a year: a month, or the number of a week
    re.compile(rf"{_N}{_SEP}{_YEAR}"),
    re.compile(rf"{_LONG_YEAR}\s*[/.\-]\s*{_N}"),
    re.compile(r"(?P<y>20[0-9]{2})(?P<n>[0-9]{2})"),
)
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
    cell: Cell,
    every: Every,
    zone: ZoneInfo,
    reckoning: Reckoning = Reckoning.CALENDAR,
    *,
    date_1904: bool = False,
) -> tuple[Period | None, Fault | None]:
    """Return the period of one kind that a cell of the column Kỳ names (see `parse_any`)."""
    return parse_any(cell, ((every, reckoning),), zone, date_1904=date_1904)


@lru_cache(maxsize=4096, typed=True)  # thousands of rows name the same few periods
def parse_any(
    cell: Cell, kinds: tuple[PeriodKind, ...], zone: ZoneInfo, *, date_1904: bool = False
) -> tuple[Period | None, Fault | None]:
    """Return the period that a cell of the column Kỳ names, or its fault; blank gives neither.

    `kinds`: what the tab is reported by, mostly one. 02/2021, T2/2021, tháng 2 năm 2021,
    W08/2021, tuần 8/2021, quý I/2021, 6 tháng đầu năm 2021, 2021, the labels and words of
    `Period`, and any day of the period: as text, as a date (Excel makes one of "02/2021") or
    as its serial. What can be read as two periods is a fault that names both, never a guess:
    01/08/2021, where weeks are reported, may be what Excel made of "8/2021", week 8. The fault
    is `bad_period`, which blocks, or what `dates.day` noted about a day that stands.
    """
    text = "" if isinstance(cell, bool) else _bare(as_text(cell))
    if says_nothing(text) and not isinstance(cell, bool):
        return None, None
    if isinstance(cell, str | int | float):
        named = [p for kind in kinds if (p := _named(text, *kind))]
        readings = {_name(p): p for p in (*named, *_bare_weeks(text, kinds))}
        if named and len({p.label for p in readings.values()}) == 1:
            return named[0], None
        if readings:
            return None, _not_clear(text, readings)
    if _SEVERAL.fullmatch(text):
        return None, _fault(text, "có nhiều kỳ trong một ô", "Đề nghị ghi mỗi kỳ một dòng")
    moment, fault = dates.day(cell, dates.Ctx(zone=zone, date_1904=date_1904))
    if moment and 2000 <= moment.day.year <= 2100:
        made = not isinstance(cell, str) or (fault is not None and fault.code == "serial_text")
        return _of_day(text, moment.day, kinds, made=made and not moment.timed, fault=fault)
    if fault and _THREE_NUMBERS.fullmatch(text):
        return None, Fault(
            "bad_period", fault.severity, fault.message, fault.remedy, fault.quotable
        )
    return None, _explain(text, kinds[0][0])


def _of_day(
    text: str, day: date, kinds: tuple[PeriodKind, ...], *, made: bool, fault: Fault | None
) -> tuple[Period | None, Fault | None]:
    """Return the period that a day lies in, unless it may be another: `made` by a spreadsheet.

    A spreadsheet makes 01/08/2021 of "08/2021", and of "8/21" that or 21/08/2021.
    """
    found = [period_of(every, day, reckoning) for every, reckoning in kinds]
    readings: dict[str, Period] = {}
    if made and day.day in (1, day.year % 100):
        typed = (period_number(e, day.year, day.month, r) for e, r in kinds)
        readings = {_name(p): p for p in typed if p is not None}
    readings |= {_name(p) if _name(p) in readings else _name(p, day): p for p in found}
    if len({p.label for p in readings.values()}) == 1:
        return found[0], fault
    return None, _fault(text, "chưa rõ là kỳ nào", f"Đề nghị ghi rõ {_listed(readings)}")


def _bare_weeks(text: str, kinds: tuple[PeriodKind, ...]) -> list[Period]:
    """Return the week that "8/2021" may mean where weeks are reported."""
    if all(every is not Every.WEEK for every, _ in kinds):
        return []
    match = next((m for form in _BARE if (m := form.fullmatch(text))), None)
    if match is None or (len(match["y"]) == 2 and int(match["y"]) <= 12):  # 22/02 is a day
        return []
    year = int(match["y"]) + (2000 if len(match["y"]) == 2 else 0)
    week = period_number(Every.WEEK, year, int(match["n"])) if 2000 <= year <= 2100 else None
    return [week] if week else []


def _not_clear(text: str, readings: Mapping[str, Period]) -> Fault:
    """Return the fault of a text that names more than one period, or a week without saying so."""
    if len(readings) > 1:
        return _fault(text, "chưa rõ là kỳ nào", f"Đề nghị ghi rõ {_listed(readings)}")
    remedy = f"Đề nghị ghi rõ {_listed(readings)}, hoặc ghi một ngày của tuần cần báo cáo"
    return _fault(text, f"nội dung này báo cáo theo {_NAMES[Every.WEEK][0]}", remedy)


def _name(period: Period, day: date | None = None) -> str:
    """Return how a cell may name a period without doubt, and what that is."""
    if period.every is Every.WEEK:
        what = f"tuần có ngày {day:%d/%m/%Y}" if day else f"tuần {period.number}"
        return f"W{period.number:02d}/{period.year} ({what})"
    return f"{period.words} ({period.figures_words})" if period.figures_words else period.words


def _listed(readings: Mapping[str, Period]) -> str:
    *others, last = readings
    return f"{', '.join(others)} hoặc {last}" if others else last


def _bare(text: str) -> str:
    """Return a period's text without marks, case, dash variants and what frames it."""
    return _SUFFIX.sub("", _PREFIX.sub("", loose_key(dates.normal(text)), count=1))


def _named(text: str, every: Every, reckoning: Reckoning = Reckoning.CALENDAR) -> Period | None:
    """Return the period that `text` names as such (not by one of its days)."""
    for form in _FORMS[every]:
        match = form.fullmatch(text)
        if match:
            part = match.groupdict()
            number = part["n"] or part.get("h") or "1"
            year = int(part["y"]) + (2000 if len(part["y"]) == 2 else 0)
            place = int(number) if number.isdigit() else _WORDS[number]
            return period_number(every, year, place, reckoning) if 2000 <= year <= 2100 else None
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
