"""A reading command that asks about the past ignores what was seen after it."""

from typing import Any

from builders import MY_LAC, MY_PHU, Story, at, changed_rules, finding, plan, verdict, workbook

from automator.core.look_back import as_of
from automator.core.turn import Outcome, turn

PLAN, TOLD = f"{MY_LAC}/plan", f"{MY_LAC}/propaganda"
LATE = "late named_day unconfirmed"
TALK = {"school": MY_LAC, "form": "Tọa đàm"}


def past(story: Story, when: str, **tabs: Any) -> Outcome:
    """Return what `status --now when` shows, with the workbook as it is by now."""
    now = at(when)
    return turn(as_of(story.memory, now), workbook(now, **tabs), changed_rules(), now)


def test_before_the_first_read_nothing_was_known() -> None:
    """A plan that the first read found speaks for nobody a day earlier."""
    story, row = Story(), plan(MY_LAC, "19/02/2021")
    story.read("2021-02-20", plans=[row])
    outcome = past(story, "2021-02-19", plans=[row])
    assert verdict(outcome, PLAN) == "unknown"
    assert finding(outcome, PLAN).rows == ()


def test_a_day_typed_later_was_not_known_then() -> None:
    """A talk without a day counted from its first sight, and does so when that is looked at."""
    story, dated = Story(), {**TALK, "done": "21/02/2021"}
    story.read("2021-02-20", propaganda=[TALK])
    story.read("2021-03-03", propaganda=[dated])
    received = finding(past(story, "2021-02-21", propaganda=[dated]), TOLD).received
    assert received is not None
    assert received.instant == at("2021-02-20")


def test_a_day_moved_earlier_later_is_the_day_of_then() -> None:
    """26/02 stood there on 27/02, though it has become 24/02 since."""
    story, earlier = Story(), plan(MY_LAC, "24/02/2021")
    for day in ("2021-02-25", "2021-02-26"):
        story.read(day, plans=[plan(MY_LAC, "25/02/2021")])
    story.read("2021-03-01", plans=[earlier])
    assert verdict(past(story, "2021-02-26T12:00", plans=[earlier]), PLAN) == LATE


def test_a_row_edited_after_the_last_run_is_what_the_last_run_saw() -> None:
    """What nobody has read yet was not known in the past."""
    story, row = Story(), plan(MY_LAC, "25/02/2021")
    story.read("2021-02-26", plans=[row])
    story.read("2021-02-27", plans=[row])
    today = plan(MY_LAC, "22/02/2021")
    assert verdict(past(story, "2021-02-26", plans=[today]), PLAN) == LATE


def test_a_row_that_was_deleted_later_stood_then() -> None:
    """And one that came later did not; its problems are of later, too."""
    story, row = Story(), plan(MY_LAC, "19/02/2021")
    later = plan(MY_PHU, "31/02/2021")
    story.read("2021-02-20", plans=[row])
    for hour in ("07", "08"):
        story.read(f"2021-03-01T{hour}:00", plans=[later])
    outcome = past(story, "2021-02-21", plans=[later])
    assert verdict(outcome, PLAN) == "on_time unconfirmed"
    assert outcome.problems == ()
