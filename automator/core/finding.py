"""The judgement of one instance at `now`: a status and its reasons."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from automator.core.moment import Moment


class Status(StrEnum):
    """Where one instance stands; the order is that of a table for people."""

    UPCOMING = "upcoming"  # not enough yet, no reminder has come up
    DUE = "due"  # not enough yet, the first reminder has come up
    MISSING = "missing"  # not enough, and the deadline has passed
    ON_TIME = "on_time"  # enough, received before the deadline
    LATE = "late"  # enough, received later
    RETURNED = "returned"  # the office asks for a supplement that has not come
    EXEMPT = "exempt"  # a waiver covers it
    UNKNOWN = "unknown"  # its tab was never readable


class Reason(StrEnum):
    """What adds to a status; the order is that of the contract."""

    INCOMPLETE = "incomplete"
    PARTIAL = "partial"
    IN_GRACE = "in_grace"
    NAMED_DAY = "named_day"
    EXTENDED = "extended"
    UNCONFIRMED = "unconfirmed"
    BACKDATED = "backdated"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"


OPEN = frozenset({Status.UPCOMING, Status.DUE, Status.MISSING, Status.RETURNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """An obligation for one school, in one period or for one incident.

    `key` is without the school ("plan", "periodic-report/2021-02"); `begins` the instant from
    which it exists; `due_before` the first late instant, an extension included; `original_due`
    without it. `commune` is the school's unit as at its period (None: none).
    """

    school: str
    obligation: str
    key: str
    begins: datetime
    due_before: datetime
    original_due: datetime
    period: str | None = None
    incident: str | None = None
    commune: str | None = None
    extended: bool = False

    @property
    def full_key(self) -> str:
        """The key with the school in front, unique in the workbook."""
        return f"{self.school}/{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is held of one instance at `now`.

    `last_day`: the last day on which it is on time. `due_again`: the deadline of what was
    reopened. `received`: the receipt that made it enough; `observed`: the read that first saw
    a row for it. `rows`: where the evidence stands ("Kế hoạch!A5"). `have` of `need` valid
    submissions. `missing_columns`: headers of expected cells left blank.
    `returned_at`: the office's last return, if it stands. `claimed`: the school's own date.
    """

    instance: Instance
    status: Status
    reasons: tuple[Reason, ...]
    last_day: date
    have: int
    need: int
    due_again: datetime | None = None
    received: Moment | None = None
    observed: datetime | None = None
    rows: tuple[str, ...] = ()
    missing_columns: tuple[str, ...] = ()
    returned_at: Moment | None = None
    withdrawn_at: datetime | None = None
    waiver: str = ""
    number: str = ""
    broken: str = ""  # where our own code broke while it was judged

    @property
    def key(self) -> str:
        """The instance's full key."""
        return self.instance.full_key

    @property
    def enough(self) -> bool:
        """Whether something valid is there (a returned one too)."""
        return self.status in (Status.ON_TIME, Status.LATE, Status.RETURNED)
