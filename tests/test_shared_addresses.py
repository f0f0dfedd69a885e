"""Two units with one address: both are mailed, the office is told, no mail names it."""

import pytest
from builders import MY_LAC, MY_PHU, THREE, Story, plan, problems, rules
from test_pinned import mails

BOTH = "chung@truong.example"


def shared(**more: str) -> list[dict[str, object]]:
    """Return three schools of which two write the same address."""
    return [
        {**THREE[0], "email": BOTH},
        {**THREE[1], "email": "thcs@truong.example", "other_emails": BOTH.upper(), **more},
        THREE[2],
    ]


def test_each_cell_is_named_and_counts_all_the_same() -> None:
    """A warning in the tab Trường, in the column where it stands; case is no difference."""
    outcome = Story().read("2021-02-18", schools=shared())  # type: ignore[arg-type]
    found = [p for p in outcome.problems if p.code == "shared_address"]
    assert [(p.cell, p.severity.value, p.school, p.value) for p in found] == [
        ("E3", "warns", MY_LAC, BOTH),
        ("F4", "warns", MY_PHU, "CHUNG@truong.example"),
    ]
    assert found[0].message == "địa chỉ này cũng là của Trường Trung học cơ sở Mỹ Phú"


def test_both_get_their_own_mail() -> None:
    """Neither reads about the other."""
    story = Story()
    story.read("2021-02-18", schools=shared())  # type: ignore[arg-type]
    outcome = story.read("2021-02-26", schools=shared(), plans=[plan("MG-TAN-LONG", "22/02/2021")])  # type: ignore[arg-type]
    assert mails(outcome, MY_LAC) == [(BOTH,)]
    assert mails(outcome, MY_PHU) == [("thcs@truong.example", "CHUNG@truong.example")]
    texts = [str(n) for n in outcome.plan.notices if n.unit == MY_LAC]
    assert not any("Mỹ Phú" in text for text in texts)


def test_an_address_of_an_official_is_shared_too() -> None:
    """A school that writes the commune's address gets its mails there: it should be seen."""
    commune = next(u for u in rules().directive.units if u.id == "28048")
    roster = [{**THREE[0], "email": commune.emails[0]}, *THREE[1:]]
    outcome = Story().read("2021-02-18", schools=roster)
    assert ("Trường", "E3", "shared_address", "warns") in problems(outcome)
    assert [p.message for p in outcome.problems] == [f"địa chỉ này cũng là của {commune.name}"]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"code": MY_LAC, "valid_from": "01/03/2021"}, id="one-school-over-time"),
        pytest.param({"valid_to": "17/02/2021"}, id="a-row-that-is-over"),
    ],
)
def test_what_is_no_sharing(more: dict[str, str]) -> None:
    """One school keeps its address when it moves; a school that is closed has none."""
    first = {**THREE[0], "email": BOTH}
    if "code" in more:
        first["valid_to"] = "28/02/2021"
    roster = [first, {**THREE[1], "email": BOTH, **more}, THREE[2]]
    outcome = Story().read("2021-02-18", schools=roster)
    assert "shared_address" not in [p.code for p in outcome.problems]
