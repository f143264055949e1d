"""The rules of an execution's files: who may send them, how large they may be, and how long they stay."""

from __future__ import annotations

from collections.abc import AsyncIterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from msgspec.structs import replace

from exekra.hub.contents import store as contents_store
from exekra.hub.contents.limits import refuse_larger
from exekra.hub.contents.service import Contents
from exekra.hub.contents.store import Content
from exekra.hub.core.actor import Actor
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Conflict, Invalid, NotFound
from exekra.hub.core.hub import CurrentHub, Hub
from exekra.hub.design.workflows import executable_store
from exekra.hub.web.downloads import media_type_of
from exekra.hub.work.files import store
from exekra.hub.work.files.schemas import NewFile, Upload
from exekra.hub.work.files.store import File
from exekra.hub.work.ledger import store as ledger


class ExecutionFiles:
    """Receives files from Runners and removes old ones."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._contents = hub.get(Contents)

    async def announce(self, runner: Actor, id: UUID, new: NewFile) -> Upload:
        """A Runner is about to send a file, or asks how much of it the Hub has.

        Raises:
            NotFound: There is no such execution.
            Conflict: The execution is not this Runner's under that lease: the Runner must drop the file.
            TooLarge: The file, or all files of the execution, have too many bytes: the Runner must drop the file.
        """
        async with self._hub.database.transaction() as connection:
            created_at = await self._check_lease(connection, runner, new.execution_id, new.lease)
            known = await store.lock(connection, id)
            if known is not None:
                if known.execution_id != new.execution_id:
                    raise Conflict("A file of another execution has this id.", code="not-yours")
                content = await self._content_of(connection, known)
                return self._upload(known, content)
            await self._check_size(connection, new)
            content = await self._contents.begin(connection, size=new.size)
            file = File(
                id=id,
                execution_id=new.execution_id,
                kind=new.kind,
                name=new.name,
                node=new.node,
                media_type=media_type_of(new.name),
                size=new.size,
                content_id=content.id,
                kept_at=min(max(new.kept_at, created_at), self._hub.clock.now()),
                stored_at=None,
            )
            await store.insert(connection, file)
        return self._upload(file, content)

    async def receive(self, runner: Actor, id: UUID, offset: int, body: AsyncIterable[bytes]) -> Upload:
        """The next chunks of a file.

        Raises:
            NotFound: It was not announced.
            Conflict: It is not this Runner's, or they begin elsewhere than where the stored ones end.
            HubError: As `Contents.append`.
        """
        async with self._hub.database.reading() as connection:
            file, content = await self._announced(connection, runner, id)
        if file.stored_at is not None:
            return self._upload(file, content)
        return self._upload(file, await self._contents.append(content, offset, body))

    async def finish(self, runner: Actor, id: UUID, sha256: str) -> Upload:
        """Finish a file after its last chunk.

        Raises:
            NotFound: It was not announced.
            Conflict: It is not this Runner's, or some of it is missing.
            Invalid: The received content has a different hash: it must be sent again from the beginning.
        """
        async with self._hub.database.reading() as connection:
            file, content = await self._announced(connection, runner, id)
        if file.stored_at is not None:
            return self._upload(file, content)
        try:
            digest = await self._contents.seal(content, sha256)
        except Invalid:
            await self._begin_again(file, content)
            raise
        async with self._hub.database.transaction() as connection:
            settled = await self._contents.settle(connection, content, digest)
            now = self._hub.clock.now()
            await store.set_content(connection, id, settled.id, stored_at=now)
        return self._upload(replace(file, stored_at=now), settled)

    async def fetch(self, runner: Actor, execution_id: UUID, lease: int, sha256: str) -> Content:
        """The content that a Runner needs for an execution that it holds.

        Raises:
            Conflict: The execution is not this Runner's under that lease.
            NotFound: The execution needs no such content, or the content was removed.
        """
        async with self._hub.database.transaction() as connection:
            assert runner.id is not None, "the route is only for Runners"
            version_id = await ledger.note_fetching(connection, execution_id, runner.id, lease)
            if version_id is None:
                raise Conflict("The execution no longer belongs to this Runner.", code="not-yours")
            digest = bytes.fromhex(sha256)
            id = await store.fetchable(connection, execution_id, digest)
            id = id or await executable_store.file_content(connection, version_id, digest)
            content = None if id is None else await contents_store.get(connection, id)
        if content is None:
            raise NotFound("The execution has no such file any more.", code="content-unknown")
        return content

    async def part(self, content: Content, offset: int) -> bytes:
        """The bytes of a content from `offset` to the end of the chunk in which that is.

        Raises:
            Invalid: The content ends before that.
            ObjectMissing: The storage lost it.
            Unavailable: The storage does not answer.
        """
        if offset >= content.size:
            raise Invalid(f"The file has {content.size:,} bytes.", code="wrong-offset", where="query.offset")
        end = (offset // content.chunk_bytes + 1) * content.chunk_bytes
        return b"".join([part async for part in self._contents.read(content, offset, end)])

    async def _begin_again(self, file: File, content: Content) -> None:
        async with self._hub.database.transaction() as connection:
            fresh = await self._contents.begin(connection, size=file.size)
            await store.set_content(connection, file.id, fresh.id, stored_at=None)
            await self._contents.discard(connection, content)

    async def _announced(self, connection: Connection, runner: Actor, id: UUID) -> tuple[File, Content]:
        file = await store.get(connection, id)
        if file is None:
            raise NotFound("The file was not announced.", code="file-unknown")
        await self._check_runner(connection, runner, file.execution_id)
        return file, await self._content_of(connection, file)

    async def _content_of(self, connection: Connection, file: File) -> Content:
        content = await contents_store.get(connection, file.content_id)
        if content is None:
            raise NotFound("The content of the file no longer exists.", code="file-unknown")
        return content

    async def _check_runner(self, connection: Connection, runner: Actor, execution_id: UUID) -> None:
        row = await ledger.holder(connection, execution_id)
        if row is None or row.runner_id != runner.id:
            raise Conflict("The execution no longer belongs to this Runner.", code="not-yours")

    async def _check_lease(self, connection: Connection, runner: Actor, execution_id: UUID, lease: int) -> datetime:
        """Refuse a Runner that does not hold the execution; gives when that was made: no file of it is older."""
        row = await ledger.holder(connection, execution_id)
        if row is None:
            raise NotFound("There is no such execution.", code="execution-unknown")
        if row.runner_id != runner.id or row.lease != lease:
            raise Conflict("The execution no longer belongs to this Runner.", code="not-yours")
        return row.created_at

    async def _check_size(self, connection: Connection, new: NewFile) -> None:
        settings = self._hub.settings
        refuse_larger(settings, "largest_file_mb", new.size, "The file has")
        total = await store.total_size(connection, new.execution_id) + new.size
        refuse_larger(settings, "largest_files_mb", total, "Together, the files of the execution have")

    def _upload(self, file: File, content: Content) -> Upload:
        return Upload(
            received=content.stored,
            chunk_bytes=content.chunk_bytes,
            request_bytes=max(content.chunk_bytes, self._contents.request_bytes),
            stored=file.stored_at is not None,
        )


async def _execution_files(hub: CurrentHub) -> ExecutionFiles:
    return ExecutionFiles(hub)


CurrentFiles = Annotated[ExecutionFiles, Depends(_execution_files)]
