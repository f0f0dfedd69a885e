"""By how much a report came late is said to the minute, wherever the report is named."""

from datetime import timedelta

import pytest
from builders import MY_LAC, Story, at, finding, incident, plan
from mail_samples import renderer

from automator.core.lateness import late_by
from automator.core.notice import Notice
from automator.core.words import late_words, span_words

KEY = f"{MY_LAC}/urgent-report/VV-2021-001"
FIRE = incident(MY_LAC, "24/02/2021 08:00", 2)


@pytest.mark.parametrize(
    ("reported", "now", "late"),
    [
        pytest.param("25/02/2021 07:59", "2021-02-26", None, id="in-time"),
        pytest.param("25/02/2021 08:00", "2021-02-26", timedelta(0), id="the-first-late-instant"),
        pytest.param("25/02/2021 11:20", "2021-02-26", timedelta(hours=3, minutes=20), id="timed"),
        pytest.param("27/02/2021", "2021-02-28", timedelta(days=2), id="a-day"),
        pytest.param(None, "2021-02-25T09:30", timedelta(hours=1.5), id="missing"),
        pytest.param(None, "2021-02-25T07:30", None, id="not-yet-due"),
    ],
)
def test_late_by(reported: str | None, now: str, late: timedelta | None) -> None:
    """From the deadline to the receipt, or to now while nothing has come."""
    outcome = Story().read(now, incidents=[{**FIRE, "reported": reported}])
    assert late_by(finding(outcome, KEY), at(now)) == late


def test_a_plan_is_late_in_whole_days() -> None:
    """26/02 is two days after the last good day; what has not come is late by nothing yet."""
    outcome = Story().read("2021-03-01", plans=[plan(MY_LAC, "26/02/2021")])
    assert late_by(finding(outcome, f"{MY_LAC}/plan")) == timedelta(days=2)
    assert late_by(finding(outcome, "MG-TAN-LONG/plan")) is None


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        pytest.param(0, "chưa đến 1 phút", id="nothing"),
        pytest.param(45, "45 phút", id="minutes"),
        pytest.param(200, "3 giờ 20 phút", id="hours-and-minutes"),
        pytest.param(1439, "23 giờ 59 phút", id="just-under-a-day"),
        pytest.param(1440, "1 ngày", id="a-day"),
        pytest.param(1570, "1 ngày 2 giờ", id="days-without-minutes"),
    ],
)
def test_a_span_in_words(minutes: int, words: str) -> None:
    """As an official would say it."""
    assert span_words(timedelta(minutes=minutes)) == words


def test_late_is_said_without_accusing_of_what_has_come() -> None:
    """“Muộn” of what is there, “quá hạn” of what is not, nothing of what is in time."""
    span = timedelta(hours=3, minutes=20)
    assert late_words(span, received=True) == "muộn 3 giờ 20 phút"
    assert late_words(span, received=False) == "quá hạn 3 giờ 20 phút"
    assert late_words(None, received=True) == ""


def office_digest(reported: str | None) -> Notice:
    """Return the office's summary of the week in which a report came late, or did not."""
    story = Story()
    story.read("2021-02-24T09:00", incidents=[FIRE])
    outcome = story.read("2021-03-01", incidents=[{**FIRE, "reported": reported}])
    return next(n for n in outcome.plan.notices if n.digest and n.role == "office")


@pytest.mark.parametrize(
    ("reported", "said"),
    [
        pytest.param("25/02/2021 11:20", "muộn 3 giờ 20 phút", id="came-late"),
        pytest.param(None, "quá hạn 3 ngày 23 giờ", id="missing"),
    ],
)
def test_the_office_reads_by_how_much_a_report_is_late(reported: str | None, said: str) -> None:
    """In the weekly summary, html and plain, beside the incident."""
    message = renderer().render(office_digest(reported))
    assert said in message.html
    assert said in " ".join(message.text.split())
