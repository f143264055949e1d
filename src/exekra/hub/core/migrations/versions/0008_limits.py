"""Requests and attempts to sign in, counted for all Hubs together.

Both tables are UNLOGGED: what they count is worth nothing after a crash, and costs no write-ahead log before.
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables."""
    op.execute("CREATE UNLOGGED TABLE rate_limit (key text PRIMARY KEY, spent_until timestamptz NOT NULL)")
    op.execute(
        "CREATE UNLOGGED TABLE sign_in_attempt"
        " (key text PRIMARY KEY, failures integer NOT NULL, last_at timestamptz NOT NULL)"
    )
