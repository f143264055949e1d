"""Triggers, and what came of them."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the tables."""
    op.execute(
        """
        CREATE TABLE trigger (
            id uuid PRIMARY KEY,
            name text NOT NULL,
            kind text NOT NULL CHECK (kind IN ('schedule', 'webhook')),
            enabled boolean NOT NULL,
            workflow_id uuid NOT NULL REFERENCES workflow ON DELETE CASCADE,
            inputs jsonb NOT NULL,
            options jsonb NOT NULL,
            cron text,
            time_zone text NOT NULL,
            starts_at timestamptz,
            ends_at timestamptz,
            misfire text NOT NULL CHECK (misfire IN ('skip', 'once', 'all')),
            overlap text NOT NULL CHECK (overlap IN ('allow', 'skip')),
            body_input text,
            signed boolean NOT NULL,
            secret_number integer NOT NULL,
            next_fire_at timestamptz,
            last_due_at timestamptz,
            created_at timestamptz NOT NULL,
            changed_at timestamptz NOT NULL,
            CHECK ((kind = 'schedule') = (cron IS NOT NULL))
        );
        COMMENT ON TABLE trigger IS 'what starts executions by itself: schedules and webhooks';
        CREATE UNIQUE INDEX trigger_name ON trigger (lower(name));
        CREATE INDEX trigger_due ON trigger (next_fire_at) WHERE enabled AND kind = 'schedule';
        CREATE INDEX trigger_workflow ON trigger (workflow_id);

        CREATE TABLE trigger_firing (
            id uuid PRIMARY KEY,
            trigger_id uuid NOT NULL REFERENCES trigger ON DELETE CASCADE,
            due_at timestamptz NOT NULL,
            fired_at timestamptz NOT NULL,
            state text NOT NULL CHECK (state IN ('started', 'skipped', 'missed', 'refused')),
            execution_id uuid,
            message text,
            key text
        );
        COMMENT ON COLUMN trigger_firing.key IS 'the idempotency key of a call';
        CREATE UNIQUE INDEX trigger_firing_key ON trigger_firing (trigger_id, key) WHERE key IS NOT NULL;
        COMMENT ON TABLE trigger_firing IS 'what came of each time at which a trigger was due, or was called';
        CREATE INDEX trigger_firing_trigger ON trigger_firing (trigger_id, id DESC);
        CREATE INDEX trigger_firing_old ON trigger_firing (fired_at);
        """
    )
