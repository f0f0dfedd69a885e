"""No slip of the hand ever turns one school into another."""

import unicodedata
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from automator.core.names import key
from automator.core.schoolnames import canon
from automator.core.schools import SchoolIndex
from automator.workbook.sample_schools import SCHOOLS

OTHERS = (
    ("TH-LONG-THANH-X", "Trường Tiểu học Long Thành", "TH", ""),
    ("TH-TAN-THANH-X", "Trường Tiểu học Tân Thạnh", "TH", ""),
    ("TH-BINH-THANH-X", "Trường Tiểu học Bình Thành", "TH", ""),
    ("TH-MY-LOC", "Trường Tiểu học Mỹ Lộc", "TH", ""),
    ("TH-MY-LAC-2", "Trường Tiểu học Mỹ Lạc 2", "TH", ""),
    ("TH-PHU", "Trường Tiểu học Phú", "TH", ""),
)
ALL = {code: name for code, name, *_ in (*SCHOOLS, *OTHERS)}
INDEX = SchoolIndex([(code, name, "") for code, name in ALL.items()])
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắặầấậèéẹềếệìíịòóọồốộờớợùúụừứựỳýỵ 12"
TONES = "\u0300\u0301\u0303\u0309\u0323"


def _edits(name: str) -> Iterator[str]:
    """Yield every text that one letter or one tone away from `name`: some 7,000 of them."""
    for i in range(len(name) + 1):
        yield name[:i] + name[i + 1 :]
        yield name[:i] + name[i + 1 : i + 2] + name[i : i + 1] + name[i + 2 :]
        for letter in LETTERS:
            yield name[:i] + letter + name[i:]
            yield name[:i] + letter + name[i + 1 :]
    parts = unicodedata.normalize("NFD", name)
    for i, sign in enumerate(parts):
        if sign in TONES:
            yield from (parts[:i] + tone + parts[i + 1 :] for tone in ("", *TONES))


def _names(text: str) -> set[str]:
    """Return the schools whose name `text` is to a reader, spaces apart ("Mỹ Lạc2")."""
    kind, rest = canon(text)
    same = {c for c, n in ALL.items() if key(n) == key(text) or canon(n) == (kind, rest)}
    tight = (kind, rest.replace(" ", ""))
    return same | {
        c for c, n in ALL.items() if (canon(n)[0], canon(n)[1].replace(" ", "")) == tight
    }


def test_one_letter_or_tone_never_makes_another_school() -> None:
    """Unless the text *is* the other school's name, it is read as its own school or as none."""
    for code in ("TH-MY-LAC", "TH-LONG-THANH", "TH-TAN-THANH", "TH-NHI-THANH", "MG-MY-PHU"):
        for typed in _edits(ALL[code]):
            found = INDEX.resolve(typed).code
            assert found in ({None, code} | _names(typed)), (typed, found)


@given(
    st.sampled_from(sorted(ALL)), st.sampled_from(LETTERS), st.integers(0, 40), st.integers(0, 1)
)
def test_any_school_with_any_letter_changed(code: str, letter: str, at: int, kept: int) -> None:
    """The same for all schools of the sample, at random places."""
    name = ALL[code]
    typed = name[:at] + letter + name[at + 1 - kept :]
    assert INDEX.resolve(typed).code in ({None, code} | _names(typed))


def test_marks_dropped_only_suggest() -> None:
    """ "TH Long Thanh" may be either place, "TH My Lac" any: nobody is chosen."""
    for code, name in ALL.items():
        bare = unicodedata.normalize("NFD", name).replace("đ", "d").replace("Đ", "D")
        bare = "".join(c for c in bare if not unicodedata.combining(c))
        assert INDEX.resolve(bare).code in ({None} | _names(bare)), code
