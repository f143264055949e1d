"""Runners in PostgreSQL: who is registered, what they can do, and whether they are connected."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from exekra.hub.core.database import Connection
from exekra.hub.core.rows import Row


class Runner(Row, frozen=True):
    """A registered Runner, with the figures of its last heartbeat, and what that said of its problems."""

    id: UUID
    name: str
    type: str
    labels: list[str]
    state: str
    machine_key: str
    execution_id: UUID | None
    version: str | None
    platform: str | None
    host: str | None
    last_heartbeat_at: datetime | None
    cpu_percent: float | None
    memory_percent: float | None
    memory_used_mb: float | None
    disk_percent: float | None
    created_at: datetime
    updated_at: datetime
    lost_at: datetime | None
    problem: str | None
    failures: list[dict[str, Any]]


class RunnerSecret(Row, frozen=True):
    """What a Runner's key and secret are checked against."""

    id: UUID
    name: str
    secret_hash: str
    token_version: int

    def __repr__(self) -> str:
        return f"RunnerSecret(id={self.id!r}, name={self.name!r})"


class RunnerIdentity(Row, frozen=True):
    """What a Runner's token is checked against."""

    name: str
    token_version: int


class RunnerAtWork(Row, frozen=True):
    """A Runner's state, what it holds, and why it cannot start executions; `known` when it was ever connected."""

    id: UUID
    name: str
    state: str
    capabilities: list[str]
    connection_id: UUID | None
    execution_id: UUID | None
    lost_at: datetime | None
    problem: str | None
    known: bool


_COLUMNS = """
r.id, r.name, r.type, r.labels, r.state, r.machine_key, r.execution_id, r.version, r.platform, r.host,
h.at AS last_heartbeat_at, h.cpu_percent, h.memory_percent, h.memory_used_mb, h.disk_percent,
r.created_at, r.updated_at, r.lost_at, r.problem, r.failures
"""
_FROM = "runner r LEFT JOIN runner_heartbeat h ON h.runner_id = r.id"


async def insert(
    connection: Connection,
    *,
    id: UUID,
    name: str,
    type: str,
    labels: Sequence[str],
    machine_key: str,
    secret_hash: str,
) -> bool:
    """Register a Runner; False if the name is taken."""
    made = await connection.fetchval(
        "INSERT INTO runner (id, name, type, labels, machine_key, secret_hash) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (lower(name)) DO NOTHING RETURNING id",
        id,
        name,
        type,
        list(labels),
        machine_key,
        secret_hash,
    )
    return made is not None


async def get(connection: Connection, id: UUID) -> Runner | None:
    """One Runner."""
    row = await connection.fetchrow(f"SELECT {_COLUMNS} FROM {_FROM} WHERE r.id = $1", id)
    return Runner.one(row)


async def page(
    connection: Connection,
    *,
    after: tuple[str, UUID] | None,
    limit: int,
    state: str | None,
    type: str | None,
    label: str | None,
    text: str | None,
) -> list[Runner]:
    """Runners by name; conditions that are None are left out."""
    conditions, values = ["true"], list[Any]()
    for condition, value in (
        ("r.state = ${}", state),
        ("r.type = ${}", type),
        ("${} = ANY(r.labels)", label),
        ("strpos(lower(r.name), lower(${})) > 0", text),
    ):
        if value is not None:
            values.append(value)
            conditions.append(condition.format(len(values)))
    if after is not None:
        values.extend(after)
        conditions.append(f"(lower(r.name), r.id) > (${len(values) - 1}, ${len(values)})")
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM {_FROM} WHERE {' AND '.join(conditions)} ORDER BY lower(r.name), r.id LIMIT {limit:d}",
        *values,
    )
    return Runner.all(rows)


async def name_is_taken(connection: Connection, name: str, *, by_other_than: UUID) -> bool:
    """Whether another Runner has the name, ignoring case."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM runner WHERE lower(name) = lower($1) AND id <> $2)", name, by_other_than
    )
    return found


async def update(
    connection: Connection, id: UUID, *, name: str | None, type: str | None, labels: Sequence[str] | None
) -> bool:
    """Change what is not None; False when there is no such Runner."""
    found = await connection.fetchval(
        "UPDATE runner SET name = coalesce($2, name), type = coalesce($3, type), labels = coalesce($4, labels),"
        " updated_at = now() WHERE id = $1 RETURNING id",
        id,
        name,
        type,
        None if labels is None else list(labels),
    )
    return found is not None


async def remove(connection: Connection, id: UUID) -> bool:
    """Remove a Runner that holds no execution; False if it holds one or does not exist."""
    found = await connection.fetchval("DELETE FROM runner WHERE id = $1 AND execution_id IS NULL RETURNING id", id)
    await connection.execute("DELETE FROM runner_metric WHERE runner_id = $1", found)
    return found is not None


async def set_secret(connection: Connection, id: UUID, secret_hash: str) -> bool:
    """Replace the secret; every token made with the old one becomes invalid."""
    found = await connection.fetchval(
        "UPDATE runner SET secret_hash = $2, token_version = token_version + 1, updated_at = now()"
        " WHERE id = $1 RETURNING id",
        id,
        secret_hash,
    )
    return found is not None


async def find_by_key(connection: Connection, machine_key: str) -> RunnerSecret | None:
    """The Runner with that machine key, with its secret's hash."""
    row = await connection.fetchrow(
        "SELECT id, name, secret_hash, token_version FROM runner WHERE machine_key = $1", machine_key
    )
    return RunnerSecret.one(row)


async def find_for_token(connection: Connection, id: UUID) -> RunnerIdentity | None:
    """What a token is checked against."""
    row = await connection.fetchrow("SELECT name, token_version FROM runner WHERE id = $1", id)
    return RunnerIdentity.one(row)


async def attach(
    connection: Connection,
    id: UUID,
    *,
    hub_id: UUID,
    connection_id: UUID,
    version: str,
    platform: str,
    host: str,
    catalogue_hash: str,
    capabilities: Collection[str],
) -> bool | None:
    """Note that the Runner is connected to a Hub; returns whether its catalogue is known, or None if there is no such
    Runner.
    """
    found: bool | None = await connection.fetchval(
        """
        UPDATE runner SET online = true, hub_id = $2, connection_id = $3, lost_at = NULL, version = $4, platform = $5,
            host = $6, catalogue_hash = $7, capabilities = $8, resting_until = NULL, problem = NULL, failures = '[]'
        WHERE id = $1
        RETURNING EXISTS (SELECT FROM runner_catalogue WHERE hash = $7)
        """,
        id,
        hub_id,
        connection_id,
        version,
        platform,
        host,
        catalogue_hash,
        sorted(capabilities),
    )
    return found


async def detach(connection: Connection, id: UUID, connection_id: UUID, at: datetime) -> None:
    """Note that a connection is lost; does nothing if the Runner has another one by now."""
    await connection.execute(
        "UPDATE runner SET connection_id = NULL, lost_at = $3 WHERE id = $1 AND connection_id = $2",
        id,
        connection_id,
        at,
    )


async def touch(connection: Connection, id: UUID, at: datetime) -> None:
    """Note that the Runner is alive; the figures of its last heartbeat stay."""
    await connection.execute(
        "INSERT INTO runner_heartbeat (runner_id, at) VALUES ($1, $2) ON CONFLICT (runner_id) DO UPDATE SET at = $2",
        id,
        at,
    )


async def mark_online(connection: Connection, ids: Sequence[UUID]) -> None:
    """Mark connected Runners that had been taken for OFFLINE as ONLINE."""
    await connection.execute(
        "UPDATE runner SET online = true, lost_at = NULL WHERE id IN (SELECT id FROM runner"
        " WHERE id = ANY($1) AND NOT online AND connection_id IS NOT NULL ORDER BY id FOR NO KEY UPDATE)",
        ids,
    )


async def mark_offline(
    connection: Connection, *, at: datetime, lost_before: datetime, silent_before: datetime
) -> list[UUID]:
    """Mark Runners as OFFLINE whose connection was lost, or whose last heartbeat was, before these moments."""
    rows = await connection.fetch(
        """
        UPDATE runner SET online = false, lost_at = coalesce(lost_at, $3)
        WHERE id IN (
            SELECT r.id FROM runner r LEFT JOIN runner_heartbeat h ON h.runner_id = r.id
            WHERE r.online AND (
                (r.connection_id IS NULL AND coalesce(r.lost_at, '-infinity') < $1)
                OR coalesce(h.at, '-infinity') < $2
            )
            ORDER BY r.id FOR NO KEY UPDATE OF r
        )
        RETURNING id
        """,
        lost_before,
        silent_before,
        at,
    )
    return [row["id"] for row in rows]


async def store_heartbeats(
    connection: Connection, heartbeats: Sequence[tuple[UUID, datetime, float, float, float, float]]
) -> None:
    """Store the heartbeats: id, time, CPU, memory (percent), memory (MB), disk (percent). The latest one of each Runner
    is read all the time, so it is stored separately.
    """
    columns = list(zip(*sorted(heartbeats), strict=True))
    await connection.execute(
        """
        WITH known AS (
            SELECT c.* FROM unnest($1::uuid[], $2::timestamptz[], $3::real[], $4::real[], $5::real[], $6::real[])
                AS c (id, at, cpu, memory, used, disk)
            WHERE EXISTS (SELECT FROM runner r WHERE r.id = c.id)
        ), past AS (
            INSERT INTO runner_metric (runner_id, at, cpu_percent, memory_percent, memory_used_mb, disk_percent)
            SELECT * FROM known ON CONFLICT DO NOTHING
        )
        INSERT INTO runner_heartbeat (runner_id, at, cpu_percent, memory_percent, memory_used_mb, disk_percent)
        SELECT * FROM known
        ON CONFLICT (runner_id) DO UPDATE SET at = excluded.at, cpu_percent = excluded.cpu_percent,
            memory_percent = excluded.memory_percent, memory_used_mb = excluded.memory_used_mb,
            disk_percent = excluded.disk_percent
        """,
        *columns,
    )


async def set_conditions(connection: Connection, conditions: Sequence[tuple[UUID, str | None, str]]) -> None:
    """Note why these Runners cannot start executions, and what of their work failed (a JSON array as text)."""
    columns = list(zip(*sorted(conditions), strict=True))
    await connection.execute(
        "UPDATE runner r SET problem = c.problem, failures = c.failures::jsonb"
        " FROM unnest($1::uuid[], $2::text[], $3::text[]) AS c (id, problem, failures) WHERE r.id = c.id",
        *columns,
    )


async def store_catalogue(connection: Connection, hash: str, *, entries: str, activities: Sequence[str]) -> None:
    """Store what a Runner can do; `entries` is JSON text."""
    await connection.execute(
        "INSERT INTO runner_catalogue (hash, entries, activities) VALUES ($1, $2::text::json, $3)"
        " ON CONFLICT (hash) DO NOTHING",
        hash,
        entries,
        list(activities),
    )


async def state_of(connection: Connection, id: UUID | None) -> RunnerAtWork | None:
    """A Runner's name, its state and what it holds."""
    row = await connection.fetchrow(
        "SELECT id, name, state, capabilities, connection_id, execution_id, lost_at, problem,"
        " catalogue_hash IS NOT NULL AS known"
        " FROM runner WHERE id = $1",
        id,
    )
    return RunnerAtWork.one(row)


async def find_by_name(connection: Connection, id: UUID | None, name: str) -> UUID | None:
    """The Runner with that id, or with that name, ignoring case."""
    found: UUID | None = await connection.fetchval(
        "SELECT id FROM runner WHERE id = $1 OR ($1::uuid IS NULL AND lower(name) = lower($2))", id, name
    )
    return found


async def take(connection: Connection, id: UUID, requirement_id: int, execution_id: UUID) -> bool:
    """Occupy a Runner with an execution; False when it is not connected or not free, or its version is too old."""
    free: bool | None = await connection.fetchval(
        "UPDATE runner SET execution_id = $1 WHERE id = $2 AND execution_id IS NULL AND online"
        " AND problem IS NULL AND connection_id IS NOT NULL"
        " AND capabilities @> (SELECT capabilities FROM requirement WHERE id = $3) RETURNING true",
        execution_id,
        id,
        requirement_id,
    )
    return bool(free)


async def take_best(connection: Connection, requirement_id: int, execution_id: UUID) -> UUID | None:
    """Occupy the best connected and free Runner of any Hub with an execution; None if no suitable one is free."""
    id: UUID | None = await connection.fetchval(
        """
        UPDATE runner SET execution_id = $1 WHERE id = (
            SELECT r.id FROM fitting f JOIN runner r ON r.id = f.runner_id
            LEFT JOIN runner_heartbeat h ON h.runner_id = r.id
            WHERE f.requirement_id = $2 AND f.fits
              AND r.execution_id IS NULL AND r.online AND r.connection_id IS NOT NULL
              AND r.problem IS NULL AND (r.resting_until IS NULL OR r.resting_until < now())
            ORDER BY h.at DESC NULLS LAST LIMIT 1 FOR NO KEY UPDATE OF r SKIP LOCKED
        ) RETURNING id
        """,
        execution_id,
        requirement_id,
    )
    return id


def freeing(executions: str) -> str:
    """A statement that frees the Runners that these executions occupy, for use as a part of a larger statement.

    Args:
        executions: A query of their ids.
    """
    return f"""
        UPDATE runner SET execution_id = NULL WHERE id IN
            (SELECT id FROM runner WHERE execution_id IN ({executions}) ORDER BY id FOR NO KEY UPDATE)
        """


async def rest(connection: Connection, id: UUID, until: datetime) -> None:
    """Assign nothing to that Runner before `until`."""
    await connection.execute("UPDATE runner SET resting_until = $2 WHERE id = $1", id, until)
