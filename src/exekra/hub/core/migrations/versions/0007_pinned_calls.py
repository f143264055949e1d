"""Calls that pin a version: stored as `NAME@NUMBER`, and followed by two functions."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the functions, and mend what is stored. PostgreSQL cannot look into a document with a NUL character."""
    op.execute(
        r"""
        CREATE FUNCTION called_version(key text) RETURNS uuid LANGUAGE sql STABLE AS $$
            SELECT CASE WHEN call.number IS NULL THEN w.published_version_id ELSE (
                SELECT v.id FROM workflow_version v
                WHERE v.workflow_id = w.id AND v.number = call.number AND v.state <> 'draft'
            ) END
            FROM (
                SELECT regexp_replace(key, '@[0-9]*$', '') AS name, substring(key FROM '@([0-9]+)$')::integer AS number
            ) call
            JOIN workflow w ON w.name = call.name AND w.archived_at IS NULL
        $$;
        COMMENT ON FUNCTION called_version IS 'The version that a call with that key gets; null when there is none';

        CREATE FUNCTION called_versions(calls text[]) RETURNS TABLE (key text, version_id uuid)
        LANGUAGE sql STABLE AS $$
            WITH RECURSIVE called AS (
                SELECT own.key, called_version(own.key) AS version_id FROM unnest(calls) AS own (key)
                UNION
                SELECT further.key, called_version(further.key)
                FROM called JOIN workflow_version v ON v.id = called.version_id
                CROSS JOIN unnest(v.calls) AS further (key)
            )
            SELECT called.key, called.version_id FROM called WHERE called.version_id IS NOT NULL
        $$;
        COMMENT ON FUNCTION called_versions IS 'What calls with these keys get, and all that is called by it in turn';
        """
    )
    op.execute(
        r"""
        UPDATE workflow_version SET calls = ARRAY(
            SELECT DISTINCT CASE
                WHEN call.version IS NOT NULL THEN call.workflow || '@' || trunc(call.version)
                WHEN call.workflow ~ '@[0-9]*$' THEN call.workflow || '@'
                ELSE call.workflow
            END COLLATE "C" AS key
            FROM json_each(document -> 'nodes') AS node
            CROSS JOIN LATERAL (
                SELECT node.value #>> '{with,workflow}' AS workflow,
                    json_typeof(node.value #> '{with,version}') AS type,
                    CASE json_typeof(node.value #> '{with,version}')
                        WHEN 'number' THEN (node.value #>> '{with,version}')::numeric
                    END AS version
            ) call
            WHERE node.value ->> 'do' = 'call_workflow'
                AND json_typeof(node.value #> '{with,workflow}') = 'string' AND call.workflow <> ''
                AND (coalesce(call.type, 'null') = 'null'
                    OR call.version = trunc(call.version) AND call.version BETWEEN 1 AND 2147483647)
            ORDER BY key
        )
        WHERE calls <> '{}' AND strpos(document::text, '\u0000') = 0
        """
    )
    op.execute(
        r"""
        UPDATE workflow_version own SET activities = ARRAY(
            SELECT DISTINCT node.value ->> 'do' COLLATE "C" AS activity
            FROM (SELECT own.id UNION SELECT called.version_id FROM called_versions(own.calls) called) needed
            JOIN workflow_version v ON v.id = needed.id
            CROSS JOIN json_each(
                CASE WHEN strpos(v.document::text, '\u0000') = 0 THEN v.document -> 'nodes' END
            ) AS node
            WHERE node.value ->> 'do' NOT IN (
                'if', 'switch', 'for_each', 'while', 'do_while', 'try', 'parallel', 'break', 'continue',
                'call_workflow', 'return', 'fail', 'set_variable', 'add_to_list'
            )
            ORDER BY activity
        )
        WHERE state = 'published' AND calls <> '{}' AND strpos(document::text, '\u0000') = 0
        """
    )
