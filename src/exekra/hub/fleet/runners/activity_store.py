"""The history of Runners in PostgreSQL: a day of heartbeats, their absences, and their executions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row


class MetricPoint(Row, frozen=True):
    """The heartbeats that one point stands for."""

    at: datetime
    cpu_percent: float
    cpu_peak: float
    memory_percent: float
    memory_used_mb: float
    disk_percent: float


class RunnerExecution(Row, frozen=True):
    """An execution that a Runner was given."""

    id: UUID
    workflow_id: UUID
    workflow_name: str
    state: str
    created_at: datetime
    assigned_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None


async def metrics(
    connection: Connection, id: UUID, *, since: datetime, until: datetime, width: float
) -> list[MetricPoint]:
    """The heartbeats of a Runner, oldest first; those within `width` seconds are combined into one point."""
    rows = await connection.fetch(
        """
        SELECT max(at) AS at, avg(cpu_percent)::real AS cpu_percent, max(cpu_percent) AS cpu_peak,
            avg(memory_percent)::real AS memory_percent, avg(memory_used_mb)::real AS memory_used_mb,
            max(disk_percent) AS disk_percent
        FROM runner_metric WHERE runner_id = $1 AND at >= $2 AND at < $3
        GROUP BY floor(extract(epoch FROM at) / $4::float8) ORDER BY 1
        """,
        id,
        since,
        until,
        width,
    )
    return MetricPoint.all(rows)


async def forget_metrics(connection: Connection, before: datetime, *, most: int) -> int:
    """Remove heartbeats from before that moment, up to a limit; returns how many there were."""
    done: str = await connection.execute(
        "DELETE FROM runner_metric WHERE ctid = ANY(ARRAY("
        "SELECT ctid FROM runner_metric WHERE at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))",
        before,
        most,
    )
    return int(done.rsplit(maxsplit=1)[-1])


async def forget_absences(connection: Connection, before: datetime) -> None:
    """Remove absences that ended before that moment."""
    await connection.execute("DELETE FROM runner_absence WHERE ended_at < $1", before)


async def executions(connection: Connection, id: UUID, *, most: int) -> list[RunnerExecution]:
    """The newest executions that were assigned to a Runner, from the head of their index."""
    rows = await connection.fetch(
        """
        SELECT e.id, e.workflow_id, e.workflow_name, e.state, e.created_at, e.assigned_at, e.started_at, e.finished_at
        FROM (
            SELECT head.id
            FROM unnest(ARRAY['QUEUED', 'ASSIGNED', 'RUNNING', 'COMPLETED', 'FAILED', 'STOPPED']) AS in_state (state)
            CROSS JOIN LATERAL (
                SELECT id FROM reporting_execution WHERE runner_id = $1 AND state = in_state.state
                ORDER BY id DESC LIMIT $2
            ) head
            ORDER BY head.id DESC LIMIT $2
        ) newest
        JOIN reporting_execution e ON e.id = newest.id ORDER BY e.id DESC
        """,
        id,
        most,
    )
    return RunnerExecution.all(rows)


async def activities(connection: Connection, id: UUID) -> Sequence[str] | None:
    """The ids and aliases of what a Runner can do; None if it has never been connected."""
    found: Sequence[str] | None = await connection.fetchval(
        "SELECT c.activities FROM runner r JOIN runner_catalogue c ON c.hash = r.catalogue_hash WHERE r.id = $1", id
    )
    return found
