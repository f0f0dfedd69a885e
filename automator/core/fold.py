"""The turn folded over instants: what would be told if every mail were taken at once.

`after` does to a memory what the ledger does when a message is sent; a test holds the two to
one another.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from heapq import heappop, heappush

from automator.core.assess import Rules
from automator.core.drafts import outlived
from automator.core.memory import Draft, Memory, Told
from automator.core.notice import MailKind, Notice
from automator.core.snapshot import Snapshot
from automator.core.turn import Outcome, turn

Who = tuple[str, str]


def fold(
    memory: Memory,
    read: Callable[[datetime], Snapshot],
    rules: Rules,
    instants: Iterable[datetime],
    wake: Callable[[Outcome, Memory, datetime], Iterable[datetime]] = lambda _o, _m, _n: (),
) -> Iterator[tuple[datetime, Outcome]]:
    """Yield each instant with its outcome; what is planned and not held is told at once.

    `read` gives the workbook at an instant (aware). `wake` names further instants, later than
    its own, from an outcome and the memory after it.
    """
    ahead = sorted(set(instants))
    while ahead:
        now = heappop(ahead)
        outcome = turn(memory, read(now), rules, now)
        yield now, outcome
        memory = after(outcome, now)
        for at in wake(outcome, memory, now):
            if at > now and at not in ahead:
                heappush(ahead, at)


def going(outcome: Outcome) -> tuple[Notice, ...]:
    """Return the notices of an outcome that go out, those that wait for the operator left out."""
    return tuple(n for n in outcome.plan.notices if n.id not in outcome.plan.held)


def after(outcome: Outcome, now: datetime) -> Memory:
    """Return the memory after every notice that goes out was handed over at `now`."""
    memory, sent = outcome.memory, going(outcome)
    told = {key: Told(at=now, message=n.id) for n in sent for key in n.keys}
    again = [d for d in memory.drafts if d.id in outcome.scene.again]
    told |= {key: Told(at=now, message=d.id) for d in again for key in d.keys}
    weeks = {(n.unit, n.role): max(n.weeks) for n in sent if n.weeks}
    day = now.astimezone(outcome.speech.calendar.zone).date().isoformat()
    counted = _counted(memory, (*sent, *again), day)
    return replace(
        memory,
        told={**memory.told, **told},
        digests={**memory.digests, **weeks},
        sent_today=memory.sent_today if counted is None else counted,
        sent_day=memory.sent_day if counted is None else day,
        drafts=_drafts(outcome, now),
        repeated=(*memory.repeated, *(replace(d, state="sent", repeated=True) for d in again)),
    )


def _counted(memory: Memory, sent: tuple[Notice | Draft, ...], day: str) -> dict[Who, int] | None:
    """Return the mails of the day but urgent, by unit and role; None if none was sent now."""
    mine = [(m.unit, m.role) for m in sent if not _is_urgent(m)]
    if not mine:
        return None
    counted = dict(memory.sent_today) if memory.sent_day == day else {}
    for who in mine:
        counted[who] = counted.get(who, 0) + 1
    return counted


def _drafts(outcome: Outcome, now: datetime) -> tuple[Draft, ...]:
    """Return what is not handed over: held notices of this plan, failed and doubted ones.

    A watch pass (tabs were not asked for) leaves every draft alone but urgent ones.
    """
    known = {d.id: d for d in outcome.memory.drafts}
    planned = {n.id for n in outcome.plan.notices}
    held = [
        Draft(
            id=n.id,
            unit=n.unit,
            role=n.role,
            state="held",
            keys=n.keys,
            weeks=n.weeks,
            since=known[n.id].since if n.id in known else now,
            detail=outcome.plan.held[n.id].value,
        )
        for n in outcome.plan.notices
        if n.id in outcome.plan.held
    ]
    watch = bool(outcome.scene.not_asked)
    over = outlived(outcome.plan, outcome.candidates, outcome.scene, outcome.memory.alerts)
    left = [
        d
        for d in outcome.memory.drafts
        if d.id not in planned | over | outcome.scene.again
        and (d.state in ("failed", "in_doubt") or (watch and not _urgent_only(d)))
    ]
    return tuple(sorted((*held, *left), key=lambda d: d.id))


def _is_urgent(mail: Notice | Draft) -> bool:
    return _urgent_only(mail) if isinstance(mail, Draft) else mail.kind is MailKind.URGENT


def _urgent_only(draft: Draft) -> bool:
    return bool(draft.keys) and all("/urgent-report/" in key.instance for key in draft.keys)
