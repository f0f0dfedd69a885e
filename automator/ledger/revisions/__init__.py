"""The revisions of the ledger's schema, one module a version, in alembic's form.

`meta.schema_version` says where a ledger stands (there is no table of alembic's). A new ledger is
made of `schema.py` in one go; these modules lead an older one to the same shape, and a test holds
the two to each other. They are loaded only where a ledger's version is not the program's.

**To change the schema.** A version that has been released never changes again: raise
`schema.VERSION` and add `version_<n>.py`. Version 4 is in the making: change `schema.py` and
`version_4.py` in one commit. In a revision

- a new table is written out in full, as it is then: a revision does not import `schema.py`, which
  goes on changing;
- a new column that may be null is `op.add_column(table, Column(…))`;
- a new column that is never null is `add_filled(table, Column(…, nullable=False), value)`;
- whatever else SQLite cannot alter goes through `op.batch_alter_table`, with the table's own CHECK
  constraints in `table_args`, which SQLite does not hand back.

All is done in the one transaction that opens the ledger to write: no statement here commits.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


def add_filled(
    table: str,
    column: "sa.Column[str]",
    value: str,
    checks: Sequence[sa.CheckConstraint] = (),
) -> None:
    """Add a text column that is never null; older rows take `value`.

    `checks`: the table's own CHECK constraints, which SQLite forgets when it is rebuilt.
    """
    op.add_column(table, sa.Column(column.name, column.type, nullable=True))
    filled = sa.table(table, sa.column(column.name, column.type))
    op.execute(filled.update().values({column.name: value}))
    with op.batch_alter_table(table, table_args=tuple(checks)) as batch:
        batch.alter_column(column.name, existing_type=column.type, nullable=False)


def has_column(table: str, column: str) -> bool:
    """Tell whether a table has a column already."""
    return column in {found["name"] for found in sa.inspect(op.get_bind()).get_columns(table)}
