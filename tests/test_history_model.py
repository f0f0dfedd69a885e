"""Random histories of a workbook: the memory is what a slow and obvious model says it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from builders import FORTY, at, changed_rules, workbook
from clerks import SCHOOLS, TABS, Clerks
from history_model import History, Known
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automator.core.layout import INPUT_TABS
from automator.core.memory import Memory, Sighting
from automator.core.snapshot import Snapshot
from automator.core.turn import turn

ROWS, READS = 55, 30
PROFILE = settings.get_profile(settings.get_current_profile_name())
HISTORIES = settings(
    max_examples=PROFILE.max_examples if PROFILE.max_examples > 100 else 6,
    suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow],
)
"""`--hypothesis-profile long` tells many more of them."""
LAW = changed_rules(policy={"share": 1.0})  # nothing that clerks do is beyond belief
TRUSTING = Memory(released=frozenset(f"doubtful/{tab.key}" for tab in INPUT_TABS))
WATCHED = frozenset({"schools", "incidents", "receipts"})
PAUSES = (*(timedelta(minutes=m) for m in (10, 20, 30, 60)), timedelta(days=1), timedelta(days=7))


def read(
    clerks: Clerks, random: Random, now: datetime
) -> tuple[Snapshot, dict[str, dict[int, Mapping[str, str]]]]:
    """Return the workbook as it stands, and by tab the rows of it that this read can see."""
    asked = WATCHED if random.random() < 0.25 else None
    torn = {tab for tab in TABS if random.random() < 0.06}
    mend = {tab: lambda _: None for tab in torn}
    book: dict[str, Any] = {tab: [dict(row) for row in rows] for tab, rows in clerks.tabs.items()}
    seen = {
        tab: dict(enumerate(rows, start=3))
        for tab, rows in book.items()
        if tab not in torn and (asked is None or tab in asked)
    }
    return workbook(now, schools=FORTY[:8], asked=asked, mend=mend, **book), seen


def remembered(s: Sighting) -> tuple[object, ...]:
    """Return what the program knows of a row, in the order of `as_known`."""
    incident = s.tab == "incidents"
    return (
        (s.tab, s.row, s.school, s.first_seen, s.observed, s.unseen_until),
        (s.edited_at, s.gone_since, s.gone_settled),
        (s.lapse.since, s.lapse.settled) if s.lapse else (None, False),
        (s.code, s.level, s.urgent_since, s.raised) if incident else (),
    )


def as_known(k: Known) -> tuple[object, ...]:
    """Return what the model knows of a row, in the order of `remembered`."""
    incident = k.tab == "incidents"
    return (
        (k.tab, k.place, k.school, k.first_seen, k.observed, k.unseen_until),
        (k.edited_at, k.gone_since, k.gone_settled),
        (k.bad_since, k.bad_settled),
        (k.code, k.level, k.urgent_since, k.raised) if incident else (),
    )


@HISTORIES
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_the_memory_of_rows_is_what_the_model_says(seed: int) -> None:
    """Whatever clerks do between reads, each row is known for what it is, since when it is."""
    random = Random(seed)
    clerks, model, memory = Clerks(random, ROWS), History(SCHOOLS), TRUSTING
    now, number = at("2021-02-24"), dict[int, int]()
    for _ in range(READS):
        snapshot, seen = read(clerks, random, now)
        memory = turn(memory, snapshot, LAW, now).memory
        model.read(seen, now)
        fresh = [s.id for s in memory.sightings if s.id not in number]
        new = [k.number for k in model.known[len(number) :]]
        number |= dict(zip(fresh, new, strict=True))  # the same row for good
        program = {number[s.id]: remembered(s) for s in memory.sightings}
        assert program == {k.number: as_known(k) for k in model.known}
        memory = replace(memory, released=TRUSTING.released)
        clerks.work()
        now += random.choice(PAUSES)
