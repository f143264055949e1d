"""Calls between workflows in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row


class Caller(Row, frozen=True):
    """A workflow that calls another one; `published` when its published version does."""

    id: UUID
    name: str
    published: bool


async def find_called(
    connection: Connection, name: str, number: int | None, at: datetime | None
) -> tuple[UUID, int] | None:
    """The workflow's id and the number of the version that a call gets now, or got at that moment.

    Args:
        connection: The connection to read with.
        name: The name of the workflow.
        number: The version that the call pins.
        at: The moment; None means now.
    """
    row = await connection.fetchrow(
        """
        SELECT v.workflow_id, v.number
        FROM workflow w JOIN workflow_version v ON v.workflow_id = w.id
        WHERE w.name = $1 AND v.published_at <= coalesce($2, now()) AND (w.archived_at IS NULL OR w.archived_at > $2)
            AND v.number = coalesce($3, v.number)
        ORDER BY v.published_at DESC LIMIT 1
        """,
        name,
        at,
        number,
    )
    return None if row is None else (row["workflow_id"], row["number"])


async def callers(connection: Connection, name: str) -> list[Caller]:
    """The workflows whose published or newest version calls that workflow, by name."""
    rows = await connection.fetch(
        r"""
        SELECT w.id, w.name, bool_or(v.id = w.published_version_id) IS TRUE AS published
        FROM workflow w JOIN workflow_version v ON v.workflow_id = w.id
            AND (v.id = w.published_version_id OR v.number = w.latest_number)
        WHERE w.archived_at IS NULL
            AND EXISTS (SELECT FROM unnest(v.calls) AS key WHERE regexp_replace(key, '@[0-9]*$', '') = $1)
        GROUP BY w.id ORDER BY w.name
        """,
        name,
    )
    return Caller.all(rows)
