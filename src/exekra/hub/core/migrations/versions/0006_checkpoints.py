"""Checkpoints found by their age, to be removed."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the index."""
    op.execute("CREATE INDEX execution_event_checkpoint ON execution_event (at) WHERE kind = 'checkpoint'")
