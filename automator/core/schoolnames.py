"""What a school's name is made of: "Trường", a type (TH, THCS …) and the name itself.

The type is part of a school's identity: TH Mỹ Lạc is never THCS Mỹ Lạc.
"""

import re
from functools import lru_cache

from automator.core.names import clean, key
from automator.core.raw import plain_dashes

_ONE_TYPE = (  # how a type may be written, with and without marks -> its short form
    ("trung học phổ thông|trung hoc pho thong|thpt|ptth|cấp 3|cấp iii", "THPT"),
    ("trung học cơ sở|trung hoc co so|thcs|cấp 2|cấp ii", "THCS"),
    ("tiểu học|tieu hoc|th|cấp 1|cấp i", "TH"),
    ("mầm non|mam non|mn", "MN"),
    ("mẫu giáo|mẩu giáo|mau giao|mg", "MG"),
)
_CENTRE = (
    r"(?:(?:trung tâm|trung tam|tt)\s+)?(?:(?:gdnn|giáo dục nghề nghiệp)\s*[-&]\s*)?"
    r"(?:gdtx|giáo dục thường xuyên|giao duc thuong xuyen)"
)
_WHOLE_TYPES = (
    (r"cấp (?:1|i)\s*[-,+&]\s*(?:cấp )?(?:2|ii)", "TH&THCS"),
    (r"cấp (?:2|ii)\s*[-,+&]\s*(?:cấp )?(?:3|iii)", "THCS&THPT"),
    (_CENTRE, "GDTX"),
)
_FULL = {
    "TH": "Tiểu học",
    "THCS": "Trung học cơ sở",
    "THPT": "Trung học phổ thông",
    "MN": "Mầm non",
    "MG": "Mẫu giáo",
}
_END = r"(?![^\W_])"
_ANY = "|".join(sorted("|".join(p for p, _ in _ONE_TYPE).split("|"), key=len, reverse=True))
_JOIN = r"\s*(?:&|\+|/|,|-|\bvà\b|\bva\b)\s*"
_PREFIX = re.compile(r"(?:trường|truong|trg\.?|tr\.)\s*", re.IGNORECASE)
_WHOLE = tuple((re.compile(f"(?:{p}){_END}", re.IGNORECASE), t) for p, t in _WHOLE_TYPES)
_JOINED = re.compile(rf"(?:{_ANY}){_END}(?:{_JOIN}(?:{_ANY}){_END})*", re.IGNORECASE)
_ONE = re.compile(rf"(?<![^\W_])({_ANY}){_END}", re.IGNORECASE)
_OF_LEVEL = re.compile(r"(?:cấp học|bậc học|bậc|cấp)\s+(?![0-9i])", re.IGNORECASE)
_TOWN = re.compile(r"(?:tt\.\s*|tt\s+|thị\s+trấn\s+)(?=\w)", re.IGNORECASE)
_SHORT = {
    key(spelling): short for spellings, short in _ONE_TYPE for spelling in spellings.split("|")
}
_ORDER = ("TH", "THCS", "THPT", "MN", "MG")

Canon = tuple[str, str]
"""A type ("" where none is written) and the key of the rest."""


def split_name(name: str) -> tuple[str, str]:
    """Return a school's type ("TH", "TH&THCS" …; "" if none is written) and the rest as typed.

    "Trường" may lead or be left out; a leading TT in the rest is a thị trấn.
    """
    text = plain_dashes(clean(name))
    prefix = _PREFIX.match(text)
    body = text[prefix.end() :] if prefix else text
    short, end = _type_at_start(body)
    if not short:
        return "", body
    rest = body[end:].lstrip(" .,:-")
    return short, _TOWN.sub("Thị trấn ", rest, count=1) if _TOWN.match(rest) else rest


def school_type(text: str) -> str:
    """Return the type that a text is, and nothing else: "Tiểu học" is "TH"; "" for others."""
    short, rest = split_name(_OF_LEVEL.sub("", plain_dashes(clean(text))))
    return short if not rest else ""


def _type_at_start(body: str) -> tuple[str, int]:
    for pattern, short in _WHOLE:
        whole = pattern.match(body)
        if whole:
            return short, whole.end()
    joined = _JOINED.match(body)
    if not joined:
        return "", 0
    found = {_SHORT[key(one)] for one in _ONE.findall(joined.group())}
    return "&".join(sorted(found, key=_ORDER.index)), joined.end()


@lru_cache(maxsize=1 << 14)
def canon(name: str) -> Canon:
    """Return what two names of one school share: its type and the key of the rest."""
    short, rest = split_name(name)
    return short, key(rest)


def mentions_type(text: str) -> bool:
    """Tell whether a type of school is written anywhere in `text`."""
    return _ONE.search(plain_dashes(clean(text))) is not None


@lru_cache(maxsize=1 << 14)
def full_school_name(name: str) -> str:
    """Return a school's name in full: "TH Mỹ Lạc" is "Trường Tiểu học Mỹ Lạc".

    A name without a type that is known, or a centre's, is returned cleaned.
    """
    short, rest = split_name(name)
    kinds = [_FULL[one] for one in short.split("&") if one in _FULL]
    if not kinds or not rest:
        return clean(name)
    return f"Trường {' và '.join(kinds)} {rest}"
