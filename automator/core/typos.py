"""Is a name a slip of the hand for another one, or a name of its own?

A guess is made only where the word that differs is no Vietnamese syllable ("Thạh", "Lạcc").
"Phúc" for "Phú" may be another place, and so may "Thành" for "Thạnh": they are only suggested.
"""

import re
import unicodedata

from rapidfuzz.distance import OSA

from automator.core.names import loose_key

_ONSET = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|b|c|d|đ|g|h|k|l|m|n|p|q|r|s|t|v|x"
_NUCLEUS = (
    "oai|oay|oeo|oao|uây|uôi|ươi|ươu|iêu|yêu|uya|uyê|uyu|uau|uêu"
    "|oă|oa|oe|ia|iê|yê|ua|uô|ưa|ươ|ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|uy|uê|uơ|uâ|oo"
    "|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
_SYLLABLE = re.compile(rf"(?:{_ONSET})?(?:{_NUCLEUS})(?:ch|nh|ng|c|m|n|p|t)?")
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_NUMBER = re.compile(r"[0-9]+|\b[ivx]+\b|\b[a-z]\b")
_SHORTEST = 3


def is_syllable(word: str) -> bool:
    """Tell whether a word (a key) could be a Vietnamese syllable, with at most one tone."""
    parts = unicodedata.normalize("NFD", word)
    bare = unicodedata.normalize("NFC", _TONE.sub("", parts))
    return len(_TONE.findall(parts)) <= 1 and _SYLLABLE.fullmatch(bare) is not None


def is_slip(typed: str, known: str) -> bool:
    """Tell whether `typed` can only be a slip for `known` (both keys of names).

    One word may differ, by one letter, and must be no syllable of its own; numbers and
    single letters must agree, and more than marks must differ.
    """
    if _NUMBER.findall(typed) != _NUMBER.findall(known) or loose_key(typed) == loose_key(known):
        return False
    pairs = list(zip(typed.split(), known.split(), strict=False))
    if len(typed.split()) != len(known.split()):
        return False
    differing = [(a, b) for a, b in pairs if a != b]
    if len(differing) != 1:
        return False
    wrong, right = differing[0]
    return (
        len(wrong) >= _SHORTEST
        and len(right) >= _SHORTEST
        and OSA.distance(wrong, right) <= 1
        and not is_syllable(wrong)
    )


def run_together(text: str) -> str:
    """Return a name in lower case without spaces: "MỹLạc" and "Mỹ Lạc" are one."""
    return "".join(text.casefold().split())
