"""Deadlines as an iCalendar file (RFC 5545): one event on each last good day, with an alarm."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any

PRODUCT = "-//Automator//Lịch các hạn//VI"
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One deadline in a calendar. Words are Vietnamese.

    `key` is the instance's: its UID stays, so a calendar that reads the file anew moves the
    event instead of doubling it. `at`: the last good day, or the instant (aware) at which the
    office closes on it. `alarm`: when a reader is reminded (aware). `cancelled`: nothing is
    owed any more, and a calendar that holds the event strikes it out.
    """

    key: str
    at: date | datetime
    summary: str
    description: str
    alarm: datetime | None = None
    cancelled: bool = False


def to_ical(events: Iterable[Event], *, name: str, source: str, now: datetime) -> bytes:
    """Return the calendar `name` as UTF-8 with CRLF, lines folded at 75 octets.

    `source`: what the keys are unique in, such as the workbook's id. `now` (aware) is the
    DTSTAMP of every event: same input, same bytes.
    """
    from icalendar import Calendar

    chosen = list(events)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for zone in _zones(chosen):
        calendar.add_component(zone)
    for event in chosen:
        calendar.add_component(_event(event, source, now))
    return bytes(calendar.to_ical())


def uid(source: str, key: str) -> str:
    """Return the UID of an event: it depends on `source` and `key` alone, and names nobody."""
    digest = blake2b(f"{source}\n{key}".encode(), digest_size=16).hexdigest()
    return f"{digest}@automator.example"


def _zones(events: list[Event]) -> list[Any]:
    """Return a VTIMEZONE for the zone of each event that has a time."""
    from icalendar import Timezone

    timed = [e.at for e in events if isinstance(e.at, datetime)]
    keys = sorted({str(at.tzinfo) for at in timed})
    if not keys:
        return []
    first, end = date(min(timed).year, 1, 1), date(max(timed).year + 1, 1, 1)
    return [Timezone.from_tzid(key, first_date=first, last_date=end) for key in keys]


def _event(event: Event, source: str, now: datetime) -> Any:
    from icalendar import Event as Component

    component = Component()
    component.add("uid", uid(source, event.key))
    component.add("dtstamp", now.astimezone(UTC))
    component.add("dtstart", event.at)
    if not isinstance(event.at, datetime):
        component.add("dtend", event.at + _A_DAY)
    component.add("summary", event.summary)
    component.add("description", event.description)
    component.add("transp", "TRANSPARENT")
    component.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    if event.alarm is not None and not event.cancelled:
        component.add_component(_alarm(event, event.alarm))
    return component


def _alarm(event: Event, at: datetime) -> Any:
    """Return the reminder; relative to the start, for not every program knows instants."""
    from icalendar import Alarm

    start = event.at
    if not isinstance(start, datetime):
        start = datetime(start.year, start.month, start.day, tzinfo=at.tzinfo)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", event.summary)
    alarm.add("trigger", at - start)
    return alarm
