"""Runners, executions and their events, and the statement that pairs the two.

Which execution goes to which Runner is decided here, in one function, so that any number of Hubs may ask at once.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables, the view and the functions."""
    op.execute(RUNNERS)
    op.execute(EXECUTIONS)
    op.execute(FITTING)
    op.execute(ASSIGNMENT)


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

FITTING = """
CREATE VIEW fitting AS
SELECT *, pin_fits AND type_fits AND labels_fit AND activities_fit AS fits
FROM (
    SELECT
        q.id AS requirement_id,
        r.id AS runner_id,
        (q.runner_id IS NULL OR q.runner_id = r.id) AS pin_fits,
        (q.runner_type IS NULL OR q.runner_type = r.type) AS type_fits,
        r.labels @> q.labels AS labels_fit,
        (q.activities = '{}' OR coalesce(c.activities @> q.activities, false)) AS activities_fit
    FROM requirement q CROSS JOIN runner r LEFT JOIN runner_catalogue c ON c.hash = r.catalogue_hash
) compared;
COMMENT ON VIEW fitting IS 'whether a Runner can meet a requirement, and if not, why';
"""

ASSIGNMENT = """
CREATE FUNCTION assign_executions(hub uuid, most integer)
RETURNS TABLE (
    assigned_execution uuid, assigned_lease integer, assigned_runner uuid,
    its_workflow text, its_version_id uuid, its_version integer, its_inputs json, its_timeout real
) LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
    candidate record;
    best uuid;
    chosen uuid;
    taken uuid[] = '{}';
BEGIN
    IF NOT EXISTS (SELECT FROM execution e WHERE e.state = 'QUEUED')
       OR NOT EXISTS (SELECT FROM runner r WHERE r.hub_id = hub AND r.execution_id IS NULL
                      AND r.connection_id IS NOT NULL AND r.online) THEN
        RETURN;
    END IF;
    FOR candidate IN
        WITH RECURSIVE waiting AS (
            -- The requirements with a queue: one step in the index for each, however long its queue is.
            (SELECT e.requirement_id FROM execution e WHERE e.state = 'QUEUED' ORDER BY e.requirement_id LIMIT 1)
            UNION ALL
            SELECT (SELECT e.requirement_id FROM execution e
                    WHERE e.state = 'QUEUED' AND e.requirement_id > w.requirement_id
                    ORDER BY e.requirement_id LIMIT 1)
            FROM waiting w WHERE w.requirement_id IS NOT NULL
        ),
        free AS MATERIALIZED (
            SELECT r.id, r.type, r.labels, coalesce(r.catalogue_hash, '') AS catalogue, h.at
            FROM runner r LEFT JOIN runner_heartbeat h ON h.runner_id = r.id
            WHERE r.hub_id = hub AND r.execution_id IS NULL AND r.connection_id IS NOT NULL AND r.online
              AND (r.resting_until IS NULL OR r.resting_until < now())
        ),
        -- A thousand Runners are of a few kinds; only these are compared with requirements (as in the view fitting).
        kind AS MATERIALIZED (SELECT DISTINCT type, labels, catalogue FROM free),
        fit AS MATERIALIZED (
            SELECT q.id AS requirement_id, q.runner_id AS pinned, kind.*
            FROM waiting w JOIN requirement q ON q.id = w.requirement_id
            JOIN kind ON (q.runner_type IS NULL OR q.runner_type = kind.type) AND kind.labels @> q.labels
              AND (q.activities = '{}' OR EXISTS (
                  SELECT FROM runner_catalogue c WHERE c.hash = kind.catalogue AND c.activities @> q.activities))
        ),
        able AS MATERIALIZED (
            SELECT needed.requirement_id, array(
                SELECT free.id FROM fit JOIN free USING (type, labels, catalogue)
                WHERE fit.requirement_id = needed.requirement_id AND (fit.pinned IS NULL OR fit.pinned = free.id)
                ORDER BY free.at DESC NULLS LAST LIMIT most
            ) AS runners
            FROM (SELECT DISTINCT fit.requirement_id FROM fit) needed
        )
        SELECT head.id, able.runners
        FROM able CROSS JOIN LATERAL (
            SELECT e.id, e.priority FROM execution e
            WHERE e.requirement_id = able.requirement_id AND e.state = 'QUEUED'
            ORDER BY e.priority DESC, e.id
            LIMIT least(cardinality(able.runners), most)
            FOR NO KEY UPDATE SKIP LOCKED
        ) head
        ORDER BY head.priority DESC, head.id
        LIMIT most
    LOOP
        chosen = NULL;
        FOREACH best IN ARRAY candidate.runners LOOP
            CONTINUE WHEN best = ANY (taken);
            SELECT r.id INTO chosen FROM runner r
            WHERE r.id = best AND r.hub_id = hub AND r.execution_id IS NULL AND r.connection_id IS NOT NULL AND r.online
            FOR NO KEY UPDATE SKIP LOCKED;
            taken = taken || best;
            EXIT WHEN chosen IS NOT NULL;
        END LOOP;
        CONTINUE WHEN chosen IS NULL;
        UPDATE runner r SET execution_id = candidate.id WHERE r.id = chosen;
        UPDATE execution e
        SET state = 'ASSIGNED', runner_id = chosen, lease = e.lease + 1, assigned_at = clock_timestamp()
        WHERE e.id = candidate.id
        RETURNING e.id, e.lease, e.runner_id, e.workflow_name, e.version_id, e.version, e.inputs, e.timeout
        INTO assigned_execution, assigned_lease, assigned_runner,
             its_workflow, its_version_id, its_version, its_inputs, its_timeout;
        RETURN NEXT;
    END LOOP;
END $$;
COMMENT ON FUNCTION assign_executions IS
    'Pair waiting executions with free Runners of one Hub: highest priority, then oldest; most recent heartbeat first';
"""
