"""A reader whom the server puts off: one try a run, growing pauses, the operator after 48 hours."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builders import MY_LAC, Story, at
from command_line import automator
from mail_office import MailOffice, mail_office
from smtp_server import OK

from automator.core.memory import Draft, Memory, TellKey, Unreached
from automator.core.turn import Outcome

TH_B = "th-b@truong.example"
LATER = "451 4.7.1 try again later"
OPERATOR = "vanthu@phong.example"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[MailOffice]:
    """An office whose server puts TH-B off; TH-B and TH-C have sent no plan."""
    with mail_office(tmp_path) as office:
        office.server.manners.recipients[TH_B] = LATER
        yield office


def state(desk: MailOffice) -> str:
    """Return the state of the mail to TH-B."""
    return desk.states()[TH_B]


def alerts(desk: MailOffice) -> int:
    """Return how many mails have told the operator of a reader who is put off."""
    return sum(
        "48 giờ" in part.get_content()
        for mail in desk.parsed()
        for part in mail.walk()
        if part.get_content_type() == "text/plain"
    )


def test_a_run_tries_once_and_not_within_the_pause(desk: MailOffice) -> None:
    """The next run leaves the reader alone for 5 minutes, then 10, then 20."""
    tries = []
    for now in ("07:00", "07:04", "07:05", "07:14", "07:15", "07:34", "07:35"):
        before = desk.server.box.asked.count(TH_B)
        desk.run(f"2021-02-26T{now}:00+07:00", "--first-run")
        tries.append(desk.server.box.asked.count(TH_B) - before)
    assert tries == [1, 0, 1, 0, 1, 0, 1]
    assert state(desk) == "deferred"


def test_retry_ends_the_pause(desk: MailOffice) -> None:
    """The run after it tries at once, and the mail arrives once."""
    desk.run("2021-02-26T07:00:00+07:00", "--first-run")
    desk.server.manners.recipients[TH_B] = OK
    desk.run("2021-02-26T07:01:00+07:00")
    assert TH_B not in desk.arrived()
    automator("outbox", "retry", "--deferred", "--config", desk.config)
    desk.run("2021-02-26T07:02:00+07:00")
    assert desk.arrived().count(TH_B) == 1


def test_the_operator_hears_once_after_48_hours(desk: MailOffice) -> None:
    """Over a weekend without mails too, and although the mail has become another one."""
    heard = []
    for day in ("02-26", "02-27", "02-28", "03-01", "03-02", "03-03", "03-04", "03-08"):
        desk.run(f"2021-{day}T07:00:00+07:00", "--first-run")
        heard.append(alerts(desk))
    assert heard == [0, 0, 0, 1, 1, 1, 1, 1]


def test_a_mail_that_arrives_ends_it_and_the_next_time_is_another(desk: MailOffice) -> None:
    """Put off anew later, the operator hears anew, 48 hours after that."""
    for day in ("02-26", "03-01", "03-02"):
        desk.run(f"2021-{day}T07:00:00+07:00", "--first-run")
    desk.server.manners.recipients[TH_B] = OK
    desk.run("2021-03-03T07:00:00+07:00")
    assert TH_B in desk.arrived()
    desk.server.manners.recipients[TH_B] = LATER
    heard = []
    for day in ("03-08", "03-09", "03-10", "03-11"):
        desk.run(f"2021-{day}T07:00:00+07:00")
        heard.append(alerts(desk))
    assert heard == [1, 1, 2, 2]


# In the core, without a server.

WHO = (MY_LAC, "principal")
KEY = TellKey(unit=MY_LAC, role="principal", instance=f"{MY_LAC}/plan", episode=1, step="chase-1")
DRAFT = Draft(
    id="m", unit=MY_LAC, role="principal", state="deferred", keys=(KEY,), since=at("2021-02-26")
)


def put_off(since: str, retry: str, now: str, **memory: object) -> list[str]:
    """Return the lines of the alert about readers who are put off, at `now`."""
    found = Unreached(since=at(since), tries=4, retry_at=at(retry))
    known = {"unreached": {WHO: found}, "drafts": (DRAFT,)} | memory
    story = Story(memory=replace(Memory(), **known))  # type: ignore[arg-type]
    return lines(story.read(now))


def lines(outcome: Outcome) -> list[str]:
    """Return the lines of the alert `deferred`."""
    found = (a for n in outcome.plan.notices for a in n.alerts if a.code == "deferred")
    return [line for alert in found for line in alert.lines]


@pytest.mark.parametrize(
    ("now", "heard"),
    [
        pytest.param("2021-03-01T09:59:59", False, id="a-second-less"),
        pytest.param("2021-03-01T10:00:00", True, id="48-hours"),
        pytest.param("2021-03-08T12:59:59", True, id="tried-within-a-week"),
        pytest.param("2021-03-08T13:00:00", False, id="not-tried-for-a-week"),
    ],
)
def test_bounds_of_the_operators_patience(now: str, heard: bool) -> None:
    """From 48 hours on, until a week after the last pause, both half open."""
    assert (put_off("2021-02-27T10:00", "2021-03-01T13:00", now) != []) is heard


def test_the_line_says_whom_since_when_and_how_often() -> None:
    """Enough to ring the school up."""
    assert put_off("2021-02-26", "2021-03-01T08:00", "2021-03-01") == [
        "Hiệu trưởng Trường Tiểu học Mỹ Lạc: từ 07:00 ngày 26/02/2021, đã gửi 4 lần chưa được"
    ]


def test_nobody_waits_for_what_is_not_to_be_told() -> None:
    """With no mail for the reader, neither now nor at the next good hour, there is no alert."""
    sent = {"school": MY_LAC, "sent": "24/02/2021"}
    found = Unreached(since=at("2021-02-26"), tries=4, retry_at=at("2021-03-01T08:00"))
    story = Story(memory=Memory(unreached={WHO: found}))
    assert lines(story.read("2021-03-02", plans=(sent,))) == []
