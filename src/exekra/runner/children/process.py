"""One child process as the Runner sees it, however it was created."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from exekra.flow.debugging import AnyDebugCommand
from exekra.runner.children.channel import HEADER, Answered, Job, Kind, frame
from exekra.runner.host.processes import Processes, end_all


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a process ended.

    Attributes:
        code: Its exit status, or minus the number of the signal that ended it; None if unknown.
        alone: Whether it certainly left no process behind.
    """

    code: int | None
    alone: bool


class ChildProcess:
    """A process that is ready for one job.

    Args:
        pid: Its process id.
        mark: The mark in the environment of every process that it starts.
        reader: The stream of its messages.
        writer: The stream of messages to it.
        output: The stream of what it prints.
        ended: How it ended, once it has.
        find: Finds all living processes of its tree, even after it has ended.
    """

    def __init__(
        self,
        *,
        pid: int,
        mark: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        output: asyncio.StreamReader,
        ended: asyncio.Future[End],
        find: Callable[[], Processes],
    ) -> None:
        self.pid = pid
        self.mark = mark
        self.output = output
        self.ended = ended
        self.find = find
        self._reader = reader
        self._writer = writer

    def start(self, job: Job) -> None:
        """Send the job."""
        self._writer.write(frame(Kind.JOB, msgspec.json.encode(job)))

    def ask_to_stop(self) -> None:
        """Ask the execution to stop by itself."""
        self._writer.write(frame(Kind.STOP))

    def debug(self, commands: Sequence[AnyDebugCommand]) -> None:
        """Pass on a debugger's commands, in order."""
        self._writer.write(frame(Kind.DEBUG, msgspec.json.encode(commands)))

    def answer(self, answer: Answered) -> None:
        """Send the Hub's answer to a question."""
        self._writer.write(frame(Kind.ANSWER, msgspec.json.encode(answer)))

    async def receive(self) -> tuple[Kind, int, bytes] | None:
        """The next frame: its kind, its number of events, its payload. None if the child is gone."""
        try:
            length, count, kind = HEADER.unpack(await self._reader.readexactly(HEADER.size))
            return Kind(kind), count, await self._reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    async def end(self) -> bool:
        """Kill the child and every process that it started, even if they hide; False if some could not be ended."""
        return await asyncio.to_thread(end_all, self.find)

    def close(self) -> None:
        """Close the pipes."""
        self._writer.close()


def describe_end(code: int | None) -> str:
    """How a process ended, as the rest of a sentence that begins with "The process"."""
    if code is None:
        return "was lost"
    if code >= 0:
        return f"ended by itself with exit status {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    if name in {"SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT"}:
        return f"crashed ({name}): a library that the workflow uses has a defect"
    return f"was killed from outside ({name})"
