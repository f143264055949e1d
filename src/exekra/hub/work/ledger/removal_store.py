"""Executions that are removed because their time is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from exekra.hub.core.database import Connection

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


async def remove(connection: Connection, *, after: UUID, before: UUID, ended_before: datetime, most: int) -> list[UUID]:
    """Remove up to so many executions, the oldest first; their ids. One that has not ended is never removed.

    Args:
        connection: A transaction.
        after: Only executions with greater ids: what came before was looked at already.
        before: Only executions with lesser ids.
        ended_before: Only executions that ended before that moment.
        most: How many.
    """
    rows = await connection.fetch(
        """
        WITH old AS (
            SELECT id FROM execution
            WHERE id > $1 AND id < $2 AND finished_at < $3 AND state IN ('COMPLETED', 'FAILED', 'STOPPED')
            ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED
        )
        DELETE FROM execution e USING old WHERE e.id = old.id RETURNING e.id
        """,
        after,
        before,
        ended_before,
        most,
    )
    return sorted(row["id"] for row in rows)


async def ended(connection: Connection, ids: Sequence[UUID], before: datetime) -> set[UUID]:
    """Which of these executions ended before that moment, or are not there any more."""
    rows = await connection.fetch(
        "SELECT asked.id FROM unnest($1::uuid[]) AS asked (id) LEFT JOIN execution e ON e.id = asked.id"
        " WHERE e.id IS NULL OR e.finished_at < $2",
        ids,
        before,
    )
    return {row["id"] for row in rows}


async def last_end(connection: Connection, first: UUID | None, end: UUID) -> datetime | None:
    """When the last of the executions ended whose ids are from `first` to before `end`; None when one has not.

    Where there are none, that is long ago.
    """
    first = first or UUID(int=0)
    underway = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM execution"
        " WHERE state IN ('QUEUED', 'ASSIGNED', 'RUNNING') AND id >= $1 AND id < $2)",
        first,
        end,
    )
    if underway:
        return None
    ended: datetime | None = await connection.fetchval(
        "SELECT max(finished_at) FROM execution WHERE id >= $1 AND id < $2", first, end
    )
    return ended or LONG_AGO


async def oldest(connection: Connection) -> datetime | None:
    """When the oldest execution was created."""
    at: datetime | None = await connection.fetchval("SELECT created_at FROM execution ORDER BY id LIMIT 1")
    return at


async def used(connection: Connection) -> tuple[int, int]:
    """How many executions there are, as last estimated, and the bytes that they take with their indexes."""
    row = await connection.fetchrow(
        "SELECT greatest(reltuples, 0)::bigint AS rows, pg_total_relation_size(oid) AS bytes"
        " FROM pg_class WHERE oid = 'execution'::regclass"
    )
    assert row is not None, "the table is there"
    return row["rows"], row["bytes"]
