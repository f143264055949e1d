"""Workflows and their versions: make, save, publish, roll back and compare."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import Path, Query, Response

from exekra.flow.calls import LARGEST_VERSION
from exekra.flow.diff import diff_flows
from exekra.flow.document import logic_hash
from exekra.hub.core.unit_of_work import Look, Unit
from exekra.hub.design.workflows import (
    callers_api,
    copying,
    file_store,
    overviews,
    publishing,
    service,
    store,
    transfer_api,
)
from exekra.hub.design.workflows.comparing import as_answer, changed_files
from exekra.hub.design.workflows.files import api as files_api
from exekra.hub.design.workflows.models import Saved
from exekra.hub.design.workflows.schemas import (
    CheckAnswer,
    DiffAnswer,
    DocumentToCheck,
    Duplication,
    FlowProblem,
    NewVersion,
    NewWorkflow,
    Publication,
    PublishedAnswer,
    RollBack,
    SavedAnswer,
    VersionAnswer,
    VersionWithDocument,
    WorkflowAnswer,
    WorkflowChange,
    with_document,
)
from exekra.hub.design.workflows.service import CurrentWorkflows
from exekra.hub.web.access import CurrentActor, slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.web.paging import Cursor, Limit, Page, cut, read_cursor, write_cursor

router = slice_router("Workflows")

Number = Annotated[int, Path(ge=1, le=LARGEST_VERSION, description="The number of the version.")]
_ENTRIES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}}}
}
BreakCallers = Annotated[
    bool, Query(description="Proceed even if published workflows call this one by the name that it would lose.")
]


@router.get(
    "/api/activities",
    summary="List the activities that workflows may use",
    response_class=Response,
    responses=_ENTRIES | error_answers(401, 403),
)
async def list_activities(connection: Look, workflows: CurrentWorkflows) -> Response:
    """The control nodes and all activities, with the schema of each input: the contents of a designer's toolbox."""
    entries = await workflows.activities.entries(connection)
    return Response(msgspec.json.encode(entries), media_type="application/json")


@router.post(
    "/api/workflows", summary="Create a workflow", status_code=201, responses=error_answers(401, 403, 409, 413, 422)
)
async def create_workflow(
    connection: Unit, workflows: CurrentWorkflows, actor: CurrentActor, body: NewWorkflow
) -> SavedAnswer:
    """It starts with version 1, a draft. Drafts may be unfinished: they are checked when they are published."""
    saved = await workflows.create(
        connection, actor, name=body.name, description=body.description, tags=body.tags, document=body.document
    )
    return _saved(saved)


@router.post(
    "/api/workflows/check", summary="Check a document as for publishing", responses=error_answers(401, 403, 413, 422)
)
async def check_document(connection: Look, workflows: CurrentWorkflows, body: DocumentToCheck) -> CheckAnswer:
    """Nothing is stored. Each problem names its node and field."""
    problems = await workflows.check(connection, await service.parse(body.document))
    return CheckAnswer(
        publishable=not any(problem.severity == "error" for problem in problems),
        problems=[FlowProblem.model_validate(problem) for problem in problems],
    )


@router.patch(
    "/api/workflows/{workflow_id}",
    summary="Change a workflow's name, description or tags",
    responses=error_answers(401, 403, 404, 409, 422),
)
async def change_workflow(
    connection: Unit,
    workflows: CurrentWorkflows,
    actor: CurrentActor,
    workflow_id: UUID,
    body: WorkflowChange,
    break_callers: BreakCallers = False,
) -> WorkflowAnswer:
    """Calls use the name: renaming is refused while published workflows call it (409 `has-callers`, with their names),
    unless `break_callers` is set.
    """
    changed = await workflows.change(
        connection,
        actor,
        workflow_id,
        name=body.name,
        description=body.description,
        tags=body.tags,
        break_callers=break_callers,
    )
    return WorkflowAnswer.model_validate(changed)


@router.delete(
    "/api/workflows/{workflow_id}",
    summary="Delete a workflow with all its versions",
    status_code=204,
    responses=error_answers(401, 403, 404, 409),
)
async def delete_workflow(
    connection: Unit,
    workflows: CurrentWorkflows,
    actor: CurrentActor,
    workflow_id: UUID,
    break_callers: BreakCallers = False,
) -> None:
    """Only possible while it has no executions; otherwise, archive it."""
    await workflows.delete(connection, actor, workflow_id, break_callers=break_callers)


@router.post(
    "/api/workflows/{workflow_id}/duplicate",
    summary="Duplicate a workflow",
    status_code=201,
    responses=error_answers(401, 403, 404, 409, 422),
)
async def duplicate_workflow(
    connection: Unit, workflows: CurrentWorkflows, actor: CurrentActor, workflow_id: UUID, body: Duplication
) -> SavedAnswer:
    """A new workflow with the document, the files, the description and the tags of this one. It begins with version
    1, a draft."""
    return _saved(
        await copying.duplicate(workflows, connection, actor, workflow_id, name=body.name, number=body.number)
    )


@router.post(
    "/api/workflows/{workflow_id}/archive", summary="Archive a workflow", responses=error_answers(401, 403, 404, 409)
)
async def archive_workflow(
    connection: Unit,
    workflows: CurrentWorkflows,
    actor: CurrentActor,
    workflow_id: UUID,
    break_callers: BreakCallers = False,
) -> WorkflowAnswer:
    """No longer listed or run; its name becomes free; nothing is lost. Refused while published workflows call it."""
    return WorkflowAnswer.model_validate(
        await workflows.change(connection, actor, workflow_id, archived=True, break_callers=break_callers)
    )


@router.post(
    "/api/workflows/{workflow_id}/restore",
    summary="Restore a workflow from the archive",
    responses=error_answers(401, 403, 404, 409),
)
async def restore_workflow(
    connection: Unit, workflows: CurrentWorkflows, actor: CurrentActor, workflow_id: UUID
) -> WorkflowAnswer:
    """Refused if another workflow has taken its name."""
    return WorkflowAnswer.model_validate(await workflows.change(connection, actor, workflow_id, archived=False))


@router.get(
    "/api/workflows/{workflow_id}/versions", summary="List the versions", responses=error_answers(401, 403, 404, 422)
)
async def list_versions(
    connection: Look,
    workflow_id: UUID,
    limit: Limit = 50,
    cursor: Cursor = None,
    working: Annotated[bool, Query(description="List working copies, too.")] = False,
) -> Page[VersionAnswer]:
    """Newest first, without documents."""
    before = read_cursor(cursor, "versions", tuple[int])
    await service.get(connection, workflow_id)
    found = await store.versions(
        connection, workflow_id, before=before[0] if before else None, limit=limit + 1, working=working
    )
    shown, next_cursor = cut(found, limit, lambda version: write_cursor("versions", (version.number,)))
    return Page(items=[VersionAnswer.model_validate(version) for version in shown], next_cursor=next_cursor)


@router.post(
    "/api/workflows/{workflow_id}/versions",
    summary="Save a document as the next version",
    status_code=201,
    responses=error_answers(401, 403, 404, 409, 413, 422),
)
async def save_version(
    connection: Unit,
    workflows: CurrentWorkflows,
    actor: CurrentActor,
    workflow_id: UUID,
    body: NewVersion,
    break_callers: BreakCallers = False,
) -> SavedAnswer:
    """Refused if somebody has saved since `based_on`; the message says who and when, and nothing is overwritten.

    The document gets the workflow's name, not the other way round: `name` and `description` change the workflow."""
    return _saved(
        await workflows.save(
            connection,
            actor,
            workflow_id,
            document=body.document,
            based_on=body.based_on,
            note=body.note,
            name=body.name,
            description=body.description,
            break_callers=break_callers,
            working=body.working,
        )
    )


@router.get(
    "/api/workflows/{workflow_id}/versions/{number}",
    summary="Get a version with its document",
    responses=error_answers(401, 403, 404),
)
async def get_version(connection: Look, workflow_id: UUID, number: Number) -> VersionWithDocument:
    """The document is exactly what was saved, with the nodes in their order."""
    return with_document(await service.load_version(connection, workflow_id, number))


@router.post(
    "/api/workflows/{workflow_id}/versions/{number}/roll-back",
    summary="Roll back to an old version",
    status_code=201,
    responses=error_answers(401, 403, 404, 409, 422),
)
async def roll_back(
    connection: Unit,
    workflows: CurrentWorkflows,
    actor: CurrentActor,
    workflow_id: UUID,
    number: Number,
    body: RollBack | None = None,
) -> SavedAnswer:
    """Its files come with it. The old document becomes the next draft, published if asked for; the versions in between
    stay. When it cannot be published, nothing changes.
    """
    saved = await copying.roll_back(workflows, connection, actor, workflow_id, number)
    if body is not None and body.publish:
        saved, _ = await publishing.publish(
            workflows, connection, actor, workflow_id, number=saved.version.number, release_notes=body.release_notes
        )
    return _saved(saved)


@router.post(
    "/api/workflows/{workflow_id}/publish",
    summary="Publish the latest draft",
    responses=error_answers(401, 403, 404, 409, 422),
)
async def publish(
    connection: Unit,
    workflows: CurrentWorkflows,
    actor: CurrentActor,
    workflow_id: UUID,
    body: Publication | None = None,
) -> PublishedAnswer:
    """The draft is checked first; `error.problems` has each error with its node and field. The previously published
    version becomes `superseded`.
    """
    body = body or Publication()
    saved, problems = await publishing.publish(
        workflows, connection, actor, workflow_id, number=body.number, release_notes=body.release_notes
    )
    return PublishedAnswer(
        **dict(_saved(saved)), warnings=[FlowProblem.model_validate(problem) for problem in problems]
    )


@router.get(
    "/api/workflows/{workflow_id}/diff",
    summary="Compare two versions",
    responses=error_answers(401, 403, 404, 422),
)
async def diff(
    connection: Look,
    workflow_id: UUID,
    old: Annotated[int, Query(alias="from", ge=1, le=LARGEST_VERSION, description="The number of the older version.")],
    new: Annotated[int, Query(alias="to", ge=1, le=LARGEST_VERSION, description="The number of the newer version.")],
) -> DiffAnswer:
    """What changed in the logic: nodes, edges, inputs, outputs, variables; a changed layout is only mentioned.
    And which of the files that belong to them are other ones."""
    before = await service.load_version(connection, workflow_id, old)
    after = await service.load_version(connection, workflow_id, new)
    flows = await service.parse(before.document), await service.parse(after.document)
    files = [await file_store.of_set(connection, stored.version.files_id) for stored in (before, after)]
    changes = await asyncio.to_thread(lambda: as_answer(diff_flows(*flows)))
    return DiffAnswer(
        from_number=old,
        to_number=new,
        same_logic=logic_hash(flows[0]) == logic_hash(flows[1]),
        changes=changes,
        files=changed_files(*files),
    )


def _saved(saved: Saved) -> SavedAnswer:
    return SavedAnswer.model_validate(saved)


for other in (callers_api, files_api, overviews, transfer_api):
    router.routes.extend(other.router.routes)
