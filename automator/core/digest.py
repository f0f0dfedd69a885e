"""The weekly summary of one audience's scope, and which weeks are owed to whom."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from automator.core import words
from automator.core.deadline import last_day
from automator.core.directive import Policy
from automator.core.finding import OPEN, Finding, Status
from automator.core.incidents import Incident
from automator.core.lines import (
    Speech,
    attention_first,
    finding_line,
    happened_in,
    incident_view,
    period_words,
    rate_line,
)
from automator.core.matter import Matter
from automator.core.notice import Digest, FindingLine, IncidentView, RateLine, SoftLine
from automator.core.rates import rate
from automator.core.register import School
from automator.core.streaks import streak_words, streaks

ALWAYS_KNOWS = frozenset({"principal", "office", "police"})
"""Audiences that see the kind of a sensitive incident (of their own scope)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """An ISO week, Monday to Sunday."""

    first: date

    @property
    def label(self) -> str:
        """The label "2021-W08"."""
        year, week, _ = self.first.isocalendar()
        return f"{year}-W{week:02}"

    @classmethod
    def of(cls, day: date) -> "Week":
        """Return the week that holds `day`."""
        return cls(first=day - timedelta(days=day.isoweekday() - 1))

    @classmethod
    def parse(cls, label: str) -> "Week":
        """Return the week of a label."""
        year, week = label.split("-W")
        return cls(first=date.fromisocalendar(int(year), int(week), 1))


def weeks_owed(
    last: str | None, started: date, policy: Policy, today: date
) -> tuple[date, tuple[str, ...]]:
    """Return the digest day that is up, and the weeks owed since the last one told.

    Weeks are whole and over by that day. A ledger that `started` later owes nothing for it.
    """
    day = today - timedelta(days=(today.isoweekday() - policy.digest_weekday) % 7)
    newest = Week.of(day - timedelta(days=7))
    if started > day:
        return day, ()
    first = (
        Week.of(Week.parse(last).first + timedelta(days=7))
        if last
        else min(newest, Week.of(started), key=lambda w: w.first)
    )
    weeks: list[str] = []
    while first.first <= newest.first:
        weeks.append(first.label)
        first = Week(first=first.first + timedelta(days=7))
    return day, tuple(weeks)


def digest_up_at(day: date, policy: Policy, speech: Speech) -> datetime:
    """Return the instant from which the digest of `day` is up: the end of quiet hours."""
    return datetime.combine(day, policy.quiet[1], speech.calendar.zone)


def build(
    audience: str,
    unit: str,
    weeks: tuple[str, ...],
    matter: Matter,
    speech: Speech,
    *,
    names: bool,
    told: frozenset[str] = frozenset(),
) -> Digest:
    """Return the digest of one unit. `names`: whether schools are named to this audience.

    `told`: instances that the same mail speaks of at length, not to be listed twice.
    """
    scope = _schools(audience, unit, speech)
    codes = {s.code for s in scope}
    findings, incidents = _own(audience, unit, codes, matter)
    first, last = Week.parse(weeks[0]).first, Week.parse(weeks[-1]).first + timedelta(days=6)
    happened_then = _of_the_weeks(incidents, first, last, speech)
    views = [_view(i, audience, matter, speech) for i in happened_then]
    levels = tuple(sum((i.level or 2) == level for i in happened_then) for level in (1, 2, 3))
    asked, nothing, silent = _zero_reports(
        findings, matter, len(scope), speech.now.astimezone(speech.calendar.zone).date(), speech
    )
    lines = _lines(audience, findings, matter.hidden, speech, names=names)
    return Digest(
        audience=audience,
        scope_name=speech.people.unit_name(unit),
        schools=len(scope),
        weeks=weeks,
        first_day=first,
        last_day=last,
        rates=_rates(unit, findings, speech),
        by_commune=_by_commune(audience, findings, speech),
        lines=lines if audience == "principal" else (),
        attention=() if audience == "principal" else lines,
        incidents=tuple(views),
        incidents_total=len(happened_then),
        incidents_by_level=(levels[0], levels[1], levels[2]),
        asked=asked,
        no_incident=nothing,
        silent=silent,
        soft=_soft(codes, matter, speech) if audience in ("principal", "office") else (),
        names=names,
        stale=matter.stale,
        todo=_todo(audience, (f for f in findings if f.key not in told), speech),
    )


def _schools(audience: str, unit: str, speech: Speech) -> tuple[School, ...]:
    if audience == "principal":
        return (speech.people.schools[unit],)
    return speech.people.schools_of(unit if audience == "commune" else None)


def _own(
    audience: str, unit: str, codes: set[str], matter: Matter
) -> tuple[Sequence[Finding], Sequence[Incident]]:
    """Return what is of a scope; a commune's is what was its own at the time, not what is now."""
    if audience == "principal":
        return matter.findings_of_school.get(unit, ()), matter.incidents_of_school.get(unit, ())
    if audience == "commune":
        return matter.findings_of_commune.get(unit, ()), matter.incidents_of_commune.get(unit, ())
    return (
        [f for f in matter.findings if f.instance.school in codes],
        [i for i in matter.incidents if i.school in codes],
    )


def _of_the_weeks(
    incidents: Iterable[Incident], first: date, last: date, speech: Speech
) -> list[Incident]:
    """Return the incidents that happened on the days from `first` to `last` and may be told."""
    zone = speech.calendar.zone
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    return [
        i
        for i in incidents
        if i.begun
        and not i.mistaken
        and not (i.row is not None and i.row.secret)
        and happened_in(i, start, end)
    ]


def _view(incident: Incident, audience: str, matter: Matter, speech: Speech) -> IncidentView:
    key = f"{incident.school}/urgent-report/{incident.code}"
    return incident_view(
        incident,
        matter.finding.get(key),
        speech,
        need_to_know=audience in ALWAYS_KNOWS,
        acknowledged=matter.receipts.acknowledged(key, speech.now),
    )


def _rates(unit: str, findings: Sequence[Finding], speech: Speech) -> tuple[RateLine, ...]:
    grouped: dict[str, dict[str, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for f in findings:
        grouped[f.instance.obligation][f.instance.period or ""].append(f)
    lines: list[RateLine] = []
    for obligation in speech.directive.hard:
        for label, same in sorted(grouped[obligation.id].items()):
            one = rate(unit, obligation.id, label or None, same, speech.now)
            lines.append(rate_line(one, speech, same[0].instance.original_due))
    return tuple(lines)


def _by_commune(audience: str, findings: Sequence[Finding], speech: Speech) -> tuple[RateLine, ...]:
    """The newest period of each obligation, commune by commune, for those above communes."""
    if audience not in ("office", "police"):
        return ()
    grouped: dict[str, list[Finding]] = defaultdict(list)
    for f in findings:
        grouped[f.instance.obligation].append(f)
    lines: list[RateLine] = []
    for obligation in speech.directive.hard:
        if obligation.within is not None:
            continue
        mine = grouped[obligation.id]
        label = max((f.instance.period or "" for f in _due_first(mine, speech)), default="")
        newest: dict[str | None, list[Finding]] = defaultdict(list)
        for f in mine:
            if (f.instance.period or "") == label:
                newest[f.instance.commune].append(f)
        for commune in speech.people.communes:
            same = newest.get(commune)
            if same:
                one = rate(commune, obligation.id, label or None, same, speech.now)
                line = rate_line(one, speech, same[0].instance.original_due)
                place = speech.people.commune_name(commune)
                lines.append(replace(line, unit_name=place[:1].upper() + place[1:]))
    return tuple(lines)


def _due_first(findings: Sequence[Finding], speech: Speech) -> Sequence[Finding]:
    """Those whose deadline has passed, or all where none has."""
    return [f for f in findings if f.instance.due_before <= speech.now] or findings


def _lines(
    audience: str,
    findings: Sequence[Finding],
    hidden: frozenset[str],
    speech: Speech,
    *,
    names: bool,
) -> tuple[FindingLine, ...]:
    """`hidden`: incidents of sensitive kinds, whose school a commune does not read here."""
    if audience == "principal":
        order = {o.id: n for n, o in enumerate(speech.directive.hard)}
        own = sorted(findings, key=lambda f: (order[f.instance.obligation], f.instance.key))
        return _as_ranges(own, findings, speech)
    if not names:
        return ()
    shown = [
        f
        for f in attention_first(findings)
        if audience != "commune" or f.instance.incident not in hidden
    ]
    return _as_ranges(shown, findings, speech)


def _as_ranges(
    shown: Sequence[Finding], findings: Sequence[Finding], speech: Speech
) -> tuple[FindingLine, ...]:
    """Return a line each; consecutive missing periods are one, where the newest stands."""
    runs = streaks(findings)
    missing = {f.key: runs[f.key] for f in findings if f.status is Status.MISSING and f.key in runs}
    inner = {
        f"{key.rpartition('/')[0]}/{label}" for key, run in missing.items() for label in run[:-1]
    }
    lines: list[FindingLine] = []
    for finding in shown:
        if finding.key in inner:
            continue
        line = finding_line(finding, speech)
        run = missing.get(finding.key, ())
        lines.append(replace(line, period_words=streak_words(run)) if len(run) > 1 else line)
    return tuple(lines)


def _zero_reports(
    findings: Sequence[Finding], matter: Matter, schools: int, today: date, speech: Speech
) -> tuple[int, int, int]:
    """Of the newest period that is over: how many schools are asked, how many reported nothing,
    how many have not reported.

    All three by the roster of that period: a school that moved since counts where it was then.
    Before a period is over nobody is silent.
    """
    recurring = [f for f in findings if f.instance.period is not None]
    over = {
        (period.last, f.instance.obligation, period.label)
        for f in recurring
        if (period := speech.period(f.instance)) is not None and period.last < today
    }
    if not over:
        return schools, 0, 0
    _, obligation, label = max(over)
    newest = [
        f
        for f in recurring
        if (f.instance.obligation, f.instance.period) == (obligation, label)
        and f.status is not Status.EXEMPT
    ]
    silent = sum(not f.enough for f in newest)
    nothing = sum(f.enough and (f.instance.school, label) in matter.reported_none for f in newest)
    return len(newest), nothing, silent


def _soft(codes: set[str], matter: Matter, speech: Speech) -> tuple[SoftLine, ...]:
    done = Counter(task for code in codes for task in matter.done.get(code, ()))
    return tuple(
        SoftLine(title=o.title, clause=o.clause, done=done[o.id], schools=len(codes))
        for o in speech.directive.obligations
        if not o.hard
    )


def _due(finding: Finding, speech: Speech) -> str:
    """Return the deadline that counts now: of what was reopened, the new one."""
    if finding.due_again is None:
        return speech.due(finding)
    return f"chậm nhất {words.last_day_words(last_day(finding.due_again, speech.calendar.zone))}"


def _todo(audience: str, findings: Iterable[Finding], speech: Speech) -> tuple[str, ...]:
    """What a school has to do next, in its words."""
    if audience != "principal":
        return ()
    return tuple(
        f"{speech.obligation(f.instance.obligation).title}"
        + (f" {period_words(f.instance.period)}" if f.instance.period else "")
        + (f" ({days})" if (days := speech.figures(f.instance)) else "")
        + f": {_due(f, speech)}"
        for f in findings
        if f.status in OPEN and f.status is not Status.UPCOMING
    )
