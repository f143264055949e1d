"""Publishes the latest draft, or makes an old version live again."""

from __future__ import annotations

from uuid import UUID

import msgspec

from exekra.flow.calls import Call
from exekra.flow.document import parse_document
from exekra.flow.errors import Problem
from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Conflict, Invalid
from exekra.hub.design.workflows import store
from exekra.hub.design.workflows.models import Saved
from exekra.hub.design.workflows.service import (
    Workflows,
    activities_of,
    errors_in_words,
    get,
    get_version,
    load_version,
    lock,
    parse,
)
from exekra.hub.trust.audit.service import record


async def publish(
    workflows: Workflows,
    connection: Connection,
    actor: Actor,
    id: UUID,
    *,
    number: int | None = None,
    release_notes: str = "",
) -> tuple[Saved, list[Problem]]:
    """Check the latest draft and make it the version that is run; returns the warnings of the check.

    Args:
        workflows: The workflows of the Hub.
        connection: The transaction.
        actor: Who publishes.
        id: The workflow.
        number: The version that the user saw; refused if another one is the latest.
        release_notes: What is new, for those who use the workflow.

    Raises:
        Conflict: The latest version is already published, or is not `number`.
        Invalid: The check found errors (code `workflow-invalid`); `problems` has each with its node and field.
    """
    workflow = await lock(connection, id)
    if workflow.archived_at is not None:
        raise Conflict(f"{workflow.name} is archived.", code="archived", hint="Restore it first.")
    stored = await load_version(connection, id, workflow.latest_number)
    latest = stored.version
    if number is not None and number != latest.number:
        raise Conflict(
            f"Version {latest.number} is the latest version, not {number}.",
            code="not-latest",
            where="body.number",
            hint=f"Only the latest version can be published. To publish {number}, roll back to it first.",
        )
    if latest.state != "draft":
        raise Conflict(f"Version {latest.number} is already {latest.state}.", code="no-draft")
    called = await workflows.called(connection, latest.calls)
    flow = await parse(stored.document)
    problems = await workflows.check(connection, flow, called)
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise Invalid(
            f"Version {latest.number} cannot be published: {errors_in_words(errors)}",
            code="workflow-invalid",
            where="document",
            problems=[msgspec.to_builtins(problem) for problem in problems],
        )
    await store.publish(
        connection,
        id,
        latest.number,
        activities=activities_of(flow, *called.values()),
        by=actor.id,
        release_notes=release_notes,
    )
    await _refresh_callers(workflows, connection, workflow.name)
    await record(connection, actor, "workflow.publish", "workflow", id, {"number": latest.number})
    saved = Saved(workflow=await get(connection, id), version=await get_version(connection, id, latest.number))
    return saved, problems


async def _refresh_callers(workflows: Workflows, connection: Connection, name: str) -> None:
    """A caller needs what its callee needs: a Runner of the caller must be able to run the callee."""
    for caller in await store.published_callers(connection, Call(name).key):
        stored = await load_version(connection, caller.workflow_id, caller.number)
        called = await workflows.called(connection, stored.version.calls)
        activities = activities_of(parse_document(stored.document), *called.values())
        if activities != stored.version.activities:
            await store.set_activities(connection, caller.workflow_id, caller.number, activities)
