"""`serve`: the timetable in the office's zone, and a loop that outlives a run that fails."""

import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from datetime import time as clock
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from command_line import automator_command

from automator import daemon, worker
from automator.config import Config, load
from automator.errors import LeaseHeld


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Return the shipped set-up with its files in a folder of the test."""
    return load(cwd=tmp_path)


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Ho_Chi_Minh"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Set the machine's own zone, as a server's administrator may have."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def _jobs(config: Config) -> dict[str, Any]:
    table = daemon.timetable(config, lambda _options: None)
    return {next(iter(job.tags)): job for job in table.get_jobs()}


def test_daily_run_is_at_the_offices_hour(config: Config, machine_zone: str) -> None:
    """07:00 is that of the office, wherever the machine stands."""
    at = _jobs(config)["daily"].next_run.astimezone(config.zone)
    assert at.time() == clock(7)


def test_digest_run_of_another_hour_is_on_its_weekday(config: Config, machine_zone: str) -> None:
    """A digest at its own hour has a run of its own, on its day of the office's week."""
    times = replace(config.schedule, digest_weekday=5, digest_at=clock(16, 30))
    at = _jobs(replace(config, schedule=times))["digest"].next_run.astimezone(config.zone)
    assert (at.isoweekday(), at.time()) == (5, clock(16, 30))


def test_digest_at_the_daily_hour_is_the_daily_run(config: Config) -> None:
    """One run does both: two at the same minute would wait for each other's lock."""
    assert sorted(_jobs(config)) == ["daily", "watch"]


def test_chases_that_wait_for_an_hour_have_their_run(config: Config, machine_zone: str) -> None:
    """With `chase_from` there is a second daily run; at the daily hour itself there is none."""
    times = replace(config.schedule, chase_from=clock(14))
    at = _jobs(replace(config, schedule=times))["chase"].next_run.astimezone(config.zone)
    assert at.time() == clock(14)
    same = replace(config.schedule, chase_from=config.schedule.daily)
    assert "chase" not in _jobs(replace(config, schedule=same))


def test_watch_looks_at_incidents_only(config: Config) -> None:
    """Between daily runs, incidents and receipts are looked at every `watch`."""
    asked: list[worker.Options] = []
    table = daemon.timetable(config, asked.append)
    jobs = {next(iter(job.tags)): job for job in table.get_jobs()}
    assert (jobs["watch"].interval, jobs["watch"].unit) == (10, "minutes")
    for job in jobs.values():
        job.run()
    assert sorted(options.watch for options in asked) == [False, True]


@pytest.mark.parametrize(
    ("idle", "wait"),
    [
        pytest.param(None, 60.0, id="no-job"),
        pytest.param(7200.0, 60.0, id="far-away"),
        pytest.param(12.5, 12.5, id="soon"),
        pytest.param(-3.0, 0.0, id="overdue"),
    ],
)
def test_naps_are_short(idle: float | None, wait: float) -> None:
    """Nobody sleeps past a minute without a look at the clock, which may be set."""
    assert daemon.nap(idle) == wait


def test_stopped_daemon_ends_without_a_run(config: Config, tmp_path: Path) -> None:
    """A stop that is set ends the loop; nothing is due before its hour."""
    stop = Event()
    stop.set()
    daemon.serve(config, stop, lambda: datetime(2021, 2, 26, 7, tzinfo=config.zone))
    assert list(tmp_path.iterdir()) == []


def test_run_is_logged(config: Config, caplog: pytest.LogCaptureFixture) -> None:
    """The log tells how many mails of a run are in which state."""
    now = datetime(2021, 2, 26, 7, tzinfo=config.zone)
    with caplog.at_level("INFO", "automator"):
        assert daemon.run_once(config, now, worker.Options(watch=True)) == 0
    assert caplog.messages == ["run 1: 4 sent"]


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        pytest.param(LeaseHeld("another run", hint="wait"), 4, "another run (wait)", id="expected"),
        pytest.param(RuntimeError("a bug"), 1, "broke", id="bug"),
    ],
)
def test_loop_outlives_a_run_that_fails(
    config: Config,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
    code: int,
    said: str,
) -> None:
    """A run that fails is logged with its code; the next one comes at its time."""

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(worker, "run", fail)
    now = datetime(2021, 2, 26, 7, tzinfo=config.zone) + timedelta(minutes=1)
    assert daemon.run_once(config, now, worker.Options()) == code
    assert said in caplog.messages[0]


def test_real_process_ends_on_sigterm(tmp_path: Path) -> None:
    """`automator serve` says when it will run, sends nothing before, and stops when asked to."""
    with subprocess.Popen(
        [*automator_command(), "serve"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        said = process.stderr.readline() + process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert "daily: next run at" in said
    assert "T07:00+07:00" in said
    assert list(tmp_path.iterdir()) == []
