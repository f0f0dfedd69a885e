"""A small office that mails over SMTP: its folder, its server on loopback, its runs."""

import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import trustme
from command_line import Called, automator
from small_office import SCHOOLS, office, workbook
from smtp_server import PASSWORD, USER, Manners, Running, running

from automator.ledger import Ledger

AUTHORITY = trustme.CA()
FEB_26 = "2021-02-26T07:00:00+07:00"
MAIL = '[mail]\nfolder = "outbox"\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class MailOffice:
    """Three schools by default, of which one has sent its plan; `server` takes the mails."""

    folder: Path
    server: Running

    @property
    def config(self) -> Path:
        """The office's config.toml."""
        return self.folder / "config.toml"

    def arguments(self, now: str = FEB_26, *more: str) -> list[str]:
        """Return the arguments of a run at `now` that prints JSON."""
        return ["run", "--config", str(self.config), "--now", now, "--json", *more]

    def run(self, now: str = FEB_26, *more: str) -> Called:
        """Do one run in this process."""
        return automator(*self.arguments(now, *more))

    def call(self, *arguments: str) -> Called:
        """Call a command on this office."""
        return automator(*arguments, "--config", str(self.config))

    def states(self) -> dict[str, str]:
        """Return the state of each message by its first recipient."""
        with Ledger.open(str(self.folder / "automator.db"), "main", readonly=True) as ledger:
            return {row.recipients[0]: row.state.value for row in ledger.message_rows()}

    def arrived(self) -> list[str]:
        """Return to whom the mails went that the server has taken, in their order."""
        return [to for mail in self.server.box.mails for to in mail.rcpt_tos]

    def parsed(self) -> list[EmailMessage]:
        """Return the mails that the server has taken, parsed."""
        contents = (mail.content for mail in self.server.box.mails)
        return [message_from_bytes(c, policy=default) for c in contents if isinstance(c, bytes)]

    def subjects(self) -> list[str]:
        """Return the subjects of the mails that the server has taken."""
        contents = [mail.content for mail in self.server.box.mails]
        assert all(isinstance(content, bytes) for content in contents)
        return [
            str(message_from_bytes(bytes(content or b""), policy=default)["Subject"])
            for content in contents
        ]

    def contents(self) -> list[bytes]:
        """Return the mails that the server has taken, as they came."""
        return [bytes(mail.original_content or b"") for mail in self.server.box.mails]


def server_context() -> ssl.SSLContext:
    """Return the TLS side of a server on loopback."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("127.0.0.1").configure_cert(context)
    return context


@contextmanager
def mail_office(
    folder: Path,
    *,
    manners: Manners | None = None,
    mail: Mapping[str, object] | None = None,
    schools: Sequence[Sequence[object]] = SCHOOLS,
) -> Iterator[MailOffice]:
    """Give an office whose mail goes to a server of its own; `mail` are more keys of [mail]."""
    with running(manners or Manners(), server_context()) as server:
        AUTHORITY.cert_pem.write_to_path(folder / "ca.pem")
        (folder / "password").write_text(PASSWORD, "utf-8")
        keys: dict[str, object] = {
            "transport": "smtp",
            "host": "127.0.0.1",
            "port": server.port,
            "user": USER,
            "password_file": "password",
            "ca_file": "ca.pem",
            "from": "antq@phong.example",
            "timeout": "10s",
        }
        lines = [f"{name} = {_toml(value)}" for name, value in (keys | dict(mail or {})).items()]
        office(folder, {MAIL: "[mail]\n" + "\n".join(lines) + "\n"})
        workbook(folder / "so.xlsx", schools=schools)
        yield MailOffice(folder=folder, server=server)


def many(count: int) -> list[tuple[str, ...]]:
    """Return the rows of so many schools, all in one town, none with a plan but the first."""
    return [
        (*("TH-A", "Trường Tiểu học A") * (not n), *_named(n) * bool(n), *_rest(n))
        for n in range(count)
    ]


def _named(n: int) -> tuple[str, str]:
    return f"TH-{n:05}", f"Trường Tiểu học Số {n:05}"


def _rest(n: int) -> tuple[str, ...]:
    return "TH", "28036", f"th-{n:05}@truong.example"


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + " }"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()
