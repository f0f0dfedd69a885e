"""An SMTP server in a process of its own that takes every mail and forgets it: STARTTLS, AUTH.

It does as little as a server can, so that what the bench measures is the client. It answers
each command in its turn, several that came in one packet with one packet (RFC 2920).
"""

import multiprocessing
import socket
import ssl
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

USER, PASSWORD = "nhac-viec", "mat-khau-thu"
DOT = b"\r\n.\r\n"
CHUNK = 1 << 18


class Line:
    """One client's connection: commands in, answers out."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = sock
        self.context = context
        self.left = b""
        self.out: list[bytes] = []
        self.trusted = False
        self.taken = 0

    def talk(self) -> None:
        """Serve until the client goes."""
        self.sock.sendall(b"220 sink ESMTP\r\n")
        while (line := self._line()) is not None:
            word = line[:4].upper()
            if word == b"QUIT":
                self._say(b"221 bye")
                self._flush()
                return
            if word == b"STAR":
                self._upgrade()
            elif word == b"AUTH":
                self._log_in(line.split())
            elif word == b"DATA":
                self._take()
            else:
                self._say(self._answer(word))

    def _answer(self, word: bytes) -> bytes:
        if word == b"EHLO":
            more = (
                b"250 AUTH PLAIN LOGIN" if isinstance(self.sock, ssl.SSLSocket) else b"250 STARTTLS"
            )
            return b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n" + more
        if word in (b"MAIL", b"RCPT"):
            return b"250 OK" if self.trusted else b"530 log in first"
        return b"250 OK"

    def _upgrade(self) -> None:
        self._say(b"220 go on")
        self._flush()
        self.sock = self.context.wrap_socket(self.sock, server_side=True)
        self.left = b""

    def _log_in(self, words: list[bytes]) -> None:
        given = words[2] if len(words) > 2 else b""
        if words[1].upper() == b"LOGIN":
            self._ask(b"UGFzc3dvcmQ6")
            good = self._line() == b64encode(PASSWORD.encode())
        else:
            good = b64decode(given).split(b"\0")[1:] == [USER.encode(), PASSWORD.encode()]
        self.trusted = good
        self._say(b"235 welcome" if good else b"535 no")

    def _ask(self, challenge: bytes) -> None:
        self._say(b"334 " + challenge)

    def _take(self) -> None:
        """Read a body up to its dot."""
        self._say(b"354 go on")
        self._flush()
        parts, tail = [self.left], self.left
        while DOT not in tail:
            more = self.sock.recv(CHUNK)
            if not more:
                return
            parts.append(more)
            tail = tail[-len(DOT) :] + more
        whole = b"".join(parts)
        _body, _dot, self.left = whole.partition(DOT)
        self.taken += 1
        self._say(b"250 taken")

    def _say(self, answer: bytes) -> None:
        self.out.append(answer + b"\r\n")

    def _flush(self) -> None:
        if self.out:
            self.sock.sendall(b"".join(self.out))
            self.out.clear()

    def _line(self) -> bytes | None:
        """Return the next command; answers leave before more is waited for."""
        while b"\r\n" not in self.left:
            self._flush()
            more = self.sock.recv(CHUNK)
            if not more:
                return None
            self.left += more
        line, _, self.left = self.left.partition(b"\r\n")
        return line


def _serve(ready: Connection, chain: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ready.send(listening.getsockname()[1])
        while True:
            sock, _ = listening.accept()
            threading.Thread(target=_talk, args=(sock, context), daemon=True).start()


def _talk(sock: socket.socket, context: ssl.SSLContext) -> None:
    line = Line(sock, context)
    try:
        line.talk()
    except OSError:  # the client hung up
        pass
    finally:
        line.sock.close()


@contextmanager
def running(chain: Path) -> Iterator[int]:
    """Run the server with the certificate and key in `chain`; give its port."""
    start = multiprocessing.get_context("spawn")
    here, there = start.Pipe()
    process = start.Process(target=_serve, args=(there, chain), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()
