"""A message moves by the table of states, and the database holds it to that."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from ledger_samples import HANOI, NOW, at, begin, key, message, states

from automator.core.memory import Told
from automator.core.message import Ended, State
from automator.ledger import MOVES, IllegalMove, Ledger
from automator.ledger.moves import retry_after

pytest_plugins = ("ledger_fixtures",)


def test_every_state_has_its_moves() -> None:
    """The table is complete, and what is final has none."""
    assert set(MOVES) == set(State)
    assert {state for state, targets in MOVES.items() if not targets} == {
        State.SENT,
        State.DISCARDED,
    }


def test_a_message_is_claimed_once(ledger: Ledger) -> None:
    """The second to ask gets False, and so does who asks for one that is not there."""
    begin(ledger, message("m-1", key()))
    assert ledger.claim("m-1")
    assert not ledger.claim("m-1")
    assert not ledger.claim("m-9")


def test_what_was_sent_was_told(ledger: Ledger) -> None:
    """Its steps and weeks count from the instant of the server's answer."""
    begin(ledger, message("m-1", key("remind-1"), key("chase-1"), weeks=("2021-W08", "2021-W07")))
    assert ledger.claim("m-1")
    assert ledger.memory(HANOI).told == {}
    ledger.settle("m-1", State.SENT, NOW, refused=("khac@my-lac.example",))
    memory = ledger.memory(HANOI)
    told = Told(at=NOW, message="m-1")
    assert memory.told == {key("chase-1"): told, key("remind-1"): told}
    assert memory.digests == {("TH-MY-LAC", "principal"): "2021-W08"}
    (row,) = ledger.message_rows()
    assert (row.state, row.settled_at, row.refused) == (State.SENT, NOW, ("khac@my-lac.example",))


def test_a_step_is_told_once(ledger: Ledger) -> None:
    """Another message with a step that was told meanwhile cannot be claimed."""
    begin(ledger, message("m-1", key("chase-1")), message("m-2", key("chase-1"), key("chase-5")))
    assert ledger.claim("m-1")
    assert not ledger.claim("m-2")
    ledger.settle("m-1", State.SENT, NOW)
    assert not ledger.claim("m-2")
    assert states(ledger) == {"m-1": "sent", "m-2": "queued"}


def test_a_week_is_told_once_to_a_reader(ledger: Ledger) -> None:
    """A second digest of a week waits for ever; another reader's does not."""
    begin(
        ledger,
        message("m-1", weeks=("2021-W08",), kind="digest"),
        message("m-2", weeks=("2021-W08", "2021-W09"), kind="digest"),
        message("m-3", weeks=("2021-W08",), kind="digest", unit="28036", role="commune"),
    )
    assert ledger.claim("m-1")
    ledger.settle("m-1", State.SENT, NOW)
    assert [ledger.claim(name) for name in ("m-2", "m-3")] == [False, True]


def test_what_is_in_doubt_counts_as_told(ledger: Ledger) -> None:
    """For every other message; itself it is still a draft."""
    begin(ledger, message("m-1", key(), weeks=("2021-W08",)), message("m-2", key(), key("chase-5")))
    assert ledger.claim("m-1")
    ledger.settle("m-1", State.IN_DOUBT, NOW, detail="connection lost")
    memory = ledger.memory(HANOI)
    assert memory.told == {key(): Told(at=NOW, message="m-1")}
    assert memory.digests == {("TH-MY-LAC", "principal"): "2021-W08"}
    assert [(draft.id, draft.state) for draft in memory.drafts] == [
        ("m-1", "in_doubt"),
        ("m-2", "queued"),
    ]
    assert not ledger.claim("m-2")


@pytest.mark.parametrize("state", [State.QUEUED, State.HELD, State.SENDING, State.SUPERSEDED])
def test_sending_ends_in_an_outcome(ledger: Ledger, state: State) -> None:
    """No other state can be written as one."""
    begin(ledger, message("m-1", key()))
    assert ledger.claim("m-1")
    with pytest.raises(ValueError, match="does not end as"):
        ledger.settle("m-1", state, NOW)
    assert states(ledger) == {"m-1": "sending"}


def test_only_what_is_being_sent_is_settled(ledger: Ledger) -> None:
    """A move from another state changes nothing and says so."""
    begin(ledger, message("m-1", key()))
    with pytest.raises(IllegalMove, match="m-1 may not become sent"):
        ledger.settle("m-1", State.SENT, NOW)
    with pytest.raises(IllegalMove):
        ledger.put_back("m-1", "not sent")
    ended = Ended(id="m-1", state=State.SENT, at=NOW)
    with pytest.raises(IllegalMove):
        ledger.settle_and_claim(ended, "m-1")
    assert ledger.memory(HANOI).told == {}
    assert states(ledger) == {"m-1": "queued"}


def test_urgent_messages_go_first_then_the_order_of_the_plan(ledger: Ledger) -> None:
    """What waits is listed as it should leave."""
    begin(
        ledger,
        message("z", key("remind-1"), kind="remind"),
        message("a", key("chase-1")),
        message("u", key("urgent"), kind="urgent"),
    )
    assert ledger.pending() == ("u", "z", "a")


def test_nothing_leaves_without_a_judgement_of_the_same_run(ledger: Ledger) -> None:
    """A draft that the last run did not plan waits, though it was not dropped either."""
    begin(ledger, message("m-1", key()))
    begin(ledger, message("m-2", key("urgent"), kind="urgent"))
    assert states(ledger) == {"m-1": "queued", "m-2": "queued"}
    assert ledger.pending() == ("m-2",)
    begin(ledger, message("m-1", key()))
    assert ledger.pending() == ("m-1",)


def test_a_refused_reader_is_left_alone_for_a_while(ledger: Ledger) -> None:
    """Back-off belongs to unit and role: another message to it waits too, other readers do not."""
    other = message("m-3", key(school="THCS-MY-AN"), unit="THCS-MY-AN")
    begin(ledger, message("m-1", key()), other)
    assert ledger.claim("m-1")
    ledger.settle("m-1", State.DEFERRED, NOW, detail="450 greylisted")
    (draft, _other) = ledger.memory(HANOI).drafts
    assert (draft.state, draft.retry_at) == ("deferred", at("2021-02-26 07:05"))
    begin(ledger, message("m-2", key(), key("chase-5")), other, superseded=("m-1",))
    assert ledger.pending(at("2021-02-26 07:04")) == ("m-3",)
    assert ledger.pending(at("2021-02-26 07:05")) == ("m-2", "m-3")


def test_back_off_doubles_and_ends_with_a_mail_that_arrived(ledger: Ledger) -> None:
    """A reader who was reached starts anew."""
    begin(ledger, message("m-1", key()))
    for minutes in (5, 10, 20):
        assert ledger.claim("m-1")
        ledger.settle("m-1", State.DEFERRED, NOW)
        (draft,) = ledger.memory(HANOI).drafts
        assert draft.retry_at == NOW + timedelta(minutes=minutes)
    assert ledger.claim("m-1")
    ledger.settle("m-1", State.SENT, NOW)
    begin(ledger, message("m-2", key("chase-5")))
    assert ledger.pending() == ("m-2",)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 5), (2, 10), (7, 320), (8, 360), (9, 360), (10_000, 360)]
)
def test_back_off_ends_at_six_hours(attempts: int, minutes: int) -> None:
    """However often a server refused."""
    assert retry_after(attempts) == timedelta(minutes=minutes)


def test_recovery_classifies_and_sends_nothing(ledger: Ledger) -> None:
    """What was claimed may be out: it is in doubt. The rest stays."""
    begin(ledger, *(message(name, key(name)) for name in ("m-1", "m-2", "m-3")))
    for name in ("m-2", "m-1"):
        assert ledger.claim(name)
    assert ledger.recover(NOW) == ("m-1", "m-2")
    assert states(ledger) == {"m-1": "in_doubt", "m-2": "in_doubt", "m-3": "queued"}
    assert {row.settled_at for row in ledger.message_rows(ids=("m-1", "m-2"))} == {NOW}
    assert ledger.recover(NOW) == ()


def test_one_message_ends_and_the_next_is_taken_in_one_commit(ledger: Ledger) -> None:
    """The next one comes whole; one that was told by the first is not there to send."""
    second, third = message("m-2", key("chase-5")), message("m-3", key(), key("chase-9"))
    begin(ledger, message("m-1", key()), second, third)
    assert ledger.settle_and_claim(None, "m-1") == message("m-1", key())
    ended = Ended(id="m-1", state=State.SENT, at=NOW)
    assert ledger.settle_and_claim(ended, "m-3") is None
    assert ledger.settle_and_claim(None, "m-2") == second
    refused = Ended(id="m-2", state=State.FAILED, at=NOW, detail="550 no such user")
    assert ledger.settle_and_claim(refused, None) is None
    assert states(ledger) == {"m-1": "sent", "m-2": "failed", "m-3": "queued"}


def test_what_never_left_waits_again(ledger: Ledger) -> None:
    """Its reader gets no back-off: nobody refused anything."""
    begin(ledger, message("m-1", key()))
    assert ledger.claim("m-1")
    ledger.put_back("m-1", "the server is away")
    (row,) = ledger.message_rows()
    assert (row.state, row.detail, row.settled_at) == (State.QUEUED, "the server is away", None)
    assert ledger.pending() == ("m-1",)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE messages SET state = 'lost'", id="unknown-state"),
        pytest.param("UPDATE messages SET phase = 'data_sent'", id="phase-outside-sending"),
        pytest.param("UPDATE messages SET settled_at = NULL", id="sent-but-when"),
        pytest.param("UPDATE messages SET state = NULL", id="no-state"),
        pytest.param("INSERT INTO told SELECT * FROM told", id="told-twice"),
        pytest.param("INSERT INTO digest_weeks SELECT * FROM digest_weeks", id="week-twice"),
        pytest.param("INSERT INTO steps SELECT * FROM steps", id="step-twice"),
        pytest.param("UPDATE runs SET state = 'ended'", id="ended-but-when"),
        pytest.param("UPDATE bodies SET message = 'm-9'", id="body-of-nothing"),
    ],
)
def test_the_database_refuses_what_must_never_be(tmp_path: Path, statement: str) -> None:
    """Even from a program that is wrong, or by hand."""
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(str(path), "main") as ledger:
        begin(ledger, message("m-1", key(), weeks=("2021-W08",)))
        assert ledger.claim("m-1")
        ledger.settle("m-1", State.SENT, NOW)
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA foreign_keys=ON")
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(statement)
    raw.close()
