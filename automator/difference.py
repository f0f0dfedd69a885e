"""What one simulation tells and another does not: added, gone, moved to another day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from automator.simulating import Mail, Simulation


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Telling:
    """One thing that one reader is told: a step of an instance, or the digest of a week.

    `kind`: the step's kind (remind, chase, escalate, received, changed, reopened, urgent,
    alert), or digest. `instance` has the school in front, or is "digest/2021-W08".
    """

    kind: str
    unit: str
    role: str
    instance: str
    step: str
    episode: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One telling that differs: `was` the day in the first simulation, `now` in the second.

    None where that simulation does not tell it.
    """

    telling: Telling
    was: date | None
    now: date | None

    @property
    def word(self) -> str:
        """What became of it: "added", "gone" or "moved"."""
        if self.was is None:
            return "added"
        return "gone" if self.now is None else "moved"


WORDS = ("added", "gone", "moved")


def difference(first: Simulation, second: Simulation) -> tuple[Change, ...]:
    """Return every telling that differs, by kind and reader. Both span the same days."""
    before, after = _tellings(first), _tellings(second)
    return tuple(
        Change(telling=t, was=before.get(t), now=after.get(t))
        for t in sorted(before.keys() | after.keys())
        if before.get(t) != after.get(t)
    )


def _tellings(simulation: Simulation) -> Mapping[Telling, date]:
    found: dict[Telling, date] = {}
    for mail in simulation.mails:
        for telling in tellings(mail):
            found.setdefault(telling, mail.at.date())
    return found


def tellings(mail: Mail) -> tuple[Telling, ...]:
    """Return all that a mail tells."""
    steps = [
        Telling(
            kind=key.step.partition("-")[0],
            unit=key.unit,
            role=key.role,
            instance=key.instance,
            step=key.step,
            episode=key.episode,
        )
        for key in mail.keys
    ]
    weeks = [
        Telling(
            kind="digest",
            unit=mail.unit,
            role=mail.role,
            instance=f"digest/{week}",
            step="digest",
        )
        for week in mail.weeks
    ]
    return (*steps, *weeks)
