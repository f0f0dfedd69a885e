"""What may leave now: a day's room, a minute's rate, and who goes first."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_samples import NOW, at, begin, key, message, states
from mail_office import MailOffice, mail_office, many
from mail_samples import SETTINGS

from automator.core.budget import Limits, Waiting, pause, within
from automator.core.message import State
from automator.delivery import Means, deliver
from automator.ledger import Ledger
from automator.mail.base import MailSettings
from automator.mail.folder import FolderTransport
from automator.mail.smtp import SmtpTransport
from automator.pacing import Queue

FIRST = "2021-02-26T07:00"


def one(name: str, *to: str, urgent: bool = False) -> Waiting:
    """Return a message that waits; to one reader of its own by default."""
    return Waiting(id=name, urgent=urgent, recipients=to or (f"{name}@truong.example",))


@pytest.mark.parametrize(
    ("limit", "spent", "going"),
    [
        pytest.param(None, 9_999, "u a b c", id="no-limit"),
        pytest.param(6, 0, "u a b c", id="room-for-all"),
        pytest.param(6, 2, "u a", id="what-does-not-fit-ends-it"),
        pytest.param(5, 0, "u a b", id="one-is-kept-of-a-small-limit"),
        pytest.param(2, 0, "u", id="what-fits-on-no-day-stops-nobody"),
        pytest.param(1, 0, "u", id="limit-of-one"),
        pytest.param(5, 5, "", id="used-up"),
        pytest.param(20, 18, "u", id="a-tenth-is-kept-for-urgent-ones"),
        pytest.param(20, 20, "", id="urgent-ones-need-room-too"),
    ],
)
def test_a_days_room(limit: int | None, spent: int, going: str) -> None:
    """Each recipient counts; nothing overtakes what is before it."""
    waiting = [one("u", urgent=True), one("a"), one("b", "x@a.example", "y@b.example"), one("c")]
    assert [w.id for w in within(waiting, limit, spent)] == going.split()


@pytest.mark.parametrize(
    ("times", "now", "seconds"),
    [
        pytest.param([], 100.0, 0.0, id="first"),
        pytest.param([100.0], 100.0, 0.0, id="second-at-once"),
        pytest.param([100.0, 110.0], 110.0, 50.0, id="third-waits-for-the-first"),
        pytest.param([100.0, 110.0], 160.0, 0.0, id="a-minute-later"),
    ],
)
def test_two_a_minute(times: list[float], now: float, seconds: float) -> None:
    """Any sixty seconds hold no more than the rate."""
    assert pause(times, 2, now) == seconds


def test_a_mail_that_fits_on_no_day_is_named(tmp_path: Path) -> None:
    """The others leave; the operator reads what to do, in this run and in the next."""
    schools = [*many(3)]
    schools[1] = (*schools[1][:-1], "a@truong.example; b@truong.example; c@truong.example")
    with mail_office(tmp_path, mail={"daily_limit": 3}, schools=schools) as office:
        for now in (FIRST, "2021-02-26T08:00"):
            called = office.run(now, "--first-run")
            assert called.code == 1
            assert "1 mails have more recipients than the daily limit of 3 leaves" in called.err
        assert office.arrived() == [schools[2][-1]]


def test_a_busy_domain_lets_others_pass() -> None:
    """The first whose domain is free; then the first that may."""
    waiting = [one("a", "1@x.example"), one("b", "2@X.example"), one("c", "3@y.example")]
    queue = Queue(waiting, Limits(domain_minute=1))
    assert [queue.take(0.0) for _ in range(4)] == [("a", 0.0), ("c", 0.0), ("b", 60.0), None]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[MailOffice]:
    """Twenty-one schools, all but one without a plan; ten recipients a day."""
    with mail_office(tmp_path, mail={"daily_limit": 10}, schools=many(21)) as made:
        yield made


def test_what_exceeds_the_day_waits_for_the_next(office: MailOffice) -> None:
    """Exit 1 says so; what earlier runs sent counts; a day later there is room again."""
    called = office.run(FIRST, "--first-run")
    assert called.code == 1
    assert "daily limit of 10 recipients is used up: 11 mails wait" in called.err
    assert (called.document["counts"]["sent"], called.document["counts"]["queued"]) == (9, 11)
    assert "11 mails wait" in office.run("2021-02-26T15:00").err
    assert len(office.arrived()) == 9
    assert len(office.states()) == 20
    office.run("2021-02-27T07:00")
    assert len(office.arrived()) == 9  # a Saturday
    assert "mails wait" in office.run("2021-03-01T07:00").err
    assert len(office.arrived()) == 18
    assert len({mail["Message-ID"] for mail in office.parsed()}) == 18


def test_each_connection_logs_in_once(tmp_path: Path) -> None:
    """Every mail arrives once, whichever connection took it."""
    with mail_office(tmp_path, mail={"connections": 3}, schools=many(61)) as office:
        assert office.run(FIRST, "--first-run").code == 0
        assert len(office.arrived()) == len(set(office.arrived())) == 60
        assert set(office.states().values()) == {"sent"}
        assert 1 <= office.server.box.logins <= 3


def test_a_server_that_grants_one_connection_gets_all_mails_over_it(tmp_path: Path) -> None:
    """The first connection does the work of those that did not come about."""
    with Ledger.open(str(tmp_path / "ledger.sqlite"), "main") as ledger:
        begin(ledger, *(message(f"m-{n}", key(f"chase-{n}")) for n in range(9)))
        nobody = SmtpTransport  # port 9 of this machine takes no connection
        more = Means(connections=3, another=lambda: nobody(_settings(port=9)))
        transport = FolderTransport(tmp_path / "outbox", SETTINGS)
        assert deliver(ledger, transport, NOW, lambda *_: None, more) == ""
        assert set(states(ledger).values()) == {"sent"}


def _settings(port: int) -> MailSettings:
    return replace(SETTINGS, host="127.0.0.1", security="none", port=port)


class Clock:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.waits.append(seconds)
        self.now += seconds


def test_a_rate_makes_the_run_wait(tmp_path: Path) -> None:
    """And what was sent before the wait is on record before it."""
    clock, seen = Clock(), []

    with Ledger.open(str(tmp_path / "ledger.sqlite"), "main") as ledger:

        def sleep(seconds: float) -> None:
            seen.append(sorted(states(ledger).values()))
            clock.sleep(seconds)

        begin(ledger, *(message(f"m-{n}", key(f"chase-{n}")) for n in range(5)))
        slow = Means(limits=Limits(minute=2), clock=clock, sleep=sleep)
        transport = FolderTransport(tmp_path / "outbox", SETTINGS)
        assert deliver(ledger, transport, NOW, lambda *_: None, slow) == ""
        assert set(states(ledger).values()) == {"sent"}
    assert clock.waits == [60.0, 60.0]
    assert seen == [["queued"] * 3 + ["sent"] * 2, ["queued"] + ["sent"] * 4]


def test_recipients_of_a_day_are_counted(tmp_path: Path) -> None:
    """Those who were refused were not reached; those in doubt may have been."""
    two = ("a@x.example", "b@x.example")
    with Ledger.open(str(tmp_path / "ledger.sqlite"), "main") as ledger:
        begin(ledger, *(message(f"m-{n}", key(f"chase-{n}"), to=two) for n in range(4)))
        for name, state, refused in (
            ("m-0", State.SENT, ()),
            ("m-1", State.SENT, ("a@x.example",)),
            ("m-2", State.IN_DOUBT, ()),
            ("m-3", State.FAILED, ()),
        ):
            assert ledger.claim(name)
            ledger.settle(name, state, NOW, refused=refused)
        assert ledger.recipients_since(at("2021-02-26T06:59")) == 5
        assert ledger.recipients_since(NOW) == 0
