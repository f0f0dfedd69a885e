"""yagmail's connection, made fit for many mails: one login, known phase, no delay.

Imported only when mail goes out by SMTP: it loads yagmail.
"""

import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from typing import Any

import yagmail

from automator.mail.line import Line
from automator.mail.phase import Phase
from automator.mail.pipeline import Pipelined

MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5")
"""In the order in which one is chosen: the line is encrypted, or it is loopback."""


class _Told(Line):
    """What yagmail's smtplib connection does beside: mixed into the plain and the TLS one."""

    phase = Phase.SENDER
    handing_over: Callable[[], None] | None = None

    def mail(self, sender: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        """Name the sender: a new message begins."""
        self.phase = Phase.SENDER
        answer: tuple[int, bytes] = super().mail(sender, options)  # type: ignore[misc]
        return answer

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        """Name a recipient."""
        self.phase = Phase.RECIPIENTS
        answer: tuple[int, bytes] = super().rcpt(recip, options)  # type: ignore[misc]
        return answer

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the body. Any 2xx is a yes (RFC 5321, 4.2): smtplib knows only 250."""
        self.phase = Phase.BODY
        try:
            code, answer = super().data(msg)  # type: ignore[misc]
        finally:
            self.patient = False
        return (250 if 200 <= code < 300 else code), answer

    def send(self, s: Any) -> None:
        """Send a command (str) or the whole body with its final dot (bytes)."""
        is_body = self.phase is Phase.BODY and isinstance(s, bytes)
        if is_body and self.handing_over is not None:
            self.handing_over()
        super().send(s)
        if is_body:
            self.phase = Phase.HANDED_OVER
            self.patient = True

    def largest(self) -> int:
        """Return the bytes of the largest mail that the server takes, 0 where it does not say."""
        this: Any = self
        words = this.esmtp_features.get("size", "").split()
        said = words[0] if words else ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 20 else 0

    def login(self, user: str, password: str, **_: Any) -> tuple[int, bytes]:
        """Log in with one mechanism, once: each further try counts towards a lock-out."""
        this: Any = self
        this.ehlo_or_helo_if_needed()
        offered = this.esmtp_features.get("auth", "").upper().split()
        chosen = next((name for name in MECHANISMS if name in offered), None)
        if chosen is None:
            msg = "the server offers no login that is known here"
            raise smtplib.SMTPNotSupportedError(msg)
        this.user, this.password = user, password
        method = getattr(this, "auth_" + chosen.lower().replace("-", "_"))
        answer: tuple[int, bytes] = this.auth(chosen, method)
        return answer


class ToldSMTP(_Told, Pipelined, smtplib.SMTP):
    """A plain connection, upgraded by STARTTLS."""


class ToldSMTPS(_Told, Pipelined, smtplib.SMTP_SSL):
    """A connection that is TLS from its first byte."""

    context: ssl.SSLContext

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        return self.context.wrap_socket(plain, server_hostname=host)


class Client(yagmail.SMTP):  # type: ignore[misc]
    """yagmail with the connections of this module."""

    smtp: ToldSMTP | ToldSMTPS

    @property
    def connection(self) -> type[ToldSMTP] | type[ToldSMTPS]:
        """The class that yagmail's login makes its connection of."""
        return ToldSMTPS if self.ssl else ToldSMTP
