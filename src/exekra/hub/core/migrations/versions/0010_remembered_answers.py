"""Answers to questions that must not be answered twice, kept until their execution has them."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table."""
    op.execute(
        """
        CREATE TABLE remembered_answer (
            execution_id uuid NOT NULL,
            lease integer NOT NULL,
            question integer NOT NULL,
            runner_id uuid NOT NULL,
            body text,
            PRIMARY KEY (execution_id, lease, question)
        );
        COMMENT ON TABLE remembered_answer IS 'Answers to what executions asked, until they have said that they know';
        """
    )
