"""One cell -> the day or instant that it names. Day first, always; never a silent guess.

Accepted: date and serial cells, and texts such as 25/2/21, 25-02-2021, 25.02.2021, 2021-02-25,
25/02/2021 08:30, 8h30 25/02/2021, ngày 25 tháng 02 năm 2021, 2021-02-25T08:30+07:00.
What cannot be a day is explained by `automator.core.datefaults`.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from automator.core import datefaults
from automator.core.moment import Moment
from automator.core.names import clean
from automator.core.problem import Fault
from automator.core.raw import as_text, plain_dashes, says_nothing
from automator.core.snapshot import Cell

Parsed = tuple[Moment | None, Fault | None]
Clock = int  # seconds since 00:00 of the day; 0 is a day without a time

_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050  # 01/01/2000 to 31/12/2099 in the 1900 system
_EPOCH = date(1899, 12, 30)
_1904 = 1462  # days between the two epochs
_DAY_SECONDS = 86400
_MEMO_SIZE = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Ctx:
    """How the cells of a column are read: local zone, epoch of serials, window of days.

    `earliest` and `latest` are both inside the window (None: open). What was read is
    remembered here, so make one per column and read, not one per cell.
    """

    zone: ZoneInfo
    date_1904: bool = False
    earliest: date | None = None
    latest: date | None = None
    memo: dict[Cell, Parsed] = field(
        default_factory=dict, init=False, repr=False, compare=False, hash=False
    )

    def holds(self, day: date) -> bool:
        """Tell whether `day` lies in the window."""
        return (self.earliest is None or self.earliest <= day) and (
            self.latest is None or day <= self.latest
        )


def day(cell: Cell, ctx: Ctx) -> Parsed:
    """Return the day (or instant) of one cell in `ctx.zone`, or its fault; blank gives neither.

    00:00 counts as a day without a time. 24:00 is the day as a whole, which ends then.
    Codes: not_a_date, no_year, no_day, month_first, bad_time, several_dates, out_of_window
    (all block; the value is None); serial_text, weekday_differs (the value stands).
    """
    if isinstance(cell, bool):
        return None, datefaults.not_a_date(as_text(cell), None)
    known = ctx.memo.get(cell)
    if known is None:
        known = _read(cell, ctx)
        if len(ctx.memo) < _MEMO_SIZE:
            ctx.memo[cell] = known
    return known


def _read(cell: Cell, ctx: Ctx) -> Parsed:
    if cell is None:
        return None, None
    if isinstance(cell, str):
        return _read_text(cell, ctx)
    if isinstance(cell, int | float):
        return _read_serial(cell, ctx)
    if isinstance(cell, datetime):
        return _read_datetime(cell, ctx)
    if isinstance(cell, date):
        return _bounded(cell, 0, ctx)
    return None, datefaults.time_only(as_text(cell))


def _bounded(found: date, clock: Clock, ctx: Ctx) -> Parsed:
    """Return the moment, if it can be meant at all."""
    if not ctx.holds(found) or not 1900 <= found.year <= 2100:
        return None, datefaults.out_of_window(found, ctx.earliest, ctx.latest)
    if not clock:
        return Moment.of_day(found, ctx.zone), None
    if clock == _DAY_SECONDS:
        return _bounded(found + timedelta(days=1), 0, ctx)
    at = time(clock // 3600, clock // 60 % 60, clock % 60)
    return Moment(datetime.combine(found, at, ctx.zone)), None


def _read_datetime(cell: datetime, ctx: Ctx) -> Parsed:
    local = cell
    if cell.utcoffset() is not None:
        try:
            local = cell.astimezone(ctx.zone)
        except (OverflowError, ValueError):
            return None, datefaults.not_a_date(as_text(cell), None)
    part = local.microsecond / 1_000_000
    clock = local.hour * 3600 + local.minute * 60 + local.second + round(part)
    return _bounded(local.date(), clock, ctx)


def _read_serial(number: float, ctx: Ctx) -> Parsed:
    if 0 < number < 1:  # 08:30 alone
        return None, datefaults.time_only(as_text(of_serial(number)))
    serial = number + _1904 if ctx.date_1904 else number
    if not _FIRST_SERIAL <= serial < _LAST_SERIAL + 1:  # NaN too
        return None, datefaults.not_a_date(as_text(number), None)
    days = int(serial)
    return _bounded(_EPOCH + timedelta(days=days), round((serial - days) * _DAY_SECONDS), ctx)


def of_serial(number: float, *, date_1904: bool = False) -> date | time | None:
    """Return what a serial number stands for: a day, a naive local time of one, or a time alone.

    A Google Sheet hands dates over as such numbers, an .xlsx as dates. None for another number.
    """
    if 0 < number < 1:
        return (datetime.combine(_EPOCH, time()) + _clock(number)).time()
    serial = number + _1904 if date_1904 else number
    if isinstance(number, bool) or not _FIRST_SERIAL <= serial < _LAST_SERIAL + 1:
        return None
    at = datetime.combine(_EPOCH, time()) + timedelta(days=int(serial)) + _clock(serial % 1)
    return at if at.time() != time() else at.date()


def _clock(share: float) -> timedelta:
    return timedelta(seconds=round(share * _DAY_SECONDS))


_SEP = r"(?:\s*[/.\-]\s*|\s+)"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_FIRST = (
    r"(?:ngày\s*:?\s*)?(?P<d>[0-9]{1,2})"
    rf"(?:{_SEP}|\s*(?:tháng|thg)\.?\s*)(?P<m>[0-9]{{1,2}}|{'|'.join(_MONTHS)})"
    rf"(?:{_SEP}|\s*,?\s*năm\s*|\s*,\s*)(?P<y>[0-9]{{4}}|[0-9]{{2}})"
)
_YEAR_FIRST = r"(?P<Y>[0-9]{4})\s*[/.\-]\s*(?P<M>[0-9]{1,2})\s*[/.\-]\s*(?P<D>[0-9]{1,2})"
_DATE = rf"(?:{_DAY_FIRST}|{_YEAR_FIRST})"
_CLOCK = (
    r"(?P<h>[0-9]{1,2})\s*(?:(?::|h|g|giờ)\s*(?P<min>[0-9]{1,2})\s*(?:phút|ph|p|')?"
    r"(?:\s*:\s*(?P<s>[0-9]{1,2})(?:[.,][0-9]+)?)?|(?:h|g|giờ))"
    r"(?:\s*(?P<half>am|pm|sa|ch|sáng|trưa|chiều|tối))?"
)
_AT = r"(?:vào\s+lúc|lúc|hồi)?\s*"
_QUICK = re.compile(
    r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})(?: ([0-9]{1,2}):([0-9]{2}))?"
)
_FORMS = (
    re.compile(rf"{_DATE}(?:(?:\s*[,;\-]\s*|\s+|\s*t\s*){_AT}{_CLOCK})?"),
    re.compile(rf"{_AT}{_CLOCK}(?:\s*[,;\-]\s*|\s+){_DATE}"),
)
_WEEKDAYS = {"hai": 1, "ba": 2, "tư": 3, "năm": 4, "sáu": 5, "bảy": 6, "bẩy": 6} | {
    str(number): number - 1 for number in range(2, 8)
}
_WEEKDAY = r"(?:thứ\s*(hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|t([2-7])|(chủ\s*nhật|cn))"
_WEEKDAY_AROUND = re.compile(rf"{_WEEKDAY}\s*(?:[,:\-]\s*|\s)|(?:\s|,|\()\s*{_WEEKDAY}\)?$")
_WITH_OFFSET = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[t ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)?"
    r"(z|[+-][0-9]{2}:?[0-9]{2})"
)
_SERIAL_TEXT = re.compile(r"[0-9]{5}(?:[.,][0-9]+)?")


def normal(text: str) -> str:
    """Return a date's text in lower case, plain dashes and digits, without a closing stop."""
    cleaned = clean(text)
    if not cleaned.isascii():
        cleaned = plain_dashes(clean(unicodedata.normalize("NFKC", cleaned)))
    return cleaned.lower().lstrip("'").rstrip(".,; ")


def _read_text(raw: str, ctx: Ctx) -> Parsed:
    quick = _QUICK.fullmatch(raw)
    if quick:
        d, m, y, h, minute = quick.groups()
        return _settle(raw, (y, m, d), (h, minute, None, None), ctx)
    text = normal(raw)
    if says_nothing(text):
        return None, None
    if _SERIAL_TEXT.fullmatch(text):
        return _read_serial_text(text, ctx)
    offset = _WITH_OFFSET.fullmatch(text)
    if offset:
        return _read_with_offset(offset, ctx)
    return _read_forms(text, ctx)


def _read_forms(text: str, ctx: Ctx) -> Parsed:
    weekday = _WEEKDAY_AROUND.search(text)
    bare = (text[: weekday.start()] + " " + text[weekday.end() :]).strip(" ,") if weekday else text
    for form in _FORMS:
        match = form.fullmatch(bare)
        if match:
            part = match.groupdict()
            day_parts = (part["y"] or part["Y"], part["m"] or part["M"], part["d"] or part["D"])
            clock = (part["h"], part["min"], part["s"], part["half"])
            moment, fault = _settle(text, day_parts, clock, ctx)
            if weekday and moment and moment.day.isoweekday() != _weekday_number(weekday):
                fault = datefaults.weekday_differs(moment.day)
            return moment, fault
    return None, datefaults.explain(text, ctx.earliest, ctx.latest)


def _weekday_number(match: re.Match[str]) -> int:
    name = next((g for g in match.groups() if g), "")
    return _WEEKDAYS.get(name, 7)


def _settle(
    text: str,
    parts: tuple[str, str, str],
    clock: tuple[str | None, str | None, str | None, str | None],
    ctx: Ctx,
) -> Parsed:
    """Turn the digits that were typed into a moment; `parts` are year, month and day."""
    y, m, d = parts
    year = int(y) + 2000 if len(y) == 2 else int(y)
    month = int(m) if m.isdigit() else _MONTHS.index(m) + 1
    try:
        found = date(year, month, int(d))
    except ValueError:
        return None, datefaults.impossible(text, year, month, int(d))
    seconds = _seconds(*clock)
    if seconds is None:
        return None, datefaults.bad_time(text, found)
    if seconds == _DAY_SECONDS:  # "24h": the end of that day, so the whole day
        seconds = 0
    return _bounded(found, seconds, ctx)


def _seconds(h: str | None, minute: str | None, second: str | None, half: str | None) -> int | None:
    """Return seconds since 00:00, 86400 for 24:00, None for a time that there is not."""
    if h is None:
        return 0
    hour = _hour(int(h), half)
    minutes, seconds = int(minute or 0), int(second or 0)
    if hour is None or minutes > 59 or seconds > 59:
        return None
    total = hour * 3600 + minutes * 60 + seconds
    return total if total <= _DAY_SECONDS else None


def _hour(hour: int, half: str | None) -> int | None:
    """Return the hour on the clock of 24, None where hour and part of the day contradict."""
    if half is None:
        return hour
    if half in ("am", "sa", "sáng"):
        return hour if hour < 12 else (0 if hour == 12 and half != "sáng" else None)
    if half == "trưa":
        return hour if 10 <= hour <= 13 else (13 if hour == 1 else None)
    if half == "tối" and hour < 6:
        return None
    return hour + 12 if 0 < hour < 12 else (hour if 12 <= hour < 24 else None)


def _read_serial_text(text: str, ctx: Ctx) -> Parsed:
    moment, fault = _read_serial(float(text.replace(",", ".")), ctx)
    return moment, fault or (datefaults.serial_text(moment.day) if moment else None)


def _read_with_offset(match: re.Match[str], ctx: Ctx) -> Parsed:
    day_part, clock, offset = match.groups()
    try:
        instant = datetime.fromisoformat(f"{day_part}T{clock}{offset.upper()}")
    except ValueError:
        return None, datefaults.not_a_date(match.group(), None)
    return _read_datetime(instant, ctx)
