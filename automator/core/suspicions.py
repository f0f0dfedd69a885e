"""Compare what new rows would tell with what the last good rows would, at the same `now`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from automator.core.asked import hastened
from automator.core.assess import Assessment, Rules, assess
from automator.core.breaker import Suspicion, burst, shrunk
from automator.core.canon import without_free_text
from automator.core.layout import INPUT_TABS
from automator.core.locate import Location, locate_columns
from automator.core.memory import Memory, TabMemory
from automator.core.plan import going
from automator.core.register import Register
from automator.core.steps import Candidate, candidates
from automator.core.withheld import Scene


def with_stored(location: Location, memory: Memory, tabs: frozenset[str]) -> Location:
    """Return the location with the last good rows of `tabs` in place of the new ones."""
    found = dict(location.found)
    restored: set[str] = set()
    for tab in INPUT_TABS:
        stored = memory.tabs.get(tab.key, TabMemory()).sheet if tab.key in tabs else None
        if stored is not None:
            located, _ = locate_columns(tab, stored)
            if located is not None:
                found[tab.key] = located
                restored.add(tab.key)
    return replace(location, found=found, restored=frozenset(restored))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """The last good rows of every tab, and what they mean at `now`."""

    memory: Memory
    location: Location
    register: Register  # of the location
    rules: Rules
    now: datetime
    scene: Scene
    old: Assessment
    before: Sequence[Candidate]

    def told(self, location: Location) -> dict[str, int]:
        """Return by tab how many schools would be told what only the new rows explain."""
        known = location is self.location and not self.memory.looking_back
        new = assess(
            self.memory,
            location,
            self.rules,
            self.now,
            settle=timedelta(0),
            register=self.register if known else None,
        )
        return burst(
            self.before,
            _going(new, self.scene),
            self.old.findings,
            new.findings,
            self.rules.directive,
            len(self.old.register.schools),
            self.rules.policy.share,
        )

    def explains(self, tabs: frozenset[str]) -> bool:
        """Tell whether nothing is left to wonder at once `tabs` hold their last good rows."""
        return not self.told(with_stored(self.location, self.memory, tabs))


def suspicions(
    memory: Memory,
    location: Location,
    believed: Location,
    fresh: Assessment,
    scene: Scene,
    rules: Rules,
    now: datetime,
) -> tuple[Suspicion, ...]:
    """Return the tabs whose new rows are not believed, in order of their keys.

    `location` is what was read, `believed` the same with the last good rows of what was not.
    """
    stored = frozenset(k for k, t in memory.tabs.items() if t.sheet is not None)
    changed = frozenset(
        k
        for k in stored & frozenset(location.found)
        if memory.tabs[k].sheet != without_free_text(location.found[k])
        and f"breaker/{k}" not in memory.released
    )
    if not changed:
        return ()
    # what has vanished is compared at its first read, before it settles as gone; and as if the
    # last good rows had been read again, so that what had vanished before is gone on both sides
    last_good = replace(with_stored(location, memory, stored), restored=frozenset())
    old = assess(memory, last_good, rules, now, settle=timedelta(0))
    comparison = _Comparison(
        memory=memory,
        location=believed,
        register=fresh.register,
        rules=rules,
        now=now,
        scene=scene,
        old=old,
        before=_going(old, scene),
    )
    found = {
        s.tab: s
        for s in shrunk(old.register, fresh.register, rules.directive, rules.policy.share)
        if s.tab in changed
    }
    told = comparison.told(believed)
    if told and not (found and comparison.explains(believed.restored | frozenset(found))):
        for tab in _culprits(comparison, told, changed):
            many = told.get(tab, max(told.values()))
            found.setdefault(tab, Suspicion(tab=tab, code="burst", before=0, now=many))
    return tuple(found[k] for k in sorted(found))


def _going(assessment: Assessment, scene: Scene) -> list[Candidate]:
    """Return the steps that would go out of an assessment."""
    schools = assessment.register.schools
    desk = replace(scene.desk, episodes=assessment.episodes, schools=schools)
    there = replace(scene, desk=desk, schools=schools)
    return going(hastened(candidates(assessment.findings, desk), desk), there)


def _culprits(
    comparison: _Comparison, told: dict[str, int], changed: frozenset[str]
) -> frozenset[str]:
    """Return the one changed tab that explains it all, those told about first; else all."""
    restored = comparison.location.restored
    for tab in sorted(changed, key=lambda k: (k not in told, k)):
        if comparison.explains(restored | {tab}):
            return frozenset({tab})
    return changed
