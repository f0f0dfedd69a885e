"""Asks where sent mail lies about messages in doubt, before a run decides about them."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from automator.core.memory import Memory
from automator.errors import AutomatorError
from automator.wiring import open_mailbox

if TYPE_CHECKING:
    from automator.config import Config
    from automator.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the Sent folder said. `absent`: ids of those that surely never left.

    `fault`: why it could not be asked, "" where it was, or where there is none.
    """

    absent: frozenset[str] = frozenset()
    fault: str = ""

    def applied(self, memory: Memory) -> Memory:
        """Return the memory in which what never left may go out however often it was tried."""
        if not self.absent:
            return memory
        drafts = tuple(
            replace(d, repeated=False) if d.id in self.absent else d for d in memory.drafts
        )
        return replace(memory, drafts=drafts)


def look_up(ledger: "Ledger", config: "Config") -> Answer:
    """Write down which messages in doubt lie in the Sent folder of [mail.imap].

    A mailbox that cannot be asked stops no run: it is as if there were none.
    """
    doubted = ledger.doubted() if config.mail.transport == "smtp" else {}
    if not doubted or config.mail.imap is None:
        return Answer()
    try:
        mailbox = open_mailbox(config)
        assert mailbox is not None
        found = mailbox.find_sent(doubted.values())
    except AutomatorError as fault:
        return Answer(fault=f"the Sent folder was not asked about mail in doubt: {fault.message}")
    ledger.confirm({name for name, message_id in doubted.items() if message_id in found})
    return Answer(
        absent=frozenset(name for name, message_id in doubted.items() if message_id not in found)
    )
