SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE FUNCTION public.assign_executions(hub uuid, most integer) RETURNS TABLE(assigned_execution uuid, assigned_lease integer, assigned_runner uuid, its_workflow text, its_version_id uuid, its_version integer, its_inputs json, its_timeout real, its_interactive boolean, its_debug json, its_start_at json)
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    AS $$
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
        RETURNING e.id, e.lease, e.runner_id, e.workflow_name, e.version_id, e.version, e.inputs, e.timeout,
            e.interactive, e.debug, e.start_at
        INTO assigned_execution, assigned_lease, assigned_runner,
             its_workflow, its_version_id, its_version, its_inputs, its_timeout,
             its_interactive, its_debug, its_start_at;
        RETURN NEXT;
    END LOOP;
END $$;
CREATE FUNCTION public.called_version(key text) RETURNS uuid
    LANGUAGE sql STABLE
    AS $_$
            SELECT CASE WHEN call.number IS NULL THEN w.published_version_id ELSE (
                SELECT v.id FROM workflow_version v
                WHERE v.workflow_id = w.id AND v.number = call.number AND v.state <> 'draft'
            ) END
            FROM (
                SELECT regexp_replace(key, '@[0-9]*$', '') AS name, substring(key FROM '@([0-9]+)$')::integer AS number
            ) call
            JOIN workflow w ON w.name = call.name AND w.archived_at IS NULL
        $_$;
CREATE FUNCTION public.called_versions(calls text[]) RETURNS TABLE(key text, version_id uuid)
    LANGUAGE sql STABLE
    AS $$
            WITH RECURSIVE called AS (
                SELECT own.key, called_version(own.key) AS version_id FROM unnest(calls) AS own (key)
                UNION
                SELECT further.key, called_version(further.key)
                FROM called JOIN workflow_version v ON v.id = called.version_id
                CROSS JOIN unnest(v.calls) AS further (key)
            )
            SELECT called.key, called.version_id FROM called WHERE called.version_id IS NOT NULL
        $$;
CREATE FUNCTION public.folded(original text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
    SELECT lower(regexp_replace(normalize(original, NFKD), '[\u0300-\u036f]', '', 'g'))
$$;
CREATE FUNCTION public.note_runner_absence() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.online THEN
        UPDATE runner_absence SET ended_at = greatest(began_at, now())
        WHERE runner_id = NEW.id AND ended_at IS NULL;
    ELSE
        INSERT INTO runner_absence (runner_id, began_at) VALUES (NEW.id, coalesce(NEW.lost_at, now()))
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION public.refuse_audit_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            RAISE EXCEPTION 'audit_log is append-only: % is refused', TG_OP USING ERRCODE = '42501';
        END $$;
CREATE FUNCTION public.refuse_execution_state() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        RAISE EXCEPTION 'an execution begins QUEUED, not %', NEW.state USING ERRCODE = '23514';
    END IF;
    RAISE EXCEPTION 'execution % may not go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = '23514';
END $$;
CREATE FUNCTION public.refuse_version_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
        BEGIN
            RAISE EXCEPTION 'a version of a workflow never changes: save a new one' USING ERRCODE = '42501';
        END $$;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.app_user (
    id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    role text DEFAULT 'OPERATOR'::text NOT NULL,
    password_hash text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    token_version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    signed_in_at timestamp with time zone,
    preferences jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT app_user_role_check CHECK ((role = ANY (ARRAY['OPERATOR'::text, 'DEVELOPER'::text, 'ADMIN'::text])))
);
CREATE TABLE public.audit_log (
    id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    actor_name text NOT NULL,
    ip text,
    action text NOT NULL,
    resource text NOT NULL,
    resource_id text,
    details jsonb
);
CREATE TABLE public.debug_command (
    id uuid NOT NULL,
    runner_id uuid NOT NULL,
    execution_id uuid NOT NULL,
    lease integer NOT NULL,
    commands json NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.execution (
    id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    workflow_name text NOT NULL,
    version_id uuid NOT NULL,
    version integer NOT NULL,
    state text DEFAULT 'QUEUED'::text NOT NULL,
    priority smallint NOT NULL,
    requirement_id integer NOT NULL,
    runner_id uuid,
    lease integer DEFAULT 0 NOT NULL,
    given_up smallint DEFAULT 0 NOT NULL,
    last_sequence integer DEFAULT 0 NOT NULL,
    interactive boolean DEFAULT false NOT NULL,
    source text NOT NULL,
    unique_key text,
    timeout real,
    created_by uuid,
    created_at timestamp with time zone NOT NULL,
    queued_at timestamp with time zone NOT NULL,
    assigned_at timestamp with time zone,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    stop_requested_at timestamp with time zone,
    nodes bigint,
    seconds double precision,
    metric_samples integer DEFAULT 0 NOT NULL,
    cpu_average real,
    cpu_peak real,
    memory_average real,
    memory_peak real,
    failure json,
    inputs json NOT NULL,
    outputs json,
    node_totals jsonb,
    debug json,
    start_at json,
    started_from_execution uuid,
    started_from_node text
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_insert_scale_factor='0.1');
CREATE TABLE public.execution_event (
    execution_id uuid NOT NULL,
    sequence integer NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    level text,
    body json NOT NULL,
    node text
)
WITH (autovacuum_vacuum_insert_scale_factor='0.1');
CREATE TABLE public.requirement (
    id integer NOT NULL,
    key text NOT NULL,
    runner_type text,
    labels text[] NOT NULL,
    activities text[] NOT NULL,
    runner_id uuid,
    CONSTRAINT requirement_runner_type_check CHECK ((runner_type = ANY (ARRAY['ATTENDED'::text, 'UNATTENDED'::text])))
);
CREATE TABLE public.runner (
    id uuid NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    labels text[] DEFAULT '{}'::text[] NOT NULL,
    machine_key text NOT NULL,
    secret_hash text NOT NULL,
    token_version integer DEFAULT 1 NOT NULL,
    online boolean DEFAULT false NOT NULL,
    execution_id uuid,
    hub_id uuid,
    connection_id uuid,
    catalogue_hash text,
    resting_until timestamp with time zone,
    lost_at timestamp with time zone DEFAULT now(),
    state text GENERATED ALWAYS AS (
CASE
    WHEN (NOT online) THEN 'OFFLINE'::text
    WHEN (execution_id IS NULL) THEN 'ONLINE'::text
    ELSE 'BUSY'::text
END) STORED NOT NULL,
    version text,
    platform text,
    host text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT runner_type_check CHECK ((type = ANY (ARRAY['ATTENDED'::text, 'UNATTENDED'::text])))
)
WITH (fillfactor='50');
CREATE TABLE public.runner_catalogue (
    hash text NOT NULL,
    entries json NOT NULL,
    activities text[] NOT NULL,
    reported_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE VIEW public.fitting AS
 SELECT requirement_id,
    runner_id,
    pin_fits,
    type_fits,
    labels_fit,
    activities_fit,
    (pin_fits AND type_fits AND labels_fit AND activities_fit) AS fits
   FROM ( SELECT q.id AS requirement_id,
            r.id AS runner_id,
            ((q.runner_id IS NULL) OR (q.runner_id = r.id)) AS pin_fits,
            ((q.runner_type IS NULL) OR (q.runner_type = r.type)) AS type_fits,
            (r.labels @> q.labels) AS labels_fit,
            ((q.activities = '{}'::text[]) OR COALESCE((c.activities @> q.activities), false)) AS activities_fit
           FROM ((public.requirement q
             CROSS JOIN public.runner r)
             LEFT JOIN public.runner_catalogue c ON ((c.hash = r.catalogue_hash)))) compared;
CREATE TABLE public.hub_process (
    id uuid NOT NULL,
    seen_at timestamp with time zone NOT NULL
);
CREATE TABLE public.load_sample (
    at timestamp with time zone NOT NULL,
    queued integer NOT NULL,
    underway integer NOT NULL,
    runners_online integer NOT NULL,
    runners_busy integer NOT NULL
);
CREATE UNLOGGED TABLE public.rate_limit (
    key text NOT NULL,
    spent_until timestamp with time zone NOT NULL
);
ALTER TABLE public.requirement ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.requirement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.revoked_token (
    id uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE public.runner_absence (
    runner_id uuid NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);
CREATE TABLE public.runner_heartbeat (
    runner_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    cpu_percent real DEFAULT 0 NOT NULL,
    memory_percent real DEFAULT 0 NOT NULL,
    memory_used_mb real DEFAULT 0 NOT NULL,
    disk_percent real DEFAULT 0 NOT NULL
)
WITH (fillfactor='50');
CREATE TABLE public.runner_metric (
    runner_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    cpu_percent real NOT NULL,
    memory_percent real NOT NULL,
    memory_used_mb real NOT NULL,
    disk_percent real NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.05');
CREATE UNLOGGED TABLE public.sign_in_attempt (
    key text NOT NULL,
    failures integer NOT NULL,
    last_at timestamp with time zone NOT NULL
);
CREATE TABLE public.workflow (
    id uuid NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    latest_number integer DEFAULT 0 NOT NULL,
    published_version_id uuid,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    archived_at timestamp with time zone,
    folded_name text GENERATED ALWAYS AS (public.folded(name)) STORED NOT NULL
);
CREATE TABLE public.workflow_version (
    id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    number integer NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    document json NOT NULL,
    content_hash text NOT NULL,
    activities text[] NOT NULL,
    calls text[] NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    published_by uuid,
    published_at timestamp with time zone,
    CONSTRAINT workflow_version_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'superseded'::text])))
);
INSERT INTO public.alembic_version VALUES ('0008');
INSERT INTO public.app_user VALUES ('01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', 'Admin', 'ADMIN', '$2b$04$z8mIM.DqKDzBXU5J9CPDHeA2P7LpwWn.7wns3fLRjaUPnRI/upxda', true, 1, '2026-11-30 21:24:58.013881+00', '2026-11-30 21:24:58.013881+00', '2026-11-30 21:24:58.038563+00', '{}');
INSERT INTO public.audit_log VALUES ('01a22e58-c01f-71dd-a967-a4ea3c115bce', '2026-11-30 21:24:58.013881+00', 'anonymous', NULL, 'anonymous', '127.0.0.1', 'user.bootstrap', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', '{"email": "admin@example.org"}');
INSERT INTO public.audit_log VALUES ('01a22e58-c037-7099-8997-2f9da58398ed', '2026-11-30 21:24:58.038563+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'session.sign-in', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', NULL);
INSERT INTO public.audit_log VALUES ('01a22e58-c0a2-7e91-8506-7846e26e99d5', '2026-11-30 21:24:58.131594+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'workflow.create', 'workflow', '01a22e58-c096-7ceb-8b60-cf6f545241b5', '{"name": "Light"}');
INSERT INTO public.audit_log VALUES ('01a22e58-c1c4-7103-8583-ea0cae7766bb', '2026-11-30 21:24:58.161992+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'workflow.publish', 'workflow', '01a22e58-c096-7ceb-8b60-cf6f545241b5', '{"number": 1}');
INSERT INTO public.audit_log VALUES ('01a22e58-c1d6-7946-afd2-2beb9e40c9f7', '2026-11-30 21:24:58.446795+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'workflow.create', 'workflow', '01a22e58-c1d2-7efe-9665-ca3eb771ee84', '{"name": "Logging"}');
INSERT INTO public.audit_log VALUES ('01a22e58-c1ee-7c9d-adfe-1233d9ce4180', '2026-11-30 21:24:58.467225+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'workflow.publish', 'workflow', '01a22e58-c1d2-7efe-9665-ca3eb771ee84', '{"number": 1}');
INSERT INTO public.audit_log VALUES ('01a22e58-c20b-7821-91d7-04665499184e', '2026-11-30 21:24:58.491762+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'workflow.create', 'workflow', '01a22e58-c209-7594-8357-17c3be31fc6b', '{"name": "Calling"}');
INSERT INTO public.audit_log VALUES ('01a22e58-c21c-7eac-a739-99dceb8b8111', '2026-11-30 21:24:58.514801+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'workflow.publish', 'workflow', '01a22e58-c209-7594-8357-17c3be31fc6b', '{"number": 1}');
INSERT INTO public.audit_log VALUES ('01a22e58-c2a5-7310-aee5-12d8b982eccd', '2026-11-30 21:24:58.659888+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'runner.register', 'runner', '01a22e58-c2a3-7ab4-b70c-f870702e421f', '{"name": "Old", "type": "UNATTENDED"}');
INSERT INTO public.audit_log VALUES ('01a22e58-c368-71f5-84d6-b9d51ebe4a23', '2026-11-30 21:24:58.786569+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'execution.start', 'execution', '01a22e58-c337-7554-93ff-aeb4e5d028e9', '{"source": "manual", "version": 1, "workflow": "Light"}');
INSERT INTO public.audit_log VALUES ('01a22e58-c3c9-72fc-9ccc-7fb5731575e3', '2026-11-30 21:24:58.896673+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'execution.start', 'execution', '01a22e58-c3b0-7ac3-9cd8-a6a814f77bdb', '{"source": "manual", "version": 1, "workflow": "Light"}');
INSERT INTO public.audit_log VALUES ('01a22e58-c3fc-777a-b17f-1c6a01482296', '2026-11-30 21:24:58.996144+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'execution.start', 'execution', '01a22e58-c3fb-7809-a071-c321cbe3726a', '{"source": "manual", "version": 1, "workflow": "Light"}');
INSERT INTO public.audit_log VALUES ('01a22e58-c426-7a9c-bfcf-ba907a24e65a', '2026-11-30 21:24:59.017656+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'execution.start', 'execution', '01a22e58-c41c-7187-9c12-cf6ef7caabd2', '{"source": "manual", "version": 1, "workflow": "Calling"}');
INSERT INTO public.audit_log VALUES ('01a22e58-c482-7448-9ee9-6f2cd7dab28e', '2026-11-30 21:24:59.130869+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'execution.start', 'execution', '01a22e58-c47b-7c50-9696-5a02833b42dd', '{"source": "manual", "version": 1, "workflow": "Light"}');
INSERT INTO public.audit_log VALUES ('01a22e58-c49b-7aed-9963-39952338ea02', '2026-11-30 21:24:59.150135+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'execution.start', 'execution', '01a22e58-c496-77fc-b675-334812c661fb', '{"source": "manual", "version": 1, "workflow": "Logging"}');
INSERT INTO public.audit_log VALUES ('01a22e58-c4a9-7dd0-bbd9-254b88c3959d', '2026-11-30 21:24:59.173344+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'execution.stop', 'execution', '01a22e58-c496-77fc-b675-334812c661fb', '{"workflow": "Logging"}');
INSERT INTO public.audit_log VALUES ('01a22e58-c4b9-7cc0-9c8a-da85c7c50554', '2026-11-30 21:24:59.191172+00', 'user', '01a22e58-c01e-764e-8b04-4c47ac612f22', 'admin@example.org', '127.0.0.1', 'execution.start', 'execution', '01a22e58-c4b8-7183-b368-54ccb171480f', '{"source": "manual", "version": 1, "workflow": "Logging"}');
INSERT INTO public.execution VALUES ('01a22e58-c337-7554-93ff-aeb4e5d028e9', '01a22e58-c096-7ceb-8b60-cf6f545241b5', 'Light', '01a22e58-c09c-7055-b4e2-d2b0f912c57e', 1, 'COMPLETED', 50, 1, '01a22e58-c2a3-7ab4-b70c-f870702e421f', 1, 0, 6, false, 'manual', NULL, NULL, '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:58.838109+00', '2026-11-30 21:24:58.838109+00', '2026-11-30 21:24:58.872219+00', '2026-11-30 21:24:58.885435+00', '2026-11-30 21:24:58.885435+00', NULL, 1, 0.001, 0, NULL, NULL, NULL, NULL, NULL, '{"number":0}', '{"total":3}', NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.execution VALUES ('01a22e58-c3b0-7ac3-9cd8-a6a814f77bdb', '01a22e58-c096-7ceb-8b60-cf6f545241b5', 'Light', '01a22e58-c09c-7055-b4e2-d2b0f912c57e', 1, 'COMPLETED', 50, 1, '01a22e58-c2a3-7ab4-b70c-f870702e421f', 1, 0, 6, false, 'manual', NULL, NULL, '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:58.928777+00', '2026-11-30 21:24:58.928777+00', '2026-11-30 21:24:58.982221+00', '2026-11-30 21:24:58.986923+00', '2026-11-30 21:24:58.986923+00', NULL, 1, 0.001, 0, NULL, NULL, NULL, NULL, NULL, '{"number":1}', '{"total":3}', NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.execution VALUES ('01a22e58-c3fb-7809-a071-c321cbe3726a', '01a22e58-c096-7ceb-8b60-cf6f545241b5', 'Light', '01a22e58-c09c-7055-b4e2-d2b0f912c57e', 1, 'COMPLETED', 50, 1, '01a22e58-c2a3-7ab4-b70c-f870702e421f', 1, 0, 6, false, 'manual', NULL, NULL, '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:59.003593+00', '2026-11-30 21:24:59.003593+00', '2026-11-30 21:24:59.031022+00', '2026-11-30 21:24:59.03997+00', '2026-11-30 21:24:59.03997+00', NULL, 1, 0.001, 0, NULL, NULL, NULL, NULL, NULL, '{"number":2}', '{"total":3}', NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.execution VALUES ('01a22e58-c41c-7187-9c12-cf6ef7caabd2', '01a22e58-c209-7594-8357-17c3be31fc6b', 'Calling', '01a22e58-c20a-767a-ad00-6ca114e9b35c', 1, 'COMPLETED', 50, 1, '01a22e58-c2a3-7ab4-b70c-f870702e421f', 1, 0, 6, false, 'manual', NULL, NULL, '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:59.03617+00', '2026-11-30 21:24:59.03617+00', '2026-11-30 21:24:59.060251+00', '2026-11-30 21:24:59.078065+00', '2026-11-30 21:24:59.078065+00', NULL, 1, 0.001, 0, NULL, NULL, NULL, NULL, NULL, '{}', '{"total":3}', NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.execution VALUES ('01a22e58-c47b-7c50-9696-5a02833b42dd', '01a22e58-c096-7ceb-8b60-cf6f545241b5', 'Light', '01a22e58-c09c-7055-b4e2-d2b0f912c57e', 1, 'QUEUED', 60, 2, NULL, 0, 0, 0, false, 'manual', 'kept', NULL, '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:59.137147+00', '2026-11-30 21:24:59.137147+00', NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, '{"number":7}', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.execution VALUES ('01a22e58-c496-77fc-b675-334812c661fb', '01a22e58-c1d2-7efe-9665-ca3eb771ee84', 'Logging', '01a22e58-c1d4-704a-9b52-97d4952535e2', 1, 'STOPPED', 50, 3, NULL, 1, 0, 0, false, 'manual', NULL, NULL, '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:59.162761+00', '2026-11-30 21:24:59.162761+00', NULL, NULL, '2026-11-30 21:24:59.173082+00', NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.execution VALUES ('01a22e58-c4b8-7183-b368-54ccb171480f', '01a22e58-c1d2-7efe-9665-ca3eb771ee84', 'Logging', '01a22e58-c1d4-704a-9b52-97d4952535e2', 1, 'QUEUED', 50, 3, NULL, 0, 0, 0, false, 'manual', NULL, NULL, '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:59.192181+00', '2026-11-30 21:24:59.192181+00', NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.execution_event VALUES ('01a22e58-c337-7554-93ff-aeb4e5d028e9', 1, '2026-11-30 21:24:58.885435+00', 'execution.started', NULL, '{"event":"execution.started","at":1796073898.8854349}', NULL);
INSERT INTO public.execution_event VALUES ('01a22e58-c337-7554-93ff-aeb4e5d028e9', 2, '2026-11-30 21:24:58.885435+00', 'node.entered', NULL, '{"event":"node.entered","at":1796073898.8854349,"node":"work"}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c337-7554-93ff-aeb4e5d028e9', 3, '2026-11-30 21:24:58.885435+00', 'log', 'info', '{"event":"log","at":1796073898.8854349,"message":"Line 0 of Light","node":"work"}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c337-7554-93ff-aeb4e5d028e9', 4, '2026-11-30 21:24:58.885435+00', 'log', 'info', '{"event":"log","at":1796073898.8854349,"message":"Line 1 of Light","node":"work"}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c337-7554-93ff-aeb4e5d028e9', 5, '2026-11-30 21:24:58.885435+00', 'node.left', NULL, '{"event":"node.left","at":1796073898.8854349,"node":"work","port":"next","seconds":0.001}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c337-7554-93ff-aeb4e5d028e9', 6, '2026-11-30 21:24:58.885435+00', 'execution.finished', NULL, '{"event":"execution.finished","at":1796073898.8854349,"state":"COMPLETED","outputs":{"total":3},"seconds":0.001,"nodes":1}', NULL);
INSERT INTO public.execution_event VALUES ('01a22e58-c3b0-7ac3-9cd8-a6a814f77bdb', 1, '2026-11-30 21:24:58.986923+00', 'execution.started', NULL, '{"event":"execution.started","at":1796073898.9869232}', NULL);
INSERT INTO public.execution_event VALUES ('01a22e58-c3b0-7ac3-9cd8-a6a814f77bdb', 2, '2026-11-30 21:24:58.986923+00', 'node.entered', NULL, '{"event":"node.entered","at":1796073898.9869232,"node":"work"}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c3b0-7ac3-9cd8-a6a814f77bdb', 3, '2026-11-30 21:24:58.986923+00', 'log', 'info', '{"event":"log","at":1796073898.9869232,"message":"Line 0 of Light","node":"work"}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c3b0-7ac3-9cd8-a6a814f77bdb', 4, '2026-11-30 21:24:58.986923+00', 'log', 'info', '{"event":"log","at":1796073898.9869232,"message":"Line 1 of Light","node":"work"}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c3b0-7ac3-9cd8-a6a814f77bdb', 5, '2026-11-30 21:24:58.986923+00', 'node.left', NULL, '{"event":"node.left","at":1796073898.9869232,"node":"work","port":"next","seconds":0.001}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c3b0-7ac3-9cd8-a6a814f77bdb', 6, '2026-11-30 21:24:58.986923+00', 'execution.finished', NULL, '{"event":"execution.finished","at":1796073898.9869232,"state":"COMPLETED","outputs":{"total":3},"seconds":0.001,"nodes":1}', NULL);
INSERT INTO public.execution_event VALUES ('01a22e58-c3fb-7809-a071-c321cbe3726a', 1, '2026-11-30 21:24:59.03997+00', 'execution.started', NULL, '{"event":"execution.started","at":1796073899.0399697}', NULL);
INSERT INTO public.execution_event VALUES ('01a22e58-c3fb-7809-a071-c321cbe3726a', 2, '2026-11-30 21:24:59.03997+00', 'node.entered', NULL, '{"event":"node.entered","at":1796073899.0399697,"node":"work"}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c3fb-7809-a071-c321cbe3726a', 3, '2026-11-30 21:24:59.03997+00', 'log', 'info', '{"event":"log","at":1796073899.0399697,"message":"Line 0 of Light","node":"work"}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c3fb-7809-a071-c321cbe3726a', 4, '2026-11-30 21:24:59.03997+00', 'log', 'info', '{"event":"log","at":1796073899.0399697,"message":"Line 1 of Light","node":"work"}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c3fb-7809-a071-c321cbe3726a', 5, '2026-11-30 21:24:59.03997+00', 'node.left', NULL, '{"event":"node.left","at":1796073899.0399697,"node":"work","port":"next","seconds":0.001}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c3fb-7809-a071-c321cbe3726a', 6, '2026-11-30 21:24:59.03997+00', 'execution.finished', NULL, '{"event":"execution.finished","at":1796073899.0399697,"state":"COMPLETED","outputs":{"total":3},"seconds":0.001,"nodes":1}', NULL);
INSERT INTO public.execution_event VALUES ('01a22e58-c41c-7187-9c12-cf6ef7caabd2', 1, '2026-11-30 21:24:59.078065+00', 'execution.started', NULL, '{"event":"execution.started","at":1796073899.078065}', NULL);
INSERT INTO public.execution_event VALUES ('01a22e58-c41c-7187-9c12-cf6ef7caabd2', 2, '2026-11-30 21:24:59.078065+00', 'node.entered', NULL, '{"event":"node.entered","at":1796073899.078065,"node":"work"}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c41c-7187-9c12-cf6ef7caabd2', 3, '2026-11-30 21:24:59.078065+00', 'log', 'info', '{"event":"log","at":1796073899.078065,"message":"Line 0 of Calling","node":"work"}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c41c-7187-9c12-cf6ef7caabd2', 4, '2026-11-30 21:24:59.078065+00', 'log', 'info', '{"event":"log","at":1796073899.078065,"message":"Line 1 of Calling","node":"work"}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c41c-7187-9c12-cf6ef7caabd2', 5, '2026-11-30 21:24:59.078065+00', 'node.left', NULL, '{"event":"node.left","at":1796073899.078065,"node":"work","port":"next","seconds":0.001}', 'work');
INSERT INTO public.execution_event VALUES ('01a22e58-c41c-7187-9c12-cf6ef7caabd2', 6, '2026-11-30 21:24:59.078065+00', 'execution.finished', NULL, '{"event":"execution.finished","at":1796073899.078065,"state":"COMPLETED","outputs":{"total":3},"seconds":0.001,"nodes":1}', NULL);
INSERT INTO public.hub_process VALUES ('01a22e58-be50-7648-8464-802270fb699c', '2026-11-30 21:24:57.574229+00');
INSERT INTO public.rate_limit VALUES ('user:attempts', '2026-11-30 21:25:04.034126+00');
INSERT INTO public.requirement OVERRIDING SYSTEM VALUE VALUES (1, 'a65a7d4e9866af8636f4d32368b9877fc0b0852713dcb766b14bab2ff07a76b3', NULL, '{}', '{}', NULL);
INSERT INTO public.requirement OVERRIDING SYSTEM VALUE VALUES (2, '619db680a988e0a877a20114b382c38ae08c4b1612ed3de1016eb3669bbec3d8', NULL, '{waits}', '{}', NULL);
INSERT INTO public.requirement OVERRIDING SYSTEM VALUE VALUES (3, '26c762ea5774e36b640725daae68528d34232438fee17ed521868704bb08ebb6', NULL, '{}', '{general.log}', NULL);
INSERT INTO public.runner VALUES ('01a22e58-c2a3-7ab4-b70c-f870702e421f', 'Old', 'UNATTENDED', '{}', 'FC-CBJTEME3QRTM', '$2b$04$nMTkLg0HHeBk1u2JygHRce.CxGxd8SvTNQtNQcxUHD9RQwFoeqTcC', 1, true, NULL, '01a22e58-be50-7648-8464-802270fb699c', NULL, 'hash of general.log', NULL, '2026-11-30 21:24:59.118012+00', DEFAULT, '0', 'simulated', 'nowhere', '2026-11-30 21:24:58.659888+00', '2026-11-30 21:24:58.659888+00');
INSERT INTO public.runner_catalogue VALUES ('hash of general.log', '[{"id":"general.log","title":"general.log","summary":"general.log","category":"general"}]', '{general.log}', '2026-11-30 21:24:58.804874+00');
INSERT INTO public.runner_heartbeat VALUES ('01a22e58-c2a3-7ab4-b70c-f870702e421f', '2026-11-30 21:24:58.74397+00', 0, 0, 0, 0);
INSERT INTO public.sign_in_attempt VALUES ('user:account:admin@example.org', 0, '2026-11-30 21:24:58.027689+00');
INSERT INTO public.sign_in_attempt VALUES ('user:address:127.0.0.1', 0, '2026-11-30 21:24:58.027689+00');
INSERT INTO public.workflow VALUES ('01a22e58-c096-7ceb-8b60-cf6f545241b5', 'Light', '', '{}', 1, '01a22e58-c09c-7055-b4e2-d2b0f912c57e', '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:58.131594+00', '2026-11-30 21:24:58.161992+00', NULL, DEFAULT);
INSERT INTO public.workflow VALUES ('01a22e58-c1d2-7efe-9665-ca3eb771ee84', 'Logging', '', '{}', 1, '01a22e58-c1d4-704a-9b52-97d4952535e2', '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:58.446795+00', '2026-11-30 21:24:58.467225+00', NULL, DEFAULT);
INSERT INTO public.workflow VALUES ('01a22e58-c209-7594-8357-17c3be31fc6b', 'Calling', '', '{}', 1, '01a22e58-c20a-767a-ad00-6ca114e9b35c', '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:58.491762+00', '2026-11-30 21:24:58.514801+00', NULL, DEFAULT);
INSERT INTO public.workflow_version VALUES ('01a22e58-c09c-7055-b4e2-d2b0f912c57e', '01a22e58-c096-7ceb-8b60-cf6f545241b5', 1, 'published', '{"format":"exekra.flow/1","name":"Light","inputs":{"number":{"type":"number","default":1},"who":{"type":"text","default":"world"}},"variables":{"total":{"type":"number","default":0}},"nodes":{"work":{"do":"set_variable","with":{"variable":"total","value":"{number + 1}"}}},"edges":["start -> work"]}', '4dda5f9c8fed4a80bdcc5ef8d06d3805c23e8ccdaafa4c130c2131011cea7202', '{}', '{}', '', '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:58.131594+00', '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:58.161992+00');
INSERT INTO public.workflow_version VALUES ('01a22e58-c1d4-704a-9b52-97d4952535e2', '01a22e58-c1d2-7efe-9665-ca3eb771ee84', 1, 'published', '{"format":"exekra.flow/1","name":"Logging","nodes":{"say":{"do":"general.log","with":{"message":"Hello"}}},"edges":["start -> say"]}', '4b663966672d5947498bdc1f698c73c56624fb8c9bd3269d3229edbb4ebfc152', '{general.log}', '{}', '', '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:58.446795+00', '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:58.467225+00');
INSERT INTO public.workflow_version VALUES ('01a22e58-c20a-767a-ad00-6ca114e9b35c', '01a22e58-c209-7594-8357-17c3be31fc6b', 1, 'published', '{"format":"exekra.flow/1","name":"Calling","nodes":{"call":{"do":"call_workflow","with":{"workflow":"Light"}}},"edges":["start -> call"]}', '1bf098b415841465018bd86dfdad55e31432233249d631413611092b23446a60', '{}', '{Light}', '', '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:58.491762+00', '01a22e58-c01e-764e-8b04-4c47ac612f22', '2026-11-30 21:24:58.514801+00');
SELECT pg_catalog.setval('public.requirement_id_seq', 3, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.app_user
    ADD CONSTRAINT app_user_email_key UNIQUE (email);
ALTER TABLE ONLY public.app_user
    ADD CONSTRAINT app_user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.debug_command
    ADD CONSTRAINT debug_command_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.execution_event
    ADD CONSTRAINT execution_event_pkey PRIMARY KEY (execution_id, sequence);
ALTER TABLE ONLY public.execution
    ADD CONSTRAINT execution_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.hub_process
    ADD CONSTRAINT hub_process_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.load_sample
    ADD CONSTRAINT load_sample_pkey PRIMARY KEY (at);
ALTER TABLE ONLY public.rate_limit
    ADD CONSTRAINT rate_limit_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.requirement
    ADD CONSTRAINT requirement_key_key UNIQUE (key);
ALTER TABLE ONLY public.requirement
    ADD CONSTRAINT requirement_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.revoked_token
    ADD CONSTRAINT revoked_token_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.runner_absence
    ADD CONSTRAINT runner_absence_pkey PRIMARY KEY (runner_id, began_at);
ALTER TABLE ONLY public.runner_catalogue
    ADD CONSTRAINT runner_catalogue_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY public.runner
    ADD CONSTRAINT runner_execution_id_key UNIQUE (execution_id);
ALTER TABLE ONLY public.runner_heartbeat
    ADD CONSTRAINT runner_heartbeat_pkey PRIMARY KEY (runner_id);
ALTER TABLE ONLY public.runner
    ADD CONSTRAINT runner_machine_key_key UNIQUE (machine_key);
ALTER TABLE ONLY public.runner_metric
    ADD CONSTRAINT runner_metric_pkey PRIMARY KEY (runner_id, at);
ALTER TABLE ONLY public.runner
    ADD CONSTRAINT runner_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sign_in_attempt
    ADD CONSTRAINT sign_in_attempt_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.workflow
    ADD CONSTRAINT workflow_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.workflow_version
    ADD CONSTRAINT workflow_version_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.workflow_version
    ADD CONSTRAINT workflow_version_workflow_id_number_key UNIQUE (workflow_id, number);
CREATE INDEX audit_log_action ON public.audit_log USING btree (action, id DESC);
CREATE INDEX audit_log_actor ON public.audit_log USING btree (actor_id, id DESC);
CREATE INDEX audit_log_resource ON public.audit_log USING btree (resource, resource_id, id DESC);
CREATE INDEX execution_by_runner ON public.execution USING btree (runner_id, state, id) WHERE (runner_id IS NOT NULL);
CREATE INDEX execution_by_source ON public.execution USING btree (source, state, id);
CREATE INDEX execution_by_state ON public.execution USING btree (state, id);
CREATE INDEX execution_by_user ON public.execution USING btree (created_by, state, id) WHERE (created_by IS NOT NULL);
CREATE INDEX execution_by_workflow ON public.execution USING btree (workflow_id, state, id);
CREATE INDEX execution_event_checkpoint ON public.execution_event USING btree (at) WHERE (kind = 'checkpoint'::text);
CREATE INDEX execution_event_seldom ON public.execution_event USING btree (execution_id, kind, sequence) WHERE (kind = ANY (ARRAY['checkpoint'::text, 'metric'::text]));
CREATE INDEX execution_event_visit ON public.execution_event USING btree (execution_id, node, sequence) WHERE (kind = ANY (ARRAY['node.entered'::text, 'node.left'::text]));
CREATE INDEX execution_interactive ON public.execution USING btree (state, id) WHERE interactive;
CREATE INDEX execution_key ON public.execution USING btree (lower(unique_key) text_pattern_ops, id) WHERE (unique_key IS NOT NULL);
CREATE INDEX execution_queue ON public.execution USING btree (requirement_id, priority DESC, id) WHERE (state = 'QUEUED'::text);
CREATE INDEX execution_stopping ON public.execution USING btree (stop_requested_at) WHERE ((state = ANY (ARRAY['ASSIGNED'::text, 'RUNNING'::text])) AND (stop_requested_at IS NOT NULL));
CREATE INDEX execution_underway ON public.execution USING btree (runner_id) WHERE (state = ANY (ARRAY['ASSIGNED'::text, 'RUNNING'::text]));
CREATE UNIQUE INDEX execution_unique_key ON public.execution USING btree (workflow_id, unique_key) WHERE ((unique_key IS NOT NULL) AND (state = ANY (ARRAY['QUEUED'::text, 'ASSIGNED'::text, 'RUNNING'::text])));
CREATE INDEX runner_free ON public.runner USING btree (hub_id) WHERE ((execution_id IS NULL) AND (connection_id IS NOT NULL) AND online);
CREATE INDEX runner_metric_at ON public.runner_metric USING brin (at) WITH (pages_per_range='32', autosummarize='on');
CREATE UNIQUE INDEX runner_name ON public.runner USING btree (lower(name));
CREATE INDEX workflow_by_name ON public.workflow USING btree (name, id);
CREATE INDEX workflow_by_update ON public.workflow USING btree (updated_at, id);
CREATE UNIQUE INDEX workflow_name ON public.workflow USING btree (name) WHERE (archived_at IS NULL);
CREATE INDEX workflow_tags ON public.workflow USING gin (tags);
CREATE UNIQUE INDEX workflow_version_published ON public.workflow_version USING btree (workflow_id) WHERE (state = 'published'::text);
CREATE TRIGGER audit_log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change();
ALTER TABLE public.audit_log ENABLE ALWAYS TRIGGER audit_log_append_only;
CREATE TRIGGER execution_first_state BEFORE INSERT ON public.execution FOR EACH ROW WHEN ((new.state <> 'QUEUED'::text)) EXECUTE FUNCTION public.refuse_execution_state();
CREATE TRIGGER execution_next_state BEFORE UPDATE ON public.execution FOR EACH ROW WHEN (((new.state IS DISTINCT FROM old.state) AND (NOT (((old.state = 'QUEUED'::text) AND (new.state = ANY (ARRAY['ASSIGNED'::text, 'FAILED'::text, 'STOPPED'::text]))) OR ((old.state = 'ASSIGNED'::text) AND (new.state = ANY (ARRAY['RUNNING'::text, 'QUEUED'::text, 'FAILED'::text, 'STOPPED'::text]))) OR ((old.state = 'RUNNING'::text) AND (new.state = ANY (ARRAY['COMPLETED'::text, 'FAILED'::text, 'STOPPED'::text]))))))) EXECUTE FUNCTION public.refuse_execution_state();
CREATE TRIGGER runner_absence_noted AFTER UPDATE OF online ON public.runner FOR EACH ROW WHEN ((old.online IS DISTINCT FROM new.online)) EXECUTE FUNCTION public.note_runner_absence();
CREATE TRIGGER workflow_version_immutable BEFORE UPDATE OF workflow_id, number, document, content_hash ON public.workflow_version FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_version_change();
ALTER TABLE ONLY public.execution
    ADD CONSTRAINT execution_version_id_fkey FOREIGN KEY (version_id) REFERENCES public.workflow_version(id);
ALTER TABLE ONLY public.runner_absence
    ADD CONSTRAINT runner_absence_runner_id_fkey FOREIGN KEY (runner_id) REFERENCES public.runner(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.runner_heartbeat
    ADD CONSTRAINT runner_heartbeat_runner_id_fkey FOREIGN KEY (runner_id) REFERENCES public.runner(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.workflow
    ADD CONSTRAINT workflow_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.workflow
    ADD CONSTRAINT workflow_published_version_id_fkey FOREIGN KEY (published_version_id) REFERENCES public.workflow_version(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.workflow_version
    ADD CONSTRAINT workflow_version_created_by_fkey FOREIGN KEY (created_by) REFERENCES public.app_user(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.workflow_version
    ADD CONSTRAINT workflow_version_published_by_fkey FOREIGN KEY (published_by) REFERENCES public.app_user(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.workflow_version
    ADD CONSTRAINT workflow_version_workflow_id_fkey FOREIGN KEY (workflow_id) REFERENCES public.workflow(id) ON DELETE CASCADE;
