"""Children spawned beforehand, where a process cannot be forked safely (Windows, macOS): one waits ready."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys

from exekra.runner.children.channel import Abilities
from exekra.runner.children.process import ChildProcess, End
from exekra.runner.children.tree import MARK, Processes, descendants, marked
from exekra.runner.children.warm import WarmChildren, environment_of_children, read_abilities


class SpawnedChildren(WarmChildren):
    """Each child is a new interpreter; the next is made while one works."""

    def __init__(self) -> None:
        super().__init__()
        self._abilities: Abilities | None = None
        self._waiting: set[asyncio.Task[None]] = set()

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
        """A ready child; the next is begun.

        Raises:
            ChildError: None could be made.
        """
        child = await super().take()
        self.prepare()
        return child

    async def close(self) -> None:
        """End the ready child and wait for it."""
        await super().close()
        if self._waiting:
            await asyncio.wait(self._waiting, timeout=5)

    async def _make(self) -> ChildProcess:
        mark = secrets.token_hex(8)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "exekra.runner.children.child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment_of_children(os.environ) | {MARK: mark},
            start_new_session=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._abilities = await read_abilities(process.stdout, process)
        ended: asyncio.Future[End] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(_wait(process, ended))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

        def find() -> Processes:
            return descendants(process.pid) | marked(mark)

        return ChildProcess(
            pid=process.pid,
            mark=mark,
            reader=process.stdout,
            writer=process.stdin,
            output=process.stderr,
            ended=ended,
            find=find,
        )


async def _wait(process: asyncio.subprocess.Process, ended: asyncio.Future[End]) -> None:
    code = await process.wait()
    if not ended.done():
        ended.set_result(End(code=code, alone=False))
