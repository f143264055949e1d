"""The audit log in PostgreSQL: rows are added and read, and the database itself refuses everything else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection, Record


async def insert(
    connection: Connection,
    *,
    id: UUID,
    actor: Actor,
    action: str,
    resource: str,
    resource_id: str | None,
    details: dict[str, Any] | None,
) -> None:
    """Add an entry; its time is that of the transaction."""
    await connection.execute(
        """
        INSERT INTO audit_log (id, actor_kind, actor_id, actor_name, ip, action, resource, resource_id, details)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        id,
        actor.kind,
        actor.id,
        actor.name,
        actor.ip,
        action,
        resource,
        resource_id,
        details,
    )


async def insert_all(
    connection: Connection, entries: Sequence[tuple[UUID, Actor, str, str, str | None, dict[str, Any] | None]]
) -> None:
    """Add several entries: id, actor, action, resource, its id, details."""
    await connection.execute(
        """
        INSERT INTO audit_log (id, actor_kind, actor_id, actor_name, ip, action, resource, resource_id, details)
        SELECT * FROM unnest(
            $1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[])
        """,
        [id for id, *_ in entries],
        [actor.kind for _, actor, *_ in entries],
        [actor.id for _, actor, *_ in entries],
        [actor.name for _, actor, *_ in entries],
        [actor.ip for _, actor, *_ in entries],
        [action for _, _, action, *_ in entries],
        [resource for _, _, _, resource, *_ in entries],
        [resource_id for *_, resource_id, _ in entries],
        [details for *_, details in entries],
    )


async def page(
    connection: Connection,
    *,
    after: UUID | None,
    limit: int,
    actor_id: UUID | None,
    action: str | None,
    resource: str | None,
    resource_id: str | None,
    since: datetime | None,
    until: datetime | None,
) -> list[Record]:
    """Entries, the newest first; each condition that is None is left out."""
    conditions, values = ["true"], list[Any]()
    for condition, value in (
        ("id < ${}", after),
        ("actor_id = ${}", actor_id),
        ("action = ${}", action),
        ("resource = ${}", resource),
        ("resource_id = ${}", resource_id),
        ("at >= ${}", since),
        ("at < ${}", until),
    ):
        if value is not None:
            values.append(value)
            conditions.append(condition.format(len(values)))
    return await connection.fetch(
        f"SELECT * FROM audit_log WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT {limit:d}",
        *values,
    )
