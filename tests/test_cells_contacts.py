"""E-mail addresses and phones as people type them; none is mended on a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automator.core.contacts import emails, phone, valid_email
from automator.core.problem import Severity
from automator.core.snapshot import Cell


@pytest.mark.parametrize(
    ("cell", "addresses"),
    [
        ("a@x.vn", ["a@x.vn"]),
        (" a @ x . vn ", ["a@x.vn"]),
        ("a@x.vn.", ["a@x.vn"]),
        ("a@x.vn;", ["a@x.vn"]),
        ("mailto:a@x.vn", ["a@x.vn"]),
        ("mailto:a@x.vn?subject=x", ["a@x.vn"]),
        ("a＠x．vn", ["a@x.vn"]),
        ("A.B@X.VN", ["A.B@x.vn"]),
        ("a@x.vn; b@y.vn", ["a@x.vn", "b@y.vn"]),
        ("a@x.vn,b@y.vn", ["a@x.vn", "b@y.vn"]),
        ("a@x.vn / b@y.vn", ["a@x.vn", "b@y.vn"]),
        ("a@x.vn b@y.vn", ["a@x.vn", "b@y.vn"]),
        ("a@x.vn\nb@y.vn", ["a@x.vn", "b@y.vn"]),
        ("a@x.vn; A@X.vn", ["a@x.vn"]),
        ("Trường Mỹ Lạc <a@x.vn>", ["a@x.vn"]),
        ("\u200ba@x.vn\u00a0", ["a@x.vn"]),
        (None, []),
        ("", []),
        ("-", []),
    ],
)
def test_emails(cell: Cell, addresses: list[str]) -> None:
    """Slips round @ and dots are passed over; several addresses are kept in their order."""
    assert emails(cell) == (tuple(addresses), ())


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("hieu truong@x.vn", id="space-in-the-local-part"),
        pytest.param("hieu truong @gmail .com", id="space-in-the-local-part-too"),
        pytest.param("hiệutrưởng@x.vn", id="accents"),
        pytest.param("a@@x.vn", id="two-ats"),
        pytest.param("a@x", id="no-dot"),
        pytest.param("a.x.vn", id="no-at"),
        pytest.param(".a@x.vn", id="leading-dot"),
        pytest.param("a..b@x.vn", id="two-dots"),
        pytest.param('"hieu truong"@x.vn', id="quoted-local-part"),
        pytest.param("a%y.vn@x.vn", id="percent-hack"),
        pytest.param("y.vn!a@x.vn", id="bang-path"),
        pytest.param("a@[127.0.0.1]", id="address-literal"),
        pytest.param("a@x.vn?bcc=b@y.vn", id="a-second-one-in-a-query"),
        pytest.param("mailto:a@x.vn?bcc=b@y.vn", id="mailto-with-a-second-one"),
        pytest.param("a@x.vn%0aBcc:b@y.vn", id="percent-encoded-line-break"),
        pytest.param("a@x.vn\u2028Bcc: b@y.vn", id="line-separator"),
        pytest.param("a@b@x.vn", id="two-ats-apart"),
        pytest.param("a@trường.vn", id="accents-in-the-domain"),
        pytest.param("а@x.vn", id="a-cyrillic-a"),
        pytest.param("a@-x.vn", id="hyphen-first"),
        pytest.param("a@x.vn, b", id="a-part-without-at"),
        pytest.param("a\x00@x.vn", id="control-character"),
        pytest.param("a@x.vn\r\nBcc: b@y.vn", id="header-injection"),
        pytest.param("a@x.vn\nBcc:b@y.vn", id="header-injection-without-space"),
        pytest.param("a@x\n.vn", id="line-break-within"),
        pytest.param(912345678, id="a-number"),
        pytest.param("a" * 65 + "@x.vn", id="long-local-part"),
    ],
)
def test_bad_email(cell: Cell) -> None:
    """What is no address is refused as a whole; the row goes on without it."""
    addresses, faults = emails(cell)
    assert addresses == ()
    assert {(f.code, f.severity) for f in faults} == {("bad_email", Severity.WARNS)}


def test_only_an_address_is_quoted() -> None:
    """A bad address may be shown in the tab of faults; words without an @ are not."""
    bad, words = emails("a@@x.vn")[1][0], emails("nhà em Nguyễn Văn A")[1][0]
    assert (bad.quotable, words.quotable) == (True, False)


def test_a_cell_too_long_for_addresses() -> None:
    """A cell filled to Excel's limit is refused at once."""
    assert [f.code for f in emails("a@x.vn;" * 4000)[1]] == ["bad_email"]


def test_a_good_address_beside_a_bad_one_stands() -> None:
    """Of two whole addresses on one line the sound one is used, the other one named."""
    addresses, faults = emails("a@x.vn; hiệu@y.vn")
    assert addresses == ("a@x.vn",)
    assert [f.code for f in faults] == ["bad_email"]


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("a@gmai.com", "gmail.com"),
        ("a@gmail.con", "gmail.com"),
        ("a@x.con", "….com"),
        ("a@x.comvn", "….com.vn"),
        ("a@x.edu.vm", "….edu.vn"),
        ("a@yaho.com", "yahoo.com"),
    ],
)
def test_suspicious_email(address: str, meant: str) -> None:
    """A likely slip is kept as typed and asked about."""
    addresses, faults = emails(address)
    assert addresses == (address,)
    assert [f.code for f in faults] == ["suspicious_email"]
    assert meant in faults[0].remedy


@pytest.mark.parametrize("address", ["a@gmail.com", "a@yahoo.com.vn", "a@x.edu.vn", "a@a.example"])
def test_ordinary_domain(address: str) -> None:
    """Ordinary domains are not suspected."""
    assert emails(address) == ((address,), ())


@pytest.mark.parametrize(
    ("cell", "number", "code"),
    [
        ("0912345678", "+84912345678", None),
        ("0912 345 678", "+84912345678", None),
        ("0912.345.678", "+84912345678", None),
        ("+84 912 345 678", "+84912345678", None),
        ("+84 (0)912 345 678", "+84912345678", None),
        ("84912345678", "+84912345678", None),
        ("0084912345678", "+84912345678", None),
        ("(0272) 3864 215", "+842723864215", None),
        ("0272-3864-215", "+842723864215", None),
        (912345678, "+84912345678", "phone_zero"),
        (912345678.0, "+84912345678", "phone_zero"),
        ("2723864215", "+842723864215", "phone_zero"),
        ("0912345678 / 0272 3864 215", "+84912345678", "several_phones"),
        ("01681234567", None, "old_phone"),
        ("113", None, "bad_phone"),
        ("091234567", None, "bad_phone"),
        ("không có", None, "bad_phone"),
        (True, None, "bad_phone"),
        ("-", None, None),
        (None, None, None),
    ],
)
def test_phone(cell: Cell, number: str | None, code: str | None) -> None:
    """Vietnamese numbers become E.164; the 0 that Excel drops is put back, aloud."""
    read, fault = phone(cell)
    assert (read, fault.code if fault else None) == (number, code)
    assert fault is None or not fault.quotable


def test_old_prefix_is_named() -> None:
    """The writer of an 11-digit number learns its new prefix."""
    fault = phone("0168 123 4567")[1]
    assert fault is not None
    assert "0168 nay là 038" in fault.remedy


@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    """No text raises, and nothing but a valid address ever comes out."""
    addresses, _ = emails(text)
    assert all(valid_email(a) and a.isascii() and "\n" not in a for a in addresses)
    phone(text)
