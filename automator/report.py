"""The document that `run --json` and `status --json` print (contract: JSON of run and status)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from automator.ahead import Ahead
from automator.core.contacts import masked, masked_within
from automator.core.finding import Finding, Status
from automator.core.lateness import late_by
from automator.core.memory import TellKey
from automator.core.moment import Moment
from automator.core.problem import Problem
from automator.core.rates import Rate
from automator.core.turn import Outcome
from automator.core.withheld import ANOTHER, RESTORED, Withheld

SCHEMA = 1
_HOW = "every mail is held; decide with `automator outbox release ledger`"
_REFUSED = "steps that wait for another address: {}; `automator outbox list` names the mails"
_UNHEARD = "no alert reaches the operator: list the domain in [mail] allow_domains"
_UNKNOWN = {
    RESTORED: f"the ledger is an older copy than the one that ran last: {_HOW}",
    ANOTHER: f"the roster shares under half of its codes with the last read: {_HOW}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message of a run as reports show it."""

    id: str
    unit: str
    role: str
    kind: str
    recipients: tuple[str, ...]
    subject: str
    keys: tuple[TellKey, ...]
    weeks: tuple[str, ...]
    state: str
    detail: str = ""
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one run (or a look at what it would do) came to.

    `run` is None where nothing was written. `stopped` says why delivery ended early;
    `outbox` and `published` where mails and status tabs are. `ahead`: what comes next, where
    that was asked for. `no_roster`: why *Trường* gave no school; the last good ones stood.
    `notes`: what is good to know, though nothing is wrong.
    """

    outcome: Outcome
    now: datetime
    zone: ZoneInfo
    run: int | None
    dry_run: bool
    messages: tuple[Sent, ...]
    outbox: str = ""
    published: str = ""
    stopped: str = ""
    warnings: tuple[str, ...] = field(default_factory=tuple)
    ahead: Ahead | None = None
    no_roster: str = ""
    notes: tuple[str, ...] = ()

    @property
    def unknown(self) -> str:
        """Why everything is held until `outbox release ledger`, "" where it is not."""
        return _UNKNOWN.get(self.outcome.scene.unknown, "")

    @property
    def unheard(self) -> str:
        """Why no alert reaches the operator, "" where one does."""
        office = self.outcome.speech.people.office
        lost = self.outcome.scene.out_of_reach(office, "operator")
        return _UNHEARD if lost is Withheld.DOMAIN_NOT_ALLOWED else ""

    @property
    def states(self) -> Mapping[str, int]:
        """How many messages are in each state."""
        return Counter(m.state for m in self.messages)

    @property
    def exit_code(self) -> int:
        """0 fine; 1 done, but some mail is undelivered, failed or held, or status unwritten.

        3: there was no school in *Trường*, whatever could be done all the same.
        """
        if self.no_roster:
            return 3
        if self.dry_run:
            return 0
        bad = sum(self.states[s] for s in ("deferred", "failed", "held", "in_doubt", "queued"))
        broke = self.outcome.plan.faults or any(f.broken for f in self.outcome.findings)
        asks = self.outcome.assessment.decisions.waiting
        said = self.stopped or self.warnings or self.unknown or self.unheard or self.refused
        return 1 if bad or broke or asks or said else 0

    @property
    def refused(self) -> str:
        """How many steps wait for another address, "" for none.

        What was thrown away waits for nothing.
        """
        scene = self.outcome.scene
        keys = scene.failed - scene.memory.discarded
        waiting = {(k.unit, k.role, k.instance, k.step) for k in keys}
        count = sum(
            (s.unit, s.role, s.instance, s.step) in waiting
            for s in self.outcome.plan.silences
            if s.reason is Withheld.UNDELIVERABLE
        )
        return _REFUSED.format(count) if count else ""


def document(report: Report) -> dict[str, Any]:
    """Return the document: plain values, in the contract's order, instants with offset."""
    outcome, zone = report.outcome, report.zone
    return {
        "schema": SCHEMA,
        "now": instant(report.now, zone),
        "run": report.run,
        "dry_run": report.dry_run,
        "findings": [finding(f, zone) for f in outcome.findings],
        "problems": [problem(p) for p in outcome.problems],
        "messages": [message(m) for m in report.messages],
        "withheld": [
            {
                "unit": s.unit,
                "role": s.role,
                "instance": s.instance,
                "step": s.step,
                "reason": s.reason.value,
            }
            for s in outcome.plan.silences
        ],
        "counts": counts(report),
        "rates": [rate(r) for r in outcome.rates],
        "next": None if report.ahead is None else coming(report.ahead, zone),
    }


def instant(at: datetime | None, zone: ZoneInfo) -> str | None:
    """Return an instant as ISO-8601 with the zone's offset."""
    return None if at is None else at.astimezone(zone).isoformat()


def _moment(moment: Moment | None, zone: ZoneInfo) -> str | None:
    return None if moment is None else instant(moment.instant, zone)


def finding(f: Finding, zone: ZoneInfo) -> dict[str, Any]:
    """Return one finding as the contract names it."""
    return {
        "school": f.instance.school,
        "obligation": f.instance.obligation,
        "instance": f.instance.key,
        "status": f.status.value,
        "reasons": [r.value for r in f.reasons],
        "due_before": instant(f.instance.due_before, zone),
        "last_day": f.last_day.isoformat(),
        "due_again": instant(f.due_again, zone),
        "received": _moment(f.received, zone),
        "late_by": int(late.total_seconds()) if (late := late_by(f)) is not None else None,
        "observed": instant(f.observed, zone),
        "rows": list(f.rows),
    }


def problem(p: Problem) -> dict[str, Any]:
    """Return one problem as the contract names it."""
    return {
        "tab": p.tab,
        "cell": p.cell,
        "value": p.value,
        "code": p.code,
        "severity": p.severity.value,
        "school": p.school,
        "message": p.message,
        "remedy": p.remedy,
    }


def message(m: Sent) -> dict[str, Any]:
    """Return one message; its addresses are masked."""
    return {
        "id": m.id,
        "unit": m.unit,
        "role": m.role,
        "addresses": [
            {"masked": masked(a), "state": "refused" if a in m.refused else "ok"}
            for a in m.recipients
        ],
        "kind": m.kind,
        "subject": m.subject,
        "steps": [{"instance": k.instance, "step": k.step, "episode": k.episode} for k in m.keys],
        "weeks": list(m.weeks),
        "state": m.state,
        "detail": masked_within(m.detail),
    }


def counts(report: Report) -> dict[str, Any]:
    """Return the counts of a run."""
    statuses = Counter(f.status for f in report.outcome.findings)
    states = report.states
    return {
        "schools": len(report.outcome.speech.people.schools_of(None)),
        "findings": {s.value: statuses[s] for s in Status},
        "problems": len(report.outcome.problems),
        **{
            s: states[s]
            for s in ("queued", "sent", "deferred", "failed", "held", "in_doubt", "superseded")
        },
        "withheld": report.outcome.plan.counts(),
    }


def coming(found: Ahead, zone: ZoneInfo) -> dict[str, Any]:
    """Return what comes next."""
    return {
        "daily": instant(found.daily, zone),
        "digest": instant(found.digest, zone),
        "watch_minutes": found.watch.total_seconds() / 60,
        "days": [
            {"day": d.day.isoformat(), "mails": d.mails, "held": d.held, "steps": dict(d.steps)}
            for d in found.days
        ],
        "digests": [
            {"role": d.role, "last": d.last, "next": instant(d.next, zone)} for d in found.digests
        ],
    }


def rate(r: Rate) -> dict[str, Any]:
    """Return one rate; a share of nothing is null."""
    return {
        "unit": r.unit,
        "obligation": r.obligation,
        "period": r.period,
        "expected": r.expected,
        "on_time": r.on_time,
        "late": r.late,
        "returned": r.returned,
        "missing": r.missing,
        "open": r.open,
        "open_received": r.open_received,
        "completeness": r.completeness,
        "timeliness": r.timeliness,
    }


def planned(outcome: Outcome, subjects: Mapping[str, str]) -> Sequence[Sent]:
    """Return the notices of a plan that nobody wrote down, as `queued` or `held`."""
    return [
        Sent(
            id=n.id,
            unit=n.unit,
            role=n.role,
            kind=n.kind.value,
            recipients=n.recipients,
            subject=subjects.get(n.id, ""),
            keys=n.keys,
            weeks=n.weeks,
            state="held" if n.id in outcome.plan.held else "queued",
            detail=outcome.plan.held[n.id].value if n.id in outcome.plan.held else "",
        )
        for n in outcome.plan.notices
    ]
