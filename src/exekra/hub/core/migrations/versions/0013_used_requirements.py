"""When each requirement was last used, so that those that no execution has any more can be removed."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column."""
    op.execute("ALTER TABLE requirement ADD COLUMN used_at timestamptz NOT NULL DEFAULT now()")
    op.execute("COMMENT ON COLUMN requirement.used_at IS 'when an execution last asked for it, to the hour'")
