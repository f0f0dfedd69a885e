"""config.toml -> frozen core values; every fault at once, with its key path.

Only `load` is called from outside; pydantic stays inside, and is imported when it runs.
"""

from automator.config.load import load
from automator.config.values import Config, ImapConfig, MailConfig, Schedule, WorkbookConfig

__all__ = ["Config", "ImapConfig", "MailConfig", "Schedule", "WorkbookConfig", "load"]
