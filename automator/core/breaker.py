"""Is this plan believable? The plan of these rows against the plan of the last good rows.

Pure arithmetic: a tab is *suspicious* when the roster or the valid rows of an obligation
shrink by more than `share` (and by more than `FEW`), or when more than `share` of the schools
(and more than `FEW`) would be told what only the new rows explain. A suspicious tab's last
good rows stand until the sheet is mended or the operator releases it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from automator.core.directive import Directive, Obligation
from automator.core.finding import Finding, Status
from automator.core.layout import RECEIPTS, SCHOOLS
from automator.core.memory import TellKey
from automator.core.register import Register
from automator.core.steps import Candidate

FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """Why a tab's new rows are not believed: what was counted, before and now."""

    tab: str
    code: str  # "shrunk" or "burst"
    before: int
    now: int


def shrunk(before: Register, now: Register, directive: Directive, share: float) -> list[Suspicion]:
    """Return the tabs whose valid rows (of the roster: schools) shrank too much."""
    found: list[Suspicion] = []
    tabs = {SCHOOLS.key, RECEIPTS.key, *(o.tab for o in directive.hard if o.within is None)}
    for tab in sorted(tabs & before.read & now.read):
        old, new = _size(before, tab), _size(now, tab)
        emptied = tab == SCHOOLS.key and old and not new  # an office has schools, however few
        if emptied or (old - new > FEW and old - new > share * old):
            found.append(Suspicion(tab=tab, code="shrunk", before=old, now=new))
    return found


def _size(register: Register, tab: str) -> int:
    if tab == SCHOOLS.key:
        return len(register.schools)
    return sum(row.valid for row in register.of(tab))


def burst(
    before: Sequence[Candidate],
    now: Sequence[Candidate],
    old: Sequence[Finding],
    new: Sequence[Finding],
    directive: Directive,
    schools: int,
    share: float,
) -> dict[str, int]:
    """Return by tab how many schools would be told something new; nothing if they are few.

    Told: by a step that goes out, or by a line of a digest that is worse than with the old rows.
    """
    known = {_identity(c.key) for c in before}
    told = {
        (c.obligation.tab, c.finding.instance.school)
        for c in now
        if c.action in ("remind", "chase", "escalate") and _identity(c.key) not in known
    }
    tabs = {o.id: o.tab for o in directive.hard}
    told |= {(tabs[f.instance.obligation], f.instance.school) for f in worse(old, new)}
    everyone = {school for _, school in told}
    if len(everyone) <= FEW or len(everyone) <= share * schools:
        return {}
    return dict(sorted(Counter(tab for tab, _ in told).items()))


def worse(old: Iterable[Finding], new: Iterable[Finding]) -> list[Finding]:
    """Return what is not there any more, or is missing only now that its deadline moved back.

    A return by the office is no such thing: it counts at once.
    """
    before = {f.key: f.status for f in old}
    return [
        f
        for f in new
        if f.status in _NOT_THERE
        and before.get(f.key) is not f.status
        and (f.status is Status.MISSING or before.get(f.key) in _THERE)
    ]


_NOT_THERE = frozenset({Status.MISSING, Status.DUE, Status.UPCOMING})
_THERE = frozenset({Status.ON_TIME, Status.LATE, Status.RETURNED, Status.EXEMPT})


def _identity(key: TellKey) -> tuple[str, str, str, str]:
    return key.unit, key.role, key.instance, key.step


def doubtful(
    register: Register,
    first_reads: frozenset[str],
    begun: Mapping[str, bool],
    obligations: Sequence[Obligation],
) -> frozenset[str]:
    """Return tabs of a first read that look wrong: no valid row, or empty after a chase.

    Rows with nothing but a school, as an office prepares them, are no rows yet.
    `begun`: obligation id -> whether its first chase step has come up for anyone.
    """
    found: set[str] = set()
    for obligation in obligations:
        tab = obligation.tab
        if obligation.within is not None or tab not in first_reads:
            continue
        rows = [r for r in register.of(tab) if {k for k, _ in r.canon} - {"school"}]
        if rows and not any(row.valid for row in rows):
            found.add(tab)
        if not rows and begun.get(obligation.id, False):
            found.add(tab)
    return frozenset(found)
