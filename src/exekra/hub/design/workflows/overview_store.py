"""Workflows in a list, each with its recent executions: read from the heads of indexes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row
from exekra.hub.design.workflows.models import VersionState, Workflow
from exekra.hub.design.workflows.store import WORKFLOW


class Lately(Row, frozen=True):
    """What the newest and the published version of a workflow are, and what became of its executions of 7 days."""

    workflow_id: UUID
    latest_at: datetime | None
    latest_state: VersionState | None
    latest_author: str | None
    published_at: datetime | None
    executions_7d: int
    completed_7d: int
    failed_7d: int


class NewestExecution(Row, frozen=True):
    """One of the newest executions of a workflow."""

    workflow_id: UUID
    id: UUID
    state: str
    created_at: datetime
    finished_at: datetime | None


class TagCount(Row, frozen=True):
    """A tag, and how many workflows have it."""

    tag: str
    count: int


Sort = Literal[
    "name", "-name", "updated", "-updated", "created", "-created", "last-run", "-last-run", "failures", "-failures"
]
SortValue = str | datetime | UUID | int

_STATES = "unnest(ARRAY['QUEUED', 'ASSIGNED', 'RUNNING', 'COMPLETED', 'FAILED', 'STOPPED'])"
_LAST_RUN = f"""
coalesce((
    SELECT head.id FROM {_STATES} AS in_state (state)
    CROSS JOIN LATERAL (
        SELECT id FROM reporting_production WHERE workflow_id = w.id AND state = in_state.state ORDER BY id DESC LIMIT 1
    ) head
    ORDER BY head.id DESC LIMIT 1
), '00000000-0000-0000-0000-000000000000')
"""
_FAILURES = "(SELECT count(*) FROM reporting_production WHERE workflow_id = w.id AND state = 'FAILED' AND id >= $1)"
_SORTED_BY = {
    "name": "w.name",
    "updated": "w.updated_at",
    "created": "w.id",
    "last-run": _LAST_RUN,
    "failures": _FAILURES,
}


async def page(
    connection: Connection,
    *,
    sort: Sort,
    after: tuple[SortValue, UUID] | None,
    limit: int,
    text: str | None,
    tags: Sequence[str],
    archived: bool,
    published: bool | None,
    has_draft: bool | None,
    week: UUID,
) -> list[tuple[SortValue, Workflow]]:
    """A page of the workflows, each with the value that it is sorted by; conditions that are None or empty are left
    out. Failures are counted from the id `week`.
    """
    column = _SORTED_BY[sort.removeprefix("-")]
    order, beyond = ("DESC", "<") if sort.startswith("-") else ("ASC", ">")
    values: list[Any] = [week]
    conditions = [f"w.archived_at IS {'NOT NULL' if archived else 'NULL'}", "$1::uuid IS NOT NULL"]

    def bound(value: Any) -> str:
        values.append(value)
        return f"${len(values)}"

    if after is not None:
        conditions.append(f"({column}, w.id) {beyond} ({bound(after[0])}, {bound(after[1])})")
    if text:
        conditions.append(f"strpos(w.folded_name || ' ' || folded(w.description), folded({bound(text)})) > 0")
    if tags:
        conditions.append(f"w.tags @> {bound(tags)}")
    if published is not None:
        conditions.append(f"w.published_version_id IS {'NOT NULL' if published else 'NULL'}")
    if has_draft is not None:
        conditions.append(f"(p.number IS DISTINCT FROM w.latest_number) = {bound(has_draft)}")
    rows = await connection.fetch(
        f"""
        SELECT {column} AS sort_value, {WORKFLOW} WHERE {" AND ".join(conditions)}
        ORDER BY 1 {order}, w.id {order} LIMIT {limit:d}
        """,
        *values,
    )
    return [(row["sort_value"], Workflow(**{k: v for k, v in row.items() if k != "sort_value"})) for row in rows]


async def lately(connection: Connection, workflow_ids: Sequence[UUID], *, week: UUID) -> list[Lately]:
    """The newest and the published version of each workflow, and how many of its executions since the id `week`
    completed, failed, or exist in total.
    """
    rows = await connection.fetch(
        f"""
        SELECT w.id AS workflow_id, latest.created_at AS latest_at, latest.state AS latest_state,
            author.email AS latest_author, published.published_at, counted.*
        FROM workflow w
        LEFT JOIN workflow_version latest ON latest.workflow_id = w.id AND latest.number = w.latest_number
        LEFT JOIN workflow_version published ON published.id = w.published_version_id
        LEFT JOIN reporting_user author ON author.id = latest.created_by
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(c.count), 0)::bigint AS executions_7d,
                coalesce(sum(c.count) FILTER (WHERE c.state = 'COMPLETED'), 0)::bigint AS completed_7d,
                coalesce(sum(c.count) FILTER (WHERE c.state = 'FAILED'), 0)::bigint AS failed_7d
            FROM (
                SELECT in_state.state, of_state.count FROM {_STATES} AS in_state (state)
                CROSS JOIN LATERAL (
                    SELECT count(*) FROM reporting_production
                    WHERE workflow_id = w.id AND state = in_state.state AND id >= $2
                ) of_state
            ) c
        ) counted
        WHERE w.id = ANY($1)
        """,
        workflow_ids,
        week,
    )
    return Lately.all(rows)


async def newest_executions(
    connection: Connection, workflow_ids: Sequence[UUID], *, most: int
) -> list[NewestExecution]:
    """The newest executions of each workflow, up to `most`, the newest first."""
    rows = await connection.fetch(
        f"""
        SELECT e.workflow_id, e.id, e.state, e.created_at, e.finished_at
        FROM unnest($1::uuid[]) AS w (id)
        CROSS JOIN LATERAL (
            SELECT head.id FROM {_STATES} AS in_state (state)
            CROSS JOIN LATERAL (
                SELECT id FROM reporting_production WHERE workflow_id = w.id AND state = in_state.state
                ORDER BY id DESC LIMIT $2
            ) head
            ORDER BY head.id DESC LIMIT $2
        ) newest
        JOIN reporting_production e ON e.id = newest.id ORDER BY e.id DESC
        """,
        workflow_ids,
        most,
    )
    return NewestExecution.all(rows)


async def tags(connection: Connection) -> list[TagCount]:
    """The tags of the workflows that are not archived; the most frequent first."""
    rows = await connection.fetch(
        """
        SELECT tag, count(*) FROM workflow CROSS JOIN unnest(tags) AS tag WHERE archived_at IS NULL
        GROUP BY tag ORDER BY 2 DESC, 1 LIMIT 1000
        """
    )
    return TagCount.all(rows)
