"""Vietnamese text as people type it: cleaning, keys to compare by, order, broken encodings.

Two texts are the same to a reader when their `key` is the same. `loose_key` drops every mark
and may only suggest: Long Thạnh and Long Thành are two places of one district.
"""

import re
import unicodedata
from functools import lru_cache

_CACHE = 1 << 15
_LONGEST_CACHED = 120  # headers, names and codes; longer free text is not worth the memory
_LOOKALIKES = {ord("Ð"): "Đ", ord("ð"): "đ", ord("Ɖ"): "Đ", ord("ɖ"): "đ"}
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD))
_CLEANING: dict[int, str | None] = {**_LOOKALIKES, **_INVISIBLE}
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of dictionaries
_MARKED_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")
_MOST_TONES = 16  # of words run together; more are no words
_TONE = re.compile(f"[{_TONES}]")
_MARK = re.compile(r"[\u0300-\u036f]")
_LETTERS = {
    letter: rank for rank, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=1)
}
_MARKS_IN_A_ROW = re.compile(r"([\u0300-\u036f]{4})[\u0300-\u036f]+")
_CHUNK = re.compile(r"[0-9]+|.[\u0300-\u036f]*", re.DOTALL)


def clean(text: str) -> str:
    """Return `text` in NFC without invisible characters, with single spaces and a real Đ.

    Ð, ð and Ɖ look like Đ/đ and become it. Nothing else is changed (no NFKC: ½ stays ½).
    """
    if text.isascii():
        return " ".join(text.split())
    return _clean_cached(text) if len(text) <= _LONGEST_CACHED else _clean(_tamed(text))


def _tamed(text: str) -> str:
    """Cut long runs of marks: sorting them would take quadratic time, and no word has them."""
    return _MARKS_IN_A_ROW.sub(r"\1", text)


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text.translate(_CLEANING)).split())


_clean_cached = lru_cache(maxsize=_CACHE)(_clean)


def key(text: str) -> str:
    """Return what two texts are compared by: case, spaces and tone placement do not count.

    Hoà = Hòa, thuỷ = thủy, Ðức = Đức, NFD = NFC; Long Thạnh ≠ Long Thành, Mỹ ≠ Mĩ.
    """
    if text.isascii():
        return " ".join(text.split()).lower()
    return _key_cached(text) if len(text) <= _LONGEST_CACHED else _key(text)


def _key(text: str) -> str:
    parts = unicodedata.normalize("NFD", clean(text).casefold())
    return unicodedata.normalize("NFC", _MARKED_WORD.sub(_tone_last, parts))


_key_cached = lru_cache(maxsize=_CACHE)(_key)


def _tone_last(word: re.Match[str]) -> str:
    letters = word.group()
    tones = _TONE.findall(letters)
    if not 0 < len(tones) <= _MOST_TONES:
        return letters
    return _TONE.sub("", letters) + "".join(tones)


def header_key(text: str) -> str:
    """Return the key of a column's header, without a trailing "*", "(*)", "+" or ":"."""
    return _header_key_cached(text) if len(text) <= _LONGEST_CACHED else _header_key(text)


def _header_key(text: str) -> str:
    bare = key(text)
    while True:
        shorter = bare.rstrip(" *+:").removesuffix("(*)").removesuffix("(+)")
        if shorter == bare:
            return bare
        bare = shorter


_header_key_cached = lru_cache(maxsize=_CACHE)(_header_key)


@lru_cache(maxsize=_CACHE)
def loose_key(text: str) -> str:
    """Return `text` without any mark, đ as d. It may suggest a match, never make one."""
    bare = _MARK.sub("", unicodedata.normalize("NFD", key(text)))
    return unicodedata.normalize("NFC", bare.replace("đ", "d"))


def sort_key(text: str) -> tuple[tuple[tuple[int, int, str], ...], tuple[int, ...], str]:
    """Return a key that sorts as a Vietnamese dictionary does: letters, then tones, then raw.

    a ă â b … d đ e ê … o ô ơ … u ư; ngang, huyền, hỏi, ngã, sắc, nặng. Numbers sort by
    value: "Trường 2" comes before "Trường 10".
    """
    cleaned = clean(text)
    chunks = _CHUNK.findall(unicodedata.normalize("NFD", cleaned.casefold()))
    return tuple(map(_letter_rank, chunks)), tuple(map(_tone_rank, chunks)), cleaned


def _letter_rank(chunk: str) -> tuple[int, int, str]:
    """Rank one chunk: signs before numbers before letters."""
    if chunk[0] in "0123456789":
        digits = chunk.lstrip("0")
        return 1, len(digits), digits
    shape = unicodedata.normalize("NFC", _TONE.sub("", chunk))
    if shape in _LETTERS:
        return 2, _LETTERS[shape], ""
    if chunk[0] in _LETTERS:
        return 2, _LETTERS[chunk[0]], shape
    return (3 if chunk[0].isalpha() else 0), ord(chunk[0]), shape


def _tone_rank(chunk: str) -> int:
    return next((_TONES.index(mark) + 1 for mark in chunk if mark in _TONES), 0)


# Letters that Vietnamese in Unicode cannot do without, and what the old fonts leave instead.
_UNICODE = re.compile(r"[\u1ea0-\u1ef9ăđơưĂĐƠƯ]")
_DETACHED = re.compile(r"(?:^|\s)[\u0300-\u036f]")
_MOJIBAKE = re.compile("á[º»]|Ä[\x90\x91\u2018]|Æ[°¡]|Ã[\xa0-\xbf]|\ufffd")
_ASKED = re.compile(r"[A-Za-z]\?+[A-Za-z]")  # "Ti?ng Vi?t"
_TCVN3 = "µ¸¶·¹¨¾»¼½©ª«¬\xadÆÇËÎÏÑÖ×ØÜÞßäåæçëîïñøö÷ûüþ¡¢£¤¥¦"
_OLD_FONT = re.compile(
    rf"[A-Za-z][{_TCVN3}]|[{_TCVN3}®§][A-Za-z]|[®§][{_TCVN3}À-ÿ]"  # TCVN3: "häc", "®Þa"
    r"|[a-z][À-Þ]"  # TCVN3: a capital within a word, "ViÖt", "TiÓu"
    r"|[aA][áàãâéèêúùõÁÀÃÂÉÈÊÚÙÕ]|[eE][áàãâùõÁÀÃÂÙÕ]"  # VNI: "Tieáng", "baùo"
    r"|[oOuUyY][ùõÙÕ]|[oO][âÂ]"
    r"|[aeoyâêôõýã][ìòÌÒÞ]|u[òÒ]|[iu]Þ"  # cp1258 read as cp1252: "Tiêìng Viêòt"
)


def broken_encoding(text: str) -> bool:
    """Tell whether `text` is in TCVN3 or VNI, was read in a wrong encoding, or is taken apart.

    "TiÕng ViÖt" and "Tieáng Vieät" are; so are a PDF's detached marks ("Giao duc ́ ̣") and
    "Tiáº¿ng Viá»‡t". Give the raw text: `clean` would hide some of the signs.
    """
    if text.isascii():
        return "?" in text and "=" not in text and len(_ASKED.findall(text)) > 1
    composed = unicodedata.normalize("NFC", _tamed(text))
    if _DETACHED.search(composed) or _MOJIBAKE.search(composed):
        return True
    if _UNICODE.search(composed):
        return False
    hits = len(_OLD_FONT.findall(composed))
    return hits > 0 and hits * 4 >= len(composed.split())
