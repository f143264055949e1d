"""The dashboard's figures, read from the heads and the ranges of indexes: their cost hardly grows with the history.

Executions are counted by their ids, which sort by the time of creation: exactly as the list of executions filters.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.insight.dashboard.rows import (
    Durations,
    ExecutionUnderway,
    LatestFailure,
    Load,
    NewestExecution,
    PeriodCount,
    RegisteredRunner,
    WaitingExecutions,
    WorkflowPeriodCount,
)

_WAITING = """
WITH RECURSIVE waiting AS (
    (SELECT e.requirement_id FROM reporting_execution e WHERE e.state = 'QUEUED' ORDER BY e.requirement_id LIMIT 1)
    UNION ALL
    SELECT (SELECT e.requirement_id FROM reporting_execution e
            WHERE e.state = 'QUEUED' AND e.requirement_id > w.requirement_id ORDER BY e.requirement_id LIMIT 1)
    FROM waiting w WHERE w.requirement_id IS NOT NULL
)
"""


async def counts(
    connection: Connection, lows: Sequence[UUID], highs: Sequence[UUID], states: Sequence[str]
) -> list[PeriodCount]:
    """`place` (from 0), `state`, `count` of the executions between each two bounds of ids; nothing for a count of 0."""
    rows = await connection.fetch(
        """
        SELECT period.place::integer - 1 AS place, in_state.state, counted.count
        FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS period (low, high, place)
        CROSS JOIN unnest($3::text[]) AS in_state (state)
        CROSS JOIN LATERAL (
            SELECT count(*) FROM reporting_production e
            WHERE e.state = in_state.state AND e.id >= period.low AND e.id < period.high
        ) counted
        WHERE counted.count > 0
        """,
        lows,
        highs,
        states,
    )
    return PeriodCount.all(rows)


async def counts_by_workflow(
    connection: Connection,
    lows: Sequence[UUID],
    highs: Sequence[UUID],
    states: Sequence[str],
    workflow_ids: Sequence[UUID] | None,
) -> list[WorkflowPeriodCount]:
    """`workflow_id`, `place`, `state`, `count` as `counts` gives them, of each workflow or of those only."""
    rows = await connection.fetch(
        """
        SELECT w.id AS workflow_id, period.place::integer - 1 AS place, in_state.state, counted.count
        FROM reporting_workflow w CROSS JOIN unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS period (low, high, place)
        CROSS JOIN unnest($3::text[]) AS in_state (state)
        CROSS JOIN LATERAL (
            SELECT count(*) FROM reporting_production e
            WHERE e.workflow_id = w.id AND e.state = in_state.state AND e.id >= period.low AND e.id < period.high
        ) counted
        WHERE counted.count > 0 AND ($4::uuid[] IS NULL OR w.id = ANY($4))
        """,
        lows,
        highs,
        states,
        workflow_ids,
    )
    return WorkflowPeriodCount.all(rows)


async def durations(
    connection: Connection, low: UUID, high: UUID, workflow_ids: Sequence[UUID], *, most: int
) -> list[Durations]:
    """`workflow_id` and `seconds` (p50, p95, p99) of the newest completed executions of each, up to `most`."""
    rows = await connection.fetch(
        """
        SELECT w.id AS workflow_id,
            percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY e.seconds) AS seconds
        FROM unnest($3::uuid[]) AS w (id)
        CROSS JOIN LATERAL (
            SELECT seconds FROM reporting_production
            WHERE workflow_id = w.id AND state = 'COMPLETED' AND id >= $1 AND id < $2 ORDER BY id DESC LIMIT $4
        ) e
        GROUP BY w.id
        """,
        low,
        high,
        workflow_ids,
        most,
    )
    return Durations.all(rows)


async def latest(connection: Connection, workflow_ids: Sequence[UUID], states: Sequence[str]) -> list[NewestExecution]:
    """The newest execution of each workflow that is in one of those states, and the workflow's name."""
    rows = await connection.fetch(
        """
        SELECT w.id AS workflow_id, w.name, e.id, e.state, e.created_at, e.finished_at
        FROM reporting_workflow w
        CROSS JOIN LATERAL (
            SELECT head.id FROM unnest($2::text[]) AS in_state (state)
            CROSS JOIN LATERAL (
                SELECT id FROM reporting_production WHERE workflow_id = w.id AND state = in_state.state
                ORDER BY id DESC LIMIT 1
            ) head
            ORDER BY head.id DESC LIMIT 1
        ) newest
        JOIN reporting_production e ON e.id = newest.id
        WHERE w.id = ANY($1)
        """,
        workflow_ids,
        states,
    )
    return NewestExecution.all(rows)


async def latest_failures(
    connection: Connection, low: UUID, high: UUID, workflow_ids: Sequence[UUID]
) -> list[LatestFailure]:
    """The newest failed execution of each workflow in the period, and whether one was completed since."""
    rows = await connection.fetch(
        """
        SELECT w.id AS workflow_id, w.name, e.id, e.finished_at, e.failure,
            EXISTS (
                SELECT FROM reporting_production c
                WHERE c.workflow_id = w.id AND c.state = 'COMPLETED' AND c.id > e.id
            ) AS recovered
        FROM reporting_workflow w
        CROSS JOIN LATERAL (
            SELECT * FROM reporting_production
            WHERE workflow_id = w.id AND state = 'FAILED' AND id >= $1 AND id < $2 ORDER BY id DESC LIMIT 1
        ) e
        WHERE w.id = ANY($3) ORDER BY e.id DESC
        """,
        low,
        high,
        workflow_ids,
    )
    return LatestFailure.all(rows)


async def queue(connection: Connection) -> list[WaitingExecutions]:
    """What waits: `requirement_id`, `priority`, `count`, and the `id` and `queued_at` of the one that goes first."""
    rows = await connection.fetch(
        f"""
        {_WAITING}
        SELECT w.requirement_id, depth.priority, depth.count, head.id, head.queued_at
        FROM waiting w
        CROSS JOIN LATERAL (
            SELECT priority, count(*) FROM reporting_execution
            WHERE state = 'QUEUED' AND requirement_id = w.requirement_id GROUP BY priority
        ) depth
        CROSS JOIN LATERAL (
            SELECT id, queued_at FROM reporting_execution
            WHERE state = 'QUEUED' AND requirement_id = w.requirement_id AND priority = depth.priority
            ORDER BY id LIMIT 1
        ) head
        ORDER BY depth.count DESC
        """
    )
    return WaitingExecutions.all(rows)


async def underway(connection: Connection) -> list[ExecutionUnderway]:
    """All executions that Runners hold, with the state of their Runner."""
    rows = await connection.fetch(
        """
        SELECT e.id, e.workflow_id, e.workflow_name, e.state, e.source, e.assigned_at, e.started_at,
            e.stop_requested_at, r.id AS runner_id, r.name AS runner_name, r.online
        FROM reporting_execution e LEFT JOIN reporting_runner r ON r.id = e.runner_id
        WHERE e.state IN ('ASSIGNED', 'RUNNING') ORDER BY e.id LIMIT 5000
        """
    )
    return ExecutionUnderway.all(rows)


async def runners(connection: Connection) -> list[RegisteredRunner]:
    """All Runners with their state; `known` is whether it was ever connected."""
    rows = await connection.fetch("SELECT id, name, state, lost_at, known FROM reporting_runner ORDER BY name")
    return RegisteredRunner.all(rows)


async def add_sample(connection: Connection, at: datetime) -> None:
    """Note how much there is to do at that full minute; another Hub may have done so already."""
    await connection.execute(
        """
        INSERT INTO load_sample (at, queued, underway, runners_online, runners_busy)
        SELECT $1, (SELECT count(*) FROM reporting_execution WHERE state = 'QUEUED'),
            (SELECT count(*) FROM reporting_execution WHERE state IN ('ASSIGNED', 'RUNNING')),
            count(*) FILTER (WHERE online), count(*) FILTER (WHERE online AND execution_id IS NOT NULL)
        FROM reporting_runner
        ON CONFLICT DO NOTHING
        """,
        at,
    )


async def samples(connection: Connection, begins: Sequence[datetime], until: datetime) -> list[Load]:
    """The most that there was to do in each bucket, by its `place` (from 0); nothing where nothing was noted."""
    rows = await connection.fetch(
        """
        SELECT width_bucket(at, $1::timestamptz[]) - 1 AS place, max(queued) AS queued, max(underway) AS underway,
            max(runners_online) AS runners_online, max(runners_busy) AS runners_busy
        FROM load_sample WHERE at >= $2 AND at < $3 GROUP BY 1 ORDER BY 1
        """,
        begins,
        begins[0],
        until,
    )
    return Load.all(rows)


async def forget_samples(connection: Connection, before: datetime) -> None:
    """Remove what is too old to be shown."""
    await connection.execute("DELETE FROM load_sample WHERE at < $1", before)
