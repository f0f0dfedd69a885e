"""The tables of the ledger: portable types, and keys that refuse what must never be.

Every row carries its workbook: one database serves many. An instant is ISO-8601 text in UTC
of a fixed width, so that texts sort as instants do.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Enum,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql

from automator.core.bounces import Fate
from automator.core.given import KINDS
from automator.core.message import State
from automator.ledger.columns import Stamp, key, one_of, text, when

VERSION = 4
"""The version of this schema; a ledger with a higher one belongs to a newer program.

One with a lower one is brought up to date when it is opened to write (`upgrades`).
"""

metadata = MetaData()

STATE = Enum(
    State,
    name="message_state",
    native_enum=False,
    create_constraint=True,
    length=16,
    values_callable=lambda states: [state.value for state in states],
)
"""A state as text, with the constraint that no other text is stored."""


def _of_message() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["workbook", "message"], ["messages.workbook", "messages.id"], ondelete="CASCADE"
    )


meta = Table("meta", metadata, key("name"), text("value"))

holders = Table(  # who holds the lock; only read when the lock is found taken
    "holders",
    metadata,
    key("scope"),
    Column("pid", Integer, nullable=False),
    text("host"),
    when("since", needed=True),
)

workbooks = Table(
    "workbooks",
    metadata,
    key("workbook"),
    when("started"),
    when("last_run"),
    Column("next_sighting", Integer, nullable=False, default=1),
    Column("armed", Boolean, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workbook", String, nullable=False),
    when("now", needed=True),
    text("kind"),
    text("version"),
    text("state"),
    when("ended_at"),
    text("counts"),
    one_of("state", ("begun", "ended"), "run_state"),
    CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="run_ended"),
    Index("runs_of_workbook", "workbook", "id"),
)

sightings = Table(
    "sightings",
    metadata,
    key("workbook"),
    key("id", Integer),
    text("tab"),
    Column("row", Integer, nullable=False),
    Column("school", Text),
    text("cells"),
    when("first_seen", needed=True),
    when("observed"),
    when("unseen_until"),
    when("edited_at"),
    when("gone_since"),
    Column("gone_settled", Boolean, nullable=False),
    Column("code", Text),
    Column("level", Integer),
    when("urgent_since"),
    Column("raised", Boolean, nullable=False),
    Column("state_at_first", Text),
    Column("changes", Integer, nullable=False),
    text("told_state"),
    when("changed_at"),
    text("claims"),
    when("level_blank_since"),
    when("result_since"),
)

lapses = Table(  # few at any time: rows whose required cells are being edited
    "lapses",
    metadata,
    key("workbook"),
    key("id", Integer),  # of the sighting
    text("cells"),
    when("since", needed=True),
    Column("settled", Boolean, nullable=False),
)

tabs = Table(
    "tabs",
    metadata,
    key("workbook"),
    key("tab"),
    when("first_good"),
    when("last_good"),
    when("unreadable_since"),
)

sheets = Table(  # the last good rows: apart, so that an unchanged sheet is not written again
    "sheets",
    metadata,
    key("workbook"),
    key("tab"),
    text("title"),
    text("link"),
    text("rows"),
)


def _episode_table(name: str) -> Table:
    return Table(
        name,
        metadata,
        key("workbook"),
        key("instance"),
        Column("ordinal", Integer, nullable=False),
        when("due_before", needed=True),
        when("opened", needed=True),
        text("cause"),
        when("due_again"),
        when("previous_due"),
    )


episodes = _episode_table("episodes")
alerts = _episode_table("alerts")

judged = Table(
    "judged",
    metadata,
    key("workbook"),
    key("instance"),
    text("status"),
    when("since", needed=True),
)

serials = Table(
    "serials",
    metadata,
    key("workbook"),
    key("year", Integer),
    Column("given", Integer, nullable=False),
)

released = Table("released", metadata, key("workbook"), key("name"))

_STANDING = sql("revoked_at IS NULL")

decisions = Table(  # given by hand; days and instants as text, "" for none, so that
    "decisions",  # the index below sees two without a day as equal
    metadata,
    key("workbook"),
    key("id", Integer),
    text("kind"),
    text("scope"),
    text("obligation"),
    text("period"),
    text("first_day"),
    text("last_day"),
    text("until"),
    text("reason"),
    text("who"),
    when("given_at", needed=True),
    when("revoked_at"),
    text("revoked_by"),
    one_of("kind", KINDS, "decision_kind"),
    CheckConstraint("kind <> 'extend' OR last_day <> ''", name="extension_has_a_day"),
    CheckConstraint("(kind = 'pause') = (until <> '')", name="pause_has_an_end"),
    CheckConstraint("(revoked_at IS NULL) = (revoked_by = '')", name="decision_revoked"),
    Index(
        "decisions_once",
        *("workbook", "kind", "scope", "obligation", "period", "first_day", "last_day", "until"),
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    ),
)

messages = Table(
    "messages",
    metadata,
    key("workbook"),
    key("id"),
    text("unit"),
    text("role"),
    text("kind"),
    text("recipients"),
    text("subject"),
    text("message_id"),
    text("references"),
    Column("at", Stamp, nullable=False),
    Column("state", STATE, nullable=False),
    text("phase"),  # written by programs before version 4 only; "data_sent" there
    text("detail"),
    text("refused"),
    when("since", needed=True),  # when it was first queued (anew: when it was revived)
    when("settled_at"),
    Column("run", Integer, nullable=False),  # the last run that planned or dropped it
    Column("position", Integer, nullable=False),  # its place in that run's plan
    UniqueConstraint("workbook", "message_id", name="message_id_once"),
    one_of("phase", ("", "data_sent"), "message_phase"),
    CheckConstraint("phase = '' OR state IN ('sending', 'in_doubt')", name="phase_while_sending"),
    CheckConstraint(
        "state NOT IN ('sent', 'in_doubt') OR settled_at IS NOT NULL", name="settled_when"
    ),
    Index("messages_by_state", "workbook", "state", "settled_at"),
    Index("messages_by_run", "workbook", "run"),
)

steps = Table(  # the told keys of a message, in its order
    "steps",
    metadata,
    key("workbook"),
    key("message"),
    key("unit"),
    key("role"),
    key("instance"),
    key("episode", Integer),
    key("step"),
    Column("position", Integer, nullable=False),
    _of_message(),
    Index("steps_by_key", "workbook", "unit", "role", "instance", "episode", "step"),
)

weeks = Table(  # the ISO weeks that a digest covers, in its order
    "weeks",
    metadata,
    key("workbook"),
    key("message"),
    key("week"),
    Column("position", Integer, nullable=False),
    _of_message(),
)

bodies = Table(  # apart: else every move of a message would write its body again
    "bodies",
    metadata,
    key("workbook"),
    key("message"),
    text("text"),
    text("html"),
    text("templates"),  # their fingerprint; "" where it is not known
    _of_message(),
    Column("mime", LargeBinary),  # as it goes to the server; NULL: not built yet
)

attachments = Table(
    "attachments",
    metadata,
    key("workbook"),
    key("message"),
    key("position", Integer),
    text("name"),
    text("media_type"),
    Column("content", LargeBinary, nullable=False),
    _of_message(),
)

told = Table(  # no foreign key: what was told outlives the pruning of messages
    "told",
    metadata,
    key("workbook"),
    key("unit"),
    key("role"),
    key("instance"),
    key("episode", Integer),
    key("step"),
    when("at", needed=True),
    text("message"),
    Column("bounced", Boolean, nullable=False, default=False),
)

digest_weeks = Table(  # outlives pruning too
    "digest_weeks",
    metadata,
    key("workbook"),
    key("unit"),
    key("role"),
    key("week"),
    when("at", needed=True),
    text("message"),
)

backoff = Table(  # a server's refusal concerns the address, not one message to it
    "backoff",
    metadata,
    key("workbook"),
    key("unit"),
    key("role"),
    Column("attempts", Integer, nullable=False),
    when("retry_at", needed=True),
    when("since"),  # the first refusal of those in a row; NULL: not known
    CheckConstraint("attempts > 0", name="backoff_attempts"),
)

discarded = Table(  # thrown away by the operator, never to be told; outlives pruning as told does
    "discarded",
    metadata,
    key("workbook"),
    key("unit"),
    key("role"),
    key("instance"),
    key("episode", Integer),
    key("step"),
    when("at", needed=True),
    text("who"),
    text("message"),
)

repeats = Table(  # messages in doubt that were claimed once more: there is no third time
    "repeats",
    metadata,
    key("workbook"),
    key("message"),
    _of_message(),
)

acts = Table(  # what somebody did with messages by hand: released, tried again, threw away
    "acts",
    metadata,
    key("workbook"),
    key("id", Integer),
    when("at", needed=True),
    text("act"),
    text("subject"),  # the id of a message, or the key of a decision
    text("who"),
    one_of("act", ("release", "retry", "discard"), "act_kind"),
)

contacts = Table(  # the addresses of a school that mail may go to: seen first, or approved
    "contacts",
    metadata,
    key("workbook"),
    key("unit"),
    text("addresses"),
    when("approved_at", needed=True),
    text("approved_by"),  # "" where they stood at first sight
)

bounces = Table(  # one recipient, folded to lower case, of one mail that did not reach it
    "bounces",
    metadata,
    key("workbook"),
    key("address"),
    key("message"),  # no foreign key: that an address is dead outlives the pruning of messages
    text("fate"),
    when("at", needed=True),  # when it was read
    text("status"),  # RFC 3463, "5.1.1"
    text("detail"),
    when("cleared_at"),
    text("cleared_by"),
    one_of("fate", [fate.value for fate in Fate], "bounce_fate"),
    CheckConstraint("(cleared_at IS NULL) = (cleared_by = '')", name="bounce_cleared"),
)
