"""Files that belong to a version of a workflow: templates, modules and workbooks beside its document."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the tables, and count their contents as used."""
    op.execute(
        """
        CREATE TABLE workflow_file_set (
            id uuid PRIMARY KEY,
            workflow_id uuid NOT NULL REFERENCES workflow ON DELETE CASCADE,
            file_count integer NOT NULL,
            total_size bigint NOT NULL
        );
        CREATE INDEX workflow_file_set_of ON workflow_file_set (workflow_id);
        COMMENT ON TABLE workflow_file_set IS
            'the files of one or more versions of a workflow; a set never changes, so versions share it';

        CREATE TABLE workflow_file (
            set_id uuid NOT NULL REFERENCES workflow_file_set ON DELETE CASCADE,
            path text NOT NULL,
            size bigint NOT NULL,
            sha256 bytea NOT NULL,
            content_id uuid NOT NULL REFERENCES content,
            PRIMARY KEY (set_id, path)
        );
        CREATE INDEX workflow_file_content ON workflow_file (content_id);
        COMMENT ON COLUMN workflow_file.path IS 'relative to the folder of the workflow, with / between the parts';

        ALTER TABLE workflow_version ADD COLUMN files_id uuid REFERENCES workflow_file_set;
        CREATE INDEX workflow_version_files ON workflow_version (files_id) WHERE files_id IS NOT NULL;
        COMMENT ON COLUMN workflow_version.files_id IS 'null where it has none';

        CREATE OR REPLACE VIEW content_use AS
            SELECT content_id FROM execution_file UNION ALL SELECT content_id FROM workflow_file;
        """
    )
