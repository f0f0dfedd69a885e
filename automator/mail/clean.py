"""Text from cells made safe to print: one line, no control characters, NFC."""

import textwrap
import unicodedata
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

LONGEST_TEXT = 2000
"""Characters of one value that a mail prints; a cell may hold 32,767."""
LONGEST_SUBJECT = 180
TEXT_WIDTH = 76
T = TypeVar("T")


def _plain(char: str) -> str:
    """Return what stands for `char`: itself, a space, a mark for a broken one, or nothing."""
    match unicodedata.category(char):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf" | "Co" | "Cn":  # also the marks that turn the direction of writing
            return ""
        case "Cs":
            return "\ufffd"
        case _:
            return char


def clean_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return `text` on one line, without control characters, at most `longest` characters."""
    if not text.isprintable():
        text = "".join(map(_plain, text))
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def clean_subject(text: str) -> str:
    """Return `text` as a subject: it can hold no second header and fits any mail list."""
    return clean_text(text, LONGEST_SUBJECT)


def cleaned(value: T) -> T:
    """Return a copy of a value type with every text in it cleaned, however deep it stands."""
    if type(value) is str:
        return clean_text(value)  # type: ignore[arg-type,return-value]
    if isinstance(value, tuple):
        return tuple(cleaned(part) for part in value)  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        changed = {f.name: cleaned(getattr(value, f.name)) for f in fields(value) if f.init}
        return replace(value, **changed)
    return value


def wrap_text(text: str) -> str:
    """Return a text part with lines of at most `TEXT_WIDTH` (a link stays in one piece).

    The indent of a line holds for its continuation, two more after a bullet "- ". Runs of
    blank lines become one.
    """
    lines: list[str] = []
    for line in text.splitlines():
        lines.extend(_wrapped(line.rstrip()))
    out = [ln for i, ln in enumerate(lines) if ln or (i and lines[i - 1])]
    return "\n".join(out).strip("\n") + "\n"


def _wrapped(line: str) -> list[str]:
    """Return one line as the lines it takes; a blank line stays."""
    if " " not in line.strip():  # textwrap would set a long link apart from its indent
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    hanging = indent + "  " if line.lstrip().startswith("- ") else indent
    return textwrap.wrap(
        line,
        TEXT_WIDTH,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]
