"""What the notices in the sender's mailbox say, for a run and for `automator bounces`."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from automator import wiring
from automator.core.bounces import Returned
from automator.errors import AutomatorError, ConfigError

if TYPE_CHECKING:
    from automator.config import Config

WINDOW = timedelta(days=30)
"""Notices that arrived earlier are not read again: servers give up after five days."""


def collect(config: "Config", now: datetime) -> tuple[Returned, ...]:
    """Return what the notices of the last month say; nothing of it is believed yet.

    Raises ConfigError where [mail.imap] is not set, MailboxUnreadable.
    """
    mailbox = wiring.open_mailbox(config)
    if mailbox is None:
        msg = "[mail.imap] is not set: there is no mailbox to read"
        raise ConfigError(msg, hint="docs/config.md; `--list` and `--clear` work without it")
    return mailbox.returned((now - WINDOW).date())


def gather(config: "Config", now: datetime) -> tuple[tuple[Returned, ...], str]:
    """Return what a run at `now` finds in the mailbox, and why it could not look, "" if it could.

    Whatever is wrong with the mailbox stops no run.
    """
    if config.mail.imap is None or config.mail.transport != "smtp":
        return (), ""
    try:
        return collect(config, now), ""
    except AutomatorError as fault:
        return (), f"no look for undeliverable mail: {fault.message}"
