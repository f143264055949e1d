"""The routes that list workflows, each with its health."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from exekra.hub.core.database import Connection
from exekra.hub.core.hub import CurrentHub
from exekra.hub.core.unit_of_work import Look
from exekra.hub.design.workflows import overview_store, service
from exekra.hub.design.workflows.models import VersionState, Workflow
from exekra.hub.design.workflows.schemas import Tag, WorkflowAnswer
from exekra.hub.web.access import slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.web.paging import Cursor, Limit, Page, cut, read_cursor, write_cursor
from exekra.kit.ids import first_id

router = slice_router("Workflows")

WEEK = timedelta(days=7)
MOST_SHOWN = 10
_KINDS: dict[str, type[tuple[Any, ...]]] = {
    "name": tuple[str, UUID],
    "updated": tuple[datetime, UUID],
    "created": tuple[UUID, UUID],
    "last-run": tuple[UUID, UUID],
    "failures": tuple[int, UUID],
}


class LatestExecution(BaseModel):
    """The newest execution of a workflow."""

    id: UUID
    state: str = Field(examples=["COMPLETED"])
    created_at: datetime
    finished_at: datetime | None


class WorkflowHealth(BaseModel):
    """The outcomes of the executions of a workflow that were created in the last 7 days."""

    executions_7d: int
    completed_7d: int
    failed_7d: int
    success_rate_7d: float | None = Field(description="Completed / (completed + failed); null when none has ended.")
    last_10: list[str] = Field(description="The states of the newest executions, newest first.")


class WorkflowOverview(WorkflowAnswer):
    """A workflow and its health."""

    has_draft: bool = Field(description="Whether the newest version is not the published one.")
    latest_state: VersionState | None
    latest_at: datetime | None = Field(description="When the newest version was saved.")
    latest_author: str | None = Field(description="Who saved it.", examples=["ada@example.org"])
    published_at: datetime | None
    last_execution: LatestExecution | None
    health: WorkflowHealth


class TagCount(BaseModel):
    """A tag, and how many workflows have it."""

    tag: str = Field(examples=["finance"])
    count: int


@router.get("/api/workflows", summary="List the workflows", responses=error_answers(401, 403, 422))
async def list_workflows(
    hub: CurrentHub,
    connection: Look,
    limit: Limit = 50,
    cursor: Cursor = None,
    sort: overview_store.Sort = "name",
    text: Annotated[
        str | None,
        Query(max_length=200, description="Part of the name or the description, ignoring case and accents."),
    ] = None,
    tag: Annotated[
        list[Tag] | None,
        Query(max_length=20, description="May be given several times: a workflow must have all of the tags."),
    ] = None,
    archived: Annotated[bool, Query(description="List the archived workflows instead.")] = False,
    published: Annotated[bool | None, Query(description="Only those with, or without, a published version.")] = None,
    has_draft: Annotated[
        bool | None, Query(description="Only those whose newest version is not (or is) the published one.")
    ] = None,
) -> Page[WorkflowOverview]:
    """A `-` before the sort order reverses it: `-last-run` starts with the most recently run workflow, `-failures` with
    the one that failed most often in 7 days.
    """
    by = sort.removeprefix("-")
    after: Any = read_cursor(cursor, f"workflows{sort}", _KINDS[by])
    week = first_id(hub.clock.now() - WEEK)
    found = await overview_store.page(
        connection,
        sort=sort,
        after=after,
        limit=limit + 1,
        text=text,
        tags=tag or [],
        archived=archived,
        published=published,
        has_draft=has_draft,
        week=week,
    )
    shown, next_cursor = cut(found, limit, lambda row: write_cursor(f"workflows{sort}", (row[0], row[1].id)))
    items = await overviews(connection, [workflow for _, workflow in shown], week)
    return Page(items=items, next_cursor=next_cursor)


@router.get("/api/workflows/tags", summary="List the tags of workflows", responses=error_answers(401, 403))
async def list_tags(connection: Look) -> list[TagCount]:
    """Most frequent first; those of archived workflows do not count."""
    return [TagCount(**row.as_dict()) for row in await overview_store.tags(connection)]


@router.get("/api/workflows/{workflow_id}", summary="Get a workflow", responses=error_answers(401, 403, 404))
async def get_workflow(hub: CurrentHub, connection: Look, workflow_id: UUID) -> WorkflowOverview:
    """The workflow, without its document: for that, get the version `latest_number`."""
    workflow = await service.get(connection, workflow_id)
    return (await overviews(connection, [workflow], first_id(hub.clock.now() - WEEK)))[0]


async def overviews(connection: Connection, workflows: Sequence[Workflow], week: UUID) -> list[WorkflowOverview]:
    """Workflows with their health, in the same order."""
    ids = [workflow.id for workflow in workflows]
    known = {row.workflow_id: row for row in await overview_store.lately(connection, ids, week=week)}
    newest: dict[UUID, list[LatestExecution]] = {id: [] for id in ids}
    for row in await overview_store.newest_executions(connection, ids, most=MOST_SHOWN):
        newest[row.workflow_id].append(LatestExecution.model_validate(row, from_attributes=True))
    return [_overview(workflow, known[workflow.id], newest[workflow.id]) for workflow in workflows]


def _overview(workflow: Workflow, row: overview_store.Lately, newest: Sequence[LatestExecution]) -> WorkflowOverview:
    ended = row.completed_7d + row.failed_7d
    return WorkflowOverview(
        **dict(WorkflowAnswer.model_validate(workflow)),
        has_draft=workflow.published_number != workflow.latest_number,
        latest_state=row.latest_state,
        latest_at=row.latest_at,
        latest_author=row.latest_author,
        published_at=row.published_at,
        last_execution=newest[0] if newest else None,
        health=WorkflowHealth(
            executions_7d=row.executions_7d,
            completed_7d=row.completed_7d,
            failed_7d=row.failed_7d,
            success_rate_7d=row.completed_7d / ended if ended else None,
            last_10=[one.state for one in newest],
        ),
    )
