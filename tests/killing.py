"""Real worker processes that are killed with SIGKILL on their way, and what came of their mails.

A process that has loaded the program and its templates forks one worker a run, so that a run costs
no start-up.
"""

import json
import os
import re
import select
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from mail_office import MailOffice
from smtp_server import Handler

from automator.ledger import Ledger

FORKS = """
import contextlib, io, json, os, signal, sys
from jinja2 import Environment
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from automator.cli.app import main
import automator.ledger.ledger, automator.mail.connection, automator.mail.mime
import automator.mail.imap, automator.mail.render, automator.mail.smtp, automator.workbook.xlsx
import automator.cli.run, automator.workbook.publish, automator.doubting

def hook(number, moment, counted):
    seen = 0
    @event.listens_for(Engine, "commit")
    def before(connection):
        nonlocal seen
        seen += 1
        if (seen, moment) == (number, "before"):
            os.kill(os.getpid(), signal.SIGKILL)
    commit = Connection._commit_impl
    def and_after(self):
        commit(self)
        if (seen, moment) == (number, "after"):
            os.kill(os.getpid(), signal.SIGKILL)
    Connection._commit_impl = and_after
    return lambda: open(counted, "w").write(str(seen))

warmed, known, compile_ = False, {}, Environment.compile

def compiled(self, *given, **named):
    key = json.dumps([given, named], default=str)
    if key not in known:
        known[key] = compile_(self, *given, **named)
    return known[key]

Environment.compile = compiled  # templates are the same in every run

def warm(arguments):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        main([*arguments, "--dry-run"])

for line in sys.stdin:
    wish = json.loads(line)
    if not warmed:
        warm([a for a in wish["arguments"] if a != "--first-run"])
        warmed = True
    pid = os.fork()
    if pid == 0:
        out = os.open(wish["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        counted = hook(wish["number"], wish["moment"], wish["out"] + ".commits")
        code = 70
        try:
            main(wish["arguments"])
        except SystemExit as end:
            code = end.code
        finally:
            counted()
            sys.stdout.flush()
            os._exit(code)
    print(pid, flush=True)
    print(os.waitpid(pid, 0)[1], flush=True)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """When a worker dies: at a commit of its ledger, a word of the server, or after a while.

    `number` counts the commits, or the times that the server has heard `word`; `moment` is
    "before" or "after" the commit; `seconds` run from the start of the worker.
    """

    number: int = 0
    moment: str = ""
    word: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a worker ended: its exit code, or minus the signal; its words, commits and seconds."""

    code: int
    said: str
    commits: int
    seconds: float


class Deadly(Handler):
    """A server that kills its client at the `number`th time that it hears `word`."""

    def __init__(self, office: MailOffice) -> None:
        super().__init__(office.server.manners, office.server.box)
        self.left, self.word, self.pid = 0, "", 0

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802
        self._heard("RCPT")
        return await super().handle_RCPT(*given)

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(*given)
        self._heard("DATA")
        return answer

    def _heard(self, word: str) -> None:
        self.left -= word == self.word
        if word == self.word and self.left == 0 and self.pid:
            os.kill(self.pid, signal.SIGKILL)


@dataclass
class Workers:
    """Starts workers on an office, one after another."""

    office: MailOffice
    process: "subprocess.Popen[str]"
    deadly: Deadly = field(init=False)

    def __post_init__(self) -> None:
        self.deadly = Deadly(self.office)
        self.office.server.handler = self.deadly

    def run(self, now: str, death: Death | None = None) -> Ran:
        """Do one run at `now`, up to its end or its death; then nobody talks to the server."""
        end = death or Death()
        out = self.office.folder / "said"
        Path(f"{out}.commits").unlink(missing_ok=True)
        wish = {
            "arguments": self.office.arguments(now, "--first-run"),
            "number": 0 if end.word else end.number,
            "moment": end.moment,
            "out": str(out),
        }
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.deadly.word, self.deadly.left, self.deadly.pid = "", 0, 0
        begun = monotonic()
        self.process.stdin.write(json.dumps(wish) + "\n")
        self.process.stdin.flush()
        pid = int(self.process.stdout.readline())
        self.deadly.pid, self.deadly.left, self.deadly.word = pid, end.number, end.word
        if (
            end.seconds is not None
            and not select.select([self.process.stdout], [], [], end.seconds)[0]
        ):
            os.kill(pid, signal.SIGKILL)
        status = int(self.process.stdout.readline())
        seconds = monotonic() - begun
        self.office.server.until_quiet()
        commits = Path(f"{out}.commits")
        return Ran(
            code=os.waitstatus_to_exitcode(status),
            said=out.read_text("utf-8", "replace"),
            commits=int(commits.read_text()) if commits.exists() else 0,
            seconds=seconds,
        )


@contextmanager
def workers(office: MailOffice) -> Iterator[Workers]:
    """Give workers for an office."""
    paths = os.pathsep.join([str(Path(__file__).parent.parent), *sys.path])
    with subprocess.Popen(
        [sys.executable, "-c", FORKS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
    ) as process:
        try:
            yield Workers(office, process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A killed run, and the one after it. `doubted`: ids of which nobody knew at the kill."""

    killed: Ran
    after: Ran
    doubted: frozenset[str]
    states: dict[str, str]
    recipients: frozenset[str]
    copies: dict[str, list[bytes]]

    @property
    def lost(self) -> set[str]:
        """Messages on record that the server never had, and those that it had unrecorded."""
        return set(self.states) ^ set(self.copies)

    @property
    def twice(self) -> dict[str, int]:
        """How often messages came that came more than once."""
        counted = Counter({name: len(mails) for name, mails in self.copies.items()})
        return {name: times for name, times in counted.items() if times > 1}


def trial(here: Workers, death: Death, first: str, then: str, anew: Callable[[], None]) -> Trial:
    """Kill a run at `first` on a new ledger, and do one more at `then`. `anew` clears the rest."""
    office = here.office
    for file in office.folder.glob("automator.db*"):
        file.unlink()
    office.server.box.mails.clear()
    anew()
    killed = here.run(first, death)
    doubted = {name for name, row in _rows(office).items() if row[0] in ("sending", "in_doubt")}
    after = here.run(then)
    rows = _rows(office)
    copies: dict[str, list[bytes]] = defaultdict(list)
    for mail in office.contents():
        copies[_id(mail)].append(mail)
    return Trial(
        killed=killed,
        after=after,
        doubted=frozenset(doubted),
        states={name: state for name, (state, _) in rows.items()},
        recipients=frozenset(to for _, to in rows.values()),
        copies=dict(copies),
    )


def _rows(office: MailOffice) -> dict[str, tuple[str, str]]:
    """Return state and first recipient of each message; a superseded one is none any more."""
    with Ledger.open(str(office.folder / "automator.db"), "main", readonly=True) as ledger:
        rows = ledger.message_rows()
    return {r.id: (r.state.value, r.recipients[0]) for r in rows if r.state != "superseded"}


def _id(mail: bytes) -> str:
    found = re.search(rb"^Message-ID: <([^@>]+)@", mail, re.MULTILINE | re.IGNORECASE)
    assert found is not None
    return found[1].decode()


def check(found: Trial, expected: frozenset[str], *, twice: bool) -> None:
    """Nothing lost; nothing twice, but where `twice` allows it what was in doubt, byte for byte."""
    assert found.after.code == 0, found.after.said
    assert found.lost == set()
    assert set(found.states.values()) == {"sent"}
    assert found.recipients >= expected
    assert set(found.twice) <= (found.doubted if twice else set())
    assert all(times == 2 for times in found.twice.values())
    assert all(len(set(found.copies[name])) == 1 for name in found.twice)
