"""Messages in doubt: handed over by a run that died, or lost the line, before the answer.

Their steps count as told for every other message. One goes out once more, as it was, if a plan
made as if they were untold still holds all that it says.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from automator.core.digest import Week
from automator.core.memory import Draft, Memory, TellKey, week_key
from automator.core.plan import Plan


def in_doubt(memory: Memory) -> tuple[Draft, ...]:
    """Return the messages in doubt that may go out once more: none was sent again before."""
    return tuple(d for d in memory.drafts if d.state == "in_doubt" and not d.repeated)


def untold(memory: Memory, doubted: Iterable[Draft]) -> Memory:
    """Return the memory as it were if `doubted` had told nothing."""
    doubted = tuple(doubted)
    ids = {d.id for d in doubted}
    told = {key: told for key, told in memory.told.items() if told.message not in ids}
    digests = dict(memory.digests)
    for draft in doubted:
        reader = (draft.unit, draft.role)
        if draft.weeks and digests.get(reader, "") >= min(draft.weeks):
            digests[reader] = _before(min(draft.weeks))
    drafts = tuple(d for d in memory.drafts if d.id not in ids)
    return replace(memory, told=told, digests=digests, drafts=drafts)


def wanted(doubted: Iterable[Draft], plan: Plan) -> frozenset[str]:
    """Return the ids of those whose steps and weeks `plan` would all tell now."""
    going = [n for n in plan.notices if n.id not in plan.held and n.id not in plan.broken]
    keys: set[TellKey] = set()
    for notice in going:
        keys |= {*notice.keys, *(week_key(notice.unit, notice.role, w) for w in notice.weeks)}
    return frozenset(d.id for d in doubted if keys.issuperset(_says(d)))


def _before(week: str) -> str:
    return Week(first=Week.parse(week).first - timedelta(days=7)).label


def _says(draft: Draft) -> tuple[TellKey, ...]:
    return (*draft.keys, *(week_key(draft.unit, draft.role, week) for week in draft.weeks))
