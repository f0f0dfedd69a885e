"""What every way to send has in common: the protocol, and the settings of the sender."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from automator.core.message import Message, Refusal


class Transport(Protocol):
    """Hands one message over, once: no retry, no ledger, no sleep."""

    def check(self) -> None:
        """Refuse, before the first message, what can be seen without sending.

        Raises an AutomatorError that says what the operator must mend.
        """

    def connect(self) -> None:
        """Be ready to send: at a server, connect and log in where that is not done yet.

        Called before the first message is claimed. Raises MailRefused, or OutboxUnwritable.
        """

    def send(
        self,
        message: Message,
        handing_over: Callable[[], None] | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Refusal | None:
        """Hand `message` over; None if every recipient was taken.

        `handing_over` is called right before the body leaves: from then until the answer
        only the server knows whether it has the message. `meanwhile` is work that must be done
        before that, called where time would pass idly: while the server reads the envelope. It may
        be called again.

        A `Refusal` with `refused` recipients was sent to the others. Raises MailRefused (or
        OutboxUnwritable) where nothing at all can be handed over: the run must stop.
        """

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimKey:
    """What signs the mails of `domain`: the numbers of an RSA key, published at `selector`."""

    domain: str
    selector: str
    numbers: Mapping[str, int] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """Who sends, and through which server. The folder uses the first four and `redirect_to`.

    `sender`, `reply_to`, `operator` and `redirect_to` are bare addresses; `redirect_to` takes
    the place of every recipient. `security`: starttls, tls or none (loopback only). `user` ""
    sends without logging in. `ca_file` replaces the system's certificates. `timeout` is in
    seconds, for each answer of the server; `total_timeout` for connecting and logging in, and
    for each mail. `domain` is that of Message-ID and List-Id, "" for the sender's own.
    `dkim` signs each mail, None does not.
    """

    sender: str
    sender_name: str
    reply_to: str
    operator: str
    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout: float = 30.0
    total_timeout: float = 120.0
    redirect_to: str | None = None
    domain: str = ""
    dkim: DkimKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapSettings:
    """The sender's mailbox: where it is read, and as whom.

    `security`: tls, starttls or none (loopback only). `ca_file` replaces the system's
    certificates. `timeout` is in seconds, for each step of the talk. `sent` is a folder's
    name, or "auto" for the one that the server marks so.
    """

    host: str
    port: int
    user: str
    security: str = "tls"
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout: float = 30.0
    sent: str = "auto"
    inbox: str = "INBOX"
