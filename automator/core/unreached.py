"""Whom no mail has reached for two days: the server takes none for them, for now."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from automator.core.alerts import Alert
from automator.core.memory import Memory, Unreached
from automator.core.people import People
from automator.core.steps import Candidate
from automator.core.withheld import Scene, lasting

PATIENCE = timedelta(hours=48)
"""So long the server may put a reader off before the operator hears of it."""

FORGOTTEN = timedelta(days=7)
"""So long after the last pause between two tries, what was refused once says nothing any more."""

Who = tuple[str, str]


def unreached(
    memory: Memory, steps: Iterable[Candidate], scene: Scene, there: People
) -> list[Alert]:
    """Return one alert a reader whose mails have been deferred for `PATIENCE`.

    It begins while there is something to tell, and runs on until a mail arrives: a weekend
    without mails ends nothing.
    """
    late = {who: found for who, found in memory.unreached.items() if _late(found, scene.now)}
    late = {who: found for who, found in late.items() if who[1] != "operator"}
    if not late:
        return []
    wanted = _wanted(memory, steps, scene)
    alerts = [_alert(who, found, there, scene) for who, found in sorted(late.items())]
    return [
        a for a, who in zip(alerts, sorted(late), strict=True) if who in wanted or _on(a, memory)
    ]


def _late(found: Unreached, now: datetime) -> bool:
    return found.since + PATIENCE <= now < found.retry_at + FORGOTTEN


def _wanted(memory: Memory, steps: Iterable[Candidate], scene: Scene) -> set[Who]:
    """Return to whom something is to be told, now or at the next good hour."""
    waiting = {(d.unit, d.role) for d in memory.drafts if d.state in ("queued", "deferred")}
    slow = memory.unreached.keys() - waiting
    some = (c for c in steps if (c.key.unit, c.key.role) in slow)
    return waiting | {(c.key.unit, c.key.role) for c in some if lasting(c, scene) is None}


def _alert(who: Who, found: Unreached, there: People, scene: Scene) -> Alert:
    since = found.since.astimezone(scene.desk.calendar.zone)
    line = (
        f"{there.addressee(*who)}: từ {since:%H:%M ngày %d/%m/%Y}, đã gửi {found.tries} lần"
        " chưa được"
    )
    return Alert(code="deferred", subject="/".join(who), line=line)


def _on(alert: Alert, memory: Memory) -> bool:
    running = memory.alerts.get(alert.instance)
    return running is not None and running.cause != "over"
