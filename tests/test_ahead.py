"""What comes next: the runs of the schedule, the steps of the coming days, the digests."""

from datetime import time, timedelta
from pathlib import Path

import pytest
from builders import MY_LAC, Story, at, plan, rules, workbook
from command_line import automator
from small_office import office

from automator.ahead import Ahead, ahead
from automator.config import Schedule
from automator.core.memory import Memory


def _ahead(when: str, schedule: Schedule | None = None, memory: Memory | None = None) -> Ahead:
    now = at(when)
    book = workbook(now, plans=(plan(MY_LAC, "10/02/2021"),))
    return ahead(schedule or Schedule(), rules(), memory or Memory(), book, now)


@pytest.mark.parametrize(
    ("when", "daily", "digest"),
    [
        pytest.param("2021-02-26T06:59", "2021-02-26", "2021-03-01", id="before-the-run"),
        pytest.param("2021-02-26T07:00", "2021-02-27", "2021-03-01", id="at-the-run"),
        pytest.param("2021-03-01T06:59", "2021-03-01", "2021-03-01", id="before-the-digest"),
        pytest.param("2021-03-01T07:00", "2021-03-02", "2021-03-08", id="at-the-digest"),
    ],
)
def test_next_runs(when: str, daily: str, digest: str) -> None:
    """The next run is later than now, be it by a minute."""
    found = _ahead(when)
    assert (found.daily, found.digest) == (at(daily), at(digest))


def test_digest_may_have_its_own_time() -> None:
    """The run of the digests on Friday at 16:00 is not the daily one."""
    friday = Schedule(digest_weekday=5, digest_at=time(16), watch=timedelta(minutes=5))
    found = _ahead("2021-02-26T12:00", friday)
    assert found.digest == at("2021-02-26T16:00")
    assert found.daily == at("2021-02-27T07:00")


def test_next_steps_up_to_the_fifth_working_day() -> None:
    """Two schools without a plan: chased on 26/02 and 04/03, escalated on 02/03, in that order."""
    found = _ahead("2021-02-25T08:00")
    days = {f"{d.day:%d/%m}": dict(d.steps) for d in found.days}
    assert list(days) == ["26/02", "01/03", "02/03", "03/03", "04/03"]
    assert days["26/02"]["chase-1"] == 2
    assert days["01/03"]["digest"] > 3
    assert days["02/03"] == {"escalate-3": 2}
    assert days["04/03"]["chase-5"] == 2


def test_what_was_told_does_not_come_again() -> None:
    """After the run of 26/02 nobody is chased on the next one."""
    story = Story()
    for day in ("2021-02-24", "2021-02-26"):
        story.read(day, plans=(plan(MY_LAC, "10/02/2021"),))
    found = _ahead("2021-02-26T08:00", memory=story.memory)
    assert not any("chase-1" in d.steps for d in found.days)


def test_digests_name_the_last_week_told() -> None:
    """Each role has its last week and the run of its next digest."""
    told = {(MY_LAC, "principal"): "2021-W07"}
    memory = Memory(digests=told, started=at("2021-02-15"))
    found = {d.role: d for d in _ahead("2021-02-26T08:00", memory=memory).digests}
    assert list(found) == ["principal", "commune", "police", "office", "leader"]
    assert (found["principal"].last, found["commune"].last) == ("2021-W07", None)
    assert found["principal"].next == at("2021-03-01")


def test_status_ends_with_what_comes_next(tmp_path: Path) -> None:
    """A person reads the next run, the days and the digests at the end of the status."""
    path = office(tmp_path)
    called = automator("status", "--config", path, "--now", "2021-02-25T08:00")
    *_, tail = called.out.split("\n\n")
    runs, title, first, *_ = tail.splitlines()
    assert runs.startswith("next run: Fri 26/02/2021 07:00, of the digests: Mon 01/03/2021 07:00, ")
    assert title == "next steps, with the workbook as it is:"
    assert first == "  Fri 26/02/2021  2 mails: 2 chase-1"
    assert "  leader    last none yet, next Mon 01/03/2021 07:00" in tail.splitlines()


def test_other_documents_have_no_next(tmp_path: Path) -> None:
    """Only the status looks ahead; the key is there all the same."""
    path = office(tmp_path)
    run = automator("run", "--config", path, "--dry-run", "--json", "--now", "2021-02-25T08:00")
    assert run.document["next"] is None
