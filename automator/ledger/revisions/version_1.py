"""The tables of version 1, the first that was used: what later revisions start from."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision: str | None = None


def upgrade() -> None:
    """Make the tables of an empty database."""
    for make in (_heads, _rows, _instances, _messages, _parts, _told):
        make()


def _heads() -> None:
    op.create_table("meta", _key("name"), _text("value"))
    op.create_table(
        "holders",
        _key("scope"),
        sa.Column("pid", sa.Integer, nullable=False),
        _text("host"),
        _when("since", needed=True),
    )
    op.create_table(
        "workbooks",
        _key("workbook"),
        _when("started"),
        _when("last_run"),
        sa.Column("next_sighting", sa.Integer, nullable=False),
        sa.Column("armed", sa.Boolean, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("workbook", sa.String, nullable=False),
        _when("now", needed=True),
        *(_text(name) for name in ("kind", "version", "state")),
        _when("ended_at"),
        _text("counts"),
        sa.CheckConstraint("state IN ('begun', 'ended')", name="run_state"),
        sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="run_ended"),
    )
    op.create_index("runs_of_workbook", "runs", ["workbook", "id"])


def _rows() -> None:
    op.create_table(
        "sightings",
        _key("workbook"),
        _key("id", sa.Integer),
        _text("tab"),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("school", sa.Text),
        _text("cells"),
        _when("first_seen", needed=True),
        *(_when(name) for name in ("observed", "unseen_until", "edited_at", "gone_since")),
        sa.Column("gone_settled", sa.Boolean, nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("level", sa.Integer),
        _when("urgent_since"),
        sa.Column("raised", sa.Boolean, nullable=False),
        sa.Column("state_at_first", sa.Text),
        sa.Column("changes", sa.Integer, nullable=False),
        _text("told_state"),
        _when("changed_at"),
        _when("result_since"),
    )
    op.create_table(
        "tabs",
        *(_key(name) for name in ("workbook", "tab")),
        *(_when(name) for name in ("first_good", "last_good", "unreadable_since")),
    )
    op.create_table(
        "sheets",
        *(_key(name) for name in ("workbook", "tab")),
        *(_text(name) for name in ("title", "link", "rows")),
    )


def _instances() -> None:
    for name in ("episodes", "alerts"):
        op.create_table(
            name,
            *(_key(part) for part in ("workbook", "instance")),
            sa.Column("ordinal", sa.Integer, nullable=False),
            *(_when(part, needed=True) for part in ("due_before", "opened")),
            _text("cause"),
            *(_when(part) for part in ("due_again", "previous_due")),
        )
    op.create_table(
        "judged",
        *(_key(name) for name in ("workbook", "instance")),
        _text("status"),
        _when("since", needed=True),
    )
    op.create_table(
        "serials",
        _key("workbook"),
        _key("year", sa.Integer),
        sa.Column("given", sa.Integer, nullable=False),
    )
    op.create_table("released", *(_key(name) for name in ("workbook", "name")))


def _messages() -> None:
    states = [
        "queued",
        "sending",
        "sent",
        "deferred",
        "failed",
        "held",
        "in_doubt",
        "superseded",
        "discarded",
    ]
    listed = ", ".join(f"'{state}'" for state in states)
    op.create_table(
        "messages",
        *(_key(name) for name in ("workbook", "id")),
        *(_text(name) for name in ("unit", "role", "kind", "recipients", "subject")),
        *(_text(name) for name in ("message_id", "references")),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        *(_text(name) for name in ("phase", "detail", "refused")),
        _when("since", needed=True),
        _when("settled_at"),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("run", "position")),
        sa.UniqueConstraint("workbook", "message_id", name="message_id_once"),
        sa.CheckConstraint(f"state IN ({listed})", name="message_state"),
        sa.CheckConstraint("phase IN ('', 'data_sent')", name="message_phase"),
        sa.CheckConstraint(
            "phase = '' OR state IN ('sending', 'in_doubt')", name="phase_while_sending"
        ),
        sa.CheckConstraint(
            "state NOT IN ('sent', 'in_doubt') OR settled_at IS NOT NULL", name="settled_when"
        ),
    )
    op.create_index("messages_by_state", "messages", ["workbook", "state", "settled_at"])
    op.create_index("messages_by_run", "messages", ["workbook", "run"])


def _parts() -> None:
    owned = ("workbook", "message")
    step = ("unit", "role", "instance")
    op.create_table(
        "steps",
        *(_key(name) for name in (*owned, *step)),
        _key("episode", sa.Integer),
        _key("step"),
        sa.Column("position", sa.Integer, nullable=False),
        _of_message(),
    )
    op.create_index("steps_by_key", "steps", ["workbook", *step, "episode", "step"])
    op.create_table(
        "weeks",
        *(_key(name) for name in (*owned, "week")),
        sa.Column("position", sa.Integer, nullable=False),
        _of_message(),
    )
    op.create_table(
        "bodies",
        *(_key(name) for name in owned),
        *(_text(name) for name in ("text", "html")),
        _of_message(),
    )
    op.create_table(
        "attachments",
        *(_key(name) for name in owned),
        _key("position", sa.Integer),
        *(_text(name) for name in ("name", "media_type")),
        sa.Column("content", sa.LargeBinary, nullable=False),
        _of_message(),
    )


def _told() -> None:
    op.create_table(
        "told",
        *(_key(name) for name in ("workbook", "unit", "role", "instance")),
        _key("episode", sa.Integer),
        _key("step"),
        _when("at", needed=True),
        _text("message"),
        sa.Column("bounced", sa.Boolean, nullable=False),
    )
    op.create_table(
        "digest_weeks",
        *(_key(name) for name in ("workbook", "unit", "role", "week")),
        _when("at", needed=True),
        _text("message"),
    )
    op.create_table(
        "backoff",
        *(_key(name) for name in ("workbook", "unit", "role")),
        sa.Column("attempts", sa.Integer, nullable=False),
        _when("retry_at", needed=True),
        sa.CheckConstraint("attempts > 0", name="backoff_attempts"),
    )


def _key(name: str, kind: type[sa.String] | type[sa.Integer] = sa.String) -> "sa.Column[Any]":
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False)


def _when(name: str, *, needed: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.String(32), nullable=not needed)


def _of_message() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workbook", "message"], ["messages.workbook", "messages.id"], ondelete="CASCADE"
    )
