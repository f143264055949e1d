"""Files that executions are given: uploads, and which Runners can fetch them."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the table of uploads, and the columns."""
    op.execute(
        """
        CREATE TABLE uploaded_file (
            id uuid PRIMARY KEY,
            name text NOT NULL,
            media_type text NOT NULL,
            size bigint NOT NULL,
            content_id uuid NOT NULL REFERENCES content,
            created_by uuid NOT NULL,
            created_at timestamptz NOT NULL
        );
        CREATE INDEX uploaded_file_content ON uploaded_file (content_id);
        CREATE INDEX uploaded_file_created ON uploaded_file (created_at);
        CREATE INDEX uploaded_file_by ON uploaded_file (created_by);
        COMMENT ON TABLE uploaded_file IS 'files that a person uploaded as inputs of executions; removed after a day';
        CREATE OR REPLACE VIEW content_use AS
            SELECT content_id FROM execution_file
            UNION ALL SELECT content_id FROM workflow_file
            UNION ALL SELECT content_id FROM uploaded_file;

        ALTER TABLE runner ADD COLUMN capabilities text[] NOT NULL DEFAULT '{}';
        COMMENT ON COLUMN runner.capabilities IS 'what its version can do, as it said when it connected';
        ALTER TABLE requirement ADD COLUMN capabilities text[] NOT NULL DEFAULT '{}';
        COMMENT ON COLUMN requirement.capabilities IS 'what the version of the Runner must be able to do';

        ALTER TABLE execution ADD COLUMN fetching_at timestamptz;
        COMMENT ON COLUMN execution.fetching_at IS 'when its Runner last fetched a part of a file that it needs';
        """
    )
