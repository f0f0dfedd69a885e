"""The rows that speak for each instance, with what is known of them over time."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from automator.core.clocks import BY_SIGHT, CLAIM_COLUMNS
from automator.core.directive import Directive, Obligation
from automator.core.incidents import Incident
from automator.core.layout import tab
from automator.core.memory import Sighting
from automator.core.moment import Moment
from automator.core.names import key
from automator.core.register import Register, Row
from automator.core.sightings import Cells, Recognised, ghost

_CLAIM = {k: v for k, v in CLAIM_COLUMNS.items() if k not in ("incidents", "receipts")}
_IDENTITY = {"propaganda": "form", "models": "name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A row that claims to satisfy an instance. `claim`: the day typed, else first sight."""

    row: Row
    sighting: Sighting
    claim: Moment
    identity: str
    gone: bool = False

    @property
    def place(self) -> str:
        """Where the row stands, "Kế hoạch!A5"."""
        return f"{tab(self.row.tab).title}!A{self.row.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Submissions by full instance key, in order of claim; withdrawn ones apart.

    `about` holds the row of the incident that an instance is about, reported or not.
    """

    of_instance: Mapping[str, tuple[Submission, ...]]
    withdrawn: Mapping[str, datetime]
    about: Mapping[str, Row]


def evidence(
    register: Register,
    recognised: Recognised,
    directive: Directive,
    incidents: Mapping[str, Incident],
    zone: ZoneInfo,
) -> Evidence:
    """Gather every valid row of the tabs that hard obligations name."""
    by_tab: dict[str, list[Obligation]] = defaultdict(list)
    for obligation in directive.hard:
        if obligation.within is None and obligation.tab in _CLAIM:
            by_tab[obligation.tab].append(obligation)
    found: dict[str, list[Submission]] = defaultdict(list)
    withdrawn: dict[str, datetime] = {}
    for sighting, row in _pairs(register, recognised, frozenset(by_tab), zone):
        submission = _submission(row, sighting)
        if submission is None:
            continue
        since = sighting.lost_since
        for obligation in by_tab[sighting.tab]:
            instance = _instance(row, obligation)
            if not sighting.lost or since is None:
                found[instance].append(submission)
            elif submission.claim.instant <= since:  # what had not come yet was never received
                withdrawn[instance] = max(withdrawn.get(instance, since), since)
    about = _add_incident_reports(found, incidents, directive)
    for same in found.values():
        if len(same) > 1:
            same.sort(key=_in_order)
    return Evidence(
        of_instance={k: tuple(v) for k, v in found.items()}, withdrawn=withdrawn, about=about
    )


def _in_order(submission: Submission) -> tuple[datetime, bool, Cells, int]:
    claim, row = submission.claim, submission.row
    return claim.instant, claim.timed, row.canon, row.number


def _pairs(
    register: Register, recognised: Recognised, tabs: frozenset[str], zone: ZoneInfo
) -> list[tuple[Sighting, Row]]:
    rows = {(r.tab, r.number): r for t in tabs for r in register.of(t)}
    pairs: list[tuple[Sighting, Row]] = []
    for place, sighting in recognised.of_row.items():
        if place in rows and rows[place].valid:
            pairs.append((sighting, rows[place]))
    lost = (
        (s, ghost(s, zone))
        for s in recognised.sightings
        if s.lost_since is not None and s.tab in tabs
    )
    return pairs + [(sighting, row) for sighting, row in lost if row.valid]


def _instance(row: Row, obligation: Obligation) -> str:
    key_of = f"{row.school}/{obligation.id}"
    return f"{key_of}/{row.text('period')}" if obligation.every is not None else key_of


def _submission(row: Row, sighting: Sighting) -> Submission | None:
    claim = row.moment(_CLAIM[row.tab])
    if claim is None and row.tab in BY_SIGHT and sighting.observed is not None:
        claim = Moment(sighting.observed)
    if claim is None:
        return None
    column = _IDENTITY.get(row.tab)
    return Submission(
        row=row,
        sighting=sighting,
        claim=claim,
        identity=key(row.text(column)) if column else "",
        gone=sighting.gone_since is not None,
    )


def _add_incident_reports(
    found: dict[str, list[Submission]], incidents: Mapping[str, Incident], directive: Directive
) -> dict[str, Row]:
    events = [o for o in directive.hard if o.within is not None]
    about: dict[str, Row] = {}
    for incident in incidents.values():
        if incident.row is None:
            continue
        claim = incident.row.moment("reported")
        for obligation in events:
            instance = f"{incident.school}/{obligation.id}/{incident.code}"
            about[instance] = incident.row
            if claim is not None:
                found[instance].append(
                    Submission(
                        row=incident.row, sighting=incident.sighting, claim=claim, identity=""
                    )
                )
    return about
