"""Makes a workflow from another one."""

from __future__ import annotations

from uuid import UUID

from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection
from exekra.hub.design.workflows.models import Saved
from exekra.hub.design.workflows.service import Workflows, get, load_version
from exekra.hub.trust.audit.service import record


async def duplicate(
    workflows: Workflows, connection: Connection, actor: Actor, id: UUID, *, name: str, number: int | None = None
) -> Saved:
    """Make a workflow from a version of another one, the newest unless a number is given.

    Raises:
        NotFound: There is no such workflow or version.
        Conflict: There is a workflow of that name.
    """
    original = await get(connection, id)
    stored = await load_version(connection, id, number or original.latest_number)
    saved = await workflows.create(
        connection,
        actor,
        name=name,
        description=original.description,
        tags=original.tags,
        document=stored.document,
    )
    details = {"from": str(id), "number": stored.version.number}
    await record(connection, actor, "workflow.duplicate", "workflow", saved.workflow.id, details)
    return saved
