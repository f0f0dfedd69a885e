"""The configuration as the program uses it: frozen values, every path resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from automator.config import passwords
from automator.core.budget import Limits
from automator.core.calendar import Calendar
from automator.core.decisions import Decisions
from automator.core.directive import Directive, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookConfig:
    """One workbook: where it is read, and where its status goes.

    `id` names it in the ledger. `source`: "xlsx" or "google". `path` is the file of an xlsx
    source, `status_path` the sibling that is written (both None for Google).
    `credentials` is the key file of a Google service account; `api_endpoint` replaces
    Google's address ("" for Google's own). `publish`: "neutral", "all" or "counts".
    `incidents` is a second workbook that holds the tab Vụ việc.
    """

    id: str
    source: str = "xlsx"
    path: Path | None = None
    status_path: Path | None = None
    spreadsheet_id: str = ""
    credentials: Path | None = None
    publish: str = "all"
    api_endpoint: str = ""
    incidents: "WorkbookConfig | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapConfig:
    """The mailbox of the sending address, read over IMAP and never changed.

    `security`: "tls", "starttls" or "none" (loopback only). `sent` is the folder in which the
    provider files what it has sent, "auto" for the one it marks so; `inbox` the one in which
    undeliverable mail comes back. `section` is the table that holds user and password.
    """

    host: str
    port: int
    user: str
    security: str = "tls"
    password_env: str = ""
    password_file: Path | None = None
    section: str = "[mail.imap]"
    ca_file: Path | None = None
    timeout: timedelta = timedelta(seconds=30)
    sent: str = "auto"
    inbox: str = "INBOX"

    def password(self, environ: Mapping[str, str]) -> str:
        """Return the password. Raises ConfigError (`passwords.read`)."""
        return passwords.read(self.section, self.password_env, self.password_file, environ)


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimConfig:
    """What signs mails sent by SMTP: `selector` is the key's name in the DNS of `domain`."""

    domain: str
    selector: str
    key_file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class MailConfig:
    """How mail leaves. `transport`: "folder" (.eml files in `folder`) or "smtp".

    `sender` (key `from`), `reply_to` and `redirect_to` are bare addresses; `redirect_to` takes
    the place of every recipient. `security`: "starttls", "tls" or "none" (loopback only).
    `user` "" sends without logging in. `allow_domains`, in ASCII: mail goes to no other
    domain, () to any. `timeout` is for each answer of the server, `total_timeout` for the whole
    of one mail, and of connecting and logging in. `imap` is the sender's mailbox, where it is
    read.
    """

    transport: str
    folder: Path
    sender: str
    sender_name: str
    reply_to: str
    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password_env: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    connections: int = 1
    redirect_to: str | None = None
    allow_domains: tuple[str, ...] = ()
    timeout: timedelta = timedelta(seconds=30)
    limits: Limits = field(default_factory=Limits)
    total_timeout: timedelta = timedelta(minutes=2)
    imap: ImapConfig | None = None
    dkim: DkimConfig | None = None

    def password(self, environ: Mapping[str, str]) -> str:
        """Return the password, "" where none is named. Raises ConfigError (`passwords.read`)."""
        return passwords.read("[mail]", self.password_env, self.password_file, environ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When the worker runs, local times. `digest_weekday` is ISO (Monday is 1).

    `watch`: how often incidents and receipts are looked at between daily runs. `chase_from`:
    the time of day before which nothing is chased (None: the daily run chases).
    """

    daily: time = time(7)
    digest_weekday: int = 1
    digest_at: time = time(7)
    watch: timedelta = timedelta(minutes=10)
    chase_from: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that config.toml and the overriding flags say.

    `path` is the file that was read, `packaged` that it was the one in the package because
    there was no other. `ledger` is an SQLAlchemy URL or a file's absolute path.
    `templates` is the office's own folder of mail templates (None: the packaged ones).
    `decisions` holds the waivers and extensions of the file.
    """

    path: Path
    packaged: bool
    directive: Directive
    policy: Policy
    calendar: Calendar
    workbook: WorkbookConfig
    ledger: str = field(repr=False)
    mail: MailConfig
    schedule: Schedule
    templates: Path | None = None
    decisions: Decisions = field(default_factory=Decisions)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of every local day and time."""
        return self.calendar.zone
