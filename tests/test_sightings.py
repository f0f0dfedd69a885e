"""Rows are recognised from read to read, however clerks move and mend them."""

from datetime import datetime

import pytest
from builders import MY_LAC, MY_PHU, TAN_LONG, Rows, Story, at, finding, incident, plan, verdict

from automator.core.memory import Sighting
from automator.core.turn import Outcome

LAC = plan(MY_LAC, "22/02/2021", number="05/KH-MYLAC", signed="20/02/2021", police="CA xã Mỹ Lạc")
PHU = plan(MY_PHU, "23/02/2021", number="07/KH-MYPHU", signed="21/02/2021", police="CA xã Mỹ Phú")
LONG = plan(TAN_LONG, "24/02/2021", number="02/KH-TANLONG", signed="23/02/2021", police="CA xã")
FIRST, THEN = "2021-02-24T07:00", "2021-02-26T07:00"


def after(*reads: tuple[str, Rows]) -> Story:
    """Return the story of reads of the tab Kế hoạch."""
    story = Story()
    for when, rows in reads:
        story.read(when, plans=rows)
    return story


def known(story: Story) -> list[tuple[str | None, int, str]]:
    """Return what is known of rows: school, place, the local time of first sight."""
    return [
        (s.school, s.row, f"{s.first_seen:%d/%m %H:%M}" + (" gone" if s.gone_since else ""))
        for s in story.memory.sightings
    ]


def only(story: Story) -> Sighting:
    (sighting,) = story.memory.sightings
    return sighting


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        pytest.param((PHU, LAC, LONG), {MY_LAC: 4, MY_PHU: 3, TAN_LONG: 5}, id="sorted"),
        pytest.param((LONG, PHU, LAC), {MY_LAC: 5, MY_PHU: 4, TAN_LONG: 3}, id="reversed"),
        pytest.param(({}, LAC, {}, PHU, LONG), {MY_LAC: 4, MY_PHU: 6, TAN_LONG: 7}, id="spread"),
    ],
)
def test_moved_rows_keep_their_first_sight(rows: Rows, places: dict[str, int]) -> None:
    """Where a row stands says nothing about since when it is there."""
    story = after((FIRST, (LAC, PHU, LONG)), (THEN, rows))
    assert {school: row for school, row, _ in known(story)} == places
    assert {seen for _, _, seen in known(story)} == {"24/02 07:00"}


def test_an_inserted_row_alone_is_new() -> None:
    """A row between two others does not make the ones below it new."""
    story = after((FIRST, (LAC, LONG)), (THEN, (LAC, PHU, LONG)))
    assert known(story) == [
        (MY_LAC, 3, "24/02 07:00"),
        (TAN_LONG, 5, "24/02 07:00"),
        (MY_PHU, 4, "26/02 07:00"),
    ]


def test_a_deleted_row_alone_is_gone() -> None:
    """The rows that move up into its place are still themselves."""
    story = after((FIRST, (LAC, PHU, LONG)), (THEN, (LAC, LONG)))
    assert known(story) == [
        (MY_LAC, 3, "24/02 07:00"),
        (MY_PHU, 4, "24/02 07:00 gone"),
        (TAN_LONG, 4, "24/02 07:00"),
    ]


@pytest.mark.parametrize(
    "mended",
    [
        pytest.param({**LAC, "signed": "21/02/2021"}, id="corrected"),
        pytest.param({**LAC, "number": "6/KH-MYLAC"}, id="another-number"),
        pytest.param({**LAC, "school": "TH Mỹ Lạc"}, id="school-by-another-name"),
        pytest.param({**LAC, "sent": "22-2-21"}, id="the-same-day-retyped"),
        pytest.param({**LAC, "sent": "23/02/2021"}, id="a-later-day"),
        pytest.param({**LAC, "note": "đã gửi qua văn thư"}, id="a-note"),
        pytest.param({**LAC, "signed": None, "police": None}, id="two-cells-cleared"),
    ],
)
def test_a_corrected_row_keeps_its_first_sight(mended: dict[str, str]) -> None:
    """Mending a cell makes no new row, and no new claim."""
    story = after((FIRST, (LAC, PHU)), (THEN, (mended, PHU)))
    assert known(story) == [(MY_LAC, 3, "24/02 07:00"), (MY_PHU, 4, "24/02 07:00")]
    assert story.memory.sightings[0].observed == at(FIRST)


def test_a_row_typed_anew_elsewhere_is_the_same_plan() -> None:
    """Cut here and typed again at the bottom: the same school and number."""
    moved = {**LAC, "signed": None, "police": "Công an xã Mỹ Lạc (mới)", "sent": "23/02/2021"}
    story = after((FIRST, (LAC, PHU)), (THEN, (PHU, moved)))
    assert known(story) == [(MY_LAC, 4, "24/02 07:00"), (MY_PHU, 3, "24/02 07:00")]


def test_an_unlike_row_of_the_school_is_new() -> None:
    """Less than half of its cells equal, another number: another plan."""
    other = plan(MY_LAC, "26/02/2021", number="19/KH", signed="25/02/2021", police="Công an huyện")
    story = after((FIRST, (LAC,)), (THEN, (other,)))
    assert known(story) == [(MY_LAC, 3, "24/02 07:00 gone"), (MY_LAC, 3, "26/02 07:00")]


def test_a_row_whose_school_is_mended_keeps_its_first_sight() -> None:
    """A name that nobody knew takes part for every school."""
    story = after((FIRST, (PHU, {**LAC, "school": "Ngôi Sao Xanh"})), (THEN, (PHU, LAC)))
    assert known(story) == [(MY_PHU, 3, "24/02 07:00"), (MY_LAC, 4, "24/02 07:00")]


def test_a_row_given_to_the_right_school_is_not_backdated() -> None:
    """Trường corrected from one listed school to another: it claims what it claimed since then."""
    story = after(("2021-02-18T07:00", ()), ("2021-03-01T07:00", (LAC, PHU)))
    outcome = story.read("2021-03-04", plans=[{**LAC, "school": TAN_LONG}, PHU])
    assert verdict(outcome, f"{TAN_LONG}/plan") == "on_time unconfirmed"
    assert observed(outcome, TAN_LONG) == at("2021-03-01T07:00")
    assert verdict(outcome, f"{MY_LAC}/plan") == "on_time unconfirmed"


def test_a_row_that_is_cut_and_pasted_a_day_later_keeps_its_first_sight() -> None:
    """What comes back was never gone, though two reads had missed it."""
    story = after(
        (FIRST, (LAC, PHU)),
        ("2021-02-25T07:00", (PHU,)),
        ("2021-02-25T08:00", (PHU,)),
        (THEN, (PHU, LAC)),
    )
    assert known(story) == [(MY_LAC, 4, "24/02 07:00"), (MY_PHU, 3, "24/02 07:00")]


def test_equal_rows_are_as_many_as_there_are() -> None:
    """Of two rows with the same content one that is deleted leaves the other."""
    story = after((FIRST, (LAC, LAC)), (THEN, (LAC,)))
    assert [seen for _, _, seen in known(story)] == ["24/02 07:00", "24/02 07:00 gone"]


def test_what_is_remembered_holds_no_free_text() -> None:
    """A note is kept as a hash: enough to see that it changed."""
    story = after((FIRST, ({**LAC, "note": "Em Nguyễn Văn An lớp 5A gửi"},)))
    kept = [*dict(only(story).cells).values(), *map(str, story.memory.tabs["plans"].sheet.rows)]
    assert not [text for text in kept if "Nguyễn" in text or "lớp 5A" in text]


# Two clocks: what a row claims, and what the reads observed.


def observed(outcome: Outcome, school: str = MY_LAC) -> datetime | None:
    return finding(outcome, f"{school}/plan").observed


def test_a_placeholder_counts_from_the_read_that_saw_it_filled() -> None:
    """A row with only a school claims nothing; its day, typed later, is a claim of that day."""
    story = after(("2021-02-20T07:00", ({"school": MY_LAC},)), ("2021-02-26T08:00", ({},)))
    outcome = story.read("2021-03-01", plans=(plan(MY_LAC, "24/02/2021"),))
    assert verdict(outcome, f"{MY_LAC}/plan") == "on_time unconfirmed backdated"
    assert observed(outcome) == at("2021-03-01")


def test_a_placeholder_filled_in_time_is_not_backdated() -> None:
    """The last read without the claim came before the deadline."""
    story = after(("2021-02-24T07:00", ({"school": MY_LAC},)))
    outcome = story.read("2021-03-01", plans=(plan(MY_LAC, "24/02/2021"),))
    assert verdict(outcome, f"{MY_LAC}/plan") == "on_time unconfirmed"


def test_a_receipt_day_moved_earlier_is_a_new_claim() -> None:
    """26/02 becomes 24/02 on 01/03, though a read of 27/02 had seen the other day."""
    story = after(("2021-02-26T07:00", (plan(MY_LAC, "26/02/2021"),)))
    story.read("2021-02-27T07:00", plans=(plan(MY_LAC, "26/02/2021"),))
    outcome = story.read("2021-03-01", plans=(plan(MY_LAC, "24/02/2021"),))
    assert verdict(outcome, f"{MY_LAC}/plan") == "on_time unconfirmed backdated edited"
    assert observed(outcome) == at("2021-03-01")


def test_a_receipt_day_moved_later_is_no_new_claim() -> None:
    """Whoever corrects to a later day is believed as before."""
    story = after(("2021-02-23T07:00", (plan(MY_LAC, "22/02/2021"),)))
    outcome = story.read("2021-03-01", plans=(plan(MY_LAC, "23/02/2021"),))
    assert verdict(outcome, f"{MY_LAC}/plan") == "on_time unconfirmed edited"
    assert observed(outcome) == at("2021-02-23")


def test_a_day_garbled_for_a_while_is_no_new_claim() -> None:
    """A slip of the keyboard between two reads neither backdates nor renews."""
    story = after(("2021-02-23T07:00", (plan(MY_LAC, "22/02/2021"),)))
    story.read("2021-02-27T07:00", plans=(plan(MY_LAC, "22/02/2021x"),))
    outcome = story.read("2021-03-01", plans=(plan(MY_LAC, "22/02/2021"),))
    assert observed(outcome) == at("2021-02-23")
    assert "backdated" not in verdict(outcome, f"{MY_LAC}/plan")


def test_a_first_read_trusts_every_claim() -> None:
    """There was no read without the row, whenever the first one comes."""
    story = Story()
    outcome = story.read("2021-05-03", plans=(LAC, PHU, LONG))
    statuses = {verdict(outcome, f"{s}/plan") for s in (MY_LAC, MY_PHU, TAN_LONG)}
    assert statuses == {"on_time unconfirmed"}


def test_reads_that_cannot_see_the_tab_observe_nothing() -> None:
    """While the tab is unreadable no row is missed, and none is backdated by it."""
    story = after(("2021-02-24T07:00", ()))
    for when in ("2021-02-26T07:00", "2021-02-27T07:00", "2021-02-28T07:00"):
        story.read(when, plans=(LAC,), mend={"plans": lambda _: None})
    outcome = story.read("2021-03-01", plans=(LAC,))
    assert verdict(outcome, f"{MY_LAC}/plan") == "on_time unconfirmed"


# What speaks against a school counts when two reads `settle` apart agree.


def test_a_pass_that_did_not_read_the_tab_settles_nothing() -> None:
    """Only reads of the tab itself agree that a row is gone."""
    story = after((FIRST, (LAC,)), ("2021-02-26T07:00", ()))
    watched = frozenset({"schools", "incidents", "receipts"})
    outcome = story.read("2021-02-26T07:40", asked=watched)
    assert verdict(outcome, f"{MY_LAC}/plan") == "on_time unconfirmed"
    assert not only(story).gone_settled


def test_a_read_that_could_not_see_the_tab_settles_nothing() -> None:
    """An unreadable tab agrees to nothing."""
    story = after((FIRST, (LAC,)), ("2021-02-26T07:00", ()))
    outcome = story.read("2021-02-26T07:40", mend={"plans": lambda _: None})
    assert verdict(outcome, f"{MY_LAC}/plan") == "on_time unconfirmed"


def test_a_row_settled_as_gone_counts_from_the_first_read_without_it() -> None:
    """The reopening dates from when it was first missed."""
    story = after((FIRST, (LAC,)), ("2021-02-26T07:00", ()))
    outcome = story.read("2021-02-26T09:00")
    withdrawn = finding(outcome, f"{MY_LAC}/plan").withdrawn_at
    assert withdrawn == at("2021-02-26T07:00")


def test_an_incident_whose_row_moves_keeps_its_id() -> None:
    """The office's paper names VV-2021-001, wherever the row stands."""
    first, second = (incident(MY_LAC, "22/02/2021 08:00"), incident(MY_PHU, "23/02/2021 09:00"))
    story = Story()
    story.read("2021-02-24", incidents=[first, second])
    outcome = story.read("2021-02-26", incidents=[second, {**first, "level": 1}])
    places = {c: i.sighting.row for c, i in outcome.assessment.incidents.by_code.items()}
    assert places == {"VV-2021-001": 4, "VV-2021-002": 3}


def test_an_id_is_never_given_twice() -> None:
    """The id of an incident that vanished is not used for the next one."""
    story = Story()
    story.read("2021-02-24T07:00", incidents=[incident(MY_LAC, "22/02/2021 08:00")])
    story.read("2021-02-24T08:00")
    story.read("2021-02-24T09:00")
    outcome = story.read("2021-02-26", incidents=[incident(MY_PHU, "25/02/2021 10:00", kind="XN")])
    assert outcome.assessment.incidents.by_code["VV-2021-002"].school == MY_PHU


def test_a_row_that_goes_with_its_day_garbled_stops_no_run() -> None:
    """What could not be read when it was last seen was lost then: two reads agree on that."""
    story = Story()
    for day in ("22/02/2021", "31/02/2021"):
        receipt = {"school": MY_LAC, "content": "plan", "arrived": day}
        longer = {"scope": "tất cả", "content": "plan", "last_day": day, "reason": "Bão"}
        story.read(f"2021-02-2{day[0]}", receipts=[receipt], extensions=[longer])
    assert verdict(story.read("2021-02-26"), f"{MY_LAC}/plan") == "missing withdrawn"
