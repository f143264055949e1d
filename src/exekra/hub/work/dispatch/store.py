"""What assignment and ingestion ask of PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from exekra.hub.core.database import Connection, Record

StoredEvent = tuple[UUID, int, datetime, str, str | None, str | None, str]
"""Execution, sequence, moment, kind, level of a log line, node, the event as JSON text."""


async def assign(connection: Connection, hub_id: UUID, most: int) -> list[Record]:
    """Pair waiting executions with free Runners of that Hub, in one statement: correct however many do so at once."""
    return await connection.fetch("SELECT * FROM assign_executions($1, $2)", hub_id, most)


async def underway(connection: Connection, runner_ids: Sequence[UUID]) -> list[Record]:
    """The executions that these Runners hold, as the Hub knows it."""
    return await connection.fetch(
        "SELECT id, state, lease, last_sequence, runner_id, assigned_at, stop_requested_at FROM execution"
        " WHERE runner_id = ANY($1) AND state IN ('ASSIGNED', 'RUNNING')",
        runner_ids,
    )


async def leases(connection: Connection, execution_ids: Sequence[UUID]) -> list[Record]:
    """Where these executions stand."""
    return await connection.fetch(
        "SELECT id, state, lease, last_sequence, runner_id, stop_requested_at FROM execution WHERE id = ANY($1)",
        execution_ids,
    )


async def rest(connection: Connection, runner_id: UUID, until: datetime) -> None:
    """Assign nothing to that Runner before `until`."""
    await connection.execute("UPDATE runner SET resting_until = $2 WHERE id = $1", runner_id, until)


async def insert_events(connection: Connection, events: Sequence[StoredEvent]) -> None:
    """Store events that are new; the key (execution, sequence) refuses a second copy."""
    await connection.execute(
        "INSERT INTO execution_event (execution_id, sequence, at, kind, level, node, body)"
        " SELECT c.execution_id, c.sequence, c.at, c.kind, c.level, c.node, c.body::json"
        " FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[])"
        " AS c (execution_id, sequence, at, kind, level, node, body)",
        *zip(*events, strict=True),
    )


async def documents_of(connection: Connection, version_id: UUID) -> list[Record]:
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


async def document(connection: Connection, content_hash: str) -> msgspec.Raw | None:
    """The document with that content, as JSON."""
    text: str | None = await connection.fetchval(
        "SELECT document::text FROM workflow_version WHERE content_hash = $1 LIMIT 1", content_hash
    )
    return None if text is None else msgspec.Raw(text.encode())


async def stopping(connection: Connection, *, requested_before: datetime) -> list[Record]:
    """Executions that were to stop before that moment, and have not."""
    return await connection.fetch(
        "SELECT id FROM execution WHERE state IN ('ASSIGNED', 'RUNNING')"
        " AND stop_requested_at IS NOT NULL AND stop_requested_at < $1"
        " ORDER BY stop_requested_at LIMIT 500",
        requested_before,
    )


async def lost(connection: Connection, *, before: datetime) -> list[Record]:
    """Executions that are held by a Runner which has been OFFLINE since before that moment, or is gone."""
    return await connection.fetch(
        """
        SELECT e.id, e.state, e.lease, e.runner_id, e.given_up, e.stop_requested_at, r.name AS runner_name
        FROM execution e LEFT JOIN runner r ON r.id = e.runner_id
        WHERE e.state IN ('ASSIGNED', 'RUNNING')
          AND (r.id IS NULL OR NOT r.online AND r.lost_at < $1)
        ORDER BY e.id LIMIT 500 FOR NO KEY UPDATE OF e SKIP LOCKED
        """,
        before,
    )


async def note_given_up(connection: Connection, ids: Sequence[UUID]) -> None:
    """Count that an assignment was given up."""
    await connection.execute("UPDATE execution SET given_up = given_up + 1 WHERE id = ANY($1)", ids)


async def hopeless(connection: Connection, *, since: datetime) -> list[Record]:
    """Executions that were queued before that moment, while no Runner that fits has been there since."""
    return await connection.fetch(
        """
        WITH RECURSIVE waiting AS (
            (SELECT e.requirement_id FROM execution e WHERE e.state = 'QUEUED' ORDER BY e.requirement_id LIMIT 1)
            UNION ALL
            SELECT (SELECT e.requirement_id FROM execution e
                    WHERE e.state = 'QUEUED' AND e.requirement_id > w.requirement_id
                    ORDER BY e.requirement_id LIMIT 1)
            FROM waiting w WHERE w.requirement_id IS NOT NULL
        )
        SELECT e.id, e.lease, e.requirement_id
        FROM waiting w CROSS JOIN LATERAL (
            SELECT id, lease, requirement_id FROM execution
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


async def notify(connection: Connection, channel: str, payloads: Sequence[str]) -> None:
    """Tell other Hubs; a payload has less than 8,000 bytes."""
    await connection.execute("SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload", channel, payloads)


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


async def note_presence(connection: Connection, hub_id: UUID, at: datetime, *, silent_before: datetime) -> int:
    """This Hub lives; how many others do."""
    await connection.execute(
        "INSERT INTO hub_process (id, seen_at) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET seen_at = $2", hub_id, at
    )
    await connection.execute("DELETE FROM hub_process WHERE seen_at < $1", silent_before)
    count: int = await connection.fetchval("SELECT count(*) FROM hub_process WHERE id <> $1", hub_id)
    return count


async def end_presence(connection: Connection, hub_id: UUID) -> None:
    """This Hub ends."""
    await connection.execute("DELETE FROM hub_process WHERE id = $1", hub_id)


def as_json(value: Any) -> str:
    """JSON text for a `json` column."""
    return msgspec.json.encode(value).decode()
