"""The stored values from which another execution can start, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row
from exekra.hub.work.ledger.node_totals import StoredTotals


class BegunExecution(Row, frozen=True):
    """What an execution began with."""

    id: UUID
    workflow_id: UUID
    version_id: UUID
    inputs: dict[str, Any]
    start_at: dict[str, Any] | None
    node_totals: StoredTotals | None


class Checkpoint(Row, frozen=True):
    """A checkpoint; `body` is its event."""

    body: dict[str, Any]


class LastResult(Row, frozen=True):
    """The last reported visit of a node; `body` is the event of leaving it."""

    node: str
    sequence: int
    body: dict[str, Any]


async def beginning(connection: Connection, id: UUID) -> BegunExecution | None:
    """What an execution started with."""
    row = await connection.fetchrow(
        "SELECT id, workflow_id, version_id, inputs, start_at, node_totals FROM execution WHERE id = $1", id
    )
    return BegunExecution.one(row)


async def last_checkpoint(connection: Connection, execution_id: UUID) -> Checkpoint | None:
    """The last checkpoint."""
    row = await connection.fetchrow(
        "SELECT body FROM execution_event"
        " WHERE execution_id = $1 AND kind = 'checkpoint' ORDER BY sequence DESC LIMIT 1",
        execution_id,
    )
    return Checkpoint.one(row)


async def checkpoints_after(connection: Connection, execution_id: UUID, nodes: Sequence[str]) -> list[Checkpoint]:
    """The last checkpoints after these nodes, the newest first."""
    rows = await connection.fetch(
        "SELECT body FROM execution_event"
        " WHERE execution_id = $1 AND kind = 'checkpoint' AND node = ANY($2) ORDER BY sequence DESC LIMIT 20",
        execution_id,
        nodes,
    )
    return Checkpoint.all(rows)


async def last_results(
    connection: Connection, execution_id: UUID, nodes: Sequence[str], *, before_node: str
) -> list[LastResult]:
    """The last reported visit of each node before the last one of `before_node` began."""
    rows = await connection.fetch(
        """
        SELECT wanted.node, last.sequence, last.body FROM unnest($2::text[]) AS wanted (node)
        CROSS JOIN LATERAL (
            SELECT sequence, body FROM execution_event
            WHERE execution_id = $1 AND node = wanted.node AND kind = 'node.left' AND sequence < coalesce((
                SELECT max(sequence) FROM execution_event
                WHERE execution_id = $1 AND node = $3 AND kind = 'node.entered'
            ), 2147483647)
            ORDER BY sequence DESC LIMIT 1
        ) last
        """,
        execution_id,
        nodes,
        before_node,
    )
    return LastResult.all(rows)
