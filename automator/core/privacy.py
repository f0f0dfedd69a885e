"""A linter for personal data in free text: it tells the school what to take out.

It holds nothing back (those columns never leave the workbook) and never repeats what it saw.
A mark of state secrecy (*MẬT*) is another matter: such a row holds what it would send.
"""

import re
from functools import lru_cache

from automator.core.names import clean

_UPPER = "A-Z" + "".join(chr(n) for n in range(0xC0, 0x1EFA) if chr(n).isupper())
_NO_NAME = r"(?!(?:[Tt]rường|Trung|Tiểu|Mầm|Mẫu|Lớp|LỚP|TRƯỜNG|TH|THCS|THPT|MN|MG|THTHCS)\b)"
_NAME_WORD = rf"{_NO_NAME}[{_UPPER}][^\W\d_]*"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "person_name",
        re.compile(rf"\b(?:[Ee]m|[Cc]háu|[Hh]ọc sinh|HS)\s+{_NAME_WORD}(?:\s+{_NAME_WORD}){{1,3}}"),
    ),
    ("class", re.compile(r"\b[Ll]ớp\s+\d{1,2}\s*[A-Za-z]\d?\b|\b[Ll]ớp\s+\d{1,2}/\d{1,2}\b")),
    ("citizen_id", re.compile(r"(?<!\d)\d{12}(?!\d)")),
    ("phone", re.compile(r"(?<!\d)(?:\+?84|0)[35789]\d(?:[ .]?\d){7}(?!\d)")),
)
_SECRET = re.compile(r"(?<!\w)(?:TUYỆT MẬT|TỐI MẬT|MẬT)(?!\w)")
WORDS = {
    "person_name": "có thể là họ tên học sinh",
    "class": "có tên lớp",
    "citizen_id": "có thể là số định danh cá nhân",
    "phone": "có thể là số điện thoại",
}


@lru_cache(maxsize=65536)
def personal_data(text: str) -> tuple[str, ...]:
    """Return the kinds of personal data that `text` seems to hold, in a fixed order."""
    cleaned = clean(text)
    return tuple(kind for kind, pattern in _PATTERNS if pattern.search(cleaned))


@lru_cache(maxsize=65536)
def is_secret(text: str) -> bool:
    """Tell whether `text` carries a mark of state secrecy (MẬT, TỐI MẬT, TUYỆT MẬT)."""
    return "M" in text and bool(_SECRET.search(clean(text)))
