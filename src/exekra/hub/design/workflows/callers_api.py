"""The routes for what a call gets, and for the callers of a workflow."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, Field

from exekra.flow.calls import LARGEST_VERSION
from exekra.hub.core.errors import NotFound
from exekra.hub.core.unit_of_work import Look
from exekra.hub.design.workflows import caller_store, service
from exekra.hub.design.workflows.schemas import VersionWithDocument, with_document
from exekra.hub.web.access import slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.web.texts import PlainText

router = slice_router("Workflows")


class CallerAnswer(BaseModel):
    """A workflow that calls another one."""

    id: UUID
    name: str = Field(examples=["Orders"])
    published: bool = Field(description="Whether its published version calls it; otherwise its newest draft does.")


@router.get(
    "/api/workflows/published",
    summary="Get the version that a call gets",
    responses=error_answers(401, 403, 404, 422),
)
async def get_published(
    connection: Look,
    name: Annotated[PlainText, Query(max_length=200, description="The name that the calling node gives.")],
    version: Annotated[
        int | None, Query(ge=1, le=LARGEST_VERSION, description="The version that it pins, if any.")
    ] = None,
    at: Annotated[AwareDatetime | None, Query(description="The time of the call; default: now.")] = None,
) -> VersionWithDocument:
    """The published version of the workflow of that name, or the version that the call pins, which must have been
    published. An execution calls the versions that were published when it was assigned to its Runner, so pass its
    `assigned_at` as `at`.
    """
    found = await caller_store.find_called(connection, name, version, at)
    if found is None:
        if version is not None:
            raise NotFound(f"There is no published version {version} of {name!r}.", where="query.version")
        raise NotFound(f"There is no published workflow named {name!r}.", where="query.name")
    return with_document(await service.load_version(connection, *found))


@router.get(
    "/api/workflows/{workflow_id}/callers",
    summary="List the workflows that call this one",
    responses=error_answers(401, 403, 404),
)
async def list_callers(connection: Look, workflow_id: UUID) -> list[CallerAnswer]:
    """Those whose published version or newest draft calls it by name: they fail if it is archived or renamed."""
    workflow = await service.get(connection, workflow_id)
    return [CallerAnswer(**row.as_dict()) for row in await caller_store.callers(connection, workflow.name)]
