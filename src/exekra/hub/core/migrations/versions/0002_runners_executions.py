"""Runners, executions and their events."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables, and the trigger that refuses impossible states."""
    op.execute(RUNNERS)
    op.execute(EXECUTIONS)


RUNNERS = """
CREATE TABLE hub_process (
    id uuid PRIMARY KEY,
    seen_at timestamptz NOT NULL
);
COMMENT ON TABLE hub_process IS 'the Hubs that work on this database; each says so every few seconds';

CREATE TABLE runner_catalogue (
    hash text PRIMARY KEY,
    entries json NOT NULL,
    activities text[] NOT NULL,
    reported_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE runner_catalogue IS 'what Runners can do, stored once for all that report the same';
COMMENT ON COLUMN runner_catalogue.activities IS 'ids and aliases';

CREATE TABLE runner (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    type text NOT NULL CHECK (type IN ('ATTENDED', 'UNATTENDED')),
    labels text[] NOT NULL DEFAULT '{}',
    machine_key text NOT NULL UNIQUE,
    secret_hash text NOT NULL,
    token_version integer NOT NULL DEFAULT 1,
    online boolean NOT NULL DEFAULT false,
    execution_id uuid UNIQUE,
    hub_id uuid,
    connection_id uuid,
    catalogue_hash text,
    resting_until timestamptz,
    lost_at timestamptz DEFAULT now(),
    state text NOT NULL GENERATED ALWAYS AS (
        CASE WHEN NOT online THEN 'OFFLINE' WHEN execution_id IS NULL THEN 'ONLINE' ELSE 'BUSY' END
    ) STORED,
    version text,
    platform text,
    host text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX runner_name ON runner (lower(name));
CREATE INDEX runner_free ON runner (hub_id) WHERE execution_id IS NULL AND connection_id IS NOT NULL AND online;
COMMENT ON COLUMN runner.execution_id IS 'the slot: the execution that this Runner holds';
COMMENT ON COLUMN runner.hub_id IS 'the Hub process that the Runner is connected to, and that may assign to it';
COMMENT ON COLUMN runner.connection_id IS 'the open connection; null as soon as it is lost';
COMMENT ON COLUMN runner.resting_until IS 'it declined an execution: nothing is assigned to it before';
COMMENT ON COLUMN runner.lost_at IS 'since when it has no connection';

CREATE TABLE runner_heartbeat (
    runner_id uuid PRIMARY KEY REFERENCES runner ON DELETE CASCADE,
    at timestamptz NOT NULL,
    cpu_percent real NOT NULL DEFAULT 0,
    memory_percent real NOT NULL DEFAULT 0,
    memory_used_mb real NOT NULL DEFAULT 0,
    disk_percent real NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
COMMENT ON TABLE runner_heartbeat IS 'apart from runner: a heartbeat never holds a row that an assignment wants';
"""

EXECUTIONS = """
CREATE TABLE requirement (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE,
    runner_type text CHECK (runner_type IN ('ATTENDED', 'UNATTENDED')),
    labels text[] NOT NULL,
    activities text[] NOT NULL,
    runner_id uuid
);
COMMENT ON TABLE requirement IS 'what executions ask of a Runner; those that ask the same share a row and a queue';
COMMENT ON COLUMN requirement.key IS 'a hash of the other columns';

CREATE TABLE execution (
    id uuid PRIMARY KEY,
    workflow_id uuid NOT NULL,
    workflow_name text NOT NULL,
    version_id uuid NOT NULL REFERENCES workflow_version,
    version integer NOT NULL,
    state text NOT NULL DEFAULT 'QUEUED',
    priority smallint NOT NULL,
    requirement_id integer NOT NULL,
    runner_id uuid,
    lease integer NOT NULL DEFAULT 0,
    given_up smallint NOT NULL DEFAULT 0,
    last_sequence integer NOT NULL DEFAULT 0,
    interactive boolean NOT NULL DEFAULT false,
    source text NOT NULL,
    unique_key text,
    timeout real,
    created_by uuid,
    created_at timestamptz NOT NULL,
    queued_at timestamptz NOT NULL,
    assigned_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    stop_requested_at timestamptz,
    nodes bigint,
    seconds double precision,
    metric_samples integer NOT NULL DEFAULT 0,
    cpu_average real,
    cpu_peak real,
    memory_average real,
    memory_peak real,
    failure json,
    inputs json NOT NULL,
    outputs json,
    node_totals jsonb
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.1);
COMMENT ON COLUMN execution.lease IS 'the number of the assignment; raised whenever one is made or given up';
COMMENT ON COLUMN execution.given_up IS 'how often an assignment was given up because its Runner was lost';
COMMENT ON COLUMN execution.last_sequence IS 'the sequence of the last stored event';
COMMENT ON COLUMN execution.node_totals IS 'by node: [count, seconds, failures]';

CREATE INDEX execution_queue ON execution (requirement_id, priority DESC, id) WHERE state = 'QUEUED';
CREATE INDEX execution_underway ON execution (runner_id) WHERE state IN ('ASSIGNED', 'RUNNING');
CREATE INDEX execution_stopping ON execution (stop_requested_at)
    WHERE state IN ('ASSIGNED', 'RUNNING') AND stop_requested_at IS NOT NULL;
CREATE UNIQUE INDEX execution_unique_key ON execution (workflow_id, unique_key)
    WHERE unique_key IS NOT NULL AND state IN ('QUEUED', 'ASSIGNED', 'RUNNING');
CREATE INDEX execution_by_state ON execution (state, id);
CREATE INDEX execution_by_workflow ON execution (workflow_id, state, id);
CREATE INDEX execution_by_runner ON execution (runner_id, state, id) WHERE runner_id IS NOT NULL;

CREATE FUNCTION refuse_execution_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        RAISE EXCEPTION 'an execution begins QUEUED, not %', NEW.state USING ERRCODE = '23514';
    END IF;
    RAISE EXCEPTION 'execution % may not go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = '23514';
END $$;
CREATE TRIGGER execution_first_state BEFORE INSERT ON execution FOR EACH ROW
    WHEN (NEW.state <> 'QUEUED') EXECUTE FUNCTION refuse_execution_state();
CREATE TRIGGER execution_next_state BEFORE UPDATE ON execution FOR EACH ROW
    WHEN (NEW.state IS DISTINCT FROM OLD.state AND NOT (
        OLD.state = 'QUEUED' AND NEW.state IN ('ASSIGNED', 'FAILED', 'STOPPED')
        OR OLD.state = 'ASSIGNED' AND NEW.state IN ('RUNNING', 'QUEUED', 'FAILED', 'STOPPED')
        OR OLD.state = 'RUNNING' AND NEW.state IN ('COMPLETED', 'FAILED', 'STOPPED')
    )) EXECUTE FUNCTION refuse_execution_state();

CREATE TABLE execution_event (
    execution_id uuid NOT NULL,
    sequence integer NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    level text,
    body json NOT NULL,
    PRIMARY KEY (execution_id, sequence)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.1);
COMMENT ON COLUMN execution_event.body IS 'the event as the Runner sent it';
"""
