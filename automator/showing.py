"""One message of the ledger for the operator's eyes: headers, text, and what was done with it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from automator import outbox, wiring
from automator.core.memory import Bounce
from automator.core.message import Message, Refusal
from automator.errors import ConfigError
from automator.report import instant
from automator.wording import instant_words

if TYPE_CHECKING:
    from automator.config import Config
    from automator.ledger.acts import Act
    from automator.ledger.records import MessageRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message: its row, what was done to it by hand, its body while that is kept.

    `bounces`: from which of its recipients it came back, or is late.
    """

    row: "MessageRow"
    acts: tuple["Act", ...]
    body: Message | None
    bounces: tuple[Bounce, ...] = ()

    def html(self) -> bytes:
        """Return the page of the mail. Raises ConfigError where the body is not kept."""
        return _kept(self).html.encode()

    def eml(self, config: "Config") -> bytes:
        """Return the mail with all its headers. Raises ConfigError where it has no body."""
        mime = wiring.as_mime(config, _kept(self))
        if isinstance(mime, Refusal):
            msg = f"message {self.row.id[: outbox.CODE]} is no mail: {mime.reason}"
            raise ConfigError(msg)
        return mime


def read(config: "Config", code: str) -> Shown:
    """Return the message of that code. Raises ConfigError for none, or for several."""
    from automator.ledger.ledger import Ledger

    with Ledger.open(config.ledger, config.workbook.id, readonly=True) as ledger:
        row = outbox.find(ledger, code)
        known = ledger.memory(config.zone).bounces
        return Shown(
            row=row,
            acts=ledger.history(row.id),
            body=ledger.kept(row.id),
            bounces=tuple(b for b in known if b.message == row.id),
        )


def write(path: Path, content: bytes) -> None:
    """Write `content` to `path`. Raises ConfigError where that cannot be done."""
    try:
        path.write_bytes(content)
    except OSError as fault:
        msg = f"cannot write {path}: {(fault.strerror or type(fault).__name__).lower()}"
        raise ConfigError(msg) from fault


def as_text(shown: Shown, config: "Config") -> str:
    """Return the message as a page of text."""
    return "\n".join([*_head(shown, config.zone), *_mail(shown, config)])


def as_json(shown: Shown, zone: ZoneInfo) -> str:
    """Return the message as a document; whoever may open the ledger may see the addresses."""
    row, body = shown.row, shown.body
    document = {
        "schema": 1,
        **outbox.as_json(row, zone),
        "recipients": list(row.recipients),
        "refused": list(row.refused),
        "bounced": [
            {"address": b.address, "fate": b.fate, "status": b.status, "at": instant(b.at, zone)}
            for b in shown.bounces
        ],
        "message_id": body.message_id if body else None,
        "text": body.text if body else None,
        "acts": [{"at": instant(a.at, zone), "act": a.act, "who": a.who} for a in shown.acts],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _head(shown: Shown, zone: ZoneInfo) -> list[str]:
    row = shown.row
    ended = f", {instant_words(row.settled_at.astimezone(zone))}" if row.settled_at else ""
    said = [
        f"message {row.id[: outbox.CODE]} ({row.id})",
        f"state: {row.state.value}{ended}" + (f": {row.detail}" if row.detail else ""),
        f"planned: {instant_words(row.since.astimezone(zone))}, for {row.unit} as {row.role}",
    ]
    if row.retry_at:
        said.append(f"next try: {instant_words(row.retry_at.astimezone(zone))}")
    if row.refused:
        said.append(f"refused by the server: {', '.join(row.refused)}")
    said += [f"{b.fate}: {b.address} {b.status} {b.detail}".rstrip() for b in shown.bounces]
    said += [f"{a.act} by {a.who}: {instant_words(a.at.astimezone(zone))}" for a in shown.acts]
    todo = outbox.advice(row)
    return [*said, f"to do: {todo}"] if todo else said


def _mail(shown: Shown, config: "Config") -> list[str]:
    row, body = shown.row, shown.body
    headers = [
        f"From: {config.mail.sender_name} <{config.mail.sender}>",
        f"To: {', '.join(row.recipients)}",
        f"Subject: {row.subject}",
        f"Date: {row.at.isoformat()}",
    ]
    if body is None:
        return ["", *headers, "", "(its body is not kept any more)"]
    headers.append(f"Message-ID: {body.message_id}")
    headers += [f"References: {body.references}"] * bool(body.references)
    headers += [f"Attachment: {a.name} ({len(a.content)} bytes)" for a in body.attachments]
    return ["", *headers, "", body.text or f"(no text: {row.detail})"]


def _kept(shown: Shown) -> Message:
    if shown.body is None or not shown.body.text:
        msg = f"the body of message {shown.row.id[: outbox.CODE]} is not kept"
        raise ConfigError(msg, hint="it was pruned, or could not be rendered")
    return shown.body
