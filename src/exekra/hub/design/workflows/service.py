"""Workflows: every save creates a version, and nothing that was saved is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import Depends

from exekra.flow.calls import calls_of
from exekra.flow.check import check_flow
from exekra.flow.checks.calls import FindWorkflow
from exekra.flow.control import CONTROL
from exekra.flow.document import content_hash, parse_document, to_document
from exekra.flow.errors import Problem
from exekra.flow.model import Flow
from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Conflict, NotFound
from exekra.hub.core.hub import CurrentHub, Hub
from exekra.hub.design.workflows import file_store, store
from exekra.hub.design.workflows.callers import refuse_to_break
from exekra.hub.design.workflows.catalogue import KnownActivities
from exekra.hub.design.workflows.file_store import WorkflowFile
from exekra.hub.design.workflows.models import Saved, StoredVersion, Version, Workflow
from exekra.hub.trust.audit.service import record
from exekra.kit.ids import new_id


class Workflows:
    """The operations on workflows; each method works in the given transaction, including its audit entry."""

    def __init__(self) -> None:
        self.activities = KnownActivities()

    async def create(
        self,
        connection: Connection,
        actor: Actor,
        *,
        name: str,
        description: str = "",
        tags: Sequence[str] = (),
        document: dict[str, Any] | None = None,
        files: Sequence[WorkflowFile] = (),
    ) -> Saved:
        """Create a workflow with version 1, which is empty unless a document is given.

        If only one of workflow and document has a description, the other gets it too.

        Raises:
            Conflict: There is already a workflow with that name.
            FlowError: The document is not a valid flow document.
        """
        flow = Flow(name=name) if document is None else await parse(document)
        described = msgspec.structs.replace(flow, description=flow.description or description)
        id = new_id()
        if not await store.insert(
            connection,
            id=id,
            name=name,
            description=description or flow.description,
            tags=_unique(tags),
            created_by=actor.id,
        ):
            raise name_taken(name)
        files_id = await file_store.add_set(connection, id, files)
        version = await self.add_version(connection, actor, id, described, name, note="", files_id=files_id)
        await record(connection, actor, "workflow.create", "workflow", id, {"name": name})
        return Saved(workflow=await get(connection, id), version=version, created=True)

    async def save(
        self,
        connection: Connection,
        actor: Actor,
        id: UUID,
        *,
        document: dict[str, Any],
        based_on: int,
        note: str = "",
        name: str | None = None,
        description: str | None = None,
        break_callers: bool = False,
        working: bool = False,
    ) -> Saved:
        """Save a document as the next version, a draft. The newest version is kept instead where it is a working copy
        of this very document.

        Args:
            based_on: The number of the version that was edited; it must still be the latest one.
            name: The workflow's new name; None keeps the current one, whatever the document says.
            description: Its new description; None keeps it.
            working: Save it as a working copy, to run it.

        Raises:
            Conflict: Somebody has saved in the meantime; the message says who and when. Also as for `change`.
            FlowError: The document is not a valid flow document.
        """
        flow = await parse(document)
        latest = await self.lock_latest(connection, id, based_on)
        workflow = await get(connection, id)
        if name is not None or description is not None:
            workflow = await self.change(
                connection, actor, id, name=name, description=description, break_callers=break_callers
            )
        if latest.working and not working and await self._is_same(connection, latest, flow, workflow.name):
            await store.keep(connection, id, latest.number, note)
            version = await get_version(connection, id, latest.number)
        else:
            version = await self.add_version(
                connection, actor, id, flow, workflow.name, note=note, files_id=latest.files_id, working=working
            )
        await record(connection, actor, "workflow.save", "workflow", id, {"number": version.number})
        return Saved(workflow=await get(connection, id), version=version)

    async def _is_same(self, connection: Connection, version: Version, flow: Flow, name: str) -> bool:
        stored = await load_version(connection, version.workflow_id, version.number)
        return stored.document == to_document(msgspec.structs.replace(flow, name=name))

    async def lock_latest(self, connection: Connection, id: UUID, based_on: int) -> Version:
        """The latest version of a workflow, which nobody else saves until the transaction ends.

        Raises:
            NotFound: There is no such workflow.
            Conflict: It is not the version `based_on`; the message says who saved it and when.
        """
        workflow = await lock(connection, id)
        latest = await get_version(connection, id, workflow.latest_number)
        if latest.number != based_on:
            raise Conflict(
                f"{latest.author or 'Somebody'} saved version {latest.number} at "
                f"{latest.created_at:%Y-%m-%d %H:%M:%S} UTC; you edited version {based_on}.",
                code="version-conflict",
                where="body.based_on",
                hint=f"Compare with version {latest.number}, then save with based_on set to {latest.number}.",
            )
        return latest

    async def check(self, connection: Connection, flow: Flow, called: dict[str, Flow] | None = None) -> list[Problem]:
        """The errors and warnings of a flow, checked as for publishing."""
        if called is None:
            called = await self.called_by(connection, flow)
        catalogue = await self.activities.catalogue(connection)
        pinned = {call.name for call in calls_of(flow) if call.version is not None and call.key not in called}
        numbers = await store.published_numbers(connection, sorted(pinned)) if pinned else {}
        find: FindWorkflow = called.get
        problems = await asyncio.to_thread(
            check_flow, flow, catalogue, workflows=find, versions=lambda name: numbers.get(name, ())
        )
        return list(problems)

    async def change(
        self,
        connection: Connection,
        actor: Actor,
        id: UUID,
        *,
        name: str | None = None,
        description: str | None = None,
        tags: Sequence[str] | None = None,
        archived: bool | None = None,
        break_callers: bool = False,
    ) -> Workflow:
        """Change what is not None.

        Raises:
            Conflict: There is a workflow of that name, or published ones call it by the name that it would lose.
        """
        before = await lock(connection, id)
        if not break_callers and before.archived_at is None and (archived or name not in (None, before.name)):
            await refuse_to_break(connection, before.name)
        tags = None if tags is None else _unique(tags)
        if not await store.update(connection, id, name=name, description=description, tags=tags, archived=archived):
            raise name_taken(name or before.name)
        after = await get(connection, id)
        if archived is not None:
            if (before.archived_at is None) == archived:
                action = "workflow.archive" if archived else "workflow.restore"
                await record(connection, actor, action, "workflow", id, {"name": after.name})
            return after
        changes = {
            key: {"from": getattr(before, key), "to": getattr(after, key)}
            for key in ("name", "description", "tags")
            if getattr(before, key) != getattr(after, key)
        }
        if changes:
            await record(connection, actor, "workflow.change", "workflow", id, changes)
        return after

    async def delete(self, connection: Connection, actor: Actor, id: UUID, *, break_callers: bool = False) -> None:
        """Delete a workflow with all its versions.

        Raises:
            Conflict: It has executions, whose history needs it, or published workflows call it.
        """
        workflow = await lock(connection, id)
        if not break_callers and workflow.archived_at is None:
            await refuse_to_break(connection, workflow.name)
        if not await store.delete(connection, id):
            raise Conflict(
                f"{workflow.name} has executions, whose history needs its versions.",
                code="has-executions",
                hint="Archive it instead.",
            )
        await record(connection, actor, "workflow.delete", "workflow", id, {"name": workflow.name})

    async def add_version(
        self,
        connection: Connection,
        actor: Actor,
        id: UUID,
        flow: Flow,
        name: str,
        *,
        note: str,
        files_id: UUID | None,
        working: bool = False,
    ) -> Version:
        """Save a flow as the next version of a workflow that is locked, or made in this transaction.

        Args:
            connection: The transaction.
            actor: Who saves it.
            id: The workflow.
            flow: The flow.
            name: The workflow's name, which the document gets.
            note: What changed, for people.
            files_id: The set of its files; None for none.
            working: Whether it is a working copy.
        """
        flow = msgspec.structs.replace(flow, name=name)  # a workflow has one name, wherever its document came from
        number = await store.insert_version(
            connection,
            id=new_id(),
            workflow_id=id,
            document=to_document(flow),
            content_hash=content_hash(flow),
            activities=activities_of(flow),
            calls=_calls(flow),
            note=note,
            created_by=actor.id,
            files_id=files_id,
            working=working,
        )
        return await get_version(connection, id, number)

    async def called_by(self, connection: Connection, flow: Flow) -> dict[str, Flow]:
        """The flows that a flow calls, directly or indirectly, by the keys of the calls."""
        return await self.called(connection, _calls(flow))

    async def called(self, connection: Connection, keys: Sequence[str]) -> dict[str, Flow]:
        """The flows that calls with these keys get, and those that these call directly or indirectly, by the keys of
        the calls.
        """
        rows = await store.called_documents(connection, keys)
        return {row.key: parse_document(row.document) for row in rows}


async def get(connection: Connection, id: UUID) -> Workflow:
    """The workflow with that id.

    Raises:
        NotFound: There is none.
    """
    workflow = await store.find(connection, id)
    if workflow is None:
        raise _no_workflow()
    return workflow


async def get_version(connection: Connection, id: UUID, number: int) -> Version:
    """That version, without its document.

    Raises:
        NotFound: There is none.
    """
    version = await store.find_version(connection, id, number)
    if version is None:
        raise _no_version(number)
    return version


async def load_version(connection: Connection, id: UUID, number: int) -> StoredVersion:
    """That version, with its document.

    Raises:
        NotFound: There is none.
    """
    stored = await store.load_version(connection, id, number)
    if stored is None:
        raise _no_version(number)
    return stored


async def parse(document: dict[str, Any]) -> Flow:
    """The flow of a document, read in a thread, because it may be large.

    Raises:
        FlowError: It is not a valid flow document.
    """
    return await asyncio.to_thread(parse_document, document)


async def lock(connection: Connection, id: UUID) -> Workflow:
    """The workflow of that id, which nobody else changes until the transaction ends.

    Raises:
        NotFound: There is none.
    """
    workflow = await store.lock(connection, id)
    if workflow is None:
        raise _no_workflow()
    return workflow


def activities_of(*flows: Flow) -> list[str]:
    return sorted({node.do for flow in flows for node in flow.nodes.values()} - CONTROL.entries.keys())


def _calls(flow: Flow) -> list[str]:
    return sorted({call.key for call in calls_of(flow)})


def errors_in_words(errors: Sequence[Problem]) -> str:
    """The first error, and how many more there are."""
    more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
    return f"{errors[0].text}{more}"


def _unique(tags: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(tags))


def _no_workflow() -> NotFound:
    return NotFound("There is no such workflow.", where="path.workflow_id")


def _no_version(number: int) -> NotFound:
    return NotFound(f"The workflow has no version {number}.", where="path.number")


def name_taken(name: str) -> Conflict:
    """Another workflow has that name."""
    return Conflict(f"There is already a workflow named {name!r}.", code="name-taken", where="body.name")


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Provide workflows while the Hub runs."""
    hub.add(Workflows())
    yield


async def current_workflows(hub: CurrentHub) -> Workflows:
    """The workflows of the Hub that answers this request."""
    return hub.get(Workflows)


CurrentWorkflows = Annotated[Workflows, Depends(current_workflows)]
