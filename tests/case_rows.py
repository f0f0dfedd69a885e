"""Rows of Trường Tiểu học Mỹ Lạc as the tables of cases write them: "cells | parted | so"."""

from collections.abc import Mapping

from builders import MY_LAC, incident, plan

from automator.core.snapshot import Cell

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "propaganda": ("form", "done"),
    "models": ("name", "kind", "launched"),
    "periodic": ("period", "sent", "any"),
    "incidents": ("level", "occurred", "known", "reported", "state", "code"),
    "office": ("content", "period", "arrived", "result", "returned"),
    "waivers": ("content", "period", "valid_from", "valid_to"),
    "extensions": ("scope", "content", "period", "last_day"),
}


def row(tab: str, text: str) -> dict[str, Cell]:
    """Return a row of Mỹ Lạc from its cells as the table of cases writes them."""
    cells = [cell.strip() or None for cell in text.split("|")]
    if tab == "plans":
        keys = ("sent", "number", "signed", "police")
        named = dict(zip(keys, cells, strict=False))
        return plan(MY_LAC, **named) if len(cells) == 1 else {"school": MY_LAC, **named}
    named = dict(zip(COLUMNS[tab], cells, strict=False))
    if tab == "incidents":
        return incident(MY_LAC, named.pop("occurred", None), named.pop("level"), **named)
    extra = {"waivers": {"reason": "có lý do"}, "extensions": {"reason": "có lý do"}}
    return {"school": MY_LAC, **named, **extra.get(tab, {})}
