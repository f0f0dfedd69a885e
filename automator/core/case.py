"""All that judging one instance looks at: its rows, the office's, a waiver, the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from automator.core.calendar import Calendar
from automator.core.decisions import Waiver
from automator.core.directive import Directive, Obligation, Policy
from automator.core.evidence import Evidence, Submission
from automator.core.finding import Instance
from automator.core.receipts import Receipt, Receipts
from automator.core.register import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Court:
    """The rules and the clock: what judging depends on beside the case."""

    directive: Directive
    policy: Policy
    calendar: Calendar
    never_read: frozenset[str]
    now: datetime


@dataclass(slots=True, kw_only=True)  # one for each instance: a frozen one takes twice as long
class Case:
    """All that judging one instance looks at. Nothing changes it."""

    instance: Instance
    obligation: Obligation
    submissions: tuple[Submission, ...]  # whose day has come
    receipts: tuple[Receipt, ...]  # whose day has come
    about: Row | None  # the incident's own row
    waiver: Waiver | None
    withdrawn: datetime | None
    readable: bool  # its tab was readable at least once
    now: datetime

    @property
    def need(self) -> int:
        """How many valid submissions it takes."""
        return self.obligation.at_least


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What is on file about every instance, indexed: cases are taken out of it one by one."""

    evidence: Evidence
    receipts: Receipts
    waivers: Mapping[tuple[str, str], Sequence[Waiver]]
    obligations: Mapping[str, Obligation]
    court: Court

    @classmethod
    def of(
        cls, evidence: Evidence, receipts: Receipts, waivers: Sequence[Waiver], court: Court
    ) -> "Files":
        """Index what judging looks at."""
        by_school: dict[tuple[str, str], list[Waiver]] = {}
        for waiver in waivers:
            by_school.setdefault((waiver.school, waiver.obligation), []).append(waiver)
        return cls(
            evidence=evidence,
            receipts=receipts,
            waivers=by_school,
            obligations={o.id: o for o in court.directive.obligations},
            court=court,
        )

    def case(self, instance: Instance) -> Case:
        """Return what there is about one instance at the court's `now`."""
        key, now = instance.full_key, self.court.now
        obligation = self.obligations[instance.obligation]
        waivers = self.waivers.get((instance.school, instance.obligation))
        sent = self.evidence.of_instance.get(key)
        return Case(
            instance=instance,
            obligation=obligation,
            submissions=tuple([s for s in sent if s.claim.instant <= now]) if sent else (),
            receipts=self.receipts.at(key, now),
            about=self.evidence.about.get(key),
            waiver=_waiver(waivers, instance, self.court) if waivers else None,
            withdrawn=_latest(self.evidence.withdrawn.get(key), self.receipts.withdrawn.get(key)),
            readable=obligation.tab not in self.court.never_read,
            now=now,
        )


def _waiver(waivers: Sequence[Waiver], instance: Instance, court: Court) -> Waiver | None:
    now, zone = court.now, court.calendar.zone
    return next((w for w in waivers if w.covers(instance, now, zone)), None)


def _latest(rows: datetime | None, office: datetime | None) -> datetime | None:
    """Return when the last of what spoke for an instance went, a school's or the office's."""
    return max(rows, office) if rows and office else rows or office
