"""What every digest of one run tells about, indexed once: a scope then takes what is its own."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from automator.core.finding import Finding
from automator.core.incidents import Incident, happened
from automator.core.lines import Speech, sensitive
from automator.core.receipts import Receipts
from automator.core.register import Register

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """All that a digest tells about, before a scope is chosen, and the same by school and commune.

    Everything is in the order of the whole. A finding belongs to the commune of its period, an
    incident to that of its day. `without` are obligations that have no digest lines (a doubtful
    tab); `hidden` the codes of incidents of sensitive kinds; `reported_none` the (school, period)
    of valid reports that nothing happened; `done` the tasks of a school that were noted as done.
    """

    findings: Sequence[Finding]
    findings_of_school: Mapping[str, Sequence[Finding]]
    findings_of_commune: Mapping[str, Sequence[Finding]]
    finding: Mapping[str, Finding]  # by full key, of any obligation
    incidents: Sequence[Incident]
    incidents_of_school: Mapping[str, Sequence[Incident]]
    incidents_of_commune: Mapping[str, Sequence[Incident]]
    hidden: frozenset[str]
    receipts: Receipts
    reported_none: frozenset[tuple[str, str]]
    done: Mapping[str, frozenset[str]]
    stale: tuple[str, ...]


def matter(
    findings: Iterable[Finding],
    incidents: Sequence[Incident],
    receipts: Receipts,
    register: Register,
    speech: Speech,
    *,
    without: frozenset[str],
    stale: tuple[str, ...],
) -> Matter:
    """Return the matter of one run's digests."""
    known = list(findings)
    told = [f for f in known if f.instance.obligation not in without]
    done: dict[str, set[str]] = defaultdict(set)
    for row in register.of("tasks"):
        if row.valid and row.school is not None:
            done[row.school].add(row.text("task"))
    return Matter(
        findings=told,
        findings_of_school=_grouped(told, lambda f: f.instance.school),
        findings_of_commune=_grouped(told, lambda f: f.instance.commune or ""),
        finding={f.key: f for f in known},
        incidents=incidents,
        incidents_of_school=_grouped(incidents, lambda i: i.school),
        incidents_of_commune=_grouped(incidents, lambda i: _place_then(i, speech) or ""),
        hidden=sensitive(incidents),
        receipts=receipts,
        reported_none=frozenset(
            (row.school, row.text("period"))
            for row in register.of("periodic")
            if row.valid and row.school is not None and row.truth("any") is False
        ),
        done={school: frozenset(tasks) for school, tasks in done.items()},
        stale=stale,
    )


def _grouped(items: Iterable[T], by: Callable[[T], K]) -> dict[K, list[T]]:
    found: dict[K, list[T]] = {}
    for item in items:
        found.setdefault(by(item), []).append(item)
    return found


def _place_then(incident: Incident, speech: Speech) -> str | None:
    """Return the commune that an incident's school belonged to when it happened."""
    school = speech.people.schools.get(incident.school)
    at = happened(incident.row) if incident.row else None
    seen = incident.sighting.first_seen.astimezone(speech.calendar.zone).date()
    return school.commune_on(at.day if at else seen) if school else None
