"""The routes of an execution's files: Runners send them, people list and download them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response

from exekra.flow.file_references import reference
from exekra.hub.contents import store as contents_store
from exekra.hub.contents.service import Contents
from exekra.hub.core.errors import Conflict, NotFound
from exekra.hub.core.hub import CurrentHub
from exekra.hub.core.unit_of_work import Look
from exekra.hub.trust.audit.service import record, recorded_lately
from exekra.hub.web.access import CurrentActor, slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.web.downloads import DOWNLOAD, begins_file, download, shown_as
from exekra.hub.web.raw_bodies import RAW_BODY, RawBodyLength
from exekra.hub.work.files import store
from exekra.hub.work.files.schemas import FileAnswer, FileReference, Files, NewFile, Sent, Sha256, Upload, UploadedName
from exekra.hub.work.files.service import CurrentFiles
from exekra.hub.work.files.store import ListedFile
from exekra.hub.work.files.uploads import CurrentUploads
from exekra.hub.work.ledger import store as ledger

router = slice_router("Files")
MOST_FILES = 1_000
CHUNK = {"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}

PART: dict[int | str, dict[str, Any]] = {
    200: {"description": "The part", "content": {"application/octet-stream": {"schema": {"type": "string"}}}}
}


@router.get(
    "/api/executions/{execution_id}/files",
    summary="List an execution's files",
    responses=error_answers(401, 403, 404, 422),
)
async def list_files(connection: Look, execution_id: UUID) -> Files:
    """The files it was given and those that it kept, in order of time; the first 1,000."""
    if await ledger.state_of(connection, execution_id) is None:
        raise NotFound("There is no such execution.")
    rows = await store.of_execution(connection, execution_id, most=MOST_FILES)
    return Files(items=[_answer(row) for row in rows])


@router.get(
    "/api/executions/{execution_id}/files/{file_id}",
    summary="Download a file of an execution",
    response_class=Response,
    responses=DOWNLOAD | error_answers(401, 403, 404, 409, 416, 422, 503),
)
async def download_file(
    request: Request,
    hub: CurrentHub,
    actor: CurrentActor,
    execution_id: UUID,
    file_id: UUID,
    show: Annotated[bool, Query(description="Show images, PDF and text inline instead of saving them.")] = False,
) -> Response:
    """Returns its bytes, or the requested range of them. Files that a browser could run (HTML, SVG) are only offered
    for saving.
    """
    async with hub.database.reading() as connection:
        file = await store.get(connection, file_id)
        content = None if file is None else await contents_store.get(connection, file.content_id)
    if file is None or content is None or file.execution_id != execution_id:
        raise NotFound("There is no such file.")
    if file.stored_at is None or content.sha256 is None:
        raise Conflict(
            "The Runner is still sending this file.", code="file-incomplete", hint="Try again when it is complete."
        )
    contents = hub.get(Contents)
    answer = await download(
        request,
        lambda start, end: contents.read(content, start, end),
        name=file.name,
        media_type=file.media_type,
        size=content.size,
        sha256=content.sha256.hex(),
        in_place=show,
    )
    if answer.status_code in {200, 206}:
        # A page shows a file before anybody asks to download it.
        action = "file.view" if show and shown_as(file.media_type) is not None else "file.download"
        details = {"execution": str(execution_id), "name": file.name}
        async with hub.database.transaction() as connection:
            if begins_file(answer) or not await recorded_lately(connection, actor, action, "file", file_id):
                await record(connection, actor, action, "file", file_id, details)
    return answer


@router.post(
    "/api/files",
    summary="Upload a file for executions",
    status_code=201,
    dependencies=[RAW_BODY],
    response_model_by_alias=True,
    responses=error_answers(401, 403, 413, 415, 422, 503),
    openapi_extra=CHUNK,
)
async def upload_file(
    request: Request,
    uploads: CurrentUploads,
    actor: CurrentActor,
    name: Annotated[UploadedName, Query(description="How it is called.", examples=["orders.xlsx"])],
    length: RawBodyLength,
) -> FileReference:
    """The body is the file's bytes, with a `Content-Length`. Give the answer to an execution as the value of an input,
    as often as you like: each execution keeps it for itself. The upload is removed after a day.
    """
    id = await uploads.receive(actor, name, length, request.stream())
    return FileReference.model_validate(reference(str(id), name, length))


@router.put(
    "/api/runner/files/{file_id}",
    summary="Announce a file",
    responses=error_answers(401, 403, 404, 409, 413, 422),
)
async def announce_file(files: CurrentFiles, actor: CurrentActor, file_id: UUID, body: NewFile) -> Upload:
    """The Runner chooses the id. A repeated request says where to continue."""
    return await files.announce(actor, file_id, body)


@router.put(
    "/api/runner/files/{file_id}/content",
    summary="Send chunks of a file",
    responses=error_answers(401, 403, 404, 409, 413, 422),
    openapi_extra=CHUNK,
)
async def send_chunk(
    request: Request,
    files: CurrentFiles,
    actor: CurrentActor,
    file_id: UUID,
    offset: Annotated[int, Query(ge=0, le=2**62, description="The offset in the file at which the chunk begins.")],
) -> Upload:
    """The body is the raw bytes: whole chunks, only the file's last of which may be shorter.

    Each is stored as soon as it is there. Chunks at another place than where the stored ones end are refused (409).
    """
    return await files.receive(actor, file_id, offset, request.stream())


@router.post(
    "/api/runner/files/{file_id}/stored",
    summary="Finish sending a file",
    responses=error_answers(401, 403, 404, 409, 422),
)
async def finish_file(files: CurrentFiles, actor: CurrentActor, file_id: UUID, body: Sent) -> Upload:
    """The Hub compares the hash and keeps the file; content that it has already is stored once."""
    return await files.finish(actor, file_id, body.sha256)


@router.get(
    "/api/runner/executions/{execution_id}/contents/{sha256}",
    summary="Fetch a part of a file that an execution needs",
    response_class=Response,
    responses=PART | error_answers(401, 403, 404, 409, 422, 503),
)
async def fetch_content(
    files: CurrentFiles,
    actor: CurrentActor,
    execution_id: UUID,
    sha256: Sha256,
    lease: Annotated[int, Query(ge=0, le=2**31 - 1)],
    offset: Annotated[int, Query(ge=0, le=2**62, description="The offset in the file at which the chunk begins.")] = 0,
) -> Response:
    """From `offset` to the end of a chunk: ask again for what follows. While a Runner does so, it is not taken for one
    that does not begin.
    """
    content = await files.fetch(actor, execution_id, lease, sha256)
    return Response(await files.part(content, offset), media_type="application/octet-stream")


def _answer(row: ListedFile) -> FileAnswer:
    return FileAnswer(
        id=row.id,
        kind=row.kind,
        name=row.name,
        node=row.node,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        received=row.received,
        shown=shown_as(row.media_type),
        kept_at=row.kept_at,
    )
