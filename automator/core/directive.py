"""The directive: what each school owes, by when, with what evidence. Values, no rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Span:
    """A duration as the office writes it: `amount` of `unit`.

    Units: "working days", "days" (calendar), "hours", "minutes".
    """

    amount: int
    unit: str

    @property
    def clock(self) -> timedelta:
        """The duration as clock time. Raises ValueError for working days."""
        if self.unit == "working days":
            msg = "working days are counted on the calendar, not on the clock"
            raise ValueError(msg)
        return timedelta(**{self.unit: self.amount})


@dataclass(frozen=True, slots=True)
class Offset:
    """How far a step lies from its deadline: working days, or hours from `due_before`."""

    amount: int
    hours: bool = False

    def __str__(self) -> str:
        """Return the offset as steps are named: "5" or "6h"."""
        return f"{self.amount}h" if self.hours else str(self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """When an open finding is told: before (`remind`) and after (`chase`, `escalate`)."""

    remind: tuple[Offset, ...] = ()
    chase: tuple[Offset, ...] = ()
    escalate: tuple[Offset, ...] = ()


class Every(StrEnum):
    """The period of a recurring obligation."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


class Reckoning(StrEnum):
    """On which days months, quarters, half-years and years begin; weeks are the same in both."""

    CALENDAR = "calendar"  # March: 01/03 to 31/03
    ND09 = "nd09"  # NĐ 09/2019/NĐ-CP: the figures of March are those from 15/02 to 14/03


PeriodKind = tuple[Every, Reckoning]
"""How long a period is, and on which day it begins."""


class Shift(StrEnum):
    """Where a recurring deadline goes that falls on a day off."""

    NEXT = "next-working-day"
    PREVIOUS = "previous-working-day"
    NONE = "none"


class Expected(StrEnum):
    """In which periods a recurring obligation is expected."""

    SCHOOL_DAY = "school-day"
    WORKING_DAY = "working-day"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliesTo:
    """Which schools owe it; an empty tuple does not narrow. All that are set must hold."""

    levels: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One thing that each school owes.

    Exactly one of `before`, `by`, `every`, `within` is set on a hard one; a soft one has none,
    is never overdue and is matched in the tab Nhiệm vụ khác. `clause` is the directive's.
    `office_choice` marks a deadline that the office set and the directive does not name.
    `starts`/`ends`: the first and the last day on which it is in force (`from`, `until`).
    """

    id: str
    title: str
    clause: str
    tab: str = ""
    hard: bool = True
    office_choice: bool = False
    action: str = ""
    before: date | None = None
    by: date | None = None
    every: Every | None = None
    periods: Reckoning = Reckoning.CALENDAR
    on: int = 1  # the day of the month (week: ISO weekday) after the period
    shift: Shift = Shift.NONE
    expected_when: Expected = Expected.ALWAYS
    excepted: tuple[str, ...] = ()  # period labels that expect nothing
    within: timedelta | None = None
    of: str = "known_at"
    event_levels: tuple[int, ...] = (1, 2)
    cutoff: time | None = None
    grace: Span | None = None
    close_after: Span | None = None
    at_least: int = 1
    confirm: bool = False
    starts: date | None = None
    ends: date | None = None
    applies_to: AppliesTo = AppliesTo()
    ladder: Ladder = Ladder()
    reopen: Ladder | None = None
    escalate_streak: Mapping[int, str] = field(default_factory=dict)
    concerns: tuple[str, ...] = ()  # kinds of units that read about it in their digest

    @property
    def period_kind(self) -> PeriodKind | None:
        """The kind of its periods, None where it does not recur."""
        return (self.every, self.periods) if self.every is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An organisation other than a school: commune, town, ward, office, police, superior.

    `name` is its full official name. Valid on days d with valid_from <= d <= valid_to.
    The address lists other than `emails` are the office's; each is already resolved
    (an empty one in config falls back to `emails`).
    """

    id: str
    kind: str
    name: str
    emails: tuple[str, ...] = ()
    leader_emails: tuple[str, ...] = ()
    duty_emails: tuple[str, ...] = ()
    operator_emails: tuple[str, ...] = ()
    phone: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Tell whether the unit exists on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


LOCAL_AUTHORITIES = frozenset({"commune", "town", "ward"})
"""Kinds of units that are a school's local authority; each is told in the role commune."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """The công văn: its own data, its obligations in order, the units it concerns.

    `number` and `issued` may be blank: they are never invented. `year` is the year it governs.
    """

    title: str
    subject: str = ""
    issuer: str = ""
    number: str = ""
    issued: str = ""
    year: int = 0
    starts: date
    obligations: tuple[Obligation, ...] = ()
    units: tuple[Unit, ...] = ()
    _by_id: dict[str, Obligation] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        self._by_id.update((o.id, o) for o in reversed(self.obligations))

    def obligation(self, key: str) -> Obligation | None:
        """Return the obligation with that id, or None."""
        return self._by_id.get(key)

    @property
    def hard(self) -> tuple[Obligation, ...]:
        """The obligations that have statuses, in order."""
        return tuple(o for o in self.obligations if o.hard)

    @property
    def office(self) -> Unit | None:
        """The unit of kind office (there is one, config sees to it)."""
        return next((u for u in self.units if u.kind == "office"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How the office wants to judge and to tell; defaults as in the contract.

    `quiet` is the half-open span of local time in which only urgent mails go out.
    `forward_urgent`: "after_ack" or "at_once". `backfill`: "ask", "silent" or "send".
    """

    settle: timedelta = timedelta(minutes=30)
    backdate_tolerance: timedelta = timedelta(days=2)
    share: float = 0.2
    quiet: tuple[time, time] = (time(20), time(6))
    daily_cap: int = 3
    backfill: str = "ask"
    long_past: Span = Span(10, "working days")
    return_within: Span = Span(5, "working days")
    reopen: Ladder = Ladder(remind=(Offset(1),), chase=(Offset(1),), escalate=(Offset(3),))
    ack_within: timedelta = timedelta(hours=2)
    ack_within_level_1: timedelta = timedelta(minutes=30)
    forward_urgent: str = "after_ack"
    police_sees_names: bool = False
    digest_weekday: int = 1  # ISO: Monday
    digest_at: time = time(7)
    publish: str = "all"  # neutral, all or counts
    armed: bool = True  # False: a new ledger over SMTP, before `run --first-run`
    chase_from: time | None = None  # the office sees the list first; chases wait for this hour
    allow_domains: tuple[str, ...] = ()  # mail goes to no other domain; (): to any
