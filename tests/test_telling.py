"""Who is told what, when, and why everything else stays silent."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from builders import (
    FORTY,
    HANOI,
    MY_LAC,
    MY_PHU,
    TAN_LONG,
    THREE,
    Story,
    at,
    changed_rules,
    finding,
    plan,
    rules,
    school,
    silence,
    steps,
)

from automator.core.assess import Rules
from automator.core.directive import Span
from automator.core.memory import Draft, TellKey
from automator.core.notice import MailKind
from automator.core.turn import Outcome
from automator.core.withheld import RULES

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


# Old duties: the operator is asked.


def late_start(policy: Mapping[str, Any], released: frozenset[str] = frozenset()) -> Outcome:
    story = Story(law=changed_rules(policy=policy))
    story.memory = replace(story.memory, released=released)
    return story.read("2021-04-20", plans=OTHERS_SENT)


def test_an_old_duty_is_held_for_the_operator() -> None:
    """First seen long after its deadline: a held mail, and a question."""
    outcome = late_start({})
    assert silence(outcome, PLAN, "chase-5") == "old_duty"
    held = [n for n in outcome.plan.notices if n.id in outcome.plan.held]
    assert [(n.unit, k.step) for n in held for k in n.keys if k.instance == PLAN] == [
        (MY_LAC, "chase-5")
    ]
    asked = [a for n in outcome.plan.notices for a in n.alerts if a.code == "old_duty"]
    assert len(asked) == 1


def test_an_old_duty_that_is_released_is_chased() -> None:
    """The operator decides for each."""
    outcome = late_start({}, frozenset({f"old_duty/{PLAN}"}))
    assert (MY_LAC, "principal", "chase-5") in steps(outcome, PLAN)


def test_backfill_send_chases_old_duties() -> None:
    """An office may choose to have them all told."""
    assert (MY_LAC, "principal", "chase-5") in steps(late_start({"backfill": "send"}), PLAN)


def test_backfill_silent_asks_nobody() -> None:
    """An office may choose to leave them alone: no held mail, no question."""
    outcome = late_start({"backfill": "silent"})
    assert silence(outcome, PLAN, "chase-5") == "old_duty"
    assert outcome.plan.held == {}
    assert not [a for n in outcome.plan.notices for a in n.alerts if a.code == "old_duty"]


@pytest.mark.parametrize(
    ("first", "held"),
    [
        pytest.param("2021-03-10T23:59:59", False, id="ten-working-days"),
        pytest.param("2021-03-11T00:00:01", True, id="more"),
    ],
)
def test_how_old_is_old(first: str, held: bool) -> None:
    """Ten working days after the deadline, by the office's calendar."""
    story = Story()
    story.read(first, plans=OTHERS_SENT)
    outcome = story.read("2021-03-11T07:00", plans=OTHERS_SENT)
    assert (silence(outcome, PLAN, "chase-5") == "old_duty") is held


# Every rule of silence.

Case = tuple[Outcome, str, str, str]


def _one(
    when: str,
    instance: str = PLAN,
    step: str = "chase-1",
    role: str = "principal",
    law: Rules | None = None,
    memory: Mapping[str, Any] | None = None,
    **book: Any,
) -> Case:
    story = Story(law=law or rules())
    story.memory = replace(story.memory, **(memory or {}))
    return story.read(when, plans=OTHERS_SENT, **book), instance, step, role


def _twice() -> Case:
    story = Story()
    story.read("2021-02-26", plans=OTHERS_SENT)
    return story.read("2021-02-26T09:00", plans=OTHERS_SENT), PLAN, "chase-1", "principal"


def _failed() -> Case:
    key = TellKey(unit=MY_LAC, role="principal", instance=PLAN, episode=1, step="chase-1")
    draft = Draft(
        id="x", unit=MY_LAC, role="principal", state="failed", keys=(key,), since=at("2021-02-26")
    )
    return _one("2021-02-26", memory={"drafts": (draft,)})


def _lost_tab() -> Case:
    story = Story()
    story.read("2021-02-25", plans=OTHERS_SENT)
    lost = {"plans": lambda _: None}
    return story.read("2021-02-26", mend=lost), PLAN, "chase-1", "principal"


def _over(when: str, **book: Any) -> Case:
    story = Story()
    story.read("2021-03-01")
    return story.read(when, **book), REPORT, "chase-1", "principal"


NO_ADDRESS = [{**THREE[0], "email": None}, *THREE[1:]]
GONE = [{**THREE[0], "valid_to": "25/02/2021"}, *THREE[1:]]
WAIVER = {"school": MY_LAC, "content": "plan", "reason": "mới thành lập"}
CAPPED = {"sent_day": "2021-02-26", "sent_today": {(MY_LAC, "principal"): 3}}
CASES = [
    pytest.param(
        "not_in_force",
        lambda: _one("2021-02-26", law=changed_rules("plan", ends=date(2021, 2, 25))),
        id="an-obligation-that-has-ended",
    ),
    pytest.param("waived", lambda: _one("2021-02-26", waivers=[WAIVER]), id="a-waiver"),
    pytest.param("not_asked", lambda: _one("2021-02-26", asked=WATCHED), id="a-watch-pass"),
    pytest.param("unreadable_tab", _lost_tab, id="a-tab-lost"),
    pytest.param("closed", lambda: _one("2021-02-26", schools=GONE), id="a-school-closed"),
    pytest.param("closed", lambda: _over("2021-04-06"), id="the-next-report-is-due"),
    pytest.param("already_told", _twice, id="told-before"),
    pytest.param("newer_step", lambda: _one("2021-03-05"), id="a-newer-rung-is-up"),
    pytest.param("next_step_later", lambda: _one("2021-02-25"), id="not-up-yet"),
    pytest.param(
        "no_chase_yet",
        lambda: _one("2021-03-02", step="escalate-3", role="leader"),
        id="nobody-was-chased",
    ),
    pytest.param("day_off", lambda: _one("2021-02-27"), id="a-saturday"),
    pytest.param("quiet_hours", lambda: _one("2021-02-26T20:00"), id="evening"),
    pytest.param("quiet_hours", lambda: _one("2021-02-26T05:59:59"), id="before-six"),
    pytest.param("no_address", lambda: _one("2021-02-26", schools=NO_ADDRESS), id="no-address"),
    pytest.param("undeliverable", _failed, id="the-server-refused-it"),
    pytest.param("daily_cap", lambda: _one("2021-02-26", memory=CAPPED), id="three-mails-today"),
    pytest.param("old_duty", lambda: _one("2021-04-20", step="chase-5"), id="long-past"),
    pytest.param(
        "paused",
        lambda: _one("2021-02-26", law=changed_rules(policy={"paused_until": at("2021-02-27")})),
        id="paused",
    ),
    pytest.param(
        "breaker",
        lambda: _one("2021-02-26", mend={"plans": lambda s: replace(s, rows=s.rows[:2])}),
        id="a-tab-in-doubt",
    ),
    pytest.param("first_run", lambda: _one("2021-02-26", memory={"armed": False}), id="first-run"),
]


@pytest.mark.parametrize(("reason", "case"), CASES)
def test_silence_has_a_reason(reason: str, case: Callable[[], Case]) -> None:
    """Each rule keeps its step untold, and says so."""
    outcome, instance, step, role = case()
    assert silence(outcome, instance, step, role) == reason
    assert step not in [s for _, _, s in steps(outcome, instance)]


def test_every_rule_of_silence_has_a_case() -> None:
    """The table above leaves no rule out."""
    assert {case.values[0] for case in CASES} == {reason.value for reason, _ in RULES}


@pytest.mark.parametrize(
    ("when", "goes"),
    [
        pytest.param("2021-02-26T06:00", True, id="quiet-hours-end"),
        pytest.param("2021-02-26T19:59:59", True, id="before-they-begin"),
        pytest.param("2021-02-26T00:00", False, id="midnight"),
    ],
)
def test_bounds_of_quiet_hours(when: str, goes: bool) -> None:
    """From 20:00 to 06:00, half open."""
    assert (steps(Story().read(when, plans=OTHERS_SENT), PLAN) != []) is goes


def test_a_saturday_on_which_the_office_works_is_a_working_day() -> None:
    """10/01/2026 was made up for; the calendar decides, not the weekday."""
    law = changed_rules(
        "periodic-report", starts=date(2025, 12, 1), ends=date(2025, 12, 31), shift="none", on=9
    )
    story = Story(law=replace(law, directive=replace(law.directive, starts=date(2025, 12, 1))))
    outcome = story.read("2026-01-10")
    key = f"{MY_LAC}/periodic-report/2025-12"
    assert steps(outcome, key) == []
    assert silence(outcome, key, "chase-1") == "next_step_later"
    assert silence(outcome, f"{MY_LAC}/plan", "chase-5") == "old_duty"


def test_a_school_without_an_address_is_judged_and_named_to_the_operator() -> None:
    """Its mail is withheld; somebody must mend that."""
    outcome = Story().read("2021-02-26", schools=NO_ADDRESS, plans=OTHERS_SENT)
    assert finding(outcome, PLAN).status.value == "missing"
    lines = [x for n in outcome.plan.notices for a in n.alerts for x in a.lines]
    assert lines == ["Trường Tiểu học Mỹ Lạc"]


def test_an_alert_is_told_once_while_it_lasts_and_anew_when_it_comes_back() -> None:
    """The operator is not told every day what he knows."""
    story = Story()

    def alerts(when: str, **book: Any) -> int:
        return len([n for n in story.read(when, **book).plan.notices if n.kind is MailKind.ALERT])

    assert alerts("2021-02-22", schools=NO_ADDRESS) == 1
    assert alerts("2021-02-23", schools=NO_ADDRESS) == 0
    assert alerts("2021-02-24") == 0
    assert alerts("2021-02-25", schools=NO_ADDRESS) == 1


def test_the_first_run_over_a_server_tells_the_operator_alone() -> None:
    """All else is held until it is let go."""
    story = Story()
    story.memory = replace(story.memory, armed=False)
    outcome = story.read("2021-02-26", plans=OTHERS_SENT)
    assert {role for _, role, _ in steps(outcome)} == {"operator"}
    held = [n for n in outcome.plan.notices if n.id in outcome.plan.held]
    assert [(n.unit, n.role) for n in held] == [(MY_LAC, "principal")]


def test_a_row_marked_as_secret_holds_what_it_would_send() -> None:
    """The operator is told the cell, nobody anything else; an unlisted column counts too."""
    sent = plan(MY_LAC, "26/02/2021", note="MẬT")
    story = Story()
    story.read("2021-02-26", plans=OTHERS_SENT)
    outcome = story.read("2021-03-02", plans=(*OTHERS_SENT, sent))
    assert silence(outcome, PLAN, "received") == "breaker"
    lines = [x for n in outcome.plan.notices for a in n.alerts for x in a.lines]
    assert lines == ["Tab Kế hoạch, ô H5"]


def test_a_grace_holds_escalations_back() -> None:
    """While lateness is tolerated the school is chased, the leader not told."""
    law = changed_rules("plan", grace=Span(5, "working days"))
    story = Story(law=law)
    assert diary(story, "2021-02-24", "2021-03-05", PLAN) == {
        "2021-02-24": ["principal remind-1"],
        "2021-02-26": ["principal chase-1"],
        "2021-03-04": ["principal chase-5", "leader escalate-3"],
    }


def test_now_may_be_given_in_any_zone() -> None:
    """The same instant in UTC is the same run."""
    here, there = Story(), Story()
    one = here.read("2021-03-01T06:30:00+07:00")
    two = there.read("2021-02-28T23:30:00+00:00")
    assert one.findings == two.findings
    assert steps(one) == steps(two)
    assert [n.now for n in two.plan.notices] == [
        datetime(2021, 3, 1, 6, 30, tzinfo=HANOI) for _ in two.plan.notices
    ]


def test_a_new_school_owes_the_plan_from_its_first_day() -> None:
    """A school that opens after the deadline owes no plan of before its time."""
    new = school("TH-MOI", "Trường Tiểu học Bình An", "TH", "28054", valid_from="01/03/2021")
    outcome = Story().read("2021-03-02", schools=(*THREE, new), plans=OTHERS_SENT)
    assert "TH-MOI/plan" not in {f.key for f in outcome.findings}
    assert "TH-MOI/periodic-report/2021-03" in {f.key for f in outcome.findings}
