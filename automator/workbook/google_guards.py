"""What keeps a tab in order: frozen header, protection, hiding; filter views and the grey stamp."""

from collections.abc import Iterator, Mapping
from typing import Any

from automator.core.layout import Tab, Writer
from automator.core.names import header_key
from automator.workbook import google_lay, google_rules
from automator.workbook.google_columns import Place, shaded
from automator.workbook.google_live import LiveTab
from automator.workbook.google_wish import Request, Step, Wish

_WHOLE = frozenset({Writer.WORKER, Writer.OPERATOR, Writer.OFFICE, Writer.NOBODY})
_SIDES = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
_WORDS = {
    Writer.WORKER: "Do hệ thống theo dõi ghi; không nhập vào tab này.",
    Writer.OPERATOR: "Do người vận hành ghi; đề nghị không nhập vào tab này.",
    Writer.OFFICE: "Do Phòng ghi; đề nghị các trường không nhập vào tab này.",
    Writer.NOBODY: "Hướng dẫn; không nhập vào tab này.",
    Writer.SCHOOLS: "Tiêu đề cột; đề nghị không sửa.",
}
_STAMP_COLUMNS = 7


def frozen(live: LiveTab, place: Place | None) -> Iterator[Step]:
    """Yield a step if the header is not among the frozen rows. More of them may be frozen."""
    if place is None or not place.on_top or live.frozen >= place.row or live.rows <= place.row:
        return
    yield Step(
        tab=live.title,
        drift=f"row {place.row}, the header, is not frozen",
        deed="freeze it",
        requests=(google_lay.resized(live, frozen=place.row),),
    )


def hidden(tab: Tab, live: LiveTab) -> Iterator[Step]:
    """Yield a step if an operator tab is to be seen; the office may show Nhiệm vụ khác."""
    if tab.hidden and tab.writer is Writer.OPERATOR and not live.hidden:
        properties = {"sheetId": live.id, "hidden": True}
        request = {"updateSheetProperties": {"properties": properties, "fields": "hidden"}}
        yield Step(
            tab=live.title,
            drift="this tab of the operator is not hidden",
            deed="hide it",
            requests=(request,),
        )


def protected(tab: Tab, live: LiveTab, place: Place | None, wish: Wish) -> Iterator[Step]:
    """Yield a step if a whole tab, or a header among schools' rows, may be edited by schools.

    No cell of a school's rows is protected: that would stop clerks from sorting and deleting.
    """
    if tab.writer in _WHOLE:
        if not any(_whole(each) for each in live.protections):
            request = _protection(tab, {"sheetId": live.id}, wish)
            yield Step(
                tab=live.title,
                drift="the tab is not protected",
                deed="protect all of it",
                requests=(request,),
            )
        return
    if place is None or any(_covers(each, place.row) for each in live.protections):
        return
    drift = f"row {place.row}, the header, is not protected"
    if not place.on_top:
        deed = "move it above the rows that stand over it, then install again"
        yield Step(tab=live.title, drift=drift, deed=deed)
        return
    span = {"sheetId": live.id, "startRowIndex": 0, "endRowIndex": place.row}
    yield Step(
        tab=live.title,
        drift=drift,
        deed=f"protect the rows 1 to {place.row}",
        requests=(_protection(tab, span, wish),),
    )


def _whole(protection: Mapping[str, Any]) -> bool:
    return _holds(protection) and not set(_SIDES) & set(protection.get("range", {}))


def _covers(protection: Mapping[str, Any], row: int) -> bool:
    """Tell whether a protection covers all of a row (1-based)."""
    span = protection.get("range", {})
    rows = span.get("startRowIndex", 0) < row <= span.get("endRowIndex", row)
    return _holds(protection) and rows and not span.get("startColumnIndex")


def _holds(protection: Mapping[str, Any]) -> bool:
    return not protection.get("warningOnly") and not protection.get("unprotectedRanges")


def _protection(tab: Tab, span: Mapping[str, int], wish: Wish) -> Request:
    """Return a protection; a worker's tab is open to the worker alone (and the sheet's owner)."""
    others = () if tab.writer is Writer.WORKER else wish.editors
    return {
        "addProtectedRange": {
            "protectedRange": {
                "range": dict(span),
                "description": _WORDS[tab.writer],
                "editors": {"users": [wish.account, *others]},
            }
        }
    }


def stale(live: LiveTab, wish: Wish) -> Iterator[Step]:
    """Yield a step if a stamp does not turn grey by itself."""
    rule = google_rules.stale(wish.stale_after)
    if any(google_rules.same_shade(rule, each) for each in live.formats):
        return
    columns = min(_STAMP_COLUMNS, live.columns)
    span = {"sheetId": live.id, "startRowIndex": 0, "endRowIndex": 1}
    span |= {"startColumnIndex": 0, "endColumnIndex": columns}
    yield Step(
        tab=live.title,
        drift="the stamp does not turn grey when it is old",
        deed="add the conditional format",
        requests=(shaded(live, rule, span),),
    )


def views(live: LiveTab, wish: Wish) -> Iterator[Step]:
    """Yield a step if communes have no filter view in Tình trạng."""
    wanted = [name for _, name in wish.book.units if name not in live.views]
    if wanted:
        yield Step(
            tab=live.title,
            drift=f"no filter view for {', '.join(wanted)}",
            deed="add it",
            requests=tuple(_view(live, name, wish) for name in wanted),
        )


def _view(live: LiveTab, commune: str, wish: Wish) -> Request:
    condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": commune}]}
    span = {
        "sheetId": live.id,
        "startRowIndex": _header_row(live, wish),
        "startColumnIndex": 0,
        "endColumnIndex": min(len(wish.status_heads), live.columns),
    }
    spec = {"columnIndex": 0, "filterCriteria": {"condition": condition}}
    return {"addFilterView": {"filter": {"title": commune, "range": span, "filterSpecs": [spec]}}}


def _header_row(live: LiveTab, wish: Wish) -> int:
    """Return the 0-based row of the header of Tình trạng: below the stamp, if it is not there."""
    first = header_key(wish.status_heads[0].title)
    rows = live.values()[:10]
    found = (n for n, row in enumerate(rows) if row and header_key(str(row[0])) == first)
    return next(found, 1)
