"""The addresses of schools: which are pinned, which wait, and approving them by hand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from automator import giving, naming, worker
from automator.core import pinned
from automator.core.bounces import dead, folded
from automator.core.turn import Outcome
from automator.errors import ConfigError

if TYPE_CHECKING:
    from automator.config import Config
    from automator.ledger.ledger import Ledger

KEY = "address/"
"""How the key of a decision on a school's address begins; its code follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address of a school as it stands in the sheet, or did when it was approved.

    `state`: "pinned" (seen first, or approved), "first" (of a school that no run has seen),
    "allowed" (for its domain), "pending", "refused" (for its domain), "bounced", or "former":
    approved, and no longer in the sheet. `also`: codes of other schools that have it too.
    """

    address: str
    state: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One school: its addresses, who approved them last ("": they stood at first sight), when."""

    school: str
    name: str
    addresses: tuple[Address, ...]
    approved_at: datetime | None
    approved_by: str

    @property
    def pending(self) -> tuple[str, ...]:
        """The addresses that wait for approval."""
        return tuple(a.address for a in self.addresses if a.state == "pending")

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values; whoever may open the ledger may see the addresses."""
        return {
            "school": self.school,
            "name": self.name,
            "addresses": [
                {"address": a.address, "state": a.state, "also": list(a.also)}
                for a in self.addresses
            ],
            "approved_at": self.approved_at.isoformat() if self.approved_at else None,
            "approved_by": self.approved_by or None,
        }


def lines(outcome: Outcome) -> tuple[Line, ...]:
    """Return every school of the roster, in its order."""
    schools, day = outcome.assessment.register.schools, outcome.speech.people.day
    owners: dict[str, set[str]] = {}
    for code, school in schools.items():
        for address in pinned.addresses_of(school, day):
            owners.setdefault(folded(address), set()).add(code)
    return tuple(_line(code, outcome, owners) for code in schools)


def _line(code: str, outcome: Outcome, owners: dict[str, set[str]]) -> Line:
    memory = outcome.scene.memory
    contact = memory.contacts.get(code)
    day, school = outcome.speech.people.day, outcome.assessment.register.schools[code]
    now = pinned.addresses_of(school, day)
    gone = {folded(a) for a in now}
    former = [a for a in contact.addresses if a not in gone] if contact else []
    found = [
        Address(
            address=address,
            state=_state(address, code, outcome),
            also=tuple(sorted(owners[folded(address)] - {code})),
        )
        for address in now
    ]
    return Line(
        school=code,
        name=outcome.speech.people.unit_name(code),
        addresses=(*found, *(Address(address=a, state="former") for a in former)),
        approved_at=contact.approved_at if contact else None,
        approved_by=contact.approved_by if contact else "",
    )


def _state(address: str, code: str, outcome: Outcome) -> str:
    memory, domains = outcome.scene.memory, outcome.scene.desk.policy.allow_domains
    contact = memory.contacts.get(code)
    if not pinned.allowed(address, domains):
        return "refused"
    known = contact is None or folded(address) in contact.addresses
    if not known and not pinned.vouched(address, domains):
        return "pending"
    if folded(address) in dead(memory.bounces):
        return "bounced"
    if contact is None:
        return "first"
    return "pinned" if known else "allowed"


def look(config: "Config", now: datetime) -> tuple[Line, ...]:
    """Return the addresses of every school as a run at `now` would see them. Writes nothing."""
    return lines(worker.survey(config, now))


def one(config: "Config", now: datetime, school: str) -> Line:
    """Return the addresses of one school, by code or name. Raises ConfigError for none."""
    outcome = worker.survey(config, now)
    code = naming.school(outcome.assessment.register.schools, school)
    return next(line for line in lines(outcome) if line.school == code)


def approve(
    config: "Config", now: datetime, schools: Sequence[str], *, everything: bool
) -> tuple[Line, ...]:
    """Approve the addresses that schools have in the sheet now; return what was so approved.

    What nothing waits for is left out. Raises ConfigError for an unknown school, RunTooEarly
    for a `now` before the last run, LeaseHeld if a run holds the lock, LedgerUnusable also
    where there is no ledger: a slip must not make one.
    """
    from automator.ledger import care
    from automator.ledger.ledger import Ledger

    care.existing(config.ledger).close()
    outcome = worker.survey(config, now)
    known = outcome.assessment.register.schools
    codes = set(known) if everything else {naming.school(known, text) for text in schools}
    armed = worker.is_armed(config)
    with Ledger.open(config.ledger, config.workbook.id, armed=armed) as book, book.lock():
        giving.not_before(book.memory(config.zone).last_run, now)
        return approve_in(book, outcome, codes, now)


def approve_in(
    ledger: "Ledger", outcome: Outcome, codes: Collection[str], now: datetime
) -> tuple[Line, ...]:
    """Write down that the addresses of `outcome` are right, of those schools whose ones wait.

    Only what was looked at is approved: what the sheet says by the next run may be another.
    """
    waiting = [line for line in lines(outcome) if line.school in codes and line.pending]
    wanted = {
        line.school: pinned.as_pinned(
            a.address
            for a in line.addresses
            if a.state in ("pinned", "pending", "bounced", "allowed")
        )
        for line in waiting
    }
    ledger.approve(wanted, now, giving.account())
    return tuple(waiting)


def needed(schools: Sequence[str] | None, *, everything: bool) -> Sequence[str]:
    """Return the schools that are named. Raises ConfigError where there is none, nor --all."""
    if not schools and not everything:
        msg = "name a SCHOOL, or --all"
        raise ConfigError(msg, hint="`automator contacts list --pending` shows what waits")
    return schools or ()
