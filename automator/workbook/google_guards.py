"""What keeps a tab in order: frozen header, protection, hiding; filter views and the grey stamp."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from automator.core.layout import Tab, Writer
from automator.workbook import google_editors, google_lay, google_rules
from automator.workbook.google_columns import Place, reaches, shaded
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
    """Yield a step if the header is not among the frozen rows. More of them may be frozen.

    Google freezes no part of a merged cell, and would refuse all other steps with that one.
    """
    if place is None or not place.on_top or live.frozen >= place.row or live.rows <= place.row:
        return
    drift = f"row {place.row}, the header, is not frozen"
    if any(first < place.row < end for first, end in live.merges):
        deed = "take apart the merged cells that reach from the header below it, then install again"
        yield Step(tab=live.title, drift=drift, deed=deed)
        return
    yield Step(
        tab=live.title,
        drift=drift,
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
        known = [each for each in live.protections if _whole(each)]
        yield from (
            step for each in known for step in google_editors.editors(tab, live, each, wish)
        )
        if not known:
            yield _whole_tab(tab, live, wish)
        return
    if place is None:
        return
    yield from _shut(live, place)
    known = [each for each in live.protections if _covers(each, place.row)]
    if known:
        yield from (
            step for each in known for step in google_editors.editors(tab, live, each, wish)
        )
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


def _whole_tab(tab: Tab, live: LiveTab, wish: Wish) -> Step:
    """Return the step that protects a tab, in place of a protection that stops nobody.

    Google keeps one protection of a whole tab and would refuse all steps with a second one.
    """
    weak = [each for each in live.protections if _of_the_tab(each)]
    drift = (
        "the tab is protected in part, or by a warning alone"
        if weak
        else "the tab is not protected"
    )
    users = [user for each in weak for user in each.get("editors", {}).get("users", ())]
    made = _protection(tab, {"sheetId": live.id}, wish, users)
    gone = ({"deleteProtectedRange": {"protectedRangeId": p.get("protectedRangeId")}} for p in weak)
    return Step(tab=live.title, drift=drift, deed="protect all of it", requests=(*gone, made))


def _shut(live: LiveTab, place: Place) -> Iterator[Step]:
    """Yield a step if rows of schools are protected: a person knows why, and from whom."""
    if any(_reaches_below(each, place.row) for each in live.protections):
        yield Step(
            tab=live.title,
            drift="rows of schools are protected, which stops clerks from sorting and deleting",
            deed=f"protect the rows 1 to {place.row} alone in Data > Protect sheets and ranges",
        )


def _reaches_below(protection: Mapping[str, Any], row: int) -> bool:
    end = protection.get("range", {}).get("endRowIndex", row + 1)
    return not protection.get("warningOnly") and end > row


def _of_the_tab(protection: Mapping[str, Any]) -> bool:
    return not set(_SIDES) & set(protection.get("range", {}))


def _whole(protection: Mapping[str, Any]) -> bool:
    return _holds(protection) and _of_the_tab(protection)


def _covers(protection: Mapping[str, Any], row: int) -> bool:
    """Tell whether a protection covers all of a row (1-based)."""
    span = protection.get("range", {})
    rows = span.get("startRowIndex", 0) < row <= span.get("endRowIndex", row)
    return _holds(protection) and rows and not span.get("startColumnIndex")


def _holds(protection: Mapping[str, Any]) -> bool:
    return not protection.get("warningOnly") and not protection.get("unprotectedRanges")


def _protection(
    tab: Tab, span: Mapping[str, int], wish: Wish, known: Sequence[str] = ()
) -> Request:
    """Return a protection; a worker's tab is open to the worker alone (and the sheet's owner).

    Those who are `known` to edit another's tab stay.
    """
    right = google_editors.wanted(tab, wish)
    stay = () if tab.writer is Writer.WORKER else known
    return {
        "addProtectedRange": {
            "protectedRange": {
                "range": dict(span),
                "description": _WORDS[tab.writer],
                "editors": {"users": list(dict.fromkeys((*right, *stay)))},
            }
        }
    }


def stale(live: LiveTab, wish: Wish) -> Iterator[Step]:
    """Yield a step if a stamp does not turn grey by itself."""
    rule = google_rules.stale(wish.stale_after)
    if any(google_rules.same_shade(rule, each) and reaches(each, 0, 0, 1) for each in live.formats):
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
