"""Decisions that end soon: the operator hears three working days before, and what follows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from automator.core.alerts import Alert
from automator.core.assess import Assessment, Rules, assess
from automator.core.calendar import ONE_DAY, start_of_day
from automator.core.deadline import extended_due, last_day
from automator.core.decisions import approval_key, moved_day, moved_days
from automator.core.finding import Instance
from automator.core.lines import period_words
from automator.core.locate import Location
from automator.core.memory import Memory
from automator.core.people import People
from automator.core.readers import EVERYONE
from automator.core.scenes import people_of
from automator.core.steps import Candidate, candidates
from automator.core.withheld import Scene
from automator.core.words import until_words

NOTICE = 3
"""How many working days before a decision's last day the operator hears of its end."""

_MAILS = {
    "remind": "thư nhắc trước hạn",
    "chase": "thư nhắc sau hạn",
    "escalate": "thư báo cáo lãnh đạo",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ending:
    """One decision with an end. `only_up`: of what follows, just what came up meanwhile."""

    subject: str
    what: str
    scope: str
    obligation: str
    period: str
    ends: datetime
    concerns: Callable[[Instance], bool]
    only_up: bool = False


def endings(
    memory: Memory, believed: Location, fresh: Assessment, scene: Scene, rules: Rules
) -> list[Alert]:
    """Return an alert for each decision in force that ends within three working days.

    What follows is found by judging the same rows (`believed`) at the instant of the end.
    """
    there = people_of(fresh, rules, scene.now)
    now, at_end = scene.now, dict[datetime, list[Candidate]]()
    found: list[Alert] = []
    for ending in (*_waivers(fresh, rules), *_extensions(fresh, rules), *_pauses(fresh, now)):
        if not _soon(ending.ends, now, rules):
            continue
        alert = Alert(code="ending", subject=ending.subject, line="")
        if alert.instance not in scene.desk.tellings.of_instance:  # else nobody reads the line
            if ending.ends not in at_end:
                at_end[ending.ends] = _steps_at(ending.ends, memory, believed, scene, rules)
            mails = _mails(ending, at_end[ending.ends], scene)
            alert = replace(alert, line=f"{_said(ending, rules, there)}; {mails}")
        found.append(alert)
    return list({a.instance: a for a in found}.values())


def _soon(ends: datetime, now: datetime, rules: Rules) -> bool:
    zone = rules.calendar.zone
    first = rules.calendar.shift_working_days(last_day(ends, zone), -NOTICE)
    return start_of_day(first, zone) <= now < ends


def _waivers(fresh: Assessment, rules: Rules) -> Iterator[_Ending]:
    for waiver in fresh.decisions.waivers:
        if waiver.valid_to is None or waiver.school not in fresh.register.schools:
            continue
        about = (waiver.school, waiver.obligation)
        yield _Ending(
            subject=approval_key(waiver),
            what="Miễn trừ",
            scope=f"school:{waiver.school}",
            obligation=waiver.obligation,
            period=waiver.period or "",
            ends=start_of_day(waiver.valid_to + ONE_DAY, rules.calendar.zone),
            concerns=lambda i, about=about: (i.school, i.obligation) == about,  # type: ignore[misc]
        )


def _extensions(fresh: Assessment, rules: Rules) -> Iterator[_Ending]:
    """Yield the extensions that are some school's latest: the end of another changes nothing."""
    latest = moved_days(fresh.decisions.extensions)
    days: dict[str, date | None] = {
        i.full_key: moved_day(i, latest) for i in fresh.instances if i.extended
    }
    for extension in fresh.decisions.extensions:
        obligation = rules.directive.obligation(extension.obligation)
        own = moved_days([extension])
        mine = frozenset(
            i.full_key
            for i in fresh.instances
            if i.extended and days[i.full_key] == extension.last_day == moved_day(i, own)
        )
        if obligation is None or not mine:
            continue
        yield _Ending(
            subject=approval_key(extension),
            what="Gia hạn",
            scope=extension.scope,
            obligation=extension.obligation,
            period=extension.period or "",
            ends=extended_due(obligation, extension.last_day, rules.calendar.zone),
            concerns=lambda i, mine=mine: i.full_key in mine,  # type: ignore[misc]
        )


def _pauses(fresh: Assessment, now: datetime) -> Iterator[_Ending]:
    for pause in fresh.decisions.pauses:
        if pause.running(now):
            yield _Ending(
                subject=f"pause/{pause.scope}/{pause.obligation or ''}/{pause.until.isoformat()}",
                what="Tạm dừng",
                scope=pause.scope,
                obligation=pause.obligation or "",
                period="",
                ends=pause.until,
                concerns=pause.concerns,
                only_up=True,
            )


def _steps_at(
    ends: datetime, memory: Memory, believed: Location, scene: Scene, rules: Rules
) -> list[Candidate]:
    """Return the steps of the instant at which a decision ends, the same rows standing."""
    then = assess(memory, believed, rules, ends)
    desk = replace(scene.desk, episodes=then.episodes, now=ends, asked=frozenset())
    return candidates(then.findings, desk)


def _mails(ending: _Ending, steps: list[Candidate], scene: Scene) -> str:
    """Say how many mails of which kind follow: what is up then, else what comes next."""
    lines: dict[tuple[str, str, str], Candidate] = {}
    for c in steps:
        if c.action not in _MAILS or not c.newest or not ending.concerns(c.finding.instance):
            continue
        line = (c.key.unit, c.key.role, c.finding.key)
        first = lines.get(line)
        if first is None or c.up_at < first.up_at:
            lines[line] = c
    going = {
        (c.key.unit, c.key.role, c.action)
        for c in lines.values()
        if c.key not in scene.memory.told and (c.up_at <= ending.ends or not ending.only_up)
    }
    counted = [(sum(a == kind for _, _, a in going), words) for kind, words in _MAILS.items()]
    said = ", ".join(f"{number} {words}" for number, words in counted if number)
    return f"sau đó dự kiến có {said}" if said else "sau đó không phát sinh thư nhắc"


def _said(ending: _Ending, rules: Rules, there: People) -> str:
    name = ending.scope.partition(":")[2]
    whom = "tất cả các trường" if ending.scope == EVERYONE else there.unit_name(name)
    obligation = rules.directive.obligation(ending.obligation)
    title = obligation.title if obligation else "mọi nội dung"
    about = f"{title} {period_words(ending.period) or ending.period}".strip()
    until = until_words(ending.ends, rules.calendar.zone)
    return f"{ending.what}: {whom}, {about}, có hiệu lực đến {until}"
