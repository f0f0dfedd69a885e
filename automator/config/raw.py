"""Careful looks into the raw TOML: what has the wrong type is as good as absent."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from automator.config import fields
from automator.config.faults import Fault, Place

Raw = Mapping[str, Any]
Rule = Callable[[Raw], Iterator[Fault]]
"""One check across keys: the whole raw file -> its faults."""


def table(raw: Raw, *names: str) -> Raw:
    """Return the table at the dotted `names`, an empty one where there is none."""
    for name in names:
        found = raw.get(name)
        raw = found if isinstance(found, Mapping) else {}
    return raw


def tables(raw: Raw, name: str) -> Iterator[tuple[Place, Raw]]:
    """Yield each [[name]] with its place."""
    for number, each in enumerate(listed(raw, name)):
        if isinstance(each, Mapping):
            yield (name, number), each


def listed(raw: Raw, name: str) -> list[Any]:
    """Return a list, an empty one where there is none."""
    found = raw.get(name)
    return found if isinstance(found, list) else []


def text(raw: Raw, name: str) -> str:
    """Return a text value, "" where there is none."""
    found = raw.get(name)
    return found if isinstance(found, str) else ""


def texts(raw: Raw, name: str) -> list[tuple[int, str]]:
    """Return the texts of a list with their places."""
    return [(n, each) for n, each in enumerate(listed(raw, name)) if isinstance(each, str)]


def day(raw: Raw, name: str) -> date | None:
    """Return a day, None where there is none or it is no day."""
    try:
        return fields.day(raw.get(name))
    except ValueError:
        return None


def in_order(place: Place, each: Raw, first: str, last: str) -> Iterator[Fault]:
    """Yield a fault where the day `last` lies before the day `first`."""
    start, end = day(each, first), day(each, last)
    if start and end and end < start:
        yield Fault((*place, last), f"expected a day that is not before `{first}` ({start})")


def ids(raw: Raw, name: str) -> set[str]:
    """Return the ids of all [[name]]."""
    return {text(each, "id") for _, each in tables(raw, name)} - {""}


def doubles(raw: Raw, name: str, field: str, canon: Callable[[str], str]) -> Iterator[Fault]:
    """Yield a fault for each [[name]] whose `field` an earlier one has already.

    Two that are never valid on the same day (`valid_from`, `valid_to`) are one after the other.
    """
    seen: dict[str, list[tuple[int, Raw]]] = {}
    for place, each in tables(raw, name):
        value = canon(text(each, field))
        earlier = seen.setdefault(value, [])
        first = next((n for n, other in earlier if value and _meet(each, other)), None)
        if first is not None:
            there = f"{name}[{first + 1}]"
            yield Fault((*place, field), f"expected another one: {there} has it already")
        earlier.append((int(place[1]), each))


def _meet(one: Raw, other: Raw) -> bool:
    """Tell whether there is a day on which both are valid."""
    starts = [day(each, "valid_from") or date.min for each in (one, other)]
    ends = [day(each, "valid_to") or date.max for each in (one, other)]
    return max(starts) <= min(ends)
