"""Makes versions from what is there already: another workflow, an older version, or a file that is imported."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from exekra.flow.document import to_document
from exekra.flow.model import Flow
from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection
from exekra.hub.design.workflows import file_store, store
from exekra.hub.design.workflows.file_store import WorkflowFile
from exekra.hub.design.workflows.models import Saved
from exekra.hub.design.workflows.service import Workflows, get, get_version, load_version, lock, parse
from exekra.hub.trust.audit.service import record


async def duplicate(
    workflows: Workflows, connection: Connection, actor: Actor, id: UUID, *, name: str, number: int | None = None
) -> Saved:
    """Make a workflow from a version of another one with its files, the newest unless a number is given.

    Raises:
        NotFound: There is no such workflow or version.
        Conflict: There is already a workflow with that name.
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
        files=await file_store.of_set(connection, stored.version.files_id),
    )
    details = {"from": str(id), "number": stored.version.number}
    await record(connection, actor, "workflow.duplicate", "workflow", saved.workflow.id, details)
    return saved


async def roll_back(workflows: Workflows, connection: Connection, actor: Actor, id: UUID, number: int) -> Saved:
    """Take an old version's document and files as the next draft.

    Raises:
        NotFound: There is no such workflow or version.
    """
    workflow = await lock(connection, id)
    old = await load_version(connection, id, number)
    version = await workflows.add_version(
        connection,
        actor,
        id,
        await parse(old.document),
        workflow.name,
        note=f"Version {number} again",
        files_id=old.version.files_id,
    )
    details = {"from": number, "number": version.number}
    await record(connection, actor, "workflow.roll-back", "workflow", id, details)
    return Saved(workflow=await get(connection, id), version=version)


async def bring_in(
    workflows: Workflows,
    connection: Connection,
    actor: Actor,
    flow: Flow,
    *,
    tags: Sequence[str] = (),
    note: str = "",
    files: Sequence[WorkflowFile] | None = None,
) -> Saved:
    """Import a flow: as the next draft of the workflow of its name, or as a new workflow.

    Args:
        workflows: What can be done with workflows.
        connection: The transaction.
        actor: Who imports it.
        flow: The flow.
        tags: Those of a new workflow.
        note: What changed, for people.
        files: The files that belong to it; None keeps those that the workflow has.
    """
    existing = await store.find_by_name(connection, flow.name)
    if existing is None:
        saved = await workflows.create(
            connection,
            actor,
            name=flow.name,
            description=flow.description,
            tags=tags,
            document=to_document(flow),
            files=files or (),
        )
    else:
        workflow = await lock(connection, existing.id)
        if files is None:
            files_id = (await get_version(connection, workflow.id, workflow.latest_number)).files_id
        else:
            files_id = await file_store.add_set(connection, workflow.id, files)
        if flow.description and flow.description != workflow.description:
            await workflows.change(connection, actor, workflow.id, description=flow.description)
        version = await workflows.add_version(
            connection, actor, workflow.id, flow, workflow.name, note=note, files_id=files_id
        )
        saved = Saved(workflow=await get(connection, workflow.id), version=version)
    details = {"name": flow.name, "number": saved.version.number, "files": saved.version.file_count}
    await record(connection, actor, "workflow.import", "workflow", saved.workflow.id, details)
    return saved
