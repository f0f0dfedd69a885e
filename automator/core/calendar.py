"""Working days of the office and school days of the pupils, in one local zone.

Public holidays and their make-up Saturdays come from the package `holidays`; `off` and
`work` of the configuration win over it, because swaps are announced later than a package is
released (it misses that of 02/01/2026 with 10/01/2026).
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The local calendar: which days the office works, on which of them pupils are at school.

    `zone` is the zone of every local day. `off` and `work` override the package `holidays`
    for `country` (ISO 3166; "" for weekends only); a day in both is a contradiction and
    raises ValueError. `breaks` are school breaks, both ends inclusive; they matter to
    `is_school_day` only. Hashable: it can be the key of a cache.
    """

    zone: ZoneInfo
    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    breaks: tuple[tuple[date, date], ...] = ()
    country: str = "VN"
    # Working days by year, built at the first question about a year: a memo, not state.
    _years: dict[int, frozenset[date]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _ordered: dict[int, tuple[date, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        both = sorted(self.off & self.work)
        if both:
            msg = f"both off and working: {', '.join(map(str, both))}"
            raise ValueError(msg)

    def is_working_day(self, day: date) -> bool:
        """Tell whether the office works on `day` (make-up Saturdays included)."""
        known = self._years.get(day.year)
        return day in (self._working_days(day.year) if known is None else known)

    def is_school_day(self, day: date) -> bool:
        """Tell whether `day` is a working day outside every school break."""
        return self.is_working_day(day) and not any(a <= day <= b for a, b in self.breaks)

    def next_working_day(self, day: date) -> date:
        """Return the first working day from `day` on (`day` itself if it is one)."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def previous_working_day(self, day: date) -> date:
        """Return the last working day up to `day` (`day` itself if it is one)."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def shift_working_days(self, day: date, amount: int) -> date:
        """Return the `amount`-th working day after `day` (before it, where negative).

        `day` itself is not counted, working or not; 0 gives `day`.
        """
        step = ONE_DAY if amount > 0 else -ONE_DAY
        for _ in range(abs(amount)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days d with start < d <= end (0 where `end` is not later)."""
        if end <= start:
            return 0
        years = [self._in_order(year) for year in range(start.year, end.year + 1)]
        return sum(bisect_right(days, end) - bisect_right(days, start) for days in years)

    def known(self, year: int) -> bool:
        """Tell whether the days off of `year` are settled, and not a projection.

        They are up to the last year whose swapped days the package knows, and in each year
        for which the configuration names a day.
        """
        if any(day.year == year for day in self.off | self.work):
            return True
        first, last = _known_years(self.country)
        return first <= year <= last

    def _in_order(self, year: int) -> tuple[date, ...]:
        if year not in self._ordered:
            days = self._years.get(year) or self._working_days(year)
            self._ordered[year] = tuple(sorted(day for day in days if day.year == year))
        return self._ordered[year]

    def _working_days(self, year: int) -> frozenset[date]:
        days = self._years[year] = (_package_days(self.country, year) | self.work) - self.off
        return days


def unknown_years(calendar: Calendar, years: Iterable[int]) -> tuple[int, ...]:
    """Return those of `years`, sorted and once each, whose days off are not settled yet."""
    return tuple(year for year in sorted(set(years)) if not calendar.known(year))


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return 00:00 of `day` in `zone`."""
    return datetime.combine(day, time(), zone)


def later(instant: datetime, span: timedelta) -> datetime:
    """Return the instant `span` of elapsed time later (earlier, where negative), same zone.

    Python adds to an aware datetime on the wall clock; across a change of the clocks that is
    not the time that has passed.
    """
    return (instant.astimezone(UTC) + span).astimezone(instant.tzinfo)


def day_off_name(day: date, calendar: Calendar) -> str:
    """Return why the office is closed on `day`: the holiday's name, "weekend" or "by config"."""
    if day in calendar.off:
        return "off by config"
    found = _holidays(calendar.country, (day.year,)) if calendar.country else {}
    return str(found.get(day) or "weekend")


@cache
def _package_days(country: str, year: int) -> frozenset[date]:
    """Return the working days of `year` as the package knows them."""
    # The years beside it: a swap may reach over New Year (31/12/2018 with 05/01/2019).
    found = _holidays(country, range(year - 1, year + 2)) if country else None
    first = date(year, 1, 1).toordinal()
    days = (date.fromordinal(n) for n in range(first, date(year, 12, 31).toordinal() + 1))
    if found is None:
        return frozenset(day for day in days if day.isoweekday() <= 5)
    return frozenset(day for day in days if found.is_working_day(day))


@cache
def _known_years(country: str) -> tuple[int, int]:
    """Return the first and the last year whose days off the package knows for certain."""
    if not country:
        return date.min.year, date.max.year
    found = _holidays(country, ())
    swaps: dict[int, object] = getattr(found, "special_public_holidays", None) or {}
    return found.start_year, max(swaps, default=found.end_year)


def _holidays(country: str, years: Iterable[int]) -> Any:
    """Return the package's own calendar. Raises ValueError for an unknown country."""
    import holidays  # slow to import, and not needed to read a workbook

    try:
        return holidays.country_holidays(country, years=tuple(years))
    except NotImplementedError as error:
        msg = f"the package holidays does not know the country {country!r}"
        raise ValueError(msg) from error
