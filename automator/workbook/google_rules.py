"""Drop-downs, checks and colours as Google keeps them, and whether two of them are the same."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from struct import pack, unpack
from typing import Any

from automator.core.layout import Column, Kind, Tab
from automator.core.snapshot import cell_name
from automator.workbook import rules
from automator.workbook.book import LAST_SCHOOL_ROW, Book
from automator.workbook.google_publish import rgb
from automator.workbook.worker_pages import stamp

Rule = dict[str, Any]
STALE_PAPER, STALE_INK = "BFBFBF", "7F7F7F"
_SAMPLE = datetime(1999, 10, 28, 17, 46)  # noqa: DTZ001 - its digits alone are looked for


def check(tab: Tab, column: Column, book: Book, schools: str) -> Rule | None:
    """Return the drop-down or check of a column, None where it takes anything.

    `schools` is the A1 range of the schools' names. Only a closed list refuses; else Google
    warns, as days typed as text are understood.
    """
    if column.kind is Kind.DAY:
        condition: Rule = {"type": "DATE_IS_VALID"}
    elif column.kind is Kind.COUNT:
        condition = _condition("NUMBER_GREATER_THAN_EQ", "0")
    elif column.kind in (Kind.SCHOOL, Kind.SCOPE):
        condition = _condition("ONE_OF_RANGE", f"={schools}")
    elif choices := rules.offered(tab, column, book):
        condition = _condition("ONE_OF_LIST", *choices)
    else:
        return None
    listed = condition["type"].startswith("ONE_OF")
    told = rules.prompt(column)
    return {
        "condition": condition,
        "strict": listed and rules.closed(column),
        **({"showCustomUi": True} if listed else {}),
        **({"inputMessage": told} if told else {}),
    }


def _condition(kind: str, *values: str) -> Rule:
    return {"type": kind, "values": [{"userEnteredValue": each} for each in values]}


def school_names(title: str, column: int, header_row: int) -> str:
    """Return the A1 range of the schools' names; `column` is 0-based, `header_row` 1-based."""
    letter = cell_name(1, column)[:-1]
    quoted = title.replace("'", "''")
    last = header_row + LAST_SCHOOL_ROW
    return f"'{quoted}'!${letter}${header_row + 1}:${letter}${last}"


def same_check(wanted: Mapping[str, Any], there: Mapping[str, Any] | None) -> bool:
    """Tell whether two checks ask the same; Google moves the end of a range as rows come and go."""
    return there is not None and _asked(wanted) == _asked(there)


def _asked(rule: Mapping[str, Any]) -> tuple[Any, ...]:
    condition = rule.get("condition", {})
    values = [str(v.get("userEnteredValue", "")) for v in condition.get("values", ())]
    if condition.get("type") == "ONE_OF_RANGE":
        values = [re.sub(r"['$\s\d]", "", text) for text in values]
    return condition.get("type"), tuple(values), bool(rule.get("strict"))


def shades(tab: Tab, at: Mapping[str, int], header_row: int) -> Iterator[tuple[int, Rule]]:
    """Yield (column, rule without its range) of the tab's colours; columns stand `at`."""
    first = tab.laid[0].key
    for shade in rules.shades(tab):
        if shade.column not in at or first not in at:
            continue
        column = at[shade.column]
        formula = shade.condition.format(
            first=f"${cell_name(header_row + 1, at[first])}",
            cell=cell_name(header_row + 1, column),
        )
        yield column, _shade(formula, shade.paper, shade.ink)


def stale(after: timedelta) -> Rule:
    """Return the rule that greys a stamp in A1 when it is older than `after`."""
    shown = stamp(_SAMPLE)
    year, month, day, hour, minute = (
        f"VALUE(MID($A$1;{shown.index(digits) + 1};{len(digits)}))"
        for digits in ("1999", "10", "28", "17", "46")
    )
    minutes = round(after / timedelta(minutes=1))  # whole: a decimal sign follows the locale
    written = f"DATE({year};{month};{day})+TIME({hour};{minute};0)"
    return _shade(f"(NOW()-({written}))*1440>{minutes}", STALE_PAPER, STALE_INK)


def _shade(formula: str, paper: str, ink: str) -> Rule:
    look: Rule = {"backgroundColorStyle": rgb(paper)}
    if ink:
        look["textFormat"] = {"foregroundColorStyle": rgb(ink), "bold": True}
    # The semicolon separates in sheets of every locale.
    spelled = "=" + formula.replace(",", ";")
    return {"booleanRule": {"condition": _condition("CUSTOM_FORMULA", spelled), "format": look}}


def same_shade(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Tell whether two conditional formats look for the same and show the same."""
    return _looked(wanted) == _looked(there)


def _looked(rule: Mapping[str, Any]) -> tuple[Any, ...]:
    said = rule.get("booleanRule", {})
    condition, look = said.get("condition", {}), said.get("format", {})
    formulas = [str(v.get("userEnteredValue", "")) for v in condition.get("values", ())]
    text = look.get("textFormat", {})
    return (
        condition.get("type"),
        [re.sub(r"\s", "", each).replace(",", ";") for each in formulas],
        color(look, "backgroundColor"),
        color(text, "foregroundColor"),
        bool(text.get("bold")),
    )


def color(look: Mapping[str, Any], name: str) -> str:
    """Return a colour as RRGGBB, "" for none: of 32-bit floats, from itself or its twin."""
    plain = look.get(f"{name}Style", {}).get("rgbColor", look.get(name))
    if plain is None:
        return ""
    return "".join(f"{round(_single(plain.get(p, 0)) * 255):02X}" for p in ("red", "green", "blue"))


def _single(number: float) -> float:
    """Return the number as Google keeps it: a 32-bit float."""
    return float(unpack("f", pack("f", number))[0])
