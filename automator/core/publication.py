"""What the worker writes back: the tabs Tình trạng and Lỗi nhập liệu, as values."""

from dataclasses import dataclass
from datetime import datetime

from automator.core.notice import RateLine
from automator.core.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow:
    """One school and duty. `status` is the code, for colours; all else is Vietnamese text.

    `where` names the row ("Kế hoạch!A5") and `link` opens it (Google; "" for a file).
    `last_notice` is filled with `publish = "all"` only.
    """

    school: str
    school_name: str
    commune_name: str
    title: str
    period_words: str
    due_words: str
    status: str
    status_words: str
    since: datetime | None = None
    reasons: tuple[str, ...] = ()
    received_words: str = ""
    next_words: str = ""
    last_notice: str = ""
    where: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """All that is published of one run. `mode`: neutral, all or counts (counts: no schools)."""

    workbook: str
    now: datetime
    mode: str
    rows: tuple[StatusRow, ...]
    problems: tuple[Problem, ...]
    rates: tuple[RateLine, ...]
    banner: tuple[str, ...] = ()
