"""What one plan is put together from, while the rules speak about one step after another."""

from collections import defaultdict
from dataclasses import dataclass, field

from automator.core.assess import Assessment
from automator.core.broken import Broken
from automator.core.lines import Speech
from automator.core.memory import TellKey
from automator.core.notice import Item
from automator.core.withheld import Scene, Withheld

Who = tuple[str, str]
"""Unit and role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A step that is not told now, and the named reason."""

    unit: str
    role: str
    instance: str
    step: str
    episode: int
    reason: Withheld


@dataclass(slots=True)
class Planning:
    """Collects what goes out, what is held and what stays silent, as the rules speak.

    `foreseen` waits for `chase_from` of today. `faults` are those of our own: what broke.
    """

    scene: Scene
    speech: Speech
    assessment: Assessment
    going: dict[Who, list[Item]] = field(default_factory=lambda: defaultdict(list))
    held: dict[tuple[Who, Withheld], list[Item]] = field(default_factory=lambda: defaultdict(list))
    silences: list[Silence] = field(default_factory=list)
    foreseen: list[Item] = field(default_factory=list)
    broken: dict[Who, list[TellKey]] = field(default_factory=lambda: defaultdict(list))
    without_digest: dict[Who, tuple[str, ...]] = field(default_factory=dict)
    faults: list[Broken] = field(default_factory=list)

    def silent(self, key: TellKey, reason: Withheld) -> None:
        """Note that a step stays untold, and why."""
        self.silences.append(
            Silence(
                unit=key.unit,
                role=key.role,
                instance=key.instance,
                step=key.step,
                episode=key.episode,
                reason=reason,
            )
        )
