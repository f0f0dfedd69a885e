"""HTTP on loopback: threads, keep-alive, faults on demand."""

import contextlib
import json
import socket
import threading
import traceback
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qs, urlsplit

from .api import Api, Call, query_of
from .faults import HTML, ApiError, Counts, Fault, Faults, Json
from .tokens import Refused

WORDS = {404: "Not Found", 429: "Too Many Requests"}


class Request(NamedTuple):
    """A request as it came in; `body` is its JSON, for the token endpoint its form."""

    method: str
    path: str
    body: Any


class Answer(NamedTuple):
    """A status and a body, JSON unless it is text."""

    status: int
    body: Json | str


@dataclass
class State:
    """What the threads share."""

    api: Api = field(default_factory=Api)
    counts: Counts = field(default_factory=Counts)
    faults: Faults = field(default_factory=Faults)
    requests: list[Request] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    broken: list[str] = field(default_factory=list)
    open: set[socket.socket] = field(default_factory=set)

    def came(self, kind: str, request: Request) -> Fault | None:
        """Note a request; return the fault that strikes it."""
        with self.api.lock:
            self.counts.add(kind)
            self.requests.append(request)
            return self.faults.struck(kind)


class Server(ThreadingHTTPServer):
    """One server of one test."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, state: State, port: int = 0) -> None:
        self.state = state
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that hangs up."""

    def close_all(self) -> None:
        """Close the door and every connection, kept alive or not."""
        self.server_close()
        for line in tuple(self.state.open):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    @property
    def state(self) -> State:
        """What the threads share."""
        return cast("Server", self.server).state

    def setup(self) -> None:
        """Remember the connection, so that the server can close it."""
        super().setup()
        self.state.open.add(self.connection)

    def finish(self) -> None:
        """Forget it."""
        self.state.open.discard(self.connection)
        super().finish()

    def do_GET(self) -> None:
        """A read."""
        self._serve("read")

    def do_POST(self) -> None:
        """A write, or a token."""
        self._serve("token" if urlsplit(self.path).path == "/token" else "write")

    def do_PUT(self) -> None:
        """A write."""
        self._serve("write")

    def _serve(self, kind: str) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        body, refused = _parsed(data, kind)
        fault = self.state.came(kind, Request(self.command, path, body))
        if fault is None:
            self._send(refused or self._answer(kind, body))
            return
        self.state.stopping.wait(fault.delay)
        if fault.deed is not None:
            fault.deed()
        harmless = not (fault.status or fault.cut or fault.body is not None)
        done = self._answer(kind, body) if harmless or fault.applied else None
        if fault.cut:
            self._cut(done)
        elif fault.body is not None:
            self._send(Answer(fault.status or 200, fault.body), fault.retry_after)
        elif fault.status:
            self._send(faulty(fault.status), fault.retry_after)
        else:
            self._send(cast("Answer", done))

    def _answer(self, kind: str, body: Any) -> Answer:
        split = urlsplit(self.path)
        authorization = self.headers.get("Authorization")
        try:
            if kind == "token":
                return Answer(200, self.state.api.tokens.grant(body))
            call = Call(self.command, split.path, query_of(split.query), body, authorization)
            return Answer(200, self.state.api.answer(call))
        except ApiError as refused:
            return Answer(refused.code, refused.body)
        except Refused as refused:
            return Answer(400, refused.body)
        except Exception as broken:
            self.state.broken.append(traceback.format_exc())  # the test fails at its end
            return Answer(501, {"error": {"code": 501, "message": repr(broken), "status": "TEST"}})

    def _send(self, answer: Answer, retry_after: int | str | None = None) -> None:
        html = isinstance(answer.body, str)
        text = answer.body if html else written(answer.body)
        data = str(text).encode()
        self.send_response(answer.status, WORDS.get(answer.status))
        kind = "text/html" if html else "application/json"
        self.send_header("Content-Type", f"{kind}; charset=UTF-8")
        self.send_header("Content-Length", str(len(data)))
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(data)

    def _cut(self, done: Answer | None) -> None:
        """Hang up: after half an answer if there is one, else before any."""
        if done is not None:
            data = json.dumps(done.body).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2])
            self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the header Date by Google's clock."""
        moment = self.state.api.tokens.now().timestamp() if timestamp is None else timestamp
        return super().date_time_string(moment)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its own name
        """Keep the tests' output clean."""


def written(body: Any) -> str:
    """Return a body as JSON. What stands in it many times as one object is written out once."""
    return _text(body, {})


def _text(value: Any, known: dict[int, str]) -> str:
    if isinstance(value, dict):
        if id(value) not in known:
            inner = (f"{json.dumps(k)}: {_text(v, known)}" for k, v in value.items())
            known[id(value)] = f"{{{', '.join(inner)}}}"
        return known[id(value)]
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return f"[{', '.join([_text(each, known) for each in value])}]"
    return json.dumps(value, ensure_ascii=False)


def faulty(status: int) -> Answer:
    """Return an injected error as Google words it."""
    return Answer(502, HTML) if status == 502 else Answer(status, ApiError(status).body)


def _parsed(data: bytes, kind: str) -> tuple[Any, Answer | None]:
    """Return the body, and a refusal if it cannot be read."""
    if kind == "token":
        return parse_qs(data.decode()), None
    if not data:
        return None, None
    try:
        return json.loads(data), None
    except ValueError:
        refusal = ApiError(400, "Invalid JSON payload received. Unexpected token.")
        return data, Answer(400, refusal.body)
