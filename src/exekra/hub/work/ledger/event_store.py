"""What executions reported, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row
from exekra.hub.work.ledger.node_totals import StoredTotals
from exekra.hub.work.ledger.states import State

MOST_NODES = 2_000
"""The most nodes of one execution that are listed."""


StoredEvent = tuple[UUID, int, datetime, str, str | None, str | None, str]
"""Execution, sequence, time, kind, level of a log line, node, and the event as JSON text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which lines of a log to select; conditions that are empty or None are left out."""

    levels: Sequence[str] = ()
    text: str | None = None
    node: str | None = None


class Extent(Row, frozen=True):
    """How much an execution reported."""

    state: State
    last_sequence: int
    node_totals: StoredTotals | None
    debug: bool


class Event(Row, frozen=True):
    """A stored event."""

    sequence: int
    at: datetime
    kind: str
    event: dict[str, Any]


class LiveEvent(Row, frozen=True):
    """A stored event as JSON text; `text` is None where it is left out."""

    sequence: int
    at: datetime
    kind: str
    node: str | None
    text: str | None


class LogLine(Row, frozen=True):
    """A line of a log; `body` is its event."""

    sequence: int
    at: datetime
    level: str
    body: dict[str, Any]


class VisitEvents(Row, frozen=True):
    """The events of the token leaving a node and last entering it."""

    node: str
    left_sequence: int | None
    left_at: datetime | None
    left_body: dict[str, Any] | None
    entered_sequence: int | None
    entered_at: datetime | None
    entered_body: dict[str, Any] | None


class MetricSample(Row, frozen=True):
    """What the processes of an execution used."""

    at: datetime
    cpu_percent: float
    memory_mb: float


async def insert(connection: Connection, events: Sequence[StoredEvent]) -> None:
    """Store events that are new; the key (execution, sequence) refuses a second copy."""
    await connection.execute(
        "INSERT INTO execution_event (execution_id, sequence, at, kind, level, node, body)"
        " SELECT c.execution_id, c.sequence, c.at, c.kind, c.level, c.node, c.body::json"
        " FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[])"
        " AS c (execution_id, sequence, at, kind, level, node, body)",
        *zip(*events, strict=True),
    )


async def extent(connection: Connection, id: UUID) -> Extent | None:
    """How much an execution reported."""
    row = await connection.fetchrow(
        "SELECT state, last_sequence, node_totals, debug IS NOT NULL AS debug FROM execution WHERE id = $1",
        id,
    )
    return Extent.one(row)


async def events(connection: Connection, id: UUID, *, after: int, limit: int, kinds: Sequence[str]) -> list[Event]:
    """Stored events of an execution in order."""
    rows = await connection.fetch(
        """
        SELECT sequence, at, kind, body AS event FROM execution_event
        WHERE execution_id = $1 AND sequence > $2 AND ($4::text[] = '{}' OR kind = ANY($4))
        ORDER BY sequence LIMIT $3
        """,
        id,
        after,
        limit,
        list(kinds),
    )
    return Event.all(rows)


async def live_events(connection: Connection, id: UUID, *, after: int, limit: int) -> list[LiveEvent]:
    """Events as JSON text, for a stream; that of a checkpoint is left out, because its values may be large."""
    rows = await connection.fetch(
        """
        SELECT sequence, at, kind, node, CASE WHEN kind <> 'checkpoint' THEN body::text END AS text
        FROM execution_event WHERE execution_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3
        """,
        id,
        after,
        limit,
    )
    return LiveEvent.all(rows)


# PostgreSQL cannot unescape a NUL character; a message that contains one is searched in its escaped form.
_MESSAGE = r"CASE WHEN strpos(body::text, '\u0000') = 0 THEN body ->> 'message' ELSE body::text END"


async def log_lines(
    connection: Connection, id: UUID, *, first: int, last: int, newest_first: bool, limit: int, wanted: LogFilter
) -> list[LogLine]:
    """Lines of a log between two sequences, both included."""
    order = "DESC" if newest_first else "ASC"
    rows = await connection.fetch(
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
    return LogLine.all(rows)


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


async def last_visits(connection: Connection, id: UUID) -> list[VisitEvents]:
    """The last reported visit of each node; one step in the index for each node, however often it was visited."""
    rows = await connection.fetch(
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
    return VisitEvents.all(rows)


async def last_visit(connection: Connection, id: UUID, node: str) -> VisitEvents | None:
    """As `last_visits`, for one node."""
    row = await connection.fetchrow(
        f"SELECT visited.node, {_VISIT} FROM (SELECT $2::text AS node) visited {_ENTERED_AND_LEFT}", id, node
    )
    return VisitEvents.one(row)


async def visits(connection: Connection, id: UUID, node: str, *, before: int, limit: int) -> list[VisitEvents]:
    """The reported visits of a node that have ended, newest first."""
    rows = await connection.fetch(
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
    return VisitEvents.all(rows)


async def metrics(connection: Connection, id: UUID, *, most: int) -> list[MetricSample]:
    """What the execution's processes used: at most that many samples, each the peak of those that it represents."""
    rows = await connection.fetch(
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
    return MetricSample.all(rows)
