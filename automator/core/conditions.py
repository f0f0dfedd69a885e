"""The running conditions that the operator must hear of, found in one turn."""

from collections.abc import Sequence

from automator.core import alerts as alerting
from automator.core import pinned
from automator.core.alerts import Alert
from automator.core.assess import Assessment, Rules
from automator.core.bounces import dead, folded, name_of
from automator.core.breaker import Suspicion
from automator.core.broken import Broken
from automator.core.calendar import unknown_years
from automator.core.layout import tab
from automator.core.locate import OPTIONAL_TABS
from automator.core.memory import Memory
from automator.core.people import People
from automator.core.steps import Candidate
from automator.core.unreached import unreached
from automator.core.withheld import Scene, Withheld, lasting
from automator.core.words import day_words, until_words


def conditions(
    memory: Memory,
    fresh: Assessment,
    scene: Scene,
    steps: Sequence[Candidate],
    suspicions: Sequence[Suspicion],
    rules: Rules,
    there: People,
) -> list[Alert]:
    """Return every condition that holds now; each is told once while it lasts."""
    found = alerting.of_problems(fresh.problems) + alerting.of_suspicions(suspicions)
    found += alerting.of_lost_tabs(scene.stale & OPTIONAL_TABS)
    found += [_doubt(k) for k in sorted(scene.doubtful)]
    found += [
        Alert(code="no_address", subject=s.code, line=there.unit_name(s.code))
        for s in there.schools_of(None)
        if not s.emails
    ]
    found += [
        Alert(code="no_address", subject=u, line=there.unit_name(u))
        for u in (*there.communes, *there.police)
        if not there.units[u].emails
    ]
    found += _bounced(memory, there)
    found += _addresses(memory, scene, there)
    found += _decided(fresh, rules, there)
    found += [
        Alert(code="unknown_scope", subject=p.value or "", line=f"{p.tab} {p.cell}: {p.message}")
        for p in fresh.problems
        if p.code == "unknown_scope"
    ]
    found += [
        Alert(code="wide", subject=key, line=_wide_line(key, rules, there))
        for key in fresh.decisions.waiting
    ]
    found += _moved(scene, rules)
    found += alerting.of_faults(
        Broken(subject=f.key, where=f.broken) for f in fresh.findings if f.broken
    )
    if scene.desk.policy.backfill == "ask":
        old = {c.finding.key for c in steps if lasting(c, scene) is Withheld.OLD_DUTY}
        found += [
            Alert(code="old_duty", subject=key, line=_old_line(key, rules, there))
            for key in sorted(old)
        ]
    found += _undelivered(memory, scene, there)
    found += unreached(memory, steps, scene, there)
    years = {scene.now.year, *(i.due_before.year for i in fresh.instances)}
    found += [
        Alert(code="calendar", subject=str(year), line=f"Năm {year}")
        for year in unknown_years(rules.calendar, sorted(years))
    ]
    if not memory.armed:
        found += [_first_run(c, there) for c in steps if _only_first_run(c, scene)]
    return found


def _undelivered(memory: Memory, scene: Scene, there: People) -> list[Alert]:
    """What was refused for good, what is in doubt and stays so, and what was sent once more."""
    mails = [(d.state, d) for d in memory.drafts if d.state in ("failed", "in_doubt")]
    mails = [("sent_again" if d.id in scene.again else state, d) for state, d in mails]
    mails += [("sent_again", d) for d in memory.repeated]  # told by night: the operator hears now
    return [
        Alert(
            code=code,
            subject=draft.id,
            line=f"{there.addressee(draft.unit, draft.role)} (mã thư {draft.id[:8]})",
        )
        for code, draft in mails
        if draft.id not in scene.waits
        and (code, draft.role) != ("failed", "operator")  # it would reach nobody, each run
    ]


def _bounced(memory: Memory, there: People) -> list[Alert]:
    """One line per dead address that somebody has: whose it is, and the server's code."""
    gone, owners = dead(memory.bounces), dict[str, set[str]]()
    if not gone:
        return []
    for (unit, _), addresses in there.recipients().items():
        for address in gone.keys() & set(map(folded, addresses)):
            owners.setdefault(address, set()).add(there.unit_name(unit))
    return [
        Alert(
            code="bounced",
            subject=name_of(address),
            line=f"{'; '.join(sorted(units))}: {address} ({gone[address].status or '?'})",
        )
        for address, units in sorted(owners.items())
    ]


def _addresses(memory: Memory, scene: Scene, there: People) -> list[Alert]:
    domains = scene.desk.policy.allow_domains
    waiting = pinned.pending(scene.schools, memory.contacts, domains, there.day)
    return pinned.conditions(waiting, memory.contacts, scene.refused, there)


def _only_first_run(candidate: Candidate, scene: Scene) -> bool:
    return lasting(candidate, scene) is Withheld.FIRST_RUN


def _first_run(candidate: Candidate, there: People) -> Alert:
    key = candidate.key
    line = f"{there.addressee(key.unit, key.role)}: {candidate.obligation.title} ({key.step})"
    return Alert(code="first_run", subject=f"{key.unit}/{key.instance}/{key.step}", line=line)


def _moved(scene: Scene, rules: Rules) -> list[Alert]:
    """One line per deadline that was moved for many schools: from when, to when, for how many."""
    groups: dict[str, list[str]] = {}
    for instance, decision in scene.moved.items():
        groups.setdefault(decision, []).append(instance)
    found: list[Alert] = []
    for decision, instances in sorted(groups.items()):
        episode = scene.desk.episodes[min(instances)]
        before = episode.previous_due or episode.due_before
        zone = rules.calendar.zone
        title, schools = _title(decision.split("/")[1], rules), {_school(i) for i in instances}
        line = (
            f"{title}, {len(schools)} trường:"
            f" {until_words(before, zone)} → {until_words(episode.due_before, zone)}"
        )
        found.append(Alert(code="moved", subject=decision, line=line))
    return found


def _school(instance: str) -> str:
    return instance.partition("/")[0]


def _doubt(tab_key: str) -> Alert:
    title = tab(tab_key).title
    return Alert(code="doubtful", subject=tab_key, line=f"Tab {title}: không có dòng nào hợp lệ")


def _old_line(key: str, rules: Rules, there: People) -> str:
    school, _, instance = key.partition("/")
    obligation = rules.directive.obligation(instance.split("/")[0])
    return f"{there.unit_name(school)}: {obligation.title if obligation else instance}"


def _wide_line(key: str, rules: Rules, there: People) -> str:
    """Say in words which decision waits: "approved/waiver/TH-MY-LAC/plan/…"."""
    _, kind, scope, obligation, *_ = key.split("/")
    said = {"waiver": "Miễn trừ", "extension": "Gia hạn"}[kind]
    whom = "tất cả các trường" if scope == "*" else there.unit_name(scope.rpartition(":")[2])
    return f"{said}: {whom}, {_title(obligation, rules)}"


def _decided(fresh: Assessment, rules: Rules, there: People) -> list[Alert]:
    """Waivers and extensions from a tab are in the operator's next mail."""
    found: list[Alert] = []
    for waiver in fresh.decisions.waivers:
        if not _in_workbook(waiver.source):
            continue
        title = _title(waiver.obligation, rules)
        subject = f"{waiver.school}/{waiver.obligation}/{waiver.period or ''}"
        line = f"{there.unit_name(waiver.school)}: {title}"
        found.append(Alert(code="waiver", subject=subject, line=line))
    for extension in fresh.decisions.extensions:
        if not _in_workbook(extension.source):
            continue
        kind, _, name = extension.scope.partition(":")
        scope = there.unit_name(name) if name else ("Tất cả các trường" if kind == "*" else kind)
        day = day_words(extension.last_day)
        line = f"{scope}: {_title(extension.obligation, rules)}, hạn mới {day}"
        subject = f"{extension.scope}/{extension.obligation}/{extension.period or ''}/{day}"
        found.append(Alert(code="extension", subject=subject, line=line))
    return list({a.instance: a for a in found}.values())


def _in_workbook(source: str) -> bool:
    """Tell whether a decision stands in a tab ("Gia hạn!D5"): the others are the operator's."""
    return "!" in source


def _title(key: str, rules: Rules) -> str:
    obligation = rules.directive.obligation(key)
    return obligation.title if obligation else key
