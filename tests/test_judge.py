"""Status and reasons of an instance: a table of cases, each a workbook and an instant."""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

import pytest
from builders import (
    MY_LAC,
    REPOSITORY,
    THREE,
    Story,
    changed_rules,
    finding,
    rules,
    verdict,
)
from case_rows import COLUMNS, row

from automator.core.assess import Rules
from automator.core.directive import AppliesTo, Every, Expected, Reckoning, Shift, Span
from automator.core.finding import Reason, Status
from automator.core.turn import Outcome


def monthly(on: int, starts: date, **to: Any) -> Rules:
    """Return rules with a report each month by day `on` of the next, on a working day."""
    return changed_rules("periodic-report", on=on, starts=starts, ends=None, **to)


def weekly(starts: date) -> Rules:
    """Return rules with a report each week by the Tuesday after it."""
    to: dict[str, Any] = {
        "every": Every.WEEK,
        "on": 2,
        "shift": Shift.NONE,
        "starts": starts,
        "ends": None,
    }
    return changed_rules("periodic-report", **to)


def concerning(**to: tuple[str, ...]) -> Rules:
    """Return rules whose plan is asked of some schools only."""
    return changed_rules("plan", applies_to=AppliesTo(**to))


TWO_DAYS = Span(2, "working days")
NEW_YEAR_2021, FEB_3, DEC_2020 = date(2021, 1, 1), date(2021, 2, 3), date(2020, 12, 21)
LAWS: Mapping[str, Rules] = {
    "": rules(),
    "cutoff": changed_rules("plan", cutoff=time(17)),
    "grace": changed_rules("plan", grace=TWO_DAYS),
    "by": changed_rules("plan", before=None, by=date(2021, 2, 25)),
    "by-cutoff": changed_rules("plan", before=None, by=date(2021, 2, 25), cutoff=time(17)),
    "two-forms": changed_rules("propaganda", at_least=2),
    "monthly-cutoff": changed_rules("periodic-report", cutoff=time(17)),
    "shift-back": changed_rules("periodic-report", shift=Shift.PREVIOUS),
    "no-shift": changed_rules("periodic-report", shift=Shift.NONE),
    "except-march": changed_rules("periodic-report", excepted=("2021-03",)),
    "school-days": changed_rules(
        "periodic-report", expected_when=Expected.SCHOOL_DAY, starts=FEB_3
    ),
    "primary": concerning(levels=("TH",)),
    "lower-secondary": concerning(levels=("THCS",)),
    "my-phu": concerning(communes=("28066",)),
    "my-lac": concerning(schools=(MY_LAC,)),
    "before-18-02": changed_rules("plan", before=date(2021, 2, 18)),
    "tet-grace": changed_rules("plan", before=None, by=date(2021, 2, 9), grace=TWO_DAYS),
    "by-the-10th": monthly(10, NEW_YEAR_2021),
    "by-the-10th-back": monthly(10, NEW_YEAR_2021, shift=Shift.PREVIOUS),
    "2024-by-the-4th": monthly(4, date(2024, 1, 1)),
    "2024-by-the-29th": monthly(29, date(2024, 1, 1)),
    "2024-by-the-31st": monthly(31, date(2024, 1, 1)),
    "2025-by-the-2nd": monthly(2, date(2025, 1, 1)),
    "2025-by-the-10th": monthly(10, date(2025, 1, 1)),
    "2025-by-the-26th": monthly(26, date(2025, 1, 1)),
    "2026-by-the-22nd": monthly(22, date(2026, 1, 1)),
    "2026-by-the-31st": monthly(31, date(2026, 1, 1)),
    "leap": changed_rules("plan", before=None, by=date(2024, 2, 29), starts=date(2024, 1, 2)),
    "nd09": changed_rules("periodic-report", on=18, periods=Reckoning.ND09),
    "weekly-2020": weekly(DEC_2020),
    "weekly-2026": weekly(date(2026, 11, 30)),
}
CASES: Sequence[dict[str, Any]] = tomllib.loads(
    (REPOSITORY / "tests" / "judge_cases.toml").read_text("utf-8")
)["case"]


def read(story: Story, book: Mapping[str, Any]) -> Outcome:
    """Read one workbook of a case."""
    tabs = {
        "receipts" if tab == "office" else tab: [row(tab, line) for line in book[tab]]
        for tab in ("plans", *COLUMNS)
        if tab in book
    }
    mend = {tab: lambda _: None for tab in book.get("without", ())}
    first, last = (part.strip() or None for part in book.get("roster", "|").split("|"))
    schools = [{**THREE[0], "valid_from": first, "valid_to": last}, *THREE[1:]]
    return story.read(book["at"], mend=mend, schools=schools, **tabs)


def judge(case: Mapping[str, Any]) -> tuple[Outcome, str]:
    """Return the last outcome of a case and the full key of what it is about."""
    story = Story(law=LAWS[case.get("law", "")])
    for earlier in case.get("before", ()):
        read(story, earlier)
    return read(story, case), f"{MY_LAC}/{case.get('of', 'plan')}"


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in CASES])
def test_judgement(case: Mapping[str, Any]) -> None:
    """What the workbook says at an instant has one status and its reasons."""
    outcome, key = judge(case)
    there = any(f.key == key for f in outcome.findings)
    assert (verdict(outcome, key) if there else "nothing") == case["is"]


def test_every_status_and_reason_has_a_case() -> None:
    """The table of cases leaves out no status, no reason and no law, and invents none."""
    seen = {word for case in CASES for word in case["is"].split()}
    assert seen == {*Status, *Reason, "nothing"}
    assert {case.get("law", "") for case in CASES} == set(LAWS)


def test_every_case_has_its_name() -> None:
    """A hundred and ninety cases and more, each named once."""
    names = Counter(case["name"] for case in CASES)
    assert len(names) >= 190
    assert max(names.values()) == 1


def test_two_rows_of_one_claim_are_backdated_only_if_both_are() -> None:
    """One of them was there in time: a copy typed later takes nothing away."""
    story = Story()
    read(story, {"at": "2021-02-24", "plans": ["24/02/2021"]})
    read(story, {"at": "2021-03-01", "plans": ["24/02/2021"]})
    later = {"at": "2021-03-02", "plans": ["24/02/2021 | 09/KH | 24/02/2021 | Y", "24/02/2021"]}
    assert verdict(read(story, later), "TH-MY-LAC/plan") == "on_time unconfirmed duplicate"


def test_the_blank_columns_are_those_of_the_row_that_lacks_them() -> None:
    """Of two forms the second has no day: that is what is asked for."""
    found = finding(*case("one-of-two-forms-lacks-its-day"))
    assert found.missing_columns == ("Ngày thực hiện",)


def case(name: str) -> tuple[Outcome, str]:
    return judge(next(c for c in CASES if c["name"] == name))


@pytest.mark.parametrize(
    ("name", "due_again"),
    [
        pytest.param("returned", "2021-03-03T00:00:00+07:00", id="from-the-day-of-return"),
        pytest.param(
            "a-return-without-a-day-dates-from-its-read",
            "2021-03-03T07:00:00+07:00",
            id="from-the-read-that-saw-it",
        ),
        pytest.param(
            "a-row-gone-in-two-reads-is-withdrawn",
            "2021-03-05T07:00:00+07:00",
            id="from-the-first-read-without-the-row",
        ),
    ],
)
def test_what_is_reopened_is_due_again(name: str, due_again: str) -> None:
    """Five working days after the reopening; the first deadline stays where it is."""
    found = finding(*case(name))
    assert found.due_again is not None
    assert found.due_again.isoformat() == due_again
    assert found.instance.due_before.isoformat() == "2021-02-25T00:00:00+07:00"


def test_what_is_reopened_early_is_due_again_no_sooner_than_first() -> None:
    """A return long before the deadline leaves the deadline as it was."""
    story = Story()
    outcome = read(
        story,
        {
            "at": "2021-02-09",
            "plans": ["05/02/2021"],
            "office": ["plan |  | 05/02/2021 | Đề nghị bổ sung | 08/02/2021"],
        },
    )
    found = finding(outcome, "TH-MY-LAC/plan")
    assert found.due_again is not None
    assert found.due_again.isoformat() == "2021-02-25T00:00:00+07:00"


@pytest.mark.parametrize(
    ("name", "received", "last_day", "rows"),
    [
        pytest.param(
            "sent-on-the-last-good-day",
            "2021-02-24T00:00:00+07:00",
            "2021-02-24",
            ("Kế hoạch!A3",),
            id="the-school-says-so",
        ),
        pytest.param(
            "paper-came-later-than-the-school-says",
            "2021-02-26T00:00:00+07:00",
            "2021-02-24",
            ("Kế hoạch!A3", "Phòng tiếp nhận!A3"),
            id="the-office-says-so",
        ),
        pytest.param(
            "resubmitted-keeps-its-first-receipt",
            "2021-02-22T00:00:00+07:00",
            "2021-02-24",
            ("Kế hoạch!A3", "Kế hoạch!A4", "Phòng tiếp nhận!A3"),
            id="through-a-return",
        ),
        pytest.param(
            "extended-and-on-time",
            "2021-03-01T00:00:00+07:00",
            "2021-03-01",
            ("Kế hoạch!A3",),
            id="extended",
        ),
        pytest.param(
            "two-forms",
            "2021-12-31T00:00:00+07:00",
            "2021-12-31",
            ("Tuyên truyền!A3", "Tuyên truyền!A4"),
            id="the-one-that-made-it-enough",
        ),
        pytest.param(
            "reported-in-time",
            "2021-02-26T07:59:00+07:00",
            "2021-02-26",
            ("Vụ việc!A3",),
            id="an-event",
        ),
    ],
)
def test_where_a_judgement_stands(
    name: str, received: str, last_day: str, rows: tuple[str, ...]
) -> None:
    """A finding names its receipt, its last good day and the rows that speak for it."""
    found = finding(*case(name))
    assert found.received is not None
    assert found.received.instant.isoformat() == received
    assert (found.last_day.isoformat(), found.rows) == (last_day, rows)


def test_a_finding_names_the_columns_that_are_blank() -> None:
    """What is asked of the school is the header it can see."""
    assert finding(*case("an-expected-cell-is-blank")).missing_columns == ("Ngày ký",)


def test_observed_is_the_first_read_that_saw_the_row() -> None:
    """The office sees when a row came into the workbook, whatever it claims."""
    found = finding(*case("typed-in-long-after-the-day-it-claims"))
    assert found.observed is not None
    assert found.observed.isoformat() == "2021-03-01T07:00:00+07:00"


def test_ids_of_incidents_follow_what_happened_not_the_order_of_rows() -> None:
    """Two incidents of one read are numbered by their instants, however the sheet is sorted."""
    rows = ["2 | 25/02/2021 10:00", "2 | 25/02/2021 08:00"]
    dues = set()
    for sheet in (rows, rows[::-1]):
        outcome = read(Story(), {"at": "2021-02-25T12:00", "incidents": sheet})
        first = finding(outcome, "TH-MY-LAC/urgent-report/VV-2021-001")
        dues.add(first.instance.due_before.isoformat())
    assert dues == {"2021-02-26T08:00:00+07:00"}
