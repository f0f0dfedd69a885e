"""Laws that every turn obeys, whatever stands in the workbook."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from builders import (
    MY_LAC,
    MY_PHU,
    TAN_LONG,
    Rows,
    Story,
    at,
    delivered,
    incident,
    plan,
    rules,
    workbook,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automator.core.finding import Status
from automator.core.memory import Memory
from automator.core.turn import Outcome, turn

EASY = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.differing_executors]
)
SCHOOLS = st.sampled_from([MY_LAC, MY_PHU, TAN_LONG, "TH Mỹ Lạc", "Trường Ngôi Sao", None])
DAYS = st.sampled_from(
    ["22/02/2021", "24/02/2021", "25/02/2021 08:00", "01/03/2021", "31/02/2021", "24/02/2020", None]
)
RUNS = st.lists(
    st.sampled_from(["2021-02-18", "2021-02-24", "2021-02-26", "2021-03-01", "2021-03-08"]),
    min_size=1,
    max_size=3,
    unique=True,
).map(sorted)


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a row of the tab Kế hoạch, as good or bad as people make them."""
    row = plan(MY_LAC, draw(DAYS), number=draw(st.sampled_from(["05/KH", "07/KH", None])))
    return {**row, "school": draw(SCHOOLS), "signed": draw(DAYS)}


@st.composite
def receipts(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a row of the tab Phòng tiếp nhận."""
    return {
        "school": draw(SCHOOLS),
        "content": draw(st.sampled_from(["plan", "urgent-report", "model", "việc khác"])),
        "arrived": draw(DAYS),
        "result": draw(st.sampled_from(["Đạt", "Đề nghị bổ sung", "Đã nắm tin", None])),
        "returned": draw(DAYS),
    }


@st.composite
def incidents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a row of the tab Vụ việc."""
    level = draw(st.sampled_from([1, 2, 3, None]))
    state = draw(st.sampled_from(["Đang xử lý", "Đã kết thúc", "Nhập nhầm", None]))
    return {**incident(MY_LAC, draw(DAYS), level, state=state), "school": draw(SCHOOLS)}


@st.composite
def books(draw: st.DrawFn) -> dict[str, Rows]:
    """Draw the rows of a workbook."""
    return {
        "plans": draw(st.lists(plans(), max_size=5)),
        "receipts": draw(st.lists(receipts(), max_size=3)),
        "incidents": draw(st.lists(incidents(), max_size=2)),
    }


def told(outcome: Outcome) -> list[tuple[str, str, str]]:
    """Return who gets which mail and what it tells."""
    return sorted((n.unit, n.role, str(sorted(n.keys))) for n in outcome.plan.notices)


@EASY
@given(st.lists(books(), min_size=3, max_size=3), RUNS)
def test_the_same_arguments_give_the_same_outcome(
    found: Sequence[dict[str, Rows]], runs: Sequence[str]
) -> None:
    """A turn depends on nothing but its arguments, and changes none of them."""
    memory = Memory()
    for when, book in zip(runs, found, strict=False):
        snapshot, before = workbook(at(when), **book), repr(memory)
        first = turn(memory, snapshot, rules(), at(when))
        second = turn(memory, snapshot, rules(), at(when))
        assert first == second
        assert repr(memory) == before
        memory = delivered(first, at(when))


@EASY
@given(books(), st.randoms(use_true_random=False), RUNS)
def test_the_order_of_rows_changes_nothing_but_addresses(
    book: dict[str, Rows], random: Any, runs: Sequence[str]
) -> None:
    """Sorting a tab changes no status, no reason and no mail."""
    other = {tab: random.sample(list(rows), len(rows)) for tab, rows in book.items()}
    other["incidents"] = book["incidents"]  # ids of incidents are given in the order of rows
    one, two = (Story().read(runs[-1], **rows) for rows in (book, other))
    assert [replace(f, rows=(), number="") for f in one.findings] == [
        replace(f, rows=(), number="") for f in two.findings
    ]
    assert told(one) == told(two)
    assert one.rates == two.rates


@EASY
@given(books(), RUNS)
def test_sorting_between_two_reads_changes_nothing(
    book: dict[str, Rows], runs: Sequence[str]
) -> None:
    """A second read of the same rows, upside down, finds nobody new, gone or edited."""
    story = Story()
    story.read("2021-02-17", **book)
    before = {(s.id, s.cells, s.first_seen) for s in story.memory.sightings}
    outcome = story.read(runs[-1], **{tab: rows[::-1] for tab, rows in book.items()})
    assert {(s.id, s.cells, s.first_seen) for s in story.memory.sightings} >= before
    assert not [s for s in story.memory.sightings if s.gone_since]
    reasons = {reason for f in outcome.findings for reason in f.reasons}
    assert not reasons & {"edited", "withdrawn", "backdated"}


ORDER = [Status.MISSING, Status.DUE, Status.UPCOMING, Status.RETURNED, Status.LATE, Status.ON_TIME]


@EASY
@given(books(), RUNS)
def test_a_good_row_more_never_worsens_anything(book: dict[str, Rows], runs: Sequence[str]) -> None:
    """A plan sent in time by Mỹ Lạc worsens no status of any school."""
    good = plan(MY_LAC, "22/02/2021", number="99/KH")
    more = {**book, "plans": [*book["plans"], good]}
    without, with_it = (Story().read(runs[-1], **rows) for rows in (book, more))
    for one, two in zip(without.findings, with_it.findings, strict=True):
        assert one.key == two.key
        assert ORDER.index(two.status) >= ORDER.index(one.status)


@EASY
@given(books(), RUNS)
def test_a_second_run_at_the_same_instant_sends_nothing(
    book: dict[str, Rows], runs: Sequence[str]
) -> None:
    """What was told is told once."""
    story = Story()
    for when in runs:
        story.read(when, **book)
    outcome = story.read(runs[-1], **book)
    assert [n for n in outcome.plan.notices if n.id not in outcome.plan.held] == []


@EASY
@given(st.lists(books(), min_size=3, max_size=3), RUNS)
def test_no_step_is_told_twice(found: Sequence[dict[str, Rows]], runs: Sequence[str]) -> None:
    """Over any history each step of each episode goes out at most once, in one mail."""
    story, seen = Story(), set()
    for when, book in zip(runs, found, strict=False):
        outcome = story.read(when, **book)
        for notice in outcome.plan.notices:
            if notice.id not in outcome.plan.held:
                assert not seen & set(notice.keys)
                seen |= set(notice.keys)


@EASY
@given(st.lists(books(), min_size=3, max_size=3), RUNS)
def test_every_candidate_goes_out_or_has_a_reason(
    found: Sequence[dict[str, Rows]], runs: Sequence[str]
) -> None:
    """Nothing is lost between the steps of a finding and the mails."""
    story = Story()
    for when, book in zip(runs, found, strict=False):
        outcome = story.read(when, **book)
        silent = {(s.unit, s.role, s.instance, s.step) for s in outcome.plan.silences}
        sent = {
            (k.unit, k.role, k.instance, k.step)
            for n in outcome.plan.notices
            if n.id not in outcome.plan.held
            for k in n.keys
        }
        for c in outcome.candidates:
            place = (c.key.unit, c.key.role, c.key.instance, c.key.step)
            assert (place in silent) is not (place in sent)


@EASY
@given(books(), RUNS)
def test_the_recipients_of_a_mail_belong_to_one_unit(
    book: dict[str, Rows], runs: Sequence[str]
) -> None:
    """A mail to a school names no other school."""
    outcome = Story().read(runs[-1], **book)
    names = {s.code: s.name for s in outcome.assessment.register.schools.values()}
    for notice in outcome.plan.notices:
        if notice.role == "principal":
            others = [name for code, name in names.items() if code != notice.unit]
            assert not [name for name in others if name in repr(notice)]


@pytest.mark.parametrize("when", ["2021-02-26", "2021-03-01"])
def test_a_decision_of_config_counts_like_one_of_the_workbook(when: str) -> None:
    """Waivers and extensions may stand in config.toml as well."""
    from automator.core.decisions import Decisions, Waiver

    law = replace(rules(), given=Decisions(waivers=(Waiver(school=MY_LAC, obligation="plan"),)))
    outcome = Story(law=law).read(when)
    assert [f.status for f in outcome.findings if f.key == f"{MY_LAC}/plan"] == [Status.EXEMPT]
