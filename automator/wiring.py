"""What config says about mail, opened: the transport and the templates."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from automator import resources, sources
from automator.delivery import Means

if TYPE_CHECKING:
    from automator.config import Config
    from automator.config.values import DkimConfig
    from automator.core.message import Message, Refusal
    from automator.mail.base import DkimKey, MailSettings, Transport
    from automator.mail.imap import ImapMailbox
    from automator.mail.render import Renderer


def open_transport(config: "Config", environ: Mapping[str, str] | None = None) -> "Transport":
    """Return the transport that config names; the password is read here and nowhere else."""
    settings = mail_settings(config)
    if config.mail.transport == "folder":
        from automator.mail.folder import FolderTransport

        return FolderTransport(config.mail.folder, settings)
    from automator.mail.smtp import SmtpTransport

    password = config.mail.password(os.environ if environ is None else environ)
    return SmtpTransport(replace(settings, password=password))


def means(config: "Config") -> Means:
    """Return with what a run delivers; a folder has one hand and no limits."""
    if config.mail.transport == "folder":
        return Means()
    return Means(
        limits=config.mail.limits,
        connections=config.mail.connections,
        another=partial(open_transport, config),
    )


def builder(config: "Config") -> Callable[["Message"], "Message"]:
    """Return what gives a rendered message the bytes that leave; it needs no password."""
    from automator.mail.mime import built

    return partial(built, settings=mail_settings(config))


def as_mime(config: "Config", message: "Message") -> "bytes | Refusal":
    """Return a message as it would leave now, without a signature; or why it cannot leave."""
    from automator.mail.mime import build

    return build(message, mail_settings(config, sign=False))


def mail_settings(config: "Config", *, sign: bool = True) -> "MailSettings":
    """Return who sends and through which server, without the password.

    Raises ConfigError for a key that cannot sign; only what leaves by SMTP is signed.
    """
    from automator.mail.base import MailSettings

    mail = config.mail
    office = config.directive.office
    signs = sign and mail.transport == "smtp"
    operators = (office.operator_emails or office.emails) if office else ()
    return MailSettings(
        sender=mail.sender,
        sender_name=mail.sender_name,
        reply_to=mail.reply_to,
        operator=operators[0] if operators else mail.reply_to,
        host=mail.host,
        port=mail.port,
        security=mail.security,
        user=mail.user,
        ca_file=mail.ca_file,
        timeout=mail.timeout.total_seconds(),
        total_timeout=mail.total_timeout.total_seconds(),
        redirect_to=mail.redirect_to,
        dkim=_dkim(mail.dkim) if mail.dkim and signs else None,
    )


def _dkim(own: "DkimConfig") -> "DkimKey":
    """Return the key that signs. Raises ConfigError where it cannot."""
    from automator.mail.signing import load_key

    return load_key(own.domain, own.selector, own.key_file)


def open_mailbox(
    config: "Config", environ: Mapping[str, str] | None = None
) -> "ImapMailbox | None":
    """Return the sender's mailbox, None where [mail.imap] is not set. Nothing connects yet.

    Raises ConfigError where it can never work, a missing password above all.
    """
    own = config.mail.imap
    if own is None:
        return None
    from automator.mail.base import ImapSettings
    from automator.mail.imap import ImapMailbox

    settings = ImapSettings(
        host=own.host,
        port=own.port,
        user=own.user,
        security=own.security,
        password=own.password(os.environ if environ is None else environ),
        ca_file=own.ca_file,
        timeout=own.timeout.total_seconds(),
        sent=own.sent,
        inbox=own.inbox,
    )
    return ImapMailbox(settings)


def templates_print(config: "Config") -> str:
    """Return the fingerprint of the templates in use: a mail refused for good waits for another."""
    from automator.mail.fingerprint import fingerprint

    return fingerprint(config.templates or resources.mail_templates())


def renderer(config: "Config") -> "Renderer":
    """Return the renderer with the office's templates, or the packaged ones."""
    from automator.mail.render import Renderer

    office = config.directive.office
    assert office is not None  # config sees to it
    return Renderer(
        config.templates or resources.mail_templates(),
        directive=config.directive,
        office=office,
        zone=config.zone,
        sheet_link=sources.sheet_link(config.workbook),
        domain=config.mail.sender.rpartition("@")[2],
    )
