"""The ladder of an obligation where config.toml leaves it out: promises of the program."""

from automator.config.model import LadderTable, ObligationTable
from automator.core.directive import Ladder, Offset


def _ladder(remind: str, chase: str, escalate: str) -> Ladder:
    rungs = (
        tuple(Offset(int(w.removesuffix("h")), hours=w.endswith("h")) for w in words.split())
        for words in (remind, chase, escalate)
    )
    return Ladder(**dict(zip(("remind", "chase", "escalate"), rungs, strict=True)))


DATED = _ladder("5 1", "1 5", "3")
RECURRING = _ladder("3 1", "1", "5")
EVENT = _ladder("6h", "1h 24h", "24h")
MINIMUM = _ladder("20 5", "5", "")
BY_ID = {
    "plan": DATED,
    "propaganda": MINIMUM,
    "model": MINIMUM,
    "urgent-report": EVENT,
    "periodic-report": RECURRING,
}


def ladder_of(table: ObligationTable) -> Ladder:
    """Return the obligation's ladder: its own rungs, else those of its id, else of its kind."""
    if table.strength == "soft":
        return Ladder()
    kind = RECURRING if table.every else EVENT if table.within else DATED
    return over(BY_ID.get(table.id, kind), table)


def over(default: Ladder, table: LadderTable | ObligationTable) -> Ladder:
    """Return `default` with the rungs that `table` sets; an empty list sets none."""

    def rungs(own: list[Offset] | None, others: tuple[Offset, ...]) -> tuple[Offset, ...]:
        return others if own is None else tuple(own)

    return Ladder(
        remind=rungs(table.remind, default.remind),
        chase=rungs(table.chase, default.chase),
        escalate=rungs(table.escalate, default.escalate),
    )
