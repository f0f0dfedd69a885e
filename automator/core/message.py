"""One rendered mail, ready to hand over. Transports and the ledger share it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from automator.core.memory import TellKey


class State(StrEnum):
    """Where a message stands in the ledger."""

    QUEUED = "queued"  # written down, not handed over yet
    SENDING = "sending"  # being handed over; found after a crash, it is classified
    SENT = "sent"  # the server took it: its steps count as told
    DEFERRED = "deferred"  # refused for now (4xx, connection lost): tried again
    FAILED = "failed"  # refused for good (5xx), or it could not be rendered
    HELD = "held"  # waits for the operator
    IN_DOUBT = "in_doubt"  # died after its claim, before the answer was on record: frozen
    SUPERSEDED = "superseded"  # no longer in the plan; not sent
    DISCARDED = "discarded"  # thrown away by the operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a message: its (Vietnamese) name, media type and bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A rendered notice. `id` is the hash of its sorted told keys and weeks (32 hex digits).

    `message_id` is the header, angle brackets included, derived from `id`; `references` the
    root of its conversation. `at` becomes the header Date. `recipients` belong to one unit.
    `templates`: the fingerprint of the templates that it was rendered with, "" if unknown.
    `mime` are the bytes that leave, b"" while they are not built; where they stand, a
    transport needs neither `text` nor `html` nor `attachments`.
    """

    id: str
    unit: str
    role: str
    kind: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str
    message_id: str
    at: datetime
    keys: tuple[TellKey, ...] = ()
    weeks: tuple[str, ...] = ()
    references: str = ""
    attachments: tuple[Attachment, ...] = field(default_factory=tuple)
    templates: str = ""
    mime: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How handing over the message `id` ended, at `at` (aware): sent, deferred, failed, in doubt.

    `detail` says why, in the server's words; `refused` are recipients turned down while the
    others were taken, `dead` those of them whom the server does not know, with its words.
    """

    id: str
    state: State
    at: datetime
    detail: str = ""
    refused: tuple[str, ...] = ()
    dead: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a transport did not hand a message over.

    `permanent`: a 5xx, retrying is useless until something changes. `in_doubt`: the line was
    cut after the final dot, the server may have it. `refused` are the recipients that the
    server turned down while it took the others (then the message was sent), `dead` those of
    them whom it does not know (5.1.x), with its words.
    """

    reason: str
    permanent: bool = False
    in_doubt: bool = False
    refused: tuple[str, ...] = ()
    dead: tuple[tuple[str, str], ...] = ()
