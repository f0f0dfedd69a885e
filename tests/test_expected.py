"""Who owes what, as schools open, close, merge and move and obligations come and go."""

from datetime import date
from typing import Any

import pytest

from automator.core.directive import AppliesTo
from automator.core.turn import Outcome
from tests.builders import (
    MY_LAC,
    MY_PHU,
    TAN_LONG,
    THREE,
    Rows,
    Story,
    changed_rules,
    finding,
    incident,
    problems,
    school,
    silence,
    steps,
    verdict,
)

NAME = "Trường Tiểu học Mỹ Lạc"


def owed(outcome: Outcome, obligation: str) -> list[str]:
    """Return the instances of an obligation as "school" or "school/period"."""
    return [
        f.key.replace(f"/{obligation}", "")
        for f in outcome.findings
        if f.instance.obligation == obligation
    ]


@pytest.mark.parametrize(
    ("to", "schools"),
    [
        ({}, [TAN_LONG, MY_LAC, MY_PHU]),
        ({"levels": ("TH", "MG")}, [TAN_LONG, MY_LAC]),
        ({"levels": ("TH&THCS",)}, []),
        ({"communes": ("28066",)}, [MY_PHU]),
        ({"communes": ("28048", "28072")}, [TAN_LONG, MY_LAC]),
        ({"schools": (MY_LAC,)}, [MY_LAC]),
        ({"levels": ("THCS",), "communes": ("28066",)}, [MY_PHU]),
        ({"levels": ("TH",), "communes": ("28066",)}, []),
        ({"levels": ("TH",), "schools": (MY_LAC, MY_PHU)}, [MY_LAC]),
        ({"schools": ("TH-KHONG-CO",)}, []),
    ],
)
@pytest.mark.parametrize("obligation", ["plan", "periodic-report"])
def test_an_obligation_is_owed_by_whom_it_applies_to(
    obligation: str, to: dict[str, Any], schools: list[str]
) -> None:
    """Levels, communes and named schools narrow it; all that are set must hold."""
    law = changed_rules(obligation, applies_to=AppliesTo(**to))
    outcome = Story(law=law).read("2021-02-26")
    assert [key.split("/")[0] for key in owed(outcome, obligation)] == schools


def test_an_event_is_reported_by_whom_it_applies_to() -> None:
    """An incident of another school owes no written report; it is still told as urgent."""
    law = changed_rules("urgent-report", applies_to=AppliesTo(levels=("THCS",)))
    rows = [incident(MY_LAC, "25/02/2021 08:00"), incident(MY_PHU, "25/02/2021 09:00")]
    outcome = Story(law=law).read("2021-02-25T10:00", incidents=rows)
    assert owed(outcome, "urgent-report") == [f"{MY_PHU}/VV-2021-002"]
    assert {(u, r) for u, r, _ in steps(outcome) if r == "duty"} == {("office", "duty")}


def test_whom_it_does_not_apply_to_is_told_nothing_and_counted_nowhere() -> None:
    """No mail, and no place in a rate."""
    law = changed_rules("plan", applies_to=AppliesTo(schools=(MY_LAC,)))
    outcome = Story(law=law).read("2021-02-26")
    assert steps(outcome, f"{MY_PHU}/plan") == []
    plans = {r.unit: r.expected for r in outcome.rates if r.obligation == "plan" and r.expected}
    assert plans == {"office": 1, "28048": 1}


@pytest.mark.parametrize(
    ("now", "there"),
    [
        ("2021-02-09T23:59:59", False),
        ("2021-02-10T00:00:00", True),
        ("2021-02-10T00:00:01", True),
    ],
)
def test_an_obligation_binds_from_its_first_day(now: str, there: bool) -> None:
    """Before `from` there is no instance, and a rate counts nobody."""
    law = changed_rules("plan", starts=date(2021, 2, 10))
    outcome = Story(law=law).read(now)
    assert (owed(outcome, "plan") != []) is there
    assert any(r.open for r in outcome.rates if r.obligation == "plan") is there


@pytest.mark.parametrize(
    ("starts", "ends", "periods"),
    [
        (date(2021, 2, 28), None, ["2021-02", "2021-03", "2021-04", "2021-05"]),
        (date(2021, 3, 1), None, ["2021-03", "2021-04", "2021-05"]),
        (date(2021, 3, 1), date(2021, 4, 1), ["2021-03", "2021-04"]),
        (date(2021, 3, 1), date(2021, 3, 31), ["2021-03"]),
        (date(2021, 6, 1), None, []),
        (date(2021, 3, 15), date(2021, 3, 15), ["2021-03"]),
    ],
)
def test_a_recurring_one_is_owed_for_each_period_it_touches(
    starts: date, ends: date | None, periods: list[str]
) -> None:
    """A period of which one day is in force is owed; earlier and later ones are not."""
    law = changed_rules("periodic-report", starts=starts, ends=ends)
    outcome = Story(law=law).read("2021-05-20")
    found = [k.partition("/")[2] for k in owed(outcome, "periodic-report") if k.startswith(MY_LAC)]
    assert found == periods


def test_a_finished_obligation_still_waits_for_its_last_period() -> None:
    """`until` ends what is newly owed, not what is owed already."""
    law = changed_rules("periodic-report", starts=date(2021, 2, 1), ends=date(2021, 2, 28))
    key = f"{MY_LAC}/periodic-report/2021-02"
    assert verdict(Story(law=law).read("2021-03-08"), key) == "missing"


def of_roster(*rows: dict[str, Any]) -> Rows:
    """Return a roster of `rows` in place of TH Mỹ Lạc, and the two other schools."""
    return (*rows, *THREE[1:])


def test_a_school_that_opens_in_the_middle_of_the_year() -> None:
    """It owes the month in whose last day it is there, and no plan that was due before."""
    roster = of_roster(school(MY_LAC, NAME, "TH", "28048", valid_from="20/03/2021"))
    outcome = Story().read("2021-05-10", schools=roster)
    assert f"{MY_LAC}" not in owed(outcome, "plan")
    mine = [k for k in owed(outcome, "periodic-report") if k.startswith(MY_LAC)]
    assert mine == [f"{MY_LAC}/2021-03", f"{MY_LAC}/2021-04", f"{MY_LAC}/2021-05"]


def test_a_school_that_closes_is_asked_for_nothing_any_more() -> None:
    """What it owed in its time is counted, but nobody is chased who is not there."""
    roster = of_roster(school(MY_LAC, NAME, "TH", "28048", valid_to="31/03/2021"))
    outcome = Story().read("2021-04-07", schools=roster)
    mine = [k for k in owed(outcome, "periodic-report") if k.startswith(MY_LAC)]
    assert mine == [f"{MY_LAC}/2021-02", f"{MY_LAC}/2021-03"]
    march = f"{MY_LAC}/periodic-report/2021-03"
    assert verdict(outcome, march) == "missing"
    assert silence(outcome, march, "chase-1") == "closed"
    assert steps(outcome, march) == []


def test_two_schools_merge_into_a_new_one() -> None:
    """Until the day the old ones owe, from then on the new one; nobody owes a period twice."""
    merged = "TH-THCS-MY-LAC"
    roster: Rows = (
        school(MY_LAC, NAME, "TH", "28048", valid_to="14/03/2021"),
        school(MY_PHU, "Trường Trung học cơ sở Mỹ Phú", "THCS", "28066", valid_to="14/03/2021"),
        school(
            merged, "Trường Tiểu học và THCS Mỹ Lạc", "TH&THCS", "28048", valid_from="15/03/2021"
        ),
    )
    outcome = Story().read("2021-04-07", schools=roster)
    assert owed(outcome, "plan") == [MY_LAC, MY_PHU]
    assert owed(outcome, "periodic-report") == [
        f"{MY_LAC}/2021-02",
        f"{merged}/2021-03",
        f"{merged}/2021-04",
        f"{MY_PHU}/2021-02",
    ]
    march = {
        r.unit: r.expected
        for r in outcome.rates
        if (r.obligation, r.period) == ("periodic-report", "2021-03") and r.expected
    }
    assert march == {"office": 1, "28048": 1}


MOVED = of_roster(
    school(MY_LAC, NAME, "TH", "28048", valid_to="14/03/2021"),
    school(MY_LAC, NAME, "TH", "28066", valid_from="15/03/2021"),
)


def test_a_school_that_moves_is_counted_where_it_was_at_the_end_of_each_period() -> None:
    """February belongs to the old commune, March to the new one; it is one school."""
    outcome = Story().read("2021-04-07", schools=MOVED)
    assert problems(outcome) == []
    communes = {
        f.instance.period or "plan": f.instance.commune
        for f in outcome.findings
        if f.instance.school == MY_LAC and f.instance.obligation in ("plan", "periodic-report")
    }
    assert communes == {
        "plan": "28048",
        "2021-02": "28048",
        "2021-03": "28066",
        "2021-04": "28066",
    }


def test_an_obligation_of_one_commune_follows_a_school_that_moves() -> None:
    """It is owed for the periods at whose end the school was there."""
    law = changed_rules("periodic-report", applies_to=AppliesTo(communes=("28048",)))
    outcome = Story(law=law).read("2021-04-07", schools=MOVED)
    assert owed(outcome, "periodic-report") == [f"{MY_LAC}/2021-02"]


def test_an_extension_of_one_commune_follows_a_school_that_moves() -> None:
    """Its own commune of that period counts, not that of today."""
    rows: Rows = tuple(
        {
            "scope": commune,
            "content": "Báo cáo định kỳ",
            "period": f"tháng {month}/2021",
            "last_day": day,
            "reason": "Nghỉ phòng dịch",
        }
        for commune, month, day in (
            ("28048", 2, "12/03/2021"),
            ("28048", 3, "16/04/2021"),
            ("28066", 3, "09/04/2021"),
        )
    )
    outcome = Story().read("2021-04-07", schools=MOVED, extensions=rows)
    last_days = {
        period: finding(outcome, f"{MY_LAC}/periodic-report/{period}").last_day.isoformat()
        for period in ("2021-02", "2021-03")
    }
    assert last_days == {"2021-02": "2021-03-12", "2021-03": "2021-04-09"}


def test_an_incident_belongs_to_the_commune_of_its_day() -> None:
    """What happened before the move stays with the commune that knew of it."""
    story = Story()
    rows = [incident(MY_LAC, "10/03/2021 08:00"), incident(MY_LAC, "16/03/2021 08:00")]
    story.read("2021-03-10T10:00", schools=MOVED, incidents=rows[:1])
    outcome = story.read("2021-03-16T10:00", schools=MOVED, incidents=rows)
    communes = [
        f.instance.commune for f in outcome.findings if f.instance.obligation == "urgent-report"
    ]
    assert communes == ["28048", "28066"]
