"""Findings, rates and incidents in words: the lines that mails, tabs and pages print."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from automator.core import words
from automator.core.calendar import Calendar
from automator.core.directive import Directive, Obligation
from automator.core.finding import Finding, Instance, Reason, Status
from automator.core.incidents import Incident, happened
from automator.core.judge import days_late
from automator.core.lateness import late_by
from automator.core.layout import INCIDENT_KINDS, INCIDENTS, SENSITIVE_KINDS, SEVERITIES, tab
from automator.core.moment import Moment
from automator.core.notice import FindingLine, IncidentView, RateLine
from automator.core.people import People
from automator.core.periods import Period, parse_label
from automator.core.rates import Rate
from automator.core.register import Row

_KIND_LABELS = dict(INCIDENT_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What putting things into words depends on."""

    directive: Directive
    calendar: Calendar
    people: People
    now: datetime
    links: dict[str, str]

    def obligation(self, key: str) -> Obligation:
        """Return an obligation that is known to exist."""
        found = self.directive.obligation(key)
        assert found is not None
        return found

    def due(self, finding: Finding) -> str:
        """Return the deadline of a finding as people read it."""
        obligation = self.obligation(finding.instance.obligation)
        return words.due_words(
            obligation,
            finding.instance.due_before,
            self.calendar.zone,
            extended=finding.instance.extended,
        )

    def period(self, instance: Instance) -> Period | None:
        """Return the period of an instance by its obligation's reckoning, None of one without."""
        if instance.period is None:
            return None
        return parse_label(instance.period, self.obligation(instance.obligation).periods)

    def figures(self, instance: Instance) -> str:
        """Return which days' figures a report is about, where its period's name does not say."""
        period = self.period(instance)
        return period.figures_words if period else ""

    def link(self, tab_key: str, row: int) -> str:
        """Return the link that opens a row in a browser, "" for a file."""
        return self.links.get(tab_key, "").replace("{cell}", f"A{row}")


def period_words(label: str | None) -> str:
    """Return a period's label in words, the same in each reckoning, "" where there is none."""
    period = parse_label(label) if label else None
    return period.words if period else ""


def finding_line(finding: Finding, speech: Speech) -> FindingLine:
    """Return one finding in words."""
    instance = finding.instance
    obligation = speech.obligation(instance.obligation)
    return FindingLine(
        school=instance.school,
        school_name=speech.people.unit_name(instance.school),
        commune_name=speech.people.commune_name(instance.commune),
        obligation=obligation.id,
        title=obligation.title,
        period_words=period_words(instance.period) or instance.incident or "",
        status=finding.status.value,
        status_words=status_words(finding, obligation, speech),
        reason_words=tuple(
            words.reason_words(r, have=finding.have, need=finding.need) for r in finding.reasons
        ),
        due_words=speech.due(finding),
        last_day=finding.last_day,
        days_late=days_late(finding, speech.calendar, speech.now),
        received_words=words.moment_words(finding.received) if finding.received else "",
        late_words=late_words(finding, speech),
        tab=tab(obligation.tab).title if obligation.tab else "",
    )


def late_words(finding: Finding, speech: Speech) -> str:
    """Return by how much the report of an event is late, "" of what is counted in days."""
    if finding.instance.incident is None:
        return ""
    return words.late_words(late_by(finding, speech.now), finding.received is not None)


def status_words(finding: Finding, obligation: Obligation, speech: Speech) -> str:
    """Return a status in words; on the named day itself it says so."""
    today = speech.now.astimezone(speech.calendar.zone).date()
    return words.status_words(finding.status, finding.reasons, named=obligation.before, today=today)


def rate_line(rate: Rate, speech: Speech, due_before: datetime | None = None) -> RateLine:
    """Return one rate in words."""
    obligation = speech.obligation(rate.obligation)
    due = (
        words.due_words(obligation, due_before, speech.calendar.zone)
        if due_before is not None and obligation.within is None
        else ""
    )
    return RateLine(
        unit=rate.unit,
        unit_name=speech.people.unit_name(rate.unit),
        obligation=rate.obligation,
        title=obligation.title,
        period=rate.period,
        period_words=period_words(rate.period),
        due_words=due,
        expected=rate.expected,
        on_time=rate.on_time,
        late=rate.late,
        returned=rate.returned,
        missing=rate.missing,
        open=rate.open,
        open_received=rate.open_received,
        completeness=rate.completeness,
        timeliness=rate.timeliness,
        named_day=rate.named_day,
        extended=rate.extended,
    )


def incident_view(
    incident: Incident,
    finding: Finding | None,
    speech: Speech,
    *,
    need_to_know: bool,
    acknowledged: bool,
    step: str = "",
) -> IncidentView:
    """Return what a reader may see of an incident; a sensitive kind is shown to few."""
    row = incident.row
    kind = row.text("kind") if row else ""
    hidden = kind in SENSITIVE_KINDS and not need_to_know
    commune = finding.instance.commune if finding else _commune(incident, speech)
    level = incident.level or 2
    return IncidentView(
        code=incident.code,
        level=level,
        level_label=SEVERITIES[level - 1].split(" – ", 1)[1],
        kind_label="" if hidden else _KIND_LABELS.get(kind, ""),
        place="" if hidden or row is None else row.text("place"),
        affected=None if hidden or row is None else row.number_of("affected"),
        state=_state(incident),
        school="" if hidden else incident.school,
        school_name="" if hidden else speech.people.unit_name(incident.school),
        commune_name=speech.people.commune_name(commune),
        occurred_words=_moment(row.moment("occurred") if row else None),
        known_words=_moment(row.moment("known") if row else None),
        report_due_words=speech.due(finding) if finding else "",
        reported_words=_moment(_reported(row, finding)),
        late_words=late_words(finding, speech) if finding else "",
        acknowledged=acknowledged,
        told_police=_told(row.truth("told_police") if row else None),
        told_commune=_told(row.truth("told_commune") if row else None),
        restricted=hidden,
        step=step,
        blank=tuple(INCIDENTS.column(k).header for k in row.incomplete) if row else (),
        changes=_changes(incident, step),
        where=f"{INCIDENTS.title}, dòng {incident.sighting.row}",
        link=speech.link(INCIDENTS.key, incident.sighting.row),
    )


def _reported(row: Row | None, finding: Finding | None) -> Moment | None:
    """Return when the report came: the office's day where it noted one, else as typed."""
    if finding is not None and finding.received is not None:
        return finding.received
    return row.moment("reported") if row else None


def _commune(incident: Incident, speech: Speech) -> str | None:
    school = speech.people.schools.get(incident.school)
    return school.commune_on(speech.people.day) if school else None


def _state(incident: Incident) -> str:
    if incident.mistaken:
        return "Nhập nhầm"
    return (incident.row.text("state") if incident.row else "") or "Đang xử lý"


def _changes(incident: Incident, step: str) -> tuple[str, ...]:
    if step != "urgent-changed":
        return ()
    level, state = incident.level or 2, _state(incident)
    return (f"Mức độ hiện nay: {SEVERITIES[level - 1]}", f"Tình trạng hiện nay: {state}")


def _moment(moment: Moment | None) -> str:
    return words.moment_words(moment) if moment else ""


def _told(value: bool | None) -> str:
    return "" if value is None else ("Có" if value else "Chưa")


def sensitive(incidents: Iterable[Incident]) -> frozenset[str]:
    """Return the codes of incidents of sensitive kinds."""
    return frozenset(i.code for i in incidents if i.row and i.row.text("kind") in SENSITIVE_KINDS)


def happened_in(incident: Incident, start: datetime, end: datetime) -> bool:
    """Tell whether an incident falls in [start, end): when known, else occurred, else seen."""
    at = happened(incident.row) if incident.row else None
    instant = at.instant if at else incident.sighting.first_seen
    return start <= instant < end


def needs_attention(finding: Finding) -> bool:
    """Tell whether a finding belongs in a list for the office."""
    return finding.status in (Status.MISSING, Status.RETURNED) or bool(
        {Reason.BACKDATED, Reason.EDITED, Reason.WITHDRAWN, Reason.DUPLICATE} & set(finding.reasons)
    )


def attention_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that need attention, the earliest deadline first."""
    return sorted(
        (f for f in findings if needs_attention(f)),
        key=lambda f: (f.instance.due_before, f.instance.obligation, f.instance.school),
    )
