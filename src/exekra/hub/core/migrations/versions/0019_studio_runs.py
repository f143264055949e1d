"""Runs from Studio kept apart from production, who stopped an execution, working copies, and release notes."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the columns; the indexes that figures are counted from tell the source, too."""
    op.execute(
        """
        ALTER TABLE execution ADD COLUMN stop_requested_by uuid;
        COMMENT ON COLUMN execution.stop_requested_by IS 'the user who stopped it';
        UPDATE execution SET source = 'studio' WHERE interactive AND debug IS NOT NULL;
        DROP INDEX execution_by_state, execution_by_workflow;
        CREATE INDEX execution_by_state ON execution (state, id) INCLUDE (source);
        CREATE INDEX execution_by_workflow ON execution (workflow_id, state, id) INCLUDE (source);
        CREATE INDEX execution_by_version ON execution (version_id);
        COMMENT ON INDEX execution_by_version IS
            'a version that is removed is looked for in all executions, by the foreign key';

        ALTER TABLE workflow_version
            ADD COLUMN working boolean NOT NULL DEFAULT false,
            ADD COLUMN release_notes text NOT NULL DEFAULT '';
        COMMENT ON COLUMN workflow_version.working IS
            'a working copy, saved to run it: not listed, and removed once nothing needs it';
        COMMENT ON COLUMN workflow_version.release_notes IS 'what is new, for those who use the workflow';
        UPDATE workflow_version SET working = true WHERE state = 'draft' AND note = 'Saved to run it';
        CREATE INDEX workflow_version_working ON workflow_version (created_at) WHERE working;
        """
    )
