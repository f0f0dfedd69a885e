"""A ledger that does not fit holds urgent mails too, at any hour; the operator hears at once."""

from dataclasses import replace

import pytest
from builders import FORTY, MY_LAC, THREE, Rows, Story, at, incident, plan, school, steps
from test_telling import WATCHED

from automator.core.memory import Draft, Restored, TellKey, Told
from automator.core.turn import Outcome
from automator.core.unknown import RELEASE

GONE_BACK = Restored(run=7, at=at("2021-02-18"), seen=9, seen_at=at("2021-02-25"))
OTHER: Rows = tuple(school(f"X-{n}", f"Trường Tiểu học X{n}", "TH", "28048") for n in range(3))


def restored() -> Story:
    """Return a story whose ledger is an older copy."""
    story = Story()
    story.read("2021-02-18")
    story.memory = replace(story.memory, restored=GONE_BACK)
    return story


def alerts(outcome: Outcome) -> list[str]:
    """Return the codes of what the operator is told now."""
    return [a.code for n in outcome.plan.notices for a in n.alerts]


@pytest.mark.parametrize(
    ("when", "asked"),
    [
        pytest.param("2021-02-27T23:00", WATCHED, id="a-watch-pass-on-a-saturday-night"),
        pytest.param("2021-02-26T07:00", None, id="a-daily-run"),
    ],
)
def test_urgent_mails_are_held_and_the_operator_told(
    when: str, asked: frozenset[str] | None
) -> None:
    """Whom an earlier run has told of the incident is not known."""
    outcome = restored().read(when, asked=asked, incidents=(incident(MY_LAC, "26/02/2021", 1),))
    held = [n.kind.value for n in outcome.plan.notices if n.id in outcome.plan.held]
    assert "urgent" in held
    assert {why.value for why in outcome.plan.held.values()} == {"ledger_unknown"}
    assert "restored" in alerts(outcome)
    assert {role for _, role, _ in steps(outcome)} == {"operator"}


def test_the_operator_is_told_once_while_it_lasts() -> None:
    """A watch pass that told it is followed by a daily run that does not."""
    story = restored()
    assert "restored" in alerts(story.read("2021-02-25T23:00", asked=WATCHED))
    assert "restored" not in alerts(story.read("2021-02-26T07:00"))


def test_digests_wait_too() -> None:
    """They count as withheld, and come when the ledger is let go."""
    story = restored()
    monday = story.read("2021-03-01")
    assert monday.plan.counts()["ledger_unknown"] > 3
    story.memory = replace(story.memory, restored=None)
    tuesday = story.read("2021-03-02")
    assert any(n.digest for n in tuesday.plan.notices)


def test_rows_are_remembered_while_it_lasts() -> None:
    """When the operator lets the ledger go on, the rows of today are known."""
    story = restored()
    story.read("2021-02-26", plans=(plan(MY_LAC, "24/02/2021"),))
    assert [s.school for s in story.memory.sightings] == [MY_LAC]


@pytest.mark.parametrize(("back", "again"), [(None, {"m"}), (GONE_BACK, set())])
def test_mail_in_doubt_is_held_as_well(back: Restored | None, again: set[str]) -> None:
    """Whether it has been handed over once more since is not known."""
    key = TellKey(
        unit=MY_LAC, role="principal", instance=f"{MY_LAC}/plan", episode=1, step="chase-1"
    )
    draft = Draft(
        id="m", unit=MY_LAC, role="principal", state="in_doubt", keys=(key,), since=at("2021-02-26")
    )
    story = Story()
    story.read("2021-02-18")
    told = {key: Told(at=at("2021-02-26"), message="m")}
    story.memory = replace(story.memory, drafts=(draft,), told=told, restored=back)
    assert story.read("2021-02-26T09:00").scene.again == again


@pytest.mark.parametrize(
    ("schools", "strange"),
    [
        pytest.param(OTHER, True, id="other-codes"),
        pytest.param((*THREE[:1], *OTHER[:2]), True, id="one-of-three"),
        pytest.param((*THREE[:2], *OTHER[:2]), False, id="half"),
        pytest.param((*THREE, *FORTY[:4]), True, id="three-of-seven"),
        pytest.param(THREE[:1], False, id="fewer-of-the-same"),
        pytest.param((*(s | {"code": str(s["code"]).lower()} for s in THREE),), False, id="case"),
    ],
)
def test_which_roster_is_another(schools: Rows, strange: bool) -> None:
    """Under half of its codes stood there at the last read; how they are written is no matter."""
    story = Story()
    story.read("2021-02-18")
    assert ("another" in alerts(story.read("2021-02-19", schools=schools))) is strange


def test_another_roster_changes_nothing_that_is_remembered() -> None:
    """No row, no episode, no good read; the released key of another day neither."""
    story = Story()
    story.read("2021-02-18", plans=(plan(MY_LAC, "10/02/2021"),))
    before = story.memory
    story.read("2021-02-19", schools=OTHER, plans=(plan("X-1", "10/02/2021"),))
    after = story.memory
    for name in ("sightings", "tabs", "episodes", "judged", "next_sighting", "released"):
        assert getattr(after, name) == getattr(before, name), name
    assert after.last_run == at("2021-02-19")


def test_a_release_serves_one_change() -> None:
    """It is used up by the read that it was given for."""
    story = Story()
    story.read("2021-02-18")
    story.memory = replace(story.memory, released=frozenset({RELEASE}))
    assert "another" not in alerts(story.read("2021-02-19", schools=OTHER))
    assert RELEASE not in story.memory.released
    assert "another" in alerts(story.read("2021-02-22", schools=THREE))
