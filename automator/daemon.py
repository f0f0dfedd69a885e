"""`serve`: the schedule loop around `worker.run`, by the package schedule."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, Any

from automator import fault_words, worker
from automator.errors import AutomatorError

if TYPE_CHECKING:
    from automator.config import Config

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_NAP = 60.0
"""Seconds: the clock may be set, so nobody sleeps past a minute without a look at it."""

log = logging.getLogger("automator")
Job = Callable[[worker.Options], None]


def timetable(config: "Config", job: Job) -> Any:
    """Return a `schedule.Scheduler` with the daily run, the digest run and the watch.

    Where the office has set `chase_from` there is a second daily run, at that hour. Times are
    those of config, in its zone, whatever the machine's own zone is.
    """
    import schedule

    times = config.schedule
    zone = str(config.zone)
    table = schedule.Scheduler()
    whole = worker.Options()
    table.every().day.at(f"{times.daily:%H:%M}", zone).do(job, whole).tag("daily")
    digest = getattr(table.every(), WEEKDAYS[times.digest_weekday - 1])
    if times.digest_at != times.daily:
        digest.at(f"{times.digest_at:%H:%M}", zone).do(job, whole).tag("digest")
    if times.chase_from not in (None, times.daily):
        at = f"{times.chase_from:%H:%M}"
        table.every().day.at(at, zone).do(job, whole).tag("chase")
    minutes = max(1, int(times.watch / timedelta(minutes=1)))
    table.every(minutes).minutes.do(job, worker.Options(watch=True)).tag("watch")
    return table


def serve(config: "Config", stop: Event, clock: Callable[[], datetime]) -> None:
    """Run what is due until `stop` is set. A run that fails is logged; the next one comes."""

    def job(options: worker.Options) -> None:
        run_once(config, clock(), options)

    table = timetable(config, job)
    for entry in table.get_jobs():
        at = entry.next_run.astimezone(config.zone)  # naive: the machine's own zone
        log.info("%s: next run at %s", ", ".join(entry.tags), at.isoformat(timespec="minutes"))
    while not stop.is_set():
        table.run_pending()
        stop.wait(nap(table.idle_seconds))


def nap(idle: float | None) -> float:
    """Return how many seconds to wait, when the next job is `idle` seconds away (or none)."""
    return LONGEST_NAP if idle is None else min(max(idle, 0.0), LONGEST_NAP)


def run_once(config: "Config", now: datetime, options: worker.Options) -> int:
    """Do one run and log what came of it; return its exit code (1 after a bug of ours)."""
    try:
        report = worker.run(config, now, options)
    except AutomatorError as fault:
        log.error("%s%s", fault.message, f" ({fault.hint})" if fault.hint else "")
        return fault.exit_code
    except Exception:  # the daemon outlives a bug: the next run plans anew
        log.exception("the run of %s broke", now.isoformat())
        return 1
    if report.no_roster:
        log.error("%s", report.no_roster)
    for line in (report.unknown, report.stopped, *report.warnings, *report.notes):
        if line:
            log.warning("%s", line)
    for line in fault_words.lines(report.outcome.problems):
        log.debug("%s", line)
    states = ", ".join(f"{n} {s}" for s, n in sorted(report.states.items())) or "no mail"
    log.info("run %s: %s", report.run, states)
    return report.exit_code
