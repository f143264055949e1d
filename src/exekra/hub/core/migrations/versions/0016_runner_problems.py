"""Why a Runner can begin no execution, and what of its own work failed."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the columns."""
    op.execute("ALTER TABLE runner ADD COLUMN problem text, ADD COLUMN failures jsonb NOT NULL DEFAULT '[]'")
    op.execute("COMMENT ON COLUMN runner.problem IS 'why it can begin no execution now: it is assigned none'")
    op.execute("COMMENT ON COLUMN runner.failures IS 'what it does all the time and has failed since it was started'")
