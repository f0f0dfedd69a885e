"""Names and texts: what counts as the same, what only looks alike, and in which order."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automator.core.names import broken_encoding, clean, header_key, key, loose_key, sort_key
from automator.core.typos import is_slip, is_syllable


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        pytest.param("  Mỹ   Lạc ", "Mỹ Lạc", id="spaces"),
        pytest.param("Mỹ\u00a0Lạc\n", "Mỹ Lạc", id="nbsp-and-newline"),
        pytest.param("\ufeffMỹ\u200b Lạc", "Mỹ Lạc", id="bom-and-zwsp"),
        pytest.param(unicodedata.normalize("NFD", "Tiếng Việt"), "Tiếng Việt", id="nfd"),
        pytest.param("Ðức Hòa, ðường", "Đức Hòa, đường", id="icelandic-eth"),
        pytest.param("Ɖức", "Đức", id="african-d"),
        pytest.param("½ ﬁ", "½ ﬁ", id="no-nfkc"),
        pytest.param("", "", id="empty"),
    ],
)
def test_clean(typed: str, read: str) -> None:
    """What cannot be seen goes, what can be seen stays."""
    assert clean(typed) == read


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà", "Hòa"),
        ("thuỷ", "thủy"),
        ("khoẻ", "khỏe"),
        ("qúy", "quý"),
        ("Ðức Hoà", "Đức Hòa"),
        ("UỶ BAN", "ủy ban"),
        ("Thủ\u00a0Thừa", unicodedata.normalize("NFD", "thủ thừa")),
        ("Kế  hoạch", "KẾ HOẠCH"),
    ],
)
def test_key_equal(one: str, other: str) -> None:
    """Case, spaces, composition and the place of the tone mark do not count."""
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Long Thạnh", "Long Thành"),
        ("Mỹ Lạc", "Mĩ Lạc"),
        ("Tân Thành", "Tân Thanh"),
        ("hòa-binh", "hoa-bình"),
        ("Đa", "Da"),
    ],
)
def test_key_differs(one: str, other: str) -> None:
    """Names that are not the same never share a key."""
    assert key(one) != key(other)


def test_loose_key_only_suggests() -> None:
    """Without marks two places of one district become one: good for a hint, not for a match."""
    assert loose_key("Long Thạnh") == loose_key("Long Thành") == "long thanh"
    assert loose_key("Đường") == "duong"


@pytest.mark.parametrize(
    "typed", ["Ngày gửi*", "NGÀY  GỬI (*)", "Ngày gửi +", "Ngày gửi:", "Ngày gửi(*)", "Ngày gửi *:"]
)
def test_header_key(typed: str) -> None:
    """The marks of required columns are no part of a header."""
    assert header_key(typed) == key("Ngày gửi")


TONES = ["ma", "mà", "mả", "mã", "má", "mạ"]


def test_order_of_tones() -> None:
    """Tones sort as in a dictionary: none, huyền, hỏi, ngã, sắc, nặng."""
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma"], key=sort_key) == TONES


def test_order_of_letters() -> None:
    """Đ stands after D, and Ă and Â after A, not behind Z."""
    typed = ["Đức", "Dân", "Ấp", "Án", "Ăn", "Zêta", "Ơn", "Ổn", "On"]
    assert sorted(typed, key=sort_key) == ["Án", "Ăn", "Ấp", "Dân", "Đức", "On", "Ổn", "Ơn", "Zêta"]


def test_order_of_numbers() -> None:
    """Numbers sort by value, however long."""
    typed = ["Trường 10", "Trường 2", "Trường " + "9" * 5000, "Trường 02"]
    assert sorted(typed, key=sort_key)[:3] == ["Trường 02", "Trường 2", "Trường 10"]


def test_order_of_places() -> None:
    """Long Thạnh comes before Long Thuận: letters decide before tones."""
    assert sort_key("Long Thạnh") < sort_key("Long Thuận")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("TiÕng ViÖt", id="tcvn3"),
        pytest.param("Tr­êng TiÓu häc Mü L¹c", id="tcvn3-school"),
        pytest.param("®Þa ®iÓm", id="tcvn3-d"),
        pytest.param("Tieáng Vieät", id="vni"),
        pytest.param("Tröôøng Tieåu hoïc", id="vni-school"),
        pytest.param("TIEÁNG VIEÄT", id="vni-capitals"),
        pytest.param("Giao duc và Đao tao bao cao ́ ̣", id="detached-marks"),
        pytest.param("Tiáº¿ng Viá»‡t", id="utf8-as-cp1252"),
        pytest.param("Tr??ng Ti?u h?c", id="question-marks"),
        pytest.param("Tiêìng Viêòt", id="cp1258"),
        pytest.param("TrýõÌng TiêÒu hoòc MyÞ Laòc", id="cp1258-school"),
        pytest.param("Long Thaònh", id="cp1258-place"),
    ],
)
def test_broken_encoding(text: str) -> None:
    """Text of the old fonts, or taken apart on its way, is recognised."""
    assert broken_encoding(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tiếng Việt",
        unicodedata.normalize("NFD", "Trường Tiểu học"),
        "Công an xã",
        "CÔNG AN XÃ",
        "Hoà, quý, toà nhà, khoá",
        "Thông báo số 1",
        "Zalo® 5 × 3 m²",
        "quì gối, giò chả, thòi lòi",
        "GIÒ, NGÒ, QUÌ",
        "Nhà giáo · ngoài",
        "https://x.vn/?a=b",
        "Có không?",
        "",
    ],
)
def test_sound_encoding(text: str) -> None:
    """Vietnamese in Unicode, and ordinary signs, are left in peace."""
    assert not broken_encoding(text)


@pytest.mark.parametrize(
    "word",
    ["lạc", "thành", "thạnh", "phúc", "phú", "nghiêng", "khuya", "quyết", "giếng", "ương", "ý"],
)
def test_syllable(word: str) -> None:
    """Words of Vietnamese are syllables."""
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["thạh", "lạcc", "thnh", "phúu", "bính2", "xyz"])
def test_no_syllable(word: str) -> None:
    """A slip of the hand mostly leaves something that nobody could say."""
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("typed", "known", "slip"),
    [
        ("mỹ lạcc", "mỹ lạc", True),
        ("long thạh", "long thạnh", True),
        ("mỹ phúc", "mỹ phú", False),
        ("long thành", "long thạnh", False),
        ("my lac", "mỹ lạc", False),
        ("bình an 1", "bình an 2", False),
        ("mỹ lạc b", "mỹ lạc a", False),
        ("mỹ lạc", "mỹ lạc đông", False),
    ],
)
def test_slip(typed: str, known: str, slip: bool) -> None:
    """Only what can be no name of its own is taken for a slip."""
    assert is_slip(key(typed), key(known)) is slip


@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    """No text raises, and cleaning or keying twice changes nothing more."""
    assert clean(clean(text)) == clean(text)
    assert key(clean(text)) == key(text)
    broken_encoding(text)
    loose_key(text)
    assert sort_key(text) == sort_key(clean(text))


@given(st.text(alphabet="aàáạăằâậđeêuưhnyỷ -2", max_size=30))
def test_key_of_vietnamese(text: str) -> None:
    """A key is its own key, and composition never matters."""
    assert key(key(text)) == key(text)
    assert key(unicodedata.normalize("NFD", text)) == key(text)


@pytest.mark.parametrize("piece", ["a\u0301\u0323", "\u0301", "* ", "(*)", "1", "Trường "])
def test_a_full_cell(piece: str) -> None:
    """A cell filled to Excel's limit takes no longer than its length deserves."""
    full = piece * (32767 // len(piece))
    assert key(clean(full)) == key(full)
    assert key(full).startswith(header_key(full))
    broken_encoding(full)
