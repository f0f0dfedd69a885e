"""All that one turn hands to the next. The ledger makes it last; the core only reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from automator.core.given import Given
from automator.core.snapshot import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """A row that spoke for its school has, since the read `since`, a required cell blank or bad.

    `cells` are those of its last good state: they stand until a read at least `settle` later
    agrees (`settled`); then the row counts as withdrawn, as one that is gone does.
    """

    cells: tuple[tuple[str, str], ...]
    since: datetime
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What we know of a row over time; every instant is the read's.

    `cells`: the row's canonical text by column key. `first_seen`: the first good read with
    it, or its form's stamp; `observed`: the first good read with all its required cells, its
    school known or not (a receipt date moved earlier is a new claim and sets it anew);
    `unseen_until`: the last good read before `observed` (None: it was there at the first read,
    its claim is trusted).
    `edited_at`: the last change of a required or expected cell after `observed`.
    `gone_since`: the first good read without it; `gone_settled`: a read at least `settle`
    later agreed. `claims`: the days that it has claimed, each earlier than those before it,
    as text with the last good read without that claim ("" where there was none).
    For an incident: `code` is its id; `level` the last one typed; `urgent_since` the read from
    which it is owed a report (None: never yet) and `raised` that it had been lower before.
    """

    id: int
    tab: str
    row: int
    school: str | None
    cells: tuple[tuple[str, str], ...]
    first_seen: datetime
    observed: datetime | None = None
    unseen_until: datetime | None = None
    edited_at: datetime | None = None
    gone_since: datetime | None = None
    gone_settled: bool = False
    code: str | None = None
    level: int | None = None
    urgent_since: datetime | None = None
    raised: bool = False
    state_at_first: str | None = None  # "", "closed", "mistaken" or "acknowledged"; None: not yet
    changes: int = 0  # how often an urgent incident's level or state has changed
    told_state: str = ""  # "level/state" as last seen
    changed_at: datetime | None = None  # the read that saw the last of those changes
    claims: tuple[tuple[str, str], ...] = ()
    level_blank_since: datetime | None = None  # the read that found a level taken away
    result_since: datetime | None = None  # a receipt: the read that first saw its Kết quả
    lapse: Lapse | None = None

    @property
    def lost_since(self) -> datetime | None:
        """The read from which it does not speak for its school: gone, or a needed cell is bad."""
        return self.lapse.since if self.lapse else self.gone_since

    @property
    def lost(self) -> bool:
        """Whether two reads `settle` apart agree that it speaks no more."""
        return self.gone_settled or (self.lapse is not None and self.lapse.settled)


@dataclass(frozen=True, slots=True, kw_only=True)
class TabMemory:
    """Reads of one tab: the first and last good one, and its last good rows.

    `sheet` keeps the last good rows with free text as a hash; `unreadable_since` is set
    while the tab cannot be read.
    """

    first_good: datetime | None = None
    last_good: datetime | None = None
    sheet: Sheet | None = None
    unreadable_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class TellKey:
    """What makes a telling unique: who (unit, role) is told which step of which episode.

    `instance` has the school in front ("TH-MY-LAC/plan"). Addresses are not in the key.
    """

    unit: str
    role: str
    instance: str
    episode: int
    step: str


def week_key(unit: str, role: str, week: str) -> TellKey:
    """Return the week of a digest, "2021-W08", as a key, beside those of steps."""
    return TellKey(unit=unit, role=role, instance=f"digest/{week}", episode=1, step="digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A step that was handed to the server at `at`; `bounced` if it came back."""

    at: datetime
    message: str = ""
    bounced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """One recipient of one mail of ours that did not (or not yet) reach it; read at `at`.

    `address` is folded to lower case, `message` the mail's id, `fate` one of `bounces.Fate`.
    `status` is that of RFC 3463 ("5.1.1"), `detail` the server's words. `cleared_at`, `_by`:
    the operator says that the address is good again.
    """

    address: str
    message: str
    fate: str
    at: datetime
    status: str = ""
    detail: str = ""
    cleared_at: datetime | None = None
    cleared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """The addresses of a school that mail may go to, folded and sorted.

    `approved_by` "": they stood at first sight, which was at `approved_at`.
    """

    addresses: tuple[str, ...]
    approved_at: datetime
    approved_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """The running episode of one instance: its ordinal, its deadline, why it began.

    `cause`: "owed", "deadline", "returned" or "withdrawn". `due_again` is set for what was
    reopened. `previous_due` is the deadline before it moved.
    """

    ordinal: int
    due_before: datetime
    opened: datetime
    cause: str = "owed"
    due_again: datetime | None = None
    previous_due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The last status of an instance, and since which run it stands."""

    status: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message of an earlier plan that was not handed over: its id, state and steps.

    `state`: queued, deferred, held, failed or in_doubt. `keys` are its told keys.
    `weeks` are the digest weeks it covers. `since`: when it was first queued. `repeated`: in
    doubt, it was handed over once more already. `recipients`
    and `templates` (a fingerprint, "" if unknown): those that it was last rendered with.
    """

    id: str
    unit: str
    role: str
    state: str
    keys: tuple[TellKey, ...]
    since: datetime
    weeks: tuple[str, ...] = ()
    retry_at: datetime | None = None
    detail: str = ""
    repeated: bool = False
    recipients: tuple[str, ...] = ()
    templates: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """A unit in one role whose mails the server refuses for now, in a row `since` then.

    `tries` that were made, none before `retry_at`.
    """

    since: datetime
    tries: int
    retry_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A ledger that has gone back: its last run is `run`, but a later one, `seen`, was there.

    The instants are those of the two runs. The numbers are equal where the same run had told
    more by then.
    """

    run: int
    at: datetime
    seen: int
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The memory of one workbook. A new ledger is `Memory()`.

    `started` is the first run, `last_run` the last. `incident_serial`: ids given so far by
    year. `digests`: (unit, role) -> the last ISO week told, "2021-W08". `sent_today`:
    (unit, role) -> mails but urgent handed over on `sent_day` ("2021-02-26").
    `released`: what the operator decided to let go ("breaker/plans", "old_duty/…").
    `alerts`: running alert conditions -> their episode. `looking_back`: a reading command
    asks about the past, rows that were not known then do not count; the cells of those that
    were `edited_later` are not trusted. `given`: decisions by
    hand, the revoked ones too, by id. `discarded`: steps that the operator threw away, and
    the weeks of digests as steps of "digest/2021-W08". `unreached`: by unit and role, whom no
    mail reaches for now. `restored`: the ledger is an older copy, and nobody has let it go on.
    `bounces`: what came back, by address and mail. `contacts`: by school, where mail may go.
    `repeated`: what arrived when it was handed over once more, so perhaps twice, as drafts in the
    state "sent".
    """

    started: datetime | None = None
    last_run: datetime | None = None
    sightings: tuple[Sighting, ...] = ()
    tabs: Mapping[str, TabMemory] = field(default_factory=dict)
    told: Mapping[TellKey, Told] = field(default_factory=dict)
    episodes: Mapping[str, Episode] = field(default_factory=dict)
    judged: Mapping[str, Judged] = field(default_factory=dict)
    digests: Mapping[tuple[str, str], str] = field(default_factory=dict)
    sent_today: Mapping[tuple[str, str], int] = field(default_factory=dict)
    sent_day: str = ""
    drafts: tuple[Draft, ...] = ()
    released: frozenset[str] = frozenset()
    given: tuple[Given, ...] = ()
    bounces: tuple[Bounce, ...] = ()
    alerts: Mapping[str, Episode] = field(default_factory=dict)
    incident_serial: Mapping[int, int] = field(default_factory=dict)
    next_sighting: int = 1
    armed: bool = True
    looking_back: bool = False
    edited_later: frozenset[int] = frozenset()
    discarded: frozenset[TellKey] = frozenset()
    unreached: Mapping[tuple[str, str], Unreached] = field(default_factory=dict)
    restored: Restored | None = None
    repeated: tuple[Draft, ...] = ()
    contacts: Mapping[str, Contact] = field(default_factory=dict)
