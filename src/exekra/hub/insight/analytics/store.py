"""Figures over many executions, computed in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row


class WorkflowFigures(Row, frozen=True):
    """Figures of a workflow; `seconds_percentiles` are p50, p95 and p99. All are None where nothing was measured."""

    workflow_id: UUID
    workflow_name: str
    executions: int
    completed: int
    failed: int
    stopped: int
    cpu_average: float | None
    cpu_peak: float | None
    memory_average: float | None
    memory_peak: float | None
    seconds_average: float | None
    seconds_percentiles: list[float] | None
    waited_average: float | None


class PeriodFigures(Row, frozen=True):
    """How many executions of a workflow were made in an hour or day, and how they ended."""

    workflow_id: UUID
    begins: datetime
    executions: int
    completed: int
    failed: int


class HeldStretch(Row, frozen=True):
    """A Runner held one execution or several shortly after one another; `told_since` as `held` says."""

    runner_id: UUID
    told_since: datetime | None
    execution_id: str
    workflow_name: str
    state: str
    begins: datetime
    ends: datetime
    executions: int
    busy_seconds: float


class Absence(Row, frozen=True):
    """A Runner was OFFLINE; `ended_at` is None while it is."""

    runner_id: UUID
    began_at: datetime
    ended_at: datetime | None


class PeriodDurations(Row, frozen=True):
    """How long completed executions of a period took (p50, p95), by the period's `place` from 0."""

    place: int
    seconds: list[float]


class NodeFigures(Row, frozen=True):
    """What a node took; `whole` is what all `measured` executions took."""

    node: str
    count: int
    seconds: float
    failures: int
    whole: float | None
    measured: int


class FailureReason(Row, frozen=True):
    """Why executions failed; message, execution and moment are those of the latest."""

    type: str | None
    node: str | None
    count: int
    message: str | None
    execution_id: UUID
    latest_at: datetime | None


async def by_workflow(
    connection: Connection, *, since: UUID, until: UUID, workflow_id: UUID | None, limit: int
) -> list[WorkflowFigures]:
    """Figures of each workflow over the executions that were created between two bounds of ids; the busiest first."""
    rows = await connection.fetch(
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
        FROM reporting_production
        WHERE id >= $1 AND id < $2 AND ($3::uuid IS NULL OR workflow_id = $3)
        GROUP BY workflow_id ORDER BY executions DESC, workflow_id LIMIT $4
        """,
        since,
        until,
        workflow_id,
        limit,
    )
    return WorkflowFigures.all(rows)


async def by_period(
    connection: Connection, *, since: UUID, until: UUID, workflow_ids: Sequence[UUID], period: str
) -> list[PeriodFigures]:
    """How many executions of each workflow ended how, by hour or day of their creation in UTC, the oldest first."""
    rows = await connection.fetch(
        """
        SELECT workflow_id, date_trunc($4, created_at, 'UTC') AS begins, count(*) AS executions,
            count(*) FILTER (WHERE state = 'COMPLETED') AS completed,
            count(*) FILTER (WHERE state = 'FAILED') AS failed
        FROM reporting_production
        WHERE id >= $1 AND id < $2 AND workflow_id = ANY($3)
        GROUP BY 1, 2 ORDER BY 1, 2
        """,
        since,
        until,
        workflow_ids,
        period,
    )
    return PeriodFigures.all(rows)


async def held(
    connection: Connection,
    runner_ids: Sequence[UUID],
    *,
    states: Sequence[str],
    lows: Sequence[UUID],
    high: UUID,
    since: datetime,
    until: datetime,
    cell: float,
    most: int,
) -> list[HeldStretch]:
    """When Runners held executions: those that began within the same `cell` seconds are one row, the oldest first.

    Of each Runner and state, the newest executions up to `most` are read, with ids from the state's bound in `lows`. If
    there are more, nothing before `told_since` is reported.
    """
    rows = await connection.fetch(
        """
        WITH held AS MATERIALIZED (
            SELECT r.id AS runner_id, e.id AS execution_id, e.workflow_name, e.state, e.assigned_at,
                greatest(e.assigned_at, $5) AS begins, least(coalesce(e.finished_at, $6), $6) AS ends
            FROM unnest($1::uuid[]) AS r (id) CROSS JOIN unnest($2::text[], $3::uuid[]) AS in_state (state, low)
            CROSS JOIN LATERAL (
                SELECT id, workflow_name, state, assigned_at, finished_at FROM reporting_execution
                WHERE runner_id = r.id AND state = in_state.state AND id >= in_state.low AND id < $4
                ORDER BY id DESC LIMIT $8
            ) e
        ), told AS (
            SELECT runner_id, max(oldest) AS since FROM (
                SELECT runner_id, min(assigned_at) AS oldest FROM held GROUP BY runner_id, state HAVING count(*) = $8
            ) full_states GROUP BY runner_id
        )
        SELECT h.runner_id, told.since AS told_since, min(h.execution_id::text) AS execution_id,
            CASE WHEN min(h.workflow_name) = max(h.workflow_name) THEN min(h.workflow_name) ELSE '' END
                AS workflow_name,
            CASE WHEN min(h.state) = max(h.state) THEN min(h.state) ELSE 'MIXED' END AS state,
            min(h.begins) AS begins, max(h.ends) AS ends, count(*) AS executions,
            sum(date_part('epoch', h.ends - h.begins)) AS busy_seconds
        FROM held h LEFT JOIN told USING (runner_id)
        WHERE h.begins < h.ends AND (told.since IS NULL OR h.begins >= told.since)
        GROUP BY h.runner_id, told.since, floor(date_part('epoch', h.begins - $5) / $7::float8)
        ORDER BY h.runner_id, min(h.begins)
        """,
        runner_ids,
        states,
        lows,
        high,
        since,
        until,
        cell,
        most,
    )
    return HeldStretch.all(rows)


async def absences(
    connection: Connection, runner_ids: Sequence[UUID], since: datetime, until: datetime
) -> list[Absence]:
    """When these Runners were OFFLINE, the oldest first; `ended_at` is null while one is."""
    rows = await connection.fetch(
        """
        SELECT runner_id, began_at, ended_at FROM reporting_runner_absence
        WHERE runner_id = ANY($1) AND began_at < $3 AND (ended_at IS NULL OR ended_at > $2) ORDER BY began_at
        """,
        runner_ids,
        since,
        until,
    )
    return Absence.all(rows)


async def durations_by_period(
    connection: Connection, workflow_id: UUID, lows: Sequence[UUID], highs: Sequence[UUID], *, most: int
) -> list[PeriodDurations]:
    """`place` (from 0), `seconds` (p50, p95) of the newest completed executions in each period, up to `most`."""
    rows = await connection.fetch(
        """
        SELECT period.place::integer - 1 AS place,
            percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY e.seconds) AS seconds
        FROM unnest($2::uuid[], $3::uuid[]) WITH ORDINALITY AS period (low, high, place)
        CROSS JOIN LATERAL (
            SELECT seconds FROM reporting_production
            WHERE workflow_id = $1 AND state = 'COMPLETED' AND id >= period.low AND id < period.high
            ORDER BY id DESC LIMIT $4
        ) e
        GROUP BY period.place
        """,
        workflow_id,
        lows,
        highs,
        most,
    )
    return PeriodDurations.all(rows)


_ENDED = """
WITH ended AS (
    SELECT e.* FROM (VALUES ('COMPLETED'), ('FAILED')) AS in_state (state)
    CROSS JOIN LATERAL (
        SELECT id, seconds, node_totals, finished_at, failure, state FROM reporting_production
        WHERE workflow_id = $1 AND state = in_state.state AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4
    ) e
)
"""


async def slowest_nodes(
    connection: Connection, workflow_id: UUID, low: UUID, high: UUID, *, most: int
) -> list[NodeFigures]:
    """The total time of each node in the newest executions that completed or failed (up to `most` of each), with the
    total time of those executions (`whole`) and their number (`measured`); the slowest node first.
    """
    rows = await connection.fetch(
        f"""
        {_ENDED}
        SELECT node.key AS node, sum((node.value ->> 0)::bigint)::bigint AS count,
            sum((node.value ->> 1)::float8) AS seconds, sum((node.value ->> 2)::bigint)::bigint AS failures,
            (SELECT sum(seconds) FROM ended) AS whole, (SELECT count(*) FROM ended) AS measured
        FROM ended CROSS JOIN LATERAL jsonb_each(ended.node_totals) AS node
        GROUP BY node.key ORDER BY 3 DESC, 1 LIMIT 100
        """,
        workflow_id,
        low,
        high,
        most,
    )
    return NodeFigures.all(rows)


async def failure_reasons(
    connection: Connection, workflow_id: UUID, low: UUID, high: UUID, *, most: int
) -> list[FailureReason]:
    """Why the newest failed executions (up to `most`) failed: by error and node, the most frequent first."""
    rows = await connection.fetch(
        f"""
        {_ENDED}
        SELECT failure ->> 'type' AS type, failure ->> 'node' AS node, count(*) AS count,
            (array_agg(failure ->> 'message' ORDER BY id DESC))[1] AS message,
            (array_agg(id ORDER BY id DESC))[1] AS execution_id, max(finished_at) AS latest_at
        FROM ended WHERE state = 'FAILED' GROUP BY 1, 2 ORDER BY 3 DESC, 6 DESC LIMIT 20
        """,
        workflow_id,
        low,
        high,
        most,
    )
    return FailureReason.all(rows)
