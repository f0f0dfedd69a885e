"""Rows being edited keep their last good cells; rows keep when a claim was first read."""

import sqlalchemy as sa
from alembic import op

from automator.ledger.revisions import add_filled, has_column

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Lead from version 2 to 3. Late ledgers of version 2 have the two columns already."""
    op.create_table(
        "lapses",
        sa.Column("workbook", sa.String, primary_key=True),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("cells", sa.Text, nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.Column("settled", sa.Boolean, nullable=False),
    )
    if not has_column("sightings", "level_blank_since"):
        op.add_column("sightings", sa.Column("level_blank_since", sa.String(32)))
    if not has_column("sightings", "claims"):
        add_filled("sightings", sa.Column("claims", sa.Text, nullable=False), "[]")
