"""Why a candidate stays untold now: one ordered tuple of rules, the first match wins."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from automator.core.calendar import Calendar
from automator.core.deadline import add_span
from automator.core.directive import Policy
from automator.core.finding import Status
from automator.core.memory import Memory, TellKey
from automator.core.pauses import Pause, paused
from automator.core.register import School
from automator.core.steps import Candidate, Desk


class Withheld(StrEnum):
    """Why a step is not told now: `explain` prints it, `run` counts it."""

    NOT_IN_FORCE = "not_in_force"
    WAIVED = "waived"
    NOT_ASKED = "not_asked"
    UNREADABLE_TAB = "unreadable_tab"
    CLOSED = "closed"
    ALREADY_TOLD = "already_told"
    NEWER_STEP = "newer_step"
    NEXT_STEP_LATER = "next_step_later"
    NO_CHASE_YET = "no_chase_yet"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    NOT_SETTLED = "not_settled"
    DAY_OFF = "day_off"
    QUIET_HOURS = "quiet_hours"
    NO_ADDRESS = "no_address"
    ADDRESS_NOT_APPROVED = "address_not_approved"
    DOMAIN_NOT_ALLOWED = "domain_not_allowed"
    BOUNCED = "bounced"
    UNDELIVERABLE = "undeliverable"
    DAILY_CAP = "daily_cap"
    OLD_DUTY = "old_duty"
    PAUSED = "paused"
    BREAKER = "breaker"
    FIRST_RUN = "first_run"
    LEDGER_UNKNOWN = "ledger_unknown"


FOR_OPERATOR = frozenset(
    {
        Withheld.ADDRESS_NOT_APPROVED,
        Withheld.OLD_DUTY,
        Withheld.BREAKER,
        Withheld.FIRST_RUN,
        Withheld.LEDGER_UNKNOWN,
    }
)
"""Reasons that the operator decides: what they hold is a `held` message too."""


RESTORED = "restored"
ANOTHER = "another"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What the rules look at beside the candidate.

    `unknown`: why the ledger is not to be relied on: it is an older copy (`RESTORED`), or the
    roster is another (`ANOTHER`); "" where nothing is wrong, or the operator has let it go on.
    `recipients` are the addresses that mail may go to and reaches; `unapproved` wait for the
    operator, `refused` are of a domain that is not allowed (only readers who have such).
    """

    desk: Desk
    memory: Memory
    schools: Mapping[str, School]
    recipients: Mapping[tuple[str, str], tuple[str, ...]]
    not_asked: frozenset[str]
    stale: frozenset[str]  # tabs whose last good rows stand, or none at all
    doubtful: frozenset[str]  # tabs of a first read that the operator must release
    both_plans: frozenset[TellKey] | None  # breaker tripped: what both plans hold
    suspicious: frozenset[str]  # the tabs for which it tripped
    failed: frozenset[TellKey]
    secret: frozenset[str]  # instances whose row is marked MẬT
    chasing_closed: Mapping[str, datetime]  # instance -> from when it is chased no more
    pauses: tuple[Pause, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)  # instance -> the decision it awaits
    bounced: frozenset[tuple[str, str]] = frozenset()  # readers whose every address is dead
    unsure: frozenset[tuple[str, str]] = frozenset()  # readers to whom nothing is sent again
    again: frozenset[str] = frozenset()  # messages in doubt that go out once more now
    waits: frozenset[str] = frozenset()  # those that may do so in a later run
    unapproved: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    refused: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    only: frozenset[str] | None = None  # the instances whose principals are told; None: all
    unknown: str = ""

    @property
    def whole(self) -> bool:
        """Whether this run tells everything: no watch pass, no reminder by hand."""
        return not self.not_asked and self.only is None

    @property
    def now(self) -> datetime:
        """The instant of the run."""
        return self.desk.now

    def out_of_reach(self, unit: str, role: str) -> Withheld | None:
        """Return why no mail can go to a reader, None if one can."""
        who = (unit, role)
        if self.recipients.get(who):
            return None
        if who in self.unapproved:
            return Withheld.ADDRESS_NOT_APPROVED
        if who in self.refused:
            return Withheld.DOMAIN_NOT_ALLOWED
        return Withheld.BOUNCED if who in self.bounced else Withheld.NO_ADDRESS


Rule = Callable[[Candidate, Scene], bool]


def _not_in_force(c: Candidate, scene: Scene) -> bool:
    ends = c.obligation.ends
    one_off = c.finding.instance.period is None and c.finding.instance.incident is None
    return one_off and ends is not None and scene.now.date() > ends


def _waived(c: Candidate, _scene: Scene) -> bool:
    return c.finding.status is Status.EXEMPT


def _not_asked(c: Candidate, scene: Scene) -> bool:
    if scene.only is not None and (c.finding.key not in scene.only or c.key.role != "principal"):
        return True
    return c.obligation.tab in scene.not_asked


def _unreadable(c: Candidate, scene: Scene) -> bool:
    if c.obligation.tab in scene.suspicious:
        return False
    return c.finding.status is Status.UNKNOWN or c.obligation.tab in scene.stale


def _closed(c: Candidate, scene: Scene) -> bool:
    school = scene.schools.get(c.finding.instance.school)
    if school is None or not school.open_on(scene.now.astimezone(scene.desk.calendar.zone).date()):
        return True
    closing = scene.chasing_closed.get(c.finding.key)
    return closing is not None and scene.now >= closing and c.action in ("chase", "escalate")


def _already_told(c: Candidate, scene: Scene) -> bool:
    return c.key in scene.memory.told or _escalated_elsewhere(c, scene)


def _escalated_elsewhere(c: Candidate, scene: Scene) -> bool:
    """A period is escalated once, to whomever: the streak may grow, the school may move."""
    if c.action != "escalate" or not c.obligation.escalate_streak:
        return False
    return any(
        (key.episode, key.step) == (c.key.episode, c.key.step)
        and (key.role != c.key.role or (key.role == "commune" and key.unit != c.key.unit))
        for key, _ in scene.desk.tellings.of_instance.get(c.finding.key, ())
    )


def _newer_step(c: Candidate, scene: Scene) -> bool:
    return not c.newest and c.up_at <= scene.now


def _later(c: Candidate, scene: Scene) -> bool:
    return c.up_at > scene.now and not c.asked


def _no_chase_yet(c: Candidate, scene: Scene) -> bool:
    if c.action != "escalate":
        return False
    return not scene.desk.tellings.chases(c.finding.key, c.key.episode, scene.now)


def _day_off(_c: Candidate, scene: Scene) -> bool:
    return is_day_off(scene.now, scene.desk.calendar)


def _quiet(_c: Candidate, scene: Scene) -> bool:
    return is_quiet(scene.now, scene.desk.policy, scene.desk.calendar)


def _no_address(c: Candidate, scene: Scene) -> bool:
    return scene.out_of_reach(c.key.unit, c.key.role) is Withheld.NO_ADDRESS


def _not_approved(c: Candidate, scene: Scene) -> bool:
    return scene.out_of_reach(c.key.unit, c.key.role) is Withheld.ADDRESS_NOT_APPROVED


def _domain_not_allowed(c: Candidate, scene: Scene) -> bool:
    return scene.out_of_reach(c.key.unit, c.key.role) is Withheld.DOMAIN_NOT_ALLOWED


def _bounced(c: Candidate, scene: Scene) -> bool:
    return scene.out_of_reach(c.key.unit, c.key.role) is Withheld.BOUNCED


def _undeliverable(c: Candidate, scene: Scene) -> bool:
    """What came back is not sent once more to where it came back from."""
    return c.key in scene.failed or (c.again and (c.key.unit, c.key.role) in scene.unsure)


def _daily_cap(c: Candidate, scene: Scene) -> bool:
    return _reopened_today(c, scene) or capped(c.key.unit, c.key.role, scene)


def _reopened_today(c: Candidate, scene: Scene) -> bool:
    """However often it is given back, one mail a day says so."""
    if c.action != "reopened":
        return False
    zone = scene.desk.calendar.zone
    today = scene.now.astimezone(zone).date()
    return any(
        key.step == "reopened" and told.at.astimezone(zone).date() == today
        for key, told in scene.desk.tellings.of_instance.get(c.finding.key, ())
    )


def _old_duty(c: Candidate, scene: Scene) -> bool:
    """First seen long after its deadline: the operator is asked, not forty schools told."""
    desk = scene.desk
    if desk.policy.backfill == "send" or c.action not in ("chase", "escalate"):
        return False
    if f"old_duty/{c.finding.key}" in scene.memory.released:
        return False
    episode = desk.episodes[c.finding.key]
    past = add_span(episode.due_before, desk.policy.long_past, desk.calendar)
    return episode.cause == "owed" and episode.opened > past


def _paused(c: Candidate, scene: Scene) -> bool:
    return paused(scene.pauses, c.finding.instance, scene.now)


def _breaker(c: Candidate, scene: Scene) -> bool:
    if c.obligation.tab in scene.doubtful or c.finding.key in scene.secret:
        return True
    if c.finding.key in scene.moved and c.action != "received":
        return True
    if scene.both_plans is None or c.action not in ("remind", "chase", "escalate"):
        return False
    return c.key not in scene.both_plans


def _first_run(_c: Candidate, scene: Scene) -> bool:
    return not scene.memory.armed


def _ledger_unknown(_c: Candidate, scene: Scene) -> bool:
    return bool(scene.unknown)


def _before_chase_from(c: Candidate, scene: Scene) -> bool:
    """The office reads the list of the day first; what it enters by that hour stops a chase."""
    start = scene.desk.policy.chase_from
    if start is None or c.by_hour or c.action not in ("chase", "escalate"):
        return False
    return scene.now.astimezone(scene.desk.calendar.zone).time() < start


def is_day_off(now: datetime, calendar: Calendar) -> bool:
    """Tell whether `now` falls on a day without work at the office."""
    return not calendar.is_working_day(now.astimezone(calendar.zone).date())


def is_quiet(now: datetime, policy: Policy, calendar: Calendar) -> bool:
    """Tell whether `now` lies in the quiet hours [start, end), which may span midnight."""
    at = now.astimezone(calendar.zone).time()
    start, end = policy.quiet
    return start <= at < end if start <= end else at >= start or at < end


def capped(unit: str, role: str, scene: Scene) -> bool:
    """Tell whether the unit has had its mails of the day in that role (urgent ones apart)."""
    today = scene.now.astimezone(scene.desk.calendar.zone).date().isoformat()
    if scene.memory.sent_day != today:
        return False
    return scene.memory.sent_today.get((unit, role), 0) >= scene.desk.policy.daily_cap


def unready(scene: Scene) -> Withheld | None:
    """Return why a ledger tells the operator alone, None if it tells everybody."""
    if not scene.memory.armed:
        return Withheld.FIRST_RUN
    return Withheld.LEDGER_UNKNOWN if scene.unknown else None


RULES: tuple[tuple[Withheld, Rule], ...] = (  # first match wins: the order is policy
    (Withheld.NOT_IN_FORCE, _not_in_force),
    (Withheld.WAIVED, _waived),
    (Withheld.NOT_ASKED, _not_asked),
    (Withheld.UNREADABLE_TAB, _unreadable),
    (Withheld.CLOSED, _closed),
    (Withheld.ALREADY_TOLD, _already_told),
    (Withheld.NEWER_STEP, _newer_step),
    (Withheld.NEXT_STEP_LATER, _later),
    (Withheld.NO_CHASE_YET, _no_chase_yet),
    (Withheld.DAY_OFF, _day_off),
    (Withheld.QUIET_HOURS, _quiet),
    (Withheld.NO_ADDRESS, _no_address),
    (Withheld.ADDRESS_NOT_APPROVED, _not_approved),
    (Withheld.DOMAIN_NOT_ALLOWED, _domain_not_allowed),
    (Withheld.BOUNCED, _bounced),
    (Withheld.UNDELIVERABLE, _undeliverable),
    (Withheld.DAILY_CAP, _daily_cap),
    (Withheld.OLD_DUTY, _old_duty),
    (Withheld.PAUSED, _paused),
    (Withheld.BREAKER, _breaker),
    (Withheld.FIRST_RUN, _first_run),
    (Withheld.LEDGER_UNKNOWN, _ledger_unknown),
    (Withheld.NEXT_STEP_LATER, _before_chase_from),
)


def withheld(candidate: Candidate, scene: Scene) -> Withheld | None:
    """Return why `candidate` stays untold, or None if it must go out."""
    return next((why for why, holds in RULES if holds(candidate, scene)), None)


MOMENTARY = frozenset({Withheld.DAY_OFF, Withheld.QUIET_HOURS, Withheld.DAILY_CAP})
"""Reasons that pass by themselves: what the operator must decide waits behind them as well."""


def lasting(candidate: Candidate, scene: Scene) -> Withheld | None:
    """Return why `candidate` would stay untold at any hour of a working day, None if it went."""
    rules = (rule for rule in RULES if rule[0] not in MOMENTARY)
    return next((why for why, holds in rules if holds(candidate, scene)), None)


def waits_for_hour(candidate: Candidate, why: Withheld | None, scene: Scene) -> bool:
    """Tell whether a step is up, and withheld (`why`) only until `chase_from` of today."""
    return why is Withheld.NEXT_STEP_LATER and candidate.up_at <= scene.now
