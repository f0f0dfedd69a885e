"""Decisions by hand have a table."""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"

_CONTENT = ("kind", "scope", "obligation", "period", "first_day", "last_day", "until")
_STANDING = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    """Lead from version 1 to 2."""
    op.create_table(
        "decisions",
        sa.Column("workbook", sa.String, primary_key=True),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in (*_CONTENT, "reason", "who")),
        sa.Column("given_at", sa.String(32), nullable=False),
        sa.Column("revoked_at", sa.String(32)),
        sa.Column("revoked_by", sa.Text, nullable=False),
        sa.CheckConstraint("kind IN ('extend', 'pause', 'waive')", name="decision_kind"),
        sa.CheckConstraint("kind <> 'extend' OR last_day <> ''", name="extension_has_a_day"),
        sa.CheckConstraint("(kind = 'pause') = (until <> '')", name="pause_has_an_end"),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by = '')", name="decision_revoked"),
    )
    op.create_index(
        "decisions_once",
        "decisions",
        ["workbook", *_CONTENT],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
