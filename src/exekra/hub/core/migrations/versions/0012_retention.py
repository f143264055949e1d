"""How long what executions leave behind is kept, and when it was last looked through."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the tables, with the times that hold unless somebody changes them."""
    op.execute(
        """
        CREATE TABLE retention (
            kind text PRIMARY KEY,
            days integer CHECK (days BETWEEN 1 AND 36500)
        );
        COMMENT ON COLUMN retention.days IS 'how long it is kept; null: for ever';
        INSERT INTO retention (kind, days)
        VALUES ('executions', 365), ('logs', 90), ('events', 90), ('values', 30), ('files', 90);

        CREATE TABLE retention_run (
            single boolean PRIMARY KEY DEFAULT true CHECK (single),
            run_id uuid,
            claimed_until timestamptz,
            next_at timestamptz NOT NULL DEFAULT now() + interval '10 minutes',
            began_at timestamptz,
            ended_at timestamptz,
            removed jsonb NOT NULL DEFAULT '{}',
            held_back integer NOT NULL DEFAULT 0,
            problem text
        );
        COMMENT ON TABLE retention_run IS 'one row: the present or the last run';
        COMMENT ON COLUMN retention_run.held_back IS
            'partitions whose time is over and that wait for an execution in them to end';
        INSERT INTO retention_run DEFAULT VALUES;

        CREATE VIEW reporting_retention AS
        SELECT began_at, ended_at, next_at, removed, held_back, problem FROM retention_run;
        """
    )
