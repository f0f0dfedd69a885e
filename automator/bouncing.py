"""Mail that came back: read from the sender's mailbox, noted, listed, cleared by hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from automator import worker
from automator.core.bounces import LOST, folded
from automator.core.memory import Bounce
from automator.errors import ConfigError
from automator.giving import account, not_before
from automator.report import instant
from automator.returned import collect

if TYPE_CHECKING:
    from automator.config import Config
    from automator.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one look into the mailbox gave: recipients named by notices, and what is new of them."""

    named: int
    fresh: tuple[Bounce, ...]


def read(config: "Config", now: datetime, *, dry_run: bool = False) -> Reading:
    """Read the mailbox and note what came back.

    Raises ConfigError, MailboxUnreadable, LeaseHeld, LedgerUnusable, RunTooEarly.
    """
    from automator.ledger.ledger import Ledger

    returned = collect(config, now)
    armed = worker.is_armed(config)
    if dry_run:
        with Ledger.open(config.ledger, config.workbook.id, readonly=True, armed=armed) as book:
            _not_before(book, now)
            return Reading(named=len(returned), fresh=book.believed(returned, now))
    with Ledger.open(config.ledger, config.workbook.id, armed=armed) as book, book.lock():
        _not_before(book, now)
        return Reading(named=len(returned), fresh=book.note_returned(returned, now))


def clear(config: "Config", now: datetime, address: str, *, dry_run: bool = False) -> int:
    """Take an address for good again, on the word of who calls; return the mails that came back.

    Raises ConfigError where nothing stands against it, LeaseHeld, LedgerUnusable, RunTooEarly.
    """
    from automator.ledger.ledger import Ledger

    against = [b for b in known(config) if b.address == folded(address) and _stands(b)]
    if not against:
        msg = f"nothing stands against {address}"
        raise ConfigError(msg, hint="`automator bounces --list` shows the addresses")
    if dry_run:
        return len(against)
    armed = worker.is_armed(config)
    with Ledger.open(config.ledger, config.workbook.id, armed=armed) as book, book.lock():
        _not_before(book, now)
        return book.clear_bounces(address, now, account())


def known(config: "Config") -> tuple[Bounce, ...]:
    """Return all that has come back, the cleared too, by address and mail."""
    from automator.ledger.ledger import Ledger

    with Ledger.open(config.ledger, config.workbook.id, readonly=True) as book:
        return book.memory(config.zone).bounces


def as_json(bounce: Bounce, config: "Config") -> dict[str, Any]:
    """Return what came back as the document has it; whoever may call it may see addresses."""
    return {
        "address": bounce.address,
        "fate": bounce.fate,
        "status": bounce.status,
        "detail": bounce.detail,
        "message": bounce.message,
        "at": instant(bounce.at, config.zone),
        "cleared_at": instant(bounce.cleared_at, config.zone),
        "cleared_by": bounce.cleared_by,
    }


def _stands(bounce: Bounce) -> bool:
    return bounce.fate in LOST and bounce.cleared_at is None


def _not_before(book: "Ledger", now: datetime) -> None:
    last = book.last_run()
    not_before(last.now if last else None, now)
