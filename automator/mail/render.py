"""Turns a notice into a message with the templates of one folder."""

import traceback
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from types import CodeType
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    FileSystemLoader,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.sandbox import ImmutableSandboxedEnvironment

from automator.core.directive import Directive, Unit
from automator.core.layout import URGENT_LINE
from automator.core.message import Message
from automator.core.notice import Notice
from automator.errors import TemplateBroken
from automator.mail.clean import clean_subject, cleaned, wrap_text
from automator.mail.filters import filters, web_link
from automator.mail.fingerprint import fingerprint
from automator.mail.views import level_words, template_name, view

UNKNOWN_DOMAIN = "automator.example"
"""Stands in Message-ID where mails only go to a folder."""


class _Compiled(BytecodeCache):
    """Keeps what templates compiled to while the process lives: one that serves compiles once.

    Code is kept by a template's name (on which escaping depends) and text, not by its folder.
    """

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002
        """Return `name`: the same text in another folder compiles to the same code."""
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give `bucket` the code of its text, if that was compiled before."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of `bucket`."""
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class Renderer:
    """Renders notices; one serves a whole run. `zone` is the one in which mails show times.

    `domain` comes into Message-ID and References; `sheet_link` opens the shared workbook.
    """

    def __init__(
        self,
        template_dir: Path,
        *,
        directive: Directive,
        office: Unit,
        zone: ZoneInfo,
        sheet_link: str = "",
        domain: str = UNKNOWN_DOMAIN,
    ) -> None:
        self._dir = template_dir
        self._print = fingerprint(template_dir)
        self._environment = environment(template_dir, zone)
        self._directive = cleaned(directive)
        self._office = cleaned(office)
        self._zone = zone
        self._link = web_link(sheet_link)
        self._domain = domain or UNKNOWN_DOMAIN

    def render(self, notice: Notice) -> Message:
        """Return the mail of `notice`. Raises TemplateBroken, and nothing else."""
        stem = template_name(notice)
        try:
            context = self._context(notice)
            subject = clean_subject(self._text(f"{stem}.subject.j2", context))
            context["subject"] = subject
            html = self._text(f"{stem}.html.j2", context)
            text = wrap_text(self._text(f"{stem}.txt.j2", context))
        except Exception as fault:  # whatever an edited template may do ends here
            raise _broken(fault, self._dir, stem) from fault
        return self._message(notice, subject=subject, html=html, text=text)

    def _text(self, name: str, context: Mapping[str, Any]) -> str:
        return self._environment.get_template(name).render(context)

    def _context(self, notice: Notice) -> dict[str, Any]:
        """Return the names that a template may use."""
        clean = cleaned(notice)
        seen = view(clean, directive=self._directive, office=self._office, link=self._link)
        return {
            "notice": clean,
            "view": seen,
            "digest": clean.digest,
            "incident": clean.incident,
            "office": self._office,
            "directive": self._directive,
            "now": clean.now.astimezone(self._zone),
            "zone": self._zone,
            "urgent_line": URGENT_LINE,
        }

    def _message(self, notice: Notice, *, subject: str, html: str, text: str) -> Message:
        thread = self._thread(notice.thread) if notice.thread else ""
        return Message(
            id=notice.id,
            unit=notice.unit,
            role=notice.role,
            kind=notice.kind.value,
            recipients=notice.recipients,
            subject=subject,
            text=text,
            html=html,
            message_id=f"<{notice.id}@{self._domain}>",
            at=notice.now,
            keys=notice.keys,
            weeks=notice.weeks,
            references=f"<{thread}@{self._domain}>" if thread else "",
            templates=self._print,
        )

    def _thread(self, name: str) -> str:
        """Return the root of a conversation; with another directive another one begins."""
        return sha256(f"{name}/{self._directive.starts}".encode()).hexdigest()[:32]


def environment(template_dir: Path, zone: ZoneInfo) -> ImmutableSandboxedEnvironment:
    """Return the sandbox in which templates run: html is escaped, an unknown name is an error."""
    made = ImmutableSandboxedEnvironment(
        loader=_loader(template_dir),
        bytecode_cache=_COMPILED,
        autoescape=lambda name: bool(name) and ".html" in str(name),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(filters(zone), level=level_words)
    return made


def _loader(template_dir: Path) -> BaseLoader:
    """Return a loader that also finds `x.j2` as `x.html.j2` (escaped) and `x.txt.j2` (not).

    A macro is escaped as its own file was compiled, but its caller takes the result for safe:
    sentences that both parts share must be compiled once for each.
    """
    files = FileSystemLoader(template_dir, encoding="utf-8")

    def shared(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        path = template_dir / name.replace(".html.j2", ".j2").replace(".txt.j2", ".j2")
        if path.parent != template_dir or path.name == name or not path.is_file():
            return None
        return path.read_text(encoding="utf-8"), str(path), lambda: True

    return ChoiceLoader([files, FunctionLoader(shared)])


def _broken(fault: Exception, template_dir: Path, stem: str) -> TemplateBroken:
    """Return the operator's error: which template, which line, what is wrong."""
    name, line = _place(fault, template_dir, stem)
    where = f"template {name}" + (f", line {line}" if line else "")
    what = fault.message if isinstance(fault, TemplateError) and fault.message else str(fault)
    return TemplateBroken(
        f"{where}: {' '.join(what.split()) or type(fault).__name__}",
        hint=f"mend {name} in {template_dir}; the other mails are not touched by it",
    )


def _place(fault: Exception, template_dir: Path, stem: str) -> tuple[str, int]:
    """Return the template and the line (0: unknown) in which `fault` arose."""
    if isinstance(fault, TemplateSyntaxError):
        return fault.name or stem, fault.lineno
    for frame in reversed(traceback.extract_tb(fault.__traceback__)):
        path = Path(frame.filename)
        if path.parent == template_dir or path.suffix == ".j2":
            return path.name, frame.lineno or 0
    return stem, 0
