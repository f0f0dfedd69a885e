"""A worker that is killed at any instant, and the run after it: nothing lost, nothing twice.

But what was in doubt, and that byte for byte; and not even that where the Sent folder is asked.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from imap_server import SENT, ImapServer
from imap_server import USER as IMAP_USER
from imap_server import running as imap_running
from killing import Death, Workers, check, trial, workers
from mail_office import MailOffice, mail_office, many

FIRST, THEN = "2021-02-26T07:00:00+07:00", "2021-02-26T07:10:00+07:00"
FEW, MANY = 3, 201
"""Schools, of which all but one have sent no plan: one mail each."""


def expected(schools: int) -> frozenset[str]:
    """Return the addresses that must get a mail."""
    return frozenset(row[-1] for row in many(schools)[1:])


@pytest.fixture
def few(tmp_path: Path) -> Iterator[Workers]:
    """An office that mails two schools, and no mailbox to ask."""
    with mail_office(tmp_path, schools=many(FEW)) as office, workers(office) as here:
        yield here


def sent_folder(office: MailOffice, server: ImapServer) -> None:
    """Let the office ask a mailbox in which its server files what it takes."""
    office.server.box.file = lambda mail: server.append(SENT, mail)
    keys = f'host = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
    keys += f'user = "{IMAP_USER}"\npassword_file = "password"\n'
    with office.config.open("a", encoding="utf-8") as file:
        file.write(f"\n[mail.imap]\n{keys}")


def deaths_at_commits(commits: int) -> list[Death]:
    """Return a death before and after each commit of a run."""
    return [
        Death(number=number, moment=moment)
        for number in range(1, commits + 1)
        for moment in ("before", "after")
    ]


def test_a_death_at_any_move_loses_and_repeats_nothing(few: Workers) -> None:
    """Before and after each commit of the ledger, and while the server hears each mail."""
    whole = few.run(FIRST)
    assert (whole.code, whole.commits > 5) == (0, True), whole.said
    words = [Death(word=word, number=n) for word in ("RCPT", "DATA") for n in (1, 2)]
    twice = 0
    for death in (*deaths_at_commits(whole.commits), *words):
        found = trial(few, death, FIRST, THEN, lambda: None)
        assert found.killed.code == -9, found.killed.said
        check(found, expected(FEW), twice=True)
        twice += bool(found.twice)
    assert twice > 0  # else no death fell between a mail's arrival and its record


def test_where_sent_mail_can_be_asked_nothing_comes_twice(few: Workers) -> None:
    """Around the moves of the mails themselves."""
    whole = few.run(FIRST)
    with imap_running() as mailbox:
        sent_folder(few.office, mailbox)
        moves = deaths_at_commits(whole.commits)[-10:]
        for death in (*moves, *(Death(word="DATA", number=n) for n in (1, 2))):
            found = trial(few, death, FIRST, THEN, lambda: mailbox.empty(SENT))
            assert found.killed.code == -9, found.killed.said
            check(found, expected(FEW), twice=False)


@pytest.mark.parametrize(
    ("schools", "instants"),
    [
        pytest.param(11, 20, id="ten-mails"),
        pytest.param(MANY, 200, id="two-hundred-mails", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("asked", [False, True], ids=["nobody-to-ask", "sent-folder"])
def test_a_death_at_any_instant_loses_and_repeats_nothing(
    tmp_path: Path, schools: int, instants: int, asked: bool
) -> None:
    """At random between the start of a run and its end; one that came too late is not counted."""
    dice, twice, doubted, died, tried = Random(7), 0, 0, 0, 0
    with (
        mail_office(tmp_path, schools=many(schools)) as office,
        workers(office) as here,
        imap_running() as mailbox,
    ):
        if asked:
            sent_folder(office, mailbox)
        whole = here.run(FIRST)
        assert whole.code == 0, whole.said
        span = whole.seconds
        while died < instants // 2 and tried < 3 * instants:
            tried += 1
            death = Death(seconds=dice.uniform(0, span))
            found = trial(here, death, FIRST, THEN, lambda: mailbox.empty(SENT))
            check(found, expected(schools), twice=not asked)
            twice, doubted = twice + len(found.twice), doubted + len(found.doubted)
            died += found.killed.code == -9
            if found.killed.code != -9:
                span = min(span, found.killed.seconds)  # the first run is the slowest
    print(f"{died} of {tried} died, {doubted} in doubt, {twice} came twice")
    assert died == instants // 2
