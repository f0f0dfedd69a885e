"""One cell: a CellData message as Google stores it, and the Python value that stands for it.

A cell is a dict that is never changed in place, so that many places may share it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from .faults import Json

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - cells hold naive local time
RESULT = "effectiveValue"
"""Kept in a stored cell only beside a formula: what the formula gives."""
ERROR_TYPES = {
    "#NULL!": "NULL_VALUE",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NAME?": "NAME",
    "#NUM!": "NUM",
    "#N/A": "N_A",
    "#ERROR!": "ERROR",
}
DAY = {"type": "DATE", "pattern": "dd/mm/yyyy"}
DAY_TIME = {"type": "DATE_TIME", "pattern": "dd/mm/yyyy hh:mm"}
TIME = {"type": "TIME", "pattern": "hh:mm"}


@dataclass(frozen=True, slots=True)
class Failed:
    """A formula that fails: "#REF!", "#N/A"."""

    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and what it gives; the server reckons nothing."""

    text: str
    gives: Any = None


Value = str | int | float | bool | date | datetime | time | timedelta | Failed | Formula | None


def serial(moment: date | time | timedelta) -> float:
    """Return the serial number of a day, a day with a time, a time of day, or a duration."""
    if isinstance(moment, datetime):
        return (moment - EPOCH) / timedelta(days=1)
    if isinstance(moment, date):
        return float((moment - EPOCH.date()).days)
    if isinstance(moment, time):
        moment = datetime.combine(EPOCH, moment) - EPOCH
    return moment / timedelta(days=1)


def cell(value: Value) -> Json:
    """Return the cell in which a person has typed `value`."""
    if isinstance(value, Formula):
        given = {"userEnteredValue": {"formulaValue": value.text}}
        return given | ({RESULT: extended(value.gives)} if value.gives is not None else {})
    if isinstance(value, Failed):
        return {"userEnteredValue": {"formulaValue": "=NA()"}, RESULT: extended(value)}
    if value is None or value == "":
        return {}
    made = {"userEnteredValue": extended(value)}
    number_format = _format(value)
    return made | ({"userEnteredFormat": {"numberFormat": number_format}} if number_format else {})


def extended(value: Any) -> Json:
    """Return an ExtendedValue."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, (int, float)):
        return {"numberValue": value}
    if isinstance(value, (date, time, timedelta)):
        return {"numberValue": serial(value)}
    if isinstance(value, Failed):
        return {"errorValue": {"type": ERROR_TYPES[value.text], "message": value.text}}
    return {"stringValue": str(value)}


def _format(value: Value) -> dict[str, str] | None:
    if isinstance(value, datetime):
        return DAY_TIME
    if isinstance(value, date):
        return DAY
    return TIME if isinstance(value, (time, timedelta)) else None


def without_value(held: Json) -> Json:
    """Return the cell emptied: its format, note and drop-down stay."""
    return {k: v for k, v in held.items() if k not in ("userEnteredValue", RESULT)}


def effective(held: Json) -> Json:
    """Return what the cell shows: an ExtendedValue, {} for an empty one."""
    entered: Json = held.get("userEnteredValue", {})
    if "formulaValue" not in entered:
        return entered
    found: Json = held.get(RESULT) or extended(Failed("#NAME?"))
    return found


def plain(shown: Json) -> Any:
    """Return an ExtendedValue as values.get gives it unformatted; None for an empty one."""
    if "errorValue" in shown:
        kind = shown["errorValue"]["type"]
        return next(text for text, known in ERROR_TYPES.items() if known == kind)
    value = next(iter(shown.values()), None)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def text(held: Json, locale: str) -> str:
    """Return what a person sees in the cell."""
    value = plain(effective(held))
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        kind = held.get("userEnteredFormat", {}).get("numberFormat", {}).get("type", "")
        return _dated(float(value), kind) or _numbered(value, locale)
    return "" if value is None else str(value)


def _dated(value: float, kind: str) -> str:
    moment = EPOCH + timedelta(seconds=round(value * 86_400))
    shapes = {"DATE": "%d/%m/%Y", "DATE_TIME": "%d/%m/%Y %H:%M", "TIME": "%H:%M"}
    return moment.strftime(shapes[kind]) if kind in shapes else ""


def _numbered(value: float, locale: str) -> str:
    shown = f"{value:.10g}"
    return shown if locale.startswith("en") else shown.replace(".", ",")
