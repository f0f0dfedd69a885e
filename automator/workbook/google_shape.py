"""What a spreadsheet is without its cells: its tabs, their grids and protection, its settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from automator.core.names import key
from automator.core.problem import Problem, Severity

FIELDS = (
    "properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,sheetType,gridProperties(rowCount,columnCount,frozenRowCount)),"
    "protectedRanges(protectedRangeId,range))"
)
WHOLE = "Sổ"
"""What stands in place of a tab where a fault is one of the whole workbook."""
_BOUNDS = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
_OFFSET = re.compile(r"(?:GMT|UTC)([+-])(\d{1,2}):?(\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleTab:
    """One tab: its id (gid), its grid, and whether it is protected as a whole.

    `grid` is False for one of another kind (a chart): it has no cells.
    """

    id: int
    title: str
    rows: int = 0
    columns: int = 0
    frozen: int = 0
    protected: bool = False
    grid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One spreadsheet: its tabs in order, its locale ("vi_VN") and its time zone."""

    title: str
    locale: str
    zone: str
    tabs: tuple[GoogleTab, ...]

    def named(self, title: str) -> GoogleTab | None:
        """Return the first tab of a title, written in any way that people may write it."""
        return next((t for t in self.tabs if t.grid and key(t.title) == key(title)), None)


def shape(answer: Mapping[str, Any]) -> Shape:
    """Return the shape that an answer to the mask `FIELDS` describes. What is 0 is left out."""
    said = answer.get("properties", {})
    return Shape(
        title=said.get("title", ""),
        locale=said.get("locale", ""),
        zone=said.get("timeZone", ""),
        tabs=tuple(_tab(each) for each in answer.get("sheets", [])),
    )


def _tab(sheet: Mapping[str, Any]) -> GoogleTab:
    said = sheet.get("properties", {})
    grid = said.get("gridProperties", {})
    ranges = [each.get("range", {}) for each in sheet.get("protectedRanges", [])]
    return GoogleTab(
        id=said.get("sheetId", 0),
        title=said.get("title", ""),
        rows=grid.get("rowCount", 0),
        columns=grid.get("columnCount", 0),
        frozen=grid.get("frozenRowCount", 0),
        protected=any(not set(_BOUNDS) & set(each) for each in ranges),
        grid=said.get("sheetType", "GRID") == "GRID" and grid.get("columnCount", 0) > 0,
    )


def settings(found: Shape, zone: ZoneInfo, country: str, now: datetime) -> tuple[Problem, ...]:
    """Return how the spreadsheet's own time zone and locale differ from those of the config.

    The locale decides what Google makes of "03/02/2021": in en_US it is the 2nd of March.
    """
    faults = []
    if found.zone and not _same_hours(found.zone, zone, now):
        faults.append(
            _setting(
                "time_zone_differs",
                f"múi giờ của bảng tính là {found.zone}, của hệ thống là {zone}",
                f"Đề nghị chọn Tệp > Cài đặt > Múi giờ: {zone}.",
            )
        )
    if found.locale and country and not _of_country(found.locale, country):
        faults.append(
            _setting(
                "locale_differs",
                f"ngôn ngữ, khu vực của bảng tính là {found.locale}: ngày nhập vào có thể bị"
                " đảo ngày và tháng",
                "Đề nghị chọn Tệp > Cài đặt > Ngôn ngữ: Việt Nam, rồi kiểm tra các ngày đã nhập."
                if country == "VN"
                else "Đề nghị chọn lại trong Tệp > Cài đặt, rồi kiểm tra các ngày đã nhập.",
            )
        )
    return tuple(faults)


def _setting(code: str, message: str, remedy: str) -> Problem:
    return Problem(
        tab=WHOLE, cell=None, code=code, severity=Severity.WARNS, message=message, remedy=remedy
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
