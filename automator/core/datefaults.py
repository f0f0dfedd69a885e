"""What is wrong with a date as typed, in words for the person who typed it."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from automator.core.problem import Fault, Severity

_EXAMPLE = "Đề nghị nhập lại ngày/tháng/năm, ví dụ 24/02/2021."
_SEP = r"\s*(?:[/.\-]|tháng|thg)\s*"
_NO_YEAR = re.compile(rf"(?:ngày\s*)?([0-9]{{1,2}}){_SEP}([0-9]{{1,2}})")
_MONTH_YEAR = re.compile(
    r"(?:tháng|thg|t)?\s*[0-9]{1,2}(?:\s*[/.\-]\s*|\s*,?\s*năm\s*|\s+)[0-9]{4}"
)
_TIME = re.compile(r"[0-9]{1,2}\s*(?:[:hg]|giờ)\s*(?:[0-9]{1,2})?(?::[0-9]{2})?\s*(?:phút|p)?")
_WITHIN = re.compile(
    r"(?<![0-9/.\-])([0-9]{1,2})(?:\s*[/.\-]\s*|\s*tháng\s*)([0-9]{1,2})"
    r"(?:\s*[/.\-]\s*|\s*,?\s*năm\s*)([0-9]{4}|[0-9]{2})(?![0-9])"
)
_DATE_WORDS = re.compile(r"ngày|tháng|thg|năm|giờ|phút|lúc|thứ|[hgtz](?![^\W\d_])")
_LETTER = re.compile(r"[^\W\d_]")
_LONGEST_QUOTED = 40


def words(day: date) -> str:
    """Return a day as dd/mm/yyyy."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def _fault(code: str, message: str, remedy: str, quotable: bool = True) -> Fault:
    return Fault(code, Severity.BLOCKS, message, remedy, quotable)


def quotable(text: str) -> bool:
    """Tell whether a text is a date or number through and through, and no story."""
    return len(text) <= _LONGEST_QUOTED and not _LETTER.search(_DATE_WORDS.sub("", text.lower()))


def not_a_date(text: str, suggestion: date | None) -> Fault:
    """Return the fault of a text that is no date; `suggestion` is what a reader may see in it."""
    remedy = _EXAMPLE
    if suggestion:
        remedy = f"Đề nghị chỉ ghi ngày/tháng/năm; có thể là {words(suggestion)}."
    return _fault("not_a_date", "không phải ngày có thật", remedy, quotable(text))


def time_only(text: str) -> Fault:
    """Return the fault of a time of day without its day."""
    remedy = "Đề nghị ghi cả ngày và giờ, ví dụ 24/02/2021 08:30."
    return _fault("no_day", "chỉ có giờ, thiếu ngày", remedy, quotable(text))


def bad_time(text: str, day: date) -> Fault:
    """Return the fault of a real day with a time that no clock shows."""
    remedy = f"Đề nghị nhập lại ngày và giờ, ví dụ {words(day)} 08:30."
    return _fault("bad_time", "không phải giờ có thật", remedy, quotable(text))


def impossible(text: str, year: int, month: int, day: int) -> Fault:
    """Return the fault of three numbers that are no day: 31/02, or the month before the day."""
    may_quote = quotable(text)
    if month > 12 and 1 <= day <= 12 and year >= 1900 and month <= monthrange(year, day)[1]:
        message = "không phải ngày có thật (có thể là kiểu tháng/ngày)"
        remedy = (
            "Đề nghị nhập lại theo thứ tự ngày/tháng/năm; "
            f"có thể là {words(date(year, day, month))}."
        )
        return _fault("month_first", message, remedy, may_quote)
    remedy = _EXAMPLE
    if 1 <= month <= 12 and year >= 1900:
        last = monthrange(year, month)[1]
        remedy = f"Tháng {month:02}/{year} có {last} ngày. {_EXAMPLE}"
    return _fault("not_a_date", "không phải ngày có thật", remedy, may_quote)


def out_of_window(found: date, earliest: date | None, latest: date | None) -> Fault:
    """Return the fault of a real day that cannot be meant, with the day that may be."""
    likely = _likely(found, earliest, latest)
    remedy = (
        f"Đề nghị kiểm tra lại năm, tháng; có thể là {words(likely)}."
        if likely
        else f"Đề nghị kiểm tra lại năm. {_EXAMPLE}"
    )
    return _fault("out_of_window", f"{_window(earliest, latest)}", remedy)


def _window(earliest: date | None, latest: date | None) -> str:
    if earliest and latest:
        span = f"từ {words(earliest)} đến {words(latest)}"
        return f"ngày nằm ngoài khoảng theo dõi ({span})"
    if earliest:
        return f"ngày sớm hơn {words(earliest)}"
    return f"ngày muộn hơn {words(latest)}" if latest else "năm không thể đúng"


def _inside(day: date, earliest: date | None, latest: date | None) -> bool:
    return (earliest is None or earliest <= day) and (latest is None or day <= latest)


def _likely(found: date, earliest: date | None, latest: date | None) -> date | None:
    """Return the nearest slip: year off by one, day and month swapped, another digit wrong."""
    if earliest is None or latest is None:
        return None
    slips = (day for day in _slips(found, earliest, latest) if _inside(day, earliest, latest))
    return next(slips, None)


def _slips(found: date, earliest: date, latest: date) -> Iterator[date]:
    typed = f"{found.year:04}"
    years = range(max(1, earliest.year), min(latest.year, 9998) + 1)
    alike = sorted(
        years, key=lambda year: -sum(a == b for a, b in zip(typed, f"{year:04}", strict=False))
    )
    for year in (found.year + 1, found.year - 1):
        yield from _real(year, found.month, found.day)
    yield from _real(found.year, found.day, found.month)
    for year in alike[:20]:
        yield from _real(year, found.month, found.day)


def _real(year: int, month: int, day: int) -> Iterator[date]:
    if 1 <= month <= 12 and 1 <= year <= 9999 and 1 <= day <= monthrange(year, month)[1]:
        yield date(year, month, day)


def weekday_differs(day: date) -> Fault:
    """Return the warning that the weekday typed is not that of `day`, which stands."""
    names = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
    message = f"ngày {words(day)} là {names[day.weekday()]}, không khớp thứ đã ghi"
    return Fault("weekday_differs", Severity.WARNS, message, "Đề nghị kiểm tra lại ngày.")


def serial_text(day: date) -> Fault:
    """Return the note that a number typed as text was read as the day Excel means by it."""
    remedy = f"Đã hiểu là {words(day)}; đề nghị kiểm tra và ghi lại theo ngày/tháng/năm."
    return Fault("serial_text", Severity.CORRECTED, "ngày đang ở dạng số của Excel", remedy)


def explain(text: str, earliest: date | None, latest: date | None) -> Fault:
    """Return the fault of a text (normal form) that no accepted form fits."""
    seen = _WITHIN.findall(text)
    if len(seen) > 1:
        remedy = "Đề nghị chỉ ghi một ngày trong ô, ví dụ 24/02/2021."
        return _fault("several_dates", "có nhiều ngày trong một ô", remedy, quotable(text))
    if _MONTH_YEAR.fullmatch(text):
        return _fault("no_day", "thiếu ngày", _EXAMPLE)
    if _TIME.fullmatch(text):
        return time_only(text)
    match = _NO_YEAR.fullmatch(text)
    if match:
        return _no_year(int(match[1]), int(match[2]), earliest, latest)
    return not_a_date(text, _seen(seen, earliest, latest))


def _seen(seen: list[tuple[str, str, str]], first: date | None, last: date | None) -> date | None:
    for d, m, y in seen:
        year = int(y) + 2000 if len(y) == 2 else int(y)
        days = [day for day in _real(year, int(m), int(d)) if _inside(day, first, last)]
        return days[0] if days else None
    return None


def _no_year(day: int, month: int, earliest: date | None, latest: date | None) -> Fault:
    fits: list[date] = []
    if earliest and latest:
        years = range(earliest.year, min(latest.year, earliest.year + 20) + 1)
        days = (found for year in years for found in _real(year, month, day))
        fits = [found for found in days if _inside(found, earliest, latest)]
    remedy = _EXAMPLE
    if 1 <= len(fits) <= 2:
        remedy = f"Đề nghị ghi đủ ngày/tháng/năm; có thể là {' hoặc '.join(map(words, fits))}."
    if not 1 <= month <= 12 or day < 1 or day > 31:
        return _fault("not_a_date", "không phải ngày có thật", _EXAMPLE)
    return _fault("no_year", "thiếu năm", remedy)
