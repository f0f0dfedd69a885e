"""The keys of config.toml, as pydantic models: the edge, seen by nothing but this package.

A key that is not here is a fault. Meaning, default and an example of each: docs/config.md.
"""

from datetime import date, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from automator.config import fields
from automator.core.directive import Offset, Span

Day = Annotated[date, PlainValidator(fields.day)]
Clock = Annotated[time, PlainValidator(fields.clock)]
Cutoff = Annotated[time, PlainValidator(fields.cutoff)]
Duration = Annotated[timedelta, PlainValidator(fields.duration)]
PositiveDuration = Annotated[timedelta, PlainValidator(fields.positive_duration)]
Spanned = Annotated[Span, PlainValidator(fields.span)]
Rung = Annotated[Offset, PlainValidator(fields.offset)]
OnDay = Annotated[int, PlainValidator(fields.on_day)]
WeekdayTime = Annotated[tuple[int, time], PlainValidator(fields.weekday_and_time)]
Quiet = Annotated[tuple[time, time], PlainValidator(fields.quiet)]
Zone = Annotated[ZoneInfo, PlainValidator(fields.zone)]
Country = Annotated[str, PlainValidator(fields.country)]
Address = Annotated[str, PlainValidator(fields.address)]
Domain = Annotated[str, PlainValidator(fields.domain)]
Variable = Annotated[str, PlainValidator(fields.variable)]
Identifier = Annotated[str, PlainValidator(fields.identifier)]
TabKey = Annotated[str, PlainValidator(fields.tab_key)]
Text = Annotated[str, PlainValidator(fields.text)]
Line = Annotated[str, PlainValidator(fields.line)]
SheetId = Annotated[str, PlainValidator(fields.sheet)]
Endpoint = Annotated[str, PlainValidator(fields.endpoint)]
LedgerUrl = Annotated[str, PlainValidator(fields.ledger_url)]
Level = Literal["MN", "MG", "TH", "THCS", "TH&THCS", "THPT", "THCS&THPT", "GDTX"]
UnitKind = Literal["office", "police", "commune", "town", "ward", "superior"]


class Table(BaseModel):
    """One table of the file: no other keys, no silent conversion, no values in messages."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class DirectiveTable(Table):
    """[directive]"""

    title: Text
    subject: Line = ""
    issuer: Line = ""
    number: Line = ""
    issued: Line = ""
    year: Annotated[int, Field(ge=2000, le=2100)] | None = None
    starts: Day = Field(alias="from")


class IncidentsTable(Table):
    """[workbook.incidents]"""

    id: Text | None = None
    source: Literal["xlsx", "google"] = "xlsx"
    path: Text | None = None
    spreadsheet_id: SheetId | None = None
    credentials: Text | None = None
    publish: Literal["neutral", "all", "counts"] | None = None
    api_endpoint: Endpoint = ""


class WorkbookTable(IncidentsTable):
    """[workbook]"""

    incidents: IncidentsTable | None = None


class LedgerTable(Table):
    """[ledger]"""

    url: LedgerUrl = "automator.db"


class ImapTable(Table):
    """[mail.imap]"""

    host: Text
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Literal["tls", "starttls", "none"] = "tls"
    user: Text | None = None
    password_env: Variable | None = None
    password_file: Text | None = None
    ca_file: Text | None = None
    timeout: PositiveDuration | None = None
    sent: Text = "auto"
    inbox: Text = "INBOX"


class DkimTable(Table):
    """[mail.dkim]"""

    domain: Domain
    selector: Identifier
    key_file: Text


class MailTable(Table):
    """[mail]"""

    transport: Literal["folder", "smtp"] = "folder"
    folder: Text = "outbox"
    templates: Text | None = None
    host: Text | None = None
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: Text | None = None
    password_env: Variable | None = None
    password_file: Text | None = None
    ca_file: Text | None = None
    sender: Address | None = Field(default=None, alias="from")
    sender_name: Text | None = None
    reply_to: Address | None = None
    connections: Annotated[int, Field(ge=1, le=20)] = 1
    redirect_to: Address | None = None
    allow_domains: list[Domain] = Field(default_factory=list)
    timeout: PositiveDuration = timedelta(seconds=30)
    daily_limit: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    per_minute: Annotated[int, Field(ge=1, le=100_000)] | None = None
    domain_per_minute: Annotated[int, Field(ge=1, le=100_000)] | None = None
    total_timeout: PositiveDuration = timedelta(minutes=2)
    imap: ImapTable | None = None
    dkim: DkimTable | None = None


class LadderTable(Table):
    """The rungs of one ladder."""

    remind: list[Rung] | None = None
    chase: list[Rung] | None = None
    escalate: list[Rung] | None = None


class PolicyTable(Table):
    """[policy]; what is not set keeps the default of `core.directive.Policy`."""

    settle: Duration | None = None
    backdate_tolerance: Duration | None = None
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    quiet: Quiet | None = None
    daily_cap: Annotated[int, Field(ge=1, le=100)] | None = None
    backfill: Literal["ask", "silent", "send"] | None = None
    long_past: Spanned | None = None
    return_within: Spanned | None = None
    reopen: LadderTable | None = None
    ack_within: PositiveDuration | None = None
    ack_within_level_1: PositiveDuration | None = None
    forward_urgent: Literal["after_ack", "at_once"] | None = None
    police_sees_names: bool | None = None


class ScheduleTable(Table):
    """[schedule]"""

    daily: Clock = time(7)
    digest: WeekdayTime = (1, time(7))
    watch: PositiveDuration = timedelta(minutes=10)
    chase_from: Clock | None = None


class BreakTable(Table):
    """One school break, both days inclusive."""

    starts: Day = Field(alias="from")
    ends: Day = Field(alias="to")
    name: Line = ""


class CalendarTable(Table):
    """[calendar]"""

    timezone: Zone = ZoneInfo("Asia/Ho_Chi_Minh")
    country: Country = "VN"
    off: list[Day] = Field(default_factory=list)
    work: list[Day] = Field(default_factory=list)
    school_breaks: list[BreakTable] = Field(default_factory=list)
    periods: Literal["calendar", "nd09"] = "calendar"


class UnitTable(Table):
    """[[unit]]"""

    id: Identifier
    kind: UnitKind
    name: Text
    emails: list[Address] = Field(default_factory=list)
    leader_emails: list[Address] = Field(default_factory=list)
    duty_emails: list[Address] = Field(default_factory=list)
    operator_emails: list[Address] = Field(default_factory=list)
    phone: Line = ""
    valid_from: Day | None = None
    valid_to: Day | None = None


class AppliesToTable(Table):
    """Which schools owe an obligation."""

    levels: list[Level] = Field(default_factory=list)
    communes: list[str] = Field(default_factory=list)
    schools: list[str] = Field(default_factory=list)


class ObligationTable(Table):
    """[[obligation]]"""

    id: Identifier
    title: Text
    clause: Line = ""
    strength: Literal["hard", "soft"] = "hard"
    tab: TabKey | None = None
    action: Line = ""
    office_choice: bool = False
    before: Day | None = None
    by: Day | None = None
    every: Literal["week", "month", "quarter", "half-year", "year"] | None = None
    within: PositiveDuration | None = None
    cutoff: Cutoff | None = None
    grace: Spanned | None = None
    periods: Literal["calendar", "nd09"] | None = None
    on: OnDay = 1
    shift: Literal["next-working-day", "previous-working-day", "none"] = "none"
    expected_when: Literal["school-day", "working-day", "always"] = "always"
    excepted: list[str] = Field(default_factory=list, alias="except")
    starts: Day | None = Field(default=None, alias="from")
    ends: Day | None = Field(default=None, alias="until")
    close_after: Spanned | None = None
    of: Literal["known_at", "occurred_at"] = "known_at"
    event_levels: list[Annotated[int, Field(ge=1, le=3)]] = Field(default_factory=lambda: [1, 2])
    at_least: Annotated[int, Field(ge=1, le=100)] = 1
    confirm: bool = False
    applies_to: AppliesToTable = AppliesToTable()
    remind: list[Rung] | None = None
    chase: list[Rung] | None = None
    escalate: list[Rung] | None = None
    reopen: LadderTable | None = None
    escalate_streak: dict[str, Literal["leader", "office", "commune", "police"]] = Field(
        default_factory=dict
    )


class WaiverTable(Table):
    """[[waiver]], with the fields of the tab Miễn trừ."""

    school: Text
    content: Text
    period: Text | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    reason: Text


class ExtensionTable(Table):
    """[[extension]], with the fields of the tab Gia hạn."""

    scope: Text
    content: Text
    period: Text | None = None
    last_day: Day
    reason: Text


class PauseTable(Table):
    """[[pause]]: nobody is told about a scope; `until` is the last day."""

    scope: Text
    content: Text | None = None
    starts: Day | None = Field(default=None, alias="from")
    until: Day
    reason: Text


class File(Table):
    """The whole file."""

    directive: DirectiveTable
    workbook: WorkbookTable
    ledger: LedgerTable = LedgerTable()
    mail: MailTable = MailTable()
    policy: PolicyTable = PolicyTable()
    schedule: ScheduleTable = ScheduleTable()
    calendar: CalendarTable = CalendarTable()
    unit: list[UnitTable]
    obligation: list[ObligationTable]
    waiver: list[WaiverTable] = Field(default_factory=list)
    extension: list[ExtensionTable] = Field(default_factory=list)
    pause: list[PauseTable] = Field(default_factory=list)
