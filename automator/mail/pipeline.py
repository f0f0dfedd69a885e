"""One message in two exchanges where the server offers it: the envelope, then the body (RFC 2920).

smtplib waits for an answer to the sender, to each recipient and to DATA in turn.
"""

import re
import smtplib
from collections.abc import Callable, Sequence
from typing import Any

from automator.mail.phase import Phase

CLOSING = 421
GO_ON = 354
DOT = b".\r\n"
USUAL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
Answer = tuple[int, bytes]
Refused = dict[str, Answer]


class Pipelined:
    """Mixed into smtplib's connections: `sendmail` sends the envelope in one packet."""

    phase = Phase.SENDER
    patient = False
    meanwhile: Callable[[], None] | None = None
    """What to do while the server reads the envelope; done before the body leaves."""

    def sendmail(
        self,
        from_addr: str,
        to_addrs: str | Sequence[str],
        msg: Any,
        mail_options: Sequence[str] = (),
        rcpt_options: Sequence[str] = (),
    ) -> Refused:
        """Hand a message over and return who was refused; raises as smtplib's `sendmail` does.

        The body leaves only after every answer to the envelope was read, and only if one
        recipient at least was taken.
        """
        this: Any = self
        this.ehlo_or_helo_if_needed()
        plain = isinstance(to_addrs, str) or not isinstance(msg, bytes)
        if plain or mail_options or rcpt_options or not this.has_extn("pipelining"):
            self._do_meanwhile()
            refused: Refused = super().sendmail(  # type: ignore[misc]
                from_addr, to_addrs, msg, mail_options, rcpt_options
            )
            return refused
        self.phase = Phase.SENDER
        this.send(_envelope(from_addr, to_addrs, len(msg) if this.has_extn("size") else None))
        self._do_meanwhile()
        refused = self._answers(from_addr, to_addrs)
        self._body(msg)
        return refused

    def _do_meanwhile(self) -> None:
        work, self.meanwhile = self.meanwhile, None
        if work is not None:
            work()

    def _answers(self, sender: str, recipients: Sequence[str]) -> Refused:
        """Read the answers to an envelope. Raises where nobody will get the message."""
        this: Any = self
        mail = this.getreply()
        if mail[0] == CLOSING:
            this.close()
            raise smtplib.SMTPSenderRefused(mail[0], mail[1], sender)
        self.phase = Phase.RECIPIENTS
        refused: Refused = {}
        for to in recipients:
            answer = this.getreply()
            if answer[0] not in (250, 251):
                refused[to] = answer
            if answer[0] == CLOSING:
                this.close()
                raise smtplib.SMTPRecipientsRefused(refused)
        data = this.getreply()
        if mail[0] != 250:
            if len(refused) < len(recipients) and data[0] == GO_ON:
                this.close()  # it took recipients without a sender: a dot would mail them nothing
            else:
                self._undo(data)
            raise smtplib.SMTPSenderRefused(mail[0], mail[1], sender)
        if len(refused) == len(recipients):
            self._undo(data)
            raise smtplib.SMTPRecipientsRefused(refused)
        if data[0] != GO_ON:
            self._undo(data)
            raise smtplib.SMTPDataError(*data)
        return refused

    def _undo(self, data: Answer) -> None:
        """Leave the line ready for the next message.

        A server that says "go on" although it took no recipient is told an empty body, which
        reaches nobody (RFC 2920, 3.1); then it has an answer more.
        """
        this: Any = self
        if data[0] == CLOSING:
            this.close()
            return
        try:
            if data[0] == GO_ON:
                this.send(DOT.decode())
                this.getreply()
            this.rset()
        except smtplib.SMTPServerDisconnected:
            this.close()

    def _body(self, msg: bytes) -> None:
        """Send the body and its dot. Raises SMTPDataError for any answer but a yes."""
        this: Any = self
        self.phase = Phase.BODY
        try:
            this.send(_stuffed(msg))
            answer = this.getreply()
        finally:
            self.patient = False
        if 200 <= answer[0] < 300:
            return
        if 400 <= answer[0] < 600:  # anything else is no answer: nothing more is said
            self._undo(answer)
        raise smtplib.SMTPDataError(*answer)


def _envelope(sender: str, recipients: Sequence[str], size: int | None) -> str:
    """Return the commands that go out together; an address with a line break is none."""
    lines = [
        f"MAIL FROM:{_quoted(sender)}" + ("" if size is None else f" SIZE={size}"),
        *(f"RCPT TO:{_quoted(to)}" for to in recipients),
        "DATA",
    ]
    if any("\r" in line or "\n" in line for line in lines):
        msg = "command and arguments contain prohibited newline characters"
        raise ValueError(msg)
    return "".join(f"{line}\r\n" for line in lines)


def _quoted(address: str) -> str:
    """Return an address in angle brackets; a usual one without smtplib's parsing (30 µs)."""
    return f"<{address}>" if USUAL.fullmatch(address) else smtplib.quoteaddr(address)


def _stuffed(msg: bytes) -> bytes:
    """Return a body with its final dot; a line that begins with one gets another."""
    if b"\r\n." in msg or msg.startswith(b"."):
        msg = re.sub(rb"(?m)^\.", b"..", msg)
    return msg + DOT if msg.endswith(b"\r\n") else msg + b"\r\n" + DOT
