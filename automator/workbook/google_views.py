"""The filter views of Tình trạng: one for each commune."""

from collections.abc import Iterator, Mapping
from typing import Any

from automator.core.names import header_key
from automator.workbook.google_live import LiveTab
from automator.workbook.google_wish import Request, Step, Wish


def views(live: LiveTab, wish: Wish) -> Iterator[Step]:
    """Yield a step if communes have no filter view in Tình trạng, or one that shows others."""
    known = {str(each.get("title", "")): each for each in live.views}
    header = _header_row(live, wish)
    wanted = {name: _view(live, name, header, wish) for _, name in wish.book.units}
    missing = [name for name in wanted if name not in known]
    if missing:
        yield Step(
            tab=live.title,
            drift=f"no filter view for {', '.join(missing)}",
            deed="add it",
            requests=tuple({"addFilterView": {"filter": wanted[name]}} for name in missing),
        )
    other = [name for name in wanted if name in known and not _shows(known[name], name, header)]
    if other:
        yield Step(
            tab=live.title,
            drift=f"another filter view under the name {', '.join(other)}",
            deed="set it",
            requests=tuple(_set(known[name], wanted[name]) for name in other),
        )


def _view(live: LiveTab, commune: str, header: int, wish: Wish) -> Request:
    condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": commune}]}
    span = {
        "sheetId": live.id,
        "startRowIndex": header,
        "startColumnIndex": 0,
        "endColumnIndex": min(len(wish.status_heads), live.columns),
    }
    spec = {"columnIndex": 0, "filterCriteria": {"condition": condition}}
    return {"title": commune, "range": span, "filterSpecs": [spec]}


def _set(known: Mapping[str, Any], wanted: Request) -> Request:
    view = {"filterViewId": known.get("filterViewId"), **wanted}
    return {"updateFilterView": {"filter": view, "fields": "range,filterSpecs"}}


def _shows(view: Mapping[str, Any], commune: str, header: int) -> bool:
    """Tell whether a view begins at the header and keeps a commune's rows, sorted in any way.

    A banner moves the header by one row and back: a view may begin where it usually is.
    """
    span, criteria = view.get("range", {}), view.get("criteria", {})
    condition = criteria.get("0", {}).get("condition", {})
    said = [each.get("userEnteredValue") for each in condition.get("values", ())]
    at_the_header = span.get("startRowIndex", 0) in (1, header)
    whole = not span.get("startColumnIndex") and "endRowIndex" not in span
    only = set(criteria) == {"0"} and (condition.get("type"), said) == ("TEXT_EQ", [commune])
    return at_the_header and whole and only


def _header_row(live: LiveTab, wish: Wish) -> int:
    """Return the 0-based row of the header of Tình trạng: below the stamp, if it is not there."""
    first = header_key(wish.status_heads[0].title)
    rows = live.values()[:10]
    found = (n for n, row in enumerate(rows) if row and header_key(str(row[0])) == first)
    return next(found, 1)
