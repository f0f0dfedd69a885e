"""An instant that a person typed: with a time of day, or a whole day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """An aware instant; `timed` is False where only a day was typed (then 00:00 of that day).

    Comparing `instant < due_before` is the day comparison too: a day's 00:00 lies before a
    half-open bound exactly when the day is at most the last good day.
    """

    instant: datetime
    timed: bool = True

    @classmethod
    def of_day(cls, day: date, zone: ZoneInfo) -> "Moment":
        """Return the whole `day` in `zone`."""
        return cls(datetime.combine(day, time(), zone), timed=False)

    @property
    def day(self) -> date:
        """The local day, in the zone that the instant carries."""
        return self.instant.date()

    @property
    def clock_start(self) -> datetime:
        """Where a clock of hours starts: the instant, or the end of a day without a time."""
        return self.instant if self.timed else self.instant + timedelta(days=1)
