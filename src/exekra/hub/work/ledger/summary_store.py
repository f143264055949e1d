"""Executions as lists and pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row
from exekra.hub.work.ledger.node_totals import StoredTotals
from exekra.hub.work.ledger.states import FINAL, Source, State


class ExecutionRow(Row, frozen=True):
    """An execution in a list."""

    id: UUID
    workflow_id: UUID
    workflow_name: str
    version: int
    state: State
    priority: int
    source: str
    interactive: bool
    unique_key: str | None
    runner_id: UUID | None
    runner_name: str | None
    created_by: UUID | None
    created_by_name: str | None
    created_at: datetime
    queued_at: datetime
    assigned_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    stop_requested_at: datetime | None
    stop_requested_by: UUID | None
    stop_requested_by_name: str | None
    seconds: float | None
    nodes: int | None
    failure: dict[str, Any] | None
    cpu_average: float | None
    cpu_peak: float | None
    memory_average: float | None
    memory_peak: float | None
    debug: bool
    warnings: int


class ExecutionDetailRow(ExecutionRow, frozen=True):
    """An execution with all that is known of it."""

    timeout: float | None
    inputs: dict[str, Any]
    outputs: dict[str, Any] | None
    node_totals: StoredTotals | None
    lease: int
    last_sequence: int
    requirement_id: int
    version_id: UUID
    started_from_execution: UUID | None
    started_from_node: str | None
    runner_type: Literal["ATTENDED", "UNATTENDED"] | None
    labels: list[str]
    pinned_runner_id: UUID | None


class StateCount(Row, frozen=True):
    """How many executions are in a state."""

    state: State
    count: int


class ChangedExecution(Row, frozen=True):
    """What a list needs to change the row of an execution, or to add it."""

    id: UUID
    state: State
    workflow_id: UUID
    workflow_name: str
    version: int
    priority: int
    source: str
    interactive: bool
    debug: bool
    runner_id: UUID | None
    runner_name: str | None
    created_by: UUID | None
    created_at: datetime
    assigned_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    stop_requested_at: datetime | None
    stop_requested_by_name: str | None
    seconds: float | None
    nodes: int | None
    failure: dict[str, Any] | None
    warnings: int


_WARNINGS = """
(SELECT coalesce(sum((figures ->> 3)::integer), 0) FROM jsonb_each(e.node_totals) AS node (id, figures)) AS warnings
"""
"""How many warnings the nodes of `execution e` wrote (see `node_totals`)."""

_SUMMARY = f"""
e.id, e.workflow_id, e.workflow_name, e.version, e.state, e.priority, e.source, e.interactive, e.unique_key,
e.runner_id, r.name AS runner_name, e.created_by, u.email AS created_by_name, e.created_at, e.queued_at, e.assigned_at,
e.started_at, e.finished_at, e.stop_requested_at, e.stop_requested_by, s.name AS stop_requested_by_name,
e.seconds, e.nodes, e.failure,
e.cpu_average, e.cpu_peak, e.memory_average, e.memory_peak, e.debug IS NOT NULL AS debug,
{_WARNINGS}
"""
_STOPPER = "LEFT JOIN reporting_user s ON s.id = e.stop_requested_by"
_FROM = f"""
LEFT JOIN reporting_runner r ON r.id = e.runner_id LEFT JOIN reporting_user u ON u.id = e.created_by {_STOPPER}
"""


async def get(connection: Connection, id: UUID) -> ExecutionDetailRow | None:
    """One execution with everything that is known about it."""
    row = await connection.fetchrow(
        f"""
        SELECT {_SUMMARY}, e.timeout, e.inputs, e.outputs, e.node_totals, e.lease, e.last_sequence, e.requirement_id,
            e.version_id, e.started_from_execution, e.started_from_node,
            q.runner_type, q.labels, q.runner_id AS pinned_runner_id
        FROM execution e JOIN requirement q ON q.id = e.requirement_id {_FROM}
        WHERE e.id = $1
        """,
        id,
    )
    return ExecutionDetailRow.one(row)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """Which executions to select; conditions that are None are left out.

    Ids sort by time, so `before` and `since` are bounds on the key.
    """

    before: UUID | None = None
    since: UUID | None = None
    workflow_ids: Sequence[UUID] | None = None
    runner_id: UUID | None = None
    sources: Sequence[Source] | None = None
    interactive: bool | None = None
    debug: bool | None = None
    created_by: UUID | None = None


class _Conditions:
    """The conditions of a statement over `execution e`, and the values that they need."""

    def __init__(self, bounds: Bounds) -> None:
        self.values: list[Any] = []
        given = {
            "e.id < {}": bounds.before,
            "e.id >= {}": bounds.since,
            "e.runner_id = {}": bounds.runner_id,
            "e.created_by = {}": bounds.created_by,
        }
        self._all = [text.format(self.bind(value)) for text, value in given.items() if value is not None]
        if bounds.sources is not None:
            # Written out as literals: whether their index is the best one depends on the sources.
            names = ", ".join(f"'{source}'" for source in sorted(set(bounds.sources)))
            self._all.append(f"e.source IN ({names})")
        if bounds.interactive is not None:
            self._all.append("e.interactive" if bounds.interactive else "NOT e.interactive")
        if bounds.debug is not None:
            # Debug sessions are interactive; saying so allows the index of interactive ones to be used.
            self._all.append("e.interactive AND e.debug IS NOT NULL" if bounds.debug else "e.debug IS NULL")

    def bind(self, value: Any) -> str:
        """The placeholder of a value in the statement."""
        self.values.append(value)
        return f"${len(self.values)}"

    def where(self, *more: str) -> str:
        """All of them."""
        return " AND ".join([*self._all, *more]) or "true"


async def page(connection: Connection, bounds: Bounds, *, limit: int, states: Sequence[State]) -> list[ExecutionRow]:
    """Executions, newest first; in any state if no states are given.

    Each combination of state and workflow reads the head of its own index range, so a page costs the same however many
    executions there are.
    """
    conditions = _Conditions(bounds)
    ranges, more = "(SELECT) every", []
    if bounds.workflow_ids is not None:
        workflow_ids = conditions.bind(list(bounds.workflow_ids))
        ranges = f"unnest({workflow_ids}::uuid[]) AS of_workflow (workflow_id)"
        more.append("e.workflow_id = of_workflow.workflow_id")
    if states or bounds != Bounds(before=bounds.before, since=bounds.since):
        of_states = conditions.bind([str(state) for state in states or State])
        ranges += f", unnest({of_states}::text[]) AS in_state (state)"
        more.append("e.state = in_state.state")
    query = f"""
        SELECT {_SUMMARY}
        FROM (
            SELECT head.id FROM {ranges}
            CROSS JOIN LATERAL (
                SELECT e.id FROM execution e WHERE {conditions.where(*more)} ORDER BY e.id DESC LIMIT {limit:d}
            ) head
            ORDER BY head.id DESC LIMIT {limit:d}
        ) found JOIN execution e ON e.id = found.id {_FROM}
        ORDER BY e.id DESC
        """
    rows = await connection.fetch(query, *conditions.values)
    return ExecutionRow.all(rows)


async def counts(connection: Connection, bounds: Bounds, *, most: int) -> list[StateCount]:
    """How many executions are in each state; of those that have ended, up to `most` and one more are counted."""
    conditions = _Conditions(bounds)
    more = ["e.state = in_state.state"]
    if bounds.workflow_ids is not None:
        more.append(f"e.workflow_id = ANY({conditions.bind(list(bounds.workflow_ids))}::uuid[])")
    final, every = (conditions.bind([str(state) for state in states]) for states in (FINAL, State))
    rows = await connection.fetch(
        f"""
        SELECT in_state.state, (
            SELECT count(*) FROM (
                SELECT FROM execution e WHERE {conditions.where(*more)}
                LIMIT CASE WHEN in_state.state = ANY({final}::text[]) THEN {most + 1:d} END
            ) counted
        ) AS count
        FROM unnest({every}::text[]) AS in_state (state)
        """,
        *conditions.values,
    )
    return StateCount.all(rows)


async def summaries(connection: Connection, ids: Sequence[UUID]) -> list[ChangedExecution]:
    """What a list needs to update or add the rows of these executions."""
    rows = await connection.fetch(
        f"""
        SELECT e.id, e.state, e.workflow_id, e.workflow_name, e.version, e.priority, e.source, e.interactive,
            e.debug IS NOT NULL AS debug, e.runner_id, r.name AS runner_name, e.created_by, e.created_at, e.assigned_at,
            e.started_at, e.finished_at, e.stop_requested_at, s.name AS stop_requested_by_name, e.seconds, e.nodes,
            e.failure, {_WARNINGS}
        FROM execution e LEFT JOIN reporting_runner r ON r.id = e.runner_id {_STOPPER}
        WHERE e.id = ANY($1) ORDER BY e.id
        """,
        ids,
    )
    return ChangedExecution.all(rows)
