"""Triggers and what came of them, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row


class TriggerKind(StrEnum):
    """What fires a trigger."""

    SCHEDULE = "schedule"
    WEBHOOK = "webhook"


class Misfire(StrEnum):
    """What to do with times at which no Hub was running."""

    SKIP = "skip"
    ONCE = "once"
    ALL = "all"


class Overlap(StrEnum):
    """What to do while the last execution of the trigger has not ended."""

    ALLOW = "allow"
    SKIP = "skip"


class FiringState(StrEnum):
    """What came of a time at which a trigger was due, or of a call."""

    STARTED = "started"
    SKIPPED = "skipped"
    MISSED = "missed"
    REFUSED = "refused"


class TriggerRow(Row, frozen=True):
    """A trigger.

    Attributes:
        options: Where and how its executions run: priority, labels, runner, runner_type, timeout.
        body_input: Of a webhook: the input that takes the whole body; otherwise its fields are inputs.
        signed: Of a webhook: whether calls must be signed.
        secret_number: Which of its secrets is valid; a new one makes the former ones invalid.
        next_fire_at: When a schedule is due next.
        last_due_at: The time for which it fired last.
    """

    id: UUID
    name: str
    kind: TriggerKind
    enabled: bool
    workflow_id: UUID
    inputs: dict[str, Any]
    options: dict[str, Any]
    cron: str | None
    time_zone: str
    starts_at: datetime | None
    ends_at: datetime | None
    misfire: Misfire
    overlap: Overlap
    body_input: str | None
    signed: bool
    secret_number: int
    next_fire_at: datetime | None
    last_due_at: datetime | None
    created_at: datetime
    changed_at: datetime


class FiringRow(Row, frozen=True):
    """What came of one time or one call.

    Attributes:
        due_at: When it was due; for a webhook, when the call came.
        execution_id: What was started; it may be gone by now.
        message: Why nothing was started, or what was special.
    """

    id: UUID
    trigger_id: UUID
    due_at: datetime
    fired_at: datetime
    state: FiringState
    execution_id: UUID | None
    message: str | None


_COLUMNS = """
    id, name, kind, enabled, workflow_id, inputs, options, cron, time_zone, starts_at, ends_at, misfire, overlap,
    body_input, signed, secret_number, next_fire_at, last_due_at, created_at, changed_at
"""


async def insert(connection: Connection, **values: Any) -> None:
    """Make a trigger of these columns."""
    names = list(values)
    places = ", ".join(f"${number}" for number in range(1, len(names) + 1))
    await connection.execute(f"INSERT INTO trigger ({', '.join(names)}) VALUES ({places})", *values.values())


async def update(connection: Connection, id: UUID, **values: Any) -> None:
    """Change these columns of a trigger."""
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(values, start=2))
    await connection.execute(f"UPDATE trigger SET {changes} WHERE id = $1", id, *values.values())


async def delete(connection: Connection, id: UUID) -> bool:
    """Remove a trigger with its history; False if there is none."""
    return await connection.execute("DELETE FROM trigger WHERE id = $1", id) != "DELETE 0"


async def get(connection: Connection, id: UUID, *, lock: bool = False) -> TriggerRow | None:
    """A trigger; `lock` keeps others from changing it until the transaction ends."""
    locking = "FOR UPDATE" if lock else ""
    return TriggerRow.one(await connection.fetchrow(f"SELECT {_COLUMNS} FROM trigger WHERE id = $1 {locking}", id))


async def all_triggers(connection: Connection, workflow_id: UUID | None = None) -> list[TriggerRow]:
    """All triggers, or those of a workflow, by name."""
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM trigger WHERE $1::uuid IS NULL OR workflow_id = $1 ORDER BY lower(name), id",
        workflow_id,
    )
    return TriggerRow.all(rows)


async def due(connection: Connection, now: datetime, limit: int) -> list[TriggerRow]:
    """Schedules that are due, and those whose last time lies in the future, because the clock was put back."""
    rows = await connection.fetch(
        f"""
        SELECT {_COLUMNS} FROM trigger
        WHERE enabled AND kind = 'schedule' AND (next_fire_at <= $1 OR last_due_at > $1 + interval '2 minutes')
        ORDER BY next_fire_at LIMIT $2
        """,
        now,
        limit,
    )
    return TriggerRow.all(rows)


async def claim(connection: Connection, id: UUID, seen: datetime | None) -> bool:
    """Hold a schedule for this transaction if no other Hub does, and it is still due for the time that was seen."""
    row = await connection.fetchval(
        "SELECT 1 FROM trigger WHERE id = $1 AND enabled AND next_fire_at IS NOT DISTINCT FROM $2 "
        "FOR UPDATE SKIP LOCKED",
        id,
        seen,
    )
    return row is not None


async def add_firing(
    connection: Connection,
    *,
    id: UUID,
    trigger_id: UUID,
    due_at: datetime,
    fired_at: datetime,
    state: FiringState,
    execution_id: UUID | None = None,
    message: str | None = None,
    key: str | None = None,
) -> bool:
    """Note what came of a time or a call; False where a call with that idempotency key is noted already."""
    done = await connection.execute(
        """
        INSERT INTO trigger_firing (id, trigger_id, due_at, fired_at, state, execution_id, message, key)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
        """,
        id,
        trigger_id,
        due_at,
        fired_at,
        state,
        execution_id,
        message,
        key,
    )
    return done != "INSERT 0 0"


async def firings(
    connection: Connection, trigger_id: UUID, *, before: UUID | None = None, limit: int = 50
) -> list[FiringRow]:
    """What came of a trigger, the newest first."""
    rows = await connection.fetch(
        """
        SELECT id, trigger_id, due_at, fired_at, state, execution_id, message FROM trigger_firing
        WHERE trigger_id = $1 AND ($2::uuid IS NULL OR id < $2)
        ORDER BY id DESC LIMIT $3
        """,
        trigger_id,
        before,
        limit,
    )
    return FiringRow.all(rows)


async def last_firings(connection: Connection, trigger_ids: Sequence[UUID]) -> list[FiringRow]:
    """The last firing of each of these triggers."""
    rows = await connection.fetch(
        """
        SELECT last.* FROM unnest($1::uuid[]) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT id, trigger_id, due_at, fired_at, state, execution_id, message FROM trigger_firing
            WHERE trigger_id = wanted.id ORDER BY id DESC LIMIT 1
        ) last
        """,
        list(trigger_ids),
    )
    return FiringRow.all(rows)


async def firing_of_key(connection: Connection, trigger_id: UUID, key: str) -> FiringRow | None:
    """What came of the call with that idempotency key."""
    row = await connection.fetchrow(
        """
        SELECT id, trigger_id, due_at, fired_at, state, execution_id, message FROM trigger_firing
        WHERE trigger_id = $1 AND key = $2
        """,
        trigger_id,
        key,
    )
    return FiringRow.one(row)


async def remove_firings(connection: Connection, before: datetime) -> None:
    """Forget what came of triggers before that moment."""
    await connection.execute("DELETE FROM trigger_firing WHERE fired_at < $1", before)
