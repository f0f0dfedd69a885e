"""Checks across the keys of config.toml. They read the raw file, so that they run whatever
else is wrong in it: a value of the wrong type is the models' fault, and is passed over here.
"""

import os
from collections.abc import Iterator

from automator.config import checks_obligation, fields
from automator.config.faults import Fault, Place
from automator.config.raw import Raw, Rule, day, doubles, ids, in_order, listed, table, tables, text
from automator.core.directive import LOCAL_AUTHORITIES
from automator.core.names import key
from automator.core.sheet_settings import spreadsheet_id

IMAPS = 993
_OF_OFFICE = ("leader_emails", "duty_emails", "operator_emails")
_EVERYONE = frozenset({"*", key("tất cả")})


def faults(raw: Raw) -> Iterator[Fault]:
    """Yield the faults of every rule, in the order of the rules."""
    for rule in RULES:
        yield from rule(raw)


def _one_office(raw: Raw) -> Iterator[Fault]:
    offices = [(place, each) for place, each in tables(raw, "unit") if each.get("kind") == "office"]
    if not offices and isinstance(raw.get("unit"), list):
        yield Fault(("unit",), 'expected exactly one unit of `kind = "office"`, found none')
    for place, _ in offices[1:]:
        first = int(offices[0][0][1]) + 1
        expected = f"expected exactly one office: unit[{first}] is it already"
        yield Fault((*place, "kind"), expected)
    if offices and not offices[0][1].get("emails"):
        yield Fault((*offices[0][0], "emails"), "expected the office's address: alerts go there")


def _units(raw: Raw) -> Iterator[Fault]:
    yield from doubles(raw, "unit", "id", str.casefold)
    yield from doubles(raw, "unit", "name", key)  # the tab Trường may name a unit by its name
    for place, each in tables(raw, "unit"):
        yield from in_order(place, each, "valid_from", "valid_to")
        for name in _OF_OFFICE:
            if name in each and text(each, "kind") not in ("office", ""):
                yield Fault((*place, name), 'goes with `kind = "office"` only')


def _workbook(raw: Raw) -> Iterator[Fault]:
    for place in (("workbook",), ("workbook", "incidents")):
        each = table(raw, *place)
        if each.get("source") == "google":
            yield from _needs(place, each, ("spreadsheet_id",), '`source = "google"`')
        elif each and each.get("source", "xlsx") == "xlsx":
            yield from _needs(place, each, ("path",), '`source = "xlsx"`')
    first, second = table(raw, "workbook"), table(raw, "workbook", "incidents")
    for name, same in (("path", os.path.normpath), ("spreadsheet_id", spreadsheet_id)):
        one, other = text(first, name).strip(), text(second, name).strip()
        if one and other and same(one) == same(other):
            expected = "expected another workbook than [workbook]: leave the section out"
            yield Fault(("workbook", "incidents", name), expected)


def _needs(place: Place, each: Raw, names: tuple[str, ...], because: str) -> Iterator[Fault]:
    for name in names:
        if name not in each:
            yield Fault((*place, name), f"is missing: {because} needs it")


def _smtp(raw: Raw) -> Iterator[Fault]:
    mail = table(raw, "mail")
    if mail.get("transport") == "smtp":
        yield from _needs(("mail",), mail, ("host", "from"), '`transport = "smtp"`')
    for place in (("mail",), ("mail", "imap")):
        each = table(raw, *place)
        host = text(each, "host")
        if each.get("security") == "none" and host and host not in fields.LOOPBACK:
            expected = 'expected "starttls" or "tls": "none" is for a server on this machine only'
            yield Fault((*place, "security"), expected)


def _password(raw: Raw) -> Iterator[Fault]:
    for place in (("mail",), ("mail", "imap")):
        each = table(raw, *place)
        sources = [name for name in ("password_env", "password_file") if name in each]
        if len(sources) == 2:
            expected = "expected only one of it and `password_env`"
            yield Fault((*place, "password_file"), expected)
        if "user" in each and not sources:
            yield Fault((*place, "user"), "needs `password_env` or `password_file`")
        if sources and "user" not in each:
            yield Fault((*place, "user"), f"is missing: `{sources[0]}` needs it")


def _imap(raw: Raw) -> Iterator[Fault]:
    mail = table(raw, "mail")
    own = table(mail, "imap")
    if own and "user" not in own and "user" not in mail and not _named_password(own):
        yield Fault(("mail", "imap", "user"), "is missing, and [mail] has no `user` to log in as")
    if own.get("port") == IMAPS and own.get("security") in ("starttls", "none"):
        expected = f'expected "tls": port {IMAPS} is encrypted from its first byte'
        yield Fault(("mail", "imap", "security"), expected)


def _dkim(raw: Raw) -> Iterator[Fault]:
    mail = table(raw, "mail")
    signing, sending = text(table(mail, "dkim"), "domain"), text(mail, "from")
    host = sending.rpartition("@")[2].lower()
    if signing and sending and not f".{host}".endswith(f".{signing.lower().removeprefix('@')}"):
        expected = "expected the domain of `from` or one above it: else the seal is another's"
        yield Fault(("mail", "dkim", "domain"), expected)


def _named_password(each: Raw) -> bool:
    return "password_env" in each or "password_file" in each


def _calendar(raw: Raw) -> Iterator[Fault]:
    calendar = table(raw, "calendar")
    off = {day({"d": each}, "d") for each in listed(calendar, "off")} - {None}
    for number, each in enumerate(listed(calendar, "work")):
        if day({"d": each}, "d") in off:
            yield Fault(("calendar", "work", number), "expected a day that is not in `off` too")
    for place, each in tables(calendar, "school_breaks"):
        yield from in_order(("calendar", *place), each, "from", "to")


def _quiet(raw: Raw) -> Iterator[Fault]:
    hours = listed(table(raw, "policy"), "quiet")
    if len(hours) == 2 and hours[0] == hours[1]:
        yield Fault(("policy", "quiet"), "expected two different times")


def _decisions(raw: Raw) -> Iterator[Fault]:
    for place, each in tables(raw, "waiver"):
        yield from in_order(place, each, "valid_from", "valid_to")
    areas = {text(u, "id") for _, u in tables(raw, "unit") if text(u, "kind") in LOCAL_AUTHORITIES}
    for place, each in tables(raw, "pause"):
        yield from in_order(place, each, "from", "until")
    for place, each in (*tables(raw, "extension"), *tables(raw, "pause")):
        scope = text(each, "scope")
        if scope in ids(raw, "unit") - areas and key(scope) not in _EVERYONE:
            expected = 'expected a school\'s code, the id of a commune, or "tất cả"'
            yield Fault((*place, "scope"), expected)


RULES: tuple[Rule, ...] = (
    _workbook,
    _smtp,
    _password,
    _imap,
    _dkim,
    _quiet,
    _calendar,
    _one_office,
    _units,
    *checks_obligation.RULES,
    _decisions,
)
