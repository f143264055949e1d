"""Debug sessions, executions that begin in the middle, and what each node of an execution told."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the columns, the table and the indexes; what assigns is made anew by `dispatch/assign.sql`."""
    op.execute(SESSIONS)
    op.execute(TOLD)
    op.execute("DROP FUNCTION IF EXISTS assign_executions")


SESSIONS = """
ALTER TABLE execution
    ADD COLUMN debug json,
    ADD COLUMN start_at json,
    ADD COLUMN started_from_execution uuid,
    ADD COLUMN started_from_node text;
COMMENT ON COLUMN execution.debug IS 'how the debug session begins; null when it is none';
COMMENT ON COLUMN execution.start_at IS 'where it begins instead of at the start, and with which values';
COMMENT ON COLUMN execution.started_from_execution IS 'the execution that those values were taken from';

CREATE TABLE debug_command (
    id uuid PRIMARY KEY,
    runner_id uuid NOT NULL,
    execution_id uuid NOT NULL,
    lease integer NOT NULL,
    commands json NOT NULL,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE debug_command IS 'commands on their way to a Runner of another Hub, which takes them out';
"""

TOLD = """
ALTER TABLE execution_event ADD COLUMN node text;
COMMENT ON COLUMN execution_event.node IS 'the node that the event is about';
UPDATE execution_event SET node = body ->> 'node' WHERE kind IN ('node.entered', 'node.left', 'log', 'checkpoint');
CREATE INDEX execution_event_visit ON execution_event (execution_id, node, sequence)
    WHERE kind IN ('node.entered', 'node.left');
CREATE INDEX execution_event_seldom ON execution_event (execution_id, kind, sequence)
    WHERE kind IN ('checkpoint', 'metric');
COMMENT ON INDEX execution_event_seldom IS 'what is looked for among many other events';
"""
