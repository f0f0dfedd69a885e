"""One value of config.toml -> a core value. Each raises ValueError that says what is expected."""

import re
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from automator.core.contacts import valid_email
from automator.core.directive import Offset, Span
from automator.core.layout import INPUT_TABS, Writer
from automator.core.names import key
from automator.core.sheet_settings import spreadsheet_id

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_UNITS = {
    "s": "seconds",
    "second": "seconds",
    "min": "minutes",
    "minute": "minutes",
    "h": "hours",
    "hour": "hours",
    "day": "days",
    "week": "weeks",
    "working day": "working days",
}
_DURATION = re.compile(r"(\d{1,5}) ?([a-z]+(?: [a-z]+)?)")
_CLOCK = re.compile(r"(\d\d?):(\d\d)")
_HOURS = re.compile(r"(\d{1,4}) ?h")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]+")
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def _expected(what: str) -> ValueError:
    return ValueError(f"expected {what}")


def nearest(word: str, known: "tuple[str, ...] | list[str]") -> str:
    """Return '; did you mean "…"?' for the known word nearest to `word`, "" if none is near."""
    by_key = {key(k): k for k in known}
    found = get_close_matches(key(word), list(by_key), n=1, cutoff=0.5)
    return f'; did you mean "{by_key[found[0]]}"?' if found else ""


def day(value: Any) -> date:
    """Read a TOML date or an ISO string as a day."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    what = "a day that exists, written year-month-day without a time, such as 2021-02-25"
    raise _expected(what)


def clock(value: Any) -> time:
    """Read a local time of day: "07:00" or a TOML time, whole minutes."""
    if isinstance(value, time) and not value.second and not value.microsecond:
        return value
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found and int(found[1]) < 24 and int(found[2]) < 60:
        return time(int(found[1]), int(found[2]))
    what = 'a time of day such as "07:00"'
    raise _expected(what)


def cutoff(value: Any) -> time:
    """Read a closing hour; "24:00" is the end of the day, which core writes 00:00."""
    return time() if value == "24:00" else clock(value)


def _amount_and_unit(value: Any) -> tuple[int, str] | None:
    found = _DURATION.fullmatch(" ".join(value.split()).lower()) if isinstance(value, str) else None
    if not found:
        return None
    unit = _UNITS.get(found[2]) or _UNITS.get(found[2].removesuffix("s"))
    return (int(found[1]), unit) if unit else None


def duration(value: Any) -> timedelta:
    """Read a duration on the clock: "30min", "24h", "2 days"."""
    found = _amount_and_unit(value)
    if found is None or found[1] == "working days":
        what = 'a duration with its unit, such as "30min", "24h" or "2 days"'
        raise _expected(what)
    return timedelta(**{found[1]: found[0]})


def positive_duration(value: Any) -> timedelta:
    """Read a duration on the clock that is longer than nothing."""
    found = duration(value)
    if not found:
        what = "a duration longer than nothing"
        raise _expected(what)
    return found


def span(value: Any) -> Span:
    """Read a duration on the clock or in working days: "2 working days"."""
    amount, unit = _amount_and_unit(value) or (0, "")
    if unit == "weeks":
        return Span(7 * amount, "days")
    if unit in ("", "seconds"):
        what = 'a duration with its unit, such as "24h", "2 days" or "2 working days"'
        raise _expected(what)
    return Span(amount, unit)


def offset(value: Any) -> Offset:
    """Read a rung: a number of working days, or hours as "6h"."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 365:
        return Offset(value)
    found = _HOURS.fullmatch(value.strip()) if isinstance(value, str) else None
    if found and int(found[1]):
        return Offset(int(found[1]), hours=True)
    what = 'a number of working days from 1 to 365, or hours such as "6h"'
    raise _expected(what)


def on_day(value: Any) -> int:
    """Read the day on which a recurring report is due; a weekday's name is its ISO number."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 31:
        return value
    if isinstance(value, str) and value.lower() in WEEKDAYS:
        return WEEKDAYS.index(value.lower()) + 1
    what = 'a day of the month from 1 to 31, or for weeks a weekday such as "Tuesday" (or 1 to 7)'
    raise _expected(what)


def weekday_and_time(value: Any) -> tuple[int, time]:
    """Read "Monday 07:00" as the ISO weekday and the local time."""
    words = value.split() if isinstance(value, str) else []
    if len(words) == 2 and words[0].lower() in WEEKDAYS:
        return WEEKDAYS.index(words[0].lower()) + 1, clock(words[1])
    what = 'an English weekday and a time, such as "Monday 07:00"'
    raise _expected(what)


def quiet(value: Any) -> tuple[time, time]:
    """Read the quiet hours: two times, from and to."""
    if isinstance(value, list) and len(value) == 2:
        return clock(value[0]), clock(value[1])
    what = 'two times of day, from and to, such as ["20:00", "06:00"]'
    raise _expected(what)


def zone(value: Any) -> ZoneInfo:
    """Read the name of a time zone."""
    try:
        if isinstance(value, str) and value:
            return ZoneInfo(value)
    except (ValueError, OSError, KeyError):  # an unknown zone is a KeyError, "a/.." a ValueError
        pass
    what = 'the name of a time zone such as "Asia/Ho_Chi_Minh"'
    raise _expected(what)


def country(value: Any) -> str:
    """Read the country whose public holidays count; "" for weekends only."""
    if value in ("", "VN"):
        return str(value)
    import holidays  # slow to import, and needed only where it is another country

    if isinstance(value, str) and value in holidays.list_supported_countries():
        return str(value)
    what = 'a country of the package `holidays` by its two letters, such as "VN", or ""'
    raise _expected(what)


def address(value: Any) -> str:
    """Read one bare mail address; no name before it, no line break in it."""
    if isinstance(value, str) and valid_email(value):
        return value
    what = 'one bare mail address such as "vanthu@phong.example": one @, no space, a dot after it'
    raise _expected(what)


def domain(value: Any) -> str:
    """Read a mail domain, in lower case and ASCII; an @ before it is not part of it."""
    if isinstance(value, str) and _DOMAIN.fullmatch(found := _in_ascii(value.removeprefix("@"))):
        return found.lower()
    what = 'a mail domain such as "pgdthuthua.edu.vn"'
    raise _expected(what)


def _in_ascii(name: str) -> str:
    """Return a domain as addresses write it ("xn--…"), "" where there is no such form."""
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def variable(value: Any) -> str:
    """Read the name of an environment variable."""
    if isinstance(value, str) and _VARIABLE.fullmatch(value):
        return value
    what = "the NAME of an environment variable (capitals, digits, _), never the password itself"
    raise _expected(what)


def identifier(value: Any) -> str:
    """Read an id: letters, digits, dot, hyphen and underscore."""
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    what = "an id of letters without accents, digits, '-', '.' and '_', in quotes"
    raise _expected(what)


def tab_key(value: Any) -> str:
    """Read a tab that schools fill in, by its key ("plans") or its title ("Kế hoạch")."""
    tabs = [t for t in INPUT_TABS if t.writer is Writer.SCHOOLS]
    names = [name for t in tabs for name in (t.key, t.title)]
    if isinstance(value, str):
        for tab in tabs:
            if key(value) in (key(tab.title), tab.key):
                return tab.key
    what = f"a tab that schools fill in: {', '.join(t.title for t in tabs)}"
    raise _expected(what + (nearest(value, names) if isinstance(value, str) else ""))


def text(value: Any) -> str:
    """Read text of one line that is not blank."""
    if isinstance(value, str) and value.strip() and value.isprintable():
        return value.strip()
    what = "text of one line, not blank"
    raise _expected(what)


def line(value: Any) -> str:
    """Read text of one line, or "" where it is not known."""
    return "" if value == "" else text(value)


def sheet(value: Any) -> str:
    """Read a spreadsheet's id; of a sheet's link it is taken out."""
    found = spreadsheet_id(value) if isinstance(value, str) and value.isprintable() else ""
    if found:
        return found
    what = "the sheet's id, which stands in its link: /d/ID/edit"
    raise _expected(what)


def endpoint(value: Any) -> str:
    """Read the address, on this machine, of a server that stands in for Google's.

    Anywhere else it could read the sheet with the account's token.
    """
    parts = _split(value)
    local = parts and parts.hostname in LOOPBACK and not parts.username
    if local and parts.scheme in ("http", "https"):
        return str(value).rstrip("/")
    what = 'an address on this machine, such as "http://127.0.0.1:8080"'
    raise _expected(what)


def ledger_url(value: Any) -> str:
    """Read a file's path or an SQLAlchemy URL; a password in it is refused."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        what = 'a file such as "automator.db" or a URL such as "postgresql+psycopg://host/name"'
        raise _expected(what)
    parts = _split(value) if "://" in value else None
    if parts and (parts.password is not None or "password=" in parts.query.lower()):
        what = "no password in the URL: put it into PGPASSWORD, ~/.pgpass or ?passfile=FILE"
        raise _expected(what)
    return value.strip()


def _split(value: Any) -> Any:
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        _ = parts and (parts.hostname, parts.port)  # both may raise
    except ValueError:
        return None
    return parts
