"""The edge to a workbook: read it whole, publish beside it."""

from datetime import datetime
from typing import Protocol

from automator.core.publication import Publication
from automator.core.snapshot import Snapshot


class Workbook(Protocol):
    """A source that schools fill in, and a place where the worker may publish."""

    def read(self, taken_at: datetime, asked: frozenset[str] | None = None) -> Snapshot:
        """Return the raw cells as at `taken_at` (aware); `asked` are tab keys (None: all).

        Raises WorkbookUnreadable if nothing of it can be read.
        """
        ...

    def publish(self, publication: Publication) -> str:
        """Write the tabs Tình trạng and Lỗi nhập liệu; return where they were written.

        Raises PublishFailed if the target cannot be written.
        """
        ...
