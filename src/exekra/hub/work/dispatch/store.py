"""The statements of assignment and ingestion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from exekra.hub.core.database import Connection, Record
from exekra.hub.core.rows import Row
from exekra.hub.trust.audit import store as audit
from exekra.hub.work.ledger import store as ledger
from exekra.hub.work.ledger.rows import Assignment
from exekra.hub.work.ledger.store import Change, NewExecution

_AUDIT = ledger.INSERT_PARAMETERS + 1
_HUB = _AUDIT + audit.PARAMETERS


async def assign(connection: Connection, hub_id: UUID, most: int) -> list[Assignment]:
    """Assign waiting executions to free Runners of that Hub, in one statement: correct however many Hubs do so
    concurrently.
    """
    return _assignments(await connection.fetch("SELECT * FROM assign_executions($1, $2)", hub_id, most))


# The function sees the data-modifying parts, because it is VOLATILE and called once all executions are inserted.
_ENQUEUE = f"""
WITH made AS ({ledger.INSERT}),
recorded AS ({audit.insertion(first=_AUDIT, condition="entry.resource_id IN (SELECT id::text FROM made)")}),
all_made AS MATERIALIZED (SELECT array_agg(id) AS ids FROM made)
SELECT all_made.ids AS made, assigned.* FROM all_made LEFT JOIN LATERAL
    assign_executions(${_HUB}, CASE WHEN all_made.ids IS NULL THEN 0 ELSE ${_HUB + 1} END) assigned ON true
"""


async def enqueue(
    connection: Connection,
    executions: Sequence[NewExecution],
    entries: Sequence[audit.NewEntry],
    hub_id: UUID | None,
    most: int,
) -> tuple[set[UUID], list[Assignment]]:
    """Create executions, record the audit entries of those created, and assign what can be assigned: all in one
    statement, which is one transaction and one round trip.

    Args:
        connection: Outside of a transaction.
        executions: The executions to create.
        entries: An entry for each.
        hub_id: Assign to the Runners of that Hub; None assigns nothing.
        most: The most executions to assign.

    Returns:
        The ids of those created, and the assignments.
    """
    rows = await connection.fetch(_ENQUEUE, *ledger.insert_columns(executions), *audit.columns(entries), hub_id, most)
    return set(rows[0]["made"] or ()), _assignments(row for row in rows if row["assigned_execution"] is not None)


_END = f"""
{ledger.MOVE},
all_moved AS MATERIALIZED (SELECT count(*) AS count, (SELECT count(*) FROM freed) AS freed FROM moved)
SELECT assigned.* FROM all_moved CROSS JOIN LATERAL
    assign_executions(
        ${ledger.MOVE_PARAMETERS + 1}, CASE WHEN all_moved.freed = 0 THEN 0 ELSE ${ledger.MOVE_PARAMETERS + 2} END
    ) assigned
"""


async def move_and_assign(
    connection: Connection, changes: Sequence[Change], hub_id: UUID | None, most: int
) -> list[Assignment]:
    """Change executions as `ledger.move` does, and assign to the Runners that become free, in one statement."""
    return _assignments(await connection.fetch(_END, *ledger.move_columns(changes), hub_id, most))


def _assignments(rows: Iterable[Record]) -> list[Assignment]:
    return [
        Assignment(
            execution_id=row["assigned_execution"],
            lease=row["assigned_lease"],
            runner_id=row["assigned_runner"],
            workflow=row["its_workflow"],
            version_id=row["its_version_id"],
            version=row["its_version"],
            inputs=row["its_inputs"],
            timeout=row["its_timeout"],
            interactive=row["its_interactive"],
            debug=row["its_debug"],
            start_at=row["its_start_at"],
        )
        for row in rows
    ]


async def leave_command(
    connection: Connection,
    *,
    id: UUID,
    runner_id: UUID,
    execution_id: UUID,
    lease: int,
    commands: str,
    at: datetime,
    old_before: datetime,
) -> None:
    """Leave a debugger's commands (JSON text) for a Runner of another Hub; those not taken in time are dropped."""
    await connection.execute(
        "INSERT INTO debug_command (id, runner_id, execution_id, lease, commands, created_at)"
        " VALUES ($1, $2, $3, $4, $5::text::json, $6)",
        id,
        runner_id,
        execution_id,
        lease,
        commands,
        at,
    )
    await connection.execute("DELETE FROM debug_command WHERE created_at < $1", old_before)


class LeftCommands(Row, frozen=True):
    """A debugger's commands that another Hub left for a Runner."""

    id: UUID
    runner_id: UUID
    execution_id: UUID
    lease: int
    commands: list[dict[str, Any]]


async def take_commands(connection: Connection, runner_ids: Sequence[UUID]) -> list[LeftCommands]:
    """Take what was left for these Runners, in the order in which it was left."""
    rows = await connection.fetch(
        "DELETE FROM debug_command WHERE runner_id = ANY($1) RETURNING id, runner_id, execution_id, lease, commands",
        runner_ids,
    )
    return sorted(LeftCommands.all(rows), key=lambda row: row.id)
