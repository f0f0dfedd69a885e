"""The fold: rows count from the day that they claim, and memory moves as the ledger moves it."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from builders import (
    HANOI,
    MY_LAC,
    MY_PHU,
    at,
    incident,
    plan,
    rules,
    shipped,
    silence,
    steps,
    workbook,
)
from command_line import SAMPLE

from automator import worker
from automator.config import load
from automator.core.assess import Rules
from automator.core.claims import Claims, claims
from automator.core.fold import after, fold
from automator.core.layout import INPUT_TABS
from automator.core.memory import Memory
from automator.core.publication import Publication
from automator.core.snapshot import Snapshot
from automator.core.turn import Outcome
from automator.core.wakes import wakes
from automator.ledger.ledger import Ledger


def _claims(**book: Any) -> Claims:
    return claims(workbook(at("2021-12-31"), **book), rules().directive, HANOI, at("2021-12-31"))


def _filled(snapshot: Snapshot, key: str) -> list[int]:
    """Return the numbers of the rows of a tab, below its header, that hold anything."""
    title = next(t.title for t in INPUT_TABS if t.key == key)
    sheet = next(s for s in snapshot.sheets if s.title == title)
    return [n for n, row in enumerate(sheet.rows, start=1) if n > 2 and any(row)]


@pytest.mark.parametrize(
    ("tab", "row", "before", "since"),
    [
        pytest.param(
            "plans", plan(MY_LAC, "20/02/2021"), "2021-02-19T23:59", "2021-02-20", id="sent"
        ),
        pytest.param(
            "plans",
            plan(MY_LAC, "20/02/2021 09:30"),
            "2021-02-20T09:29",
            "2021-02-20T09:30",
            id="sent-at-a-time",
        ),
        pytest.param(
            "propaganda",
            {"school": MY_LAC, "form": "Pa nô", "done": "01/03/2021"},
            "2021-02-28",
            "2021-03-01",
            id="done",
        ),
        pytest.param(
            "models",
            {"school": MY_LAC, "name": "5 An", "launched": "05/03/2021"},
            "2021-03-04",
            "2021-03-05",
            id="launched",
        ),
        pytest.param(
            "periodic",
            {"school": MY_LAC, "period": "02/2021", "sent": "02/03/2021", "any": "Không"},
            "2021-03-01",
            "2021-03-02",
            id="reported-periodically",
        ),
        pytest.param(
            "incidents",
            incident(MY_LAC, "25/02/2021 19:40", known="26/02/2021 06:50"),
            "2021-02-26T06:49",
            "2021-02-26T06:50",
            id="known-later-than-it-occurred",
        ),
        pytest.param(
            "incidents",
            incident(MY_LAC, "25/02/2021 19:40"),
            "2021-02-25T19:39",
            "2021-02-25T19:40",
            id="occurred",
        ),
        pytest.param(
            "receipts",
            {"school": MY_LAC, "content": "plan", "arrived": "22/02/2021"},
            "2021-02-21",
            "2021-02-22",
            id="arrived",
        ),
    ],
)
def test_a_row_is_there_from_the_instant_that_it_claims(
    tab: str, row: Mapping[str, Any], before: str, since: str
) -> None:
    """What is dated 20/02 is not in the workbook of 19/02; its own row number stays."""
    book = _claims(**{tab: (row,)})
    assert _filled(book.at(at(before)), tab) == []
    assert _filled(book.at(at(since)), tab) == [3]


def test_a_row_without_a_readable_day_is_there_from_the_start() -> None:
    """A fault in a cell is a fault on every day; schools and decisions are there as well."""
    bad = ({"school": MY_LAC, "form": "Bảng tin", "done": "31/02/2021"},)
    waived = ({"school": MY_PHU, "content": "plan", "valid_from": "01/03/2021", "reason": "x"},)
    then = _claims(propaganda=bad, waivers=waived).at(at("2021-02-03"))
    assert [_filled(then, k) for k in ("propaganda", "waivers", "schools")] == [[3], [3], [3, 4, 5]]


def test_the_other_rows_keep_their_numbers() -> None:
    """A row that is not there yet is blank, so no address of a cell moves."""
    book = _claims(plans=(plan(MY_LAC, "20/02/2021"), plan(MY_PHU, "18/02/2021")))
    assert _filled(book.at(at("2021-02-19")), "plans") == [4]
    assert _filled(book.at(at("2021-02-20")), "plans") == [3, 4]


def test_an_incident_is_closed_from_its_report_on() -> None:
    """Before its report an incident is open, so that it is told as it was."""
    row = incident(MY_LAC, "23/02/2021 06:50", reported="24/02/2021 15:30", state="Đã kết thúc")
    book = _claims(incidents=(row,))
    told = {}
    for now, outcome in fold(
        Memory(), book.at, rules(), [at("2021-02-23T07:00"), at("2021-02-25T07:00")]
    ):
        told[now.day] = {step for _, _, step in steps(outcome) if step.startswith("urgent")}
    assert told == {23: {"urgent"}, 25: {"urgent-changed"}}


def test_what_the_plan_sends_is_told_once() -> None:
    """The next day knows what the day before has told."""
    book = _claims(plans=())
    found = dict(fold(Memory(), book.at, rules(), [at("2021-02-18"), at("2021-02-19")]))
    first, second = found.values()
    assert ("TH-MY-LAC", "principal", "remind-5") in steps(first)
    assert silence(second, "TH-MY-LAC/plan", "remind-5") == "already_told"


def test_a_clock_of_an_incident_wakes_the_watch() -> None:
    """An acknowledgement that is overdue is told when it is, not on the next morning."""
    row = incident(MY_LAC, "25/02/2021 08:00", known="25/02/2021 08:30")
    book = _claims(incidents=(row,))
    assert book.stirs == (at("2021-02-25T08:30"),)
    found = [
        (now, {step for _, _, step in steps(outcome) if "urgent" in step})
        for now, outcome in fold(Memory(), book.at, rules(), book.stirs, _until("2021-02-25T20:00"))
    ]
    assert (at("2021-02-25T08:30"), {"urgent"}) in found
    assert (at("2021-02-25T10:30"), {"urgent-leader"}) in found


def _until(end: str) -> Any:
    def wake(outcome: Outcome, memory: Memory, now: datetime) -> list[datetime]:
        return [w for w in wakes(outcome, memory, now) if w < at(end)]

    return wake


@dataclass(frozen=True)
class _Shown:
    """A workbook that shows its rows from the day that they claim."""

    book: Claims

    def read(self, taken_at: datetime, asked: frozenset[str] | None = None) -> Snapshot:
        return replace(self.book.at(taken_at), asked=asked)

    def publish(self, publication: Publication) -> str:
        return ""


def test_the_fold_remembers_what_the_ledger_remembers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same days through `worker.run` over SQLite and through the fold: one memory."""
    config = load(
        shipped().path,
        workbook=SAMPLE,
        ledger=str(tmp_path / "ledger.db"),
        outbox=tmp_path / "outbox",
    )
    book = _sample(config.path)
    monkeypatch.setattr(worker, "open_workbook", lambda _config: _Shown(book))
    instants = {at(day): False for day in ("2021-02-24", "2021-02-26", "2021-03-01", "2021-03-02")}
    instants |= {at("2021-02-24T15:30"): True, at("2021-02-25T20:10"): True}
    law = Rules(directive=config.directive, policy=config.policy, calendar=config.calendar)
    folded = Memory()
    for now, outcome in fold(Memory(), lambda t: _asked(book, t, instants), law, instants):
        report = worker.run(config, now, worker.Options(watch=instants[now]))
        assert report.states["sent"] == len(report.messages) - report.states["superseded"]
        folded = after(outcome, now)
        with closing(Ledger.open(config.ledger, config.workbook.id, readonly=True)) as ledger:
            known = ledger.memory(config.zone)
        assert known.told == folded.told
        assert known == folded


def _sample(config: Path) -> Claims:
    loaded = load(config, workbook=SAMPLE)
    snapshot = worker.open_workbook(loaded).read(at("2021-02-15"), None)
    return claims(snapshot, loaded.directive, HANOI, at("2021-03-31"))


def _asked(book: Claims, now: datetime, watch: Mapping[datetime, bool]) -> Snapshot:
    return replace(book.at(now), asked=worker.WATCHED if watch[now] else None)


def test_what_is_held_stays_a_draft_and_untold() -> None:
    """A mail that waits for the operator is not told by a fold, and is known as held."""
    book = _claims(plans=())
    memory = Memory(armed=False)  # the first run over SMTP
    (now, outcome), *_ = list(fold(memory, book.at, rules(), [at("2021-02-18")]))
    later = after(outcome, now)
    assert outcome.plan.held
    assert {d.id for d in later.drafts} == set(outcome.plan.held)
    assert not any(key.step.startswith("remind") for key in later.told)
