"""Reads delivery status notifications (RFC 3464). Whoever can send us mail can send us one:
nothing of it is believed here, and none can do more than be of no use.
"""

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.message import Message as Part
from quopri import decodestring

from automator.core.bounces import Fate, Returned
from automator.mail.clean import clean_text

REPORT = "multipart/report"
STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
ORIGINALS = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
MOST_RECIPIENTS = 200
"""Of one notice: a mail of ours has a handful."""
LONGEST_ADDRESS = 320
LONGEST_DETAIL = 300

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,990}>")
_ABOUT_THE_MAIL = frozenset({"3", "5", "6", "7"})
"""RFC 3463, 3: the system, the protocol, the content, the policy, and not the address."""
_MAY_PASS = frozenset({"5.2.2", "5.2.3", "5.4.7"})
"""A full mailbox, a mail too long for it, time that ran out."""


def is_report(content_type: str) -> bool:
    """Tell by a mail's header Content-Type whether it may be a notice about delivery."""
    plain = content_type.strip().lower()
    return plain.startswith(REPORT) and "disposition-notification" not in plain


def parse(raw: bytes) -> tuple[Returned, ...]:
    """Return what a notice says of each recipient; () for any other mail, or a broken one.

    `raw` may be cut off anywhere. Only the parts of the notice itself count, not those of a
    notice that was returned in its turn.
    """
    try:
        return _parse(message_from_bytes(raw))
    except Exception:  # the parsers raise what they like for a mail that is made to break them
        return ()


def _parse(notice: Part) -> tuple[Returned, ...]:
    if notice.get_content_type() != REPORT or not is_report(str(notice["Content-Type"])):
        return ()
    parts = notice.get_payload()
    if not isinstance(parts, list):
        return ()
    children = [part for part in parts if isinstance(part, Part)]
    status = next((p for p in children if p.get_content_type() in STATUS_PARTS), None)
    message_id = _original_id(children) or _id(notice.get("In-Reply-To"))
    if status is None or not message_id:
        return ()
    said = (_returned(block, message_id) for block in _blocks(status))
    return tuple(each for each in said if each is not None)


def _original_id(children: Iterable[Part]) -> str:
    """Return the Message-ID of the mail that the notice brings back, "" where it shows none."""
    for part in children:
        if part.get_content_type() in ORIGINALS:
            inner = part.get_payload()
            original = inner[0] if isinstance(inner, list) and inner else _headers(part)
            return _id(original.get("Message-ID")) if isinstance(original, Part) else ""
    return ""


def _headers(part: Part) -> Part:
    content = part.get_payload(decode=True)
    return message_from_bytes(content if isinstance(content, bytes) else b"")


def _id(header: object) -> str:
    found = _MESSAGE_ID.search(str(header)) if header is not None else None
    return found[0] if found else ""


def _blocks(status: Part) -> Iterator[Part]:
    """Give the groups of fields that speak of one recipient each."""
    payload = status.get_payload()
    groups = [g for g in payload if isinstance(g, Part)] if isinstance(payload, list) else []
    if status.get_content_type() != STATUS_PARTS[0] or _encoded(status):
        lines = _decoded(status, b"\n\n".join(map(bytes, groups))).replace(b"\r\n", b"\n")
        groups = [message_from_bytes(group.lstrip()) for group in lines.split(b"\n\n")]
    named = [group for group in groups if group.get("Final-Recipient") is not None]
    yield from named[:MOST_RECIPIENTS]


def _encoded(part: Part) -> str:
    """Return how a part is encoded, "" for not at all, as RFC 3464 wants it."""
    name = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    return name if name in ("base64", "quoted-printable") else ""


def _decoded(part: Part, content: bytes) -> bytes:
    if _encoded(part) == "base64":
        return b64decode(content)
    return decodestring(content) if _encoded(part) else content


def _returned(block: Part, message_id: str) -> Returned | None:
    """Return what one group says; None where its mail has arrived, or nothing is clear."""
    addresses = [_address(block.get(name)) for name in ("Original-Recipient", "Final-Recipient")]
    detail = clean_text(_after_type(block.get("Diagnostic-Code")), LONGEST_DETAIL)
    status = _status(str(block.get("Status", "")), detail)
    action = str(block.get("Action", "")).strip().lower()
    fate = _fate(action, status)
    known = tuple(dict.fromkeys(address for address in addresses if address))
    if fate is None or not known:
        return None
    return Returned(message_id=message_id, addresses=known, fate=fate, status=status, detail=detail)


def _after_type(field: object) -> str:
    """Return a field without the type before it: "rfc822; a@b.example" is a@b.example."""
    text = str(field) if field is not None else ""
    return text.partition(";")[2] or text


def _address(field: object) -> str:
    words = _after_type(field).split()
    bare = words[0].strip("<>") if words else ""
    return bare if "@" in bare and bare.isprintable() and len(bare) <= LONGEST_ADDRESS else ""


def _status(field: str, detail: str) -> str:
    """Return the status, the server's own where the reporting one knows no more than "5.0.0"."""
    own, server = _STATUS.search(field), _STATUS.search(detail)
    if own is None:
        return server[0] if server else ""
    better = server is not None and own[0].endswith(".0.0") and server[1] == own[1]
    return server[0] if server is not None and better else own[0]


def _fate(action: str, status: str) -> Fate | None:
    if action.startswith("delayed"):
        return Fate.DELAYED
    if not action.startswith("failed"):
        return None
    klass, _, rest = status.partition(".")
    passing = rest.partition(".")[0] in _ABOUT_THE_MAIL or status in _MAY_PASS
    return Fate.DEAD if klass == "5" and not passing else Fate.FAILED
