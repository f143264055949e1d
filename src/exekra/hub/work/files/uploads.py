"""Files that people upload to give them to executions; what no execution was given for a day is removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from exekra.hub.contents.limits import refuse_larger
from exekra.hub.contents.service import UNUSED_HOURS, Contents
from exekra.hub.core.actor import Actor
from exekra.hub.core.hub import CurrentHub, Hub
from exekra.hub.trust.audit.service import record
from exekra.hub.web.downloads import media_type_of
from exekra.hub.work.files import store
from exekra.kit.ids import new_id

REMOVAL_SECONDS = 3600.0


class Uploads:
    """Receives files from people."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._contents = hub.get(Contents)
        self._arriving: Counter[UUID] = Counter()

    async def receive(self, actor: Actor, name: str, size: int, body: AsyncIterable[bytes]) -> UUID:
        """Store a file; its id.

        Args:
            actor: Who uploads it, and may give it to executions.
            name: How it is called.
            size: The bytes that it has, as the request says.
            body: The bytes.

        Raises:
            TooLarge: It is too large, or too much that this person uploaded waits for an execution.
            Invalid: The request ends early.
            Unavailable: The storage cannot take it now.
        """
        assert actor.id is not None, "a person is signed in"
        refuse_larger(self._hub.settings, "largest_file_mb", size, "The file has")
        async with self._hub.database.reading() as connection:
            stored = await store.uploaded_bytes(connection, actor.id)
        self._check_total(stored + self._arriving[actor.id] + size)
        self._arriving[actor.id] += size
        try:
            return await self._receive(actor, actor.id, name, size, body)
        finally:
            self._arriving[actor.id] -= size
            if not self._arriving[actor.id]:
                del self._arriving[actor.id]

    async def _receive(self, actor: Actor, user_id: UUID, name: str, size: int, body: AsyncIterable[bytes]) -> UUID:
        content = await self._contents.store_whole(body, size)
        id = new_id()
        async with self._hub.database.transaction() as connection:
            await store.lock_uploads(connection, user_id)  # Another Hub may have received some in the meantime.
            self._check_total(await store.uploaded_bytes(connection, user_id) + size)
            await store.insert_upload(
                connection,
                id,
                name=name,
                media_type=media_type_of(name),
                size=size,
                content_id=content.id,
                created_by=user_id,
                now=self._hub.clock.now(),
            )
            await record(connection, actor, "file.upload", "file", id, {"name": name, "size": size})
        return id

    async def remove_old(self) -> None:
        """Forget what was uploaded a day ago; executions that were given it have it still."""
        before = self._hub.clock.now() - timedelta(hours=UNUSED_HOURS)
        async with self._hub.database.transaction() as connection:
            await store.forget_uploads(connection, before=before)

    def _check_total(self, total: int) -> None:
        refuse_larger(self._hub.settings, "largest_files_mb", total, "Together, your uploads of the last day have")


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Remove old uploads for as long as the Hub runs."""
    uploads = Uploads(hub)
    hub.add(uploads)
    async with hub.supervisor.repeating("removing old uploads", uploads.remove_old, seconds=REMOVAL_SECONDS):
        yield


async def _current_uploads(hub: CurrentHub) -> Uploads:
    return hub.get(Uploads)


CurrentUploads = Annotated[Uploads, Depends(_current_uploads)]
