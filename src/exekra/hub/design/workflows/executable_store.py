"""What carrying out a workflow needs of its versions, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from exekra.hub.core.database import Connection, Record


async def versions_asked_for(
    connection: Connection, asked: Sequence[tuple[UUID | None, str, int | None]]
) -> dict[int, Record]:
    """The versions of workflows that requests name, by the request's place.

    Args:
        connection: Where to look.
        asked: The workflow's id, or None and its name; and the version's number, or None for the published one.
    """
    rows = await connection.fetch(
        """
        SELECT asked.place::integer, w.id AS workflow_id, w.name, w.archived_at,
            v.id AS version_id, v.number, v.state, v.activities
        FROM unnest($1::uuid[], $2::text[], $3::integer[]) WITH ORDINALITY AS asked (id, name, number, place)
        CROSS JOIN LATERAL (
            SELECT * FROM workflow WHERE id = asked.id
            UNION ALL
            SELECT * FROM workflow WHERE asked.id IS NULL AND name = asked.name AND archived_at IS NULL
        ) w
        LEFT JOIN LATERAL (
            SELECT * FROM workflow_version WHERE asked.number IS NULL AND id = w.published_version_id
            UNION ALL
            SELECT * FROM workflow_version WHERE workflow_id = w.id AND number = asked.number
        ) v ON true
        """,
        [id for id, _, _ in asked],
        [name for _, name, _ in asked],
        [number for _, _, number in asked],
    )
    return {row["place"] - 1: row for row in rows}


async def version(connection: Connection, id: UUID) -> Record | None:
    """What an execution needs of a version."""
    return await connection.fetchrow(
        "SELECT id, document, content_hash, activities, calls FROM workflow_version WHERE id = $1", id
    )


async def content_hashes(connection: Connection, version_id: UUID) -> list[Record]:
    """`key`, `content_hash`, `calls` of the version itself under the key "", and of each that it may call."""
    return await connection.fetch(
        """
        SELECT '' AS key, content_hash, calls FROM workflow_version WHERE id = $1
        UNION ALL
        SELECT called.key, v.content_hash, v.calls
        FROM workflow_version own CROSS JOIN called_versions(own.calls) called
        JOIN workflow_version v ON v.id = called.version_id
        WHERE own.id = $1
        """,
        version_id,
    )


async def document_text(connection: Connection, content_hash: str) -> msgspec.Raw | None:
    """The document with that content, as JSON."""
    text: str | None = await connection.fetchval(
        "SELECT document::text FROM workflow_version WHERE content_hash = $1 LIMIT 1", content_hash
    )
    return None if text is None else msgspec.Raw(text.encode())


async def document(connection: Connection, version_id: UUID) -> dict[str, Any]:
    """A version's document."""
    found: dict[str, Any] = await connection.fetchval("SELECT document FROM workflow_version WHERE id = $1", version_id)
    return found
