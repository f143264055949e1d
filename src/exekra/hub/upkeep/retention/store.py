"""How long data is kept, and the runs that remove the rest, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row
from exekra.hub.upkeep.retention.models import Kind, Times


class Run(Row, frozen=True):
    """A run that removes expired data.

    Attributes:
        ended_at: None while it is in progress.
        removed: By kind.
        claimed_until: While it is in progress: when another Hub may take it over.
    """

    began_at: datetime | None
    ended_at: datetime | None
    next_at: datetime
    removed: dict[str, Any]
    held_back: int
    problem: str | None
    claimed_until: datetime | None


_RUN = ", ".join(Run.__struct_fields__)


async def times(connection: Connection, *, lock: bool = False) -> Times:
    """How long each kind is kept."""
    rows = await connection.fetch(f"SELECT kind, days FROM retention ORDER BY kind {'FOR UPDATE' if lock else ''}")
    found = {row["kind"]: row["days"] for row in rows}
    return Times({kind: found[kind] for kind in Kind})


async def set_times(connection: Connection, times: Times) -> None:
    """Keep each kind for that long from now on."""
    await connection.execute(
        "UPDATE retention r SET days = given.days FROM unnest($1::text[], $2::integer[]) AS given (kind, days)"
        " WHERE r.kind = given.kind",
        [str(kind) for kind in times.days],
        list(times.days.values()),
    )


async def last_run(connection: Connection) -> Run:
    """The last run."""
    row = await connection.fetchrow(f"SELECT {_RUN} FROM retention_run")
    assert row is not None, "the migration inserted it"
    return Run.one(row)


async def claim(connection: Connection, run_id: UUID, *, now: datetime, until: datetime) -> bool:
    """Begin a run if one is due and no other Hub is doing it; returns whether this run may begin."""
    begun = await connection.fetchval(
        """
        UPDATE retention_run SET run_id = $1, claimed_until = $3, began_at = $2, ended_at = NULL
        WHERE next_at <= $2 AND (claimed_until IS NULL OR claimed_until < $2) RETURNING true
        """,
        run_id,
        now,
        until,
    )
    return bool(begun)


async def keep_claim(connection: Connection, run_id: UUID, until: datetime) -> bool:
    """Note that a run is still in progress; returns whether it may continue."""
    return bool(
        await connection.fetchval(
            "UPDATE retention_run SET claimed_until = $2 WHERE run_id = $1 AND claimed_until IS NOT NULL"
            " RETURNING true",
            run_id,
            until,
        )
    )


async def end_run(
    connection: Connection,
    run_id: UUID,
    *,
    at: datetime,
    next_at: datetime,
    removed: Mapping[str, Any],
    held_back: int,
    problem: str | None,
) -> None:
    """Store the result of a run, if no other has begun since."""
    await connection.execute(
        """
        UPDATE retention_run SET claimed_until = NULL, ended_at = $2, next_at = $3, removed = $4, held_back = $5,
            problem = $6
        WHERE run_id = $1
        """,
        run_id,
        at,
        next_at,
        dict(removed),
        held_back,
        problem,
    )


async def run_soon(connection: Connection, at: datetime) -> None:
    """Let the next run begin immediately."""
    await connection.execute("UPDATE retention_run SET next_at = least(next_at, $1)", at)


async def database_bytes(connection: Connection) -> int:
    """The size of the whole database."""
    size: int = await connection.fetchval("SELECT pg_database_size(current_database())")
    return size
