"""What a mail server may do to one mail, and the state in which the mail must end.

The first words of each case are those of the table in docs/operations.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ssl import PROTOCOL_TLS_SERVER, SSLContext

import trustme
from hostile_server import (
    Act,
    cut,
    endless_answer,
    endless_line,
    no_handshake,
    slowly,
    smuggled,
    stall,
)
from mail_office import AUTHORITY, server_context

SIZES = ("SIZE 1000", "AUTH PLAIN LOGIN")
NO_LOGIN = ("SIZE 30000000",)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
Context = Callable[[], SSLContext | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One misdeed: `row` and `state` stand in the docs, `name` tells cases of a row apart."""

    row: str
    name: str
    state: str
    acts: Mapping[str, bytes | Act] = field(default_factory=dict)
    context: Context = server_context
    features: tuple[str, ...] = ("SIZE 30000000", "AUTH PLAIN LOGIN")


def certificate(authority: trustme.CA, *names: str, until: datetime | None = None) -> Context:
    """Return how to make the TLS side of a server with such a certificate."""

    def make() -> SSLContext:
        context = SSLContext(PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names, not_after=until).configure_cert(context)
        return context

    return make


def _each(row: str, state: str, **acts: Mapping[str, bytes | Act]) -> list[Case]:
    """Return the cases of one row, each by its name."""
    return [
        Case(row=row, name=name.replace("_", "-"), state=state, acts=each)
        for name, each in acts.items()
    ]


HERE = "127.0.0.1"
CERTIFICATE = "certificate of another name, expired, or of an unknown authority"
WEIRD = b"250 \x00\xff\xfe \xc4\x91\xe1\xbb\xa3i \x1b[31m\r\n"
CASES: tuple[Case, ...] = (
    *_each(
        "no connection, or turned away at the greeting",
        "queued",
        greeting_421={"greeting": b"421 too busy\r\n"},
        greeting_554={"greeting": b"554 no mail here\r\n"},
        greeting_cut={"greeting": cut},
        greeting_garbage={"greeting": b"HTTP/1.1 400 Bad Request\r\n\r\n"},
        ehlo_refused={"ehlo": b"502 what?\r\n"},
    ),
    *_each(
        "stalls, or endless answers, before the login is done",
        "queued",
        greeting_stall={"greeting": stall},
        greeting_slow={"greeting": slowly},
        greeting_100_mb={"greeting": endless_line},
        ehlo_stall={"ehlo": stall},
        ehlo_endless={"ehlo": endless_answer},
        handshake_stall={"starttls": no_handshake},
        login_stall={"auth": stall},
    ),
    Case(
        row="STARTTLS not offered, refused, or with answers smuggled in before it",
        name="starttls-stripped",
        state="queued",
        context=lambda: None,
    ),
    *_each(
        "STARTTLS not offered, refused, or with answers smuggled in before it",
        "queued",
        starttls_refused={"starttls": b"454 not now\r\n"},
        starttls_smuggled={"starttls": smuggled},
    ),
    *(
        Case(row=CERTIFICATE, name=name, state="queued", context=context)
        for name, context in (
            ("other-name", certificate(AUTHORITY, "mail.example")),
            ("expired", certificate(AUTHORITY, HERE, until=LONG_AGO)),
            ("unknown-authority", certificate(trustme.CA(), HERE)),
        )
    ),
    *_each(
        "login refused (535, 454), or none offered",
        "queued",
        login_535={"auth": b"535 wrong password\r\n"},
        login_454={"auth": b"454 not now\r\n"},
        login_garbage={"auth": b"334 %%%=\r\n"},
        login_cut={"auth": cut},
    ),
    Case(
        row="login refused (535, 454), or none offered",
        name="no-login",
        state="queued",
        features=NO_LOGIN,
    ),
    *_each(
        "the sender refused for good (5xx to MAIL)",
        "queued",
        sender_550={"mail": b"550 not your address\r\n"},
    ),
    *_each(
        "greylisting, a full disk, too busy: any 4xx, 421 in mid-session too",
        "deferred",
        mail_451={"mail": b"451 later\r\n"},
        mail_421={"mail": b"421 closing\r\n"},
        rcpt_451={"rcpt": b"451 greylisted\r\n"},
        rcpt_421={"rcpt": b"421 closing\r\n"},
        data_451={"data": b"451 not now\r\n"},
        data_421={"data": b"421 closing\r\n"},
        body_452={"body": b"452 disk full\r\n"},
        body_421={"body": b"421 closing\r\n"},
    ),
    *_each(
        "cut, stall or garbage before the body has left",
        "deferred",
        mail_cut={"mail": cut},
        mail_stall={"mail": stall},
        mail_slow={"mail": slowly},
        mail_100_mb={"mail": endless_line},
        mail_299={"mail": b"299 maybe\r\n"},
        mail_garbage={"mail": b"abc\r\n"},
        rcpt_cut={"rcpt": cut},
        rcpt_600={"rcpt": b"600 beyond\r\n"},
        rcpt_garbage={"rcpt": b"\x00\xff\r\n"},
        data_cut={"data": cut},
        data_250={"data": b"250 not so fast\r\n"},
        data_stall={"data": stall},
        data_too_much={"data": b"354 go\r\n250 queued before it came\r\n"},
    ),
    *_each(
        "the recipient or the mail refused for good (5xx)",
        "failed",
        mail_552={"mail": b"552 too big\r\n"},
        rcpt_550={"rcpt": b"550 no such user\r\n"},
        data_554={"data": b"554 no valid recipients\r\n"},
        body_552={"body": b"552 too big\r\n"},
        body_554={"body": b"554 looks like spam\r\n"},
    ),
    Case(
        row="the mail larger than the SIZE that the server announces",
        name="size",
        state="failed",
        features=SIZES,
    ),
    *_each(
        "cut, stall or garbage after the final dot",
        "in_doubt",
        body_cut={"body": cut},
        body_stall={"body": stall},
        body_slow={"body": slowly},
        body_100_mb={"body": endless_line},
        body_endless={"body": endless_answer},
        body_600={"body": b"600 beyond\r\n"},
        body_garbage={"body": b"abc\r\n"},
    ),
    *_each(
        "any 2xx to the body, whatever its text",
        "sent",
        body_weird={"body": WEIRD},
        body_299={"body": b"299 fine\r\n"},
        body_many_lines={"body": b"250-one\r\n250-two\r\n250 three\r\n"},
    ),
)
