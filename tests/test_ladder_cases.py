"""Ladders: what was told and when a run comes by -> the steps that go and those that wait."""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from builders import REPOSITORY, rules
from ladder_story import played

from automator.core.withheld import Withheld

CASES: Sequence[dict[str, Any]] = tomllib.loads(
    (REPOSITORY / "tests" / "ladder_cases.toml").read_text("utf-8")
)["case"]


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in CASES])
def test_ladder(case: Mapping[str, Any]) -> None:
    """A run tells these steps of an instance, and withholds every other with its reason."""
    assert played(case) == {k: case[k] for k in ("goes", "withheld", "operator") if k in case}


def test_every_reason_of_silence_has_a_case() -> None:
    """The table leaves no reason out that the core can give, and invents none."""
    seen = {line.rpartition(": ")[2] for case in CASES for line in case["withheld"]}
    assert seen == {w.value for w in Withheld}


def test_every_step_of_the_shipped_ladders_goes_in_some_case() -> None:
    """Each rung that the office has chosen, and each step beside the ladder."""
    hard = rules().directive.hard
    rungs = {
        f"{action}-{offset}"
        for o in hard
        for action in ("remind", "chase", "escalate")
        for offset in getattr(o.ladder, action)
    }
    beside = {"received", "changed", "reopened", "urgent", "urgent-leader"}
    told = {line.split()[-1] for case in CASES for line in case["goes"]}
    assert rungs | beside | {"urgent-changed", "urgent-withdrawn"} <= told


def test_every_case_has_its_name() -> None:
    """Two hundred cases and more, each named once."""
    names = Counter(case["name"] for case in CASES)
    assert len(names) >= 200
    assert max(names.values()) == 1
