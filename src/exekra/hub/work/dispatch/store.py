"""What assignment and ingestion ask of PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from exekra.hub.core.database import Connection, Record


async def assign(connection: Connection, hub_id: UUID, most: int) -> list[Record]:
    """Pair waiting executions with free Runners of that Hub, in one statement: correct however many do so at once."""
    return await connection.fetch("SELECT * FROM assign_executions($1, $2)", hub_id, most)


async def leave_command(
    connection: Connection,
    *,
    id: UUID,
    runner_id: UUID,
    execution_id: UUID,
    lease: int,
    commands: str,
    at: datetime,
    old_before: datetime,
) -> None:
    """Leave a debugger's commands (JSON text) for a Runner of another Hub; those that nobody took are dropped."""
    await connection.execute(
        "INSERT INTO debug_command (id, runner_id, execution_id, lease, commands, created_at)"
        " VALUES ($1, $2, $3, $4, $5::text::json, $6)",
        id,
        runner_id,
        execution_id,
        lease,
        commands,
        at,
    )
    await connection.execute("DELETE FROM debug_command WHERE created_at < $1", old_before)


async def take_commands(connection: Connection, runner_ids: Sequence[UUID]) -> list[Record]:
    """Take out what was left for these Runners, in the order of leaving."""
    rows = await connection.fetch(
        "DELETE FROM debug_command WHERE runner_id = ANY($1) RETURNING id, runner_id, execution_id, lease, commands",
        runner_ids,
    )
    return sorted(rows, key=lambda row: row["id"])
