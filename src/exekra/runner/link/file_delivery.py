"""Sends kept files to the Hub beside the events: chunk by chunk, from where it broke off, one file at a time."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from datetime import UTC, datetime
from typing import Any, Never

import httpx
import msgspec
from tenacity import AsyncRetrying, retry_if_exception_type

from exekra.runner.link.authentication import Authentication, SecretRefusedError
from exekra.runner.link.connection import PAUSES, LinkLostError, reason
from exekra.runner.link.file_spool import FileSpool, WaitingFile

CHUNK_SECONDS = 120.0
MOST_ATTEMPTS = 3
"""So often a file is sent whole that arrives damaged."""
log = logging.getLogger(__name__)


class _Upload(msgspec.Struct, frozen=True):
    received: int
    chunk_bytes: int
    stored: bool


class _Detail(msgspec.Struct, frozen=True):
    code: str
    message: str


class _Refusal(msgspec.Struct, frozen=True):
    error: _Detail


class FileRefusedError(Exception):
    """The Hub will never take the file."""


class NotAllSentError(Exception):
    """Some files are to be tried again."""


class FileDelivery:
    """Brings kept files to the Hub."""

    def __init__(self, spool: FileSpool, client: httpx.AsyncClient, authentication: Authentication) -> None:
        self._spool = spool
        self._client = client
        self._authentication = authentication

    async def run(self) -> Never:
        """Send what waits, and then whatever comes."""
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
        """Send a file and forget it; False when it is to be tried again."""
        manifest = file.manifest
        try:
            await self._send(file)
        except FileRefusedError as error:
            log.error("The file %s of execution %s is lost: %s", manifest.name, manifest.execution_id, error)  # noqa: TRY400 - the sentence says it all
        except (LinkLostError, SecretRefusedError, httpx.HTTPError, TimeoutError) as error:
            log.warning("The file %s could not be sent: %s. Trying again.", manifest.name, reason(error))
            return False
        except OSError as error:
            log.error("The file %s cannot be read: %s.", file.content, error.strerror)  # noqa: TRY400 - as above
            if file.content.exists():
                return False
        except Exception:
            log.exception("The file %s of execution %s could not be sent", manifest.name, manifest.execution_id)
            return False
        await asyncio.to_thread(self._spool.forget, file)
        return True

    async def _send(self, file: WaitingFile) -> None:
        for _ in range(MOST_ATTEMPTS):
            if await self._send_whole(file):
                return
        raise FileRefusedError(f"it arrived damaged {MOST_ATTEMPTS} times")

    async def _send_whole(self, file: WaitingFile) -> bool:
        """Send what the Hub does not have yet; False when it arrived damaged."""
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
        read = 0
        with await asyncio.to_thread(file.content.open, "rb") as content:
            while not upload.stored and read < manifest.size:
                chunk = await asyncio.to_thread(content.read, upload.chunk_bytes)
                if not chunk:
                    raise FileRefusedError("it became shorter while it waited")
                hashing = asyncio.create_task(asyncio.to_thread(digest.update, chunk))
                try:
                    if read >= upload.received:
                        after = await self._ask("PUT", f"{address}/content", params={"offset": read}, content=chunk)
                        if after is None:
                            return False
                finally:
                    await hashing
                read += len(chunk)
        if not upload.stored:
            return await self._ask("POST", f"{address}/stored", json={"sha256": digest.hexdigest()}) is not None
        return True

    async def _ask(self, method: str, address: str, **request: Any) -> _Upload | None:
        """Ask the Hub; None when it is to be begun again."""
        token = await self._authentication.token()
        answer = await self._client.request(
            method, address, headers={"Authorization": f"Bearer {token}"}, timeout=CHUNK_SECONDS, **request
        )
        if answer.is_success:
            return msgspec.json.decode(answer.content, type=_Upload)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._authentication.forget()
            raise LinkLostError("The Hub does not accept the Runner's token.")
        try:
            refusal = msgspec.json.decode(answer.content, type=_Refusal).error
        except msgspec.DecodeError:
            raise LinkLostError(f"The Hub answered HTTP {answer.status_code}.") from None
        if refusal.code in {"wrong-offset", "content-damaged", "file-unknown"}:
            return None
        if refusal.code in {"not-yours", "execution-unknown", "file-too-large", "files-too-large", "invalid"}:
            raise FileRefusedError(refusal.message)
        raise LinkLostError(f"The Hub answered HTTP {answer.status_code}: {refusal.message}")
