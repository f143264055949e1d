"""Keeps one child process ready, so that an execution starts without waiting for imports."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from abc import ABC, abstractmethod
from asyncio import StreamReader
from collections.abc import Mapping

import msgspec

from exekra.runner.children.channel import HEADER, Abilities, Kind
from exekra.runner.children.process import ChildProcess
from exekra.sdk.errors import ApplicationError

READY_SECONDS = 120.0
"""How long the imports of a new process may take."""
TAKE_SECONDS = 60.0
"""How long an execution waits for a process before the pool is renewed."""
MOST_DEAD = 5
"""Processes that may be dead when they are taken, one after the other."""
CLOSE_SECONDS = 5.0
"""How long the creation of a process may take before it is abandoned."""
log = logging.getLogger(__name__)


class ChildError(ApplicationError):
    """No process for executions can be created on this machine."""


class ChildPool(ABC):
    """A supply of child processes, one of them ready. For one execution at a time: ask for the next child when the
    processes of the previous one are gone.

    Args:
        environment: The environment variables of the processes.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._ready: asyncio.Task[ChildProcess] | None = None

    @abstractmethod
    async def abilities(self) -> Abilities:
        """What the machine can do.

        Raises:
            ChildError: The activities cannot be loaded.
        """

    @abstractmethod
    async def _make(self) -> ChildProcess: ...

    def prepare(self) -> None:
        """Start preparing a child, unless one is ready."""
        if self._ready is None:
            self._ready = asyncio.create_task(self._make())

    async def ready(self) -> None:
        """Wait until a child is ready.

        Raises:
            ChildError: None could be created.
        """
        self.prepare()
        making = self._ready
        assert making is not None
        try:
            await asyncio.shield(making)
        except OSError as error:
            raise refused(error) from error
        finally:
            if self._ready is making and making.done() and (making.cancelled() or making.exception() is not None):
                self._ready = None

    async def take(self) -> ChildProcess:
        """Take a ready child.

        Raises:
            ChildError: None could be created.
        """
        timeout = asyncio.timeout(TAKE_SECONDS)
        try:
            async with timeout:
                return await self._take()
        except OSError as error:
            if not timeout.expired():
                raise refused(error) from error
            log.warning("No process for an execution was ready within %g s: renewing the pool.", TAKE_SECONDS)
            await self.renew()
            raise ChildError(
                f"The Runner could not create a process for the execution within {TAKE_SECONDS:g} s. "
                "Check whether its machine lacks memory or CPU time."
            ) from None

    async def renew(self) -> None:
        """Stop using the processes that were created before: something is wrong with them."""
        await ChildPool.close(self)

    async def _take(self) -> ChildProcess:
        for _ in range(MOST_DEAD):
            self.prepare()
            assert self._ready is not None
            making, self._ready = self._ready, None
            child = await making
            if not child.ended.done():
                return child
            child.close()
        raise ChildError("The processes that the Runner creates for executions end immediately. Its log says why.")

    async def close(self) -> None:
        """End the ready child."""
        if self._ready is not None:
            making, self._ready = self._ready, None
            await asyncio.wait({making}, timeout=CLOSE_SECONDS)
            making.cancel()
            with contextlib.suppress(ChildError, OSError, asyncio.CancelledError):
                (await making).close()


def refused(error: OSError) -> ChildError:
    """The system refuses another process."""
    return ChildError(
        f"The Runner's machine refuses another process: {error.strerror or error}. Look for a lack of memory, a limit "
        "of processes or files, or a full disk."
    )


async def read_abilities(reader: StreamReader, process: asyncio.subprocess.Process) -> Abilities:
    """What a new process reports when its imports are done.

    Raises:
        ChildError: It ended, or took too long.
    """
    try:
        async with asyncio.timeout(READY_SECONDS):
            length, _count, kind = HEADER.unpack(await reader.readexactly(HEADER.size))
            payload = await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        raise ChildError(
            "The Runner cannot create a process for executions: loading the activities failed or took longer than "
            f"{READY_SECONDS:.0f} s. The reason is logged above; `exekra activities` shows it too."
        ) from None
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        raise
    assert kind == Kind.READY
    return msgspec.json.decode(payload, type=Abilities)
