"""The line to a server: nothing on it takes longer, or becomes larger, than was agreed.

smtplib waits its timeout for each byte: a server that sends one now and then holds it for ever.
"""

import smtplib
import socket
from time import monotonic
from typing import Any, NoReturn

LONGEST_LINE = 8192
LONGEST_ANSWER = 65_536
CHUNK = 4096
LAST_WORD = 5.0
"""Seconds that a goodbye may take."""
READY = 220
ENDS = (b"", b" ", b"\t", b"\r", b"\n", b"-")
"""What may follow the three digits of an answer."""


class Line:
    """Mixed into smtplib's connections: deadlines, bounded answers, no answer to no question.

    `timeout` is for one answer from its first byte to its last, `total` for connecting and
    logging in, and for each message; both in seconds. While `patient`, an answer may take all
    that is left of the total: after the final dot a server may scan the mail, and to leave
    then is to leave in doubt.
    """

    timeout: float
    patient = False

    def __init__(self, *given: Any, total: float, **named: Any) -> None:
        self._total = total
        self._rest = b""
        self.begin()
        super().__init__(*given, **named)

    def begin(self, seconds: float | None = None) -> None:
        """Give what follows `seconds` in all, the total by default."""
        self._until = monotonic() + (self._total if seconds is None else seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Return a connected socket, tried at each address of the host in turn."""
        last: OSError = OSError("the host has no address")
        for family, kind, proto, _, where in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        ):
            made = socket.socket(family, kind, proto)
            try:
                made.settimeout(self._left(timeout))
                made.connect(where)
            except OSError as fault:
                made.close()
                last = fault
            else:
                # without it a mail of a few packets waits 40 ms for an acknowledgement
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                made.settimeout(self._left())
                return made
        raise last

    def send(self, s: Any) -> None:
        """Send a command or a body. Refused where the server said more than it was asked."""
        this: Any = self
        self._in_step()
        if this.sock is not None:
            try:
                this.sock.settimeout(self._left())
            except TimeoutError as fault:
                self._give_up(str(fault), fault)
        super().send(s)  # type: ignore[misc]

    def docmd(self, cmd: str, args: str = "") -> tuple[int, bytes]:
        """Send a command and return the answer.

        What comes with the answer to STARTTLS came in clear, from anybody, and would be taken
        for an answer of the encrypted talk (as in CVE-2011-0411).
        """
        answer: tuple[int, bytes] = super().docmd(cmd, args)  # type: ignore[misc]
        if cmd.upper() == "STARTTLS":
            self._in_step()
        return answer

    def getreply(self) -> tuple[int, bytes]:
        """Return code and text of the next answer, -1 for what is none.

        Raises SMTPServerDisconnected if the line ends, the time is over, or the answer is endless.
        """
        left = self._until - monotonic()
        until = monotonic() + (left if self.patient else min(left, self.timeout))
        words: list[bytes] = []
        size = 0
        while True:
            line = self._line(until)
            size += len(line)
            if size > LONGEST_ANSWER:
                self._give_up("the answer has no end")
            words.append(line[4:].strip())
            if not _is_answer(line):
                return -1, b"\n".join(words) or line[:4].strip()
            if line[3:4] != b"-":
                self._leave_time()
                return int(line[:3]), b"\n".join(words)

    def quit(self) -> tuple[int, bytes]:
        """Say goodbye, and wait only a moment for the answer."""
        self.patient = False
        self.begin(min(self._total, LAST_WORD))
        answer: tuple[int, bytes] = super().quit()  # type: ignore[misc]
        return answer

    def _line(self, until: float) -> bytes:
        """Return the next line, its end included."""
        while (end := self._rest.find(b"\n") + 1) == 0:
            if len(self._rest) > LONGEST_LINE:
                self._give_up("a line of the answer has no end")
            self._rest += self._more(until)
        line, self._rest = self._rest[:end], self._rest[end:]
        return line

    def _more(self, until: float) -> bytes:
        """Return what has come, at least a byte of it."""
        this: Any = self
        if this.sock is None:
            self._give_up("please run connect() first")
        left = until - monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            this.sock.settimeout(left)
            chunk: bytes = this.sock.recv(CHUNK)
        except TimeoutError as fault:
            self._give_up("no answer in time", fault)
        except OSError as fault:
            self._give_up(f"Connection unexpectedly closed: {fault}", fault)
        if not chunk:
            self._give_up("Connection unexpectedly closed")
        return chunk

    def _left(self, most: float | None = None) -> float:
        """Return the seconds that are left, at most `most`. Raises TimeoutError if none is."""
        left = self._until - monotonic()
        if left <= 0:
            msg = "the time for this mail is over"
            raise TimeoutError(msg)
        return left if most is None else min(left, most)

    def _leave_time(self) -> None:
        """Let a TLS handshake that may follow have what is left, not another whole timeout."""
        this: Any = self
        if this.sock is not None:
            this.sock.settimeout(max(self._until - monotonic(), 0.001))

    def _in_step(self) -> None:
        """Refuse to go on where an answer waits to which nothing was asked."""
        if self._rest:
            self._give_up("the server said more than it was asked")

    def _give_up(self, why: str, fault: OSError | None = None) -> NoReturn:
        """Close the line. Raises SMTPServerDisconnected."""
        this: Any = self
        self._rest = b""
        this.close()
        raise smtplib.SMTPServerDisconnected(why) from fault


def _is_answer(line: bytes) -> bool:
    """Tell whether a line begins as RFC 5321 (4.2) has it: three digits, then an end or text."""
    return line[:3].isdigit() and line[3:4] in ENDS
