"""Requests for what lies over the cells: protections, conditional formats, filters, bands."""

from typing import Any

from .batch import Editing, fields, handles
from .book import place
from .colours import both, twinned
from .conditions import FORMAT, check, check_filter, check_format
from .faults import PROTECTED, Json, refuse
from .grid import Tab
from .masks import merge
from .protections import added, editors, guard, may_edit, whole_tab


@handles("addProtectedRange")
def add_protected_range(editing: Editing, asked: Json) -> Json:
    """A protection of a range or of a whole tab."""
    given = asked.get("protectedRange") or {}
    tab = editing.book.tab_by_id((given.get("range") or {}).get("sheetId"))
    made = added(editing.book, tab, given, editing.caller)
    return {"protectedRange": made | {"requestingUserCanEdit": True}}


@handles("updateProtectedRange")
def update_protected_range(editing: Editing, asked: Json) -> None:
    """Another range, description or other editors."""
    given = twinned(asked.get("protectedRange") or {})
    mask = fields(asked, "ProtectedRange")
    tab, position = _protection(editing, given.get("protectedRangeId"))
    merged = merge(tab.over["protectedRanges"][position], given, mask)
    merged["range"] = place(tab, merged.get("range") or {})
    merged.pop("requestingUserCanEdit", None)
    others = [p for n, p in enumerate(tab.over["protectedRanges"]) if n != position]
    if whole_tab(merged) and any(map(whole_tab, others)):
        refuse(f'Sheet "{tab.title}" already has sheet protection.')
    merged["editors"] = editors(editing.book, merged, editing.caller)
    tab.over["protectedRanges"][position] = merged


@handles("deleteProtectedRange")
def delete_protected_range(editing: Editing, asked: Json) -> None:
    """A protection less."""
    tab, position = _protection(editing, asked.get("protectedRangeId"))
    del tab.over["protectedRanges"][position]


def _protection(editing: Editing, wanted: Any) -> tuple[Tab, int]:
    tab, position = _found(
        editing, "protectedRanges", "protectedRangeId", wanted, "protected range"
    )
    if not may_edit(editing.book, tab.over["protectedRanges"][position], editing.caller):
        refuse(PROTECTED)
    return tab, position


def _found(editing: Editing, layer: str, key: str, wanted: Any, words: str) -> tuple[Tab, int]:
    for tab in editing.book.tabs:
        for position, each in enumerate(tab.over.get(layer, [])):
            if wanted is not None and each.get(key) == int(wanted):
                return tab, position
    return refuse(f"No {words} with id: {wanted or 0}")


@handles("addConditionalFormatRule")
def add_conditional_format(editing: Editing, asked: Json) -> None:
    """A rule; without an index it goes to the front."""
    rule = asked.get("rule") or {}
    tab = _rule_tab(editing, rule)
    rules = tab.over.setdefault("conditionalFormats", [])
    index = int(asked.get("index") or 0)
    if index > len(rules):
        refuse(f"rule index {index} is after the last rule")
    rules.insert(index, _rule(editing, tab, rule))


def _rule_tab(editing: Editing, rule: Json) -> Tab:
    ranges = rule.get("ranges") or []
    if not ranges:
        refuse("rule.ranges must have at least one range.")
    areas = [editing.editable(each) for each in ranges]
    if any(tab is not areas[0][0] for tab, _ in areas):
        refuse("All ranges of a rule must be on the same sheet.")
    return areas[0][0]


def _rule(editing: Editing, tab: Tab, rule: Json) -> Json:
    if len({"booleanRule", "gradientRule"} & {k for k, v in rule.items() if v}) != 1:
        refuse("One of booleanRule or gradientRule must be set.")
    given = rule.get("booleanRule")
    if given:
        check(given.get("condition") or {}, FORMAT, editing.book.locale)
        check_format(given.get("format") or {})
    return {**twinned(rule), "ranges": [place(tab, each) for each in rule["ranges"]]}


@handles("updateConditionalFormatRule")
def update_conditional_format(editing: Editing, asked: Json) -> Json:
    """Another rule in its place, or the same in another place."""
    rule, index = asked.get("rule"), int(asked.get("index") or 0)
    tab = _rule_tab(editing, rule) if rule else editing.book.tab_by_id(asked.get("sheetId"))
    rules = tab.over.get("conditionalFormats", [])
    old = _taken(rules, index)
    if rule:
        rules.insert(index, _rule(editing, tab, rule))
        return {"oldRule": old, "newRule": rules[index], "newIndex": index}
    rules.insert(int(asked.get("newIndex") or 0), old)
    return {"newRule": old, "oldIndex": index, "newIndex": int(asked.get("newIndex") or 0)}


@handles("deleteConditionalFormatRule")
def delete_conditional_format(editing: Editing, asked: Json) -> Json:
    """A rule less; those after it move up."""
    tab = editing.book.tab_by_id(asked.get("sheetId"))
    rules = tab.over.get("conditionalFormats", [])
    return {"rule": _taken(rules, int(asked.get("index") or 0))}


def _taken(rules: list[Json], index: int) -> Json:
    if not 0 <= index < len(rules):
        refuse(f"No conditional format on sheet at index: {index}")
    return rules.pop(index)


@handles("addFilterView")
def add_filter_view(editing: Editing, asked: Json) -> Json:
    """A filter that each reader may turn on for himself."""
    given = asked.get("filter") or {}
    tab, _ = editing.area(given.get("range"))
    views = tab.over.setdefault("filterViews", [])
    if any(view.get("title") == given.get("title") for view in views):
        refuse(f'A filter view with the name "{given.get("title")}" already exists.')
    made = _filter(editing, tab, given)
    made["filterViewId"] = int(given.get("filterViewId") or editing.book.fresh_id())
    made.setdefault("title", f"Filter {len(views) + 1}")
    views.append(made)
    return {"filter": made}


def _filter(editing: Editing, tab: Tab, given: Json) -> Json:
    """Return a filter as Google keeps it: its criteria in both of their shapes."""
    made: Json = {**twinned(given), "range": place(tab, given.get("range") or {})}
    if made.get("filterSpecs"):
        specs = made["filterSpecs"]
        made["criteria"] = {
            str(s.get("columnIndex", 0)): s.get("filterCriteria", {}) for s in specs
        }
    elif made.get("criteria"):
        pairs = made["criteria"].items()
        made["filterSpecs"] = [{"columnIndex": int(k), "filterCriteria": v} for k, v in pairs]
    check_filter(made.get("criteria") or {}, editing.book.locale)
    return made


@handles("updateFilterView")
def update_filter_view(editing: Editing, asked: Json) -> None:
    """A filter view with other parts."""
    given = asked.get("filter") or {}
    mask = dict(fields(asked, "FilterView"))
    if {"criteria", "filterSpecs"} & set(mask):
        mask |= {"criteria": {}, "filterSpecs": {}}
    wanted = given.get("filterViewId")
    tab, position = _found(editing, "filterViews", "filterViewId", wanted, "filter view")
    views = tab.over["filterViews"]
    shaped = _filter(editing, tab, {"range": views[position]["range"], **given})
    views[position] = merge(views[position], shaped, both(mask))


@handles("deleteFilterView")
def delete_filter_view(editing: Editing, asked: Json) -> None:
    """A filter view less."""
    wanted = asked.get("filterId")
    tab, position = _found(editing, "filterViews", "filterViewId", wanted, "filter view")
    del tab.over["filterViews"][position]


@handles("setBasicFilter")
def set_basic_filter(editing: Editing, asked: Json) -> None:
    """The filter that everybody sees; rows it hides are read all the same."""
    given = asked.get("filter") or {}
    tab, _ = editing.editable(given.get("range"))
    tab.over["basicFilter"] = _filter(editing, tab, given)


@handles("clearBasicFilter")
def clear_basic_filter(editing: Editing, asked: Json) -> None:
    """No such filter any more."""
    tab = editing.book.tab_by_id(asked.get("sheetId"))
    if tab.over.get("basicFilter"):
        guard(editing.book, tab, editing.caller, tab.box(tab.over["basicFilter"]["range"]))
    tab.over["basicFilter"] = None


@handles("addBanding")
def add_banding(editing: Editing, asked: Json) -> Json:
    """Rows in two colours."""
    given = asked.get("bandedRange") or {}
    tab, box = editing.editable(given.get("range"))
    bands = tab.over.setdefault("bandedRanges", [])
    if any(tab.box(each["range"]).meets(box) for each in bands):
        refuse("You cannot add alternating background colors to a range that already has them.")
    made = {**twinned(given), "range": place(tab, given.get("range") or {})}
    made["bandedRangeId"] = int(given.get("bandedRangeId") or editing.book.fresh_id())
    bands.append(made)
    return {"bandedRange": made}


@handles("deleteBanding")
def delete_banding(editing: Editing, asked: Json) -> None:
    """Bands less."""
    wanted = asked.get("bandedRangeId")
    tab, position = _found(editing, "bandedRanges", "bandedRangeId", wanted, "banded range")
    del tab.over["bandedRanges"][position]


@handles("addTable")
def add_table(editing: Editing, asked: Json) -> Json:
    """A range turned into a table: its cells are read as before."""
    given = asked.get("table") or {}
    tab, _ = editing.editable(given.get("range"))
    made = {**twinned(given), "range": place(tab, given.get("range") or {})}
    made["tableId"] = str(given.get("tableId") or editing.book.fresh_id())
    tab.over.setdefault("tables", []).append(made)
    return {"table": made}


@handles("addNamedRange")
def add_named_range(editing: Editing, asked: Json) -> Json:
    """A range with a name that formulas know."""
    given = asked.get("namedRange") or {}
    tab, _ = editing.area(given.get("range"))
    if any(each["name"] == given.get("name") for each in editing.book.names):
        refuse(f'A named range with name "{given.get("name")}" already exists.')
    identity = str(given.get("namedRangeId") or editing.book.fresh_id())
    made = {
        "namedRangeId": identity,
        "name": given.get("name"),
        "range": place(tab, given["range"]),
    }
    editing.book.names.append(made)
    return {"namedRange": made}


@handles("deleteNamedRange")
def delete_named_range(editing: Editing, asked: Json) -> None:
    """A name less."""
    wanted = asked.get("namedRangeId")
    kept = [each for each in editing.book.names if each["namedRangeId"] != wanted]
    if len(kept) == len(editing.book.names):
        refuse(f"No named range with id: {wanted}")
    editing.book.names = kept
