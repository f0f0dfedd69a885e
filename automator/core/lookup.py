"""What the indexes of schools and units share: a match, a memory of cells seen, codes as typed."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass

from automator.core.problem import Fault
from automator.core.raw import as_text, is_blank, plain_dashes, says_nothing
from automator.core.snapshot import Cell

_MEMO_SIZE = 1 << 16
_DISTRICT = re.compile(
    r"(?:\s*[,(]\s*|\s+-\s+|\s+(?=(?:huyện|tỉnh)\s))"
    r"(?:xã|thị trấn|tt\.?|phường|huyện|h\.|thị xã|quận|thành phố|tp\.?|tỉnh)(?:\s.*)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a cell names: a code (None: nothing known) and what is to be said about it."""

    code: str | None
    fault: Fault | None = None


class Index(ABC):
    """Resolves the distinct texts of a column, each of them once."""

    def __init__(self) -> None:
        self._memo: dict[str, Match] = {}

    def resolve(self, cell: Cell) -> Match:
        """Return what a cell names; blank, "-" and "…" give neither code nor fault."""
        if is_blank(cell):
            return Match(code=None)
        text = as_text(cell)
        known = self._memo.get(text)
        if known is None:
            known = Match(code=None) if says_nothing(text) else self._resolve(text)
            if len(self._memo) < _MEMO_SIZE:
                self._memo[text] = known
        return known

    @abstractmethod
    def _resolve(self, text: str) -> Match: ...


def code_key(text: str) -> str:
    """Return a code as it is compared: upper case, no spaces, plain dashes."""
    return plain_dashes("".join(text.split())).upper()


def without_district(name: str) -> str:
    """Return a name without a trailing ", huyện …" or " (xã …)"."""
    return _DISTRICT.sub("", name)
