"""A cell that is half-edited speaks against a school no sooner than a row that is gone."""

from typing import Any

import pytest
from builders import MY_LAC, Story, at, finding, incident, plan, verdict

from automator.core.turn import Outcome

GOOD = plan(MY_LAC, "22/02/2021", number="05/KH", signed="20/02/2021", police="CA xã")
PLAN, REPORT = f"{MY_LAC}/plan", f"{MY_LAC}/urgent-report/VV-2021-001"
FIRST, THEN = "2021-02-24T07:00", "2021-03-01T07:00"
SLIPS = [
    pytest.param({**GOOD, "school": "Trường Tiểu học Mỹ Lạcc cơ"}, id="school-mistyped"),
    pytest.param({**GOOD, "sent": "22/2"}, id="a-day-half-typed"),
    pytest.param({**GOOD, "sent": None}, id="a-day-cleared"),
]


def told(outcome: Outcome, instance: str = PLAN) -> list[str]:
    """Return the steps that go out about an instance."""
    return [k.step for n in outcome.plan.notices for k in n.keys if k.instance == instance]


@pytest.mark.parametrize("slip", SLIPS)
def test_a_row_half_edited_at_one_read_stands(slip: dict[str, Any]) -> None:
    """Its last good cells count, and nobody is told."""
    story = Story()
    story.read(FIRST, plans=[GOOD])
    outcome = story.read(THEN, plans=[slip])
    assert (verdict(outcome, PLAN), told(outcome)) == ("on_time unconfirmed", [])
    assert finding(outcome, PLAN).rows == ("Kế hoạch!A3",)
    soon = story.read("2021-03-01T07:20", plans=[slip])
    assert verdict(soon, PLAN) == "on_time unconfirmed"


@pytest.mark.parametrize("slip", SLIPS)
def test_a_row_half_edited_at_two_reads_is_withdrawn(slip: dict[str, Any]) -> None:
    """As one that is gone: since the first of them, and reopened."""
    story = Story()
    story.read(FIRST, plans=[GOOD])
    story.read(THEN, plans=[slip])
    outcome = story.read("2021-03-01T07:40", plans=[slip])
    found = finding(outcome, PLAN)
    assert (verdict(outcome, PLAN), found.withdrawn_at) == ("missing withdrawn", at(THEN))
    assert found.due_again is not None
    assert told(outcome) == ["reopened"]


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("reads", [1, 3])
def test_a_row_mended_is_what_it_was(slip: dict[str, Any], reads: int) -> None:
    """A good state returning ends it at once; the slip on the way is no edit."""
    story = Story()
    story.read(FIRST, plans=[GOOD])
    for hour in range(7, 7 + reads):
        story.read(f"2021-03-01T{hour:02}:00", plans=[slip])
    outcome = story.read("2021-03-01T10:00", plans=[GOOD])
    assert verdict(outcome, PLAN) == "on_time unconfirmed"
    assert finding(outcome, PLAN).observed == at(FIRST)
    assert story.memory.sightings[0].lapse is None


def test_a_row_mended_otherwise_is_edited() -> None:
    """What counts is the substance before the slip and after it."""
    story = Story()
    story.read(FIRST, plans=[GOOD])
    story.read(THEN, plans=[{**GOOD, "sent": None}])
    outcome = story.read("2021-03-01T07:10", plans=[{**GOOD, "sent": "23/02/2021"}])
    assert verdict(outcome, PLAN) == "on_time unconfirmed edited"


def test_a_row_spoilt_and_then_deleted_is_lost_since_it_was_spoilt() -> None:
    """The two reads that agree need not agree on how it was lost."""
    story = Story()
    story.read(FIRST, plans=[GOOD])
    story.read(THEN, plans=[{**GOOD, "sent": None}])
    outcome = story.read("2021-03-01T07:40")
    assert finding(outcome, PLAN).withdrawn_at == at(THEN)


def test_a_pass_that_does_not_look_agrees_to_nothing() -> None:
    """Only a read of the tab itself settles a lapse."""
    story = Story()
    slip = {**GOOD, "sent": None}
    story.read(FIRST, plans=[GOOD])
    story.read(THEN, plans=[slip])
    watched = frozenset({"schools", "incidents", "receipts"})
    outcome = story.read("2021-03-01T07:40", asked=watched, plans=[slip])
    assert verdict(outcome, PLAN) == "on_time unconfirmed"


def test_a_row_that_never_was_good_counts_for_nothing() -> None:
    """There are no good cells to stand for it."""
    story = Story()
    story.read(FIRST, plans=[{**GOOD, "sent": "22/2"}])
    assert verdict(story.read(THEN, plans=[{**GOOD, "sent": "22/2"}]), PLAN) == "missing"


def test_an_incident_whose_school_is_mistyped_stays() -> None:
    """Its report is owed on, nobody is told that it was a mistake, and the id stays."""
    story, fall = Story(), incident(MY_LAC, "01/03/2021 08:00")
    story.read("2021-03-01T09:00", incidents=[fall])
    outcome = story.read("2021-03-01T09:10", incidents=[{**fall, "school": "Mỹ Lạccc"}])
    assert finding(outcome, REPORT).status == "upcoming"
    assert told(outcome, REPORT) == []
    outcome = story.read("2021-03-01T09:20", incidents=[fall])
    assert list(outcome.assessment.incidents.by_code) == ["VV-2021-001"]
    assert (told(outcome, REPORT), story.memory.sightings[0].changes) == ([], 0)


def test_an_incident_without_a_school_at_two_reads_counts_as_gone() -> None:
    """Those who were told of it hear that the row is gone."""
    story, fall = Story(), incident(MY_LAC, "01/03/2021 08:00")
    story.read("2021-03-01T09:00", incidents=[fall])
    for minute in ("10", "45"):
        slip = {**fall, "school": "Mỹ Lạccc"}
        outcome = story.read(f"2021-03-01T09:{minute}", incidents=[slip])
    assert outcome.assessment.incidents.by_code["VV-2021-001"].mistaken


@pytest.mark.parametrize("cell", ["arrived", "content"])
def test_a_receipt_half_edited_stands(cell: str) -> None:
    """The office's word counts as it was until two reads agree."""
    story = Story()
    noted = {"school": MY_LAC, "content": "plan", "arrived": "23/02/2021", "result": "Đạt"}
    story.read(FIRST, receipts=[noted])
    slip = {**noted, cell: None}
    assert verdict(story.read(THEN, receipts=[slip]), PLAN) == "on_time"
    outcome = story.read("2021-03-01T08:00", receipts=[slip])
    assert verdict(outcome, PLAN) == "missing withdrawn"


def test_a_waiver_half_edited_stands() -> None:
    """A school that the office has let off is not told for a slip."""
    story = Story()
    waiver = {"school": MY_LAC, "content": "plan", "reason": "Trường mới"}
    story.read(FIRST, waivers=[waiver])
    slip = {**waiver, "content": None}
    assert verdict(story.read(THEN, waivers=[slip]), PLAN) == "exempt"
    assert verdict(story.read("2021-03-01T08:00", waivers=[slip]), PLAN) == "missing"
