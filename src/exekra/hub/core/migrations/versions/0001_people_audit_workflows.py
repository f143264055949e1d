"""People, the audit log, workflows and their versions."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.execute(
        """
        CREATE TABLE app_user (
            id uuid PRIMARY KEY,
            email text NOT NULL UNIQUE,
            name text NOT NULL,
            role text NOT NULL DEFAULT 'OPERATOR' CHECK (role IN ('OPERATOR', 'DEVELOPER', 'ADMIN')),
            password_hash text NOT NULL,
            active boolean NOT NULL DEFAULT true,
            token_version integer NOT NULL DEFAULT 1,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now(),
            signed_in_at timestamptz
        );
        COMMENT ON COLUMN app_user.token_version IS 'raised to make all tokens of the user invalid';

        CREATE TABLE revoked_token (
            id uuid PRIMARY KEY,
            expires_at timestamptz NOT NULL
        );
        COMMENT ON TABLE revoked_token IS 'tokens that were signed out before they expired';

        CREATE TABLE audit_log (
            id uuid PRIMARY KEY,
            at timestamptz NOT NULL DEFAULT now(),
            actor_kind text NOT NULL,
            actor_id uuid,
            actor_name text NOT NULL,
            ip text,
            action text NOT NULL,
            resource text NOT NULL,
            resource_id text,
            details jsonb
        );
        CREATE INDEX audit_log_actor ON audit_log (actor_id, id DESC);
        CREATE INDEX audit_log_action ON audit_log (action, id DESC);
        CREATE INDEX audit_log_resource ON audit_log (resource, resource_id, id DESC);

        CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'audit_log is append-only: % is refused', TG_OP USING ERRCODE = '42501';
        END $$;
        CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
        ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_append_only;
        REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM CURRENT_USER;

        CREATE TABLE workflow (
            id uuid PRIMARY KEY,
            name text NOT NULL,
            description text NOT NULL DEFAULT '',
            tags text[] NOT NULL DEFAULT '{}',
            latest_number integer NOT NULL DEFAULT 0,
            published_version_id uuid,
            created_by uuid REFERENCES app_user ON DELETE SET NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now(),
            archived_at timestamptz
        );
        CREATE UNIQUE INDEX workflow_name ON workflow (name) WHERE archived_at IS NULL;
        CREATE INDEX workflow_by_name ON workflow (name, id);
        CREATE INDEX workflow_by_update ON workflow (updated_at, id);
        CREATE INDEX workflow_tags ON workflow USING gin (tags);

        CREATE TABLE workflow_version (
            id uuid PRIMARY KEY,
            workflow_id uuid NOT NULL REFERENCES workflow ON DELETE CASCADE,
            number integer NOT NULL,
            state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'superseded')),
            document json NOT NULL,
            content_hash text NOT NULL,
            activities text[] NOT NULL,
            calls text[] NOT NULL,
            note text NOT NULL DEFAULT '',
            created_by uuid REFERENCES app_user ON DELETE SET NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            published_by uuid REFERENCES app_user ON DELETE SET NULL,
            published_at timestamptz,
            UNIQUE (workflow_id, number)
        );
        COMMENT ON COLUMN workflow_version.document IS 'json, not jsonb: the order of the nodes is kept';
        CREATE UNIQUE INDEX workflow_version_published ON workflow_version (workflow_id) WHERE state = 'published';
        ALTER TABLE workflow ADD FOREIGN KEY (published_version_id)
            REFERENCES workflow_version ON DELETE SET NULL;

        CREATE FUNCTION refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'a version of a workflow never changes: save a new one' USING ERRCODE = '42501';
        END $$;
        CREATE TRIGGER workflow_version_immutable
            BEFORE UPDATE OF workflow_id, number, document, content_hash ON workflow_version
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_version_change();
        """
    )
