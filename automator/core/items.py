"""Steps in words: what a mail prints of each, and notices put together from them."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

from automator.core import words
from automator.core.deadline import last_day
from automator.core.judge import days_late
from automator.core.layout import tab
from automator.core.lines import Speech, period_words
from automator.core.memory import Episode, TellKey
from automator.core.notice import AlertItem, Digest, IncidentView, Item, MailKind, Notice
from automator.core.problem import Problem, Severity
from automator.core.register import Register
from automator.core.steps import Candidate, Tellings
from automator.core.streaks import streak_words

_KINDS = {
    "remind": MailKind.REMIND,
    "chase": MailKind.CHASE,
    "escalate": MailKind.ESCALATE,
    "received": MailKind.RECEIVED,
    "changed": MailKind.CHANGED,
    "reopened": MailKind.REMIND,
}
_GRAVITY = tuple(MailKind)


def item(candidate: Candidate, episode: Episode, tellings: Tellings, speech: Speech) -> Item:
    """Return all that a mail says about one step."""
    finding, obligation = candidate.finding, candidate.obligation
    instance = finding.instance
    zone = speech.calendar.zone
    today = speech.now.astimezone(zone).date()
    again = finding.due_again if candidate.action != "changed" else None
    reopened = again is not None
    due = again or instance.due_before
    last = last_day(due, zone)
    previous = episode.previous_due
    row = int(finding.rows[0].rsplit("A", 1)[1]) if finding.rows else 0
    return Item(
        key=candidate.key,
        action=candidate.action,
        obligation=obligation.id,
        title=obligation.title,
        period_words=period_words(instance.period) or instance.incident or "",
        school=instance.school,
        school_name=speech.people.unit_name(instance.school),
        commune_name=speech.people.commune_name(instance.commune),
        status=finding.status.value,
        reasons=tuple(r.value for r in finding.reasons),
        due_words=f"chậm nhất {words.last_day_words(last)}" if reopened else speech.due(finding),
        last_day=last,
        last_day_words=words.last_day_words(last) if reopened else words.until_words(due, zone),
        days_left=speech.calendar.working_days_between(today, last) if today <= last else 0,
        days_late=days_late(finding, speech.calendar, speech.now),
        clause="" if obligation.office_choice else obligation.clause.replace("; ", " và "),
        office_choice=obligation.office_choice,
        missing=finding.missing_columns,
        earlier=tellings.chases(finding.key, episode.ordinal, speech.now),
        received_words=words.moment_words(finding.received) if finding.received else "",
        previous_due_words=words.until_words(previous, zone) if previous else "",
        figures=speech.figures(instance),
        tab=tab(obligation.tab).title if obligation.tab else "",
        link=speech.link(obligation.tab, row) if row else "",
        range_words=_range(candidate),
    )


def _range(candidate: Candidate) -> str:
    """Return the periods that a chase or an escalation is about, where they are several."""
    if candidate.action not in ("chase", "escalate") or len(candidate.streak) < 2:
        return ""
    return streak_words(candidate.streak)


def notice(  # noqa: PLR0913 (a notice is put together from that many parts)
    unit: str,
    role: str,
    recipients: tuple[str, ...],
    speech: Speech,
    *,
    items: Sequence[Item] = (),
    digest: Digest | None = None,
    incident: IncidentView | None = None,
    incident_keys: tuple[TellKey, ...] = (),
    alerts: Sequence[AlertItem] = (),
    alert_keys: tuple[TellKey, ...] = (),
    problems: tuple[Problem, ...] = (),
    foreseen: Sequence[Item] = (),
    foreseen_keys: tuple[TellKey, ...] = (),
    foreseen_from: str = "",
) -> Notice:
    """Return the one notice of a unit in a role; it is called after its gravest part."""
    said = {*incident_keys, *alert_keys, *foreseen_keys}
    keys = tuple(sorted({i.key for i in items} | said))
    weeks = digest.weeks if digest else ()
    kinds = [_KINDS[i.action] for i in items]
    kinds += [MailKind.DIGEST] if digest else []
    kinds += [MailKind.URGENT] if incident else []
    kinds += [MailKind.ALERT] if alerts else []
    kinds += [MailKind.CHASE] if foreseen else []
    thread = f"urgent/{incident.code}" if incident else f"{role}/{unit}"
    return Notice(
        id=notice_id(unit, role, keys, weeks),
        unit=unit,
        role=role,
        kind=min(kinds, key=_GRAVITY.index),
        addressee=speech.people.addressee(unit, role),
        unit_name=speech.people.unit_name(unit),
        recipients=recipients,
        now=speech.now.astimezone(speech.calendar.zone),
        items=tuple(sorted(items, key=lambda i: (_GRAVITY.index(_KINDS[i.action]), i.last_day))),
        digest=digest,
        incident=incident,
        alerts=tuple(alerts),
        problems=problems,
        foreseen=tuple(sorted(foreseen, key=lambda i: (i.obligation, i.last_day))),
        foreseen_from=foreseen_from if foreseen else "",
        keys=keys,
        weeks=weeks,
        thread=thread,
    )


def bare_notice(
    unit: str,
    role: str,
    recipients: tuple[str, ...],
    speech: Speech,
    keys: tuple[TellKey, ...],
    weeks: tuple[str, ...],
) -> Notice:
    """Return a notice without any words: what it should say could not be put together."""
    kinds = [_KINDS[k.step.partition("-")[0]] for k in keys] + ([MailKind.DIGEST] if weeks else [])
    return Notice(
        id=notice_id(unit, role, keys, weeks),
        unit=unit,
        role=role,
        kind=min(kinds, key=_GRAVITY.index),
        addressee=unit,
        unit_name=unit,
        recipients=recipients,
        now=speech.now.astimezone(speech.calendar.zone),
        keys=tuple(sorted(keys)),
        weeks=weeks,
    )


def notice_id(unit: str, role: str, keys: Sequence[TellKey], weeks: Sequence[str]) -> str:
    """Return the id of a message: the hash of who is told, its sorted told keys, its weeks."""
    parts = [unit, role, *(f"{k.instance}|{k.episode}|{k.step}" for k in sorted(keys)), *weeks]
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def problems_for_mail(
    register: Register, problems: Sequence[Problem]
) -> Mapping[str, tuple[Problem, ...]]:
    """Return by school the cells that its clerk should mend.

    Not those ahead of time, nor faults of the operator's own tabs, nor of other schools.
    """
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.school is None or problem.school not in register.schools:
            continue
        if problem.code in ("future", "secret"):
            continue
        if problem.tab in _SCHOOL_TABS and problem.severity is not Severity.CORRECTED:
            found.setdefault(problem.school, []).append(problem)
    return {k: tuple(v) for k, v in found.items()}


_SCHOOL_TABS = frozenset(
    tab(key).title for key in ("plans", "propaganda", "models", "incidents", "periodic", "tasks")
)
