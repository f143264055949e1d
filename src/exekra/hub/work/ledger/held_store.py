"""The executions that Runners hold, and those that are stuck, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.work.ledger.rows import HELD_COLUMNS, HeldExecution


async def underway(connection: Connection, runner_ids: Sequence[UUID]) -> list[HeldExecution]:
    """The executions that these Runners hold, according to the Hub."""
    return HeldExecution.all(
        await connection.fetch(
            f"SELECT {HELD_COLUMNS} FROM execution e"
            " WHERE e.runner_id = ANY($1) AND e.state IN ('ASSIGNED', 'RUNNING')",
            runner_ids,
        )
    )


async def find(connection: Connection, execution_ids: Sequence[UUID]) -> list[HeldExecution]:
    """The state of these executions."""
    return HeldExecution.all(
        await connection.fetch(f"SELECT {HELD_COLUMNS} FROM execution e WHERE e.id = ANY($1)", execution_ids)
    )


async def stopping(connection: Connection, *, requested_before: datetime) -> list[UUID]:
    """Executions that should have stopped before that moment, and have not."""
    rows = await connection.fetch(
        "SELECT id FROM execution WHERE state IN ('ASSIGNED', 'RUNNING')"
        " AND stop_requested_at IS NOT NULL AND stop_requested_at < $1"
        " ORDER BY stop_requested_at LIMIT 500",
        requested_before,
    )
    return [row["id"] for row in rows]


async def lost(connection: Connection, *, before: datetime) -> list[HeldExecution]:
    """Executions that are held by a Runner which has been OFFLINE since before that moment, or was removed."""
    return HeldExecution.all(
        await connection.fetch(
            f"""
            SELECT {HELD_COLUMNS}, r.name AS runner_name
            FROM execution e LEFT JOIN runner r ON r.id = e.runner_id
            WHERE e.state IN ('ASSIGNED', 'RUNNING')
              AND (r.id IS NULL OR NOT r.online AND r.lost_at < $1)
            ORDER BY e.id LIMIT 500 FOR NO KEY UPDATE OF e SKIP LOCKED
            """,
            before,
        )
    )


async def unbegun(connection: Connection, runner_ids: Sequence[UUID], *, seconds: float) -> list[HeldExecution]:
    """Executions that were assigned to these Runners that long ago and have not started; a stop has its own limit.
    While a Runner fetches files, it is about to begin.

    PostgreSQL's clock set the time of assignment, so the same clock is used to compute how long ago that was.
    """
    records = await connection.fetch(
        f"""
        SELECT {HELD_COLUMNS}, r.name AS runner_name
        FROM execution e JOIN runner r ON r.id = e.runner_id
        WHERE e.runner_id = ANY($1) AND e.state = 'ASSIGNED' AND e.stop_requested_at IS NULL
          AND greatest(e.assigned_at, e.fetching_at) < clock_timestamp() - make_interval(secs => $2)
        ORDER BY e.id LIMIT 500 FOR NO KEY UPDATE OF e SKIP LOCKED
        """,
        runner_ids,
        seconds,
    )
    return HeldExecution.all(records)


async def note_given_up(connection: Connection, ids: Sequence[UUID]) -> None:
    """Count a revoked assignment."""
    await connection.execute("UPDATE execution SET given_up = given_up + 1 WHERE id = ANY($1)", ids)


async def hopeless(connection: Connection, *, since: datetime) -> list[HeldExecution]:
    """Executions that were queued before that moment, and for which no suitable Runner has been available since."""
    records = await connection.fetch(
        f"""
        WITH RECURSIVE waiting AS (
            (SELECT e.requirement_id FROM execution e WHERE e.state = 'QUEUED' ORDER BY e.requirement_id LIMIT 1)
            UNION ALL
            SELECT (SELECT e.requirement_id FROM execution e
                    WHERE e.state = 'QUEUED' AND e.requirement_id > w.requirement_id
                    ORDER BY e.requirement_id LIMIT 1)
            FROM waiting w WHERE w.requirement_id IS NOT NULL
        )
        SELECT {HELD_COLUMNS}
        FROM waiting w CROSS JOIN LATERAL (
            SELECT * FROM execution
            WHERE requirement_id = w.requirement_id AND state = 'QUEUED' AND queued_at < $1
            LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED
        ) e
        WHERE NOT EXISTS (
            SELECT FROM fitting f JOIN runner r ON r.id = f.runner_id
            WHERE f.requirement_id = w.requirement_id AND f.fits AND (r.online OR r.lost_at > $1)
        )
        LIMIT 500
        """,
        since,
    )
    return HeldExecution.all(records)
