"""What clerks do to rows between two reads changes no judgement that it should not."""

from collections.abc import Mapping
from typing import Any

import pytest
from builders import MY_LAC, MY_PHU, Rows, Story, finding, incident, plan, problems, steps, verdict

from automator.core.snapshot import Cell
from automator.core.turn import Outcome

LAC = plan(MY_LAC, "22/02/2021", number="05/KH-MYLAC", signed="20/02/2021", police="CA xã Mỹ Lạc")
PHU = plan(MY_PHU, "23/02/2021", number="07/KH-MYPHU", signed="21/02/2021", police="CA xã Mỹ Phú")
KEY = f"{MY_LAC}/plan"
REPORT = f"{MY_LAC}/urgent-report/VV-2021-001"
FALL = incident(MY_LAC, "25/02/2021 08:00", 2)


def told(*reads: tuple[str, Mapping[str, Rows]]) -> tuple[Story, Outcome]:
    """Return the story of reads and its last outcome."""
    story = Story()
    outcomes = [story.read(when, **book) for when, book in reads]
    return story, outcomes[-1]


def plans(*reads: tuple[str, Rows]) -> Outcome:
    """Return the outcome of the last of several reads of the tab Kế hoạch."""
    return told(*((when, {"plans": rows}) for when, rows in reads))[1]


def events(*reads: tuple[str, Rows]) -> Outcome:
    """Return the outcome of the last of several reads of the tab Vụ việc."""
    return told(*((when, {"incidents": rows}) for when, rows in reads))[1]


# Nobody is called back-dated who is not.


def test_a_plan_cut_and_pasted_two_reads_later_is_on_time() -> None:
    """Two reads far apart missed it, the third finds it again: nothing has changed."""
    outcome = plans(
        ("2021-02-24", (LAC, PHU)),
        ("2021-02-26", (PHU,)),
        ("2021-02-27", (PHU,)),
        ("2021-03-01", (PHU, LAC)),
    )
    assert verdict(outcome, KEY) == "on_time unconfirmed"


def test_a_week_without_the_worker_changes_nothing() -> None:
    """Down from before the deadline until long after: what was typed meanwhile is believed."""
    outcome = plans(("2021-02-23", (PHU,)), ("2021-03-03", (LAC, PHU)))
    assert verdict(outcome, KEY) == "on_time unconfirmed"
    assert verdict(outcome, f"{MY_PHU}/plan") == "on_time unconfirmed"


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("TH-MY-LAK-X", id="of-nobody"),
        pytest.param(MY_PHU, id="of-another-school"),
    ],
)
def test_a_corrected_school_is_not_backdated(wrong: str) -> None:
    """The row was there in time, under a wrong code."""
    outcome = plans(
        ("2021-02-23", ()),
        ("2021-02-24", ({**LAC, "school": wrong},)),
        ("2021-02-28", ({**LAC, "school": wrong},)),
        ("2021-03-01", (LAC,)),
    )
    assert "backdated" not in verdict(outcome, KEY)
    assert finding(outcome, KEY).status.value == "on_time"


def test_the_school_that_a_row_is_taken_from_keeps_it_until_a_second_read_agrees() -> None:
    """A slip of the mouse over the schools' column costs nobody a plan."""
    wrong = {**LAC, "school": MY_PHU}
    first = (("2021-02-24", (LAC,)), ("2021-02-26T07:00", (wrong,)))
    assert verdict(plans(*first), KEY) == "on_time unconfirmed"
    after = plans(*first, ("2021-02-26T08:00", (wrong,)))
    assert verdict(after, KEY) == "missing withdrawn"


def test_a_copy_for_another_school_has_no_clock_but_its_own() -> None:
    """What still stands under the first school was not corrected but copied."""
    copied = {**LAC, "school": MY_PHU}
    outcome = plans(("2021-02-24", (LAC,)), ("2021-02-28", (LAC,)), ("2021-03-01", (LAC, copied)))
    assert verdict(outcome, f"{MY_PHU}/plan") == "on_time unconfirmed backdated"


def test_a_day_corrected_from_one_good_day_to_another_is_not_backdated() -> None:
    """The plan was seen in time: 22/02 or 21/02 is no matter."""
    outcome = plans(
        ("2021-02-23", ()),
        ("2021-02-24", (LAC,)),
        ("2021-02-28", (LAC,)),
        ("2021-03-01", ({**LAC, "sent": "21/02/2021"},)),
    )
    assert verdict(outcome, KEY) == "on_time unconfirmed edited"


def test_a_late_day_that_was_garbled_and_came_back_early_is_a_new_claim() -> None:
    """26/02, then nothing that can be read, then 22/02: said on 01/03 for the first time."""
    outcome = plans(
        ("2021-02-26", ({**LAC, "sent": "26/02/2021"},)),
        ("2021-02-27", ({**LAC, "sent": "26/02x"},)),
        ("2021-02-28", ({**LAC, "sent": "26/02x"},)),
        ("2021-03-01", (LAC,)),
    )
    assert verdict(outcome, KEY) == "on_time unconfirmed backdated edited"


def test_a_day_that_goes_later_and_back_is_no_new_claim() -> None:
    """The first day had been read in time."""
    outcome = plans(
        ("2021-02-24", (LAC,)),
        ("2021-02-28", ({**LAC, "sent": "26/02/2021"},)),
        ("2021-03-01", (LAC,)),
    )
    assert verdict(outcome, KEY) == "on_time unconfirmed edited"


# What was noted of one row never speaks for another.


def test_a_report_of_the_next_month_does_not_become_the_one_that_was_deleted() -> None:
    """February is still withdrawn once March has come, alike as the two rows are."""
    february: dict[str, Cell] = {"school": MY_LAC, "period": "02/2021", "sent": "04/03/2021"}
    february["any"] = "Không"
    march = {**february, "period": "03/2021", "sent": "05/04/2021"}
    _, outcome = told(
        ("2021-03-04", {"periodic": [february]}),
        ("2021-03-08", {}),
        ("2021-03-09", {}),
        ("2021-04-05", {"periodic": [march]}),
    )
    assert verdict(outcome, f"{MY_LAC}/periodic-report/2021-02") == "missing withdrawn"
    assert verdict(outcome, f"{MY_LAC}/periodic-report/2021-03") == "on_time"


def test_an_incident_is_not_the_one_whose_row_was_deleted() -> None:
    """A second theft a week later is told at once, and owes a report of its own."""
    noted = {"school": MY_LAC, "content": "urgent-report", "period": "VV-2021-001"}
    noted |= {"arrived": "25/02/2021", "result": "Đạt"}
    again = {**FALL, "occurred": "04/03/2021 08:00"}
    _, outcome = told(
        ("2021-02-25T09:00", {"incidents": [FALL]}),
        ("2021-02-26T09:00", {"incidents": [FALL], "receipts": [noted]}),
        ("2021-02-27T09:00", {"receipts": [noted]}),
        ("2021-02-28T09:00", {"receipts": [noted]}),
        ("2021-03-04T09:00", {"incidents": [again], "receipts": [noted]}),
    )
    second = f"{MY_LAC}/urgent-report/VV-2021-002"
    assert finding(outcome, second).received is None
    assert (MY_LAC, "principal", "urgent") in steps(outcome, second)


def test_an_incident_typed_over_one_that_is_over_is_another() -> None:
    """A clerk who uses the row of a closed matter again starts a new one."""
    over = {**FALL, "state": "Đã kết thúc"}
    again = {**FALL, "occurred": "04/03/2021 08:00"}
    outcome = events(
        ("2021-02-25T09:00", [FALL]), ("2021-02-26T09:00", [over]), ("2021-03-04T09:00", [again])
    )
    assert "VV-2021-002" in outcome.assessment.incidents.by_code


def test_a_corrected_hour_is_the_same_incident() -> None:
    """Even of a closed one: only another day makes it another."""
    over = {**FALL, "state": "Đã kết thúc"}
    mended = {**FALL, "occurred": "25/02/2021 09:15"}
    outcome = events(("2021-02-25T09:30", [over]), ("2021-02-26T09:00", [mended]))
    assert list(outcome.assessment.incidents.by_code) == ["VV-2021-001"]


def test_a_garbled_receipt_that_vanishes_harms_nobody() -> None:
    """A day of arrival that could not be read any more, then the row is gone: lost since then."""
    row = {"school": MY_LAC, "content": "plan", "arrived": "24/02/2021"}
    reads = (
        ("2021-02-24", {"receipts": [row]}),
        ("2021-02-26T07:00", {"receipts": [{**row, "arrived": "24/02/2021x"}]}),
        ("2021-02-26T07:10", {}),
    )
    _, outcome = told(*reads)
    assert verdict(outcome, KEY) == "on_time"
    _, outcome = told(*reads, ("2021-02-26T07:35", {}))
    assert verdict(outcome, KEY) == "missing withdrawn"


# Incidents: what starts their clock, and what does not.


@pytest.mark.parametrize(
    ("cells", "due"),
    [
        pytest.param({"known": "25/02/2021 10:00"}, "2021-02-26T10:00", id="known"),
        pytest.param({}, "2021-02-26T08:00", id="else-occurred"),
        pytest.param({"occurred": None}, "2021-02-26T12:00", id="else-first-sight"),
        pytest.param({"known": "25/02/2021"}, "2021-02-27T00:00", id="a-day-ends-first"),
        pytest.param({"occurred": "25/02/2021"}, "2021-02-27T00:00", id="so-does-its-own-day"),
    ],
)
def test_a_report_is_due_a_day_after_the_school_knew(cells: Mapping[str, Any], due: str) -> None:
    """24 hours from the school's knowledge, else the event, else the first read with it."""
    outcome = events(("2021-02-25T12:00", [{**FALL, **cells}]))
    assert finding(outcome, REPORT).instance.due_before.isoformat() == f"{due}:00+07:00"


def test_raising_starts_the_clock_at_the_read_that_saw_it() -> None:
    """Ordinary for two days, grave from 27/02 at 07:00 on: due a day later, once for all."""
    reads = [("2021-02-25T09:00", [{**FALL, "level": 3}]), ("2021-02-27T07:00", [FALL])]
    for more in ([], [("2021-02-27T09:00", [{**FALL, "level": 1}])]):
        due = finding(events(*reads, *more), REPORT).instance.due_before
        assert due.isoformat() == "2021-02-28T07:00:00+07:00"


def test_lowering_leaves_what_is_owed() -> None:
    """Only a waiver, or *Nhập nhầm*, takes it away."""
    reads = (("2021-02-25T09:00", [FALL]), ("2021-02-27T07:00", [{**FALL, "level": 3}]))
    assert verdict(events(*reads), REPORT) == "missing"


def test_a_level_taken_away_for_a_moment_raises_nothing() -> None:
    """A clerk who empties the cell to choose another has half an hour for it."""
    ordinary = {**FALL, "level": 3}
    reads = [("2021-02-25T09:00", [ordinary]), ("2021-02-25T10:00", [{**FALL, "level": None}])]
    outcome = events(*reads)
    assert [f for f in outcome.findings if f.key == REPORT] == []
    back = events(*reads, ("2021-02-25T10:10", [ordinary]), ("2021-02-25T11:00", [ordinary]))
    assert [f for f in back.findings if f.key == REPORT] == []
    left = events(*reads, ("2021-02-25T10:30", [{**FALL, "level": None}]))
    due = finding(left, REPORT).instance.due_before
    assert due.isoformat() == "2021-02-26T10:30:00+07:00"


def test_a_grave_level_taken_away_for_a_moment_is_no_change() -> None:
    """Nobody is told of a level that is being chosen anew."""
    outcome = events(
        ("2021-02-25T09:00", [FALL]),
        ("2021-02-25T09:10", [{**FALL, "level": None}]),
        ("2021-02-25T09:20", [FALL]),
    )
    assert outcome.assessment.incidents.by_code["VV-2021-001"].sighting.changes == 0


def test_a_blank_level_that_turns_out_to_be_two_is_no_change() -> None:
    """It had counted as level 2 already."""
    blank = {**FALL, "level": None}
    outcome = events(
        ("2021-02-25T09:00", [blank]), ("2021-02-25T09:40", [blank]), ("2021-02-25T09:50", [FALL])
    )
    assert outcome.assessment.incidents.by_code["VV-2021-001"].sighting.changes == 0


def test_a_report_noted_long_after_the_day_it_claims_is_backdated() -> None:
    """The incident was known in time, its report was not: the office decides."""
    late = {**FALL, "reported": "25/02/2021 16:00"}
    outcome = events(
        ("2021-02-25T09:00", [FALL]), ("2021-03-01T09:00", [FALL]), ("2021-03-02T09:00", [late])
    )
    assert verdict(outcome, REPORT) == "on_time backdated"
    in_time = events(("2021-02-25T09:00", [FALL]), ("2021-03-02T09:00", [late]))
    assert verdict(in_time, REPORT) == "on_time"


# Ids are fixed at first sight.


def codes(outcome: Outcome) -> list[str]:
    return list(outcome.assessment.incidents.by_code)


def test_a_code_typed_later_changes_nothing_and_is_named() -> None:
    """The id on the office's paper stays; the cell is called to attention."""
    outcome = events(("2021-02-25T09:00", [FALL]), ("2021-02-26", [{**FALL, "code": "TML-01"}]))
    assert codes(outcome) == ["VV-2021-001"]
    assert ("Vụ việc", "M3", "incident_code_kept", "warns") in problems(outcome)


def test_the_given_code_may_be_typed() -> None:
    """A clerk who copies it from the tab Tình trạng hears nothing."""
    outcome = events(
        ("2021-02-25T09:00", [FALL]), ("2021-02-26", [{**FALL, "code": "VV-2021-001"}])
    )
    assert problems(outcome) == []


def test_a_code_that_two_rows_type_is_given_to_neither() -> None:
    """Both get an id of their own, and a problem at their cell."""
    two = [{**FALL, "code": "TML-01"}, {**FALL, "code": "TML-01", "kind": "TNGT"}]
    outcome = events(("2021-02-25T09:00", two))
    assert codes(outcome) == ["VV-2021-001", "VV-2021-002"]
    assert [p[:3] for p in problems(outcome)] == [
        ("Vụ việc", "M3", "duplicate_incident_code"),
        ("Vụ việc", "M4", "duplicate_incident_code"),
    ]


def test_what_is_wrong_with_a_code_is_said_while_the_cell_holds_it() -> None:
    """Not only at the read that first sees it; and a code typed later says which one is fixed."""
    two = [{**FALL, "code": "TML-01"}, {**FALL, "code": "TML-01", "kind": "TNGT"}]
    outcome = events(("2021-02-25T09:00", two), ("2021-02-26", two), ("2021-02-27", two))
    assert [p[2] for p in problems(outcome)] == ["duplicate_incident_code"] * 2
    later = events(("2021-02-25T09:00", [FALL]), ("2021-02-26", [{**FALL, "code": "TML-01"}]))
    (kept,) = [p for p in later.problems if p.code == "incident_code_kept"]
    assert kept.message.startswith("mã vụ việc đã cố định là VV-2021-001")


def test_the_office_may_name_an_incident_by_what_its_row_says() -> None:
    """The code is another incident's, or none's; of that school one row alone types it."""
    mine = {**FALL, "code": "AB-1"}
    theirs = {**FALL, "school": MY_PHU, "code": "AB-1"}
    noted = {"school": MY_LAC, "content": "urgent-report", "period": "AB-1"}
    receipt = {**noted, "arrived": "25/02/2021 10:00", "result": "Đạt"}
    tabs = {"incidents": [mine, theirs], "receipts": [receipt]}
    _, outcome = told(("2021-02-25T09:00", tabs), ("2021-02-25T12:00", tabs))
    code = outcome.assessment.incidents.typed()[MY_LAC, "AB-1"][0]
    assert finding(outcome, f"{MY_LAC}/urgent-report/{code}").received is not None
    twice = {"incidents": [mine, {**mine, "kind": "TNGT"}], "receipts": [receipt]}
    _, outcome = told(("2021-02-25T09:00", twice), ("2021-02-25T12:00", twice))
    assert ("Phòng tiếp nhận", "C3", "incident_needed", "blocks") in problems(outcome)


def test_a_month_without_incidents_owes_its_zero_report() -> None:
    """*Phát sinh: Không* is a report like any other; without it the month is missing."""
    nothing = {"school": MY_LAC, "period": "02/2021", "sent": "04/03/2021", "any": "Không"}
    _, outcome = told(("2021-03-08", {"periodic": [nothing]}))
    assert verdict(outcome, f"{MY_LAC}/periodic-report/2021-02") == "on_time"
    assert verdict(outcome, f"{MY_PHU}/periodic-report/2021-02") == "missing"
