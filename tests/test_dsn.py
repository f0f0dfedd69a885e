"""Notices about mail that came back: read from what real servers write, proof against the rest."""

from base64 import encodebytes

import pytest
from dsn_samples import NAMES, notice
from hypothesis import given
from hypothesis import strategies as st

from automator.core.bounces import Fate, Returned
from automator.mail.dsn import MOST_RECIPIENTS, is_report, parse

ID, TO = "<thu-1@phong.example>", "hieutruong@truong.example"


@pytest.mark.parametrize(
    ("name", "fate", "status"),
    [
        pytest.param("postfix", Fate.DEAD, "5.1.1", id="postfix"),
        pytest.param("postfix-delayed", Fate.DELAYED, "4.4.1", id="postfix-still-tries"),
        pytest.param("postfix-expired", Fate.FAILED, "4.4.1", id="postfix-gave-up"),
        pytest.param("exim", Fate.DEAD, "5.1.1", id="exim"),
        pytest.param("exchange", Fate.DEAD, "5.1.10", id="exchange"),
        pytest.param("gmail", Fate.DEAD, "5.1.1", id="gmail"),
        pytest.param("policy", Fate.FAILED, "5.7.1", id="refused-as-spam"),
    ],
)
def test_what_a_server_writes(name: str, fate: Fate, status: str) -> None:
    """Mail, address, fate and status are read from each server's own form."""
    (found,) = parse(notice(name, ID, TO))
    assert (found.message_id, found.addresses) == (ID, (TO,))
    assert (found.fate, found.status) == (fate, status)


@pytest.mark.parametrize("name", ["out-of-office", "read-receipt"])
def test_what_is_no_notice(name: str) -> None:
    """An automatic reply or a receipt says nothing about an address, whatever words it has."""
    assert parse(notice(name, ID, TO)) == ()


def test_server_words_are_one_line() -> None:
    """The diagnosis is kept on one line, without its type."""
    (found,) = parse(notice("gmail", ID, TO))
    assert found.detail.startswith("550-5.1.1 The email account that you tried to reach")
    assert "\n" not in found.detail


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        pytest.param("5.1.1", Fate.DEAD, id="no-such-mailbox"),
        pytest.param("5.1.2", Fate.DEAD, id="no-such-domain"),
        pytest.param("5.2.1", Fate.DEAD, id="mailbox-disabled"),
        pytest.param("5.4.1", Fate.DEAD, id="no-route"),
        pytest.param("5.0.0", Fate.DEAD, id="no-more-is-said"),
        pytest.param("5.2.2", Fate.FAILED, id="mailbox-full"),
        pytest.param("5.3.4", Fate.FAILED, id="mail-too-big"),
        pytest.param("5.6.0", Fate.FAILED, id="content"),
        pytest.param("5.7.1", Fate.FAILED, id="policy"),
        pytest.param("4.4.7", Fate.FAILED, id="gave-up"),
        pytest.param("rubbish", Fate.FAILED, id="no-status"),
    ],
)
def test_only_the_address_can_be_dead(status: str, fate: Fate) -> None:
    """A refusal for the sake of the mail or its sender says nothing against the address."""
    raw = notice("policy", ID, TO).replace(b"Status: 5.7.1", f"Status: {status}".encode())
    raw = raw.replace(b"554 5.7.1 Service", b"554 Service")
    assert [each.fate for each in parse(raw)] == [fate]


def _with(old: str, new: str) -> bytes:
    raw = notice("policy", ID, TO)
    assert old.encode() in raw
    return raw.replace(old.encode(), new.encode())


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(_with("Action: failed", "Action: delivered"), id="delivered"),
        pytest.param(_with("Action: failed", "Action: relayed"), id="relayed"),
        pytest.param(_with("Action: failed\r\n", ""), id="no-action"),
        pytest.param(_with(f"rfc822; {TO}", "rfc822;"), id="no-address"),
        pytest.param(_with(f"Message-ID: {ID}", "Subject: x"), id="no-message-id"),
        pytest.param(_with('delivery-status"', 'disposition-notification"'), id="a-receipt"),
        pytest.param(_with("multipart/report;", "multipart/mixed;"), id="forwarded"),
        pytest.param(_with("message/delivery-status", "text/plain"), id="no-status-part"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff" * 999, id="bytes"),
        pytest.param(b"Content-Type: multipart/report; report-type=delivery-status", id="bare"),
    ],
)
def test_what_says_nothing(raw: bytes) -> None:
    """What is not clear, or is good news, marks nothing."""
    assert parse(raw) == ()


def test_other_recipient_is_kept_beside_the_final_one() -> None:
    """A forwarded mail ends elsewhere: the address that it was sent to comes first."""
    fields = f"Original-Recipient: rfc822;{TO}\r\nFinal-Recipient: rfc822; <khac@noi.example>"
    (found,) = parse(_with(f"Final-Recipient: rfc822; {TO}", fields))
    assert found.addresses == (TO, "khac@noi.example")


def test_two_recipients_of_one_mail() -> None:
    """Each has a fate of its own."""
    more = "Action: failed\r\nStatus: 5.7.1\r\n\r\nFinal-Recipient: rfc822; b@x.example\r\n"
    raw = _with(
        "Action: failed\r\nStatus: 5.7.1\r\n", f"{more}Action: delayed\r\nStatus: 4.0.0\r\n"
    )
    assert [(each.addresses[0], each.fate) for each in parse(raw)] == [
        (TO, Fate.FAILED),
        ("b@x.example", Fate.DELAYED),
    ]


def test_notice_about_a_notice() -> None:
    """The mail that is brought back counts, not the one that this one brings back."""
    inner = notice("postfix", ID, TO).decode()
    head, _, tail = (
        notice("postfix", "<ngoai@x.example>", "ngoai@x.example")
        .decode()
        .rpartition("Content-Type: message/rfc822")
    )
    outer = (
        head.replace("4DnQkD1kB2z9sT2", "ngoai") + "Content-Type: message/rfc822\r\n\r\n" + inner
    )
    assert {each.message_id for each in parse((outer + tail[:0]).encode())} == {
        "<20210226000009.4DnQkD2Yw5z9sT3@mail.phong.example>"
    }


def test_wrong_charset_is_read_as_far_as_it_goes() -> None:
    """Bytes that are no text in any field spoil that field alone."""
    raw = notice("policy", ID, TO).replace(
        b"554 5.7.1 Service", b"554 5.7.1 \xf0\xff D\xea \x00\x1b[2J"
    )
    (found,) = parse(raw)
    assert found.fate is Fate.FAILED
    assert found.detail.isprintable()


@pytest.mark.parametrize("kind", ["delivery-status", "global-delivery-status"])
def test_status_in_base64(kind: str) -> None:
    """Some gateways encode the part, which the standard forbids; it is read all the same."""
    fields = "Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; " + TO
    fields += "\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    part = f"Content-Type: message/{kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw = notice("policy", ID, TO).decode()
    start = raw.index("Content-Type: message/delivery-status")
    end = raw.index("--=_b\r\nContent-Type: text/rfc822-headers")
    raw = raw[:start] + part + encodebytes(fields.encode()).decode() + "\r\n" + raw[end:]
    assert [each.fate for each in parse(raw.encode())] == [Fate.DEAD]


def test_ten_thousand_recipients_are_not_read() -> None:
    """A mail of ours has a handful; a notice of thousands is cut."""
    block = f"\r\nFinal-Recipient: rfc822; {TO}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    raw = _with(f"Final-Recipient: rfc822; {TO}", "X-None: x" + block * 10_000)
    assert len(parse(raw)) <= MOST_RECIPIENTS


def test_nested_beyond_reason() -> None:
    """A mail that is made to exhaust the parser is no notice, and no traceback."""
    raw = b"Content-Type: multipart/report; report-type=delivery-status; boundary=a\r\n\r\n"
    raw += b"".join(
        b"--a%d\r\nContent-Type: multipart/mixed; boundary=a%d\r\n\r\n" % (n, n + 1)
        for n in range(3000)
    ).replace(b"--a0\r", b"--a\r", 1)
    assert parse(raw) == ()


@pytest.mark.parametrize("name", NAMES)
@given(part=st.floats(0, 1))
def test_cut_off_anywhere(name: str, part: float) -> None:
    """A notice that ends anywhere says what it says as a whole, or less."""
    whole = notice(name, ID, TO)
    known = {(each.message_id, each.addresses) for each in parse(whole)}
    assert {_place(each) for each in parse(whole[: int(part * len(whole))])} <= known


def _place(each: Returned) -> tuple[str, tuple[str, ...]]:
    return each.message_id, each.addresses


@given(st.binary(max_size=300))
def test_no_header_breaks_it(junk: bytes) -> None:
    """Whatever stands in its fields, reading it gives no error."""
    parse(notice("postfix", ID, TO).replace(b"550 5.1.1", junk))
    parse(notice("exim", ID, TO).replace(TO.encode(), junk))
    parse(junk)


@pytest.mark.parametrize(
    ("header", "is_one"),
    [
        ('multipart/report; report-type=delivery-status; boundary="x"', True),
        ("MULTIPART/Report; boundary=x", True),
        ("multipart/report; report-type=disposition-notification", False),
        ("multipart/mixed; boundary=report", False),
        ("", False),
    ],
)
def test_header_of_a_notice(header: str, is_one: bool) -> None:
    """Only what may be a notice is fetched whole."""
    assert is_report(header) is is_one
