"""Why a step stays untold: each rule of silence, its bounds, and what the operator decides."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from builders import (
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
from automator.core.decisions import Decisions
from automator.core.memory import Bounce, Contact, Draft, Restored, TellKey
from automator.core.notice import MailKind
from automator.core.pauses import Pause
from automator.core.turn import Outcome
from automator.core.withheld import RULES

PLAN = f"{MY_LAC}/plan"
REPORT = f"{MY_LAC}/periodic-report/2021-02"
OTHERS_SENT = (plan(MY_PHU, "22/02/2021"), plan(TAN_LONG, "22/02/2021"))
WATCHED = frozenset({"schools", "incidents", "receipts"})

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


def _paused(scope: str, obligation: str | None = None) -> Rules:
    pause = Pause(scope=scope, obligation=obligation, until=at("2021-02-27"))
    return replace(rules(), given=Decisions(pauses=(pause,)))


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


DEAD = (Bounce(address="th-my-lac@truong.example", message="x", fate="dead", at=at("2021-02-18")),)
ANOTHER = Contact(addresses=("cu@truong.example",), approved_at=at("2021-02-18"))
RESTORED = Restored(run=7, at=at("2021-02-18"), seen=9, seen_at=at("2021-02-25"))


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
    pytest.param(
        "ledger_unknown",
        lambda: _one("2021-02-26", memory={"restored": RESTORED}),
        id="a-ledger-that-has-gone-back",
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
    pytest.param(
        "address_not_approved",
        lambda: _one("2021-02-26", memory={"contacts": {MY_LAC: ANOTHER}}),
        id="another-address",
    ),
    pytest.param(
        "domain_not_allowed",
        lambda: _one("2021-02-26", law=changed_rules(policy={"allow_domains": ("x.example",)})),
        id="another-domain",
    ),
    pytest.param("bounced", lambda: _one("2021-02-26", memory={"bounces": DEAD}), id="dead"),
    pytest.param("undeliverable", _failed, id="the-server-refused-it"),
    pytest.param("daily_cap", lambda: _one("2021-02-26", memory=CAPPED), id="three-mails-today"),
    pytest.param("old_duty", lambda: _one("2021-04-20", step="chase-5"), id="long-past"),
    pytest.param(
        "paused",
        lambda: _one("2021-02-26", law=_paused("*")),
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
