"""What an argument of the command line names: a school, a scope, an obligation, a day."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from automator.core import cells
from automator.core.calendar import ONE_DAY, start_of_day
from automator.core.directive import Directive, Obligation
from automator.core.moment import Moment
from automator.core.names import key
from automator.core.period_cells import parse_any
from automator.core.readers import EVERYONE
from automator.core.register import Register, School
from automator.core.schools import RosterIndex
from automator.core.units import AMBIGUOUS_UNIT, AreaIndex
from automator.errors import ConfigError

_EVERYONE = frozenset(map(key, ("*", "all", "tất cả", "tất cả các trường", "toàn huyện")))


def school(schools: Mapping[str, School], text: str) -> str:
    """Return the code of the school. Raises ConfigError, with names that are near."""
    found, near = _school(schools, text)
    if found is None:
        msg = f"no school {text!r}"
        raise ConfigError(msg, hint=near)
    return found


def _school(schools: Mapping[str, School], text: str) -> tuple[str | None, str]:
    if text.upper() in schools:
        return text.upper(), ""
    match = RosterIndex(schools.values()).resolve(text)
    sure = match.code if match.fault is None else None
    return sure, match.fault.remedy if match.fault else ""


def scope(register: Register, directive: Directive, text: str) -> str:
    """Return "*", "school:CODE" or "unit:ID" for a school, a commune or "all".

    Raises ConfigError for what is none of them.
    """
    if key(text) in _EVERYONE:
        return EVERYONE
    code, near = _school(register.schools, text)
    if code is not None:
        return f"school:{code}"
    match = AreaIndex(directive.units).resolve(text)
    if match.code is not None and match.fault is None:
        return f"unit:{match.code}"
    several = match.fault is not None and match.fault.code == AMBIGUOUS_UNIT
    hint = match.fault.remedy if match.fault and several else near
    msg = f"no school and no commune {text!r}"
    raise ConfigError(msg, hint=f'{hint} Or "all"'.strip())


def obligation(directive: Directive, text: str) -> Obligation:
    """Return the hard obligation of that id or title. Raises ConfigError, naming them all."""
    for each in directive.hard:
        if key(text) in (key(each.id), key(each.title)):
            return each
    msg = f"no hard obligation {text!r}"
    raise ConfigError(msg, hint="one of: " + ", ".join(o.id for o in directive.hard))


def period(of: Obligation, text: str | None, zone: ZoneInfo) -> str | None:
    """Return the label of a period as typed ("02/2021" is "2021-02"); other text as it is."""
    if text is None or of.period_kind is None:
        return text
    found, _ = parse_any(text, (of.period_kind,), zone)
    return found.label if found else text


def moment(flag: str, text: str, zone: ZoneInfo) -> Moment:
    """Return the day or instant that a flag names, day first or ISO. Raises ConfigError."""
    found, fault = cells.day(text, cells.Ctx(zone=zone))
    if found is None or fault is not None:
        msg = f"{flag} {text!r} is no day"
        hint = "day/month/year, for example 24/02/2021, or 2021-02-24"
        raise ConfigError(msg, hint=hint)
    return found


def end(found: Moment, zone: ZoneInfo) -> datetime:
    """Return the instant at which a moment is over: a day without a time with its 24:00."""
    return found.instant if found.timed else start_of_day(found.day + ONE_DAY, zone)
