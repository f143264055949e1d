"""Bytes by their hash: received in chunks, stored once, read in ranges, removed when nothing refers to them."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from msgspec.structs import replace

from exekra.hub.contents import store
from exekra.hub.contents.objects import ObjectMissing, Objects, damaged, open_objects, part_missing
from exekra.hub.contents.store import Content
from exekra.hub.core.database import Connection
from exekra.hub.core.errors import Conflict, Invalid, TooLarge, Unavailable
from exekra.hub.core.hub import Hub
from exekra.kit.ids import new_id

if TYPE_CHECKING:
    from hashlib import _Hash

CHUNK_BYTES = 8 * 1024 * 1024
MOST_RECEIVING = 8
"""The most chunks received at a time: each is held in memory until it is stored."""
CHUNKS_AT_ONCE = 16
"""How many chunks one request may carry: the next one arrives while the last one is stored."""
MOST_HASHES = 256
"""The most uploads whose running hash is cached; that of any other is computed again from what is stored."""
CHUNK_SECONDS = 120.0
"""How long one chunk may take to arrive."""
UNUSED_HOURS = 24
"""How long after the last chunk an upload may be continued, and how long a content may wait for its first use."""
REMOVED_AT_ONCE = 200
REMOVAL_SECONDS = 3600.0
CHECK_SECONDS = 30.0
"""How often to find out whether the storage can be used."""


class Contents:
    """The contents of files.

    Attributes:
        objects: The storage.
        chunk_bytes: The size of the chunks of an upload.
        request_bytes: How many bytes one request of an upload may carry.
    """

    def __init__(self, hub: Hub, objects: Objects) -> None:
        self.objects = objects
        self.chunk_bytes = min(CHUNK_BYTES, hub.settings.request_limit_bytes)
        self.request_bytes = CHUNKS_AT_ONCE * self.chunk_bytes
        self._hub = hub
        self._receiving = asyncio.Semaphore(MOST_RECEIVING)
        self._hashes: OrderedDict[UUID, tuple[int, _Hash]] = OrderedDict()

    async def begin(self, connection: Connection, *, size: int) -> Content:
        """Begin a content of that many bytes, which are then sent by `append`."""
        id = new_id()
        await store.insert(connection, id, size=size, chunk_bytes=self.chunk_bytes, now=self._hub.clock.now())
        return Content(id=id, sha256=None, size=size, stored=0, chunk_bytes=self.chunk_bytes, chunks=[])

    async def append(self, content: Content, offset: int, body: AsyncIterable[bytes]) -> Content:
        """Store the next chunks of an upload, each as soon as it is there; the content as it is then.

        What was stored before something went wrong stays stored.

        Raises:
            Conflict: The first chunk begins elsewhere than where the stored ones end.
            Invalid: The last one is shorter than a chunk, although it does not end the content.
            TooLarge: There are more bytes than the content is to have.
            Unavailable: The storage cannot take them now.
        """
        if offset != content.stored or offset % content.chunk_bytes:
            raise _wrong_offset(content)
        pieces = _Pieces(body)
        storing: asyncio.Task[Content] | None = None
        try:
            while offset < content.size:
                most = min(content.chunk_bytes, content.size - offset)
                await self._receiving.acquire()
                try:
                    async with asyncio.timeout(CHUNK_SECONDS):
                        chunk = await pieces.take(most)
                        more = await pieces.take(1) if offset + most == content.size else b""
                    if len(chunk) < most and (chunk or storing is None):
                        raise Invalid(f"The chunk has {len(chunk):,} bytes instead of {most:,}.", code="chunk-short")
                    if more:
                        raise TooLarge(f"The content has more than {content.size:,} bytes.", code="chunk-too-large")
                    if storing is not None:
                        content = await storing
                except BaseException:
                    self._receiving.release()
                    raise
                if not chunk:
                    self._receiving.release()
                    return content
                storing = asyncio.create_task(self._store(content, chunk))
                storing.add_done_callback(lambda _: self._receiving.release())
                offset += most
        finally:
            if storing is not None:
                content = await storing
        return content

    async def _store(self, content: Content, chunk: bytearray) -> Content:
        running = await self._running_hash(content)
        name = uuid4()
        _, digested = await asyncio.gather(
            self.objects.put(content.object_name(name), chunk), asyncio.to_thread(_updated, running, chunk)
        )
        async with self._hub.database.transaction() as connection:
            appended = await store.append(
                connection, content.id, name, offset=content.stored, length=len(chunk), now=self._hub.clock.now()
            )
        if not appended:
            await self.objects.remove([content.object_name(name)])
            raise _wrong_offset(content)
        stored = content.stored + len(chunk)
        self._remember(content.id, stored, digested)
        return replace(content, stored=stored, chunks=[*content.chunks, name])

    async def seal(self, content: Content, sha256: str | None = None) -> str:
        """The SHA-256 of a complete content, in hexadecimal digits.

        Raises:
            Conflict: Some of it is missing.
            Invalid: The hash is not the sender's; the content must be sent again.
        """
        if content.stored != content.size:
            raise _wrong_offset(content)
        digest = (await self._running_hash(content)).hexdigest()
        if sha256 is not None and digest != sha256.lower():
            raise Invalid(
                "The received content differs from what was sent: the hashes do not match.", code="content-damaged"
            )
        return digest

    async def settle(self, connection: Connection, content: Content, sha256: str) -> Content:
        """Keep a sealed content, or find an existing equal one. The caller must refer to the returned one."""
        self._hashes.pop(content.id, None)
        digest = bytes.fromhex(sha256)
        same = await store.find(connection, digest)
        if same is None and await store.seal(connection, content.id, digest):
            return replace(content, sha256=digest)
        if same is None:
            raise Unavailable("The same file has just been removed.", hint="Try again.")
        if same.id != content.id:
            await store.set_removed(connection, content.id)
        return same

    async def store_whole(self, body: AsyncIterable[bytes], size: int) -> Content:
        """Keep bytes that come in one stream. Until something refers to them, they stay for a day.

        Raises:
            Invalid: There are fewer than `size`.
            TooLarge: There are more.
            Unavailable: The storage cannot take them now.
        """
        async with self._hub.database.transaction() as connection:
            content = await self.begin(connection, size=size)
        try:
            content = await self.append(content, 0, body)
            if content.stored < size:
                raise Invalid(f"{content.stored:,} of {size:,} bytes arrived.", code="chunk-short")
            digest = await self.seal(content)
        except BaseException as error:
            async with self._hub.database.transaction() as connection:
                await self.discard(connection, content)
            if isinstance(error, Exception):  # Otherwise the Hub ends, and removes it when it runs again.
                with suppress(Unavailable):
                    await self._remove(content)
            raise
        async with self._hub.database.transaction() as connection:
            settled = await self.settle(connection, content, digest)
            await store.touch(connection, settled.id, now=self._hub.clock.now())
        return settled

    async def discard(self, connection: Connection, content: Content) -> None:
        """It is not needed: remove it from the storage later."""
        self._hashes.pop(content.id, None)
        await store.set_removed(connection, content.id)

    async def read(self, content: Content, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to `end`, a chunk at a time.

        A chunk that is missing is told before the first one is given, so that a download does not break off there.
        Who reads all of it never gets the last chunk of one that has a different hash.

        Raises:
            ObjectMissing: The storage lost or changed it.
            Unavailable: The storage does not respond.
        """
        end = content.stored if end is None else min(end, content.stored)
        digest = hashlib.sha256() if content.sha256 is not None and (start, end) == (0, content.stored) else None
        if start // content.chunk_bytes < (end - 1) // content.chunk_bytes:
            await self._check_chunks(content)
        while start < end:
            index, inside = divmod(start, content.chunk_bytes)
            until = min(content.chunk_bytes, inside + end - start)
            try:
                part = await self.objects.get(content.object_name(content.chunks[index]), inside, until)
            except ObjectMissing as error:
                raise part_missing(index + 1, len(content.chunks)) from error
            start += until - inside
            if digest is not None:
                await asyncio.to_thread(digest.update, part)
                if start == end and digest.digest() != content.sha256:
                    raise damaged(content.object_name(content.chunks[index]), self.objects.place)
            yield part

    async def _check_chunks(self, content: Content) -> None:
        there = set(await self.objects.names(content.folder))
        for number, chunk in enumerate(content.chunks, start=1):
            if content.object_name(chunk) not in there:
                raise part_missing(number, len(content.chunks))

    async def check(self) -> None:
        """Find out whether the storage has room for one more chunk."""
        await self.objects.check(room=self.chunk_bytes)

    async def remove_unused(self) -> None:
        """Remove contents that nothing refers to, and uploads that were not continued.

        Raises:
            Unavailable: The storage does not respond; what is left is removed the next time.
        """
        before = self._hub.clock.now() - timedelta(hours=UNUSED_HOURS)
        while True:
            async with self._hub.database.transaction() as connection:
                await store.remove_unused(connection, before=before, limit=REMOVED_AT_ONCE)
                gone = await store.removed(connection, limit=REMOVED_AT_ONCE)
            for content in gone:
                await self._remove(content)
            if len(gone) < REMOVED_AT_ONCE:
                return

    async def _remove(self, content: Content) -> None:
        """Remove what is marked as removed from the storage."""
        await self.objects.remove([content.object_name(chunk) for chunk in content.chunks])
        await self.objects.remove(await self.objects.names(content.folder))
        async with self._hub.database.transaction() as connection:
            await store.forget(connection, content.id)

    async def _running_hash(self, content: Content) -> _Hash:
        """The hash of what is stored: cached, or computed again if another Hub or an earlier process received it."""
        known = self._hashes.get(content.id)
        if known is not None and known[0] == content.stored:
            return known[1]
        digest = hashlib.sha256()
        async for part in self.read(content):
            await asyncio.to_thread(digest.update, part)
        self._remember(content.id, content.stored, digest)
        return digest

    def _remember(self, id: UUID, stored: int, digest: _Hash) -> None:
        self._hashes[id] = (stored, digest)
        self._hashes.move_to_end(id)
        while len(self._hashes) > MOST_HASHES:
            self._hashes.popitem(last=False)


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Keep the storage open while the Hub runs, and remove what is no longer used from it."""
    contents = Contents(hub, open_objects(hub.settings))
    hub.add(contents)
    async with (
        hub.supervisor.repeating("removing unused contents", contents.remove_unused, seconds=REMOVAL_SECONDS),
        hub.supervisor.repeating("checking the file storage", contents.check, seconds=CHECK_SECONDS),
    ):
        yield


class _Pieces:
    """A stream of bytes in pieces of another length."""

    def __init__(self, body: AsyncIterable[bytes]) -> None:
        self._body = aiter(body)
        self._rest = memoryview(b"")

    async def take(self, length: int) -> bytearray:
        """The next `length` bytes, or those that are left."""
        piece = bytearray()
        while True:
            missing = length - len(piece)
            piece += self._rest[:missing]
            self._rest = self._rest[missing:]
            if len(piece) == length:
                return piece
            try:
                self._rest = memoryview(await anext(self._body))
            except StopAsyncIteration:
                return piece


def _updated(digest: _Hash, chunk: bytearray) -> _Hash:
    following = digest.copy()
    following.update(chunk)
    return following


def _wrong_offset(content: Content) -> Conflict:
    return Conflict(
        f"{content.stored:,} of {content.size:,} bytes are stored: continue there.",
        code="wrong-offset",
        where="query.offset",
    )
