"""Conditions of drop-downs, checks, conditional formats and filters: what Google accepts.

Which kind may stand where, and with how many values, is read from Google's own description.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from .discovery import schema
from .faults import Json, refuse

VALIDATION, FORMAT, FILTER = "data validation", "conditional formatting", "filters"
_COUNTS = {"Requires no": (0, 0), "Requires a single": (1, 1), "Requires exactly two": (2, 2)}
_FORMATS = frozenset({"backgroundColor", "backgroundColorStyle", "textFormat"})
_TEXTS = frozenset(
    {"bold", "italic", "strikethrough", "underline", "foregroundColor", "foregroundColorStyle"}
)
_TEXT_IN_FORMULA = re.compile(r'"(?:[^"]|"")*"')
_TAB_IN_FORMULA = re.compile(r"'(?:[^']|'')*'")


@cache
def _kinds() -> Mapping[str, str]:
    described = schema("BooleanCondition")["properties"]["type"]
    return dict(zip(described["enum"], described["enumDescriptions"], strict=True))


def check(condition: Mapping[str, Any], place: str, locale: str) -> None:
    """ApiError 400 for a condition that cannot stand in `place`, or has other values."""
    kind = str(condition.get("type"))
    words = _kinds().get(kind, "")
    supported = words.partition("Supported by ")[2].partition(".")[0]
    if place not in supported:
        refuse(f"ConditionType '{kind}' is not supported for {place}.")
    values = condition.get("values") or []
    for start, (least, most) in _COUNTS.items():
        if start in words and not least <= len(values) <= most:
            refuse(f"ConditionType '{kind}' {start.lower()} ConditionValue: {len(values)} given.")
    if kind == "ONE_OF_LIST" and not values:
        refuse("ConditionType 'ONE_OF_LIST' requires at least one ConditionValue.")
    for value in values:
        _value(kind, str(value.get("userEnteredValue") or ""), place, locale)


def _value(kind: str, text: str, place: str, locale: str) -> None:
    if kind in ("CUSTOM_FORMULA", "ONE_OF_RANGE") and not text.startswith("="):
        refuse(f"Invalid ConditionValue.userEnteredValue: {text}")
    if kind != "CUSTOM_FORMULA" and not (text.startswith("=") and kind != "ONE_OF_LIST"):
        return
    bare = _TEXT_IN_FORMULA.sub('""', text)
    if place == FORMAT and "!" in bare:
        refuse("Conditional format rule cannot reference a different sheet.")
    commas = _TAB_IN_FORMULA.sub("", bare)
    if not locale.startswith("en") and re.search(r",(?!\d)|(?<!\d),", commas):
        refuse(f"Invalid ConditionValue.userEnteredValue: {text}")


def check_format(given: Mapping[str, Any]) -> None:
    """ApiError 400 for a format that a conditional format cannot give."""
    texts = set(given.get("textFormat") or {})
    if set(given) - _FORMATS or texts - _TEXTS:
        refuse(
            "ConditionalFormatRule.format can only set bold, italic, strikethrough, "
            "foreground color and background color."
        )


def check_filter(criteria: Mapping[str, Json], locale: str) -> None:
    """ApiError 400 for criteria of a filter that Google refuses."""
    for each in criteria.values():
        if each.get("condition"):
            check(each["condition"], FILTER, locale)
