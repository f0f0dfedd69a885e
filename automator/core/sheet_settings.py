"""A spreadsheet's id, and whether its time zone and locale agree with the configuration's."""

import re
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from automator.core.problem import Problem, Severity

WHOLE = "Sổ"
"""What stands in place of a tab where a fault is one of the whole workbook."""
_ID = re.compile(r"[A-Za-z0-9_-]+")
_LINK = re.compile(
    r"https?://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/([A-Za-z0-9_-]+)(?:[/?#].*)?"
)
_OFFSET = re.compile(r"(?:GMT|UTC)([+-])(\d{1,2}):?(\d\d)")


def spreadsheet_id(text: str) -> str:
    """Return the id that `text`, an id or a sheet's link, names; "" if it names none.

    The link of a sheet published to the web (…/d/e/2PACX-…) has no id of the sheet in it.
    """
    said = text.strip()
    link = _LINK.fullmatch(said)
    if link:
        return "" if link[1] == "e" else link[1]
    return said if _ID.fullmatch(said) else ""


def settings(
    locale: str, zone_name: str, *, zone: ZoneInfo, country: str, now: datetime
) -> tuple[Problem, ...]:
    """Return how a sheet's `locale` ("vi_VN") and `zone_name` differ from `country` and `zone`.

    What the sheet does not say ("") differs from nothing; without a country ("") no locale does.
    """
    faults: list[Problem] = []
    if zone_name and not _same_hours(zone_name, zone, now):
        faults.append(_zone_differs(zone_name, zone))
    if locale and country and not _of_country(locale, country):
        faults.append(_locale_differs(locale, country))
    return tuple(faults)


def _zone_differs(name: str, zone: ZoneInfo) -> Problem:
    return Problem(
        tab=WHOLE,
        cell=None,
        code="time_zone_differs",
        severity=Severity.WARNS,
        message=f"múi giờ của bảng tính là {name}, của hệ thống là {zone}",
        remedy=f"Đề nghị chọn Tệp > Cài đặt > Múi giờ: {zone}.",
    )


def _locale_differs(locale: str, country: str) -> Problem:
    """The locale decides what a sheet makes of 03/02/2021: in en_US it is the 2nd of March."""
    wanted = "Việt Nam" if country == "VN" else country
    return Problem(
        tab=WHOLE,
        cell=None,
        code="locale_differs",
        severity=Severity.WARNS,
        message=f"khu vực của bảng tính là {locale}: ngày nhập vào có thể bị đảo ngày và tháng",
        remedy=f"Đề nghị chọn Tệp > Cài đặt > Khu vực: {wanted}, rồi kiểm tra các ngày đã nhập.",
    )


def _same_hours(name: str, zone: ZoneInfo, now: datetime) -> bool:
    """Tell whether two zones show the same hours this year: Asia/Bangkok will do for Hà Nội."""
    other = _zone(name)
    if other is None:
        return False
    days = (now.replace(month=month, day=1) for month in (1, 4, 7, 10))
    return all(d.astimezone(other).utcoffset() == d.astimezone(zone).utcoffset() for d in days)


def _zone(name: str) -> tzinfo | None:
    match = _OFFSET.fullmatch(name)
    if match:
        offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
        return timezone(-offset if match[1] == "-" else offset)
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


def _of_country(locale: str, country: str) -> bool:
    language, _, region = locale.replace("-", "_").partition("_")
    return region.upper() == country or (not region and (language, country) == ("vi", "VN"))
