"""The instants of the runs that `[schedule]` names."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from automator.config import Schedule


def run_times(schedule: "Schedule", zone: ZoneInfo, first: date, last: date) -> Iterator[datetime]:
    """Yield the instants of the runs on the days from `first` to `last`, both included.

    The daily run, that of `chase_from` where the office has set it, and on the digest's weekday
    that of the digest where it has its own time.
    """
    day = first
    while day <= last:
        times = {schedule.daily, schedule.chase_from or schedule.daily}
        if day.isoweekday() == schedule.digest_weekday:
            times.add(schedule.digest_at)
        yield from (datetime.combine(day, at, zone) for at in sorted(times))
        day += timedelta(days=1)
