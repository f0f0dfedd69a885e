"""Pauses: for a while nobody is told, everybody is judged as ever."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from automator.core.finding import Instance
from automator.core.readers import EVERYONE
from automator.core.register import School


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """No steps about a scope ("*", "school:CODE", "unit:ID") in begins <= now < until.

    `obligation` None is every one; then the scope's own digests wait too. `begins` None: at
    once. Urgent mails go out all the same.
    """

    scope: str
    obligation: str | None = None
    begins: datetime | None = None
    until: datetime
    reason: str = ""
    source: str = ""

    def running(self, now: datetime) -> bool:
        """Tell whether it holds at `now`."""
        return (self.begins is None or self.begins <= now) and now < self.until

    def concerns(self, instance: Instance) -> bool:
        """Tell whether steps about `instance` wait."""
        if self.obligation not in (None, instance.obligation):
            return False
        return self.scope in (EVERYONE, f"school:{instance.school}", f"unit:{instance.commune}")

    def concerns_reader(self, unit: str, school: School | None, day: date) -> bool:
        """Tell whether the digest of `unit` waits; `school` is set where the unit is one."""
        if self.obligation is not None:
            return False
        commune = school.commune_on(day) if school else unit
        return self.scope in (EVERYONE, f"school:{unit}", f"unit:{commune}")


def paused(pauses: Iterable[Pause], instance: Instance, now: datetime) -> bool:
    """Tell whether steps about `instance` wait at `now`."""
    return any(p.running(now) and p.concerns(instance) for p in pauses)
