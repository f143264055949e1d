"""Files: contents that are kept once each, and the files that executions take and keep."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the tables, and the view that says which contents are in use."""
    op.execute(
        """
        CREATE TABLE content (
            id uuid PRIMARY KEY,
            sha256 bytea,
            size bigint NOT NULL,
            stored bigint NOT NULL DEFAULT 0,
            chunk_bytes integer NOT NULL,
            chunks uuid[] NOT NULL DEFAULT '{}',
            removed boolean NOT NULL DEFAULT false,
            touched_at timestamptz NOT NULL
        ) WITH (fillfactor = 70);
        CREATE UNIQUE INDEX content_sha256 ON content (sha256) WHERE NOT removed;
        CREATE INDEX content_touched ON content (touched_at);
        COMMENT ON TABLE content IS 'bytes in the file storage, once for all files that have the same';
        COMMENT ON COLUMN content.sha256 IS 'null while it is being received';
        COMMENT ON COLUMN content.stored IS 'the bytes that are in the storage';
        COMMENT ON COLUMN content.chunks IS 'the names of its objects in the storage, in order';
        COMMENT ON COLUMN content.removed IS 'its objects are removed next';

        CREATE TABLE execution_file (
            id uuid PRIMARY KEY,
            execution_id uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN ('input', 'kept', 'output')),
            name text NOT NULL,
            node text,
            media_type text NOT NULL,
            size bigint NOT NULL,
            content_id uuid NOT NULL REFERENCES content,
            kept_at timestamptz NOT NULL,
            stored_at timestamptz
        );
        CREATE INDEX execution_file_of ON execution_file (execution_id, kept_at, id);
        CREATE INDEX execution_file_content ON execution_file (content_id);
        CREATE INDEX execution_file_kept ON execution_file (kept_at);
        COMMENT ON TABLE execution_file IS 'files that executions were given, kept on purpose, or gave as outputs';
        COMMENT ON COLUMN execution_file.stored_at IS 'null while the Runner sends it';

        CREATE VIEW content_use AS SELECT content_id FROM execution_file;
        COMMENT ON VIEW content_use IS 'what refers to a content; a content without a use is removed';
        """
    )
