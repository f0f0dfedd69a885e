"""Messages by hand in the ledger: freed, thrown away, on record, and found by their codes."""

from datetime import timedelta

import pytest
from ledger_samples import HANOI, NOW, at, begin, key, message, states
from sqlalchemy import delete

from automator.core.memory import Memory, week_key
from automator.core.message import State
from automator.errors import LedgerUnusable
from automator.ledger import IllegalMove, Ledger, schema
from automator.ledger.witness import Stand, gone_back

pytest_plugins = ("ledger_fixtures",)
NOON, EVENING = at("2021-02-26 12:00"), at("2021-02-26 18:00")


def end_as(ledger: Ledger, name: str, state: State) -> None:
    """Take a message through its sending."""
    assert ledger.claim(name)
    ledger.settle(name, state, NOW, detail="550 no such user")


def planned(ledger: Ledger, state: State) -> None:
    """Plan the message m-1 with a step and a week, and let it end so."""
    why = {"m-1": "breaker"} if state is State.HELD else {}
    begin(ledger, message("m-1", key(), weeks=("2021-W08",)), held=why)
    if state not in (State.QUEUED, State.HELD):
        end_as(ledger, "m-1", state)


@pytest.mark.parametrize(
    "state", [State.QUEUED, State.HELD, State.DEFERRED, State.FAILED, State.IN_DOUBT]
)
def test_what_is_not_sent_may_be_thrown_away(ledger: Ledger, state: State) -> None:
    """It is no draft any more; its steps and weeks are known as thrown away, not as told."""
    planned(ledger, state)
    ledger.discard(["m-1"], NOON, "lan")
    memory = ledger.memory(HANOI)
    assert states(ledger) == {"m-1": "discarded"}
    assert (memory.drafts, memory.told, memory.digests) == ((), {}, {})
    week = week_key("TH-MY-LAC", "principal", "2021-W08")
    assert memory.discarded == {key(), week}


def test_what_is_thrown_away_stays_so_when_it_is_planned_again(ledger: Ledger) -> None:
    """Even if a plan should hold it once more, it cannot leave."""
    planned(ledger, State.FAILED)
    ledger.discard(["m-1"], NOON, "lan")
    begin(ledger, message("m-1", key(), weeks=("2021-W08",)), now=EVENING)
    assert (states(ledger), ledger.pending()) == ({"m-1": "discarded"}, ())


def test_what_is_thrown_away_outlives_the_pruning_of_its_message(ledger: Ledger) -> None:
    """The keys have a table of their own."""
    planned(ledger, State.HELD)
    ledger.discard(["m-1"], NOON, "lan")
    with ledger._database.transaction() as connection:
        mine = schema.messages.c.workbook == ledger.workbook
        connection.execute(delete(schema.messages).where(mine))
    assert key() in ledger.memory(HANOI).discarded


def test_looking_back_sees_what_was_thrown_away_by_then(ledger: Ledger) -> None:
    """Not what the operator did later."""
    planned(ledger, State.HELD)
    ledger.discard(["m-1"], NOON, "lan")
    assert ledger.memory(HANOI, until=NOW).discarded == frozenset()
    assert key() in ledger.memory(HANOI, until=NOON).discarded


def test_two_messages_may_share_a_step_that_is_thrown_away(ledger: Ledger) -> None:
    """The second finds it on record."""
    begin(ledger, message("m-1", key()), message("m-2", key(), key("chase-5")))
    ledger.discard(["m-1"], NOON, "lan")
    ledger.discard(["m-2"], EVENING, "hoa")
    assert ledger.memory(HANOI).discarded == {key(), key("chase-5")}


def test_a_failed_message_that_is_freed_waits_for_a_plan(ledger: Ledger) -> None:
    """It is queued, but nothing leaves that no run has planned since."""
    planned(ledger, State.FAILED)
    ledger.retry(["m-1"], NOON, "lan")
    assert (states(ledger), ledger.pending(EVENING)) == ({"m-1": "queued"}, ())
    begin(ledger, message("m-1", key(), weeks=("2021-W08",)), now=EVENING)
    assert ledger.pending(EVENING) == ("m-1",)


def test_a_deferred_message_that_is_freed_loses_its_pause(ledger: Ledger) -> None:
    """The next plan may send it at once."""
    planned(ledger, State.DEFERRED)
    soon = NOW + timedelta(minutes=1)
    begin(ledger, message("m-1", key(), weeks=("2021-W08",)), now=soon)
    assert (states(ledger), ledger.pending(soon)) == ({"m-1": "deferred"}, ())
    ledger.retry(["m-1"], soon, "lan")
    begin(ledger, message("m-1", key(), weeks=("2021-W08",)), now=soon)
    assert ledger.pending(soon) == ("m-1",)
    assert ledger.memory(HANOI).unreached == {}


@pytest.mark.parametrize("act", ["retry", "discard"])
def test_what_was_sent_is_left_alone_and_so_is_the_rest_of_the_call(
    ledger: Ledger, act: str
) -> None:
    """All or nothing."""
    begin(ledger, message("m-1", key()), message("m-2", key("chase-5")))
    end_as(ledger, "m-1", State.SENT)
    end_as(ledger, "m-2", State.FAILED)
    with pytest.raises(IllegalMove):
        getattr(ledger, act)(["m-1", "m-2"], NOON, "lan")
    assert states(ledger) == {"m-1": "sent", "m-2": "failed"}
    assert (ledger.history("m-2"), ledger.memory(HANOI).discarded) == ((), frozenset())


def test_every_act_is_on_record(ledger: Ledger) -> None:
    """Who did what, when, in order; releases too."""
    planned(ledger, State.FAILED)
    ledger.retry(["m-1"], NOON, "lan")
    ledger.discard(["m-1"], EVENING, "hoa")
    ledger.release(["old_duty/x"], EVENING, "hoa")
    done = [(a.act, a.who, a.at.astimezone(HANOI)) for a in ledger.history("m-1")]
    assert done == [("retry", "lan", NOON), ("discard", "hoa", EVENING)]
    assert [a.act for a in ledger.history("old_duty/x")] == ["release"]


def test_a_reader_only_opens_to_read(target: str, workbook: str, ledger: Ledger) -> None:
    """Neither act is there for who opened the ledger to read."""
    planned(ledger, State.FAILED)
    with Ledger.open(target, workbook, readonly=True) as reader:
        for act in (reader.retry, reader.discard):
            with pytest.raises(LedgerUnusable):
                act(["m-1"], NOON, "lan")


def test_messages_are_found_by_how_their_ids_begin(ledger: Ledger) -> None:
    """Signs that a database takes for wildcards are signs here."""
    begin(ledger, message("abcd1"), message("abcd2"), message("ab_d3"))
    assert sorted(row.id for row in ledger.message_rows(prefix="abcd")) == ["abcd1", "abcd2"]
    assert [row.id for row in ledger.message_rows(prefix="ab_")] == ["ab_d3"]


def test_refusals_a_week_apart_are_not_in_a_row(ledger: Ledger) -> None:
    """One more, long after the last pause, begins anew; before that the first one counts."""
    since = []
    for now in ("02-26 07:00", "02-28 07:00", "03-12 07:00"):
        begin(ledger, message("m-1", key()), now=at(f"2021-{now}"), memory=Memory())
        assert ledger.claim("m-1")
        ledger.settle("m-1", State.DEFERRED, at(f"2021-{now}"))
        (found,) = ledger.memory(HANOI).unreached.values()
        since.append((found.since, found.tries))
    first, anew = at("2021-02-26 07:00"), at("2021-03-12 07:00")
    assert since == [(first, 1), (first, 2), (anew, 1)]


@pytest.mark.parametrize(
    ("now", "before", "back"),
    [
        pytest.param((9, 40), None, False, id="no-witness"),
        pytest.param(None, (9, 40), False, id="a-ledger-without-a-run"),
        pytest.param((9, 40), (9, 40), False, id="the-same"),
        pytest.param((9, 44), (9, 40), False, id="killed-before-it-testified"),
        pytest.param((10, 40), (9, 40), False, id="a-run-more"),
        pytest.param((10, 30), (9, 40), False, id="bounced-steps-are-told-anew"),
        pytest.param((9, 39), (9, 40), True, id="the-same-run-had-told-more"),
        pytest.param((8, 60), (9, 40), True, id="a-run-less"),
    ],
)
def test_which_ledger_has_gone_back(
    now: tuple[int, int] | None, before: tuple[int, int] | None, back: bool
) -> None:
    """(last run, steps told so far) of the ledger, and of what was seen of it."""
    stands = [s and Stand(run=s[0], at=NOW, told=s[1]) for s in (now, before)]
    assert (gone_back(*stands, HANOI) is not None) is back
