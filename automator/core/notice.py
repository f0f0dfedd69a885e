"""What one unit, in one role, must be told now: data that a template can print as it is."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from automator.core.memory import TellKey
from automator.core.problem import Problem


class MailKind(StrEnum):
    """Kinds of mail, the gravest first: a mail is called after its gravest part."""

    ALERT = "alert"
    URGENT = "urgent"
    DIGEST = "digest"
    ESCALATE = "escalate"
    CHASE = "chase"
    CHANGED = "changed"
    REMIND = "remind"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One step that is told, with all that a mail says about it. Words are Vietnamese.

    `action` is the step's kind: remind, chase, escalate, received, changed or reopened.
    `due_words`: "trước ngày 25/02/2021, tức hết thứ Tư, ngày 24/02/2021". `days_left` and
    `days_late` count working days up to the last day and since it. `earlier`: when chases
    of this episode were told (an escalation lists them). `clause` is "" where the deadline
    is the office's own choice. `missing` are headers of expected cells left blank.
    `figures`: which days a report is about, "số liệu từ 15/02 đến 14/03/2021", where the name
    of its period does not say.
    """

    key: TellKey
    action: str
    obligation: str
    title: str
    period_words: str
    school: str
    school_name: str
    commune_name: str
    status: str
    reasons: tuple[str, ...]
    due_words: str
    last_day: date
    last_day_words: str
    days_left: int = 0
    days_late: int = 0
    clause: str = ""
    office_choice: bool = False
    missing: tuple[str, ...] = ()
    earlier: tuple[datetime, ...] = ()
    received_words: str = ""
    number: str = ""
    previous_due_words: str = ""
    figures: str = ""
    tab: str = ""
    link: str = ""
    range_words: str = ""  # "tháng 3–5" where periods before it are missing as well


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """What an urgent mail or a digest may say of an incident: never a raw cell, no story.

    `restricted`: a sensitive kind shown to a reader without need to know; then `kind_label`,
    `place`, `school_name` and `affected` are blank. `step` is "" in a digest. `blank` are the
    headers of expected cells left blank. `changes` say in words what is different now.
    """

    code: str
    level: int
    level_label: str
    kind_label: str
    place: str
    affected: int | None
    state: str
    school: str
    school_name: str
    commune_name: str
    occurred_words: str
    known_words: str
    report_due_words: str
    reported_words: str = ""
    late_words: str = ""  # by how much the report came late, or is
    acknowledged: bool = False
    told_police: str = ""
    told_commune: str = ""
    restricted: bool = False
    step: str = ""
    blank: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    where: str = ""  # "Vụ việc, dòng 12"
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLine:
    """One line of a summary table: an obligation (of one period) over a scope of schools.

    Rates are None where nothing was expected (printed "–").
    """

    unit: str
    unit_name: str
    obligation: str
    title: str
    period: str | None
    period_words: str
    due_words: str
    expected: int
    on_time: int
    late: int
    returned: int
    missing: int
    open: int
    open_received: int
    completeness: float | None
    timeliness: float | None
    named_day: int = 0
    extended: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """One finding in words, for a list in a digest or the tab Tình trạng."""

    school: str
    school_name: str
    commune_name: str
    obligation: str
    title: str
    period_words: str
    status: str
    status_words: str
    reason_words: tuple[str, ...]
    due_words: str
    last_day: date
    days_late: int
    received_words: str = ""
    late_words: str = ""  # of an event, to the minute; other lateness counts working days
    note: str = ""
    tab: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftLine:
    """A soft duty: how many schools of the scope have noted something for it."""

    title: str
    clause: str
    done: int
    schools: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The weekly summary of one audience's scope.

    `audience`: principal, commune, police or office. `weeks` are ISO weeks, `first_day` and
    `last_day` the days they cover (Monday to Sunday). `lines`: for a principal every
    finding of the school, for the others those that need attention (empty where the
    audience sees counts only: `names` False). Of the `asked` schools of the newest period that is
    over, by its own roster, `no_incident` have reported that nothing happened and `silent` have
    not reported.
    `stale`: words about tabs whose last good rows stand.
    """

    audience: str
    scope_name: str
    schools: int
    weeks: tuple[str, ...]
    first_day: date
    last_day: date
    rates: tuple[RateLine, ...]
    by_commune: tuple[RateLine, ...]
    lines: tuple[FindingLine, ...]
    attention: tuple[FindingLine, ...]
    incidents: tuple[IncidentView, ...]
    incidents_total: int
    incidents_by_level: tuple[int, int, int]
    asked: int
    no_incident: int
    silent: int
    soft: tuple[SoftLine, ...]
    names: bool = True
    stale: tuple[str, ...] = ()
    todo: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertItem:
    """Something that only the operator can mend: what, where, what to do. Vietnamese."""

    code: str
    title: str
    detail: str
    remedy: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """All that one unit in one role must be told now; it becomes one mail.

    `addressee` stands behind "Kính gửi:". `reader` is how the text turns to the reader:
    "Thầy/Cô" for a principal, else a title ("Quý cơ quan", "Lãnh đạo Phòng").
    `why` says in one sentence why the reader gets it. `problems` are cells of the reader's
    own school to mend. `foreseen` are the steps that the office reads before they go out.
    """

    id: str
    unit: str
    role: str
    kind: MailKind
    addressee: str
    unit_name: str
    recipients: tuple[str, ...]
    now: datetime
    items: tuple[Item, ...] = ()
    digest: Digest | None = None
    incident: IncidentView | None = None
    alerts: tuple[AlertItem, ...] = ()
    problems: tuple[Problem, ...] = ()
    foreseen: tuple[Item, ...] = ()
    foreseen_from: str = ""  # "14 giờ 00"
    keys: tuple[TellKey, ...] = ()
    weeks: tuple[str, ...] = ()
    thread: str = ""  # the conversation: "principal/TH-MY-LAC" or "urgent/VV-2021-014"
