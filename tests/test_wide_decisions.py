"""Waivers and extensions of the workbook that cover many schools wait for the operator."""

from dataclasses import replace

import pytest
from builders import FORTY, Rows, Story

from automator.core.turn import Outcome
from automator.deciding import chosen, waiting

CODES = tuple(str(row["code"]) for row in FORTY)


def waivers(number: int) -> Rows:
    """Return waivers of the plan for the first `number` schools."""
    return tuple({"school": c, "content": "plan", "reason": "lũ"} for c in CODES[:number])


def exempt(outcome: Outcome) -> int:
    return sum(f.status.value == "exempt" for f in outcome.findings)


@pytest.mark.parametrize(("number", "in_force"), [(3, 3), (8, 8), (9, 0), (40, 0)])
def test_many_waivers_are_not_in_force_until_approved(number: int, in_force: int) -> None:
    """Eight of forty are a fifth; one more waits."""
    outcome = Story().read("2021-02-22", schools=FORTY, waivers=waivers(number))
    assert exempt(outcome) == in_force


def test_an_extension_for_all_waits_and_is_told_to_the_operator() -> None:
    """The deadline stays, and the operator reads what waits."""
    row = {"scope": "tất cả", "content": "plan", "last_day": "01/03/2021", "reason": "lũ"}
    outcome = Story().read("2021-02-22", schools=FORTY, extensions=(row,))
    assert not any(f.instance.extended for f in outcome.findings)
    assert [a.code for n in outcome.plan.notices for a in n.alerts] == ["wide"]


def test_approved_decisions_stay_in_force() -> None:
    """An approval is remembered, also when more waivers follow that are few."""
    told = Story()
    outcome = told.read("2021-02-22", schools=FORTY, waivers=waivers(12))
    names = chosen(waiting(outcome), ["decisions"], everything=False)
    told.memory = replace(told.memory, released=told.memory.released | frozenset(names))
    again = told.read("2021-02-23", schools=FORTY, waivers=waivers(14))
    assert exempt(again) == 14


def extension(day: str) -> Rows:
    """Return one extension of the plan for everyone."""
    return ({"scope": "tất cả", "content": "plan", "last_day": day, "reason": "lũ"},)


def test_editing_an_approved_extension_leaves_the_approved_day_in_force() -> None:
    """No school falls back to the first deadline while the operator thinks about the new one."""
    story = Story()
    outcome = story.read("2021-02-22", schools=FORTY, extensions=extension("05/03/2021"))
    names = chosen(waiting(outcome), ["decisions"], everything=False)
    story.memory = replace(story.memory, released=story.memory.released | frozenset(names))
    outcome = story.read("2021-02-23", schools=FORTY, extensions=extension("05/03/2021"))
    assert {str(f.last_day) for f in outcome.findings if f.instance.key == "plan"} == {"2021-03-05"}
    outcome = story.read("2021-02-24", schools=FORTY, extensions=extension("10/03/2021"))
    assert {str(f.last_day) for f in outcome.findings if f.instance.key == "plan"} == {"2021-03-05"}
    names = chosen(waiting(outcome), ["decisions"], everything=False)
    story.memory = replace(story.memory, released=story.memory.released | frozenset(names))
    outcome = story.read("2021-02-24T08:00", schools=FORTY, extensions=extension("10/03/2021"))
    assert {str(f.last_day) for f in outcome.findings if f.instance.key == "plan"} == {"2021-03-10"}
