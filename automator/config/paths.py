"""Where the relative paths of config.toml and of the overriding flags start."""

from dataclasses import dataclass
from pathlib import Path

from automator import resources
from automator.config.model import DkimTable, ImapTable, IncidentsTable, MailTable, WorkbookTable
from automator.config.values import DkimConfig, ImapConfig, MailConfig, WorkbookConfig
from automator.core.budget import Limits
from automator.core.directive import Directive

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_IMAP_PORTS = {"tls": 993, "starttls": 143, "none": 143}
_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What flags set instead of the file; their relative paths start at `cwd`."""

    cwd: Path
    workbook: Path | None = None
    ledger: str | None = None
    outbox: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bases:
    """Folders at which relative paths start: that of the workbook's path, that of the others."""

    source: Path
    others: Path

    @classmethod
    def of(cls, file: Path, *, packaged: bool, cwd: Path) -> "Bases":
        """Return those of the config `file`: its folder.

        The packaged set-up may lie where nobody can write: only its sample workbook is found
        beside it, all else goes to the working directory.
        """
        folder = file.parent
        return cls(source=folder, others=cwd if packaged else folder)


def resolve(base: Path, path: str | Path) -> Path:
    """Return `path` as an absolute path, relative ones from `base`, "~" as the home."""
    return Path(base, Path(path).expanduser()).absolute()


def ledger(url: str, bases: Bases, over: Overrides) -> str:
    """Return the ledger as an absolute path or as an SQLAlchemy URL with an absolute path."""
    base = bases.others if over.ledger is None else over.cwd
    url = url if over.ledger is None else over.ledger
    if "://" not in url:
        return str(resolve(base, url))
    file = url.removeprefix(_SQLITE)
    if file == url or file in ("", ":memory:") or file.startswith(("/", "file:")):
        return url
    return f"{_SQLITE}{resolve(base, file)}"


def workbook(table: WorkbookTable, bases: Bases, over: Overrides) -> WorkbookConfig:
    """Return the main workbook with its incidents; a file given by flag takes its place."""
    identity = table.id or table.spreadsheet_id or "main"
    second = None
    if table.incidents is not None:
        second = _workbook(table.incidents, f"{identity}-incidents", bases, over)
    if over.workbook is None:
        return _workbook(table, "main", bases, over, incidents=second)
    path = resolve(over.cwd, over.workbook)
    return WorkbookConfig(
        id=identity,
        path=path,
        status_path=_status_path(path, over.cwd),
        publish=table.publish or "all",
        incidents=second,
    )


def _workbook(
    table: IncidentsTable,
    default_id: str,
    bases: Bases,
    over: Overrides,
    incidents: WorkbookConfig | None = None,
) -> WorkbookConfig:
    google = table.source == "google"
    path = None if google or not table.path else resolve(bases.source, table.path)
    credentials = table.credentials
    return WorkbookConfig(
        id=table.id or table.spreadsheet_id or default_id,
        source=table.source,
        path=path,
        status_path=path and _status_path(path, over.cwd),
        spreadsheet_id=table.spreadsheet_id or "",
        credentials=resolve(bases.others, credentials) if credentials else None,
        publish=table.publish or ("neutral" if google else "all"),
        api_endpoint=table.api_endpoint,
        incidents=incidents,
    )


def _status_path(source: Path, cwd: Path) -> Path:
    """Return where the status goes: beside the source, for packaged workbooks to `cwd`."""
    shipped = source.resolve().is_relative_to(resources.sheet_templates().resolve())
    folder = cwd.absolute() if shipped else source.parent
    return folder / f"{source.stem}.tinh-trang.xlsx"


def mail(table: MailTable, directive: Directive, bases: Bases, over: Overrides) -> MailConfig:
    """Return how mail leaves; who sends falls back to the office.

    An outbox given by flag means the folder: nothing may leave over SMTP then.
    """
    office = directive.office
    assert office is not None, "the checks see to it"
    own = over.outbox
    return MailConfig(
        transport=table.transport if own is None else "folder",
        folder=resolve(bases.others, table.folder) if own is None else resolve(over.cwd, own),
        sender=table.sender or office.emails[0],
        sender_name=table.sender_name or office.name,
        reply_to=table.reply_to or office.emails[0],
        host=table.host or "",
        port=table.port or _PORTS[table.security],
        security=table.security,
        user=table.user or "",
        password_env=table.password_env or "",
        password_file=_optional(table.password_file, bases),
        ca_file=_optional(table.ca_file, bases),
        connections=table.connections,
        redirect_to=table.redirect_to,
        allow_domains=tuple(table.allow_domains),
        timeout=table.timeout,
        limits=Limits(
            day=table.daily_limit, minute=table.per_minute, domain_minute=table.domain_per_minute
        ),
        total_timeout=table.total_timeout,
        imap=_imap(table, table.imap, bases) if table.imap else None,
        dkim=_dkim(table.dkim, bases) if table.dkim else None,
    )


def _dkim(own: DkimTable, bases: Bases) -> DkimConfig:
    return DkimConfig(
        domain=own.domain, selector=own.selector, key_file=resolve(bases.others, own.key_file)
    )


def _imap(mail: MailTable, own: ImapTable, bases: Bases) -> ImapConfig:
    """Return the sender's mailbox; its user and password are those of [mail] by default."""
    login = own if own.user else mail
    return ImapConfig(
        host=own.host,
        port=own.port or _IMAP_PORTS[own.security],
        security=own.security,
        user=login.user or "",
        password_env=login.password_env or "",
        password_file=_optional(login.password_file, bases),
        section="[mail.imap]" if own.user else "[mail]",
        ca_file=_optional(own.ca_file or mail.ca_file, bases),
        timeout=own.timeout or mail.timeout,
        sent=own.sent,
        inbox=own.inbox,
    )


def _optional(path: str | None, bases: Bases) -> Path | None:
    return resolve(bases.others, path) if path else None


def templates(table: MailTable, bases: Bases) -> Path | None:
    """Return the office's own folder of mail templates, None where there is none."""
    return _optional(table.templates, bases)
