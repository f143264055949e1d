"""The rules of a workflow's files: each change of them is a version, as each change of the document is."""

from __future__ import annotations

from collections.abc import AsyncIterable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from exekra.hub.contents import store as contents_store
from exekra.hub.contents.service import Contents
from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Invalid, NotFound
from exekra.hub.core.hub import CurrentHub, Hub
from exekra.hub.design.workflows import file_store
from exekra.hub.design.workflows.file_store import WorkflowFile
from exekra.hub.design.workflows.files.limits import check_files, check_size, count_upload
from exekra.hub.design.workflows.files.schemas import FileChange, PutFile, RemoveFile, RenameFile, UploadedContent
from exekra.hub.design.workflows.models import Saved
from exekra.hub.design.workflows.service import Workflows, get, load_version, parse
from exekra.hub.trust.audit.service import record
from exekra.kit.relative_paths import normalised


class WorkflowFiles:
    """What can be done with the files of workflows."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._contents = hub.get(Contents)
        self._workflows = hub.get(Workflows)

    async def upload(self, actor: Actor, id: UUID, body: AsyncIterable[bytes], size: int) -> UploadedContent:
        """Keep bytes for a change that names them within a day.

        Raises:
            TooLarge: They are more than a file may have, or than `size`.
            TooMany: This person uploaded too much within a day.
            Invalid: They are fewer than `size`.
            Unavailable: The storage cannot take them now.
        """
        check_size("", size, self._hub.settings)
        await count_upload(self._hub, actor, size)
        content = await self._contents.store_whole(body, size)
        assert content.sha256 is not None, "it is there whole"
        details = {"size": content.size, "sha256": content.sha256.hex()}
        async with self._hub.database.transaction() as connection:
            await record(connection, actor, "workflow.upload-file", "workflow", id, details)
        return UploadedContent(content_id=content.id, size=content.size, sha256=content.sha256.hex())

    async def change(
        self,
        connection: Connection,
        actor: Actor,
        id: UUID,
        *,
        based_on: int,
        changes: Sequence[FileChange],
        note: str = "",
    ) -> Saved:
        """Save the latest version's document with changed files as the next version, a draft.

        Raises:
            NotFound: There is no such workflow, or no such file to rename or remove.
            Conflict: Somebody saved since `based_on`; the message says who and when.
            Invalid: A path is wrong or taken, or an upload is gone.
            TooLarge: Too many, or too large.
        """
        version = await self._workflows.lock_latest(connection, id, based_on)
        files = {file.path: file for file in await file_store.of_set(connection, version.files_id)}
        words = [await self._apply(connection, files, change) for change in changes]
        check_files(list(files.values()), self._hub.settings)
        stored = await load_version(connection, id, version.number)
        saved = await self._workflows.add_version(
            connection,
            actor,
            id,
            await parse(stored.document),
            (await get(connection, id)).name,
            note=note or _shortened(", ".join(words)),
            files_id=await file_store.add_set(connection, id, list(files.values())),
        )
        details = {"number": saved.number, "changes": words}
        await record(connection, actor, "workflow.change-files", "workflow", id, details)
        return Saved(workflow=await get(connection, id), version=saved)

    async def _apply(self, connection: Connection, files: dict[str, WorkflowFile], change: FileChange) -> str:
        """Make one change, and say it in words."""
        match change:
            case PutFile():
                content = await contents_store.hold(connection, change.content_id)
                if content is None or content.sha256 is None:
                    raise Invalid(
                        f"What was uploaded for {change.path!r} is not there any more.",
                        code="upload-gone",
                        where="body.changes",
                        hint="Upload it again.",
                    )
                known = change.path in files
                files[change.path] = WorkflowFile(
                    path=change.path, size=content.size, sha256=content.sha256, content_id=content.id
                )
                return f"{'Replaced' if known else 'Added'} {change.path}"
            case RenameFile():
                file = _taken_out(files, change.path)
                if change.to in files:
                    raise Invalid(f"There is a file {change.to!r} already.", code="path-taken", where="body.changes")
                files[change.to] = WorkflowFile(
                    path=change.to, size=file.size, sha256=file.sha256, content_id=file.content_id
                )
                return f"Renamed {change.path} to {change.to}"
            case RemoveFile():
                _taken_out(files, change.path)
                return f"Removed {change.path}"


def _taken_out(files: dict[str, WorkflowFile], path: str) -> WorkflowFile:
    file = files.pop(path, None)
    if file is None:
        raise NotFound(f"The workflow has no file {path!r}.", code="file-unknown", where="body.changes")
    return file


async def file_of_version(connection: Connection, id: UUID, number: int, path: str) -> WorkflowFile:
    """The file of a version that has this path.

    Raises:
        NotFound: There is no such version or file.
    """
    stored = await load_version(connection, id, number)
    for file in await file_store.of_set(connection, stored.version.files_id):
        if file.path == normalised(path):
            return file
    raise NotFound(f"Version {number} has no file {path!r}.", code="file-unknown", where="query.path")


def _shortened(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:197]}..."


async def _workflow_files(hub: CurrentHub) -> WorkflowFiles:
    return WorkflowFiles(hub)


CurrentWorkflowFiles = Annotated[WorkflowFiles, Depends(_workflow_files)]
