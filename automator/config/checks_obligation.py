"""Checks across the keys of an obligation: its deadline, what goes with it, whom it names."""

from collections.abc import Iterator

from automator.config import fields
from automator.config.faults import Fault, Place
from automator.config.raw import (
    Raw,
    Rule,
    doubles,
    ids,
    in_order,
    listed,
    table,
    tables,
    text,
    texts,
)
from automator.core.directive import LOCAL_AUTHORITIES
from automator.core.names import key
from automator.core.periods import parse_label

DEADLINES = ("before", "by", "every", "within")
_OF_RECURRING = ("periods", "on", "shift", "expected_when", "except", "escalate_streak")
_OF_EVENT = ("of", "event_levels")
_OF_HARD = (
    *(*DEADLINES, *_OF_RECURRING, *_OF_EVENT, "cutoff", "grace", "close_after", "at_least"),
    *("confirm", "tab", "remind", "chase", "escalate", "reopen", "office_choice"),
)


def _soft(each: Raw) -> bool:
    return each.get("strength") == "soft"


def _hard(raw: Raw) -> Iterator[tuple[Place, Raw]]:
    return ((place, each) for place, each in tables(raw, "obligation") if not _soft(each))


def _one_deadline(raw: Raw) -> Iterator[Fault]:
    for place, each in _hard(raw):
        kinds = [kind for kind in DEADLINES if kind in each]
        if not kinds:
            yield Fault(place, "expected a deadline: one of `before`, `by`, `every`, `within`")
        elif len(kinds) > 1:
            named = " and ".join(f"`{kind}`" for kind in kinds)
            yield Fault(place, f"expected exactly one kind of deadline, found {named}")


def _evidence(raw: Raw) -> Iterator[Fault]:
    for place, each in _hard(raw):
        if "tab" not in each:
            yield Fault((*place, "tab"), 'is missing: the tab with the evidence ("Kế hoạch" …)')
            continue
        try:
            tab = fields.tab_key(each["tab"])
        except ValueError:
            continue  # the model says so
        if (tab == "incidents") != ("within" in each) and any(k in each for k in DEADLINES):
            expected = "`within` and the tab Vụ việc go together: an event is a row of that tab"
            yield Fault((*place, "tab"), expected)


def _soft_has_no_deadline(raw: Raw) -> Iterator[Fault]:
    for place, each in tables(raw, "obligation"):
        for name in _OF_HARD:
            if _soft(each) and name in each:
                expected = 'goes with `strength = "hard"` only: a soft duty is never overdue'
                yield Fault((*place, name), expected)


def _belongs_to_kind(raw: Raw) -> Iterator[Fault]:
    for place, each in _hard(raw):
        for names, kind in ((_OF_RECURRING, "every"), (_OF_EVENT, "within")):
            for name in names:
                if name in each and kind not in each:
                    yield Fault((*place, name), f"goes with `{kind}` only")
        if "cutoff" in each and "within" in each:
            yield Fault((*place, "cutoff"), "goes with days only; `within` runs day and night")


def _day_of_week(raw: Raw) -> Iterator[Fault]:
    for place, each in _hard(raw):
        on, every = each.get("on"), text(each, "every")
        if every == "week" and isinstance(on, int) and on > 7:
            yield Fault((*place, "on"), "expected a weekday: 1 (Monday) to 7, or its English name")
        elif every and every != "week" and isinstance(on, str):
            yield Fault((*place, "on"), "expected a day of the month from 1 to 31")


def _weeks_are_weeks(raw: Raw) -> Iterator[Fault]:
    for place, each in _hard(raw):
        if text(each, "every") == "week" and text(each, "periods") == "nd09":
            yield Fault(
                (*place, "periods"), "goes with months and longer; weeks have no cut-off day"
            )


def _period_labels(raw: Raw) -> Iterator[Fault]:
    for place, each in _hard(raw):
        for number, label in texts(each, "except"):
            found = parse_label(label)
            every = text(each, "every")
            if found is None or (every and found.every != every):
                what = "expected a period as 2021-07 (week 2021-W08, 2021-Q1, 2021-H1, 2021)"
                yield Fault((*place, "except", number), f"{what} of the kind that `every` names")


def _days_in_order(raw: Raw) -> Iterator[Fault]:
    for place, each in tables(raw, "obligation"):
        yield from in_order(place, each, "from", "until")


def _unique(raw: Raw) -> Iterator[Fault]:
    yield from doubles(raw, "obligation", "id", str.casefold)
    yield from doubles(raw, "obligation", "title", key)


def _communes_exist(raw: Raw) -> Iterator[Fault]:
    known = sorted(
        text(each, "id")
        for _, each in tables(raw, "unit")
        if text(each, "kind") in LOCAL_AUTHORITIES
    )
    for place, each in tables(raw, "obligation"):
        for number, commune in texts(table(each, "applies_to"), "communes"):
            if commune not in known:
                expected = (
                    f"expected the id of a commune, town or ward{fields.nearest(commune, known)}"
                )
                yield Fault((*place, "applies_to", "communes", number), expected)


def _streaks(raw: Raw) -> Iterator[Fault]:
    for place, each in _hard(raw):
        for streak in table(each, "escalate_streak"):
            if not (streak.isascii() and streak.isdigit() and 1 <= int(streak) <= 99):
                expected = "expected how many in a row are missing, such as 2"
                yield Fault((*place, "escalate_streak", streak), expected)


def _rungs_once(raw: Raw) -> Iterator[Fault]:
    for place, each in _hard(raw):
        for name in ("remind", "chase", "escalate"):
            rungs = listed(each, name)
            for number, rung in enumerate(rungs):
                if rung in rungs[:number]:
                    yield Fault((*place, name, number), "expected each step once")


def _contents_exist(raw: Raw) -> Iterator[Fault]:
    """Check what waivers, extensions and pauses point at."""
    by_name: dict[str, Raw] = {}
    for _, each in tables(raw, "obligation"):
        by_name |= {key(text(each, name)): each for name in ("id", "title") if text(each, name)}
    for name in ("waiver", "extension", "pause"):
        for place, each in tables(raw, name):
            content = text(each, "content")
            found = by_name.get(key(content))
            if content and found is None:
                near = fields.nearest(content, sorted(ids(raw, "obligation")))
                yield Fault((*place, "content"), f"expected the id or title of an obligation{near}")
            elif found is not None:
                yield from _period(place, each, found)


def _period(place: Place, each: Raw, obligation: Raw) -> Iterator[Fault]:
    label, every = text(each, "period"), text(obligation, "every")
    if every and not label and place[0] == "extension":
        yield Fault((*place, "period"), "is missing: which period is extended, such as 2021-02")
    found = parse_label(label) if label else None
    if every and label and (found is None or found.every != every):
        yield Fault((*place, "period"), f"expected a period of kind {every}, such as 2021-02")
    if label and not every and (place[0] == "extension" or "within" not in obligation):
        yield Fault((*place, "period"), "goes with a recurring obligation only")


RULES: tuple[Rule, ...] = (
    _one_deadline,
    _evidence,
    _soft_has_no_deadline,
    _belongs_to_kind,
    _day_of_week,
    _weeks_are_weeks,
    _period_labels,
    _days_in_order,
    _unique,
    _communes_exist,
    _streaks,
    _rungs_once,
    _contents_exist,
)
