"""Days, instants and counts as the operator reads them."""

from datetime import date, datetime, timedelta

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day_words(day: date) -> str:
    """Return a day as the operator reads it: "Fri 26/02/2021"."""
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"


def instant_words(at: datetime) -> str:
    """Return an instant as the operator reads it: "Fri 26/02/2021 07:00"."""
    return f"{day_words(at.date())} {at:%H:%M}"


def counted(number: int, word: str) -> str:
    """Return a count with its word: "1 mail", "2 mails"."""
    return f"{number} {word}" + ("" if number == 1 else "s")


def in_words(span: timedelta) -> str:
    """Return a duration as config writes it: "2 days", "24h", "30min"."""
    minutes = int(span / timedelta(minutes=1))
    if minutes and minutes % (24 * 60) == 0:
        return counted(minutes // (24 * 60), "day")
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}min"
