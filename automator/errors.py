"""Exceptions for the operator. Faults in cells are `Problem` values, never exceptions."""

from datetime import datetime


class AutomatorError(Exception):
    """Something the operator must mend: what happened, what to do, and the exit code."""

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigError(AutomatorError):
    """The configuration or the call is wrong (exit 2). `faults` holds every fault at once."""

    def __init__(self, message: str, *, hint: str = "", faults: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.faults = faults


class OutboxUnwritable(AutomatorError):
    """The folder for mails cannot be written (exit 2)."""


class TemplateBroken(AutomatorError):
    """A mail template cannot be rendered (raised for one message; the others go on)."""


class RunTooEarly(AutomatorError):
    """`--now` lies before the ledger's last run (exit 2): time may not run backwards."""

    def __init__(self, now: datetime, last: datetime) -> None:
        super().__init__(
            f"this ledger last ran at {last.isoformat()}; a run at {now.isoformat()} is earlier",
            hint="use a later --now, another --ledger, or `automator status` to look back",
        )


class WorkbookUnreadable(AutomatorError):
    """The workbook cannot be read, or it has no school in the tab Trường (exit 3)."""

    exit_code = 3


class PublishFailed(AutomatorError):
    """The status workbook cannot be written (exit 1): the mails are not affected."""

    exit_code = 1


class LeaseHeld(AutomatorError):
    """Another run holds the lock of this ledger (exit 4)."""

    exit_code = 4


class LedgerUnusable(AutomatorError):
    """The ledger cannot be opened, read or written (exit 5)."""

    exit_code = 5


class MailRefused(AutomatorError):
    """The mail server cannot be used at all: wrong password, bad certificate, no route."""


class MailboxUnreadable(AutomatorError):
    """The sender's mailbox cannot be read over IMAP; nothing that is sent depends on it."""
