"""Children spawned in advance, where a process cannot be forked safely (Windows, macOS): one is always ready."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Mapping

from exekra.kit.processes import MARK
from exekra.runner.children.channel import Abilities
from exekra.runner.children.pool import ChildPool, read_abilities, refused
from exekra.runner.children.process import ChildProcess, End
from exekra.runner.host import SYSTEM
from exekra.runner.host.processes import Processes, descendants, marked


class SpawnedChildPool(ChildPool):
    """Each child is a new interpreter; the next is created while one works."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        super().__init__(environment)
        self._abilities: Abilities | None = None

    async def abilities(self) -> Abilities:
        """What the machine can do.

        Raises:
            ChildError: The activities cannot be loaded.
        """
        self.prepare()
        assert self._ready is not None
        await self._ready
        assert self._abilities is not None
        return self._abilities

    async def take(self) -> ChildProcess:
        """Take a ready child, and start the next one.

        Raises:
            ChildError: None could be created.
        """
        child = await super().take()
        self.prepare()
        return child

    async def _make(self) -> ChildProcess:
        mark = secrets.token_hex(8)
        loop = asyncio.get_running_loop()
        try:
            transport, protocol = await loop.subprocess_exec(
                lambda: _Ending(limit=2**16, loop=loop),
                sys.executable,
                "-m",
                "exekra.runner.children.child",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=self._environment | {MARK: mark},
                **SYSTEM.new_group,
            )
        except OSError as error:
            raise refused(error) from error
        process = asyncio.subprocess.Process(transport, protocol, loop)
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._abilities = await read_abilities(process.stdout, process)

        def find() -> Processes:
            return descendants(process.pid) | marked(mark)

        return ChildProcess(
            pid=process.pid,
            mark=mark,
            reader=process.stdout,
            writer=process.stdin,
            output=process.stderr,
            ended=protocol.ended,
            find=find,
        )


class _Ending(asyncio.subprocess.SubprocessStreamProtocol):
    """Reports immediately when the process ends. `Process.wait` also waits for the end of its pipes, which a process
    that it started may keep open.
    """

    def __init__(self, limit: int, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(limit, loop)
        self.ended: asyncio.Future[End] = loop.create_future()
        self._process: asyncio.SubprocessTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop."""
        super().connection_made(transport)
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._process = transport

    def process_exited(self) -> None:
        """Called by the event loop."""
        super().process_exited()
        if not self.ended.done():
            self.ended.set_result(End(code=self._process.get_returncode(), alone=False))
