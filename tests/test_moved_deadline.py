"""A deadline that moves: told to those who heard the old one, asked about where many would be."""

from dataclasses import replace
from datetime import date, time

from builders import (
    FORTY,
    MY_LAC,
    MY_PHU,
    TAN_LONG,
    Story,
    at,
    changed_rules,
    finding,
    plan,
    silence,
    steps,
)

from automator.core.directive import Ladder
from automator.core.turn import Outcome

LATER = changed_rules("plan", before=date(2021, 3, 10))
OTHERS = (plan(MY_PHU, "17/02/2021"), plan(TAN_LONG, "17/02/2021"))


def alerts(outcome: Outcome) -> list[str]:
    """Return the lines that the operator reads about moved deadlines."""
    return [
        line
        for n in outcome.plan.notices
        for a in n.alerts
        if a.code == "moved"
        for line in a.lines
    ]


def reminded_forty() -> Story:
    """Return a story in which forty schools have been reminded of the plan."""
    story = Story()
    story.read("2021-02-18", schools=FORTY)
    return story


def test_an_edit_that_moves_it_for_many_is_held() -> None:
    """Forty schools are told nothing about a new deadline before the operator says so."""
    story = reminded_forty()
    story.law = LATER
    outcome = story.read("2021-02-19", schools=FORTY)
    assert steps(outcome, "TH-01/plan") == []
    assert silence(outcome, "TH-01/plan", "changed") == "breaker"
    (line,) = alerts(outcome)
    assert "40 trường" in line
    assert "24/02/2021" in line
    assert "09/03/2021" in line


def test_what_is_released_is_told_by_the_next_run() -> None:
    """The operator's decision lets the new deadline out, once."""
    story = reminded_forty()
    story.law = LATER
    held = story.read("2021-02-19", schools=FORTY)
    (decision,) = set(held.scene.moved.values())
    story.memory = replace(story.memory, released=story.memory.released | {decision})
    outcome = story.read("2021-02-19T08:00", schools=FORTY)
    assert steps(outcome, "TH-01/plan") == [("TH-01", "principal", "changed")]
    assert steps(story.read("2021-02-19T09:00", schools=FORTY), "TH-01/plan") == []


def test_taking_the_edit_back_ends_the_hold_without_a_mail() -> None:
    """A slip in config that is mended before it is released is never told to a school."""
    story = reminded_forty()
    before = story.law
    story.law = LATER
    story.read("2021-02-19", schools=FORTY)
    story.law = before
    outcome = story.read("2021-02-22", schools=FORTY)
    assert [k for k in steps(outcome) if k[2] == "changed"] == []


def test_an_edit_that_moves_no_deadline_tells_nothing() -> None:
    """Another ladder or title is no other deadline."""
    story = Story()
    story.read("2021-02-18", plans=OTHERS)
    story.law = changed_rules("plan", title="Kế hoạch", ladder=Ladder())
    assert steps(story.read("2021-02-19", plans=OTHERS)) == []


def test_a_few_schools_are_told_without_a_question() -> None:
    """Three schools are few: each that heard the old deadline hears the new one, once."""
    story = Story()
    story.read("2021-02-18", plans=OTHERS)
    story.law = LATER
    outcome = story.read("2021-02-19", plans=OTHERS)
    assert steps(outcome, f"{MY_LAC}/plan") == [(MY_LAC, "principal", "changed")]
    assert steps(outcome, f"{MY_PHU}/plan") == []


def test_a_deadline_that_moves_while_a_plan_is_returned_keeps_the_short_ladder() -> None:
    """What is reopened is due again; its ladder stays that of reopened matters."""
    story = Story()
    mine = (*OTHERS, plan(MY_LAC, "18/02/2021"))
    back = {
        "school": MY_LAC,
        "content": "plan",
        "arrived": "18/02/2021",
        "result": "Đề nghị bổ sung",
        "returned": "19/02/2021",
    }
    story.read("2021-02-18", plans=mine)
    story.read("2021-02-22", plans=mine, receipts=(back,))
    story.law = changed_rules("plan", before=date(2021, 2, 27))
    outcome = story.read("2021-02-23", plans=mine, receipts=(back,))
    due_again = finding(outcome, f"{MY_LAC}/plan").due_again
    assert due_again is not None
    later = [c for c in outcome.candidates if c.finding.key == f"{MY_LAC}/plan"]
    assert {c.key.step for c in later} <= {"remind-1", "chase-1", "escalate-3", "changed"}
    assert min(c.up_at for c in later if c.action == "remind") > outcome.scene.now


def test_it_is_given_back_twice_a_day_and_told_once() -> None:
    """At most one reopening mail a day for an instance."""
    story = Story()
    mine = (*OTHERS, plan(MY_LAC, "18/02/2021"))
    first = {
        "school": MY_LAC,
        "content": "plan",
        "arrived": "18/02/2021",
        "result": "Đề nghị bổ sung",
        "returned": "22/02/2021 08:00",
    }
    again = {**first, "arrived": "22/02/2021 09:00", "returned": "22/02/2021 10:00"}
    story.read("2021-02-19", plans=mine)
    morning = story.read("2021-02-22T08:30", plans=mine, receipts=(first,))
    assert steps(morning, f"{MY_LAC}/plan") == [(MY_LAC, "principal", "reopened")]
    noon = story.read("2021-02-22T11:00", plans=mine, receipts=(first, again))
    assert steps(noon, f"{MY_LAC}/plan") == []
    assert silence(noon, f"{MY_LAC}/plan", "reopened") == "daily_cap"
    tomorrow = story.read("2021-02-23", plans=mine, receipts=(first, again))
    assert steps(tomorrow, f"{MY_LAC}/plan") == [(MY_LAC, "principal", "reopened")]


def test_a_wide_edit_that_is_undone_leaves_the_ladder_as_it_was() -> None:
    """Nobody was told the slip: nothing is asked, no chase comes twice, no day is announced."""
    story = Story()
    story.read("2021-02-22", schools=FORTY)
    story.memory = replace(story.memory, released=frozenset({"doubtful/plans"}))
    assert len(steps(story.read("2021-02-26", schools=FORTY))) >= 40
    law, story.law = story.law, LATER
    assert alerts(story.read("2021-03-01", schools=FORTY))
    story.law = law
    outcome = story.read("2021-03-02", schools=FORTY)
    assert not outcome.scene.moved
    assert {k[2] for k in steps(outcome) if k[1] != "operator"} <= {"escalate-3"}
    later = story.read("2021-03-04", schools=FORTY)
    assert steps(later, "TH-01/plan") == [("TH-01", "principal", "chase-5")]


def test_a_deadline_that_nobody_heard_is_not_called_the_old_one() -> None:
    """An extension that came and went over a weekend is never mentioned."""
    story = Story()
    story.read("2021-02-18", plans=OTHERS)
    assert steps(story.read("2021-02-26", plans=OTHERS), f"{MY_LAC}/plan")
    row = {"scope": MY_LAC, "content": "plan", "last_day": "05/03/2021", "reason": "lũ"}
    story.read("2021-02-27", plans=OTHERS, extensions=(row,))
    story.read("2021-02-28", plans=OTHERS)
    story.read("2021-02-28T08:00", plans=OTHERS)
    outcome = story.read("2021-03-01", plans=OTHERS)
    assert steps(outcome, f"{MY_LAC}/plan") == []


def test_a_supplement_under_the_first_deadline_keeps_its_hour() -> None:
    """Given back long before: no reminder once the office has closed on the last day."""
    story = Story(law=changed_rules("plan", cutoff=time(17)))
    mine = (*OTHERS, plan(MY_LAC, "04/02/2021"))
    back = {
        "school": MY_LAC,
        "content": "plan",
        "arrived": "04/02/2021",
        "result": "Đề nghị bổ sung",
        "returned": "05/02/2021",
    }
    story.read("2021-02-08", plans=mine, receipts=(back,))
    outcome = story.read("2021-02-24T17:00", plans=mine, receipts=(back,))
    assert finding(outcome, f"{MY_LAC}/plan").due_again == at("2021-02-24T17:00")
    assert not [k for k in steps(outcome, f"{MY_LAC}/plan") if k[2].startswith("remind")]
