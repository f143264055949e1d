"""What the pages of the web show at a glance: the past of Runners and of the queue, preferences, and search."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables, the trigger and the columns."""
    op.execute(PAST)
    op.execute(ABSENCE)
    op.execute(SEARCH)
    op.execute("ALTER TABLE app_user ADD COLUMN preferences jsonb NOT NULL DEFAULT '{}'")


PAST = """
CREATE TABLE runner_metric (
    runner_id uuid NOT NULL,
    at timestamptz NOT NULL,
    cpu_percent real NOT NULL,
    memory_percent real NOT NULL,
    memory_used_mb real NOT NULL,
    disk_percent real NOT NULL,
    PRIMARY KEY (runner_id, at)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX runner_metric_at ON runner_metric USING brin (at) WITH (pages_per_range = 32, autosummarize = on);
COMMENT ON TABLE runner_metric IS
    'the heartbeats of a day; no foreign key: its check would lock rows of runner that an assignment wants';

CREATE TABLE load_sample (
    at timestamptz PRIMARY KEY,
    queued integer NOT NULL,
    underway integer NOT NULL,
    runners_online integer NOT NULL,
    runners_busy integer NOT NULL
);
COMMENT ON TABLE load_sample IS 'how much there was to do at each full minute of the last month';
"""

ABSENCE = """
CREATE TABLE runner_absence (
    runner_id uuid NOT NULL REFERENCES runner ON DELETE CASCADE,
    began_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (runner_id, began_at)
);
COMMENT ON TABLE runner_absence IS 'when a Runner was OFFLINE; the end is null while it is';

INSERT INTO runner_absence (runner_id, began_at)
SELECT id, lost_at FROM runner WHERE NOT online AND catalogue_hash IS NOT NULL AND lost_at IS NOT NULL;

CREATE FUNCTION note_runner_absence() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER runner_absence_noted AFTER UPDATE OF online ON runner FOR EACH ROW
    WHEN (OLD.online IS DISTINCT FROM NEW.online) EXECUTE FUNCTION note_runner_absence();
"""

SEARCH = r"""
CREATE FUNCTION folded(original text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT lower(regexp_replace(normalize(original, NFKD), '[\u0300-\u036f]', '', 'g'))
$$;
COMMENT ON FUNCTION folded IS 'a text without its case and its accents, as searches compare it';
ALTER TABLE workflow ADD COLUMN folded_name text NOT NULL GENERATED ALWAYS AS (folded(name)) STORED;
CREATE INDEX execution_key ON execution (lower(unique_key) text_pattern_ops, id) WHERE unique_key IS NOT NULL;
"""
