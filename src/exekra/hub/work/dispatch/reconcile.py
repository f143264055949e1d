"""Compares what a Runner reports to hold with the database, and corrects the differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from exekra.flow.events import Failure
from exekra.hub.core.database import Connection
from exekra.hub.fleet.runners.connections import RunnerConnection
from exekra.hub.work.ledger import held_store
from exekra.hub.work.ledger import store as ledger
from exekra.hub.work.ledger.rows import Assignment, HeldExecution
from exekra.hub.work.ledger.states import UNDERWAY, State
from exekra.hub.work.ledger.store import Change
from exekra.kit import json
from exekra.protocol.messages import Acknowledge, Held, Refused, Stop


@dataclass(slots=True)
class Reconciled:
    """What must be done once the transaction is committed.

    Attributes:
        failed: Executions that failed because of the differences.
        missing: Assignments (`ledger.assignments`) that the Runner should hold but does not.
    """

    failed: list[UUID] = field(default_factory=list)
    missing: list[Assignment] = field(default_factory=list)


async def reconcile(
    connection: Connection,
    runner: RunnerConnection,
    held: Sequence[Held],
    underway: Sequence[HeldExecution],
    now: datetime,
    *,
    came_back: bool,
) -> Reconciled:
    """Tell a Runner the state of what it holds, and find what it should hold but does not.

    Args:
        connection: The transaction.
        runner: The connection to send to.
        held: What the Runner reports to hold.
        underway: What it holds according to the database (`held_store.underway`).
        now: The current time.
        came_back: Whether it has just connected: an execution that was RUNNING and that it no longer holds is lost.
    """
    known = {str(row.id): row for row in underway}
    elsewhere = [id for one in held if one.execution_id not in known and (id := _as_id(one.execution_id))]
    known |= {str(row.id): row for row in await held_store.find(connection, elsewhere)} if elsewhere else {}
    for one in held:
        row = known.get(one.execution_id)
        if row is None or row.lease != one.lease or row.runner_id != runner.runner_id:
            reason = "The assignment was revoked."
            runner.send(Refused(execution_id=one.execution_id, lease=one.lease, reason=reason))
            continue
        runner.send(Acknowledge(execution_id=one.execution_id, lease=one.lease, sequence=row.last_sequence))
        if row.stop_requested_at is not None and row.state in UNDERWAY:
            runner.send(Stop(execution_id=one.execution_id, lease=one.lease))
    holds = {(one.execution_id, one.lease) for one in held}
    missing = [row for row in underway if (str(row.id), row.lease) not in holds]
    found = Reconciled()
    if again := [row.id for row in missing if row.state == State.ASSIGNED]:
        found.missing = await ledger.assignments(connection, again)
    if not came_back:
        return found
    lost = [row.id for row in missing if row.state == State.RUNNING]
    if lost:
        failure = Failure(
            type="ExecutionLost",
            message=f"{runner.runner_name} reconnected without it: it was restarted, or lost its data.",
        )
        rows = await ledger.lock(connection, lost)
        changes = [
            Change(
                id=row.id,
                lease=row.lease,
                state=State.FAILED,
                at=now,
                give_up=True,
                failure=json.encode(failure).decode(),
            )
            for row in rows
            if row.state == State.RUNNING
        ]
        await ledger.move(connection, changes)
        found.failed = [change.id for change in changes]
    return found


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
