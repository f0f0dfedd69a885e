"""Addresses and acts by hand have tables; bodies and back-offs say more. In the making."""

import sqlalchemy as sa
from alembic import op

from automator.ledger.revisions import add_filled

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Lead from version 3 to 4."""
    _addresses()
    _acts()
    op.add_column("bodies", sa.Column("mime", sa.LargeBinary))
    op.add_column("backoff", sa.Column("since", sa.String(32)))
    add_filled("bodies", sa.Column("templates", sa.Text, nullable=False), "")


def _addresses() -> None:
    op.create_table(
        "contacts",
        *_keys("workbook", "unit"),
        _text("addresses"),
        _when("approved_at"),
        _text("approved_by"),
    )
    op.create_table(
        "bounces",
        *_keys("workbook", "address", "message"),
        _text("fate"),
        _when("at"),
        *(_text(name) for name in ("status", "detail")),
        sa.Column("cleared_at", sa.String(32)),
        _text("cleared_by"),
        sa.CheckConstraint("fate IN ('dead', 'delayed', 'failed')", name="bounce_fate"),
        sa.CheckConstraint("(cleared_at IS NULL) = (cleared_by = '')", name="bounce_cleared"),
    )


def _acts() -> None:
    op.create_table(
        "discarded",
        *_keys("workbook", "unit", "role", "instance"),
        sa.Column("episode", sa.Integer, primary_key=True, autoincrement=False),
        *_keys("step"),
        _when("at"),
        *(_text(name) for name in ("who", "message")),
    )
    op.create_table(
        "repeats",
        *_keys("workbook", "message"),
        sa.ForeignKeyConstraint(
            ["workbook", "message"], ["messages.workbook", "messages.id"], ondelete="CASCADE"
        ),
    )
    op.create_table(
        "acts",
        *_keys("workbook"),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        _when("at"),
        *(_text(name) for name in ("act", "subject", "who")),
        sa.CheckConstraint("act IN ('discard', 'release', 'retry')", name="act_kind"),
    )


def _keys(*names: str) -> "tuple[sa.Column[str], ...]":
    return tuple(sa.Column(name, sa.String, primary_key=True) for name in names)


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False)


def _when(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.String(32), nullable=False)
