"""Workflows as files: exported as text, or as a ZIP file where files belong to them, and imported from both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

import msgspec
from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse

from exekra.flow.calls import LARGEST_VERSION
from exekra.flow.document import dump_yaml, load_flow, to_document
from exekra.flow.model import Flow
from exekra.hub.contents import store as contents_store
from exekra.hub.contents.limits import limit_bytes
from exekra.hub.contents.service import Contents
from exekra.hub.core.actor import Actor
from exekra.hub.core.errors import Invalid, NotFound, TooLarge, Unavailable
from exekra.hub.core.hub import CurrentHub, Hub
from exekra.hub.design.workflows import copying, file_store, service
from exekra.hub.design.workflows.file_store import WorkflowFile
from exekra.hub.design.workflows.files.limits import count_upload
from exekra.hub.design.workflows.files.packages import SIGNATURE_BYTES, SIGNATURES, Member, Package, package
from exekra.hub.design.workflows.schemas import (
    EXAMPLE,
    DocumentToCheck,
    SavedAnswer,
    Tag,
    WorkflowName,
)
from exekra.hub.design.workflows.service import CurrentWorkflows
from exekra.hub.web.access import CurrentActor, slice_router
from exekra.hub.web.answers import error_answers
from exekra.hub.web.downloads import begun
from exekra.hub.web.raw_bodies import RAW_BODY
from exekra.kit import json
from exekra.kit.names import portable_file_name, safe_file_name

router = slice_router("Workflows")

IN_MEMORY_BYTES = 4 * 1024 * 1024
"""A ZIP file that is larger waits on the disk while it is read."""
_ZIP_TYPES = {"application/zip", "application/x-zip-compressed"}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_TEXTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The flow document, or a ZIP file with it and its files",
        "content": {
            "application/yaml": {},
            "application/json": {"schema": {"type": "object"}},
            "application/zip": _BINARY,
        },
    }
}
_TEXT: dict[str, Any] = {
    "application/yaml": {"schema": {"type": "string"}},
    "application/json": {"schema": {"type": "object"}, "example": EXAMPLE},
}
_TEXT_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A flow document as text, as an export gives it.",
        "content": _TEXT,
    }
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A flow document as text, or a ZIP file with it and its files, as an export gives them.",
        "content": _TEXT | {"application/zip": _BINARY},
    }
}


@router.post(
    "/api/workflows/read",
    summary="Read a workflow's text",
    dependencies=[RAW_BODY],
    responses=error_answers(401, 403, 413, 415, 422),
    openapi_extra=_TEXT_BODY,
)
async def read_text(request: Request) -> DocumentToCheck:
    """Nothing is stored: what an import would take, as the document of a version."""
    return DocumentToCheck(document=to_document(await _flow_in(await request.body())))


@router.post(
    "/api/workflows/import",
    summary="Import a workflow",
    status_code=201,
    dependencies=[RAW_BODY],
    responses=error_answers(401, 403, 409, 413, 415, 422, 429),
    openapi_extra=_BODY,
)
async def import_workflow(
    request: Request,
    hub: CurrentHub,
    workflows: CurrentWorkflows,
    actor: CurrentActor,
    name: Annotated[WorkflowName | None, Query(description="Another name than the document's.")] = None,
    tag: Annotated[list[Tag] | None, Query(max_length=20, description="For a new workflow.")] = None,
) -> SavedAnswer:
    """Where a workflow of that name is, the document becomes its next draft; otherwise a new workflow is made.

    The files in a ZIP file become those of the draft. A document alone keeps the files that the workflow has."""
    with SpooledTemporaryFile(IN_MEMORY_BYTES) as file:
        files: list[WorkflowFile] | None = None
        is_package = await _receive(request, file, hub)
        if not is_package and request.headers.get("content-type", "").partition(";")[0].strip().lower() in _ZIP_TYPES:
            raise Invalid(
                "The file is not a ZIP file, although its type says so.",
                code="package-invalid",
                where="body",
                hint="Choose an exported ZIP file, or a .flow.yaml or .flow.json file.",
            )
        if is_package:
            flow, files = await _unpack(hub, actor, file)
        else:
            file.seek(0)
            flow = await _flow_in(file.read())
        if name is not None:
            flow = msgspec.structs.replace(flow, name=name)
        async with hub.database.transaction() as connection:
            saved = await copying.bring_in(
                workflows, connection, actor, flow, tags=tag or [], note="Imported", files=files
            )
    return SavedAnswer.model_validate(saved)


async def _receive(request: Request, file: IO[bytes], hub: Hub) -> bool:
    """Take the body of a request; gives whether it is a ZIP file.

    Raises:
        TooLarge: It has too many bytes for what it is.
    """
    settings = hub.settings
    size, most, packed = 0, settings.request_limit_bytes, False
    start = b""
    async for part in request.stream():
        if len(start) < SIGNATURE_BYTES:
            start += part[:SIGNATURE_BYTES]
            if start.startswith(SIGNATURES):
                packed, most = True, settings.request_limit_bytes + limit_bytes(settings, "largest_workflow_files_mb")
        size += len(part)
        if size > most:
            raise TooLarge(f"The file to import has more than {most // 1024:,} KB.")
        try:
            await asyncio.to_thread(file.write, part)
        except OSError as error:
            raise Unavailable(
                f"The Hub cannot store the file while it reads it: {error.strerror}.",
                code="storage-away",
                hint="Free some space where the Hub keeps its temporary files.",
            ) from error
    return packed


async def _unpack(hub: Hub, actor: Actor, file: IO[bytes]) -> tuple[Flow, list[WorkflowFile]]:
    packed = await asyncio.to_thread(Package, file, hub.settings)
    text = await asyncio.to_thread(packed.document, hub.settings.request_limit_bytes)
    flow = await asyncio.to_thread(load_flow, text)
    await count_upload(hub, actor, sum(member.size for member in packed.members))
    contents = hub.get(Contents)
    files = []
    for member in packed.members:
        content = await contents.store_whole(_blocks(packed, member), member.size)
        assert content.sha256 is not None, "it is there whole"
        files.append(WorkflowFile(path=member.path, size=content.size, sha256=content.sha256, content_id=content.id))
    return flow, files


async def _blocks(packed: Package, member: Member) -> AsyncIterator[bytes]:
    blocks = packed.blocks(member)
    while block := await asyncio.to_thread(next, blocks, b""):
        yield block


@router.get(
    "/api/workflows/{workflow_id}/export",
    summary="Export a version",
    response_class=Response,
    responses=_TEXTS | error_answers(401, 403, 404, 422, 503),
)
async def export_workflow(
    hub: CurrentHub,
    workflow_id: UUID,
    number: Annotated[int | None, Query(ge=1, le=LARGEST_VERSION)] = None,
    format: Annotated[
        Literal["yaml", "json", "zip"] | None,
        Query(description="Left out: `zip` where files belong to the version, else `yaml`."),
    ] = None,
) -> Response:
    """Without a number: the published version, or the latest one when none is published.

    `yaml` and `json` give the document alone; a ZIP file has its files too, and can be imported and run as it is."""
    async with hub.database.reading() as connection:
        workflow = await service.get(connection, workflow_id)
        wanted = number or workflow.published_number or workflow.latest_number
        stored = await service.load_version(connection, workflow_id, wanted)
        files = await file_store.of_set(connection, stored.version.files_id)
    if format is None:
        format = "zip" if stored.version.file_count else "yaml"
    document = stored.document | {"name": workflow.name}
    if format == "json":
        content = json.encode(document)
    else:
        content = (await asyncio.to_thread(dump_yaml, await service.parse(document))).encode()
    if format != "zip":
        return Response(
            content,
            media_type=f"application/{format}",
            headers=_attachment(f"{workflow.name}.flow.{format}"),
        )
    name = portable_file_name(safe_file_name(f"{workflow.name}.flow.yaml"))
    return StreamingResponse(
        await begun(package(name, content, files, lambda file: _read(hub, file), stored.version.created_at)),
        media_type="application/zip",
        headers=_attachment(f"{workflow.name}.zip"),
    )


async def _read(hub: Hub, file: WorkflowFile) -> AsyncIterator[bytes]:
    async with hub.database.reading() as connection:
        content = await contents_store.get(connection, file.content_id)
    if content is None:
        raise NotFound(f"The content of {file.path} is gone.")
    async for part in hub.get(Contents).read(content):
        yield part


def _attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


async def _flow_in(body: bytes) -> Flow:
    if any(signature in body for signature in SIGNATURES):
        raise Invalid(
            "The file is not a workflow's text: it is a ZIP file, or has one in it.",
            code="document-invalid",
            where="body",
            hint="Choose a .flow.yaml or .flow.json file, or import a ZIP file that has nothing in front of it.",
        )
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            f"The file is not a workflow: it is not UTF-8 text (byte {error.start}).",
            code="document-invalid",
            where="body",
            hint="Choose a .flow.yaml or .flow.json file, as an export gives it.",
        ) from None
    return await asyncio.to_thread(load_flow, text)
