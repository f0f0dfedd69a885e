"""What the officer reads out when a principal calls: whole explanations, line by line.

The expected texts stand in tests/data/explain; AUTOMATOR_WRITE_EXPLAIN=1 writes them anew, and
then somebody reads them.
"""

import os
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from builders import HANOI, MY_LAC, REPOSITORY, THREE, Story, at, changed_rules, incident, plan

from automator import explaining
from automator.core.directive import AppliesTo, Span
from automator.core.turn import Outcome
from automator.errors import ConfigError
from automator.explaining import WHY_SILENT
from automator.report import Report

TEXTS = REPOSITORY / "tests" / "data" / "explain"
RETURNED: Mapping[str, Any] = {"content": "plan", "arrived": "22/02/2021"}
REPORT: Mapping[str, Any] = {"school": MY_LAC, "period": "05/2021", "any": "Không"}


def report(outcome: Outcome, now: str) -> Report:
    """Return what a look at `now` came to."""
    return Report(outcome=outcome, now=at(now), zone=HANOI, run=None, dry_run=True, messages=())


def explained(outcome: Outcome, now: str, about: str = "plan", period: str | None = None) -> str:
    """Return the explanation of one finding of Mỹ Lạc, message ids left out."""
    found = explaining.find(report(outcome, now), MY_LAC, about, period)
    said = [line for f in found for line in explaining.lines(report(outcome, now), f)]
    text = re.sub(r"message [0-9a-f]{16,}", "message …", "\n".join(said)) + "\n"
    return re.sub(r"\([^()]*Lunar[^()]*\)", "(Tết)", text)  # names are the package's


def chased() -> str:
    story = Story()
    story.read("2021-02-24")
    story.read("2021-02-26")
    return explained(story.read("2021-03-01"), "2021-03-01")


def named_day() -> str:
    return explained(
        Story().read("2021-02-26", plans=[plan(MY_LAC, "25/02/2021", signed=None)]), "2021-02-26"
    )


def backdated() -> str:
    story = Story()
    story.read("2021-02-25")
    story.read("2021-02-27", plans=[])
    return explained(story.read("2021-03-01", plans=[plan(MY_LAC, "24/02/2021")]), "2021-03-01")


def returned() -> str:
    row = {"school": MY_LAC, **RETURNED, "result": "Đề nghị bổ sung", "returned": "23/02/2021"}
    story = Story()
    story.read("2021-02-22", plans=[plan(MY_LAC, "22/02/2021")])
    return explained(
        story.read("2021-02-26", plans=[plan(MY_LAC, "22/02/2021")], receipts=[row]), "2021-02-26"
    )


def extended() -> str:
    rows = [
        {"scope": "tất cả", "content": "plan", "last_day": "01/03/2021", "reason": "bão"},
        {"scope": MY_LAC, "content": "plan", "last_day": "03/03/2021", "reason": "bão"},
        {"scope": MY_LAC, "content": "plan", "last_day": "20/02/2021", "reason": "bão"},
    ]
    waiver = {"school": MY_LAC, "content": "plan", "valid_from": "10/03/2021", "reason": "bão"}
    law = changed_rules("plan", grace=Span(2, "working days"))
    outcome = Story(law=law).read("2021-03-04", extensions=rows[1:], waivers=[waiver])
    return explained(outcome, "2021-03-04")


def shifted() -> str:
    rows = [{**REPORT, "sent": "08/06/2021"}, {**REPORT, "sent": None}]
    outcome = Story().read("2021-06-09", periodic=rows)
    return explained(outcome, "2021-06-09", "periodic-report", "05/2021")


def over_tet() -> str:
    law = changed_rules("periodic-report", on=10, starts=at("2021-01-01").date())
    outcome = Story(law=law).read("2021-02-09")
    return explained(outcome, "2021-02-09", "periodic-report", "T01/2021")


def event() -> str:
    story = Story()
    row = incident(MY_LAC, "25/02/2021 08:00", level=1, known="25/02/2021 09:00")
    story.read("2021-02-25T10:00", incidents=[row])
    outcome = story.read("2021-02-26T10:30", incidents=[row])
    return explained(outcome, "2021-02-26T10:30", "urgent-report", "VV-2021-001")


@pytest.mark.parametrize(
    "scene", [chased, named_day, backdated, returned, extended, shifted, over_tet, event]
)
def test_explanation(scene: Callable[[], str]) -> None:
    """The whole text, as it was read and found good."""
    path = TEXTS / f"{scene.__name__}.txt"
    if os.environ.get("AUTOMATOR_WRITE_EXPLAIN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(scene(), "utf-8")
    assert scene() == path.read_text("utf-8")


def test_every_text_has_its_scene() -> None:
    """No expected text is left over."""
    scenes = (chased, named_day, backdated, returned, extended, shifted, over_tet, event)
    assert {p.stem for p in TEXTS.iterdir()} == {s.__name__ for s in scenes}


def test_an_explanation_quotes_neither_free_text_nor_numbers_nor_people() -> None:
    """Days are quoted; notes, numbers of documents and partners are not."""
    row = plan(MY_LAC, "24/02/2021", number="77/KH", police="Anh Ba", note="em An lớp 3A")
    said = explained(Story().read("2021-02-26", plans=[row]), "2021-02-26")
    for hidden in ("77/KH", "Anh Ba", "em An", "th-my-lac@"):
        assert hidden not in said


LEVELS = changed_rules("plan", applies_to=AppliesTo(levels=("THCS",)))
OPENED = [{**THREE[0], "valid_from": "01/03/2021"}, *THREE[1:]]
MISTAKE = incident(MY_LAC, "25/02/2021 08:00", state="Nhập nhầm", code="TML-01")
ORDINARY = incident(MY_LAC, "25/02/2021 08:00", level=3)


@pytest.mark.parametrize(
    ("law", "book", "about", "period", "why"),
    [
        pytest.param(LEVELS, {}, "plan", None, "levels THCS only", id="another-level"),
        pytest.param(None, {"schools": OPENED}, "plan", None, "was not open on", id="opened-later"),
        pytest.param(None, {}, "plan", "02/2021", "owed once", id="no-period"),
        pytest.param(None, {}, "periodic-report", "13/2021", "names no month", id="no-month"),
        pytest.param(
            None, {}, "periodic-report", "05/2021", "begins on Sat 01/05/2021", id="not-begun"
        ),
        pytest.param(
            None, {}, "periodic-report", "01/2021", "obligation begins on", id="before-it-began"
        ),
        pytest.param(None, {}, "urgent-report", None, "no incident of the school", id="no-event"),
        pytest.param(
            None, {}, "urgent-report", "VV-2021-009", "no incident of that code", id="unknown-code"
        ),
        pytest.param(
            None,
            {"incidents": [MISTAKE]},
            "urgent-report",
            "TML-01",
            "it was taken back",
            id="mistaken",
        ),
        pytest.param(
            None,
            {"incidents": [ORDINARY]},
            "urgent-report",
            "VV-2021-001",
            "level 3 owes no report",
            id="ordinary",
        ),
    ],
)
def test_why_there_is_nothing_to_explain(
    law: Any, book: dict[str, Any], about: str, period: str | None, why: str
) -> None:
    """No instance is an answer too, and it has a reason."""
    outcome = (Story(law=law) if law else Story()).read("2021-02-26", **book)
    with pytest.raises(ConfigError, match=why):
        explaining.find(report(outcome, "2021-02-26"), MY_LAC, about, period)


def test_every_silence_has_its_sentence() -> None:
    """Each reason of silence is explained in words of its own."""
    from automator.core.withheld import Withheld

    assert set(WHY_SILENT) == set(Withheld)
    assert len(set(WHY_SILENT.values())) == len(WHY_SILENT)
