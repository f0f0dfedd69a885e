"""Mail that came back: which addresses are dead, whom mail still reaches, what is told anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from automator.core.layout import SCHOOLS
from automator.core.memory import Bounce, Memory, TellKey, Told
from automator.core.problem import Problem, Severity
from automator.core.register import Register, Row

Who = tuple[str, str]
"""Unit and role."""
Recipients = Mapping[Who, tuple[str, ...]]
ADDRESS_COLUMNS = ("email", "other_emails")


class Fate(StrEnum):
    """What a notice says of one recipient of one mail, the worst first."""

    DEAD = "dead"  # nothing will arrive at that address
    FAILED = "failed"  # this mail did not arrive, for a reason of its own or one that may pass
    DELAYED = "delayed"  # the servers are still trying


LOST = frozenset({Fate.DEAD, Fate.FAILED})
"""Fates in which the mail has not arrived and never will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One recipient of one mail, as a notice tells it; nothing of it is believed yet.

    `message_id` is the header of the mail, brackets included; `addresses` are the one that it
    was sent to, where the notice names it, and the one at which it ended. `status` is that of
    RFC 3463 ("5.1.1"), `detail` the server's words on one line.
    """

    message_id: str
    addresses: tuple[str, ...]
    fate: Fate
    status: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whom mail reaches. `recipients` are the living addresses of each reader.

    `bounced` are the readers all of whose addresses are dead; `unsure` those who have no
    living address but such at which a mail failed: what came back is not sent there again.
    """

    recipients: Recipients
    bounced: frozenset[Who] = field(default_factory=frozenset)
    unsure: frozenset[Who] = field(default_factory=frozenset)


def folded(address: str) -> str:
    """Return an address as it is compared: mail systems do not mind its case."""
    return address.strip().lower()


def dead(bounces: Iterable[Bounce]) -> dict[str, Bounce]:
    """Return the dead addresses, folded, each with the first mail that came back from it."""
    found: dict[str, Bounce] = {}
    for bounce in sorted(_standing(bounces, Fate.DEAD), key=lambda b: (b.at, b.message)):
        found.setdefault(bounce.address, bounce)
    return found


def reach(recipients: Recipients, bounces: Sequence[Bounce]) -> Reach:
    """Return whom mail reaches, of all who have an address."""
    if not bounces:
        return Reach(recipients=recipients)
    gone = dead(bounces)
    failed = gone.keys() | {b.address for b in _standing(bounces, Fate.FAILED)}
    living = {
        who: tuple(a for a in addresses if folded(a) not in gone)
        for who, addresses in recipients.items()
    }
    return Reach(
        recipients=living,
        bounced=frozenset(who for who, known in recipients.items() if known and not living[who]),
        unsure=frozenset(
            who for who, known in living.items() if known and failed.issuperset(map(folded, known))
        ),
    )


def _standing(bounces: Iterable[Bounce], fate: Fate) -> Iterable[Bounce]:
    return (b for b in bounces if b.fate == fate and b.cleared_at is None)


def came_back(memory: Memory) -> frozenset[TellKey]:
    """Return the steps whose mail came back from every recipient, as is known in detail."""
    lost = {b.message for b in memory.bounces if b.fate in LOST}
    return frozenset(k for k, told in memory.told.items() if told.bounced and told.message in lost)


def anew(key: TellKey, returned: frozenset[TellKey]) -> TellKey:
    """Return the key under which a step that came back is told anew: "chase-1-again".

    The old key stays on record: that mail left. If the second comes back too, "-again-2".
    """
    step, times = key.step, 0
    while key in returned:
        times += 1
        key = replace(key, step=f"{step}-again" + (f"-{times}" if times > 1 else ""))
    return key


def known_by(
    told: Mapping[TellKey, Told], bounces: Sequence[Bounce], now: datetime
) -> tuple[dict[TellKey, Told], tuple[Bounce, ...]]:
    """Return what was told and what had come back, without what was read after `now`."""
    later = {b.message for b in bounces if b.at > now}
    then = {
        key: replace(value, bounced=value.bounced and value.message not in later)
        for key, value in told.items()
        if value.at <= now
    }
    return then, tuple(_uncleared(b, now) for b in bounces if b.at <= now)


def _uncleared(bounce: Bounce, now: datetime) -> Bounce:
    if bounce.cleared_at is None or bounce.cleared_at <= now:
        return bounce
    return replace(bounce, cleared_at=None, cleared_by="")


def problems(register: Register, bounces: Sequence[Bounce], now: datetime) -> list[Problem]:
    """Return a problem for each cell of the tab Trường that holds a dead address."""
    gone = dead(bounces)
    if not gone:
        return []
    return [
        _problem(register, row, column, address, gone[folded(address)])
        for row in register.of(SCHOOLS.key)
        if row.valid and not is_over(row, now.date())
        for column in ADDRESS_COLUMNS
        for address in addresses_in(row, column)
        if folded(address) in gone
    ]


def addresses_in(row: Row, column: str) -> tuple[str, ...]:
    """Return the good addresses in a cell of the tab Trường."""
    value = row.values.get(column)
    return value if isinstance(value, tuple) else ()


def is_over(row: Row, day: date) -> bool:
    """Tell whether a row of the tab Trường holds no more on `day`."""
    end = row.moment("valid_to")
    return end is not None and end.day < day


def _problem(register: Register, row: Row, column: str, address: str, bounce: Bounce) -> Problem:
    return Problem(
        tab=SCHOOLS.title,
        cell=register.cell(SCHOOLS.key, row.number, column),
        code="bounced",
        severity=Severity.WARNS,
        message=f"thư gửi tới địa chỉ này bị trả lại ({bounce.status or 'không rõ mã lỗi'})",
        remedy="Đề nghị hỏi lại trường và ghi địa chỉ đang dùng; địa chỉ này không nhận thư nữa.",
        header=SCHOOLS.column(column).header,
        value=address,
        school=row.text("code") or None,
        row=row.number,
    )


def name_of(address: str) -> str:
    """Return a short name of an address for keys and reports, which must not show it."""
    return sha256(folded(address).encode()).hexdigest()[:12]
