"""A short execution goes from ASSIGNED to COMPLETED in one change, which says when it began."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Let it pass, where `started_at` is known."""
    op.execute(
        """
        DROP TRIGGER execution_next_state ON execution;
        CREATE TRIGGER execution_next_state BEFORE UPDATE ON execution FOR EACH ROW
            WHEN (NEW.state IS DISTINCT FROM OLD.state AND NOT (
                OLD.state = 'QUEUED' AND NEW.state IN ('ASSIGNED', 'FAILED', 'STOPPED')
                OR OLD.state = 'ASSIGNED' AND NEW.state IN ('RUNNING', 'QUEUED', 'FAILED', 'STOPPED')
                OR OLD.state = 'ASSIGNED' AND NEW.state = 'COMPLETED' AND NEW.started_at IS NOT NULL
                OR OLD.state = 'RUNNING' AND NEW.state IN ('COMPLETED', 'FAILED', 'STOPPED')
            )) EXECUTE FUNCTION refuse_execution_state();
        """
    )
