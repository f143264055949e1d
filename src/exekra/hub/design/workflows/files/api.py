"""The routes of the files that belong to a workflow: listed and downloaded by version, changed as a new version."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from exekra.flow.calls import LARGEST_VERSION
from exekra.hub.contents import store as contents_store
from exekra.hub.contents.service import Contents
from exekra.hub.core.errors import NotFound
from exekra.hub.core.hub import CurrentHub
from exekra.hub.core.unit_of_work import Look, Unit
from exekra.hub.design.workflows import file_store, service
from exekra.hub.design.workflows.file_store import WorkflowFile
from exekra.hub.design.workflows.files.schemas import (
    ChangesOfFiles,
    UploadedContent,
    VersionFiles,
    WorkflowFileAnswer,
)
from exekra.hub.design.workflows.files.service import CurrentWorkflowFiles, file_of_version
from exekra.hub.design.workflows.schemas import SavedAnswer
from exekra.hub.web.access import CurrentActor, slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.web.downloads import DOWNLOAD, download, media_type_of, shown_as
from exekra.hub.web.raw_bodies import RAW_BODY, RawBodyLength
from exekra.kit.relative_paths import LONGEST_PATH

router = slice_router("Workflows")

Number = Annotated[int, Path(ge=1, le=LARGEST_VERSION, description="The number of the version.")]
CONTENT = {"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}


@router.get(
    "/api/workflows/{workflow_id}/versions/{number}/files",
    summary="List the files of a version",
    responses=error_answers(401, 403, 404, 422),
)
async def list_version_files(connection: Look, workflow_id: UUID, number: Number) -> VersionFiles:
    """The files that are next to the workflow wherever it runs, by path."""
    version = await service.get_version(connection, workflow_id, number)
    files = await file_store.of_set(connection, version.files_id)
    return VersionFiles(number=number, items=[_answer(file) for file in files])


@router.get(
    "/api/workflows/{workflow_id}/versions/{number}/files/content",
    summary="Download a file of a version",
    response_class=Response,
    responses=DOWNLOAD | error_answers(401, 403, 404, 416, 422, 503),
)
async def download_version_file(
    request: Request,
    hub: CurrentHub,
    workflow_id: UUID,
    number: Number,
    path: Annotated[str, Query(max_length=LONGEST_PATH, examples=["lib/prices.py"])],
    show: Annotated[bool, Query(description="Show pictures, PDF and text in place instead of saving them.")] = False,
) -> Response:
    """Returns its bytes, or the requested range of them. Files that a browser could run (HTML, SVG) are only offered
    for saving.
    """
    async with hub.database.reading() as connection:
        file = await file_of_version(connection, workflow_id, number, path)
        content = await contents_store.get(connection, file.content_id)
    if content is None:
        raise NotFound("The content of the file is gone.")
    contents = hub.get(Contents)
    return await download(
        request,
        lambda start, end: contents.read(content, start, end),
        name=file.path.rpartition("/")[2],
        media_type=media_type_of(file.path),
        size=file.size,
        sha256=file.sha256.hex(),
        in_place=show,
    )


@router.post(
    "/api/workflows/{workflow_id}/files/contents",
    summary="Upload the content of a file",
    status_code=201,
    dependencies=[RAW_BODY],
    responses=error_answers(401, 403, 404, 413, 415, 422, 429, 503),
    openapi_extra=CONTENT,
)
async def upload_content(
    request: Request,
    hub: CurrentHub,
    files: CurrentWorkflowFiles,
    actor: CurrentActor,
    workflow_id: UUID,
    length: RawBodyLength,
) -> UploadedContent:
    """The body is the bytes themselves. They become a file when a change names them, within a day."""
    async with hub.database.reading() as connection:
        await service.get(connection, workflow_id)
    return await files.upload(actor, workflow_id, request.stream(), length)


@router.post(
    "/api/workflows/{workflow_id}/files",
    summary="Change the files of a workflow",
    status_code=201,
    responses=error_answers(401, 403, 404, 409, 413, 422),
)
async def change_files(
    connection: Unit, files: CurrentWorkflowFiles, actor: CurrentActor, workflow_id: UUID, body: ChangesOfFiles
) -> SavedAnswer:
    """All changes together make the next version, a draft with the document of the latest one. Refused when somebody
    saved since `based_on`."""
    saved = await files.change(
        connection, actor, workflow_id, based_on=body.based_on, changes=body.changes, note=body.note
    )
    return SavedAnswer.model_validate(saved)


def _answer(file: WorkflowFile) -> WorkflowFileAnswer:
    media_type = media_type_of(file.path)
    return WorkflowFileAnswer(
        path=file.path, size=file.size, sha256=file.sha256.hex(), media_type=media_type, shown=shown_as(media_type)
    )
