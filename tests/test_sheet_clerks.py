"""Fifty clerks at work on one Google Sheet while fifty runs happen: nothing is lost or told wrong.

Some of their deeds fall between the two reads of a run, and between its reading and its writing.
`--clerks-seeds N` plays N seeds instead of the few that every run of the tests plays.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from functools import partial
from random import Random
from typing import Any

import pytest
from builders import FORTY, at
from google_office import WORKER_TABS, Office, Offices, tabs
from sheet_clerks import Staff, differences
from sheets_server import WORKER
from smtp_server import Manners, Running, running

from automator import worker
from automator.core.fold import after, going
from automator.core.memory import Memory
from automator.core.message import Message
from automator.core.snapshot import Cell, Sheet, Snapshot
from automator.core.status import publication
from automator.core.turn import Outcome, turn
from automator.wiring import renderer
from automator.workbook.worker_pages import Page, faults_page, status_page

pytest_plugins = ("google_fixtures",)

RUNS = 50
FIRST = at("2021-02-17T07:00")
GAPS = tuple(timedelta(minutes=m) for m in (10, 10, 40, 300, 1440, 1440, 1440, 2880))
HOLIDAY = 0.15
"""How often nobody works between two runs: a run that finds everything as it was."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each seed a test of its own."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("--clerks-seeds")))


@pytest.fixture
def mails() -> Iterator[Running]:
    """A server that takes every mail, without TLS: it is on loopback."""
    with running(Manners(), None) as server:
        yield server


@dataclass(frozen=True)
class Played:
    """What happened: when each run was made, if it was a watch pass, the worker's tabs after it."""

    office: Office
    staff: Staff
    shadow: str
    runs: Sequence[tuple[datetime, bool]]
    shown: Sequence[Mapping[str, Any]]


def test_fifty_clerks_and_fifty_runs(
    offices: Offices, mails: Running, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """No school's cell is changed, every mail is due and goes once, the status tab is right."""
    office = opened(offices, mails)
    compiled = renderer(office.config)  # once, as it takes half of the time
    monkeypatch.setattr(worker, "renderer", lambda _: compiled)
    played = play(office, seed)
    assert played.staff.refused > 0  # somebody did try to write into a worker tab
    outcomes = folded(played)
    sent = sorted(_arrived(each.content) for each in mails.box.mails)
    assert sent == sorted(_written(each) for each in _messages(played, outcomes))
    assert len({mail[0] for mail in sent}) == len(sent) > 40
    for (_, watch), shown, (outcome, memory) in zip(
        played.runs, played.shown, outcomes, strict=True
    ):
        what = publication(outcome, "main", "neutral", memory.told)
        assert watch or shown["Tình trạng"] == _cells(status_page(what))
        assert watch or shown["Lỗi nhập liệu"] == _cells(faults_page(what))


# -- the play


CONTENT = tabs(FORTY[:12])


def opened(offices: Offices, mails: Running) -> Office:
    """Return an office of twelve schools, whose mail goes to a real server."""
    office = offices.open(CONTENT)
    mail = replace(office.config.mail, transport="smtp", host="127.0.0.1", port=mails.port)
    office.config = replace(office.config, mail=replace(mail, security="none"))
    return office


def play(office: Office, seed: int) -> Played:
    """Let fifty people work and fifty runs happen, one after another; look at each run."""
    shadow = office.server.create("Bóng", CONTENT, shared_with=[])
    staff, random = Staff(office.server, office.book, shadow, seed), Random(seed)
    runs: list[tuple[datetime, bool]] = []
    shown: list[Mapping[str, Any]] = []
    now = FIRST
    for number in range(RUNS):
        last = number == RUNS - 1
        watch = not last and number > 0 and random.random() < 0.25
        if last:
            staff.leave()
        else:
            _at_work(office, staff, random)
        _run(office, now, watch=watch, first=not number)
        runs.append((now, watch))
        shown.append({title: office.shown(title) for title in WORKER_TABS})
        office.server.heal()  # what was to happen before a write that was not needed
        _nothing_of_theirs_changed(office, shadow)
        now += random.choice(GAPS)
    return Played(office, staff, shadow, runs, shown)


def _at_work(office: Office, staff: Staff, random: Random) -> None:
    """Let people work before a run, within its read, and between its read and its write."""
    if random.random() < HOLIDAY:
        return
    staff.work(20)
    for nth in (1, 2, 3):
        if random.random() < 0.4:
            office.server.meanwhile(partial(staff.work, 4), nth)


def _run(office: Office, now: datetime, *, watch: bool, first: bool) -> None:
    office.server.calls.reset()
    report = worker.run(office.config, now, worker.Options(watch=watch, first_run=first))
    assert (report.warnings, report.stopped) == ((), "")
    reads, writes = office.asked
    assert (reads, writes) in ((2, 0), (2, 1))
    assert not (watch and writes)


def _nothing_of_theirs_changed(office: Office, shadow: str) -> None:
    """The server says who wrote which cell; and the shadow, which the worker cannot open."""
    assert {w.tab for w in office.server.written if w.caller == WORKER} <= set(WORKER_TABS)
    assert differences(_theirs(office, office.book), _theirs(office, shadow)) == []


def _theirs(office: Office, book: str) -> Mapping[str, Any]:
    """Return every cell of every tab but the worker's, with its format, note and drop-down."""
    with office.server.api.lock:
        found = office.server.api.books[book].tabs
        return {
            t.title: [t.cells.get(row) for row in range(t.rows)]
            for t in found
            if t.title not in WORKER_TABS
        }


# -- what should have come of it


def folded(played: Played) -> list[tuple[Outcome, Memory]]:
    """Fold `turn` over what the server handed out; return outcomes, and what is known after."""
    handed = played.office.server.handed
    assert [h.kind for h in handed] == ["spreadsheet", "values"] * len(played.runs)
    rules, memory = worker.rules_of(played.office.config), Memory()
    found: list[tuple[Outcome, Memory]] = []
    for number, (now, watch) in enumerate(played.runs):
        shape, values = (each.answer for each in handed[2 * number : 2 * number + 2])
        outcome = turn(memory, _snapshot(played, shape, values, now, watch=watch), rules, now)
        memory = after(outcome, now)
        found.append((outcome, memory))
    return found


def _snapshot(played: Played, shape: Any, values: Any, now: datetime, *, watch: bool) -> Snapshot:
    """Return the snapshot that two answers make, without any code of the product's reader."""
    rows = {each["range"].rpartition("!")[0]: each for each in values["valueRanges"]}
    link = f"https://docs.google.com/spreadsheets/d/{played.office.book}/edit"
    sheets = []
    for each in shape["sheets"]:
        title, number = each["properties"]["title"], each["properties"]["sheetId"]
        answer = rows.get(f"'{title}'", rows.get(title, {}))
        cells = tuple(tuple(map(_plain, row)) for row in answer.get("values", ()))
        place = f"{link}#gid={number}&range={{cell}}"
        sheets.append(Sheet(title=title, rows=cells, link=place))
    return Snapshot(
        workbook="main",
        source=link,
        taken_at=now,
        sheets=tuple(sheets),
        asked=worker.WATCHED if watch else None,
    )


def _plain(cell: Cell) -> Cell:
    """Return a cell as a sheet means it: "" is blank, 120.0 is 120."""
    if cell == "":
        return None
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _messages(played: Played, outcomes: Sequence[tuple[Outcome, Memory]]) -> list[Message]:
    templates = renderer(played.office.config)
    return [templates.render(notice) for outcome, _ in outcomes for notice in going(outcome)]


Mail = tuple[str, tuple[str, ...], str, str]


def _written(message: Message) -> Mail:
    """Return id, recipients, subject and text of a mail as it was rendered."""
    text = message.text.replace("\r\n", "\n").rstrip()
    return message.message_id, tuple(sorted(message.recipients)), message.subject, text


def _arrived(content: str | bytes | None) -> Mail:
    """Return the same of a mail as the server got it."""
    assert isinstance(content, bytes)
    mail = message_from_bytes(content, policy=default)
    to = tuple(sorted(a.addr_spec for a in mail["To"].addresses))
    body = mail.get_body(("plain",))
    assert body is not None
    text = str(body.get_content()).replace("\r\n", "\n").rstrip()
    return str(mail["Message-ID"]), to, str(mail["Subject"]), text


def _cells(page: Page) -> list[list[Any]]:
    """Return a page as Google hands it out: nothing at the ends of rows."""
    rows: list[list[Any]] = [[line] for line in page.lines]
    rows.append([h.title for h in page.heads])
    rows += [["" if v is None else v for v in row] for row in page.rows]
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    return rows
