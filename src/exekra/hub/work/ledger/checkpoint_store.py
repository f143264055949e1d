"""What an execution left behind from which another one can begin, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from exekra.hub.core.database import Connection, Record


async def beginning(connection: Connection, id: UUID) -> Record | None:
    """What an execution began with."""
    return await connection.fetchrow(
        "SELECT id, workflow_id, version_id, inputs, start_at, node_totals FROM execution WHERE id = $1", id
    )


async def last_checkpoint(connection: Connection, execution_id: UUID) -> Record | None:
    """The last checkpoint, as `body`."""
    return await connection.fetchrow(
        "SELECT body FROM execution_event"
        " WHERE execution_id = $1 AND kind = 'checkpoint' ORDER BY sequence DESC LIMIT 1",
        execution_id,
    )


async def checkpoints_after(connection: Connection, execution_id: UUID, nodes: Sequence[str]) -> list[Record]:
    """The last checkpoints after these nodes, each as `body`, the newest first."""
    return await connection.fetch(
        "SELECT body FROM execution_event"
        " WHERE execution_id = $1 AND kind = 'checkpoint' AND node = ANY($2) ORDER BY sequence DESC LIMIT 20",
        execution_id,
        nodes,
    )


async def last_results(
    connection: Connection, execution_id: UUID, nodes: Sequence[str], *, before_node: str
) -> list[Record]:
    """Of each node the last told visit before the last one of `before_node` began."""
    return await connection.fetch(
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
