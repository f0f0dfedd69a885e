"""Days, instants and counts as the operator reads them."""

from datetime import date, datetime

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
