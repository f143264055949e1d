-- Which waiting execution goes to which free Runner: the decision, in one statement.

DROP FUNCTION IF EXISTS assign_executions;
CREATE FUNCTION assign_executions(hub uuid, most integer)
RETURNS TABLE (
    assigned_execution uuid, assigned_lease integer, assigned_runner uuid,
    its_workflow text, its_version_id uuid, its_version integer, its_inputs json, its_timeout real,
    its_interactive boolean, its_debug json, its_start_at json
-- Planned once for each connection: planning it again each time would take longer than assigning one execution.
) LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan AS $$
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
            SELECT r.id, r.type, r.labels, r.capabilities, coalesce(r.catalogue_hash, '') AS catalogue, h.at
            FROM runner r LEFT JOIN runner_heartbeat h ON h.runner_id = r.id
            WHERE r.hub_id = hub AND r.execution_id IS NULL AND r.connection_id IS NOT NULL AND r.online
              AND r.problem IS NULL AND (r.resting_until IS NULL OR r.resting_until < now())
        ),
        -- A thousand Runners are of a few kinds; only these are compared with requirements (as in the view fitting).
        kind AS MATERIALIZED (SELECT DISTINCT type, labels, capabilities, catalogue FROM free),
        fit AS MATERIALIZED (
            SELECT q.id AS requirement_id, q.runner_id AS pinned, kind.*
            FROM waiting w JOIN requirement q ON q.id = w.requirement_id
            JOIN kind ON (q.runner_type IS NULL OR q.runner_type = kind.type) AND kind.labels @> q.labels
              AND kind.capabilities @> q.capabilities
              AND (q.activities = '{}' OR EXISTS (
                  SELECT FROM runner_catalogue c WHERE c.hash = kind.catalogue AND c.activities @> q.activities))
        ),
        able AS MATERIALIZED (
            SELECT needed.requirement_id, array(
                SELECT free.id FROM fit JOIN free USING (type, labels, capabilities, catalogue)
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
        RETURNING e.id, e.lease, e.runner_id, e.workflow_name, e.version_id, e.version, e.inputs, e.timeout,
            e.interactive, e.debug, e.start_at
        INTO assigned_execution, assigned_lease, assigned_runner,
             its_workflow, its_version_id, its_version, its_inputs, its_timeout,
             its_interactive, its_debug, its_start_at;
        RETURN NEXT;
    END LOOP;
END $$;
COMMENT ON FUNCTION assign_executions IS
    'Pair waiting executions with free Runners of one Hub: highest priority, then oldest; most recent heartbeat first';
