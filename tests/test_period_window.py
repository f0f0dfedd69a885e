"""A period that nobody asks for is said at its cell, never dropped in silence."""

import pytest
from builders import MY_LAC, Story, changed_rules, problems

WHERE = "Báo cáo định kỳ"


def report(period: object) -> dict[str, object]:
    """Return a report of one period, sent on 02/03/2021."""
    return {"school": MY_LAC, "period": period, "sent": "02/03/2021", "any": "Không"}


@pytest.mark.parametrize(
    ("period", "meant"),
    [
        ("02/2020", "tháng 02/2021"),
        ("02/2022", "tháng 02/2021"),
        ("01/2021", ""),
        ("03/2012", "tháng 03/2021"),
    ],
)
def test_a_year_typed_wrong_blocks_with_a_suggestion(period: str, meant: str) -> None:
    """The cell is named, and the period of the same number that is asked for."""
    outcome = Story().read("2021-03-03", periodic=(report(period),))
    (fault,) = [p for p in outcome.problems if p.tab == WHERE]
    assert (fault.cell, fault.code, fault.severity.value) == ("B3", "period_not_asked", "blocks")
    assert (f"Có phải {meant}?" in fault.remedy) is bool(meant)


@pytest.mark.parametrize("period", ["02/2021", "03/2021", "12/2021"])
def test_a_period_that_is_asked_for_is_no_fault(period: str) -> None:
    """One that lies ahead is believed too: it counts when its day comes."""
    outcome = Story().read("2021-03-03", periodic=(report(period),))
    assert [p for p in problems(outcome) if p[0] == WHERE] == []


def test_an_excepted_period_only_warns() -> None:
    """Config says that the month expects nothing; the row harms nobody."""
    law = changed_rules("periodic-report", excepted=("2021-02",))
    outcome = Story(law=law).read("2021-03-03", periodic=(report("02/2021"),))
    assert [p[2:] for p in problems(outcome) if p[0] == WHERE] == [("period_not_asked", "warns")]


def test_a_receipt_and_a_decision_are_asked_the_same() -> None:
    """The office's tab, and a period beside what is owed once."""
    receipt = {"school": MY_LAC, "content": "periodic-report", "arrived": "02/03/2021"}
    waiver = {"school": MY_LAC, "content": "plan", "reason": "Sáp nhập", "to": "31/12/2021"}
    outcome = Story().read(
        "2021-03-03",
        receipts=({**receipt, "period": "02/2020"},),
        waivers=({**waiver, "period": "02/2021"},),
    )
    found = [(p[0], p[2]) for p in problems(outcome)]
    assert ("Phòng tiếp nhận", "period_not_asked") in found
    assert ("Miễn trừ", "period_ignored") in found
