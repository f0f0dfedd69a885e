"""Completeness and timeliness, as DHIS2 counts them, per unit, obligation and period."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from automator.core.finding import Finding, Reason, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Counts over the instances of a scope whose `due_before` <= now and that are not exempt.

    `open` are those still open (deadline ahead), `open_received` the ones of them that are
    there already. A share is None where nothing was expected.
    """

    unit: str
    obligation: str
    period: str | None
    expected: int = 0
    on_time: int = 0
    late: int = 0
    returned: int = 0
    missing: int = 0
    open: int = 0
    open_received: int = 0
    named_day: int = 0
    extended: int = 0

    @property
    def completeness(self) -> float | None:
        """(on time + late) / expected."""
        return (self.on_time + self.late) / self.expected if self.expected else None

    @property
    def timeliness(self) -> float | None:
        """On time / expected."""
        return self.on_time / self.expected if self.expected else None


def rate(
    unit: str, obligation: str, period: str | None, findings: Iterable[Finding], now: datetime
) -> Rate:
    """Count the findings of one unit, obligation and period."""
    counts: dict[str, int] = defaultdict(int)
    for finding in findings:
        if finding.status in (Status.EXEMPT, Status.UNKNOWN):
            continue
        counts["named_day"] += Reason.NAMED_DAY in finding.reasons
        counts["extended"] += Reason.EXTENDED in finding.reasons
        if finding.instance.due_before <= now:
            counts["expected"] += 1
            counts[finding.status.value] += 1
        else:
            counts["open"] += 1
            counts["open_received"] += finding.status in (Status.ON_TIME, Status.LATE)
    return Rate(unit=unit, obligation=obligation, period=period, **counts)


def rates(
    findings: Sequence[Finding],
    communes: Sequence[str],
    office: str,
    obligations: Mapping[str, bool],
    now: datetime,
) -> tuple[Rate, ...]:
    """Return the rates of the office (the whole district) and of each commune.

    `obligations`: ids of hard obligations -> whether it recurs (then one entry a period).
    A commune that is not among `communes` (any more) has the entries in which a school was
    its, so that the communes always sum up to the office. Ordered by unit (the office first,
    such communes last), obligation, period.
    """
    grouped: dict[tuple[str, str, str | None], list[Finding]] = defaultdict(list)
    labels: dict[str, set[str | None]] = {
        o: set() if recurs else {None} for o, recurs in obligations.items()
    }
    for finding in findings:
        instance = finding.instance
        label = instance.period if obligations.get(instance.obligation) else None
        labels.setdefault(instance.obligation, set()).add(label)
        grouped[office, instance.obligation, label].append(finding)
        if instance.commune:
            grouped[instance.commune, instance.obligation, label].append(finding)
    standing = (office, *communes)
    others = sorted({unit for unit, _, _ in grouped} - set(standing))
    return tuple(
        rate(unit, obligation, label, grouped.get((unit, obligation, label), ()), now)
        for unit in (*standing, *others)
        for obligation in obligations
        for label in sorted(labels[obligation], key=lambda x: x or "")
        if unit in standing or (unit, obligation, label) in grouped
    )
