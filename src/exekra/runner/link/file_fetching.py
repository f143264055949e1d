"""Fetches the files that an execution needs from the Hub: part by part, from where it broke off, and checked."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_random_exponential

from exekra.runner.link.authentication import Authentication, SecretRefusedError
from exekra.runner.link.connection import LinkLostError, reason
from exekra.runner.link.refusals import refusal_in
from exekra.sdk.errors import ApplicationError

if TYPE_CHECKING:
    from hashlib import _Hash

Result = TypeVar("Result")
PART_SECONDS = 60.0
"""How long nothing may come while a part is fetched."""
BLOCK_BYTES = 1024 * 1024
MOST_ATTEMPTS = 3
"""So often a file is fetched whole that arrives damaged."""
PAUSES = wait_random_exponential(multiplier=0.5, min=0.2, max=15)
"""Pauses while the Hub is away: shorter than those of the connection, because an execution waits."""
FINAL = frozenset({"not-yours", "content-unknown", "content-missing", "wrong-offset", "invalid", "not-found"})
"""Refusals that waiting does not change."""
_OF_THE_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ENOMEM, errno.EMFILE, errno.ENFILE}
"""Errors of a write that any other file would meet too."""
log = logging.getLogger(__name__)


class FileFetchError(ApplicationError):
    """A file that an execution needs cannot be fetched."""


class DiskError(ApplicationError):
    """The Runner's disk takes no file now, whichever it is."""


@contextmanager
def storing(what: str, folder: Path) -> Iterator[None]:
    """What is done inside writes a file to a folder.

    Raises:
        DiskError: The disk is full or broken.
        FileFetchError: This file cannot be written.
    """
    try:
        yield
    except OSError as error:
        kind = DiskError if error.errno in _OF_THE_MACHINE else FileFetchError
        raise kind(f"{what} cannot be stored on the Runner: {error.strerror} ({folder}).") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedFile:
    """A file to be fetched.

    Attributes:
        sha256: The hash of its content, in hexadecimal digits, by which the Hub knows it.
        size: Its bytes.
        path: Where it is put; folders are made.
    """

    sha256: str
    size: int
    path: Path


class FileFetching:
    """Fetches files, one at a time.

    Args:
        client: Sends requests to the Hub.
        authentication: Gives the Runner's token.
        patience: For how many seconds the Hub may give nothing of a file.

    Attributes:
        problem: Why the current file does not arrive, as a sentence; None if nothing is wrong.
    """

    def __init__(self, client: httpx.AsyncClient, authentication: Authentication, *, patience: float) -> None:
        self._client = client
        self._authentication = authentication
        self._patience = patience
        self._thread = ThreadPoolExecutor(1, "fetching")
        self.problem: str | None = None

    async def fetch(self, execution_id: str, lease: int, files: Sequence[WantedFile], *, unless: asyncio.Event) -> bool:
        """Put files where they are wanted; while the Hub is away, it is waited for. False when `unless` was set first.

        Raises:
            FileFetchError: The Hub does not have a file or cannot give it for too long, or it cannot be written here;
                the message says which.
            DiskError: The disk of this machine is full or broken.
        """
        self.problem = None
        fetching = asyncio.create_task(self._fetch_all(execution_id, lease, files))
        ending = asyncio.create_task(unless.wait())
        try:
            await asyncio.wait({fetching, ending}, return_when=asyncio.FIRST_COMPLETED)
            if fetching.done():
                fetching.result()
            return fetching.done()
        finally:
            for task in (fetching, ending):
                task.cancel()
            await asyncio.gather(fetching, ending, return_exceptions=True)

    async def _fetch_all(self, execution_id: str, lease: int, files: Sequence[WantedFile]) -> None:
        for file in files:
            with storing(f"The file {file.path.name}", file.path.parent):
                await self._fetch(f"/api/runner/executions/{execution_id}/contents/{file.sha256}", lease, file)

    async def _fetch(self, address: str, lease: int, file: WantedFile) -> None:
        await self._in_thread(lambda: file.path.parent.mkdir(parents=True, exist_ok=True))
        for _ in range(MOST_ATTEMPTS):
            with await self._in_thread(lambda: FileIO(file.path, "w")) as content:
                arriving = _Arriving(content)
                while arriving.size < file.size:
                    await self._part_surely(address, lease, file, arriving)
            if arriving.size == file.size and arriving.digest.hexdigest() == file.sha256:
                return
            log.warning("The file %s arrived damaged and is fetched again.", file.path.name)
        raise FileFetchError(f"The file {file.path.name} arrived damaged {MOST_ATTEMPTS} times.")

    async def _part_surely(self, address: str, lease: int, file: WantedFile, arriving: _Arriving) -> None:
        """Fetch what follows. The Hub is waited for as long as something arrives now and then.

        Raises:
            FileFetchError: Nothing arrived for too long, or the Hub does not have the file.
        """
        last, arrived = time.monotonic(), arriving.size

        def gives_up(_: RetryCallState) -> bool:
            nonlocal last, arrived
            if arriving.size > arrived:
                last, arrived = time.monotonic(), arriving.size
            return time.monotonic() - last >= self._patience

        def say(state: RetryCallState) -> None:
            why = _why(state)
            self.problem = f"The file {file.path.name} could not be fetched: {why}."
            log.warning("The file %s cannot be fetched now (%s). Trying again.", file.path.name, why)

        def give_up(state: RetryCallState) -> None:
            raise FileFetchError(
                f"The file {file.path.name} could not be fetched for {self._patience:,g} seconds: {_why(state)}. "
                "Run the workflow again when the Hub has its files, or raise the Runner's EXEKRA_FILE_PATIENCE_SECONDS."
            )

        again = retry_if_exception_type((LinkLostError, SecretRefusedError, httpx.HTTPError, TimeoutError))
        await AsyncRetrying(retry=again, wait=PAUSES, stop=gives_up, before_sleep=say, retry_error_callback=give_up)(
            self._part, address, lease, file, arriving
        )
        self.problem = None

    async def _part(self, address: str, lease: int, file: WantedFile, arriving: _Arriving) -> None:
        headers = {
            "Authorization": f"Bearer {await self._authentication.token()}",
            "Accept-Encoding": "identity",
        }
        where = {"lease": lease, "offset": arriving.size}
        before = arriving.size
        async with self._client.stream("GET", address, params=where, headers=headers, timeout=PART_SECONDS) as answer:
            if not answer.is_success:
                await self._refuse(answer, file)
            waiting = bytearray()
            try:
                async for block in answer.aiter_bytes():
                    waiting += block
                    if len(waiting) >= BLOCK_BYTES:
                        await self._in_thread(arriving.take, bytes(waiting))
                        waiting.clear()
            finally:
                await self._in_thread(arriving.take, bytes(waiting))
        if arriving.size == before:
            raise LinkLostError("The Hub's answer is empty.")

    async def _refuse(self, answer: httpx.Response, file: WantedFile) -> None:
        await answer.aread()
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._authentication.forget()
            raise LinkLostError("The Hub does not accept the Runner's token.")
        code, message = refusal_in(answer)
        if code in FINAL:
            raise FileFetchError(f"The Hub does not give the file {file.path.name}: {message}")
        raise LinkLostError(message)

    async def _in_thread(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Always the same thread: each one more keeps memory of its own. A file is not closed while it is written."""
        work = asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait({work})
            raise


def _why(state: RetryCallState) -> str:
    """Why an attempt failed, as a part of a sentence."""
    error = state.outcome.exception() if state.outcome else None
    return reason(error).rstrip(".") if error else "unknown"


@dataclass(slots=True)
class _Arriving:
    """What has arrived of a file."""

    content: FileIO
    size: int = 0
    digest: _Hash = field(default_factory=hashlib.sha256)

    def take(self, block: bytes) -> None:
        """Write what follows."""
        view = memoryview(block)
        while view:
            view = view[self.content.write(view) :]
        self.digest.update(block)
        self.size += len(block)
