"""What executions told, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from exekra.hub.core.database import Connection, Record

MOST_NODES = 2_000
"""Nodes of one execution that are listed."""


StoredEvent = tuple[UUID, int, datetime, str, str | None, str | None, str]
"""Execution, sequence, moment, kind, level of a log line, node, the event as JSON text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which lines of a log are wanted; what is empty or None leaves none out."""

    levels: Sequence[str] = ()
    text: str | None = None
    node: str | None = None


async def insert(connection: Connection, events: Sequence[StoredEvent]) -> None:
    """Store events that are new; the key (execution, sequence) refuses a second copy."""
    await connection.execute(
        "INSERT INTO execution_event (execution_id, sequence, at, kind, level, node, body)"
        " SELECT c.execution_id, c.sequence, c.at, c.kind, c.level, c.node, c.body::json"
        " FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[])"
        " AS c (execution_id, sequence, at, kind, level, node, body)",
        *zip(*events, strict=True),
    )


async def extent(connection: Connection, id: UUID) -> Record | None:
    """How much an execution told: its state, the sequence of its last event, its nodes' figures."""
    return await connection.fetchrow(
        "SELECT id, state, last_sequence, node_totals, workflow_name, debug IS NOT NULL AS debug"
        " FROM execution WHERE id = $1",
        id,
    )


async def events(connection: Connection, id: UUID, *, after: int, limit: int, kinds: Sequence[str]) -> list[Record]:
    """Stored events of an execution in order; `body` is the event."""
    return await connection.fetch(
        """
        SELECT sequence, at, kind, body FROM execution_event
        WHERE execution_id = $1 AND sequence > $2 AND ($4::text[] = '{}' OR kind = ANY($4))
        ORDER BY sequence LIMIT $3
        """,
        id,
        after,
        limit,
        list(kinds),
    )


async def live_events(connection: Connection, id: UUID, *, after: int, limit: int) -> list[Record]:
    """Events as JSON text, for a stream; that of a checkpoint is left out, for its values may be large."""
    return await connection.fetch(
        """
        SELECT sequence, at, kind, node, CASE WHEN kind <> 'checkpoint' THEN body::text END AS text
        FROM execution_event WHERE execution_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3
        """,
        id,
        after,
        limit,
    )


# PostgreSQL cannot unescape a NUL character; a message that holds one is searched as it is written.
_MESSAGE = r"CASE WHEN strpos(body::text, '\u0000') = 0 THEN body ->> 'message' ELSE body::text END"


async def log_lines(
    connection: Connection, id: UUID, *, first: int, last: int, newest_first: bool, limit: int, wanted: LogFilter
) -> list[Record]:
    """Lines of a log between two sequences, both included."""
    order = "DESC" if newest_first else "ASC"
    return await connection.fetch(
        f"""
        SELECT sequence, at, level, body FROM execution_event
        WHERE execution_id = $1 AND sequence BETWEEN $2 AND $3 AND kind = 'log'
          AND ($5::text[] = '{{}}' OR level = ANY($5)) AND ($6::text IS NULL OR node = $6)
          AND ($7::text IS NULL OR strpos(lower({_MESSAGE}), lower($7)) > 0)
        ORDER BY sequence {order} LIMIT $4
        """,
        id,
        first,
        last,
        limit,
        list(wanted.levels),
        wanted.node,
        wanted.text,
    )


_ENTERED_AND_LEFT = """
LEFT JOIN LATERAL (
    SELECT sequence, at, body FROM execution_event
    WHERE execution_id = $1 AND node = visited.node AND kind = 'node.left' ORDER BY sequence DESC LIMIT 1
) gone ON true
LEFT JOIN LATERAL (
    SELECT sequence, at, body FROM execution_event
    WHERE execution_id = $1 AND node = visited.node AND kind = 'node.entered' ORDER BY sequence DESC LIMIT 1
) come ON true
"""
_VISIT = """
gone.sequence AS left_sequence, gone.at AS left_at, gone.body AS left_body,
come.sequence AS entered_sequence, come.at AS entered_at, come.body AS entered_body
"""


async def last_visits(connection: Connection, id: UUID) -> list[Record]:
    """The last told visit of each node; one step in the index for each node, however often it was visited."""
    return await connection.fetch(
        f"""
        WITH RECURSIVE visited AS (
            (SELECT node FROM execution_event WHERE execution_id = $1 AND kind IN ('node.entered', 'node.left')
             ORDER BY node LIMIT 1)
            UNION ALL
            SELECT (SELECT e.node FROM execution_event e
                    WHERE e.execution_id = $1 AND e.kind IN ('node.entered', 'node.left') AND e.node > visited.node
                    ORDER BY e.node LIMIT 1)
            FROM visited WHERE visited.node IS NOT NULL
        )
        SELECT visited.node, {_VISIT}
        FROM (SELECT node FROM visited WHERE node IS NOT NULL LIMIT {MOST_NODES:d}) visited {_ENTERED_AND_LEFT}
        """,
        id,
    )


async def last_visit(connection: Connection, id: UUID, node: str) -> Record | None:
    """As `last_visits`, of one node."""
    return await connection.fetchrow(
        f"SELECT visited.node, {_VISIT} FROM (SELECT $2::text AS node) visited {_ENTERED_AND_LEFT}", id, node
    )


async def visits(connection: Connection, id: UUID, node: str, *, before: int, limit: int) -> list[Record]:
    """Told visits of a node that have ended, the newest first."""
    return await connection.fetch(
        f"""
        SELECT gone.node, {_VISIT}
        FROM (
            SELECT node, sequence, at, body FROM execution_event
            WHERE execution_id = $1 AND node = $2 AND kind = 'node.left' AND sequence < $3
            ORDER BY sequence DESC LIMIT $4
        ) gone
        LEFT JOIN LATERAL (
            SELECT sequence, at, body FROM execution_event
            WHERE execution_id = $1 AND node = $2 AND kind = 'node.entered' AND sequence < gone.sequence
            ORDER BY sequence DESC LIMIT 1
        ) come ON true
        ORDER BY gone.sequence DESC
        """,
        id,
        node,
        before,
        limit,
    )


async def metrics(connection: Connection, id: UUID, *, most: int) -> list[Record]:
    """What the execution's processes used: at most so many samples, each the peak of those that it stands for."""
    return await connection.fetch(
        """
        SELECT min(at) AS at, max(cpu) AS cpu_percent, max(memory) AS memory_mb
        FROM (
            SELECT at, (body ->> 'cpu_percent')::float8 AS cpu, (body ->> 'memory_mb')::float8 AS memory,
                (row_number() OVER (ORDER BY sequence) - 1) * $2 / greatest(count(*) OVER (), $2) AS place
            FROM execution_event WHERE execution_id = $1 AND kind = 'metric'
        ) sampled
        GROUP BY place ORDER BY place
        """,
        id,
        most,
    )
