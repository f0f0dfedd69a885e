"""Messages in doubt: handed over by a run that died, or lost the line, before the answer.

Their steps count as told for every other message. One goes out once more, as it was, if a plan
made as if they were untold still holds all that it says, for the addresses that it went to.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from automator.core.digest import Week
from automator.core.memory import Draft, Memory, TellKey, week_key
from automator.core.plan import Plan
from automator.core.withheld import FOR_OPERATOR, MOMENTARY, Scene, Withheld

PASSING = (
    MOMENTARY
    | FOR_OPERATOR
    | {
        Withheld.NOT_ASKED,
        Withheld.UNREADABLE_TAB,
        Withheld.NOT_SETTLED,
        Withheld.NEXT_STEP_LATER,
        Withheld.PAUSED,
    }
)
"""Reasons that a later run may find gone: what they hold back is not given up yet."""


def groups(memory: Memory) -> list[tuple[Draft, ...]]:
    """Return the messages in doubt that may go out once more: none was sent again before.

    One group holds one role, and each reader once: an escalation depends on whether the reminder
    before it was told, a digest on the one before, but no reader's mail on that of another in the
    same role.
    """
    found: dict[tuple[str, int], list[Draft]] = defaultdict(list)
    before: dict[tuple[str, str], int] = defaultdict(int)
    for draft in memory.drafts:
        if draft.state == "in_doubt" and not draft.repeated:
            reader = (draft.unit, draft.role)
            found[draft.role, before[reader]].append(draft)
            before[reader] += 1
    return [tuple(group) for _, group in sorted(found.items())]


def untold(memory: Memory, group: Iterable[Draft]) -> Memory:
    """Return the memory as it were if the messages of `group` had told nothing."""
    ids, digests = set[str](), dict(memory.digests)
    for draft in group:
        ids.add(draft.id)
        reader = (draft.unit, draft.role)
        if draft.weeks and digests.get(reader) == max(draft.weeks):  # else a later one was told
            digests[reader] = _before(min(draft.weeks))
    told = {key: told for key, told in memory.told.items() if told.message not in ids}
    drafts = tuple(d for d in memory.drafts if d.id not in ids)
    return replace(memory, told=told, digests=digests, drafts=drafts)


def wanted(group: Iterable[Draft], plan: Plan, scene: Scene) -> frozenset[str]:
    """Return the ids of those whose steps and weeks `plan` would all tell now, to the same."""
    keys = _going(plan)
    return frozenset(d.id for d in group if _same(d, scene) and keys.issuperset(_says(d)))


def waiting(group: Iterable[Draft], plan: Plan, scene: Scene) -> frozenset[str]:
    """Return the ids of those of which a later run may tell all: the operator is not asked yet.

    A watch pass, or a reminder by hand, does not look at everything.
    """
    later = _going(plan) | {
        TellKey(unit=s.unit, role=s.role, instance=s.instance, episode=s.episode, step=s.step)
        for s in plan.silences
        if s.reason in PASSING
    }
    return frozenset(
        d.id
        for d in group
        if not scene.whole or (_same(d, scene) and later.issuperset(_says(d, weeks=1)))
    )


def _going(plan: Plan) -> set[TellKey]:
    going = [n for n in plan.notices if n.id not in plan.held and n.id not in plan.broken]
    keys: set[TellKey] = set()
    for notice in going:
        keys |= {*notice.keys, *(week_key(notice.unit, notice.role, w) for w in notice.weeks)}
    return keys


def _same(draft: Draft, scene: Scene) -> bool:
    """Tell whether all to whom a message went are still its reader's addresses."""
    return set(draft.recipients) <= set(scene.recipients.get((draft.unit, draft.role), ()))


def _before(week: str) -> str:
    return Week(first=Week.parse(week).first - timedelta(days=7)).label


def _says(draft: Draft, weeks: int | None = None) -> tuple[TellKey, ...]:
    """Return what a message tells; a digest that stays silent is named by its first week."""
    covered = draft.weeks[:weeks]
    return (*draft.keys, *(week_key(draft.unit, draft.role, week) for week in covered))
