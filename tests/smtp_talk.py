"""Mails to send through a server on loopback, and the settings to do so."""

import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import trustme
from mail_samples import SETTINGS, rendered
from smtp_server import PASSWORD, USER, Running

from automator.mail.base import MailSettings
from automator.mail.smtp import SmtpTransport

MESSAGES = rendered()
CHASE = MESSAGES["chase"]
TO = CHASE.recipients[0]
Start = Callable[..., tuple[Running, SmtpTransport]]


def server_context(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    """Return the TLS side of a server called `name`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def settings(server: Running, ca_file: Path, **changes: object) -> MailSettings:
    """Return settings for `server`, with login and STARTTLS."""
    base = replace(
        SETTINGS,
        host="127.0.0.1",
        port=server.port,
        user=USER,
        password=PASSWORD,
        ca_file=ca_file,
        timeout=10.0,
    )
    return replace(base, **changes)  # type: ignore[arg-type]
