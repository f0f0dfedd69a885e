"""The states of a message and the moves between them: one table, held by the database too."""

from collections.abc import Mapping

from automator.core.message import State
from automator.errors import LedgerUnusable

MOVES: Mapping[State, frozenset[State]] = {
    # Written down, not handed over yet. A later plan may hold or drop it.
    State.QUEUED: frozenset(
        {State.SENDING, State.HELD, State.FAILED, State.SUPERSEDED, State.DISCARDED}
    ),
    # Being handed over. Found after a crash it is in doubt: what was claimed may be out. Back
    # to queued only where the process itself knows that nothing left.
    State.SENDING: frozenset(
        {State.SENT, State.DEFERRED, State.FAILED, State.IN_DOUBT, State.QUEUED}
    ),
    # The server took it: its steps are told. The end.
    State.SENT: frozenset(),
    # Refused for now: tried again when its unit's back-off is over, while the plan wants it.
    State.DEFERRED: frozenset(
        {
            State.SENDING,
            State.QUEUED,
            State.HELD,
            State.FAILED,
            State.SUPERSEDED,
            State.DISCARDED,
        }
    ),
    # Refused for good, or not rendered. Queued again when the address or the template changed.
    State.FAILED: frozenset({State.QUEUED, State.HELD, State.SUPERSEDED, State.DISCARDED}),
    # Waits for the operator; the plan after the release queues it.
    State.HELD: frozenset({State.QUEUED, State.FAILED, State.SUPERSEDED, State.DISCARDED}),
    # The server may have it. Sent once more under the same Message-ID, or found there.
    State.IN_DOUBT: frozenset({State.SENDING, State.SENT, State.DISCARDED}),
    # No longer in the plan. The id is the hash of the steps: planned again (a receipt taken
    # back, a pause lifted), it is the same message, and nothing of it was ever told.
    State.SUPERSEDED: frozenset({State.QUEUED, State.HELD, State.FAILED}),
    # Thrown away by the operator. The end.
    State.DISCARDED: frozenset(),
}

DRAFTS = frozenset({State.QUEUED, State.DEFERRED, State.HELD, State.FAILED, State.IN_DOUBT})
"""Messages of an earlier plan that were not handed over: what `Memory.drafts` holds."""

CLAIMABLE = frozenset({State.QUEUED, State.DEFERRED})
"""Messages that may be handed over now."""


def sources(target: State) -> frozenset[State]:
    """Return the states from which a message may move to `target`."""
    return frozenset(old for old, new in MOVES.items() if target in new)


class IllegalMove(LedgerUnusable):
    """A message is not in the state from which it should move: nothing was changed (exit 5)."""

    def __init__(self, message: str, target: str) -> None:
        super().__init__(
            f"message {message} may not become {target} from where it stands",
            hint="another process uses this ledger, or it was changed by hand",
        )
