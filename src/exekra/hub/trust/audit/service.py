"""Who did what, when, and from where: written in the transaction of the change, so that neither exists without the
other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection
from exekra.hub.trust.audit import store
from exekra.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Entry:
    """What `record` takes, for `record_all`."""

    actor: Actor
    action: str
    resource: str
    resource_id: UUID | str | None = None
    details: dict[str, Any] | None = None


async def record(
    connection: Connection,
    actor: Actor,
    action: str,
    resource: str,
    resource_id: UUID | str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add an entry to the audit log.

    Args:
        connection: The transaction of the change.
        actor: Who did it.
        action: What was done, as `resource.verb`: `workflow.publish`, `user.create`.
        resource: The kind of thing it was done to: `workflow`, `user`.
        resource_id: Which one.
        details: Further details, as JSON-like data; never a secret.
    """
    await store.insert(
        connection,
        id=new_id(),
        actor=actor,
        action=action,
        resource=resource,
        resource_id=None if resource_id is None else str(resource_id),
        details=details,
    )


async def recorded_lately(
    connection: Connection, actor: Actor, action: str, resource: str, resource_id: UUID | str
) -> bool:
    """Whether that actor has an entry of that kind from the last hour: what goes on needs no further one."""
    return await store.has_lately(
        connection, actor_id=actor.id, action=action, resource=resource, resource_id=str(resource_id)
    )


async def record_all(connection: Connection, entries: Sequence[Entry]) -> None:
    """Add several entries together, for changes that are made together."""
    if entries:
        await store.insert_all(connection, new_entries(entries))


def new_entries(entries: Sequence[Entry]) -> list[store.NewEntry]:
    """The entries as the store takes them."""
    return [
        (
            new_id(),
            entry.actor,
            entry.action,
            entry.resource,
            None if entry.resource_id is None else str(entry.resource_id),
            entry.details,
        )
        for entry in entries
    ]
