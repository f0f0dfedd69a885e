"""The configuration as the program uses it: frozen values, every path resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from automator.core.calendar import Calendar
from automator.core.decisions import Decisions
from automator.core.directive import Directive, Policy
from automator.errors import ConfigError


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
class MailConfig:
    """How mail leaves. `transport`: "folder" (.eml files in `folder`) or "smtp".

    `sender` (key `from`), `reply_to` and `redirect_to` are bare addresses; `redirect_to` takes
    the place of every recipient. `security`: "starttls", "tls" or "none" (loopback only).
    `user` "" sends without logging in. `allow_domains` are domains whose addresses need no
    approval when a school's address changes.
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

    def password(self, environ: Mapping[str, str]) -> str:
        """Return the password from its variable or file, "" where neither is named.

        A file's final line break is not part of it. Raises ConfigError, which names the
        variable or the file and never what is in it.
        """
        if self.password_env:
            return _from_environment(self.password_env, environ)
        if self.password_file is not None:
            return _from_file(self.password_file)
        return ""


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    value = environ.get(name, "")
    if not value:
        msg = f"the environment variable {name}, named in [mail] password_env, is not set"
        raise ConfigError(msg, hint=f"set {name}, or name a file in [mail] password_file")
    return value


def _from_file(path: Path) -> str:
    msg = f"[mail] password_file {path} cannot be read as text"
    try:
        value = path.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(msg, hint="it holds the password and nothing else") from error
    if not value:
        msg = f"[mail] password_file {path} is empty"
        raise ConfigError(msg, hint="it holds the password and nothing else")
    return value


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
