"""Three working days before a decision ends the operator hears of it, and of what follows."""

from dataclasses import replace
from datetime import date

import pytest
from builders import FORTY, MY_LAC, MY_PHU, Story, at, plan, rules, steps

from automator.core.assess import Rules
from automator.core.decisions import Decisions, Extension, Waiver
from automator.core.given import Given
from automator.core.memory import Memory
from automator.core.pauses import Pause
from automator.core.turn import Outcome

EXTENSION = Extension(scope="*", obligation="plan", last_day=date(2021, 3, 5))
WAIVER = Waiver(school=MY_LAC, obligation="plan", valid_to=date(2021, 3, 5))
PAUSE = Pause(scope="*", until=at("2021-03-06T00:00"))


def law(**decided: object) -> Rules:
    return replace(rules(), given=Decisions(**decided))  # type: ignore[arg-type]


def endings(outcome: Outcome) -> list[str]:
    """Return the lines about decisions that end soon."""
    return [
        line
        for n in outcome.plan.notices
        for a in n.alerts
        if a.code == "ending"
        for line in a.lines
    ]


DECIDED = [
    pytest.param(law(extensions=(EXTENSION,)), "Gia hạn: tất cả các trường", id="an-extension"),
    pytest.param(law(waivers=(WAIVER,)), "Miễn trừ: Trường Tiểu học Mỹ Lạc", id="a-waiver"),
    pytest.param(law(pauses=(PAUSE,)), "Tạm dừng: tất cả các trường", id="a-pause"),
]


@pytest.mark.parametrize(("rules_", "words"), DECIDED)
def test_the_operator_hears_three_working_days_before(rules_: Rules, words: str) -> None:
    """Not a day earlier, and once: Friday 05/03 is told on Tuesday 02/03."""
    told = Story(law=rules_)
    found = {day: endings(told.read(day)) for day in (
        "2021-02-26", "2021-03-01", "2021-03-02", "2021-03-03", "2021-03-05", "2021-03-08",
    )}  # fmt: skip
    assert [day for day, lines in found.items() if lines] == ["2021-03-02"]
    (line,) = found["2021-03-02"]
    assert line.startswith(words)
    assert "có hiệu lực đến hết thứ Sáu, ngày 05/03/2021" in line


def test_it_says_which_mails_follow_an_extension() -> None:
    """Of forty schools four have sent their plan; the leader gets one report about the rest."""
    sent = tuple(plan(f"TH-{n:02}", "22/02/2021") for n in range(1, 5))
    told = Story(law=law(extensions=(EXTENSION,)))
    (line,) = endings(told.read("2021-03-02", schools=FORTY, plans=sent))
    assert line.endswith("sau đó dự kiến có 36 thư nhắc sau hạn, 1 thư báo cáo lãnh đạo")


def test_it_says_which_mails_follow_a_waiver() -> None:
    """The duty is long overdue then: the newest chase, and the report."""
    (line,) = endings(Story(law=law(waivers=(WAIVER,))).read("2021-03-02"))
    assert line.endswith("sau đó dự kiến có 1 thư nhắc sau hạn, 1 thư báo cáo lãnh đạo")


def test_it_says_which_mails_a_pause_held_back() -> None:
    """What came up meanwhile and is not told yet; what comes later anyway does not count."""
    told = Story(law=law(pauses=(PAUSE,)))
    told.read("2021-02-26")
    (line,) = endings(told.read("2021-03-02", plans=(plan(MY_PHU, "22/02/2021"),)))
    assert "2 thư nhắc sau hạn" in line
    after = told.read("2021-03-08", plans=(plan(MY_PHU, "22/02/2021"),))
    assert (MY_LAC, "principal", "chase-5") in steps(after, f"{MY_LAC}/plan")


def test_it_says_so_if_nothing_follows() -> None:
    """Everybody has sent the plan."""
    sent = tuple(plan(str(s["code"]), "22/02/2021") for s in FORTY)
    told = Story(law=law(extensions=(EXTENSION,)))
    (line,) = endings(told.read("2021-03-02", schools=FORTY, plans=sent))
    assert line.endswith("sau đó không phát sinh thư nhắc")


def test_an_extension_that_a_later_one_outlives_is_not_told() -> None:
    """Its end changes nothing."""
    later = replace(EXTENSION, last_day=date(2021, 3, 31))
    assert endings(Story(law=law(extensions=(EXTENSION, later))).read("2021-03-02")) == []


def test_a_decision_of_the_workbook_is_told_too() -> None:
    """From any source."""
    row = {"school": MY_LAC, "content": "plan", "valid_to": "05/03/2021", "reason": "mới"}
    told = Story()
    told.read("2021-03-01", waivers=(row,))
    (line,) = endings(told.read("2021-03-02", waivers=(row,)))
    assert line.startswith("Miễn trừ: Trường Tiểu học Mỹ Lạc")


def test_a_decision_by_hand_is_told_too() -> None:
    """It comes with the memory; a revoked one is no matter any more."""
    given = Given(
        id=1,
        kind="extend",
        scope="*",
        obligation="plan",
        last_day=date(2021, 3, 5),
        reason="dịch",
        who="lan",
        given_at=at("2021-02-22"),
    )
    assert len(endings(Story(memory=Memory(given=(given,))).read("2021-03-02"))) == 1
    revoked = replace(given, revoked_at=at("2021-02-23"), revoked_by="lan")
    assert endings(Story(memory=Memory(given=(revoked,))).read("2021-03-02")) == []


def test_a_pause_keeps_urgent_mails_going() -> None:
    """An incident of level 1 is told in the night of a pause."""
    from builders import incident

    told = Story(law=law(pauses=(PAUSE,)))
    outcome = told.read(
        "2021-03-01T22:00", incidents=(incident(MY_LAC, "01/03/2021 21:00", level=1),)
    )
    assert ("office", "duty", "urgent") in steps(outcome)
