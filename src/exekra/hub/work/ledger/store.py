"""Executions in PostgreSQL: inserting them, and moving them from state to state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.fleet.runners import store as runners
from exekra.hub.work.ledger.rows import HELD_COLUMNS, Assignment, DebugSession, EndOfExecution, HeldExecution, Holder
from exekra.hub.work.ledger.states import State


@dataclass(frozen=True, kw_only=True, slots=True)
class NewExecution:
    """A row to insert. `inputs`, `debug` (DebugOptions) and `start_at` (StartAt) are JSON text."""

    id: UUID
    workflow_id: UUID
    workflow_name: str
    version_id: UUID
    version: int
    priority: int
    requirement_id: int
    interactive: bool
    source: str
    unique_key: str | None
    timeout: float | None
    created_by: UUID | None
    created_at: datetime
    inputs: str
    debug: str | None = None
    start_at: str | None = None
    started_from_execution: UUID | None = None
    started_from_node: str | None = None


_NEW_COLUMNS = (
    ("id", "uuid"),
    ("workflow_id", "uuid"),
    ("workflow_name", "text"),
    ("version_id", "uuid"),
    ("version", "integer"),
    ("priority", "smallint"),
    ("requirement_id", "integer"),
    ("interactive", "boolean"),
    ("source", "text"),
    ("unique_key", "text"),
    ("timeout", "real"),
    ("created_by", "uuid"),
    ("created_at", "timestamptz"),
    ("inputs", "text"),
    ("debug", "text"),
    ("start_at", "text"),
    ("started_from_execution", "uuid"),
    ("started_from_node", "text"),
)
_JSON = frozenset({"inputs", "debug", "start_at"})

INSERT = f"""
INSERT INTO execution ({", ".join(name for name, _ in _NEW_COLUMNS)}, queued_at)
SELECT {", ".join(f"c.{name}::json" if name in _JSON else f"c.{name}" for name, _ in _NEW_COLUMNS)}, c.created_at
FROM unnest({", ".join(f"${place}::{type}[]" for place, (_, type) in enumerate(_NEW_COLUMNS, 1))})
    AS c ({", ".join(name for name, _ in _NEW_COLUMNS)})
ON CONFLICT (workflow_id, unique_key)
    WHERE unique_key IS NOT NULL AND state IN ('QUEUED', 'ASSIGNED', 'RUNNING') DO NOTHING
RETURNING id
"""
"""Inserts QUEUED executions from the `insert_columns`; returns the ids of those inserted, whose unique keys were not in
use.
"""
INSERT_PARAMETERS = len(_NEW_COLUMNS)


def insert_columns(executions: Sequence[NewExecution]) -> list[list[Any]]:
    """The parameters of `INSERT`."""
    return [[getattr(execution, name) for execution in executions] for name, _ in _NEW_COLUMNS]


async def insert(connection: Connection, executions: Sequence[NewExecution]) -> set[UUID]:
    """Insert QUEUED executions; returns the ids of those inserted."""
    return {row["id"] for row in await connection.fetch(INSERT, *insert_columns(executions))}


async def holder_of_key(connection: Connection, workflow_id: UUID, unique_key: str) -> UUID | None:
    """The unfinished execution of that workflow with that unique key."""
    found: UUID | None = await connection.fetchval(
        "SELECT id FROM execution WHERE workflow_id = $1 AND unique_key = $2"
        " AND state IN ('QUEUED', 'ASSIGNED', 'RUNNING')",
        workflow_id,
        unique_key,
    )
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A change to an execution.

    Attributes:
        id: Which one.
        lease: The assignment that this applies to: any other is not touched.
        state: The new state; the current one if only figures change.
        at: When.
        began_at: When it went to RUNNING, where it does so in this change.
        last_sequence: The sequence of the last event that is stored with this change.
        give_up: Whether to end the lease: whatever its Runner still sends is then refused.
        failure: JSON text. `outputs` too; `node_totals` is JSON text by node.
        samples: How many metric events there were, with the sums and peaks of CPU percent and memory MB.
    """

    id: UUID
    lease: int
    state: State
    at: datetime
    began_at: datetime | None = None
    last_sequence: int | None = None
    give_up: bool = False
    failure: str | None = None
    outputs: str | None = None
    node_totals: str | None = None
    nodes: int | None = None
    seconds: float | None = None
    samples: int = 0
    cpu_sum: float = 0.0
    cpu_peak: float | None = None
    memory_sum: float = 0.0
    memory_peak: float | None = None


_CHANGE_COLUMNS = (
    ("id", "uuid"),
    ("lease", "integer"),
    ("state", "text"),
    ("at", "timestamptz"),
    ("began_at", "timestamptz"),
    ("last_sequence", "integer"),
    ("give_up", "boolean"),
    ("failure", "text"),
    ("outputs", "text"),
    ("node_totals", "text"),
    ("nodes", "bigint"),
    ("seconds", "double precision"),
    ("samples", "integer"),
    ("cpu_sum", "double precision"),
    ("cpu_peak", "real"),
    ("memory_sum", "double precision"),
    ("memory_peak", "real"),
)

MOVE = f"""
WITH moved AS (
UPDATE execution e SET
    state = c.state,
    lease = e.lease + c.give_up::integer,
    last_sequence = coalesce(c.last_sequence, e.last_sequence),
    runner_id = CASE WHEN c.state = 'QUEUED' THEN NULL ELSE e.runner_id END,
    queued_at = CASE WHEN c.state = 'QUEUED' AND e.state <> 'QUEUED' THEN c.at ELSE e.queued_at END,
    assigned_at = CASE WHEN c.state = 'QUEUED' THEN NULL ELSE e.assigned_at END,
    started_at = coalesce(c.began_at, e.started_at),
    finished_at = CASE WHEN c.state IN ('COMPLETED', 'FAILED', 'STOPPED') THEN c.at END,
    failure = coalesce(c.failure::json, e.failure),
    outputs = coalesce(c.outputs::json, e.outputs),
    node_totals = CASE WHEN c.node_totals IS NULL THEN e.node_totals
        ELSE coalesce(e.node_totals, '{{}}') || c.node_totals::jsonb END,
    nodes = coalesce(c.nodes, e.nodes),
    seconds = coalesce(c.seconds, e.seconds),
    metric_samples = e.metric_samples + c.samples,
    cpu_average = CASE WHEN c.samples = 0 THEN e.cpu_average
        ELSE (coalesce(e.cpu_average, 0) * e.metric_samples + c.cpu_sum) / (e.metric_samples + c.samples) END,
    cpu_peak = greatest(e.cpu_peak, c.cpu_peak),
    memory_average = CASE WHEN c.samples = 0 THEN e.memory_average
        ELSE (coalesce(e.memory_average, 0) * e.metric_samples + c.memory_sum) / (e.metric_samples + c.samples) END,
    memory_peak = greatest(e.memory_peak, c.memory_peak)
FROM unnest({", ".join(f"${place}::{type}[]" for place, (_, type) in enumerate(_CHANGE_COLUMNS, 1))})
    AS c ({", ".join(name for name, _ in _CHANGE_COLUMNS)})
WHERE e.id = c.id AND e.lease = c.lease
RETURNING e.id, e.state
), freed AS (
    {runners.freeing("SELECT id FROM moved WHERE state NOT IN ('ASSIGNED', 'RUNNING')")} RETURNING id
)
"""
"""Changes executions by the `move_columns`, and frees the Runners of those that leave theirs: parts `moved` (`id`,
`state`) and `freed` (Runners' `id`) of a statement."""
MOVE_PARAMETERS = len(_CHANGE_COLUMNS)


def move_columns(changes: Sequence[Change]) -> list[list[Any]]:
    """The parameters of `MOVE`."""
    return [[getattr(change, name) for change in changes] for name, _ in _CHANGE_COLUMNS]


_MOVE = f"{MOVE} SELECT id FROM moved"


async def move(connection: Connection, changes: Sequence[Change]) -> list[UUID]:
    """Change executions, and free the Runners of those that leave their Runner: the only way from state to state.

    (The transition to ASSIGNED is made by the database function `assign_executions`, or by `assign` for an interactive
    run.) If several executions are changed, their rows must be locked first, so that two Hubs cannot deadlock.

    Returns:
        The ids of those changed; one whose lease has ended is left out.

    Raises:
        asyncpg.CheckViolationError: The state may not follow the current one.
    """
    if not changes:
        return []
    return [row["id"] for row in await connection.fetch(_MOVE, *move_columns(changes))]


async def lock(connection: Connection, ids: Sequence[UUID]) -> list[HeldExecution]:
    """Lock executions in the order of their ids."""
    return HeldExecution.all(
        await connection.fetch(
            f"SELECT {HELD_COLUMNS} FROM execution e WHERE e.id = ANY($1) ORDER BY e.id FOR NO KEY UPDATE", ids
        )
    )


_ASSIGNMENT = """
e.id AS execution_id, e.lease, e.runner_id, e.workflow_name AS workflow, e.version_id, e.version, e.inputs, e.timeout,
e.interactive, e.debug, e.start_at
"""


async def assign(connection: Connection, execution_id: UUID, runner_id: UUID) -> Assignment:
    """Assign a waiting execution to a Runner that was taken for it."""
    row = await connection.fetchrow(
        f"UPDATE execution e SET state = 'ASSIGNED', runner_id = $2, lease = lease + 1, assigned_at = clock_timestamp()"
        f" WHERE id = $1 RETURNING {_ASSIGNMENT}",
        execution_id,
        runner_id,
    )
    assert row is not None, "the caller has just inserted or locked it"
    return Assignment.one(row)


async def assignments(connection: Connection, execution_ids: Sequence[UUID]) -> list[Assignment]:
    """The current assignments of these executions."""
    rows = await connection.fetch(
        f"SELECT {_ASSIGNMENT}, e.stop_requested_at IS NOT NULL AS stops FROM execution e"
        " WHERE id = ANY($1) AND runner_id IS NOT NULL",
        execution_ids,
    )
    return Assignment.all(rows)


async def request_stop(connection: Connection, id: UUID, at: datetime, by: UUID | None) -> None:
    """Store the first request that an execution stop: when, and by which user."""
    await connection.execute(
        "UPDATE execution SET stop_requested_at = $2, stop_requested_by = $3"
        " WHERE id = $1 AND stop_requested_at IS NULL",
        id,
        at,
        by,
    )


async def session(connection: Connection, id: UUID) -> DebugSession | None:
    """What a debug session depends on: the owner and state of the execution, and whether its Runner is connected."""
    row = await connection.fetchrow(
        """
        SELECT e.id, e.state, e.lease, e.runner_id, e.created_by, e.workflow_name, e.debug IS NOT NULL AS debug,
            r.name AS runner_name, r.connection_id IS NOT NULL AS connected
        FROM execution e LEFT JOIN runner r ON r.id = e.runner_id WHERE e.id = $1
        """,
        id,
    )
    return DebugSession.one(row)


async def state_of(connection: Connection, id: UUID) -> EndOfExecution | None:
    """The state of one execution and what it ended with."""
    row = await connection.fetchrow(
        """
        SELECT e.id, e.state, e.runner_id, e.started_at, e.finished_at, e.failure, s.name AS stopped_by
        FROM execution e LEFT JOIN reporting_user s ON s.id = e.stop_requested_by WHERE e.id = $1
        """,
        id,
    )
    return EndOfExecution.one(row)


async def holder(connection: Connection, id: UUID) -> Holder | None:
    """The Runner that holds or last held an execution, its lease, and when the execution was made."""
    row = await connection.fetchrow("SELECT runner_id, lease, created_at FROM execution WHERE id = $1", id)
    return Holder.one(row)


async def note_fetching(connection: Connection, id: UUID, runner_id: UUID, lease: int) -> UUID | None:
    """A Runner fetches a file that an execution needs. Gives the version that this carries out; None when the
    execution is not the Runner's under that lease.
    """
    version_id: UUID | None = await connection.fetchval(
        "UPDATE execution SET fetching_at = clock_timestamp()"
        " WHERE id = $1 AND runner_id = $2 AND lease = $3 AND state IN ('ASSIGNED', 'RUNNING') RETURNING version_id",
        id,
        runner_id,
        lease,
    )
    return version_id


async def fetching_at(connection: Connection, id: UUID) -> datetime | None:
    """When the Runner of an execution last fetched a part of a file that it needs."""
    found: datetime | None = await connection.fetchval("SELECT fetching_at FROM execution WHERE id = $1", id)
    return found


async def count_ahead(connection: Connection, id: UUID, *, most: int) -> int:
    """How many QUEUED executions for one of the same Runners are ahead of this one; counted up to `most`."""
    count: int = await connection.fetchval(
        """
        SELECT count(*) FROM (
            SELECT FROM execution mine
            JOIN (
                SELECT DISTINCT own.requirement_id AS mine, other.requirement_id AS rival
                FROM fitting own JOIN fitting other ON other.runner_id = own.runner_id
                WHERE own.requirement_id = (SELECT requirement_id FROM execution WHERE id = $1)
                  AND own.fits AND other.fits
            ) rivals ON rivals.mine = mine.requirement_id
            JOIN execution e ON e.requirement_id = rivals.rival AND e.state = 'QUEUED'
                AND (e.priority > mine.priority OR e.priority = mine.priority AND e.id < mine.id)
            WHERE mine.id = $1
            LIMIT $2
        ) ahead
        """,
        id,
        most,
    )
    return count
