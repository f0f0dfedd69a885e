"""`chase_from`: the office reads what would be chased today, and may stop it by then."""

from dataclasses import replace
from datetime import time

from builders import MY_LAC, MY_PHU, TAN_LONG, Story, changed_rules, plan, silence, steps

from automator.core.notice import Notice
from automator.core.turn import Outcome

PLAN = f"{MY_LAC}/plan"
OTHERS = (plan(MY_PHU, "22/02/2021"), plan(TAN_LONG, "22/02/2021"))
LAW = changed_rules(policy={"chase_from": time(14)})


def list_of(outcome: Outcome) -> list[Notice]:
    """Return the mails that foresee the chases of the day."""
    return [n for n in outcome.plan.notices if n.foreseen]


def test_the_morning_run_tells_the_office_what_it_would_chase() -> None:
    """The school hears nothing before 14:00; the office has the list at 07:00."""
    outcome = Story(law=LAW).read("2021-02-26", plans=OTHERS)
    (mail,) = list_of(outcome)
    assert (mail.unit, mail.role, mail.kind.value) == ("office", "office", "chase")
    assert [(i.school, i.key.step) for i in mail.foreseen] == [(MY_LAC, "chase-1")]
    assert mail.foreseen_from == "14 giờ 00"
    assert steps(outcome, PLAN) == []
    assert silence(outcome, PLAN, "chase-1") == "next_step_later"


def test_what_the_office_enters_by_then_stops_the_chase() -> None:
    """A receipt noted at noon: nothing goes out in the afternoon."""
    story = Story(law=LAW)
    story.read("2021-02-26", plans=OTHERS)
    receipt = {"school": MY_LAC, "content": "plan", "arrived": "24/02/2021"}
    outcome = story.read("2021-02-26T14:00", plans=OTHERS, receipts=(receipt,))
    assert steps(outcome, PLAN) == []


def test_the_chase_goes_out_from_that_hour_on() -> None:
    """At 14:00 the school is told; the list is not sent a second time."""
    story = Story(law=LAW)
    story.read("2021-02-26", plans=OTHERS)
    outcome = story.read("2021-02-26T14:00", plans=OTHERS)
    assert steps(outcome, PLAN) == [(MY_LAC, "principal", "chase-1")]
    assert list_of(outcome) == []


def test_the_list_is_sent_once_a_day() -> None:
    """Two runs of one morning: one list; the next working day has its own."""
    story = Story(law=LAW)
    story.read("2021-02-26", plans=OTHERS)
    assert list_of(story.read("2021-02-26T09:00", plans=OTHERS)) == []
    assert len(list_of(story.read("2021-03-01", plans=OTHERS))) == 1


def test_a_reminder_before_the_deadline_does_not_wait() -> None:
    """Only what speaks of a deadline that has passed waits for the office."""
    outcome = Story(law=LAW).read("2021-02-24", plans=OTHERS)
    assert steps(outcome, PLAN) == [(MY_LAC, "principal", "remind-1")]


def test_nothing_to_chase_is_no_list() -> None:
    """The office gets no empty list."""
    sent = (*OTHERS, plan(MY_LAC, "22/02/2021"))
    assert list_of(Story(law=LAW).read("2021-02-26", plans=sent)) == []


def test_the_list_joins_the_weekly_summary() -> None:
    """On a digest day the office gets one mail with both."""
    story = Story(law=LAW)
    story.read("2021-02-22", plans=OTHERS)
    outcome = story.read("2021-03-01", plans=OTHERS)
    (mail,) = [n for n in outcome.plan.notices if n.role == "office"]
    assert mail.digest
    assert mail.foreseen


def test_a_reminder_by_hand_does_not_use_up_the_list() -> None:
    """Asked for before the daily run: the office still gets the whole list of the day."""
    story = Story(law=replace(LAW, asked=frozenset({PLAN})))
    assert list_of(story.read("2021-02-26T06:30", plans=OTHERS)) == []
    story.law = LAW
    assert len(list_of(story.read("2021-02-26", plans=OTHERS))) == 1
