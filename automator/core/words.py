"""How days, deadlines, statuses and reasons read: official Vietnamese, NFC, no accusation.

The office says what it has received ("chưa nhận được"), never what a school failed to do.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from automator.core.deadline import last_day
from automator.core.directive import Obligation
from automator.core.finding import Reason, Status
from automator.core.moment import Moment

NOTHING = "–"
"""Stands where there is no number: no expectation is neither 0% nor 100%."""

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

_STATUS = {
    Status.UPCOMING: "Chưa đến hạn",
    Status.DUE: "Chưa nhận – sắp đến hạn",
    Status.MISSING: "Chưa nhận",
    Status.ON_TIME: "Đã nhận đúng hạn",
    Status.LATE: "Đã nhận sau hạn",
    Status.RETURNED: "Đề nghị bổ sung",
    Status.EXEMPT: "Được miễn",
    Status.UNKNOWN: "Chưa đọc được sổ",
}
_PARTLY = {
    Status.DUE: "Chưa nhận đủ – sắp đến hạn",
    Status.MISSING: "Chưa nhận đủ",
}
_NEUTRAL = {
    Status.UPCOMING: "Chưa nhận",
    Status.DUE: "Chưa nhận",
    Status.MISSING: "Chưa nhận",
    Status.ON_TIME: "Đã nhận",
    Status.LATE: "Đã nhận",
    Status.RETURNED: "Cần bổ sung",
    Status.EXEMPT: "Được miễn",
    Status.UNKNOWN: "Chưa đọc được sổ",  # what was not read is not said to be lacking
}
_REASON = {
    Reason.INCOMPLETE: "Còn thiếu thông tin",
    Reason.PARTIAL: "Mới có {have}/{need}",
    Reason.IN_GRACE: "Trong thời gian châm chước",
    Reason.NAMED_DAY: "Trong ngày mốc{named}",
    Reason.EXTENDED: "Được gia hạn",
    Reason.UNCONFIRMED: "Nhà trường đã ghi, chờ Phòng xác nhận",
    Reason.BACKDATED: "Ngày ghi sớm hơn ngày hệ thống thấy dòng",
    Reason.EDITED: "Có điều chỉnh thông tin sau hạn",
    Reason.WITHDRAWN: "Dòng đã ghi không còn trong sổ",
    Reason.DUPLICATE: "Có nhiều dòng cho cùng một nội dung",
}


def weekday_words(day: date) -> str:
    """Return the weekday as inside a sentence: "thứ Tư", "Chủ nhật"."""
    return _WEEKDAYS[day.weekday()]


def day_words(day: date) -> str:
    """Return a day as "24/02/2021"."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def short_day_words(day: date) -> str:
    """Return a day without its year, "24/02"."""
    return f"{day.day:02}/{day.month:02}"


def long_day_words(day: date) -> str:
    """Return a day as "thứ Tư, ngày 24/02/2021"."""
    return f"{weekday_words(day)}, ngày {day_words(day)}"


def instant_words(instant: datetime, zone: ZoneInfo | None = None) -> str:
    """Return an instant as "07:00 ngày 26/02/2021", in `zone` (None: the zone it carries)."""
    local = instant.astimezone(zone) if zone else instant
    return f"{local.hour:02}:{local.minute:02} ngày {day_words(local)}"


def moment_words(moment: Moment) -> str:
    """Return what a person typed: "08:30 ngày 24/02/2021", or "ngày 24/02/2021" of a day."""
    return instant_words(moment.instant) if moment.timed else f"ngày {day_words(moment.day)}"


def last_day_words(day: date, cutoff: time | None = None) -> str:
    """Return the last good day: "hết thứ Tư, ngày 24/02/2021", or "17:00 thứ Tư, ngày …"."""
    until = f"{cutoff.hour:02}:{cutoff.minute:02}" if cutoff else "hết"
    return f"{until} {long_day_words(day)}"


@lru_cache(maxsize=4096)  # thousands of instances share a few deadlines
def until_words(due_before: datetime, zone: ZoneInfo) -> str:
    """Return a deadline by its last good day: `last_day_words` with the hour where it has one."""
    local = due_before.astimezone(zone)
    at_midnight = local.time() == time()
    return last_day_words(last_day(local, zone), None if at_midnight else local.time())


def due_words(
    obligation: Obligation, due_before: datetime, zone: ZoneInfo, extended: bool = False
) -> str:
    """Return a deadline as people are shown it: always with the last good day.

    `before`: "trước ngày 25/02/2021, tức hết thứ Tư, ngày 24/02/2021"; `by` and recurring:
    "chậm nhất hết thứ Sáu, ngày 05/03/2021"; event: "chậm nhất 08:30 ngày 26/02/2021";
    extended: "gia hạn đến hết thứ Hai, ngày 01/03/2021". `due_before` counts, not the
    obligation's own day, so a moved deadline reads right.
    """
    until = until_words(due_before, zone)
    if extended:
        return f"gia hạn đến {until}"
    if obligation.within is not None:
        return f"chậm nhất {_end_words(due_before.astimezone(zone))}"
    named = obligation.before
    if named is None or named != last_day(due_before, zone) + timedelta(days=1):
        return f"chậm nhất {until}"
    joined = "tức" if until.startswith("hết") else "tức chậm nhất"
    return f"trước ngày {day_words(named)}, {joined} {until}"


def _end_words(due_before: datetime) -> str:
    """Return the end of a clock; midnight is the 24:00 of the day that is still good."""
    if due_before.time() == time():
        return f"24:00 ngày {day_words(due_before - timedelta(days=1))}"
    return instant_words(due_before)


def status_words(
    status: Status,
    reasons: Collection[Reason] = (),
    *,
    named: date | None = None,
    today: date | None = None,
) -> str:
    """Return a status for people.

    `named` is the day that "trước ngày" names and `today` now's local day: while they are
    the same, what is missing reads "Chưa nhận (ngày mốc 25/02)", and so does, with the reason
    `named_day`, what came on it. With `partial` what is open reads "Chưa nhận đủ".
    """
    words = _PARTLY.get(status, _STATUS[status]) if Reason.PARTIAL in reasons else _STATUS[status]
    waits = status is Status.MISSING and named is not None and named == today
    came = status is Status.LATE and Reason.NAMED_DAY in reasons
    if named is not None and (waits or came):
        return f"{words} (ngày mốc {short_day_words(named)})"
    return words


def neutral_words(status: Status) -> str:
    """Return a status as every school may read it of every other: received or not yet."""
    return _NEUTRAL[status]


def reason_words(reason: Reason, *, have: int = 0, need: int = 1, named: date | None = None) -> str:
    """Return a reason for people. `have` of `need` for `partial`, the `named` day's date."""
    day = f" {short_day_words(named)}" if named else ""
    return _REASON[reason].format(have=have, need=need, named=day)


def span_words(span: timedelta) -> str:
    """Return a length of time to the minute: "3 giờ 20 phút", "1 ngày 2 giờ", "45 phút".

    From a day on, minutes are left out; what is less than a minute reads "chưa đến 1 phút".
    """
    minutes = int(span / timedelta(minutes=1))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{days} ngày"] if days else []
    parts += [f"{hours} giờ"] if hours else []
    parts += [f"{rest} phút"] if rest and not days else []
    return " ".join(parts) or "chưa đến 1 phút"


def late_words(span: timedelta | None, received: bool) -> str:
    """Return by how much something came late ("muộn 3 giờ 20 phút") or is ("quá hạn …")."""
    if span is None:
        return ""
    return f"{'muộn' if received else 'quá hạn'} {span_words(span)}"


def percent_words(share: float | None) -> str:
    """Return a share 0..1 as "92,5%", "–" where nothing was expected.

    Rounded to a tenth, but while one school of thousands is late it never reads "100%".
    """
    if share is None:
        return NOTHING
    tenths = int(share * 1000 + 0.5 + 1e-9)
    whole, tenth = divmod(min(tenths, 999) if share < 1 else tenths, 10)
    return f"{whole},{tenth}%" if tenth else f"{whole}%"


def count_words(number: int) -> str:
    """Return a count as an office writes it: "01", "12", "1.234"."""
    return f"{number:02,}".replace(",", ".")
