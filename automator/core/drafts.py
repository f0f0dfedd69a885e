"""Drafts of earlier plans that nobody wants any more: superseded, not tried again."""

from collections.abc import Iterable, Mapping

from automator.core.memory import Draft, Episode, TellKey, week_key
from automator.core.plan import Plan
from automator.core.steps import Candidate
from automator.core.withheld import Scene, Withheld, withheld

_OVER = frozenset(
    {
        Withheld.NOT_IN_FORCE,
        Withheld.WAIVED,
        Withheld.CLOSED,
        Withheld.ALREADY_TOLD,
        Withheld.NEWER_STEP,
    }
)
"""Reasons for which a step will never be told: it need not wait for an address any more."""


def outlived(
    plan: Plan, candidates: Iterable[Candidate], scene: Scene, alerts: Mapping[str, Episode]
) -> frozenset[str]:
    """Return the failed drafts whose matter is over: solved, told otherwise, or out of date.

    Only a run that tells everything knows that. The others stay: their addresses may change.
    """
    failed = [d for d in scene.memory.drafts if d.state == "failed"]
    if not failed or not scene.whole or scene.unknown:
        return frozenset()
    planned = {n.id for n in plan.notices}
    steps = {c.key for c in candidates if withheld(c, scene) not in _OVER}
    undelivered = {
        (s.unit, s.role, s.instance, s.step)
        for s in plan.silences
        if s.reason is Withheld.UNDELIVERABLE
    }

    def wanted(key: TellKey) -> bool:
        kind, _, rest = key.instance.partition("/")
        if kind == "digest":
            return rest > scene.memory.digests.get((key.unit, key.role), "")
        if kind == "alert":
            running = alerts.get(key.instance)
            return running is not None and (
                running.cause != "over" and running.ordinal == key.episode
            )
        return key in steps or (key.unit, key.role, key.instance, key.step) in undelivered

    return frozenset(d.id for d in failed if d.id not in planned and not any(map(wanted, _keys(d))))


def _keys(draft: Draft) -> tuple[TellKey, ...]:
    return (*draft.keys, *(week_key(draft.unit, draft.role, week) for week in draft.weeks))
