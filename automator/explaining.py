"""The reasoning behind one finding, in lines that answer a principal's phone call."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from automator import fault_words
from automator import report as reporting
from automator.core.deadline import day_zero
from automator.core.directive import Every, Obligation, Reckoning
from automator.core.finding import Finding, Reason
from automator.core.layout import RECEIPTS, tab
from automator.core.moment import Moment
from automator.core.names import key
from automator.core.period_cells import parse_any
from automator.core.problem import Problem
from automator.core.register import School
from automator.core.schools import SchoolIndex
from automator.core.withheld import Withheld
from automator.errors import ConfigError
from automator.report import Report

WHY_SILENT: dict[Withheld, str] = {
    Withheld.NOT_IN_FORCE: "the obligation is not in force (any more)",
    Withheld.WAIVED: "a waiver covers it",
    Withheld.NOT_ASKED: "this pass does not look at its tab",
    Withheld.UNREADABLE_TAB: "its tab cannot be read now",
    Withheld.CLOSED: "the school is closed, or this period is chased no more",
    Withheld.ALREADY_TOLD: "it has been told",
    Withheld.NEWER_STEP: "a newer step of the ladder takes its place",
    Withheld.NEXT_STEP_LATER: "its day has not come",
    Withheld.NO_CHASE_YET: "nothing is escalated before a chase has been sent",
    Withheld.NOT_ACKNOWLEDGED: "the office has not acknowledged the incident",
    Withheld.NOT_SETTLED: "a second read must agree first",
    Withheld.DAY_OFF: "today is a day off",
    Withheld.QUIET_HOURS: "these are quiet hours",
    Withheld.NO_ADDRESS: "there is no address",
    Withheld.ADDRESS_NOT_APPROVED: "the address has changed and is not approved",
    Withheld.DOMAIN_NOT_ALLOWED: "the address is of a domain that is not allowed",
    Withheld.BOUNCED: "mail to the address bounced",
    Withheld.UNDELIVERABLE: "the server refused it for good",
    Withheld.DAILY_CAP: "the unit has had its mails for today",
    Withheld.OLD_DUTY: "it was long past when it was first seen; the operator decides",
    Withheld.PAUSED: "telling is paused",
    Withheld.BREAKER: "the new rows are not believable; the operator decides",
    Withheld.FIRST_RUN: "a new ledger over SMTP tells the operator alone until --first-run",
    Withheld.LEDGER_UNKNOWN: "the ledger does not fit the workbook; the operator decides",
}

_SAID_ELSEWHERE = frozenset({Withheld.ALREADY_TOLD, Withheld.NEXT_STEP_LATER})
"""Reasons that the lines `told` and `comes` give already, with their instants."""


def find(report: Report, school: str, obligation: str, period: str | None) -> list[Finding]:
    """Return the findings that are meant. Raises ConfigError, naming what there is."""
    code = school_code(report.outcome.assessment.register.schools, school)
    wanted = _obligation(report, obligation)
    label = _label(wanted, period, report)
    mine = [
        f
        for f in report.outcome.findings
        if f.instance.school == code and f.instance.obligation == wanted.id
    ]
    chosen = [f for f in mine if label in (None, f.instance.period, f.instance.incident)]
    if not chosen:
        there = ", ".join(f.instance.key for f in mine) or "none has begun, or none applies"
        msg = f"{code} has no such instance of {wanted.id}"
        raise ConfigError(msg, hint=f"instances: {there}")
    return chosen


def school_code(schools: Mapping[str, School], text: str) -> str:
    """Return the code of the school that `text` names by code or name.

    Raises ConfigError, with the nearest names.
    """
    if text.upper() in schools:
        return text.upper()
    match = SchoolIndex([(s.code, s.name, s.ministry_code) for s in schools.values()]).resolve(text)
    if match.code is None or match.fault is not None:
        near = match.fault.remedy if match.fault else ""
        msg = f"no school {text!r}"
        raise ConfigError(msg, hint=near)
    return match.code


def _obligation(report: Report, text: str) -> Obligation:
    hard = report.outcome.speech.directive.hard
    for obligation in hard:
        if key(text) in (key(obligation.id), key(obligation.title)):
            return obligation
    msg = f"no hard obligation {text!r}"
    raise ConfigError(msg, hint="one of: " + ", ".join(o.id for o in hard))


def _label(obligation: Obligation, period: str | None, report: Report) -> str | None:
    if period is None or obligation.period_kind is None:
        return period
    found, _ = parse_any(period, (obligation.period_kind,), report.zone)
    return found.label if found else period


def lines(report: Report, finding: Finding) -> list[str]:
    """Return the whole reasoning of one finding, a line a thought."""
    speech, zone = report.outcome.speech, report.zone
    obligation = speech.obligation(finding.instance.obligation)
    school = speech.people.unit_name(finding.instance.school)
    reasons = ", ".join(r.value for r in finding.reasons) or "no reasons"
    said = [
        f"{finding.key}: {finding.status.value} ({reasons})",
        f"  school      {school} ({speech.people.commune_name(finding.instance.commune)})",
        f"  obligation  {obligation.title} (clause {obligation.clause})",
        *_period(finding, report),
        *_deadline(finding, obligation, report),
        *_evidence(finding, report),
        f"  received    {_moment(finding.received, report)}, {finding.have} of {finding.need}",
        f"  first seen  {reporting.instant(finding.observed, zone) or '-'}",
    ]
    if finding.waiver:
        said.append(f"  waiver      {finding.waiver}")
    if Reason.INCOMPLETE in finding.reasons:
        said.append(f"  blank       {', '.join(finding.missing_columns)}")
    return [*said, *_told(finding, report), *_silences(finding, report)]


def _moment(moment: Moment | None, report: Report) -> str:
    if moment is None:
        return "-"
    local = moment.instant.astimezone(report.zone)
    return local.isoformat() if moment.timed else local.date().isoformat()


def _period(finding: Finding, report: Report) -> list[str]:
    """Return which days a recurring report is about."""
    period = report.outcome.speech.period(finding.instance)
    if period is None:
        return []
    name = f"{period.words} ({period.figures_words})" if period.figures_words else period.words
    return [f"  period      {name}"]


def _deadline(finding: Finding, obligation: Obligation, report: Report) -> list[str]:
    instance, zone = finding.instance, report.zone
    late = reporting.instant(instance.due_before, zone)
    zero = day_zero(instance.due_before, zone).isoformat()
    said = [
        f"  deadline    {report.outcome.speech.due(finding)}",
        f"              {_how(obligation)}: late from {late}, day 0 is {zero}",
    ]
    if instance.extended:
        was = reporting.instant(instance.original_due, zone)
        said.append(f"              extended; it was late from {was}")
    if finding.due_again:
        said.append(f"  due again   before {reporting.instant(finding.due_again, zone)}")
    return said


def _how(obligation: Obligation) -> str:
    if obligation.before:
        return f"before = {obligation.before.isoformat()} (that day is late already)"
    if obligation.by:
        return f"by = {obligation.by.isoformat()} (that day is on time)"
    if obligation.every:
        day = f"by {'weekday' if obligation.every is Every.WEEK else 'day'} {obligation.on}"
        how = ", periods by NĐ 09/2019" if obligation.periods is Reckoning.ND09 else ""
        return f"every {obligation.every.value}, {day} after it{how}"
    return f"within {_hours(obligation.within)} of {obligation.of}"


def _hours(within: timedelta | None) -> str:
    minutes = int((within or timedelta()) / timedelta(minutes=1))
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}min"


def _evidence(finding: Finding, report: Report) -> list[str]:
    said = [f"  rows        {', '.join(finding.rows) or 'none'}", *_incident(finding, report)]
    return said + [f"  problem     {fault_words.line(p)}" for p in _problems(finding, report)]


def _incident(finding: Finding, report: Report) -> list[str]:
    """Return where an event's row stands and its level: what the clock started from."""
    incidents = report.outcome.assessment.incidents.by_code
    incident = incidents.get(finding.instance.incident or "")
    if incident is None:
        return []
    place = f"{tab(incident.row.tab).title}!A{incident.row.number}" if incident.row else "row gone"
    known = _moment(incident.known or incident.occurred, report)
    return [f"  incident    {place}, level {incident.level or 'blank'}, known {known}"]


def _problems(finding: Finding, report: Report) -> list[Problem]:
    obligation = report.outcome.speech.obligation(finding.instance.obligation)
    tabs = {RECEIPTS.title, tab(obligation.tab).title} if obligation.tab else {RECEIPTS.title}
    return [
        p for p in report.outcome.problems if p.school == finding.instance.school and p.tab in tabs
    ]


def _told(finding: Finding, report: Report) -> list[str]:
    told = report.outcome.scene.desk.tellings.of_instance.get(finding.key, ())
    return [
        f"  told        {k.step} to {k.unit} as {k.role} at "
        f"{reporting.instant(t.at, report.zone)} (episode {k.episode})"
        for k, t in sorted(told, key=lambda pair: (pair[1].at, pair[0]))
    ] or ["  told        nothing yet"]


def _silences(finding: Finding, report: Report) -> list[str]:
    """Return what the next run tells, what stays silent and why, what comes later."""
    plan = report.outcome.plan
    going = [
        f"  next run    tells {k.step} to {k.unit} as {k.role}"
        for n in plan.notices
        if n.id not in plan.held
        for k in n.keys
        if k.instance == finding.key
    ]
    silent = [
        f"  silent      {s.step} to {s.unit} as {s.role}: {s.reason.value}, {WHY_SILENT[s.reason]}"
        for s in plan.silences
        if s.instance == finding.key and s.reason not in _SAID_ELSEWHERE
    ]
    ups = [
        f"  comes       {c.key.step} to {c.key.unit} as {c.key.role}, up from "
        f"{reporting.instant(c.up_at, report.zone)}"
        for c in report.outcome.candidates
        if c.key.instance == finding.key and c.up_at > report.now
    ]
    return [*going, *silent, *ups]


def as_json(report: Report, findings: list[Finding]) -> dict[str, Any]:
    """Return the findings with what was told and what stays silent, as plain values."""
    wanted = {f.key for f in findings}
    whole = reporting.document(report)
    return {
        "schema": reporting.SCHEMA,
        "now": whole["now"],
        "findings": [reporting.finding(f, report.zone) for f in findings],
        "problems": [reporting.problem(p) for f in findings[:1] for p in _problems(f, report)],
        "told": [
            {
                "unit": k.unit,
                "role": k.role,
                "instance": k.instance,
                "step": k.step,
                "episode": k.episode,
                "at": reporting.instant(t.at, report.zone),
            }
            for name in sorted(wanted)
            for k, t in report.outcome.scene.desk.tellings.of_instance.get(name, ())
        ],
        "withheld": [w for w in whole["withheld"] if w["instance"] in wanted],
    }
