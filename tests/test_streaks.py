"""Periods that stay missing: one line with its range, chased in the newest, told ever higher."""

from typing import Any

import pytest
from builders import MY_LAC, MY_PHU, TAN_LONG, Story, changed_rules, silence, steps

from automator.core.notice import Digest, Item
from automator.core.streaks import streak_words
from automator.core.turn import Outcome

REPORTS = "periodic-report"
SENT = tuple(
    {
        "school": code,
        "period": f"{month:02}/2021",
        "sent": f"03/{month + 1:02}/2021",
        "any": "Không",
    }
    for code in (MY_PHU, TAN_LONG)
    for month in range(2, 10)
)


def silent_months(story: Story, *days: str) -> list[Outcome]:
    """Return the outcome of each day for a school that reports nothing; the others do."""
    return [story.read(day, periodic=SENT) for day in days]


def told_items(outcome: Outcome, role: str) -> list[Item]:
    """Return what a role reads about the monthly reports."""
    return [
        i
        for n in outcome.plan.notices
        if n.role == role
        for i in n.items
        if i.obligation == REPORTS
    ]


def digest_of(outcome: Outcome, role: str) -> Digest:
    """Return the weekly summary that goes to one role."""
    return next(n.digest for n in outcome.plan.notices if n.role == role and n.digest)


def all_of_2021(story: Story, **more: Any) -> dict[str, list[tuple[str, str, str]]]:
    """Return what goes out about Mỹ Lạc's reports on every day from March to October."""
    from test_telling import days

    told: dict[str, list[tuple[str, str, str]]] = {}
    for day in days("2021-03-01", "2021-10-31"):
        outcome = story.read(day, periodic=SENT, **more)
        for month in range(2, 10):
            found = steps(outcome, f"{MY_LAC}/{REPORTS}/2021-{month:02}")
            told.setdefault(f"2021-{month:02}", []).extend(found)
    return told


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (("2021-03",), "tháng 03/2021"),
        (("2021-03", "2021-04", "2021-05"), "tháng 3–5"),
        (("2021-03", "2021-04", "2021-09"), "tháng 3–4, tháng 09/2021"),
        (("2020-12", "2021-01"), "tháng 12/2020–1/2021"),
        (("2020-W53", "2021-W01"), "tuần 53/2020–1/2021"),
        (("2021-Q1", "2021-Q2"), "quý I–II"),
    ],
)
def test_consecutive_periods_are_said_as_a_range(labels: tuple[str, ...], words: str) -> None:
    """A gap ends a range; a range over New Year says both years."""
    assert streak_words(labels) == words


def test_a_school_silent_for_eight_periods_hears_once_a_period() -> None:
    """At most one chase and one escalation for each of them, whatever came before."""
    for month, told in all_of_2021(Story()).items():
        chases = [t for t in told if t[2].startswith("chase")]
        escalations = [t for t in told if t[2].startswith("escalate")]
        assert len(chases) == 1, month
        assert len(escalations) == 1, month


def test_a_chase_names_the_range_that_is_missing() -> None:
    """Three months without a report are one item, "tháng 2–4"."""
    story = Story()
    outcome = silent_months(story, "2021-03-08", "2021-04-07", "2021-05-07")[-1]
    (item,) = told_items(outcome, "principal")
    assert (item.range_words, item.key.step) == ("tháng 2–4", "chase-1")


def test_a_range_starts_anew_after_a_period_that_came() -> None:
    """What has been sent ends the streak."""
    story = Story()
    march = {"school": MY_LAC, "period": "03/2021", "sent": "02/04/2021", "any": "Không"}
    outcome = story.read("2021-05-07", periodic=(*SENT, march))
    (item,) = told_items(outcome, "principal")
    assert item.range_words == ""


def test_a_digest_lists_a_streak_as_one_line() -> None:
    """Neither the school nor the office reads the same lack once a month of it."""
    story = Story()
    story.read("2021-05-07", periodic=SENT)
    outcome = story.read("2021-05-10", periodic=SENT)
    office = [li for li in digest_of(outcome, "office").attention if li.obligation == REPORTS]
    own = [
        li.period_words
        for n in outcome.plan.notices
        if n.unit == MY_LAC and n.digest
        for li in n.digest.lines
        if li.obligation == REPORTS and li.status == "missing"
    ]
    assert [li.period_words for li in office] == ["tháng 2–4"]
    assert own == ["tháng 2–4"]


def test_a_streak_is_told_the_higher_the_longer_it_is() -> None:
    """Nobody at the first, the leader from the second on, the commune from the fourth on."""
    law = changed_rules(REPORTS, escalate_streak={2: "leader", 4: "commune"})
    told = all_of_2021(Story(law=law))
    who = {
        month: [(unit, role) for unit, role, step in found if step.startswith("escalate")]
        for month, found in told.items()
    }
    assert who["2021-02"] == []
    assert who["2021-03"] == who["2021-04"] == [("office", "leader")]
    assert who["2021-05"] == who["2021-09"] == [("28048", "commune")]


def test_an_older_report_that_comes_does_not_escalate_the_newest_again() -> None:
    """The streak got shorter: the leader is not told what the commune has just heard."""
    law = changed_rules(REPORTS, escalate_streak={1: "leader", 2: "commune"})
    story = Story(law=law)
    silent_months(story, "2021-03-08", "2021-04-07", "2021-04-13")
    late = {"school": MY_LAC, "period": "02/2021", "sent": "13/04/2021", "any": "Không"}
    outcome = story.read("2021-04-14", periodic=(*SENT, late))
    instance = f"{MY_LAC}/{REPORTS}/2021-03"
    assert steps(outcome, instance) == []
    assert silence(outcome, instance, "escalate-5", "leader") == "already_told"


def test_close_after_ends_chasing_not_counting() -> None:
    """From the next deadline on the old period is missing still, and chased no more."""
    story = Story(undelivered=True)
    outcome = story.read("2021-04-07", periodic=SENT)
    old = f"{MY_LAC}/{REPORTS}/2021-02"
    assert silence(outcome, old, "chase-1") == "closed"
    assert next(f for f in outcome.findings if f.key == old).status.value == "missing"
