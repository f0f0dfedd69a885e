"""The rules of silence: one ordered tuple, a sentence for each reason, a count in the JSON."""

from collections import Counter
from pathlib import Path

import pytest
from command_line import automator

from automator.core.withheld import RULES, Withheld
from automator.explaining import WHY_SILENT

OF_URGENT_MAILS = {Withheld.NOT_ACKNOWLEDGED, Withheld.NOT_SETTLED}
"""What holds an urgent mail alone: it asks for an incident, not for a step of a ladder."""


def test_the_rules_are_in_the_order_of_their_names() -> None:
    """Reading the names from the top is reading the policy."""
    order = list(Withheld)
    *rules, last = [order.index(reason) for reason, _ in RULES]
    assert rules == sorted(set(rules))
    assert order[last] is Withheld.NEXT_STEP_LATER  # `chase_from`: of the same day, asked last


def test_no_reason_is_without_a_rule() -> None:
    """Every name is in the tuple, but for those of urgent mails."""
    assert {reason for reason, _ in RULES} == set(Withheld) - OF_URGENT_MAILS


def test_every_reason_has_a_sentence_of_its_own() -> None:
    """What `explain` prints behind the name."""
    assert set(WHY_SILENT) == set(Withheld)
    assert len(set(WHY_SILENT.values())) == len(Withheld)


def test_the_json_counts_what_it_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`counts.withheld` is the number of entries of `withheld` by reason."""
    monkeypatch.chdir(tmp_path)
    found = automator("status", "--now", "2021-03-02T07:00:00+07:00", "--json").document
    assert found["counts"]["withheld"] == Counter(w["reason"] for w in found["withheld"])
    assert len(found["counts"]["withheld"]) > 2
