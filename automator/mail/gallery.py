"""A page to look at the mails of a folder: index.html beside the .eml, nothing from outside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from automator.core.words import long_day_words

SHOWN_WHOLE = 400
"""Mails whose body is in the page; older ones are listed with a link to their file."""
KINDS = {
    "alert": "Vận hành",
    "urgent": "Khẩn",
    "digest": "Tổng hợp",
    "escalate": "Báo cáo",
    "chase": "Chưa nhận",
    "changed": "Thay đổi",
    "remind": "Nhắc hạn",
    "received": "Đã nhận",
}
"""How the page names a kind of mail."""
INDEX = "index.html"
EMPTY = EmailMessage(policy=default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One mail of the folder. `file` is the name of its .eml; `html`, `text` "" if not shown."""

    file: str
    at: datetime
    to: str
    subject: str
    unit: str
    kind: str
    html: str
    text: str


def write_gallery(folder: Path) -> Path:
    """Rebuild `folder`/index.html from the .eml in it, atomically; return its path.

    A file that is no mail is listed by its name. Raises OSError.
    """
    files = sorted(folder.glob("*.eml"), reverse=True)
    entries = [entry for place, file in enumerate(files) if (entry := _entry(file, place))]
    page = folder / INDEX
    half = folder / f".{INDEX}"
    half.write_text(_page(entries), encoding="utf-8")
    half.replace(page)
    return page


def _entry(file: Path, place: int) -> Entry | None:
    """Return the entry of `file`, None where it went away meanwhile."""
    try:
        with file.open("rb") as content:
            mail = BytesParser(policy=default).parse(content, headersonly=place >= SHOWN_WHOLE)
    except FileNotFoundError:
        return None
    whole = place < SHOWN_WHOLE
    date = mail["Date"].datetime if mail["Date"] else None
    _, _, kind, rest = (*file.stem.split("-", 3), "", "", "", "")[:4]
    return Entry(
        file=file.name,
        at=date or datetime.fromtimestamp(file.stat().st_mtime).astimezone(),
        to=str(mail["To"] or ""),
        subject=str(mail["Subject"] or file.name),
        unit=rest.rpartition("-")[0] or "–",
        kind=kind or "–",
        html=_part(mail, "html") if whole else "",
        text=_part(mail, "plain") if whole else "",
    )


def _part(mail: EmailMessage, subtype: str) -> str:
    """Return the text of the first part of that kind, "" where there is none."""
    part = mail.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if part is not None else ""


def _days(entries: Sequence[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """Yield the newest day first, with its mails by unit."""
    by_day = sorted(entries, key=lambda e: (e.at.date(), e.at), reverse=True)
    for day, of in groupby(by_day, key=lambda e: e.at.date()):
        yield long_day_words(day), sorted(of, key=lambda e: (e.unit, e.at, e.file))


def _page(entries: Sequence[Entry]) -> str:
    loader = FileSystemLoader(Path(__file__).parent)
    page = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = page.get_template("gallery.html.j2")
    here = {entry.kind for entry in entries}
    kinds = {kind: KINDS.get(kind, kind) for kind in (*KINDS, *sorted(here - set(KINDS)))}
    kinds = {kind: words for kind, words in kinds.items() if kind in here}
    return template.render(days=list(_days(entries)), count=len(entries), kinds=kinds)
