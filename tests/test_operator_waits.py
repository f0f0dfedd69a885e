"""What waits for the operator waits at night, on days off and through watch passes as well."""

from dataclasses import replace

from builders import FORTY, MY_LAC, MY_PHU, THREE, Story, plan
from test_telling import WATCHED

from automator.core.turn import Outcome
from automator.deciding import waiting


def alerts(outcome: Outcome) -> list[str]:
    """Return the codes of what the operator is told now."""
    return [a.code for n in outcome.plan.notices for a in n.alerts]


def keys(outcome: Outcome) -> list[str]:
    """Return what `outbox list` names."""
    return [w.key for w in waiting(outcome)]


def test_a_watch_pass_ends_no_alert() -> None:
    """The unreadable tab is told once, however often incidents are looked at in between."""
    lost = {"plans": lambda _sheet: None}
    story = Story()
    story.read("2021-02-18")
    assert "unreadable_tab" in alerts(story.read("2021-02-19", mend=lost))
    story.read("2021-02-19T07:10", mend=lost, asked=WATCHED)
    assert "unreadable_tab" not in alerts(story.read("2021-02-22", mend=lost))


def test_old_duties_are_told_once_over_a_weekend() -> None:
    """A run on a day off neither ends the question nor takes it out of the list."""
    story = Story()
    friday = story.read("2021-04-02", plans=(plan(MY_PHU, "22/02/2021"),))
    assert "old_duty" in alerts(friday)
    saturday = story.read("2021-04-03", plans=(plan(MY_PHU, "22/02/2021"),))
    night = story.read("2021-04-03T21:00", plans=(plan(MY_PHU, "22/02/2021"),))
    assert keys(friday) == keys(saturday) == keys(night)
    assert f"old_duty/{MY_LAC}/plan" in keys(night)
    assert "old_duty" not in alerts(story.read("2021-04-05", plans=(plan(MY_PHU, "22/02/2021"),)))


def test_what_is_held_stays_held_on_a_day_off() -> None:
    """The same messages wait on Saturday: nothing is dropped to be held anew on Monday."""
    story = Story()
    friday = story.read("2021-04-02", plans=(plan(MY_PHU, "22/02/2021"),))
    saturday = story.read("2021-04-03", plans=(plan(MY_PHU, "22/02/2021"),))
    assert friday.plan.held
    assert set(friday.plan.held) == set(saturday.plan.held)


def test_an_old_incident_is_no_decision() -> None:
    """It gets no urgent mail, released or not: the digest lists it."""
    row = {
        "school": MY_LAC,
        "kind": "TC",
        "level": 2,
        "occurred": "10/02/2021",
        "told_police": "Có",
        "told_commune": "Có",
        "reported": "10/02/2021",
    }
    outcome = Story().read("2021-04-02", incidents=(row,))
    assert not [k for k in keys(outcome) if "urgent-report" in k]


def test_a_school_that_joins_later_is_owed_no_older_digest() -> None:
    """Its first summary covers weeks in which it was there."""
    story = Story()
    story.read("2021-02-22")
    joined = ({**dict(FORTY[0]), "valid_from": "01/09/2021"},)
    outcome = story.read("2021-09-06", schools=(*THREE, *joined))
    (mail,) = [n for n in outcome.plan.notices if n.unit == "TH-01" and n.digest]
    assert mail.weeks == ("2021-W35",)


def test_a_reminder_by_hand_ends_no_alert() -> None:
    """The question about old duties is not asked anew because one school was reminded."""
    others = (plan(MY_PHU, "22/02/2021"),)
    story = Story()
    assert "old_duty" in alerts(story.read("2021-04-01", plans=others))
    law, story.law = story.law, replace(story.law, asked=frozenset({f"{MY_LAC}/plan"}))
    story.read("2021-04-01T09:00", plans=others)
    story.law = law
    assert "old_duty" not in alerts(story.read("2021-04-02", plans=others))
