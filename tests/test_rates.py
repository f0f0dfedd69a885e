"""Completeness and timeliness: shares of what was due, whatever the workbook holds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import FORTY, HANOI, MY_LAC, MY_PHU, THREE, Story, plan
from hypothesis import given, settings
from hypothesis import strategies as st

from automator.core.finding import Finding, Instance, Reason, Status
from automator.core.rates import Rate, rate, rates
from automator.core.turn import Outcome

NOW = datetime(2021, 3, 8, 7, tzinfo=HANOI)
PAST, AHEAD = NOW - timedelta(days=1), NOW + timedelta(days=1)
OPEN_STATUSES = (Status.UPCOMING, Status.DUE, Status.ON_TIME, Status.RETURNED, Status.EXEMPT)
OVER_STATUSES = (Status.MISSING, Status.ON_TIME, Status.LATE, Status.RETURNED, Status.EXEMPT)


def held(status: Status, due: datetime, school: str = "A", commune: str = "28048") -> Finding:
    """Return a finding of a plan that is due at `due`."""
    instance = Instance(
        school=school,
        obligation="plan",
        key="plan",
        begins=PAST,
        due_before=due,
        original_due=due,
        commune=commune,
    )
    last = (due - timedelta(seconds=1)).date()
    return Finding(instance=instance, status=status, reasons=(), last_day=last, have=0, need=1)


FINDINGS = st.lists(
    st.one_of(
        st.builds(held, st.sampled_from((*OVER_STATUSES, Status.UNKNOWN)), st.just(PAST)),
        st.builds(held, st.sampled_from((*OPEN_STATUSES, Status.UNKNOWN)), st.just(AHEAD)),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(FINDINGS)
def test_shares_lie_between_nothing_and_all(findings: Sequence[Finding]) -> None:
    """Timeliness is at most completeness, both in [0, 1], or nothing was expected."""
    found = rate("office", "plan", None, findings, NOW)
    if found.expected == 0:
        assert (found.completeness, found.timeliness) == (None, None)
    else:
        assert found.completeness is not None
        assert found.timeliness is not None
        assert 0 <= found.timeliness <= found.completeness <= 1


@settings(deadline=None)
@given(FINDINGS)
def test_what_is_expected_is_counted_once(findings: Sequence[Finding]) -> None:
    """On time, late, returned and missing make up what was expected; open ones stand beside."""
    found = rate("office", "plan", None, findings, NOW)
    assert found.expected == found.on_time + found.late + found.returned + found.missing
    counted = [f for f in findings if f.status not in (Status.EXEMPT, Status.UNKNOWN)]
    assert found.expected + found.open == len(counted)
    assert found.open_received <= found.open


@settings(deadline=None)
@given(FINDINGS)
def test_the_district_is_the_sum_of_its_communes(findings: Sequence[Finding]) -> None:
    """Where every school has a commune, no school is lost between the two tables."""
    there = [
        held(f.status, f.instance.due_before, commune=("28048", "28066")[n % 2])
        for n, f in enumerate(findings)
    ]
    whole, *parts = rates(there, ("28048", "28066"), "office", {"plan": False}, NOW)
    for count in ("expected", "on_time", "late", "returned", "missing", "open"):
        assert getattr(whole, count) == sum(getattr(part, count) for part in parts)


@pytest.mark.parametrize(
    ("statuses", "completeness", "timeliness"),
    [
        pytest.param(["on_time", "on_time", "late", "missing"], 0.75, 0.5, id="some-of-each"),
        pytest.param(["returned", "on_time"], 0.5, 0.5, id="returned-is-not-complete"),
        pytest.param(["exempt", "on_time"], 1, 1, id="exempt-does-not-count"),
        pytest.param(["unknown", "missing"], 0, 0, id="unknown-does-not-count"),
        pytest.param(["exempt", "unknown"], None, None, id="nothing-expected"),
    ],
)
def test_shares(statuses: list[str], completeness: float | None, timeliness: float | None) -> None:
    """As DHIS2 counts them."""
    found = rate("office", "plan", None, [held(Status(s), PAST) for s in statuses], NOW)
    assert (found.completeness, found.timeliness) == (completeness, timeliness)


def test_a_deadline_counts_from_its_instant() -> None:
    """What is due at `now` is over."""
    assert rate("office", "plan", None, [held(Status.MISSING, NOW)], NOW).expected == 1


# The same, of a workbook.


def of(outcome: Outcome, unit: str, obligation: str, period: str | None = None) -> Rate:
    key = (unit, obligation, period)
    return next(r for r in outcome.rates if (r.unit, r.obligation, r.period) == key)


SENT = (plan(MY_LAC, "24/02/2021"), plan(MY_PHU, "25/02/2021"))


def test_rates_of_a_workbook() -> None:
    """The district is the unit office; each commune has its own line."""
    outcome = Story().read("2021-02-26", plans=SENT)
    assert [
        (r.unit, r.expected, r.on_time, r.late, r.missing, r.named_day)
        for r in outcome.rates
        if r.obligation == "plan" and r.expected
    ] == [
        ("office", 3, 1, 1, 1, 1),
        ("28048", 1, 1, 0, 0, 0),
        ("28066", 1, 0, 1, 0, 1),
        ("28072", 1, 0, 0, 1, 0),
    ]


def test_a_commune_without_schools_prints_a_dash() -> None:
    """Nothing expected is neither none nor all."""
    found = of(Story().read("2021-02-26", plans=SENT), "28036", "plan")
    assert (found.expected, found.completeness, found.timeliness) == (0, None, None)


def test_what_is_open_is_counted_beside() -> None:
    """Before the deadline: received so far, of so many."""
    found = of(Story().read("2021-02-24", plans=SENT), "office", "plan")
    assert (found.expected, found.open, found.open_received) == (0, 3, 1)


def test_an_extended_school_is_open_until_its_own_day() -> None:
    """The others are due, it is not; both are said."""
    extension = {"scope": MY_LAC, "content": "plan", "last_day": "05/03/2021", "reason": "bão"}
    found = of(Story().read("2021-02-26", extensions=[extension]), "office", "plan")
    assert (found.expected, found.missing, found.open, found.extended) == (2, 2, 1, 1)


def test_an_exempt_school_is_not_expected() -> None:
    """A waiver takes a school out of the rate."""
    waiver = {"school": MY_LAC, "content": "plan", "reason": "mới thành lập"}
    outcome = Story().read("2021-02-26", plans=SENT[1:], waivers=[waiver])
    assert (of(outcome, "office", "plan").expected, of(outcome, "28048", "plan").expected) == (2, 0)


def test_what_is_reopened_keeps_its_place() -> None:
    """A returned plan is expected since its first deadline, whatever it is due again."""
    returned = {"school": MY_LAC, "content": "plan", "arrived": "22/02/2021"}
    rows = [{**returned, "result": "Đề nghị bổ sung", "returned": "26/02/2021"}]
    found = of(Story().read("2021-02-26", plans=SENT, receipts=rows), "28048", "plan")
    assert (found.expected, found.returned, found.on_time) == (1, 1, 0)


def test_recurring_duties_have_a_line_a_period() -> None:
    """One for each month that has begun."""
    outcome = Story().read("2021-04-08")
    lines = [
        (r.period, r.expected, r.open)
        for r in outcome.rates
        if r.unit == "office" and r.obligation == "periodic-report"
    ]
    assert lines == [("2021-02", 3, 0), ("2021-03", 3, 0), ("2021-04", 0, 3)]


def test_a_school_counts_for_the_commune_it_had_then() -> None:
    """Moved on 15/03/2021: February is its old commune's, March its new one's."""
    moved = [
        {**THREE[0], "valid_to": "14/03/2021"},
        {**THREE[0], "commune": "28066", "valid_from": "15/03/2021"},
        *THREE[1:],
    ]
    outcome = Story().read("2021-04-08", schools=moved)
    expected = {
        (unit, period): of(outcome, unit, "periodic-report", period).expected
        for unit in ("28048", "28066")
        for period in ("2021-02", "2021-03")
    }
    assert expected == {
        ("28048", "2021-02"): 1,
        ("28048", "2021-03"): 0,
        ("28066", "2021-02"): 1,
        ("28066", "2021-03"): 2,
    }


def test_who_reported_nothing_is_counted_by_the_roster_of_that_period() -> None:
    """Moved on 01/04/2021: March is asked of the old commune, whatever schools there are now."""
    moved = [
        {**THREE[0], "valid_to": "31/03/2021"},
        {**THREE[0], "commune": "28066", "valid_from": "01/04/2021"},
        *THREE[1:],
    ]
    report = {"period": "03/2021", "sent": "02/04/2021", "any": "Không"}
    reports = [{"school": code, **report} for code in (MY_LAC, MY_PHU)]
    story = Story()
    story.read("2021-03-29", schools=moved)
    outcome = story.read("2021-04-05", schools=moved, periodic=reports)
    notices = outcome.plan.notices
    digest = next(n.digest for n in notices if (n.unit, n.role) == ("28066", "commune"))
    assert digest is not None
    counted = (digest.schools, digest.asked, digest.no_incident, digest.silent)
    assert counted == (2, 1, 1, 0)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(["", "23/02/2021", "25/02/2021", "31/02/2021"]), max_size=40))
def test_rates_of_any_workbook_add_up(sent: list[str]) -> None:
    """Blank, on time, on the named day or no day at all: forty schools are expected."""
    rows = [plan(str(s["code"]), day) for s, day in zip(FORTY, sent, strict=False)]
    found = of(Story().read("2021-03-08", schools=FORTY, plans=rows), "office", "plan")
    assert found.expected == 40
    assert found.on_time == sent.count("23/02/2021")
    assert found.late == found.named_day == sent.count("25/02/2021")


def test_reasons_are_counted_apart() -> None:
    """The named day is counted beside what is late."""
    named = replace(held(Status.LATE, PAST), reasons=(Reason.NAMED_DAY,))
    found = rate("office", "plan", None, [named, held(Status.LATE, PAST)], NOW)
    assert (found.late, found.named_day) == (2, 1)
