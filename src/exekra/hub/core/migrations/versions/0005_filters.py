"""Executions found by what asked for them, and by whom."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the indexes."""
    op.execute("CREATE INDEX execution_by_source ON execution (source, state, id)")
    op.execute("CREATE INDEX execution_by_user ON execution (created_by, state, id) WHERE created_by IS NOT NULL")
    op.execute("CREATE INDEX execution_interactive ON execution (state, id) WHERE interactive")
