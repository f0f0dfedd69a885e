"""Filters for the mail templates: how days, shares, titles and links stand in a mail."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from automator.core.words import (
    NOTHING,
    count_words,
    day_words,
    instant_words,
    long_day_words,
    percent_words,
)

WEB_LINK = re.compile(r"https?://[\w.-]+(:\d+)?([/?#]\S*)?", re.ASCII)


def lower_first(text: str) -> str:
    """Return a title inside a sentence: "Kế hoạch năm 2021" gives "kế hoạch năm 2021".

    An abbreviation at the beginning ("ANTQ") stays.
    """
    head = text.split(" ", 1)[0]
    return text if len(head) > 1 and head.isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Return `text` with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def web_link(text: str) -> str:
    """Return `text` if it is an http(s) address, else "": nothing else becomes a link."""
    return text if WEB_LINK.fullmatch(text) else ""


def full_stop(text: str) -> str:
    """Return a sentence with its full stop, whether it came with one or not."""
    return text if not text or text[-1] in ".!?…" else text + "."


def or_dash(value: Any) -> Any:
    """Return `value`, "–" where there is none."""
    return NOTHING if value is None or value == "" else value


def filters(zone: ZoneInfo) -> Mapping[str, Callable[..., Any]]:
    """Return the filters by name; instants are shown in `zone`."""

    def local_day(value: date) -> str:
        return day_words(value.astimezone(zone) if isinstance(value, datetime) else value)

    return {
        "day": local_day,
        "long_day": long_day_words,
        "instant": lambda value: instant_words(value, zone),
        "percent": percent_words,
        "count": count_words,
        "lower_first": lower_first,
        "upper_first": upper_first,
        "web_link": web_link,
        "full_stop": full_stop,
        "or_dash": or_dash,
    }
