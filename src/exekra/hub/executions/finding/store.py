"""Executions as lists and pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from exekra.hub.core.database import Connection, Record
from exekra.hub.executions.states import FINAL, State

_SUMMARY = """
e.id, e.workflow_id, e.workflow_name, e.version, e.state, e.priority, e.source, e.interactive, e.unique_key,
e.runner_id, r.name AS runner_name, e.created_by, u.email AS created_by_name, e.created_at, e.queued_at, e.assigned_at,
e.started_at, e.finished_at, e.stop_requested_at, e.seconds, e.nodes, e.failure,
e.cpu_average, e.cpu_peak, e.memory_average, e.memory_peak, e.debug IS NOT NULL AS debug
"""
_FROM = "LEFT JOIN runner r ON r.id = e.runner_id LEFT JOIN app_user u ON u.id = e.created_by"


async def get(connection: Connection, id: UUID) -> Record | None:
    """One execution with all that is known of it."""
    return await connection.fetchrow(
        f"""
        SELECT {_SUMMARY}, e.timeout, e.inputs, e.outputs, e.node_totals, e.lease, e.last_sequence, e.requirement_id,
            e.version_id, e.started_from_execution, e.started_from_node,
            q.runner_type, q.labels, q.runner_id AS pinned_runner_id
        FROM execution e JOIN requirement q ON q.id = e.requirement_id {_FROM}
        WHERE e.id = $1
        """,
        id,
    )


async def page(
    connection: Connection,
    *,
    limit: int,
    before: UUID | None,
    since: UUID | None,
    states: Sequence[State],
    workflow_ids: Sequence[UUID] | None,
    runner_id: UUID | None,
) -> list[Record]:
    """Executions, the newest first; conditions that are None or empty are left out.

    Ids sort by time, so `before` and `since` are bounds on the key. Each combination of state and workflow reads the
    head of its own index range, so a page costs the same however many executions there are.
    """
    values: list[Any] = []

    def bound(value: Any) -> str:
        values.append(value)
        return f"${len(values)}"

    conditions = []
    if before is not None:
        conditions.append(f"e.id < {bound(before)}")
    if since is not None:
        conditions.append(f"e.id >= {bound(since)}")
    if runner_id is not None:
        conditions.append(f"e.runner_id = {bound(runner_id)}")
    ranges = "(SELECT) every"
    if workflow_ids is not None:
        ranges = f"unnest({bound(list(workflow_ids))}::uuid[]) AS of_workflow (workflow_id)"
        conditions.append("e.workflow_id = of_workflow.workflow_id")
    if states or workflow_ids is not None or runner_id is not None:
        ranges += f", unnest({bound([str(state) for state in states or State])}::text[]) AS in_state (state)"
        conditions.append("e.state = in_state.state")
    where = " AND ".join(conditions) or "true"
    query = f"""
        SELECT {_SUMMARY}
        FROM (
            SELECT head.id FROM {ranges}
            CROSS JOIN LATERAL (SELECT e.id FROM execution e WHERE {where} ORDER BY e.id DESC LIMIT {limit:d}) head
            ORDER BY head.id DESC LIMIT {limit:d}
        ) found JOIN execution e ON e.id = found.id {_FROM}
        ORDER BY e.id DESC
        """
    return await connection.fetch(query, *values)


async def counts(
    connection: Connection,
    *,
    before: UUID | None,
    since: UUID | None,
    workflow_ids: Sequence[UUID] | None,
    runner_id: UUID | None,
    most: int,
) -> list[Record]:
    """How many executions are in each state; of those that have ended up to `most` are counted, and one more."""
    return await connection.fetch(
        """
        SELECT in_state.state, (
            SELECT count(*) FROM (
                SELECT FROM execution e
                WHERE e.state = in_state.state
                  AND ($1::uuid IS NULL OR e.id < $1) AND ($2::uuid IS NULL OR e.id >= $2)
                  AND ($3::uuid[] IS NULL OR e.workflow_id = ANY($3)) AND ($4::uuid IS NULL OR e.runner_id = $4)
                LIMIT CASE WHEN in_state.state = ANY($6) THEN $5::bigint + 1 END
            ) counted
        ) AS count
        FROM unnest($7::text[]) AS in_state (state)
        """,
        before,
        since,
        workflow_ids,
        runner_id,
        most,
        [str(state) for state in FINAL],
        [str(state) for state in State],
    )


async def summaries(connection: Connection, ids: Sequence[UUID]) -> list[Record]:
    """What a list needs to change the rows of these executions, or to add them."""
    return await connection.fetch(
        """
        SELECT e.id, e.state, e.workflow_id, e.workflow_name, e.version, e.priority, e.source, e.interactive,
            e.debug IS NOT NULL AS debug, e.runner_id, r.name AS runner_name, e.created_at, e.assigned_at, e.started_at,
            e.finished_at, e.seconds, e.nodes, e.failure
        FROM execution e LEFT JOIN runner r ON r.id = e.runner_id WHERE e.id = ANY($1) ORDER BY e.id
        """,
        ids,
    )


async def workflows_named_like(connection: Connection, text: str) -> list[UUID]:
    """Workflows whose name contains the text, whatever its case; at most 200, the latest used first."""
    rows = await connection.fetch(
        "SELECT id FROM workflow WHERE strpos(lower(name), lower($1)) > 0 ORDER BY updated_at DESC LIMIT 200", text
    )
    return [row["id"] for row in rows]


async def workflows_tagged(connection: Connection, tag: str) -> list[UUID]:
    """Workflows that have the tag; at most 1,000, the latest used first."""
    rows = await connection.fetch(
        "SELECT id FROM workflow WHERE tags @> ARRAY[$1] ORDER BY updated_at DESC LIMIT 1000", tag
    )
    return [row["id"] for row in rows]
