"""Who is told what, when, and why everything else stays silent."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from builders import (
    FORTY,
    MY_LAC,
    MY_PHU,
    TAN_LONG,
    THREE,
    Story,
    at,
    changed_rules,
    finding,
    plan,
    silence,
    steps,
)

from automator.core.directive import Span
from automator.core.notice import MailKind
from automator.core.turn import Outcome

PLAN = f"{MY_LAC}/plan"
REPORT = f"{MY_LAC}/periodic-report/2021-02"
OTHERS_SENT = (plan(MY_PHU, "22/02/2021"), plan(TAN_LONG, "22/02/2021"))
WATCHED = frozenset({"schools", "incidents", "receipts"})


def days(first: str, last: str) -> list[str]:
    """Return every day from `first` to `last`, both in."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1)]


def diary(story: Story, first: str, last: str, instance: str, **book: Any) -> dict[str, list[str]]:
    """Return the steps of an instance that went out on each day of daily runs, by role."""
    told: dict[str, list[str]] = {}
    for day in days(first, last):
        found = steps(story.read(day, plans=OTHERS_SENT, **book), instance)
        if found:
            told[day] = [f"{role} {step}" for _, role, step in found]
    return told


# The ladder.


def test_the_ladder_of_the_plan_steps_over_tet() -> None:
    """Working days around the deadline, nothing on the named day, nothing on days off."""
    assert diary(Story(), "2021-02-03", "2021-03-12", PLAN) == {
        "2021-02-18": ["principal remind-5"],
        "2021-02-24": ["principal remind-1"],
        "2021-02-26": ["principal chase-1"],
        "2021-03-02": ["leader escalate-3"],
        "2021-03-04": ["principal chase-5"],
    }


def test_the_ladder_of_a_monthly_report() -> None:
    """Its rungs lie around the fifth of the next month; leaders hear after five working days."""
    assert diary(Story(), "2021-03-01", "2021-03-31", REPORT) == {
        "2021-03-03": ["principal remind-3"],
        "2021-03-05": ["principal remind-1"],
        "2021-03-08": ["principal chase-1"],
        "2021-03-12": ["leader escalate-5"],
    }


def test_an_escalation_lists_the_chases_before_it() -> None:
    """The leader reads when the school was written to."""
    story = Story()
    diary(story, "2021-02-24", "2021-03-01", PLAN)
    outcome = story.read("2021-03-02", plans=OTHERS_SENT)
    (mail,) = [n for n in outcome.plan.notices if n.role == "leader"]
    assert mail.kind is MailKind.ESCALATE
    assert [i.earlier for i in mail.items] == [(at("2021-02-26"),)]


def test_an_escalation_waits_for_a_chase_that_was_sent() -> None:
    """While no chase has left, the leader is not told that a school does not answer."""
    story = Story(undelivered=True)
    assert diary(story, "2021-02-24", "2021-03-02", PLAN)["2021-03-02"] == ["principal chase-1"]
    outcome = story.read("2021-03-03", plans=OTHERS_SENT)
    assert silence(outcome, PLAN, "escalate-3", "leader") == "no_chase_yet"


def test_an_escalation_does_not_count_a_chase_that_bounced() -> None:
    """A mail that came back has told nobody."""
    story = Story()
    diary(story, "2021-02-24", "2021-03-01", PLAN)
    told = {k: replace(v, bounced=k.step.startswith("chase")) for k, v in story.memory.told.items()}
    story.memory = replace(story.memory, told=told)
    outcome = story.read("2021-03-02", plans=OTHERS_SENT)
    assert silence(outcome, PLAN, "escalate-3", "leader") == "no_chase_yet"


def test_after_an_outage_only_the_newest_rung_is_told() -> None:
    """Nobody gets three mails at once because the worker stood still."""
    story = Story()
    story.read("2021-02-17", plans=OTHERS_SENT)
    outcome = story.read("2021-03-05", plans=OTHERS_SENT)
    assert steps(outcome, PLAN) == [(MY_LAC, "principal", "chase-5")]
    assert silence(outcome, PLAN, "chase-1") == "newer_step"


def test_what_came_is_chased_no_more() -> None:
    """A message that was never sent does not go out when its reason is over."""
    story = Story(undelivered=True)
    assert steps(story.read("2021-02-26", plans=OTHERS_SENT), PLAN)
    sent = (*OTHERS_SENT, plan(MY_LAC, "26/02/2021"))
    assert steps(story.read("2021-03-01", plans=sent), PLAN) == []


def test_a_reminder_never_outlives_its_deadline() -> None:
    """A reminder that could not leave is not sent on the named day."""
    story = Story(undelivered=True)
    assert steps(story.read("2021-02-24", plans=OTHERS_SENT), PLAN)
    assert steps(story.read("2021-02-25", plans=OTHERS_SENT), PLAN) == []


def test_the_same_run_twice_tells_nothing_the_second_time() -> None:
    """What was told at this instant is not told again."""
    story = Story()
    assert len(story.read("2021-03-01", plans=OTHERS_SENT).plan.notices) > 0
    assert story.read("2021-03-01", plans=OTHERS_SENT).plan.notices == ()


# Thanks.


def test_thanks_follow_a_chase() -> None:
    """Who was chased hears that it has come, once."""
    story = Story()
    story.read("2021-02-26", plans=OTHERS_SENT)
    sent = (*OTHERS_SENT, plan(MY_LAC, "26/02/2021"))
    assert steps(story.read("2021-03-02", plans=sent), PLAN) == [(MY_LAC, "principal", "received")]
    assert steps(story.read("2021-03-03", plans=sent), PLAN) == []


def test_without_a_chase_there_are_no_thanks() -> None:
    """Who was only reminded gets no further mail for having sent it."""
    story = Story()
    assert steps(story.read("2021-02-24", plans=OTHERS_SENT), PLAN)
    sent = (*OTHERS_SENT, plan(MY_LAC, "24/02/2021"))
    assert steps(story.read("2021-02-25", plans=sent), PLAN) == []


# A deadline that moves, and what is reopened.

EXTENSION = {"scope": MY_LAC, "content": "plan", "last_day": "01/03/2021", "reason": "mất điện"}


def test_an_extension_is_told_to_whom_it_concerns() -> None:
    """The school that had heard the old day hears the new one, nobody else does."""
    story = Story()
    story.read("2021-02-24")
    outcome = story.read("2021-02-25", extensions=[EXTENSION])
    assert steps(outcome) == [
        (MY_LAC, "principal", "changed"),
        (MY_LAC, "principal", "remind-5"),
        ("office", "operator", "alert"),  # that there is an extension, and that it ends soon
        ("office", "operator", "alert"),
    ]
    (mail,) = [n for n in outcome.plan.notices if n.unit == MY_LAC]
    assert {(i.last_day_words, i.previous_due_words) for i in mail.items} == {
        ("hết thứ Hai, ngày 01/03/2021", "hết thứ Tư, ngày 24/02/2021")
    }


def test_an_extension_starts_the_ladder_anew() -> None:
    """Reminder and chase lie around the new day."""
    story = Story()
    story.read("2021-02-24", plans=OTHERS_SENT)
    assert diary(story, "2021-02-25", "2021-03-10", PLAN, extensions=[EXTENSION]) == {
        "2021-02-25": ["principal changed", "principal remind-5"],
        "2021-03-01": ["principal remind-1"],
        "2021-03-03": ["principal chase-1"],
        "2021-03-05": ["leader escalate-3"],
        "2021-03-09": ["principal chase-5"],
    }


def test_a_change_that_could_not_be_told_may_change_again() -> None:
    """Moved on Saturday and again on Sunday: on Monday the school hears where it stands."""
    story = Story()
    story.read("2021-02-24", plans=OTHERS_SENT)
    story.read("2021-02-27", plans=OTHERS_SENT, extensions=[EXTENSION])
    later = {**EXTENSION, "last_day": "05/03/2021"}
    story.read("2021-02-28", plans=OTHERS_SENT, extensions=[later])
    outcome = story.read("2021-03-01", plans=OTHERS_SENT, extensions=[later])
    assert (MY_LAC, "principal", "changed") in steps(outcome, PLAN)


def test_who_had_heard_nothing_hears_of_no_change() -> None:
    """An extension before the first reminder is simply the deadline."""
    story = Story()
    story.read("2021-02-08", plans=OTHERS_SENT)
    assert steps(story.read("2021-02-09", plans=OTHERS_SENT, extensions=[EXTENSION]), PLAN) == []


def test_an_extension_that_is_taken_back_counts_after_two_reads() -> None:
    """A row that vanishes speaks against a school: two reads must agree, then it hears."""
    story = Story()
    story.read("2021-02-24T07:00", plans=OTHERS_SENT)
    story.read("2021-02-25T07:00", plans=OTHERS_SENT, extensions=[EXTENSION])
    first = story.read("2021-02-26T07:00", plans=OTHERS_SENT)
    assert finding(first, PLAN).status.value == "due"
    assert steps(first, PLAN) == []
    second = story.read("2021-02-26T07:30", plans=OTHERS_SENT)
    assert finding(second, PLAN).status.value == "missing"
    assert (MY_LAC, "principal", "changed") in steps(second, PLAN)


def test_a_waiver_that_is_taken_back_counts_after_two_reads() -> None:
    """The same holds for a row of the tab Miễn trừ."""
    waiver = {"school": MY_LAC, "content": "plan", "reason": "mới thành lập"}
    story = Story()
    story.read("2021-02-25T07:00", plans=OTHERS_SENT, waivers=[waiver])
    first = story.read("2021-02-26T07:00", plans=OTHERS_SENT)
    second = story.read("2021-02-26T07:30", plans=OTHERS_SENT)
    assert finding(first, PLAN).status.value == "exempt"
    assert finding(second, PLAN).status.value == "missing"


RETURNED = {
    "school": MY_LAC,
    "content": "plan",
    "arrived": "22/02/2021",
    "result": "Đề nghị bổ sung",
    "returned": "26/02/2021",
}


def test_what_is_returned_is_told_at_the_next_run_and_then_by_its_own_ladder() -> None:
    """Five working days for the supplement, a reminder before, a chase after."""
    sent = {"plans": (*OTHERS_SENT, plan(MY_LAC, "22/02/2021"))}
    story = Story()
    story.read("2021-02-25", **sent)
    told: dict[str, list[str]] = {}
    for day in days("2021-02-26", "2021-03-12"):
        found = steps(story.read(day, receipts=[RETURNED], **sent), PLAN)
        if found:
            told[day] = [f"{role} {step}" for _, role, step in found]
    assert told == {
        "2021-02-26": ["principal reopened"],
        "2021-03-05": ["principal remind-1"],
        "2021-03-08": ["principal chase-1"],
        "2021-03-10": ["leader escalate-3"],
    }


def test_a_second_return_opens_it_again() -> None:
    """Sent again and returned again between two runs: a new episode, told anew."""
    sent = {"plans": (*OTHERS_SENT, plan(MY_LAC, "22/02/2021"))}
    story = Story()
    story.read("2021-02-26", receipts=[RETURNED], **sent)
    again = {**RETURNED, "arrived": "01/03/2021", "returned": "02/03/2021"}
    outcome = story.read("2021-03-02", receipts=[RETURNED, again], **sent)
    assert steps(outcome, PLAN) == [(MY_LAC, "principal", "reopened")]
    assert outcome.memory.episodes[PLAN].ordinal == 3


def test_a_return_that_stands_is_told_once() -> None:
    """The same return at the next run is the same episode."""
    sent = {"plans": (*OTHERS_SENT, plan(MY_LAC, "22/02/2021"))}
    story = Story()
    story.read("2021-02-26", receipts=[RETURNED], **sent)
    assert steps(story.read("2021-03-02", receipts=[RETURNED], **sent), PLAN) == []


# One notice per unit and role; digests.


def test_a_digest_takes_the_steps_in() -> None:
    """On a Monday a school that is due a chase gets one mail, called after its gravest part."""
    story = Story()
    story.read("2021-03-05", plans=OTHERS_SENT)
    outcome = story.read("2021-03-08", plans=OTHERS_SENT)
    mails = [n for n in outcome.plan.notices if n.unit == MY_LAC]
    assert [(n.role, n.kind, len(n.items)) for n in mails] == [("principal", MailKind.DIGEST, 1)]
    assert mails[0].weeks == ("2021-W09",)


def digests(outcome: Outcome) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(n.unit, n.role): n.weeks for n in outcome.plan.notices if n.digest is not None}


def test_a_digest_goes_to_every_audience() -> None:
    """Principals, the communes that have schools, the police, the office and its leader."""
    story = Story()
    story.read("2021-02-26")
    assert set(digests(story.read("2021-03-01"))) == {
        (MY_LAC, "principal"),
        (MY_PHU, "principal"),
        (TAN_LONG, "principal"),
        ("28048", "commune"),
        ("28066", "commune"),
        ("28072", "commune"),
        ("office", "leader"),
        ("office", "office"),
        ("police", "police"),
    }


@pytest.mark.parametrize(
    ("runs", "weeks"),
    [
        pytest.param(("2021-02-26", "2021-03-01"), ("2021-W08",), id="the-week-before"),
        pytest.param(("2021-03-02", "2021-03-03"), None, id="no-monday-since-the-first-run"),
        pytest.param(("2021-02-26", "2021-03-01T06:00"), ("2021-W08",), id="quiet-hours-end"),
        pytest.param(("2021-02-26", "2021-03-01T05:59:59"), None, id="still-quiet"),
        pytest.param(("2021-02-26", "2021-03-03"), ("2021-W08",), id="monday-was-missed"),
        pytest.param(("2021-02-26", "2021-03-08"), ("2021-W08", "2021-W09"), id="two-weeks"),
        pytest.param(("2021-04-29", "2021-05-03"), None, id="a-monday-off"),
        pytest.param(("2021-04-29", "2021-05-04"), ("2021-W17",), id="the-day-after-it"),
        pytest.param(("2021-02-09", "2021-02-17"), ("2021-W06",), id="the-monday-of-tet"),
        pytest.param(("2021-02-26", "2021-03-01", "2021-03-01T08:00"), None, id="once"),
    ],
)
def test_weeks_of_a_digest(runs: tuple[str, ...], weeks: tuple[str, ...] | None) -> None:
    """A digest covers the whole weeks that are over and were not told, on a working day."""
    story = Story()
    for when in runs[:-1]:
        story.read(when)
    assert digests(story.read(runs[-1])).get((MY_LAC, "principal")) == weeks


def test_a_week_counts_as_covered_only_when_its_digest_was_sent() -> None:
    """What could not leave is told with the next one."""
    story = Story(undelivered=True)
    story.read("2021-02-26")
    story.read("2021-03-01")
    assert digests(story.read("2021-03-08"))["office", "office"] == ("2021-W08", "2021-W09")


def test_units_that_share_an_address_get_two_mails() -> None:
    """The recipients of one mail belong to one unit."""
    schools = [{**row, "email": "chung@truong.example"} for row in THREE]
    outcome = Story().read("2021-02-24", schools=schools)
    assert [(n.unit, n.recipients) for n in outcome.plan.notices] == [
        (TAN_LONG, ("chung@truong.example",)),
        (MY_LAC, ("chung@truong.example",)),
        (MY_PHU, ("chung@truong.example",)),
    ]


def test_no_two_notices_of_a_run_have_one_key() -> None:
    """On a Monday with everything due, each step is in one mail alone."""
    story = Story()
    story.read("2021-02-26", schools=FORTY)
    outcome = story.read("2021-03-08", schools=FORTY)
    keys = [k for n in outcome.plan.notices for k in n.keys]
    assert len(keys) == len(set(keys))
    assert len({n.id for n in outcome.plan.notices}) == len(outcome.plan.notices)


def test_what_was_never_read_is_in_no_mail_but_the_operators() -> None:
    """A tab that nobody could ever read says nothing about a school."""
    story = Story()
    story.read("2021-02-26", mend={"plans": lambda _: None})
    outcome = story.read("2021-03-01", mend={"plans": lambda _: None})
    lines = [x for n in outcome.plan.notices if n.digest for x in n.digest.lines]
    assert lines
    assert {x.obligation for x in lines} == {"model", "periodic-report", "propaganda"}


def test_a_grace_holds_escalations_back() -> None:
    """While lateness is tolerated the school is chased, the leader not told."""
    law = changed_rules("plan", grace=Span(5, "working days"))
    story = Story(law=law)
    assert diary(story, "2021-02-24", "2021-03-05", PLAN) == {
        "2021-02-24": ["principal remind-1"],
        "2021-02-26": ["principal chase-1"],
        "2021-03-04": ["principal chase-5", "leader escalate-3"],
    }
