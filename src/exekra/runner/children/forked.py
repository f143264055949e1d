"""Children forked from a zygote (Linux): ready in about two milliseconds, and nothing that they start can hide."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import sys
from collections.abc import Mapping

import msgspec

from exekra.runner.children.channel import HEADER, Abilities, Exited, Kind
from exekra.runner.children.pool import ChildError, ChildPool, read_abilities, refused
from exekra.runner.children.process import ChildProcess, End
from exekra.runner.host import SYSTEM
from exekra.runner.host.processes import Processes, descendants, marked

FORK_SECONDS = 10.0
"""How long a zygote may take to fork; one that is slower is replaced."""
END_SECONDS = 5.0
"""How long a zygote may take to end, and to be gone after a kill."""


log = logging.getLogger(__name__)


class ForkedChildPool(ChildPool):
    """Children of a zygote, which is restarted when it dies."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        super().__init__(environment)
        self._zygote: Zygote | None = None
        self._starting = asyncio.Lock()

    async def abilities(self) -> Abilities:
        """What the machine can do.

        Raises:
            ChildError: The activities cannot be loaded.
        """
        return (await self._running()).abilities

    async def close(self) -> None:
        """End the zygote, and all processes below it."""
        await super().close()
        if self._zygote is not None:
            await self._zygote.close()

    async def renew(self) -> None:
        """Abandon the zygote, and create another when it is needed."""
        await super().renew()
        zygote, self._zygote = self._zygote, None
        if zygote is not None:
            await zygote.close()

    async def _running(self) -> Zygote:
        async with self._starting:
            if self._zygote is None or self._zygote.lost:
                self._zygote = await Zygote.start(self._environment)
            return self._zygote

    async def _make(self) -> ChildProcess:
        try:
            return await (await self._running()).fork()
        except ZygoteLostError:
            return await (await self._running()).fork()


class ZygoteLostError(ChildError):
    """The process that forks children ended twice in a row. Check whether this machine has run out of memory."""


class Zygote:
    """The Runner's end of a zygote. Created by `start`."""

    def __init__(
        self, process: asyncio.subprocess.Process, control: socket.socket, reader: asyncio.StreamReader
    ) -> None:
        self.lost = False
        self.abilities = Abilities(catalogue_hash="", entries=msgspec.Raw(b"[]"))
        self._process = process
        self._control = control
        self._reader = reader
        self._forked: asyncio.Queue[tuple[int, asyncio.Future[End]] | OSError | None] = asyncio.Queue()
        self._ends: dict[int, asyncio.Future[End]] = {}
        self._forking = asyncio.Lock()
        self._listening: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, environment: Mapping[str, str]) -> Zygote:
        """Start one with these environment variables, and wait until its imports are done.

        Raises:
            ChildError: The activities cannot be loaded, or the system refuses another process.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "exekra.runner.children.zygote",
                    str(theirs.fileno()),
                    pass_fds=(theirs.fileno(),),
                    stdin=asyncio.subprocess.DEVNULL,
                    env=environment,
                    **SYSTEM.new_group,
                )
            except OSError as error:
                ours.close()
                raise refused(error) from error
        # The streams own a duplicate, so that descriptors can be sent over `ours` separately.
        reader, writer = await asyncio.open_connection(sock=ours.dup())
        zygote = cls(process, ours, reader)
        zygote.abilities = await read_abilities(reader, process)
        zygote._listening = asyncio.create_task(zygote._listen(writer))
        return zygote

    async def fork(self) -> ChildProcess:
        """Fork one child.

        Raises:
            ZygoteLostError: The zygote is gone.
            OSError: The system refuses another process.
        """
        async with self._forking:
            ours, theirs = socket.socketpair()
            printed, print_to = os.pipe()
            try:
                socket.send_fds(self._control, [b"f"], [theirs.fileno(), print_to])
                forked = await asyncio.wait_for(self._forked.get(), FORK_SECONDS)
            except OSError:  # Also if it took too long.
                forked = None
            except BaseException:  # Otherwise its answer would be taken for that of the next request.
                self._abandon()
                ours.close()
                os.close(printed)
                raise
            finally:
                theirs.close()
                os.close(print_to)
            if forked is None:
                self._abandon()
                ours.close()
                os.close(printed)
                raise ZygoteLostError
            if isinstance(forked, OSError):
                ours.close()
                os.close(printed)
                raise forked
        pid, ended = forked
        reader, writer = await asyncio.open_connection(sock=ours)
        mark = secrets.token_hex(8)
        return ChildProcess(
            pid=pid,
            mark=mark,
            reader=reader,
            writer=writer,
            output=await _reader_of_pipe(printed),
            ended=ended,
            find=lambda: self._find(mark),
        )

    def _find(self, mark: str) -> Processes:
        """All processes of the current execution: those below the zygote, which adopts orphans."""
        return marked(mark) if self.lost else descendants(self._process.pid)

    async def close(self) -> None:
        """End the zygote; it ends all processes below it first."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        ending = asyncio.create_task(self._process.wait())
        if not (await asyncio.wait({ending}, timeout=END_SECONDS))[0]:
            self._abandon()
            await asyncio.wait({ending}, timeout=END_SECONDS)
        if self._listening is not None:
            await asyncio.wait({self._listening}, timeout=END_SECONDS)

    def _abandon(self) -> None:
        """Stop using it."""
        self.lost = True
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def _listen(self, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                length, _count, kind = HEADER.unpack(await self._reader.readexactly(HEADER.size))
                payload = await self._reader.readexactly(length)
                if kind == Kind.FORKED:
                    end = self._ends[int(payload)] = asyncio.get_running_loop().create_future()
                    self._forked.put_nowait((int(payload), end))
                elif kind == Kind.NOT_FORKED:
                    self._forked.put_nowait(OSError(int(payload), os.strerror(int(payload))))
                else:
                    exited = msgspec.json.decode(payload, type=Exited)
                    self._ends.pop(exited.pid).set_result(End(code=exited.code, alone=exited.left == 0))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except Exception:
            log.exception("A message of the zygote could not be understood")
        finally:
            self._abandon()
            self._forked.put_nowait(None)
            for end in self._ends.values():
                end.set_result(End(code=None, alone=False))
            writer.close()
            self._control.close()
        await self._process.wait()


async def _reader_of_pipe(descriptor: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
    )
    return reader
