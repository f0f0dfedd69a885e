"""`automator calendar`: every deadline of a year, ahead of time."""

import json
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from command_line import SAMPLE, Called, automator, sample_config

from automator.core.agenda import Deadline, deadlines, groups
from automator.core.assess import Rules
from automator.core.decisions import Decisions, Extension, Waiver
from automator.core.directive import Every, Reckoning, Span
from automator.core.register import Assignment, School
from tests.builders import MY_LAC, MY_PHU, at, changed_rules, rules


def school(code: str, commune: str = "28048", **days: date) -> School:
    """Return a school of one commune, over `valid_from` and `valid_to`."""
    whole = (Assignment(commune=commune, **days),)
    return School(code=code, name=f"Trường Tiểu học {code}", level="TH", assignments=whole)


TWO = {MY_LAC: school(MY_LAC), MY_PHU: school(MY_PHU, "28066")}


def listed(
    law: Rules | None = None,
    schools: dict[str, School] | None = None,
    decided: Decisions | None = None,
    year: int = 2021,
) -> tuple[Deadline, ...]:
    """Return the deadlines of two schools by the shipped rules."""
    law = law or rules()
    return deadlines(
        TWO if schools is None else schools,
        law.directive,
        decided or Decisions(),
        law.calendar,
        year,
        at("2021-02-26"),
    )


def of(found: tuple[Deadline, ...], key: str) -> Deadline:
    """Return the deadline of a full instance key."""
    return next(d for d in found if d.instance.full_key == key)


def test_a_year_holds_every_instance_but_events() -> None:
    """The plan, eleven monthly reports (December's is due in January), a form and a model."""
    found = [d.instance.key for d in listed(schools={MY_LAC: TWO[MY_LAC]})]
    months = [f"periodic-report/2021-{n:02}" for n in range(2, 13)]
    assert found == ["plan", *months[:-1], "propaganda", "model", months[-1]]


def test_the_year_after_holds_what_is_due_in_it() -> None:
    """December's report is listed in its own year and in that of its deadline."""
    found = listed(schools={MY_LAC: TWO[MY_LAC]}, year=2022)
    assert [(d.instance.key, d.last_day.isoformat()) for d in found] == [
        ("periodic-report/2021-12", "2022-01-05")
    ]


@pytest.mark.parametrize(
    ("key", "last_day", "reminder", "escalations"),
    [
        ("plan", "2021-02-24", "2021-02-18T00:00", ["2021-03-02T00:00"]),
        ("periodic-report/2021-02", "2021-03-05", "2021-03-03T00:00", ["2021-03-12T00:00"]),
        ("propaganda", "2021-12-31", "2021-12-06T00:00", []),
    ],
)
def test_each_deadline_has_its_steps(
    key: str, last_day: str, reminder: str, escalations: list[str]
) -> None:
    """The days are those on which the ladder comes up."""
    found = of(listed(), f"{MY_LAC}/{key}")
    assert found.last_day.isoformat() == last_day
    assert found.first_reminder == at(reminder)
    assert found.escalations == tuple(at(e) for e in escalations)


def test_an_escalation_waits_for_the_end_of_the_grace() -> None:
    """While lateness is tolerated nothing goes to the leader."""
    law = changed_rules("plan", grace=Span(10, "working days"))
    assert of(listed(law), f"{MY_LAC}/plan").escalations == (at("2021-03-11T00:00"),)


def test_no_reminder_comes_before_its_instance() -> None:
    """A reminder that would lie before the period begins comes up when it does."""
    law = changed_rules("periodic-report", periods=Reckoning.ND09, every=Every.WEEK, on=1)
    found = of(listed(law), f"{MY_LAC}/periodic-report/2021-W09")
    assert found.first_reminder == max(at("2021-03-04T00:00"), found.instance.begins)


def test_extensions_and_waivers_are_applied() -> None:
    """A moved deadline moves its steps; what is waived is marked, its day stays."""
    decided = Decisions(
        extensions=(
            Extension(scope=f"school:{MY_LAC}", obligation="plan", last_day=date(2021, 3, 3)),
        ),
        waivers=(Waiver(school=MY_PHU, obligation="plan"),),
    )
    found = listed(decided=decided)
    moved, waived = of(found, f"{MY_LAC}/plan"), of(found, f"{MY_PHU}/plan")
    assert (moved.last_day, moved.first_reminder) == (date(2021, 3, 3), at("2021-02-25T00:00"))
    assert (moved.instance.extended, moved.exempt) == (True, False)
    assert (waived.last_day, waived.exempt) == (date(2021, 2, 24), True)


def test_schools_with_one_deadline_are_one_group() -> None:
    """Forty schools with one deadline are one line; one with an extension is its own."""
    decided = Decisions(
        extensions=(
            Extension(
                scope="unit:28066",
                obligation="periodic-report",
                period="2021-03",
                last_day=date(2021, 4, 9),
            ),
        )
    )
    found = groups(d for d in listed(decided=decided) if d.instance.period == "2021-03")
    assert [(g.deadline.last_day.isoformat(), g.schools) for g in found] == [
        ("2021-04-05", (MY_LAC,)),
        ("2021-04-09", (MY_PHU,)),
    ]


def test_a_school_that_closes_owes_nothing_afterwards() -> None:
    """What falls due in its time stays; periods that end later are not its own."""
    closing = {MY_LAC: school(MY_LAC, valid_to=date(2021, 6, 30))}
    periods = [d.instance.period for d in listed(schools=closing) if d.instance.period]
    assert periods == ["2021-02", "2021-03", "2021-04", "2021-05", "2021-06"]


def test_a_cutoff_is_a_time_of_its_last_day() -> None:
    """With the office's closing hour the deadline has a time, else it is a day."""
    timed = of(listed(changed_rules("plan", cutoff=time(17))), f"{MY_LAC}/plan")
    assert (timed.is_timed, timed.instance.due_before) == (True, at("2021-02-24T17:00"))
    assert not of(listed(), f"{MY_LAC}/plan").is_timed


def called(tmp_path: Path, *more: object) -> Called:
    """Call `automator calendar` on the packaged sample."""
    common = ("--now", "2021-02-26T07:00:00+07:00", "--ledger", tmp_path / "no.db")
    return automator("calendar", "--workbook", SAMPLE, *common, *more)


def rows(out: str) -> list[list[str]]:
    """Return the cells of the table on stdout."""
    return [line.split("\t") for line in out.splitlines() if "\t" in line][1:]


def test_the_list_counts_schools_by_deadline(tmp_path: Path) -> None:
    """Not forty lines a period: one for each deadline, extensions and waivers apart."""
    found = called(tmp_path)
    plans = [r for r in rows(found.out) if r[0].startswith("Kế hoạch")]
    assert [(r[5], r[2], r[6]) for r in plans] == [
        ("38", "trước ngày 25/02/2021, tức hết thứ Tư, ngày 24/02/2021", ""),
        ("1", "trước ngày 25/02/2021, tức hết thứ Tư, ngày 24/02/2021", "được miễn"),
        ("1", "gia hạn đến hết thứ Tư, ngày 03/03/2021", ""),
    ]
    assert (found.code, found.err) == (0, "")


def test_it_says_that_events_cannot_be_listed(tmp_path: Path) -> None:
    """One line names what no calendar knows beforehand."""
    said = [li for li in called(tmp_path).out.splitlines() if li.startswith("not listed")]
    assert said == ["not listed: urgent-report, for it is owed from each incident on (Báo cáo đột xuất)"]  # fmt: skip  # noqa: E501


@pytest.mark.parametrize("name", ["TH-MY-LAC", "TH Mỹ Lạc", "Trường Tiểu học Mỹ Lạc"])
def test_one_school_is_found_by_code_or_name(tmp_path: Path, name: str) -> None:
    """As in `explain`."""
    found = called(tmp_path, "--school", name, "--json").document
    assert (found["school"], {d["schools"] for d in found["deadlines"]}) == (MY_LAC, {1})


def test_an_unknown_school_is_a_usage_error(tmp_path: Path) -> None:
    """Exit 2, with the nearest names."""
    found = called(tmp_path, "--school", "TH Hà Nội")
    assert (found.code, found.out) == (2, "")
    assert "no school" in found.err


def test_the_document_has_the_documented_keys(tmp_path: Path) -> None:
    """docs/operations.md lists them; instants carry their offset."""
    found = called(tmp_path, "--school", MY_LAC, "--json").document
    assert list(found) == [
        *("schema", "now", "year", "school", "deadlines"),
        *("unlisted", "projected_years", "waiting_decisions"),
    ]
    assert found["unlisted"] == ["urgent-report"]
    plan: dict[str, Any] = found["deadlines"][0]
    assert plan == {
        "obligation": "plan",
        "title": "Kế hoạch phong trào toàn dân bảo vệ an ninh Tổ quốc",
        "instance": "plan",
        "period": None,
        "period_first": None,
        "period_last": None,
        "due_before": "2021-02-25T00:00:00+07:00",
        "last_day": "2021-02-24",
        "due_words": "trước ngày 25/02/2021, tức hết thứ Tư, ngày 24/02/2021",
        "original_due": "2021-02-25T00:00:00+07:00",
        "extended": False,
        "exempt": False,
        "first_reminder": "2021-02-18T00:00:00+07:00",
        "escalations": ["2021-03-02T00:00:00+07:00"],
        "schools": 1,
    }


def test_projected_holidays_are_warned_about_on_stderr(tmp_path: Path) -> None:
    """Days of a year whose swaps are not announced may still move."""
    config = sample_config(tmp_path, {"until = 2021-12-31\n": ""})
    found = called(tmp_path, "--config", config, "--year", 2060, "--json")
    assert found.document["projected_years"] == [2059, 2060, 2061]
    assert "the days off of 2060 are not settled yet" in found.err


def test_a_year_before_the_directive_is_empty(tmp_path: Path) -> None:
    """No deadline is no error."""
    found = called(tmp_path, "--year", 2019)
    assert (found.code, found.out.splitlines()[0]) == (0, "no deadline in 2019")


@pytest.mark.parametrize("year", ["1999", "2100", "này"])
def test_a_year_that_no_directive_has_is_a_usage_error(tmp_path: Path, year: str) -> None:
    """Exit 2."""
    assert called(tmp_path, "--year", year).code == 2


def test_an_unreadable_workbook_is_exit_3(tmp_path: Path) -> None:
    """As in `status`."""
    bad = tmp_path / "so.xlsx"
    bad.write_bytes(b"no workbook")
    found = automator("calendar", "--workbook", bad, "--ledger", tmp_path / "no.db")
    assert (found.code, found.out) == (3, "")


def test_nothing_is_written(tmp_path: Path) -> None:
    """It reads a ledger if there is one, and makes none."""
    assert json.loads(called(tmp_path, "--json").out)["year"] == 2021
    assert list(tmp_path.iterdir()) == []
