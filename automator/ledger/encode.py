"""The values of a memory as rows of the tables, and back. One pair of functions a table."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping

from automator.core.memory import Episode, Judged, Lapse, Memory, Sighting, TabMemory, TellKey
from automator.core.snapshot import Sheet
from automator.ledger.codec import dump_cells, dump_pairs, load_cells, load_pairs

Row = dict[str, Any]

_SIGHTING_FIELDS = tuple(n for n in Sighting.__dataclass_fields__ if n != "lapse")
_EPISODE_FIELDS = tuple(Episode.__dataclass_fields__)


def local(row: RowMapping | Row, zone: ZoneInfo) -> Row:
    """Return the row with its instants in `zone`."""
    return {
        name: value.astimezone(zone) if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def sighting_rows(sightings: Iterable[Sighting]) -> list[Row]:
    """Return one row a sighting."""
    return [
        {name: getattr(seen, name) for name in _SIGHTING_FIELDS}
        | {"cells": dump_pairs(seen.cells), "claims": dump_pairs(seen.claims)}
        for seen in sightings
    ]


def lapse_rows(sightings: Iterable[Sighting]) -> list[Row]:
    """Return one row for each sighting that has lapsed."""
    return [
        {
            "id": seen.id,
            "cells": dump_pairs(seen.lapse.cells),
            "since": seen.lapse.since,
            "settled": seen.lapse.settled,
        }
        for seen in sightings
        if seen.lapse is not None
    ]


def lapse(row: Row) -> Lapse:
    """Return the lapse of a (local) row."""
    return Lapse(cells=load_pairs(row["cells"]), since=row["since"], settled=row["settled"])


def sighting(row: Row, lapsed: Lapse | None) -> Sighting:
    """Return the sighting of a (local) row."""
    values = {name: row[name] for name in _SIGHTING_FIELDS}
    pairs = {name: load_pairs(row[name]) for name in ("cells", "claims")}
    return Sighting(**values | pairs, lapse=lapsed)


def tab_rows(tabs: Mapping[str, TabMemory]) -> list[Row]:
    """Return one row a tab, without its sheet."""
    return [
        {
            "tab": name,
            "first_good": tab.first_good,
            "last_good": tab.last_good,
            "unreadable_since": tab.unreadable_since,
        }
        for name, tab in tabs.items()
    ]


def sheet_rows(tabs: Mapping[str, TabMemory]) -> list[Row]:
    """Return one row for each sheet that is kept."""
    return [
        {
            "tab": name,
            "title": tab.sheet.title,
            "link": tab.sheet.link,
            "rows": dump_cells(tab.sheet.rows),
        }
        for name, tab in tabs.items()
        if tab.sheet is not None
    ]


def tab(row: Row, sheet: Row | RowMapping | None) -> TabMemory:
    """Return what is known of a tab from its (local) row and the row of its sheet."""
    kept = None
    if sheet is not None:
        kept = Sheet(title=sheet["title"], link=sheet["link"], rows=load_cells(sheet["rows"]))
    return TabMemory(
        first_good=row["first_good"],
        last_good=row["last_good"],
        unreadable_since=row["unreadable_since"],
        sheet=kept,
    )


def episode_rows(episodes: Mapping[str, Episode]) -> list[Row]:
    """Return one row an episode, of an instance or of an alert."""
    return [
        {"instance": instance} | {name: getattr(episode, name) for name in _EPISODE_FIELDS}
        for instance, episode in episodes.items()
    ]


def episode(row: Row) -> Episode:
    """Return the episode of a (local) row."""
    return Episode(**{name: row[name] for name in _EPISODE_FIELDS})


def judged_rows(judged: Mapping[str, Judged]) -> list[Row]:
    """Return one row a judged instance."""
    return [
        {"instance": instance, "status": str(known.status), "since": known.since}
        for instance, known in judged.items()
    ]


def serial_rows(memory: Memory) -> list[Row]:
    """Return one row a year in which incidents were given ids."""
    return [{"year": year, "given": given} for year, given in memory.incident_serial.items()]


def tell_key(row: Row | RowMapping) -> TellKey:
    """Return the told key of a row of `steps` or `told`."""
    return TellKey(
        unit=row["unit"],
        role=row["role"],
        instance=row["instance"],
        episode=row["episode"],
        step=row["step"],
    )


def key_row(key: TellKey) -> Row:
    """Return the columns of a told key."""
    return {
        "unit": key.unit,
        "role": key.role,
        "instance": key.instance,
        "episode": key.episode,
        "step": key.step,
    }
