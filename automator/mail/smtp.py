"""Sends through an SMTP server: one logged-in yagmail connection for many messages.

What came of a message is told by the phase the talk was in: before the final dot it is still
ours (temporary), after it only the server knows (`in_doubt`).
"""

import ipaddress
import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from automator.core.message import Message, Refusal
from automator.errors import ConfigError, MailRefused
from automator.mail.base import MailSettings
from automator.mail.clean import clean_text
from automator.mail.mime import build, envelope
from automator.mail.phase import Phase

if TYPE_CHECKING:
    from automator.mail.connection import Client

SECURITIES = ("starttls", "tls", "none")
CLOSING = 421
TOO_BIG = 552
MOST_BREAKS = 3
"""So many mails after one another on which the line broke: the server is not well."""


class _Mail(NamedTuple):
    """What goes out at one `send`."""

    recipients: list[str]
    content: bytes
    handing_over: Callable[[], None] | None


class _Stale(Exception):
    """The server had closed the line before it heard of a recipient."""


class SmtpTransport:
    """Hands mails to one server, over one connection that it keeps.

    Raises ConfigError for a setting that can never work, MailRefused for a missing password.
    """

    def __init__(self, settings: MailSettings) -> None:
        _check(settings)
        self._settings = settings
        self._client: Client | None = None
        self._breaks = 0

    def check(self) -> None:
        """Refuse settings that cannot work; no connection is made."""
        _check(self._settings)

    def connect(self) -> None:
        """Connect and log in, unless that is done. Raises MailRefused."""
        if self._client is None:
            self._client = connect(self._settings)

    def send(
        self,
        message: Message,
        handing_over: Callable[[], None] | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Refusal | None:
        """Hand `message` over, once. Raises MailRefused if the server takes nothing at all.

        That is also so where the line broke at the last `MOST_BREAKS` mails: each may have
        cost `total_timeout`, and the next would too. A kept connection that the server closed
        meanwhile is opened again: it ended before the server had heard of any recipient.
        """
        content = build(message, self._settings)
        if isinstance(content, Refusal):
            return content
        self._still_well()
        if meanwhile is not None and self._client is None:  # to connect may take long
            meanwhile()
            meanwhile = None
        mail = _Mail(envelope(message, self._settings), content, handing_over)
        refusal = self._once(mail, meanwhile)
        self._breaks = 0 if self._client is not None else self._breaks + 1
        return refusal

    def _once(self, mail: "_Mail", meanwhile: Callable[[], None] | None) -> Refusal | None:
        """Hand over on the kept connection, or on a new one where it had gone stale."""
        kept = self._client is not None
        try:
            return self._hand_over(mail, meanwhile)
        except _Stale as gone:
            if not kept:
                return Refusal(reason=str(gone))
        if meanwhile is not None:  # to connect anew may take long
            meanwhile()
        try:
            return self._hand_over(mail, None)
        except _Stale as gone:
            return Refusal(reason=str(gone))

    def close(self) -> None:
        """Say goodbye to the server and let go of the connection."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            client.close()
        except (OSError, smtplib.SMTPException):  # it is gone already
            client.smtp.close()

    def _hand_over(self, mail: "_Mail", meanwhile: Callable[[], None] | None) -> Refusal | None:
        """Send once on the open connection, and read what the server made of it."""
        self.connect()
        assert self._client is not None
        smtp = self._client.smtp
        smtp.handing_over, smtp.meanwhile = mail.handing_over, meanwhile
        limit = smtp.largest()
        if limit and len(mail.content) > limit:
            words = f"the mail has {len(mail.content)} bytes, the server takes at most {limit}"
            return Refusal(reason=words, permanent=True)
        smtp.begin()
        try:
            refused = smtp.sendmail(self._settings.sender, mail.recipients, mail.content)
        except smtplib.SMTPSenderRefused as fault:
            return self._sender_refused(fault)
        except smtplib.SMTPRecipientsRefused as fault:
            return self._recipients_refused(fault.recipients)
        except smtplib.SMTPDataError as fault:
            return self._body_refused(fault)
        except (OSError, smtplib.SMTPException) as fault:
            return self._cut(f"{type(fault).__name__}: {' '.join(str(fault).split())}")
        except BaseException:  # the run is ended in mid-talk: no goodbye would be understood
            self._drop()
            raise
        if not refused:
            return None
        dead = [
            (to, _words(*answer)) for to, answer in sorted(refused.items()) if _is_dead(*answer)
        ]
        told = self._recipients_refused(refused)
        return replace(told, refused=tuple(sorted(refused)), dead=tuple(dead))

    def _sender_refused(self, fault: smtplib.SMTPSenderRefused) -> Refusal:
        """Judge an answer to MAIL FROM: 421 is an idle drop, a 5xx concerns every mail."""
        code, reason = fault.smtp_code, _words(fault.smtp_code, fault.smtp_error)
        if code == TOO_BIG:
            return Refusal(reason=reason, permanent=True)
        if code == CLOSING or not _is_answer(code):
            return self._cut(reason)
        if not _is_permanent(code):
            return Refusal(reason=reason)
        self._drop()
        msg = f"{_server(self._settings)} takes no mail from {self._settings.sender}: {reason}"
        raise MailRefused(msg, hint="check `from`, `user` and the password in [mail]")

    def _recipients_refused(self, answers: Mapping[str, tuple[int, bytes]]) -> Refusal:
        """Say which recipients were refused; for good only if each one was."""
        codes = [code for code, _ in answers.values()]
        if any(code == CLOSING or not _is_answer(code) for code in codes):
            self._drop()
        words = "; ".join(f"{to}: {_words(*answer)}" for to, answer in sorted(answers.items()))
        return Refusal(reason=words, permanent=all(map(_is_permanent, codes)))

    def _body_refused(self, fault: smtplib.SMTPDataError) -> Refusal:
        """Judge an answer to DATA or to the body; garbage after the dot leaves it in doubt."""
        code, reason = fault.smtp_code, _words(fault.smtp_code, fault.smtp_error)
        if not _is_answer(code):
            return self._cut(f"not an answer: {reason}")
        if code == CLOSING:
            self._drop()
        return Refusal(reason=reason, permanent=_is_permanent(code))

    def _cut(self, reason: str) -> Refusal:
        """Judge a line that broke off: the phase of the talk decides."""
        phase = self._client.smtp.phase if self._client else Phase.SENDER
        self._drop()
        if phase is Phase.SENDER:
            raise _Stale(reason)
        return Refusal(reason=reason, in_doubt=phase is Phase.HANDED_OVER)

    def _still_well(self) -> None:
        """Refuse to go on with a server that broke off again and again. Raises MailRefused."""
        if self._breaks >= MOST_BREAKS:
            msg = f"{_server(self._settings)} broke off {self._breaks} mails one after another"
            hint = "the next run tries again; `automator outbox list` says how each one ended"
            raise MailRefused(msg, hint=hint)

    def _drop(self) -> None:
        """Let go, without a word, of a connection that is no longer to be trusted."""
        client, self._client = self._client, None
        if client is not None:
            _abandon(client)


def connect(settings: MailSettings) -> "Client":
    """Return a logged-in connection. Raises MailRefused: password, certificate, no route."""
    from automator.mail.connection import Client

    tls = settings.security == "tls"
    context = None if settings.security == "none" else _context(settings)
    client = Client(
        user=settings.user or settings.sender,
        password=settings.password,
        host=settings.host,
        port=settings.port,
        smtp_ssl=tls,
        smtp_starttls={"context": context} if settings.security == "starttls" else False,
        smtp_skip_login=not settings.user,
        soft_email_validation=False,
        timeout=settings.timeout,
        total=settings.total_timeout,
        **({"context": context} if tls else {}),
    )
    client.user = settings.user  # yagmail makes "name@gmail.com" of a name without a domain
    try:
        client.login()
    except (OSError, smtplib.SMTPException, ValueError) as fault:  # a ValueError is of base64
        _abandon(client)
        raise _refused(fault, settings) from fault
    return client


def _abandon(client: "Client") -> None:
    """Close the socket; yagmail's own `close` would still talk to the server."""
    if client.smtp is not None:
        client.smtp.close()
    client.is_closed = True


def _refused(fault: Exception, settings: MailSettings) -> MailRefused:
    """Return the operator's error for a connection that did not come about."""
    server = _server(settings)
    match fault:
        case smtplib.SMTPAuthenticationError():
            words = _words(fault.smtp_code, fault.smtp_error)
            return MailRefused(
                f"{server} refused the login of {settings.user}: {words}",
                hint="check `user` and the password; one attempt was made, none will follow",
            )
        case smtplib.SMTPResponseException():
            words = _words(fault.smtp_code, fault.smtp_error)
            return MailRefused(
                f"{server} does not let us in: {words}",
                hint="a 4xx passes by itself; else check `host`, `port` and `security`",
            )
        case ssl.SSLCertVerificationError():
            return MailRefused(
                f"the certificate of {server} is not to be trusted: {fault.verify_message}",
                hint="check `host`; for an authority of your own, name it in `ca_file`",
            )
        case smtplib.SMTPNotSupportedError():
            return MailRefused(
                f"{server} does not offer what `security` and `user` ask for: {fault}",
                hint="check `port` and `security` (587: starttls, 465: tls)",
            )
        case UnicodeError():
            return MailRefused(
                f"the user or the password for {server} is not ASCII",
                hint="SMTP logins here are ASCII; use an app password",
            )
        case _:
            words = " ".join(str(fault).split()) or type(fault).__name__
            return MailRefused(
                f"no connection to {server}: {words}",
                hint="check `host`, `port`, `security` and the network",
            )


def _check(settings: MailSettings) -> None:
    """Refuse what no server could mend. Raises ConfigError or MailRefused."""
    if settings.security not in SECURITIES:
        msg = f"[mail] security is {settings.security!r}"
        raise ConfigError(msg, hint=f"expected one of {', '.join(SECURITIES)}")
    if not settings.host:
        raise ConfigError("[mail] host is missing", hint="name the server for transport smtp")  # noqa: EM101
    if settings.security == "none" and not is_loopback(settings.host):
        msg = f'[mail] security = "none" with host {settings.host}: mails would go unencrypted'
        raise ConfigError(msg, hint="use starttls or tls; none is for a server on loopback")
    if settings.user and not settings.password:
        msg = f"no password for {settings.user} at {settings.host}"
        hint = "set the variable named in `password_env`, or the file in `password_file`"
        raise MailRefused(msg, hint=hint)
    if settings.ca_file is not None:  # the system's own are there, and take long to load
        _context(settings)


def is_loopback(host: str) -> bool:
    """Tell whether `host` is this machine by its very name or number; nothing is looked up."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def _context(settings: MailSettings) -> ssl.SSLContext:
    """Return a context that verifies name and certificate. Raises ConfigError."""
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as fault:
        msg = f"[mail] ca_file {settings.ca_file}: {fault.strerror or fault}"
        raise ConfigError(msg, hint="name a file with certificates in PEM form") from fault


def _server(settings: MailSettings) -> str:
    return f"{settings.host}:{settings.port}"


def _is_answer(code: int) -> bool:
    """Tell whether a code is a refusal; anything else is garbage or a broken line."""
    return 400 <= code < 600


def _is_dead(code: int, answer: bytes | str) -> bool:
    """Tell whether an answer says that there is no such mailbox (RFC 3463, X.1.X)."""
    return _is_permanent(code) and _words(code, answer).startswith(f"{code} 5.1.")


def _is_permanent(code: int) -> bool:
    return 500 <= code < 600


def _words(code: int, answer: bytes | str) -> str:
    """Return a server's answer on one line, never longer than a line of a log."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return f"{code} {clean_text(text, 300)}".strip()
