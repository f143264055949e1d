"""Figures over many executions, computed where they are."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from exekra.hub.core.database import Connection, Record


async def by_workflow(
    connection: Connection, *, since: UUID, until: UUID, workflow_id: UUID | None, limit: int
) -> list[Record]:
    """Figures of each workflow over the executions that were created between two bounds of ids; the busiest first."""
    return await connection.fetch(
        """
        SELECT workflow_id, max(workflow_name) AS workflow_name,
            count(*) AS executions,
            count(*) FILTER (WHERE state = 'COMPLETED') AS completed,
            count(*) FILTER (WHERE state = 'FAILED') AS failed,
            count(*) FILTER (WHERE state = 'STOPPED') AS stopped,
            sum(cpu_average::float8 * metric_samples) / nullif(sum(metric_samples), 0) AS cpu_average,
            max(cpu_peak)::float8 AS cpu_peak,
            sum(memory_average::float8 * metric_samples) / nullif(sum(metric_samples), 0) AS memory_average,
            max(memory_peak)::float8 AS memory_peak,
            avg(seconds) FILTER (WHERE state = 'COMPLETED') AS seconds_average,
            percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY seconds)
                FILTER (WHERE state = 'COMPLETED') AS seconds_percentiles,
            avg(extract(epoch FROM assigned_at - created_at))::float8 AS waited_average
        FROM execution
        WHERE id >= $1 AND id < $2 AND ($3::uuid IS NULL OR workflow_id = $3)
        GROUP BY workflow_id ORDER BY executions DESC, workflow_id LIMIT $4
        """,
        since,
        until,
        workflow_id,
        limit,
    )


async def by_period(
    connection: Connection, *, since: UUID, until: UUID, workflow_ids: Sequence[UUID], period: str
) -> list[Record]:
    """How many executions of each workflow ended how, by hour or day of their creation in UTC, the oldest first."""
    return await connection.fetch(
        """
        SELECT workflow_id, date_trunc($4, created_at, 'UTC') AS begins, count(*) AS executions,
            count(*) FILTER (WHERE state = 'COMPLETED') AS completed,
            count(*) FILTER (WHERE state = 'FAILED') AS failed
        FROM execution
        WHERE id >= $1 AND id < $2 AND workflow_id = ANY($3)
        GROUP BY 1, 2 ORDER BY 1, 2
        """,
        since,
        until,
        workflow_ids,
        period,
    )
