"""What broke of our own while one school was judged or told: the others get their mails."""

from dataclasses import dataclass
from traceback import extract_tb


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A fault of the program: about which unit or instance, and where in the code."""

    subject: str
    where: str


def place_of(fault: Exception) -> str:
    """Return the kind of a fault and its place, "KeyError in lines.py:41".

    Its words stay out: they may quote a cell.
    """
    frames = extract_tb(fault.__traceback__)
    at = f" in {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(fault).__name__}{at}"


def too_many(broken: int, of: int, share: float) -> bool:
    """Tell whether so much broke that the rest is not to be trusted either."""
    return broken > FEW and broken > share * of


FEW = 3
"""That many faults are single cases, however small the office."""
