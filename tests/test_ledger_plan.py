"""A run's plan is written down in one commit; drafts of earlier plans follow it."""

from dataclasses import replace

import pytest
from ledger_samples import HANOI, NOW, at, begin, key, message, states

from automator.core.memory import Draft, Memory
from automator.core.message import State
from automator.errors import LedgerUnusable, RunTooEarly
from automator.ledger import Ledger

pytest_plugins = ("ledger_fixtures",)
LATER = at("2021-02-27 07:00")


def end_as(ledger: Ledger, name: str, state: State) -> None:
    """Take a message through its sending."""
    assert ledger.claim(name)
    ledger.settle(name, state, NOW, detail="550 no such user")


def test_a_message_is_stored_whole(ledger: Ledger) -> None:
    """Body, attachments, keys in order, and the offset of its date come back."""
    planned = message("m-1", key("remind-1"), key("chase-1"), weeks=("2021-W08", "2021-W07"))
    begin(ledger, planned)
    stored = ledger.body("m-1")
    assert stored == planned
    assert stored.at.isoformat() == "2021-02-26T07:00:00+07:00"


def test_a_message_that_is_not_there_is_named(ledger: Ledger) -> None:
    """The operator reads which one was asked for."""
    with pytest.raises(LedgerUnusable, match="no message m-9"):
        ledger.body("m-9")


def test_a_planned_message_is_a_draft_until_it_is_sent(ledger: Ledger) -> None:
    """The next turn sees its steps and that they are queued."""
    begin(ledger, message("m-1", key(), weeks=("2021-W08",)))
    assert ledger.memory(HANOI).drafts == (
        Draft(
            id="m-1",
            unit="TH-MY-LAC",
            role="principal",
            state="queued",
            keys=(key(),),
            since=NOW,
            weeks=("2021-W08",),
            recipients=("hieutruong@my-lac.example",),
        ),
    )
    end_as(ledger, "m-1", State.SENT)
    assert ledger.memory(HANOI).drafts == ()


@pytest.mark.parametrize("before", ["queued", "deferred", "held"])
def test_a_draft_that_is_planned_again_is_refreshed(ledger: Ledger, before: str) -> None:
    """It gets the new text and recipients, is queued, and keeps the day it was first queued."""
    begin(ledger, message("m-1", key()), held={"m-1": "breaker"} if before == "held" else {})
    if before == "deferred":
        end_as(ledger, "m-1", State.DEFERRED)
    assert states(ledger) == {"m-1": before}
    fresh = replace(
        message("m-1", key(), to=("moi@my-lac.example",), text="Còn 1 ngày"), attachments=()
    )
    run = begin(ledger, fresh, now=LATER)
    (row,) = ledger.messages_of(run)
    assert (row.state, row.since, row.detail, row.settled_at) == (State.QUEUED, NOW, "", None)
    assert ledger.body("m-1") == fresh


def test_a_held_message_says_why(ledger: Ledger) -> None:
    """It is not handed over, and the reason is kept for the operator."""
    begin(ledger, message("m-1", key()), held={"m-1": "address_not_approved"})
    (draft,) = ledger.memory(HANOI).drafts
    assert (draft.state, draft.detail) == ("held", "address_not_approved")
    assert ledger.pending() == ()
    assert not ledger.claim("m-1")


def test_a_draft_of_an_earlier_plan_may_be_held(ledger: Ledger) -> None:
    """Without being rendered again."""
    begin(ledger, message("m-1", key()))
    begin(ledger, held={"m-1": "paused"}, now=LATER)
    assert states(ledger) == {"m-1": "held"}


def test_what_is_no_longer_planned_is_superseded(ledger: Ledger) -> None:
    """It is listed with the run that dropped it, and never handed over."""
    begin(ledger, message("m-1", key()))
    run = begin(ledger, superseded=("m-1",), now=LATER)
    assert [(row.id, row.state) for row in ledger.messages_of(run)] == [("m-1", State.SUPERSEDED)]
    assert ledger.pending() == ()
    assert ledger.memory(HANOI).drafts == ()


def test_the_same_steps_planned_again_are_the_same_message(ledger: Ledger) -> None:
    """A superseded message is queued again, as new from that run on."""
    begin(ledger, message("m-1", key()))
    begin(ledger, superseded=("m-1",))
    begin(ledger, message("m-1", key(), text="Lần nữa"), now=LATER)
    (draft,) = ledger.memory(HANOI).drafts
    assert (draft.state, draft.since) == ("queued", LATER)
    assert ledger.body("m-1").text == "Lần nữa"


@pytest.mark.parametrize("end", [State.SENT, State.IN_DOUBT])
def test_what_may_have_been_read_is_never_touched(ledger: Ledger, end: State) -> None:
    """No plan rewrites, drops, holds or queues a message that was sent or is in doubt."""
    planned = message("m-1", key())
    begin(ledger, planned)
    end_as(ledger, "m-1", end)
    begin(ledger, replace(planned, text="anders"), now=LATER)
    begin(ledger, superseded=("m-1",), held={"m-1": "paused"}, now=LATER)
    assert states(ledger) == {"m-1": end.value}
    assert ledger.body("m-1") == planned


def test_a_failed_message_waits_for_another_address(ledger: Ledger) -> None:
    """The same plan leaves it failed; other recipients queue it again."""
    planned = message("m-1", key())
    begin(ledger, planned)
    end_as(ledger, "m-1", State.FAILED)
    begin(ledger, replace(planned, text="Còn 1 ngày"))
    (draft,) = ledger.memory(HANOI).drafts
    assert (draft.state, draft.detail) == ("failed", "550 no such user")
    begin(ledger, replace(planned, recipients=("moi@my-lac.example",)))
    assert ledger.pending() == ("m-1",)


def test_a_message_that_could_not_be_rendered_waits_for_its_template(ledger: Ledger) -> None:
    """It is failed while it has no body, and queued once it has one."""
    broken = replace(message("m-1", key(), text=""), attachments=())
    begin(ledger, broken, failed={"m-1": "chase.html: 'tên' is undefined"})
    assert states(ledger) == {"m-1": "failed"}
    begin(ledger, broken, failed={"m-1": "chase.html: 'tên' is undefined"})
    assert states(ledger) == {"m-1": "failed"}
    begin(ledger, message("m-1", key()))
    assert states(ledger) == {"m-1": "queued"}


def test_a_run_earlier_than_the_last_is_refused(ledger: Ledger) -> None:
    """Nothing of it is written; the same instant is fine."""
    begin(ledger, now=LATER)
    with pytest.raises(RunTooEarly, match="2021-02-26T07:00:00"):
        begin(ledger, message("m-1", key()), now=NOW)
    assert states(ledger) == {}
    begin(ledger, now=LATER)


def test_a_plan_is_written_whole_or_not_at_all(ledger: Ledger) -> None:
    """A fault in its last message leaves no run, no memory and no message."""
    twice = replace(message("m-2", key("chase-5")), message_id="<m-1@automator.example>")
    with pytest.raises(LedgerUnusable):
        begin(ledger, message("m-1", key()), twice, memory=Memory(started=NOW))
    assert states(ledger) == {}
    assert ledger.memory(HANOI) == Memory()
    assert ledger.last_run() is None


def test_an_instant_without_a_zone_is_refused(ledger: Ledger) -> None:
    """Every instant of the ledger is aware."""
    with pytest.raises(LedgerUnusable, match="no time zone"):
        begin(ledger, memory=Memory(started=NOW.replace(tzinfo=None)))
