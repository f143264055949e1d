"""Sends kept files to the Hub separately from events: in chunks, resuming after interruptions, one file at a time."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import FileIO
from typing import TYPE_CHECKING, Any, Never, TypeVar

import httpx
import msgspec
from tenacity import AsyncRetrying, retry_if_exception_type

from exekra.runner.link.authentication import Authentication, SecretRefusedError
from exekra.runner.link.connection import PAUSES, LinkLostError, reason
from exekra.runner.link.file_spool import FileSpool, Manifest, WaitingFile
from exekra.runner.link.refusals import refusal_in

if TYPE_CHECKING:
    from hashlib import _Hash

Result = TypeVar("Result")
CHUNK_SECONDS = 120.0
BLOCK_BYTES = 1024 * 1024
MOST_ATTEMPTS = 3
"""How often a file that arrives damaged is sent again."""
log = logging.getLogger(__name__)


class _Upload(msgspec.Struct, frozen=True):
    """How far the Hub has a file. An older Hub says no `request_bytes`: its requests carry one chunk."""

    received: int
    chunk_bytes: int
    stored: bool
    request_bytes: int = 0


class FileRefusedError(Exception):
    """The Hub will never take the file."""


class NotAllSentError(Exception):
    """Some files must be tried again."""


class FileDelivery:
    """Sends kept files to the Hub."""

    def __init__(self, spool: FileSpool, client: httpx.AsyncClient, authentication: Authentication) -> None:
        self._spool = spool
        self._client = client
        self._authentication = authentication
        self._thread = ThreadPoolExecutor(1, "files")
        self._one_chunk_at_a_time = False
        self._broken_off: set[str] = set()

    async def run(self) -> Never:
        """Send what is waiting, and then whatever comes."""
        retrying = AsyncRetrying(retry=retry_if_exception_type(NotAllSentError), wait=PAUSES, reraise=True)
        while True:
            await retrying(self._send_what_waits)
            await self._spool.news()

    async def _send_what_waits(self) -> None:
        failed = False
        for file in await asyncio.to_thread(self._spool.waiting):
            failed = not await self._send_safely(file) or failed
        if failed:
            raise NotAllSentError

    async def _send_safely(self, file: WaitingFile) -> bool:
        """Send a file and forget it; False if it must be tried again."""
        manifest = file.manifest
        try:
            await self._send(file)
        except FileRefusedError as error:
            log.error("The file %s of execution %s was lost: %s", manifest.name, manifest.execution_id, error)  # noqa: TRY400 - the sentence says it all
        except (LinkLostError, SecretRefusedError, httpx.HTTPError, TimeoutError) as error:
            log.warning("The file %s could not be sent: %s. Trying again.", manifest.name, reason(error))
            self._broken_off.add(manifest.id)
            return False
        except OSError as error:
            log.error("The file %s could not be read: %s.", file.content, error.strerror)  # noqa: TRY400 - as above
            if file.content.exists():
                return False
        except Exception:
            log.exception("The file %s of execution %s could not be sent", manifest.name, manifest.execution_id)
            return False
        self._broken_off.discard(manifest.id)
        await asyncio.to_thread(self._spool.forget, file)
        return True

    async def _send(self, file: WaitingFile) -> None:
        for _ in range(MOST_ATTEMPTS):
            if await self._send_whole(file):
                return
        raise FileRefusedError(f"it arrived damaged {MOST_ATTEMPTS} times")

    async def _send_whole(self, file: WaitingFile) -> bool:
        """Send what the Hub does not have yet; False if it arrived damaged."""
        manifest = file.manifest
        address = f"/api/runner/files/{manifest.id}"
        announced = {
            "execution_id": manifest.execution_id,
            "lease": manifest.lease,
            "kind": manifest.kind,
            "name": manifest.name,
            "node": manifest.node,
            "size": manifest.size,
            "kept_at": datetime.fromtimestamp(manifest.kept_at, UTC).isoformat(),
        }
        upload = await self._ask("PUT", address, json=announced)
        if upload is None:
            return False
        digest = hashlib.sha256()
        content = await self._in_thread(FileIO, file.content)
        try:
            if not upload.stored and not await self._send_content(upload, content, manifest, digest):
                return False
        finally:
            await self._in_thread(content.close)  # after what was read ahead there
        if not upload.stored:
            return await self._ask("POST", f"{address}/stored", json={"sha256": digest.hexdigest()}) is not None
        return True

    async def _send_content(self, upload: _Upload, content: FileIO, manifest: Manifest, digest: _Hash) -> bool:
        """Send the bytes that the Hub does not have yet; False if the transfer must be started again."""
        async for _ in self._blocks(content, upload.received, digest):
            pass  # The Hub already has it; only the hash needs it.
        # What breaks a large request off may do so each time, such as a proxy that says no reason.
        small = self._one_chunk_at_a_time or manifest.id in self._broken_off
        carried = upload.chunk_bytes if small else max(upload.request_bytes, upload.chunk_bytes)
        sent = upload.received
        while sent < manifest.size:
            length = min(carried, manifest.size - sent)
            answer = await self._ask(
                "PUT",
                f"/api/runner/files/{manifest.id}/content",
                params={"offset": sent},
                content=self._blocks(content, length, digest),
                length=length,
            )
            if answer is None:
                return False
            sent += length
        return True

    async def _blocks(self, content: FileIO, length: int, digest: _Hash) -> AsyncIterator[bytes]:
        """The next bytes of a file in small blocks, so that memory stays flat however large the file is.

        Each block is read and hashed while the previous one is sent.
        """
        if not length:
            return
        reading = self._in_thread(_read, content, min(BLOCK_BYTES, length), digest)
        while length:
            block = await reading
            if not block:
                raise FileRefusedError("it became shorter while it was waiting")
            length -= len(block)
            if length:
                reading = self._in_thread(_read, content, min(BLOCK_BYTES, length), digest)
            yield block

    def _in_thread(self, function: Callable[..., Result], *arguments: Any) -> asyncio.Future[Result]:
        """Always the same thread: each additional one uses memory of its own."""
        return asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    async def _ask(self, method: str, address: str, *, length: int | None = None, **request: Any) -> _Upload | None:
        """Ask the Hub; None if the file must be started again."""
        headers = {"Authorization": f"Bearer {await self._authentication.token()}"}
        if length is not None:
            headers["Content-Length"] = str(length)  # Otherwise blocks would be sent as chunks, each with a header.
        answer = await self._client.request(method, address, headers=headers, timeout=CHUNK_SECONDS, **request)
        if answer.is_success:
            return msgspec.json.decode(answer.content, type=_Upload)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._authentication.forget()
            raise LinkLostError("The Hub does not accept the Runner's token.")
        if answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE and length and not self._one_chunk_at_a_time:
            log.info("Something on the way to the Hub refuses large requests: files are sent chunk by chunk.")
            self._one_chunk_at_a_time = True
            return None
        code, message = refusal_in(answer)
        if code in {"wrong-offset", "content-damaged", "file-unknown"}:
            return None
        if code in {"not-yours", "execution-unknown", "file-too-large", "files-too-large", "invalid"}:
            raise FileRefusedError(message)
        raise LinkLostError(message)


def _read(content: FileIO, length: int, digest: _Hash) -> bytes:
    block = content.read(length)
    digest.update(block)
    return block
