"""Removes executions that no longer have to be kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from exekra.hub.core.database import Connection

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


async def last_of(connection: Connection, *, after: UUID, before: UUID, most: int) -> UUID | None:
    """The last of the next executions, oldest first, up to a limit; None if there are none.

    Args:
        connection: A connection.
        after: Only executions with greater ids.
        before: Only executions with smaller ids.
        most: The most to remove.
    """
    last: UUID | None = await connection.fetchval(
        "SELECT id FROM (SELECT id FROM execution WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3) next"
        " ORDER BY id DESC LIMIT 1",
        after,
        before,
        most,
    )
    return last


async def remove(connection: Connection, *, after: UUID, last: UUID, ended_before: datetime) -> int:
    """Remove executions; how many there were. One that has not ended is never removed.

    Args:
        connection: A transaction.
        after: Only executions with greater ids.
        last: Only executions with ids up to this one.
        ended_before: Only executions that ended before that moment.
    """
    # No id leaves PostgreSQL: to decode and send back thousands would hold the Hub up for longer than PostgreSQL.
    done = await connection.execute(
        """
        DELETE FROM execution
        WHERE id > $1 AND id <= $2 AND finished_at < $3 AND state IN ('COMPLETED', 'FAILED', 'STOPPED')
        """,
        after,
        last,
        ended_before,
    )
    return int(done.rpartition(" ")[2])


async def gone(connection: Connection, ids: Sequence[UUID]) -> list[UUID]:
    """Which of these executions are not there any more."""
    rows = await connection.fetch(
        "SELECT asked.id FROM unnest($1::uuid[]) AS asked (id)"
        " WHERE NOT EXISTS (SELECT FROM execution e WHERE e.id = asked.id)",
        ids,
    )
    return [row["id"] for row in rows]


async def ended(connection: Connection, ids: Sequence[UUID], before: datetime) -> set[UUID]:
    """Which of these executions ended before that moment or no longer exist."""
    rows = await connection.fetch(
        "SELECT asked.id FROM unnest($1::uuid[]) AS asked (id) LEFT JOIN execution e ON e.id = asked.id"
        " WHERE e.id IS NULL OR e.finished_at < $2",
        ids,
        before,
    )
    return {row["id"] for row in rows}


async def last_end(connection: Connection, first: UUID | None, end: UUID) -> datetime | None:
    """When the last of the executions with ids from `first` to before `end` ended; None if one has not.

    If there are none, a time long ago.
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
