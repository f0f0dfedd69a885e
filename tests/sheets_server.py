"""Google Sheets on loopback, for tests and for trying the Google path without an account.

    with SheetsServer() as google:
        key = google.key_file(tmp_path)
        book = google.create("Sổ", {"Kế hoạch": [["Trường", "Ngày"]]}, shared_with=[WORKER])

gspread and google-auth talk to it unpatched: the key file's token_uri is the server's, calls of
https://sheets.googleapis.com are taken here by an adapter (`sheets/redirect.py`, or the product's
`[workbook] api_endpoint`). Bodies are checked against Google's own description of the API, so
what Google would refuse is refused here.

By itself, from the root of the repository:

    python -m tests.sheets_server [FOLDER]

serves the sample workbook, writes a key file and a config.toml into FOLDER (a new temporary one
if none is given), prints that config.toml and serves until Ctrl-C. In another terminal:

    automator run --config FOLDER/config.toml --now 2021-02-22T07:00
"""

import argparse
import contextlib
import json
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType

if __name__ == "__main__":  # pytest puts this folder on the path by itself
    sys.path.insert(0, str(Path(__file__).parent))

from sheets import tokens
from sheets.api import Api, Handed, Written
from sheets.cells import Failed, Formula, Value
from sheets.clerks import OWNER, Clerks
from sheets.faults import ApiError, Counts, Fault
from sheets.redirect import GOOGLE, Redirect
from sheets.serving import Request, Server, State

__all__ = [
    "GOOGLE",
    "OWNER",
    "WORKER",
    "ApiError",
    "Failed",
    "Formula",
    "Redirect",
    "SheetsServer",
    "Value",
]
WORKER = "worker@project.iam.gserviceaccount.com"


class SheetsServer(Clerks):
    """A server for the time of a `with`. People's work is in `Clerks`; calls come by HTTP."""

    def __init__(self, port: int = 0) -> None:
        self.state = State()
        self._server = Server(self.state, port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> "SheetsServer":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.state.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.close_all()
        if error is None and self.state.broken:
            raise AssertionError("\n".join(self.state.broken))

    @property
    def url(self) -> str:
        """Where it listens: http://127.0.0.1:PORT."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def api(self) -> Api:
        """The spreadsheets and accounts themselves."""
        return self.state.api

    @property
    def calls(self) -> Counts:
        """How many reads, writes and tokens were asked for; calls.reset()."""
        return self.state.counts

    @property
    def requests(self) -> list[Request]:
        """Every request: method, path, body."""
        return self.state.requests

    @property
    def handed(self) -> list[Handed]:
        """Every read that was answered, exactly as it was answered."""
        return self.api.handed

    @property
    def written(self) -> list[Written]:
        """Every cell that a call has changed."""
        return self.api.written

    def key_file(self, folder: Path, email: str = WORKER, *, genuine: bool = True) -> Path:
        """Write the JSON key file of a service account that the server knows; return its path.

        One that is not `genuine` is signed with a key that the server does not know.
        """
        key = tokens.private_key(0 if genuine else 1)
        self.api.tokens.keys[email] = tokens.private_key(0).public_key()
        path = folder / f"{email.partition('@')[0]}-key.json"
        made = tokens.key_json(email, key, f"{self.url}/token")
        path.write_text(json.dumps(made, indent=2), encoding="utf-8")
        return path

    def person(self, email: str) -> str:
        """Return a refresh token with which a person's program asks for tokens."""
        token = f"1//{email}"
        self.api.tokens.people[token] = email
        return token

    def fail(
        self,
        nth: int = 1,
        status: int | None = None,
        *,
        retry_after: int | str | None = None,
        cut: bool = False,
        delay: float = 0.0,
        applied: bool = False,
        what: str = "call",
        times: int | None = 1,
        body: str | None = None,
    ) -> None:
        """Let the `nth` call from now on fail (1: the next); see `Fault` for the words."""
        fault = Fault(nth, status, retry_after, cut, delay, applied, what, times, body=body)
        with self.api.lock:
            self.state.faults.asked.append(fault)

    def meanwhile(self, deed: Callable[[], object], nth: int = 1, what: str = "call") -> None:
        """Do `deed` right before the `nth` call from now on: a clerk who is quicker."""
        with self.api.lock:
            self.state.faults.asked.append(Fault(nth, what=what, deed=deed))

    def heal(self) -> None:
        """Forget all faults that have not struck yet."""
        with self.api.lock:
            self.state.faults.asked.clear()

    def disable_api(self, project: str = "271828182845") -> None:
        """Answer as a project in which the API is not enabled; "" enables it."""
        self.api.disabled_in = project

    def clock(self, ahead: timedelta) -> None:
        """Set how far Google's clock is ahead of this machine's (negative: behind)."""
        self.api.tokens.ahead = ahead

    def expire_tokens(self) -> None:
        """Let no token that was handed out be of use any more."""
        with self.api.lock:
            self.api.tokens.granted.clear()

    def protected_answers(self, code: int) -> None:
        """Answer edits of protected cells with 400 (the usual) or 403."""
        self.api.protected_code = code


def demo(server: SheetsServer, place: Path) -> str:
    """Lay the sample workbook into the server; write key and config.toml, return its text."""
    from sheets.demo import SAMPLE, config, sheets

    from automator import resources

    tabs = sheets(resources.sheet_templates() / SAMPLE)
    book = server.create("Sổ theo dõi mẫu", tabs, shared_with=[WORKER])
    packaged = resources.config_file().read_text(encoding="utf-8")
    text = config(packaged, server.url, book, server.key_file(place))
    (place / "config.toml").write_text(text, encoding="utf-8")
    return text


def main(arguments: Sequence[str]) -> None:
    """Serve the sample workbook until Ctrl-C."""
    from sheets.demo import folder

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(
        "folder", nargs="?", default=None, help="where key and config.toml go; a new one else"
    )
    named = parser.parse_args(arguments).folder
    place = folder([named] if named else [])
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's "&" has it ignored
    with contextlib.suppress(KeyboardInterrupt), SheetsServer() as server:
        print(demo(server, place))
        print(f"# serving at {server.url}; this set-up is {place / 'config.toml'}", flush=True)
        server.state.stopping.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
