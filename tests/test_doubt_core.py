"""What the plan makes of messages in doubt: sent once more, left for later, or the operator's."""

from dataclasses import replace
from typing import Any

from builders import MY_LAC, Story, at, plan

from automator.core.memory import Draft, TellKey, Told
from automator.core.turn import Outcome

CHASE = TellKey(unit=MY_LAC, role="principal", instance=f"{MY_LAC}/plan", episode=1, step="chase-1")
TO = "th-my-lac@truong.example"


def doubted(
    key: TellKey = CHASE, to: str = TO, role: str = "principal", unit: str = MY_LAC
) -> Draft:
    """Return a message in doubt since 26 February."""
    return Draft(
        id=f"{key.step}-{key.unit}",
        unit=unit,
        role=role,
        state="in_doubt",
        keys=(key,),
        since=at("2021-02-26"),
        recipients=(to,),
    )


def on(when: str, *drafts: Draft, **book: Any) -> Outcome:
    """Return the outcome at `when` of an office whose one mail to Mỹ Lạc is in doubt."""
    story = Story(undelivered=True)
    story.read("2021-02-24")
    told = {k: Told(at=at("2021-02-26"), message=d.id) for d in drafts for k in d.keys}
    story.memory = replace(story.memory, told={**story.memory.told, **told}, drafts=drafts)
    return story.read(when, **book)


def alerts(outcome: Outcome) -> set[str]:
    """Return the running alerts about mails."""
    found = {key for key, e in outcome.memory.alerts.items() if e.cause != "over"}
    return {key.split("/")[1] for key in found} & {"in_doubt", "sent_again"}


def test_what_is_still_to_be_told_goes_out_once_more() -> None:
    """The next working day still holds the chase: sent again, and the operator hears it."""
    outcome = on("2021-03-01", doubted())
    assert outcome.scene.again == {"chase-1-TH-MY-LAC"}
    assert alerts(outcome) == {"sent_again"}
    assert CHASE not in {k for n in outcome.plan.notices for k in n.keys}


def test_at_night_and_on_days_off_it_waits() -> None:
    """On Saturday nobody is chased: the operator is not asked about it either."""
    outcome = on("2021-02-27T10:00", doubted())
    assert (outcome.scene.again, outcome.scene.waits) == (set(), {"chase-1-TH-MY-LAC"})
    assert alerts(outcome) == set()


def test_what_went_to_another_address_is_not_sent_again() -> None:
    """The address has changed: the operator decides, nobody hears twice what was not for him."""
    outcome = on("2021-03-01", doubted(to="cu@truong.example"))
    assert outcome.scene.again == set()
    assert alerts(outcome) == {"in_doubt"}


def test_what_is_solved_is_not_sent_again() -> None:
    """The plan has come: its steps count as told, and thanks follow a chase."""
    outcome = on("2021-03-01", doubted(), plans=[plan(MY_LAC, "26/02/2021")])
    assert outcome.scene.again == set()
    assert alerts(outcome) == {"in_doubt"}


def test_there_is_no_third_time() -> None:
    """What was sent again, and is in doubt again, is the operator's."""
    outcome = on("2021-03-01", replace(doubted(), repeated=True))
    assert outcome.scene.again == set()
    assert alerts(outcome) == {"in_doubt"}


def test_an_escalation_counts_on_a_chase_that_is_in_doubt_too() -> None:
    """Each is judged as if it alone were untold."""
    notices = on("2021-03-02", doubted()).plan.notices
    leader = next(n for n in notices if n.role == "leader")
    found, to = next(k for k in leader.keys if k.step == "escalate-3"), leader.recipients[0]
    both = (doubted(), doubted(found, to, "leader", leader.unit))
    outcome = on("2021-03-02", *both)
    assert outcome.scene.again == {d.id for d in both}
