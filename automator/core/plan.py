"""Candidates -> one notice per unit and role, and why everything else stays silent."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from automator.core.alerts import AT_ONCE, IN_ANY_RUN, Alert, alert_key, order
from automator.core.alerts import item as alert_item
from automator.core.assess import Assessment
from automator.core.broken import Broken, place_of
from automator.core.digest import build, digest_up_at, weeks_owed
from automator.core.finding import Status
from automator.core.foreseen import foreseen_key
from automator.core.items import bare_notice, item, notice, problems_for_mail
from automator.core.lines import Speech
from automator.core.matter import Matter, matter
from automator.core.memory import Episode, TabMemory, TellKey, week_key
from automator.core.notice import Notice
from automator.core.planning import Planning, Silence, Who
from automator.core.steps import Candidate
from automator.core.urgent_mails import urgent_mails
from automator.core.withheld import (
    ANOTHER,
    FOR_OPERATOR,
    MOMENTARY,
    Scene,
    Withheld,
    capped,
    is_day_off,
    is_quiet,
    lasting,
    unready,
    waits_for_hour,
    withheld,
)

DIGEST_ROLES = ("principal", "commune", "police", "office", "leader")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What must be told now. `held`: notice id -> the reason for which the operator decides.

    `broken`: ids of notices that could not be put together for a fault of our own, `faults`.
    """

    notices: tuple[Notice, ...] = ()
    held: Mapping[str, Withheld] = field(default_factory=dict)
    silences: tuple[Silence, ...] = ()
    broken: frozenset[str] = frozenset()
    faults: tuple[Broken, ...] = ()

    def counts(self) -> dict[str, int]:
        """Return how many steps are withheld, by reason."""
        return dict(sorted(Counter(s.reason.value for s in self.silences).items()))


def plan(
    candidates: Sequence[Candidate],
    scene: Scene,
    assessment: Assessment,
    speech: Speech,
    alerts: Sequence[Alert],
    alert_episodes: Mapping[str, Episode],
) -> Plan:
    """Return the notices of this run, in the order urgent, alert, then unit and role."""
    desk = Planning(scene, speech, assessment)
    for candidate in candidates:
        try:
            _place(candidate, desk)
        except Exception as fault:  # one bad thing stays one bad thing
            desk.broken[candidate.key.unit, candidate.key.role].append(candidate.key)
            desk.faults.append(Broken(subject=candidate.key.instance, where=place_of(fault)))
    urgent, urgent_held = urgent_mails(desk)
    # a watch pass tells urgent mails and their steps only, a reminder by hand what it names
    whole = scene.whole
    digests = _digests(desk) if whole else {}
    alert = _alerts(desk, [a for a in alerts if whole or a.code in IN_ANY_RUN], alert_episodes)
    notices = [*urgent, *alert, *_together(desk, digests)]
    ids = {n.id for n in notices}
    held = {n.id: why for n, why in urgent_held}
    for (who, why), items in sorted(desk.held.items()):
        waiting = notice(*who, desk.scene.recipients.get(who, ()), speech, items=items)
        if waiting.id not in ids:
            held[waiting.id] = why
            notices.append(waiting)
            ids.add(waiting.id)
    bare = _bare(desk)
    notices += [n for n, _ in urgent_held] + bare
    return Plan(
        notices=tuple(notices),
        held=held,
        silences=tuple(sorted(desk.silences, key=_by_place)),
        broken=frozenset(n.id for n in bare),
        faults=tuple(desk.faults),
    )


def _by_place(silence: Silence) -> tuple[str, str, str, str]:
    return silence.instance, silence.role, silence.unit, silence.step


def _place(candidate: Candidate, desk: Planning) -> None:
    reason = withheld(candidate, desk.scene)
    who = (candidate.key.unit, candidate.key.role)
    if reason is not None:
        desk.silent(candidate.key, reason)
    waits = waits_for_hour(candidate, reason, desk.scene)
    if reason in MOMENTARY:  # what waits for the operator waits at night too
        reason = lasting(candidate, desk.scene)
        if reason not in FOR_OPERATOR:
            return
    if reason is not None and reason not in FOR_OPERATOR and not waits:
        return
    episode = desk.scene.desk.episodes[candidate.finding.key]
    words = item(candidate, episode, desk.scene.desk.tellings, desk.speech)
    if reason is None:
        desk.going[who].append(words)
    elif waits:
        desk.foreseen.append(words)
    elif not (reason is Withheld.OLD_DUTY and desk.scene.desk.policy.backfill == "silent"):
        desk.held[who, reason].append(words)


def _digests(desk: Planning) -> dict[Who, tuple[str, ...]]:
    """Return who gets a digest now, with its weeks; note why others do not."""
    scene, speech = desk.scene, desk.speech
    today = scene.now.astimezone(speech.calendar.zone).date()
    started = (scene.memory.started or scene.now).astimezone(speech.calendar.zone).date()
    due: dict[Who, tuple[str, ...]] = {}
    for who in _digest_units(desk):
        since = max(started, _reads_since(who, desk) or started)
        day, weeks = weeks_owed(scene.memory.digests.get(who), since, scene.desk.policy, today)
        weeks = tuple(w for w in weeks if week_key(*who, w) not in scene.memory.discarded)
        if not weeks:
            continue
        key = week_key(*who, weeks[0])
        reason = _why_no_digest(who, day, weeks, desk)
        if reason is None:
            due[who] = weeks
        else:
            desk.silent(key, reason)
    return due


def _reads_since(who: Who, desk: Planning) -> date | None:
    """Return the first day of a reader who joined later: nothing before is owed to it."""
    people, (unit, role) = desk.speech.people, who
    if role == "principal":
        return people.schools[unit].opens
    return people.units[unit].valid_from if unit in people.units else None


def _digest_units(desk: Planning) -> list[Who]:
    people = desk.speech.people
    schools = [(s.code, "principal") for s in people.schools_of(None)]
    communes = [(c, "commune") for c in people.communes if people.schools_of(c)]
    police = [(p, "police") for p in people.police]
    return [*schools, *communes, *police, (people.office, "office"), (people.office, "leader")]


def _why_no_digest(who: Who, day: date, weeks: tuple[str, ...], desk: Planning) -> Withheld | None:
    scene, speech = desk.scene, desk.speech
    policy, calendar = scene.desk.policy, scene.desk.calendar
    if scene.now < digest_up_at(day, policy, speech):
        return Withheld.NEXT_STEP_LATER
    if is_day_off(scene.now, calendar):
        return Withheld.DAY_OFF
    if is_quiet(scene.now, policy, calendar):
        return Withheld.QUIET_HOURS
    if (reason := scene.out_of_reach(*who)) is not None:
        return reason
    if all(week_key(*who, week) in scene.failed for week in weeks):
        return Withheld.UNDELIVERABLE
    if capped(*who, scene):
        return Withheld.DAILY_CAP
    school, today = scene.schools.get(who[0]), speech.people.day
    if any(p.running(scene.now) and p.concerns_reader(who[0], school, today) for p in scene.pauses):
        return Withheld.PAUSED
    return unready(scene)


def _together(desk: Planning, digests: Mapping[Who, tuple[str, ...]]) -> list[Notice]:
    """One notice per unit and role; a digest due in the same run takes the steps in."""
    about = _matter(desk) if digests else None
    list_key = foreseen_key(desk, digests) if desk.scene.whole else ()
    hour = desk.scene.desk.policy.chase_from or time()
    reader = {(desk.speech.people.office, "office")} if list_key else set()
    problems = problems_for_mail(desk.assessment.register, desk.assessment.problems)
    notices: list[Notice] = []
    spoken = {who: frozenset(i.key.instance for i in items) for who, items in desk.going.items()}
    for who in sorted(set(desk.going) | set(digests) | reader, key=_by_role):
        unit, role = who
        digest = None
        if about is not None and who in digests:
            audience = "office" if role == "leader" else role
            names = role != "police" or desk.scene.desk.policy.police_sees_names
            told = spoken.get(who, frozenset())
            try:
                digest = build(
                    audience, unit, digests[who], about, desk.speech, names=names, told=told
                )
            except Exception as fault:
                desk.without_digest[who] = digests[who]
                desk.faults.append(Broken(subject=f"{unit}/digest", where=place_of(fault)))
        if digest is None and not desk.going.get(who) and who not in reader:
            continue
        notices.append(
            notice(
                unit,
                role,
                desk.scene.recipients.get(who, ()),
                desk.speech,
                items=desk.going.get(who, ()),
                digest=digest,
                problems=problems.get(unit, ()) if role == "principal" else (),
                foreseen=desk.foreseen if who in reader else (),
                foreseen_keys=list_key if who in reader else (),
                foreseen_from=f"{hour:%H} giờ {hour:%M}",
            )
        )
    return notices


def _bare(desk: Planning) -> list[Notice]:
    """Return a notice without words for what could not be put into any: it is on record."""
    untold: dict[Who, tuple[tuple[TellKey, ...], tuple[str, ...]]]
    untold = {who: (tuple(keys), ()) for who, keys in desk.broken.items()}
    untold |= {
        who: (tuple(desk.broken.get(who, ())), weeks) for who, weeks in desk.without_digest.items()
    }
    return [
        bare_notice(*who, desk.scene.recipients.get(who, ()), desk.speech, keys, weeks)
        for who, (keys, weeks) in sorted(untold.items())
    ]


def _by_role(who: Who) -> tuple[int, str]:
    return (*DIGEST_ROLES, "duty", "operator").index(who[1]), who[0]


def _matter(desk: Planning) -> Matter:
    scene, assessment = desk.scene, desk.assessment
    return matter(
        (f for f in assessment.findings if f.status is not Status.UNKNOWN),
        tuple(assessment.incidents.by_code.values()),
        assessment.receipts,
        assessment.register,
        desk.speech,
        without=frozenset(o.id for o in scene.desk.directive.hard if o.tab in scene.doubtful),
        stale=banner(scene),
    )


def banner(scene: Scene) -> tuple[str, ...]:
    """Return in words which tabs are not as they should be, and what stands instead."""
    from automator.core.layout import tab

    unread = [
        f"Tab {tab(key).title} hiện không đọc được; dùng số liệu đọc được lần gần nhất."
        for key in sorted(scene.stale - scene.suspicious)
        if scene.memory.tabs.get(key, TabMemory()).sheet is not None
    ]
    another = ("Danh sách trường khác hẳn lần đọc trước; chưa gửi thư, chờ người vận hành.",)
    return (
        *(another if scene.unknown == ANOTHER else ()),
        *unread,
        *(
            f"Tab {tab(key).title} thay đổi bất thường; dùng số liệu tin cậy gần nhất."
            for key in sorted(scene.suspicious)
        ),
    )


def _alerts(
    desk: Planning, alerts: Sequence[Alert], episodes: Mapping[str, Episode]
) -> list[Notice]:
    scene, speech = desk.scene, desk.speech
    office = speech.people.office
    keyed = [(a, alert_key(a, office, episodes)) for a in alerts]
    untold: list[tuple[Alert, TellKey]] = []
    for alert, key in keyed:
        reason = _why_no_alert(alert, key, scene)
        if reason is None:
            untold.append((alert, key))
        else:
            desk.silent(key, reason)
    if not untold:
        return []
    items = [
        alert_item(code, same)
        for code in order()
        if (same := [a for a, _ in untold if a.code == code])
    ]
    who = (office, "operator")
    keys = tuple(k for _, k in untold)
    return [notice(*who, scene.recipients[who], speech, alerts=items, alert_keys=keys)]


def _why_no_alert(alert: Alert, key: TellKey, scene: Scene) -> Withheld | None:
    if key in scene.memory.told:
        return Withheld.ALREADY_TOLD
    if (reason := scene.out_of_reach(key.unit, key.role)) is not None:
        return reason
    if key in scene.failed:
        return Withheld.UNDELIVERABLE
    if alert.code in AT_ONCE:
        return None
    if is_day_off(scene.now, scene.desk.calendar):
        return Withheld.DAY_OFF
    if is_quiet(scene.now, scene.desk.policy, scene.desk.calendar):
        return Withheld.QUIET_HOURS
    return None


def going(candidates: Iterable[Candidate], scene: Scene) -> list[Candidate]:
    """Return the candidates that no rule withholds today: what the breaker compares."""
    found: list[Candidate] = []
    for candidate in candidates:
        why = withheld(candidate, scene)
        if why is None or waits_for_hour(candidate, why, scene):
            found.append(candidate)
    return found
