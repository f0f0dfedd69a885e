"""The memory: what was seen, judged, told."""

from automator.ledger.ledger import Ledger
from automator.ledger.records import MessageRow, RunRecord
from automator.ledger.states import MOVES, IllegalMove

__all__ = ["MOVES", "IllegalMove", "Ledger", "MessageRow", "RunRecord"]
