"""Events in one partition for each week, divided by what is kept for different times.

The table that was there becomes the first partition as it is: it is read once, to prove that its rows belong there,
and never written. The week that an event belongs to is that of its execution's id, which begins with a time.
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the partitioned table, put the old one into it, and make the weeks that begin soon."""
    op.execute(RENAME)
    op.execute(PARTITIONED)
    op.execute(ATTACH)


RENAME = """
ALTER TABLE execution_event RENAME TO execution_event_first;
ALTER INDEX execution_event_pkey RENAME TO execution_event_first_pkey;
ALTER INDEX execution_event_visit RENAME TO execution_event_first_visit;
ALTER INDEX execution_event_seldom RENAME TO execution_event_first_seldom;
ALTER INDEX execution_event_checkpoint RENAME TO execution_event_first_checkpoint;
"""

PARTITIONED = """
CREATE TABLE execution_event (
    execution_id uuid NOT NULL,
    sequence integer NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    level text,
    body json NOT NULL,
    node text
) PARTITION BY RANGE (execution_id);
COMMENT ON TABLE execution_event IS
    'a partition for each week; each has the key (execution_id, sequence) itself: that of the whole would need kind';
COMMENT ON COLUMN execution_event.body IS 'the event as the Runner sent it';
COMMENT ON COLUMN execution_event.node IS 'the node that the event is about';

CREATE TABLE execution_event_default PARTITION OF execution_event (PRIMARY KEY (execution_id, sequence)) DEFAULT;
COMMENT ON TABLE execution_event_default IS 'events of a week whose partition is missing; moved when it is made';
CREATE INDEX execution_event_default_visit ON execution_event_default (execution_id, node, sequence)
    WHERE kind IN ('node.entered', 'node.left');
CREATE INDEX execution_event_default_seldom ON execution_event_default (execution_id, kind, sequence)
    WHERE kind IN ('checkpoint', 'metric');
CREATE INDEX execution_event_default_checkpoint ON execution_event_default (at) WHERE kind = 'checkpoint';
"""

ATTACH = """
DO $$
DECLARE
    monday date = date_trunc('week', now() AT TIME ZONE 'UTC');
    newest uuid = (SELECT execution_id FROM execution_event_first ORDER BY execution_id DESC LIMIT 1);
    -- An id that lies further ahead came from a clock that was wrong.
    latest uuid = lpad(to_hex((extract(epoch FROM monday + 28) * 1000)::bigint), 12, '0') || repeat('0', 20);
    bound uuid;
    week text;
BEGIN
    IF newest IS NULL THEN
        DROP TABLE execution_event_first;
    ELSE
        monday = monday + 7;
        LOOP
            bound = lpad(to_hex((extract(epoch FROM monday) * 1000)::bigint), 12, '0') || repeat('0', 20);
            EXIT WHEN bound > newest OR bound >= latest;
            monday = monday + 7;
        END LOOP;
        WITH astray AS (DELETE FROM execution_event_first WHERE execution_id >= bound RETURNING *)
        INSERT INTO execution_event_default (execution_id, sequence, at, kind, level, node, body)
        SELECT execution_id, sequence, at, kind, level, node, body FROM astray;
        EXECUTE format(
            'ALTER TABLE execution_event ATTACH PARTITION execution_event_first FOR VALUES FROM (MINVALUE) TO (%L)',
            bound
        );
        COMMENT ON TABLE execution_event_first IS 'all events from before there were partitions';
    END IF;
    FOR ahead IN 0..1 LOOP
        bound = lpad(to_hex((extract(epoch FROM monday) * 1000)::bigint), 12, '0') || repeat('0', 20);
        latest = lpad(to_hex((extract(epoch FROM monday + 7) * 1000)::bigint), 12, '0') || repeat('0', 20);
        CONTINUE WHEN EXISTS (
            SELECT FROM execution_event_default WHERE execution_id >= bound AND execution_id < latest);
        week = 'execution_event_' || to_char(monday, 'YYYYMMDD');
        EXECUTE format(
            'CREATE TABLE %1$s PARTITION OF execution_event FOR VALUES FROM (%2$L) TO (%3$L) PARTITION BY LIST (kind);
             CREATE TABLE %1$s_logs PARTITION OF %1$s (PRIMARY KEY (execution_id, sequence)) FOR VALUES IN (''log'')
                 WITH (autovacuum_vacuum_insert_scale_factor = 0.1);
             CREATE TABLE %1$s_values PARTITION OF %1$s (PRIMARY KEY (execution_id, sequence))
                 FOR VALUES IN (''checkpoint'') WITH (autovacuum_vacuum_insert_scale_factor = 0.1);
             CREATE TABLE %1$s_events PARTITION OF %1$s (PRIMARY KEY (execution_id, sequence)) DEFAULT
                 WITH (autovacuum_vacuum_insert_scale_factor = 0.1);
             CREATE INDEX %1$s_visit ON %1$s_events (execution_id, node, sequence)
                 WHERE kind IN (''node.entered'', ''node.left'');
             CREATE INDEX %1$s_metric ON %1$s_events (execution_id, sequence) WHERE kind = ''metric''',
            week, bound, latest
        );
        monday = monday + 7;
    END LOOP;
END $$;
"""
