"""Urgent incidents: who hears of them at once, who after the office, and what is told again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from builders import MY_LAC, Story, changed_rules, incident, silence, steps

from automator.core.directive import Policy
from automator.core.notice import MailKind, Notice
from automator.core.snapshot import Cell
from automator.core.turn import Outcome

KEY = f"{MY_LAC}/urgent-report/VV-2021-001"
SUNDAY_NIGHT = "2021-02-28T02:00"
FIRE = incident(MY_LAC, "28/02/2021 01:30", 1, kind="CN", place="Trong trường", affected=2)
AT_ONCE = [(MY_LAC, "principal", "urgent"), ("office", "duty", "urgent")]
FORWARDED = [("28048", "commune", "urgent"), ("police", "police", "urgent")]
ACKNOWLEDGED = {
    "school": MY_LAC,
    "content": "urgent-report",
    "period": "VV-2021-001",
    "arrived": "28/02/2021",
    "result": "Đã nắm tin",
}


def read(story: Story, when: str, row: Mapping[str, Cell] | None, **book: Any) -> Outcome:
    return story.read(when, incidents=[row] if row else [], **book)


def told(outcome: Outcome) -> list[tuple[str, str, str]]:
    """Return the urgent steps that go out."""
    return [s for s in steps(outcome, KEY) if s[2].startswith("urgent")]


def mails(outcome: Outcome) -> list[Notice]:
    return [n for n in outcome.plan.notices if n.kind is MailKind.URGENT]


def test_duty_and_principal_hear_at_once() -> None:
    """At the first read, on a Sunday at two in the morning."""
    assert told(read(Story(), SUNDAY_NIGHT, FIRE)) == AT_ONCE


def test_an_urgent_mail_is_one_of_its_own() -> None:
    """One incident a mail, with its own conversation, beside what else is due."""
    two = [FIRE, {**FIRE, "occurred": "28/02/2021 23:00", "kind": "TNGT"}]
    story = Story()
    story.read("2021-02-26")
    outcome = story.read("2021-03-01", incidents=two)
    found = [(n.unit, n.role, n.thread, len(n.items), n.digest) for n in mails(outcome)]
    assert sorted(found) == [
        (MY_LAC, "principal", "urgent/VV-2021-001", 0, None),
        (MY_LAC, "principal", "urgent/VV-2021-002", 0, None),
        ("office", "duty", "urgent/VV-2021-001", 0, None),
        ("office", "duty", "urgent/VV-2021-002", 0, None),
    ]
    assert (MY_LAC, "principal") in {(n.unit, n.role) for n in outcome.plan.notices if n.digest}


def test_urgent_mails_know_no_daily_cap() -> None:
    """Three mails today, and the fourth is urgent: it goes."""
    story = Story()
    capped = {(MY_LAC, "principal"): 3, ("office", "duty"): 3}
    story.memory = replace(story.memory, sent_day="2021-02-28", sent_today=capped)
    assert told(read(story, SUNDAY_NIGHT, FIRE)) == AT_ONCE


def test_a_watch_pass_tells_urgent_mails() -> None:
    """Between the daily runs only incidents and receipts are read."""
    story = Story()
    story.read("2021-02-26")
    watched = frozenset({"schools", "incidents", "receipts"})
    assert told(read(story, SUNDAY_NIGHT, FIRE, asked=watched)) == AT_ONCE


def test_commune_and_police_hear_after_the_office() -> None:
    """Nobody outside hears of it before somebody at the office has noted it."""
    story = Story()
    first = read(story, SUNDAY_NIGHT, FIRE)
    assert silence(first, KEY, "urgent", "commune") == "not_acknowledged"
    assert silence(first, KEY, "urgent", "police") == "not_acknowledged"
    second = read(story, "2021-02-28T02:10", FIRE, receipts=[ACKNOWLEDGED])
    assert told(second) == FORWARDED
    assert told(read(story, "2021-02-28T02:20", FIRE, receipts=[ACKNOWLEDGED])) == []


@pytest.mark.parametrize("result", ["Đã nắm tin", "Đạt", "Đề nghị bổ sung", None])
def test_any_row_of_the_office_acknowledges(result: str | None) -> None:
    """Whatever the office wrote, it has read of the incident."""
    story = Story()
    read(story, SUNDAY_NIGHT, FIRE)
    row = {**ACKNOWLEDGED, "result": result}
    assert told(read(story, "2021-02-28T02:10", FIRE, receipts=[row])) == FORWARDED


def test_an_office_may_choose_to_forward_at_once() -> None:
    """`forward_urgent = "at_once"` tells all four in the first run."""
    story = Story(law=changed_rules(policy={"forward_urgent": "at_once"}))
    assert told(read(story, SUNDAY_NIGHT, FIRE)) == sorted(AT_ONCE + FORWARDED)


# Nobody answers.


@pytest.mark.parametrize(
    ("level", "when", "goes"),
    [
        pytest.param(1, "2021-02-28T02:29:59", False, id="level-1-before"),
        pytest.param(1, "2021-02-28T02:30:00", True, id="level-1-after-half-an-hour"),
        pytest.param(2, "2021-02-28T03:59:59", False, id="level-2-before"),
        pytest.param(2, "2021-02-28T04:00:00", True, id="level-2-after-two-hours"),
    ],
)
def test_the_leader_hears_what_nobody_acknowledged(level: int, when: str, goes: bool) -> None:
    """Counted from the mail to the duty officer; day or night."""
    story = Story()
    row = {**FIRE, "level": level}
    read(story, SUNDAY_NIGHT, row)
    outcome = read(story, when, row)
    assert told(outcome) == ([("office", "leader", "urgent-leader")] if goes else [])
    assert silence(outcome, KEY, "urgent-leader", "leader") == (None if goes else "next_step_later")


def test_the_leader_hears_once() -> None:
    """The reminder of the leader is not repeated."""
    story = Story()
    read(story, SUNDAY_NIGHT, FIRE)
    read(story, "2021-02-28T03:00", FIRE)
    assert told(read(story, "2021-02-28T04:00", FIRE)) == []


def test_the_leader_does_not_hear_what_was_acknowledged() -> None:
    """Somebody has it in hand."""
    story = Story()
    read(story, SUNDAY_NIGHT, FIRE)
    read(story, "2021-02-28T02:10", FIRE, receipts=[ACKNOWLEDGED])
    assert told(read(story, "2021-02-28T05:00", FIRE, receipts=[ACKNOWLEDGED])) == []


# What is no urgent mail.


@pytest.mark.parametrize(
    ("row", "book"),
    [
        pytest.param({**FIRE, "level": 3}, {}, id="ordinary"),
        pytest.param({**FIRE, "state": "Đã kết thúc"}, {}, id="over"),
        pytest.param({**FIRE, "state": "Nhập nhầm"}, {}, id="taken-back"),
        pytest.param(FIRE, {"receipts": [ACKNOWLEDGED]}, id="acknowledged"),
        pytest.param({**FIRE, "occurred": "01/02/2021 08:00"}, {}, id="long-ago"),
        pytest.param({**FIRE, "occurred": "28/02/2021 03:00"}, {}, id="dated-ahead"),
        pytest.param({**FIRE, "level": None}, {}, id="blank-level-at-first"),
    ],
)
def test_what_is_no_urgent_mail(row: Mapping[str, Cell], book: Mapping[str, Any]) -> None:
    """Over, taken back, known to the office, long ago or ahead at its first read."""
    assert told(read(Story(), SUNDAY_NIGHT, row, **book)) == []


def test_what_was_no_urgent_mail_at_first_stays_silent() -> None:
    """What was acknowledged at its first read is not told later either."""
    story = Story()
    read(story, SUNDAY_NIGHT, FIRE, receipts=[ACKNOWLEDGED])
    assert told(read(story, "2021-03-01", FIRE, receipts=[ACKNOWLEDGED])) == []


def test_long_ago_is_named_as_such() -> None:
    """Known more than ten working days ago: the digest lists it."""
    outcome = read(Story(), SUNDAY_NIGHT, {**FIRE, "occurred": "01/02/2021 08:00"})
    assert silence(outcome, KEY, "urgent", "duty") == "old_duty"


def test_what_was_known_only_now_is_not_long_ago() -> None:
    """An old event of which the school has just learnt is urgent."""
    row = {**FIRE, "occurred": "01/02/2021 08:00", "known": "28/02/2021 01:00"}
    assert told(read(Story(), SUNDAY_NIGHT, row)) == AT_ONCE


def test_a_blank_level_is_told_after_settle() -> None:
    """Half an hour is given to fill it in; then it counts as level 2."""
    story, row = Story(), {**FIRE, "level": None}
    assert silence(read(story, SUNDAY_NIGHT, row), KEY, "urgent", "duty") == "not_settled"
    assert told(read(story, "2021-02-28T02:29:59", row)) == []
    outcome = read(story, "2021-02-28T02:30:00", row)
    assert told(outcome) == AT_ONCE
    assert {n.incident.level for n in mails(outcome) if n.incident} == {2}


def test_what_is_blank_but_the_level_is_told_as_blank() -> None:
    """A row with hardly anything in it goes out at once, and says what is blank."""
    outcome = read(Story(), SUNDAY_NIGHT, {"school": MY_LAC, "level": 1})
    assert told(outcome) == AT_ONCE
    assert {n.incident.blank for n in mails(outcome) if n.incident} == {
        ("Loại", "Xảy ra lúc", "Đã báo công an xã, thị trấn", "Đã báo UBND xã, thị trấn")
    }


def test_a_row_with_only_a_school_is_no_incident() -> None:
    """It needs one more cell."""
    outcome = read(Story(), SUNDAY_NIGHT, {"school": MY_LAC})
    assert outcome.assessment.incidents.by_code == {}


# What changes is told again, to those who were told.


def test_a_raised_level_is_told_again() -> None:
    """Those who were told hear the change, once."""
    story = Story()
    read(story, SUNDAY_NIGHT, {**FIRE, "level": 2})
    changed = [(unit, role, "urgent-changed") for unit, role, _ in AT_ONCE]
    assert told(read(story, "2021-02-28T02:10", FIRE)) == changed
    assert told(read(story, "2021-02-28T02:20", FIRE)) == []


def test_a_level_that_goes_back_is_told_again() -> None:
    """Each change is one of its own."""
    story = Story()
    for when, level in (("02:00", 2), ("02:10", 1)):
        read(story, f"2021-02-28T{when}", {**FIRE, "level": level})
    changed = [(unit, role, "urgent-changed") for unit, role, _ in AT_ONCE]
    assert told(read(story, "2021-02-28T02:20", {**FIRE, "level": 2})) == changed


def test_who_hears_only_now_hears_it_as_it_is() -> None:
    """A commune told after the change is not told of the change on top."""
    story = Story()
    read(story, SUNDAY_NIGHT, {**FIRE, "level": 2})
    outcome = read(story, "2021-02-28T02:10", FIRE, receipts=[ACKNOWLEDGED])
    changed = [(unit, role, "urgent-changed") for unit, role, _ in AT_ONCE]
    assert told(outcome) == sorted(changed + FORWARDED)
    assert told(read(story, "2021-02-28T02:20", FIRE, receipts=[ACKNOWLEDGED])) == []


def test_the_end_is_told_to_everybody_who_was_told() -> None:
    """A change of state reaches the leader and those outside too."""
    story = Story()
    read(story, SUNDAY_NIGHT, FIRE)
    read(story, "2021-02-28T02:40", FIRE)
    read(story, "2021-02-28T02:50", FIRE, receipts=[ACKNOWLEDGED])
    over = {**FIRE, "state": "Đã kết thúc"}
    outcome = read(story, "2021-02-28T03:00", over, receipts=[ACKNOWLEDGED])
    assert {(unit, role) for unit, role, step in told(outcome) if step == "urgent-changed"} == {
        (MY_LAC, "principal"),
        ("office", "duty"),
        ("office", "leader"),
        ("28048", "commune"),
        ("police", "police"),
    }


def test_a_mended_detail_is_no_change() -> None:
    """Only level and state are told again."""
    story = Story()
    read(story, SUNDAY_NIGHT, FIRE)
    assert told(read(story, "2021-02-28T02:10", {**FIRE, "place": "Nơi khác"})) == []


def test_what_was_entered_by_mistake_is_corrected() -> None:
    """One correction to those who were told, nobody else hears of it."""
    story = Story()
    read(story, SUNDAY_NIGHT, FIRE)
    mistaken = {**FIRE, "state": "Nhập nhầm"}
    outcome = read(story, "2021-02-28T02:10", mistaken, receipts=[ACKNOWLEDGED])
    assert told(outcome) == [(unit, role, "urgent-withdrawn") for unit, role, _ in AT_ONCE]
    assert told(read(story, "2021-02-28T03:00", mistaken, receipts=[ACKNOWLEDGED])) == []


def test_a_vanished_row_is_corrected_after_two_reads() -> None:
    """A clerk who cuts a row to paste it elsewhere corrects nothing."""
    story = Story()
    read(story, SUNDAY_NIGHT, FIRE)
    assert told(read(story, "2021-02-28T02:10", None)) == []
    outcome = read(story, "2021-02-28T02:40", None)
    corrected = [(unit, role) for unit, role, step in told(outcome) if step == "urgent-withdrawn"]
    assert corrected == [(MY_LAC, "principal"), ("office", "duty")]


def test_a_mistake_that_nobody_was_told_of_is_corrected_to_nobody() -> None:
    """Without a first mail there is nothing to take back."""
    story = Story()
    read(story, SUNDAY_NIGHT, {**FIRE, "level": 3})
    assert told(read(story, "2021-02-28T02:10", {**FIRE, "level": 3, "state": "Nhập nhầm"})) == []


# Who may know what.


@pytest.mark.parametrize("kind", ["XH", "MT", "BH"])
def test_a_sensitive_kind_is_restricted_to_the_commune(kind: str) -> None:
    """The commune reads neither school, kind, place nor number of those affected."""
    story = Story(law=changed_rules(policy={"forward_urgent": "at_once"}))
    outcome = read(story, SUNDAY_NIGHT, {**FIRE, "kind": kind})
    seen = {n.role: n.incident for n in mails(outcome) if n.incident}
    commune, police = seen["commune"], seen["police"]
    assert commune.restricted
    assert (commune.school, commune.school_name, commune.kind_label, commune.place) == ("",) * 4
    assert commune.affected is None
    assert not police.restricted
    assert police.school_name == "Trường Tiểu học Mỹ Lạc"


def test_an_ordinary_kind_is_not_restricted() -> None:
    """A fire is no secret from the commune."""
    story = Story(law=changed_rules(policy={"forward_urgent": "at_once"}))
    outcome = read(story, SUNDAY_NIGHT, FIRE)
    assert {n.incident.restricted for n in mails(outcome) if n.incident} == {False}


def test_an_urgent_mail_repeats_no_free_text() -> None:
    """A place that is not in the list, a number of a report: nothing typed freely goes out."""
    row = {**FIRE, "place": "nhà em Nguyễn Văn An", "report_number": "em An lớp 5A"}
    outcome = read(Story(), SUNDAY_NIGHT, row)
    said = " ".join(str(n.incident) for n in mails(outcome))
    assert "VV-2021-001" in said
    assert "Nguyễn" not in said
    assert "5A" not in said


# The written report has a ladder of its own, in ordinary hours.


def test_the_written_report_is_reminded_and_chased_in_office_hours() -> None:
    """Hours run at night; the mails about paper wait for the morning."""
    story = Story()
    row = incident(MY_LAC, "24/02/2021 22:00", 2)
    found: dict[str, list[str]] = {}
    for hour in range(72):
        when = f"2021-02-{24 + (22 + hour) // 24}T{(22 + hour) % 24:02}:30"
        outcome = read(story, when, row, receipts=[{**ACKNOWLEDGED, "arrived": "24/02/2021"}])
        ladder = [f"{r} {s}" for _, r, s in steps(outcome, KEY) if not s.startswith("urgent")]
        if ladder:
            found[when] = ladder
    assert found == {
        "2021-02-25T16:30": ["principal remind-6h"],
        "2021-02-26T06:30": ["principal chase-1h"],
    }


def test_defaults_of_the_policy_are_those_of_the_contract() -> None:
    """Two hours for an answer, half an hour at level 1, outsiders after the office."""
    policy = Policy()
    assert str(policy.ack_within) == "2:00:00"
    assert str(policy.ack_within_level_1) == "0:30:00"
    assert policy.forward_urgent == "after_ack"
