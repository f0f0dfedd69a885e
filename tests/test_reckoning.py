"""Periods by the reporting calendar of NĐ 09/2019, from config.toml to the mail."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from automator.config import load
from automator.core.assess import Rules
from automator.core.directive import Every, Reckoning
from automator.core.snapshot import Cell
from tests.builders import (
    MY_LAC,
    Story,
    at,
    changed_rules,
    finding,
    problems,
    rules,
    verdict,
)

CONFIGS = Path(__file__).parent / "configs"
MARCH = f"{MY_LAC}/periodic-report/2021-03"


def by_decree(on: int = 20) -> Rules:
    """Return the shipped rules with months by NĐ 09/2019, due on the day `on`."""
    return changed_rules("periodic-report", periods=Reckoning.ND09, on=on)


def report(period: Cell, sent: Cell) -> dict[str, Cell]:
    """Return a zero report of TH Mỹ Lạc."""
    return {"school": MY_LAC, "period": period, "sent": sent, "any": "Không", "number": "15/BC"}


def test_config_sets_it_for_all_and_an_obligation_for_itself() -> None:
    """The calendar's key is the default, an obligation's own wins; weeks are the same in both."""
    found = load(CONFIGS / "reckoning.toml").directive.hard
    assert [(o.id, o.periods) for o in found] == [
        ("monthly", Reckoning.ND09),
        ("quarterly", Reckoning.CALENDAR),
        ("weekly", Reckoning.ND09),
    ]


def test_the_shipped_directive_goes_by_the_calendar() -> None:
    """The office has chosen the calendar month."""
    assert {o.periods for o in rules().directive.hard} == {Reckoning.CALENDAR}


def test_an_instance_begins_on_the_15th_and_is_due_after_the_14th() -> None:
    """March runs from 15/02 to 14/03; its 20/03 is a Saturday, so the Monday after counts."""
    found = finding(Story(law=by_decree()).read("2021-03-01"), MARCH).instance
    assert (found.begins, found.due_before) == (at("2021-02-15T00:00"), at("2021-03-23T00:00"))


@pytest.mark.parametrize(
    ("now", "periods"),
    [
        ("2021-02-14T23:59:59", ["2021-02"]),
        ("2021-02-15T00:00:00", ["2021-02", "2021-03"]),
        ("2021-03-14T23:59:59", ["2021-02", "2021-03"]),
        ("2021-03-15T00:00:00", ["2021-02", "2021-03", "2021-04"]),
    ],
)
def test_a_month_begins_on_its_15th_to_the_second(now: str, periods: list[str]) -> None:
    """Before the 15th nobody is asked for the month after."""
    outcome = Story(law=by_decree()).read(now)
    found = [
        f.instance.period
        for f in outcome.findings
        if f.instance.school == MY_LAC and f.instance.obligation == "periodic-report"
    ]
    assert found == periods


@pytest.mark.parametrize(
    "period", ["03/2021", date(2021, 3, 1), "20/02/2021", date(2021, 2, 20), "14/03/2021"]
)
def test_a_report_is_of_the_period_that_its_day_is_counted_in(period: Cell) -> None:
    """A row with any day from 15/02 to 14/03, or with the month itself, is March's report."""
    story = Story(law=by_decree())
    outcome = story.read("2021-03-16", periodic=[report(period, "15/03/2021")])
    assert verdict(outcome, MARCH) == "on_time"


def test_an_extension_finds_its_period_by_a_day() -> None:
    """A day in the column Kỳ of Gia hạn follows the obligation's reckoning too."""
    row: dict[str, Cell] = {
        "scope": MY_LAC,
        "content": "Báo cáo định kỳ",
        "period": "20/02/2021",
        "last_day": "26/03/2021",
        "reason": "Nghỉ phòng dịch",
    }
    found = finding(Story(law=by_decree()).read("2021-03-16", extensions=[row]), MARCH)
    assert found.instance.due_before == at("2021-03-27T00:00")


def test_the_mail_says_which_figures_are_meant() -> None:
    """Whoever reads "tháng 03" under NĐ 09/2019 is told its days; by the calendar nothing more."""
    notices = Story(law=by_decree()).read("2021-03-19").plan.notices
    items = [i for n in notices for i in n.items if i.key.instance == MARCH]
    assert {(i.period_words, i.figures) for i in items} == {
        ("tháng 03/2021", "số liệu từ 15/02 đến 14/03/2021")
    }
    plain = Story().read("2021-04-01").plan.notices
    assert {i.figures for n in plain for i in n.items} == {""}


def weekly() -> Rules:
    """Return the shipped rules with a weekly report in place of the monthly one."""
    return changed_rules("periodic-report", every=Every.WEEK, on=1)


@pytest.mark.parametrize("period", [date(2021, 3, 1), "9/2021"])
def test_a_cell_that_may_be_a_week_is_a_problem_and_satisfies_nothing(period: Cell) -> None:
    """Week 9 or week 3: the row counts for neither until the school says which."""
    outcome = Story(law=weekly()).read("2021-03-03", periodic=[report(period, "02/03/2021")])
    assert ("Báo cáo định kỳ", "B3", "bad_period", "blocks") in problems(outcome)
    assert verdict(outcome, f"{MY_LAC}/periodic-report/2021-W08") == "missing"


def test_weekly_and_monthly_reports_may_share_a_tab() -> None:
    """Each row counts for the obligation whose kind of period it names."""
    law = by_decree()
    monthly = law.directive.obligation("periodic-report")
    assert monthly is not None
    week = replace(monthly, id="weekly", title="Báo cáo tuần", every=Every.WEEK, on=1)
    both = replace(
        law, directive=replace(law.directive, obligations=(*law.directive.obligations, week))
    )
    rows = [report("W09/2021", "08/03/2021"), report("tháng 3/2021", "15/03/2021")]
    outcome = Story(law=both).read("2021-03-16", periodic=rows)
    assert verdict(outcome, f"{MY_LAC}/weekly/2021-W09") == "on_time"
    assert verdict(outcome, MARCH) == "on_time"
