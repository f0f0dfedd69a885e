"""A server on loopback that answers each step of the talk as a test wants, for good or ill."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Self

CHUNK = b"x" * 65_536
FLOOD = 1600
"""Chunks of one line that never ends: 100 MB."""
SLOWLY = 0.02
"""Seconds between two bytes of a slow answer."""
ANSWERS = {
    "greeting": b"220 mail.phong.example ESMTP\r\n",
    "starttls": b"220 go ahead\r\n",
    "auth": b"235 welcome\r\n",
    "mail": b"250 OK\r\n",
    "rcpt": b"250 OK\r\n",
    "data": b"354 go ahead\r\n",
    "body": b"250 queued\r\n",
    "rset": b"250 OK\r\n",
    "quit": b"221 bye\r\n",
}
Act = Callable[["Talk"], None]


class Over(Exception):
    """The server closes the line."""


class Talk:
    """One connection; `secure` once it is encrypted."""

    def __init__(self, sock: socket.socket, server: "HostileServer") -> None:
        self.sock = sock
        self.server = server
        self.secure = False
        self._rest = b""

    def say(self, words: bytes) -> None:
        """Send these bytes."""
        self.sock.sendall(words)

    def until(self, end: bytes) -> bytes:
        """Return what comes up to `end`."""
        while end not in self._rest:
            more = self.sock.recv(65_536)
            if not more:
                raise Over
            self._rest += more
        found, _, self._rest = self._rest.partition(end)
        return found

    def encrypt(self) -> None:
        """Shake hands."""
        assert self.server.context is not None
        self.sock = self.server.context.wrap_socket(self.sock, server_side=True)
        self.secure, self._rest = True, b""


def cut(talk: Talk) -> None:
    """Close the line in place of an answer."""
    raise Over


def stall(talk: Talk) -> None:
    """Say nothing until the client goes."""
    while talk.sock.recv(65_536):
        pass
    raise Over


def slowly(talk: Talk) -> None:
    """Send one byte now and then of a line without end: no wait for a byte is ever long."""
    talk.say(b"250 ")
    while not talk.server.stopping.wait(SLOWLY):
        talk.say(b"x")


def endless_line(talk: Talk) -> None:
    """Send 100 MB without a line break."""
    for _ in range(FLOOD):
        talk.say(CHUNK)
        talk.server.flooded += len(CHUNK)


def endless_answer(talk: Talk) -> None:
    """Send one line of an answer after another, never the last."""
    while True:
        talk.say(b"250-and more\r\n" * 1000)


def no_handshake(talk: Talk) -> None:
    """Agree to STARTTLS and leave it at that."""
    talk.say(ANSWERS["starttls"])
    stall(talk)


def smuggled(talk: Talk) -> None:
    """Agree to STARTTLS; in clear, and at once, come answers for the talk that follows."""
    talk.say(ANSWERS["starttls"] + b"250-mail.phong.example\r\n250 AUTH PLAIN\r\n235 welcome\r\n")
    talk.encrypt()


def _end(sock: socket.socket) -> None:
    """Wake whoever waits on `sock`; below TLS, without a goodbye."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


class HostileServer:
    """Answers each step by `acts` (bytes, or what to do), else as a good server.

    Steps: greeting, ehlo, starttls, ehlo-tls, auth, mail, rcpt, rcpt:ADDRESS, data, body.
    `features` are the lines of EHLO once the line is encrypted.
    """

    def __init__(
        self,
        context: ssl.SSLContext | None,
        acts: Mapping[str, "bytes | Act"] | None = None,
        features: tuple[str, ...] = ("SIZE 30000000", "AUTH PLAIN LOGIN"),
    ) -> None:
        self.context = context
        self.acts = dict(acts or {})
        self.features = features
        self.mails: list[bytes] = []
        self.steps: list[str] = []
        self.connections = 0
        self.flooded = 0
        self.stopping = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._open: list[Talk] = []
        self._threads = [threading.Thread(target=self._listen)]

    def start(self) -> Self:
        """Begin to listen."""
        self._threads[0].start()
        return self

    def stop(self) -> None:
        """End every talk."""
        self.stopping.set()
        _end(self._listening)
        self._threads[0].join()  # from here on no talk begins
        for talk in self._open:
            _end(talk.sock)
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def _listen(self) -> None:
        while not self.stopping.is_set():
            try:
                sock, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            talk = Talk(sock, self)
            self._open.append(talk)
            thread = threading.Thread(target=self._talk, args=(talk,))
            self._threads.append(thread)
            thread.start()

    def _talk(self, talk: Talk) -> None:
        with contextlib.suppress(Over, OSError):
            self._act(talk, "greeting")
            while True:
                self._answer(talk, talk.until(b"\r\n").decode("latin-1"))
        talk.sock.close()

    def _answer(self, talk: Talk, line: str) -> None:
        word = line.partition(" ")[0].lower()
        match word:
            case "ehlo":
                self._act(talk, "ehlo-tls" if talk.secure else "ehlo", self._ehlo(talk))
            case "starttls":
                self._act(talk, word)
                if not talk.secure:
                    talk.encrypt()
            case "rcpt":
                address = line.partition("<")[2].partition(">")[0]
                self._act(talk, f"rcpt:{address}" if f"rcpt:{address}" in self.acts else word)
            case "data":
                if self._act(talk, word).startswith(b"354"):
                    self.mails.append(talk.until(b"\r\n.\r\n"))
                    self._act(talk, "body")
            case _:
                self._act(talk, word if word in ANSWERS else "rset")
                if word == "quit":
                    raise Over

    def _ehlo(self, talk: Talk) -> bytes:
        plain = ("STARTTLS",) if self.context else self.features
        lines = ["mail.phong.example", *(self.features if talk.secure else plain)]
        return b"".join(
            f"250{' ' if line is lines[-1] else '-'}{line}\r\n".encode() for line in lines
        )

    def _act(self, talk: Talk, step: str, answer: bytes = b"") -> bytes:
        """Do what the step asks for; return what was said."""
        self.steps.append(step)
        act = self.acts.get(step) or answer or ANSWERS[step.partition(":")[0]]
        if callable(act):
            act(talk)
            return b""
        talk.say(act)
        return act


@contextmanager
def hostile(
    context: ssl.SSLContext | None,
    acts: Mapping[str, bytes | Act] | None = None,
    features: tuple[str, ...] = ("SIZE 30000000", "AUTH PLAIN LOGIN"),
) -> Iterator[HostileServer]:
    """Run a server for the time of a test."""
    server = HostileServer(context, acts, features).start()
    try:
        yield server
    finally:
        server.stop()
