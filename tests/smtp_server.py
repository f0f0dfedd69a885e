"""A real SMTP server on loopback for the tests: STARTTLS, AUTH, and any bad manners asked for."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER = "nhac-viec"
PASSWORD = "mat-khau-thu"
OK = "250 OK"


@dataclass
class Manners:
    """How the server behaves. An answer of "cut" closes the line instead of answering."""

    sender: str = OK
    recipients: dict[str, str] = field(default_factory=dict)
    data: str = ""  # answer to the command DATA, "" for the usual 354
    body: str = OK  # answer after the final dot
    password: str = PASSWORD
    starttls: bool = True
    pipelining: bool = False


@dataclass
class Box:
    """What the server has seen. `file` takes a copy of each mail, as the folder Sent does."""

    mails: list[Envelope] = field(default_factory=list)
    logins: int = 0
    connections: int = 0
    lines: list[SMTP] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # every recipient named, taken or not
    file: Callable[[bytes], None] | None = None


class Handler:
    """Answers as the manners say."""

    def __init__(self, manners: Manners, box: Box) -> None:
        self.manners = manners
        self.box = box

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, name: str, words: list[str]
    ) -> list[str]:
        session.host_name = name
        return [*words[:-1], *["250-PIPELINING"] * self.manners.pipelining, words[-1]]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        self.box.lines.append(server)
        envelope.mail_from = address
        return await self._answer(server, self.manners.sender)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        self.box.asked.append(address)
        answer = self.manners.recipients.get(address, OK)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return await self._answer(server, answer)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.manners.body in (OK, "cut"):
            self.box.mails.append(envelope)
            if self.box.file is not None:
                assert envelope.original_content is not None
                self.box.file(envelope.original_content)
        return await self._answer(server, self.manners.body)

    async def _answer(self, server: SMTP, answer: str) -> str:
        if answer == "cut":
            assert server.transport is not None
            server.transport.abort()
        return answer


class Server(SMTP):
    """aiosmtpd, which can also misbehave at DATA."""

    manners: Manners
    over: Callable[[], None]

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.over()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if not self.manners.data:
            await super().smtp_DATA(arg)
        elif self.manners.data == "cut":
            self.transport.abort()
        else:
            await self.push(self.manners.data)
            self.transport.abort() if self.manners.data.startswith("354") else None


class Running(Controller):
    """Runs one server in a thread."""

    def __init__(self, manners: Manners, box: Box, context: ssl.SSLContext | None) -> None:
        self.manners, self.box, self.context = manners, box, context
        self._open, self._lines = 0, threading.Condition()
        super().__init__(Handler(manners, box), hostname="127.0.0.1", port=free_port())

    def factory(self) -> SMTP:
        """Make the server of one connection."""
        self.box.connections += 1
        self._count(1)
        made = Server(
            self.handler,
            tls_context=self.context if self.manners.starttls else None,
            auth_required=self.context is not None,
            auth_require_tls=self.context is not None,
            authenticator=self._login,
            loop=self.loop,
        )
        made.manners = self.manners
        made.over = lambda: self._count(-1)
        return made

    def _login(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        self.box.logins += 1
        assert isinstance(data, LoginPassword)
        good = (data.login, data.password) == (USER.encode(), self.manners.password.encode())
        return AuthResult(success=good, handled=good)

    def _count(self, more: int) -> None:
        with self._lines:
            self._open += more
            self._lines.notify_all()

    def until_quiet(self) -> None:
        """Wait until every client is gone and all that they have sent is dealt with."""
        with self._lines:
            assert self._lines.wait_for(lambda: self._open == 0, timeout=30)

    def drop_lines(self) -> None:
        """Close every connection, as a server does that has waited long enough."""

        async def drop() -> None:
            for line in self.box.lines:
                if line.transport is not None:
                    line.transport.abort()
            await asyncio.sleep(0)

        asyncio.run_coroutine_threadsafe(drop(), self.loop).result()


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(manners: Manners, context: ssl.SSLContext | None) -> Iterator[Running]:
    """Run a server for the time of a test."""
    server = Running(manners, Box(), context)
    server.start()
    try:
        yield server
    finally:
        server.stop()
