"""Who may edit what is protected."""

from collections.abc import Iterator, Mapping
from typing import Any

from automator.core.layout import Tab, Writer
from automator.workbook.google_live import LiveTab
from automator.workbook.google_wish import Step, Wish


def wanted(tab: Tab, wish: Wish) -> list[str]:
    """Return who may edit it beside the owner; a worker's tab is open to the worker alone."""
    return [wish.account, *(() if tab.writer is Writer.WORKER else wish.editors)]


def editors(tab: Tab, live: LiveTab, protection: Mapping[str, Any], wish: Wish) -> Iterator[Step]:
    """Yield a step if somebody may not edit what is protected who should, or the other way round.

    Google lists the sheet's owner among the editors, and does not say who that is: one more user
    than is wanted is nobody's fault. Who else may edit the office's tabs is known only where
    `wish` names editors.
    """
    there = protection.get("editors", {})
    users, right = list(there.get("users", ())), wanted(tab, wish)
    lacking = [each for each in right if each not in users]
    if lacking:
        given = {"protectedRangeId": protection.get("protectedRangeId")}
        given["editors"] = {**there, "users": [*users, *lacking]}
        yield Step(
            tab=live.title,
            drift=f"what is protected cannot be edited by {', '.join(lacking)}",
            deed="let them",
            requests=({"updateProtectedRange": {"protectedRange": given, "fields": "editors"}},),
        )
    more = _others(there, set(right), known=tab.writer is Writer.WORKER or bool(wish.editors))
    if more:
        yield Step(
            tab=live.title,
            drift=f"what is protected can be edited by {', '.join(more)}",
            deed="take out who is not the sheet's owner in Data > Protect sheets and ranges",
        )


def _others(there: Mapping[str, Any], right: set[str], *, known: bool) -> list[str]:
    users = [each for each in there.get("users", ()) if each not in right]
    named = [*users, *there.get("groups", ())] if known else []
    if len(users) <= 1 and not there.get("groups"):
        named = []
    return [*named, *(["the whole domain"] if there.get("domainUsersCanEdit") else [])]
