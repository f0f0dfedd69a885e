"""Pinned addresses: mail goes to those seen first, those approved, those of allowed domains.

Whoever can edit the tab Trường could else turn a school's mails to himself. Addresses of
officials stand in config.toml and need no approval.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from automator.core.alerts import Alert
from automator.core.bounces import Recipients, folded, name_of
from automator.core.contacts import masked
from automator.core.memory import Contact
from automator.core.people import People
from automator.core.register import School

PUBLIC = frozenset(
    {
        *("gmail.com", "googlemail.com", "yahoo.com", "yahoo.com.vn", "ymail.com"),
        *("outlook.com", "outlook.com.vn", "hotmail.com", "live.com", "msn.com"),
        *("icloud.com", "me.com", "aol.com", "zoho.com", "yandex.com", "mail.ru", "zing.vn"),
        *("proton.me", "protonmail.com", "gmx.com", "gmx.net", "mail.com", "tutanota.com"),
    }
)
"""Domains where anybody gets a mailbox: to list one says nothing about whose address it is."""

Contacts = Mapping[str, Contact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """Whom mail may go to. `recipients` are the addresses of each reader that are trusted.

    `unapproved` wait for the operator, `refused` are of a domain that is not allowed; a
    reader without any stands in neither.
    """

    recipients: Recipients
    unapproved: Recipients = field(default_factory=dict)
    refused: Recipients = field(default_factory=dict)


def allowed(address: str, domains: Iterable[str]) -> bool:
    """Tell whether an address is of one of `domains` or of a sub-domain; none named: of any."""
    domain = f".{folded(address).rpartition('@')[2]}"
    listed = tuple(domains)
    return not listed or any(domain.endswith(f".{each}") for each in listed)


def vouched(address: str, domains: Iterable[str]) -> bool:
    """Tell whether its domain says enough of an address: it is listed and no public one."""
    domain = folded(address).rpartition("@")[2]
    own = [each for each in domains if each not in PUBLIC]
    return bool(own) and domain not in PUBLIC and allowed(address, own)


def trusted(recipients: Recipients, contacts: Contacts, domains: tuple[str, ...]) -> Trusted:
    """Return whom mail may go to, of all who have an address."""
    good: dict[tuple[str, str], tuple[str, ...]] = {}
    unapproved: dict[tuple[str, str], tuple[str, ...]] = {}
    refused: dict[tuple[str, str], tuple[str, ...]] = {}
    for who, addresses in recipients.items():
        unit, role = who
        contact = contacts.get(unit) if role == "principal" else None
        outside = tuple(a for a in addresses if not allowed(a, domains))
        waiting = _new(addresses, contact, domains)
        good[who] = tuple(a for a in addresses if a not in outside and a not in waiting)
        if waiting:
            unapproved[who] = waiting
        if outside:
            refused[who] = outside
    return Trusted(recipients=good, unapproved=unapproved, refused=refused)


def _new(
    addresses: Iterable[str], contact: Contact | None, domains: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the addresses that wait; a unit that was never seen with any has none."""
    if contact is None:
        return ()
    return tuple(
        a
        for a in addresses
        if folded(a) not in contact.addresses and allowed(a, domains) and not vouched(a, domains)
    )


def addresses_of(school: School, day: date) -> tuple[str, ...]:
    """Return the addresses of a school on `day` and later, as its rows spell them, each once."""
    rows = [a for a in school.assignments if a.valid_to is None or a.valid_to >= day]
    spelled = [e for each in rows for e in each.emails] or list(school.on(day).emails)
    return tuple({folded(e): e for e in reversed(spelled)}.values())[::-1]


def pending(
    schools: Mapping[str, School], contacts: Contacts, domains: tuple[str, ...], day: date
) -> dict[str, tuple[str, ...]]:
    """Return by school the addresses that wait for approval, those of rows ahead too."""
    found = {
        code: _new(addresses_of(school, day), contacts.get(code), domains)
        for code, school in schools.items()
    }
    return {code: new for code, new in sorted(found.items()) if new}


def pin(
    contacts: Contacts, schools: Mapping[str, School], day: date, now: datetime
) -> dict[str, Contact]:
    """Return the contacts with those of schools whose addresses are seen for the first time."""
    fresh = {
        code: Contact(addresses=as_pinned(addresses), approved_at=now)
        for code, school in schools.items()
        if code not in contacts and (addresses := addresses_of(school, day))
    }
    return {**contacts, **fresh}


def as_pinned(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return addresses as they are kept: folded, sorted, each once."""
    return tuple(sorted({folded(a) for a in addresses}))


def conditions(
    waiting: Mapping[str, tuple[str, ...]], contacts: Contacts, refused: Recipients, there: People
) -> list[Alert]:
    """Return an alert for each school whose new addresses wait, each reader refused.

    A further change while one waits is another alert; addresses are masked, for mails travel.
    """
    found = [
        Alert(
            code="address",
            subject=f"{code}/{name_of(' '.join(as_pinned(new)))}",
            line=f"{there.unit_name(code)}: {_list(contacts[code].addresses)} → {_list(new)}",
        )
        for code, new in waiting.items()
    ]
    lost: dict[str, tuple[str, ...]] = {}
    for (unit, _), addresses in sorted(refused.items()):
        lost[unit] = tuple(dict.fromkeys((*lost.get(unit, ()), *addresses)))
    found += [
        Alert(
            code="domain",
            subject=f"{unit}/{name_of(' '.join(as_pinned(addresses)))}",
            line=f"{there.unit_name(unit)}: {_list(addresses)}",
        )
        for unit, addresses in lost.items()
    ]
    return found


def _list(addresses: Iterable[str]) -> str:
    return ", ".join(masked(a) for a in addresses)
