"""One execution on the Runner: from its job to its last event, whatever its child process does."""

from __future__ import annotations

import asyncio
import logging
import math
import shutil
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from exekra.flow.debugging import AnyDebugCommand
from exekra.flow.events import EndState, Event, ExecutionFinished, Failure, Log
from exekra.kit.supervision import Supervisor
from exekra.runner.children.channel import Asked, Job, Kind
from exekra.runner.children.pool import ChildPool
from exekra.runner.children.process import ChildProcess, End, describe_end
from exekra.runner.executions.assignment import Assignment
from exekra.runner.executions.files import ExecutionFiles
from exekra.runner.executions.printed import relay_printed
from exekra.runner.executions.questions import Questions
from exekra.runner.executions.space import make_folders
from exekra.runner.host import SYSTEM
from exekra.runner.host.measuring import Meter
from exekra.runner.link.file_fetching import FileFetchError
from exekra.runner.link.file_spool import FileSpool
from exekra.runner.link.raw_events import array_of
from exekra.runner.link.spool import Spool
from exekra.sdk.context import LogLevel
from exekra.sdk.errors import TimedOutError

METRIC_SECONDS = 5.0
LATE_SECONDS = 10.0
"""How long the child may take to end an execution after its timeout, before it is killed."""
BEGIN_SECONDS = 60
"""How long a child may take from its job to its first event."""
LEAVE_SECONDS = 5.0
"""How long a child may live after its last event, and how long it may take to end after it was killed."""
MEMORY_LIMIT = 8 * 1024 * 1024
"""The most bytes of events that are kept in memory while the disk is full."""

DEFECT = "An internal error occurred in the Runner ({}). Its log has the details; please report this."
Cause = Literal["stop", "ended", "timeout", "begin", "disk"]
"""Why the Runner itself ends an execution."""
log = logging.getLogger(__name__)


class Execution:
    """Runs one assignment.

    Args:
        assignment: The execution to run.
        spool: Where its events go.
        tell: Called when the spool has new events.
        files: Where its kept files wait to be sent.
        needed_files: Provides the files that it needs.
        questions: Sends its questions to the Hub.
        spool_limit: Bytes of unacknowledged events at which the execution has to wait.
        supervisor: Keeps its watchers running.
    """

    def __init__(
        self,
        assignment: Assignment,
        spool: Spool,
        tell: Callable[[], None],
        *,
        files: FileSpool,
        needed_files: ExecutionFiles,
        questions: Questions,
        spool_limit: int,
        supervisor: Supervisor,
    ) -> None:
        self.assignment = assignment
        self.spool = spool
        self._files = files
        self._needed_files = needed_files
        self._tell = tell
        self._questions = questions
        self._spool_limit = spool_limit
        self._supervisor = supervisor
        self._cause: Cause | None = None
        self._why = ""
        self._grace = math.inf
        self._begun = asyncio.Event()
        self._stopping = asyncio.Event()
        self._killing: asyncio.Task[bool] | None = None
        self._room = asyncio.Event()
        self._began = time.monotonic()
        self._fetched_seconds = 0.0
        self._warned = False
        self._child: ChildProcess | None = None
        self._early: list[AnyDebugCommand] = []

    async def carry_out(self, children: ChildPool, *, work_folder: Path, temporary_folder: Path) -> None:
        """Run it to its end. Afterwards, its last event is in the spool, and none of its processes is left.

        Raises:
            ChildError: The machine has no process or no folder for it; nothing was started.
        """
        try:
            make_folders(temporary_folder, work_folder)
            await self._fetch_files(temporary_folder)
            child = await children.take()
        except _EndedEarlyError:
            self._finish_for(End(code=None, alone=True), memory_kills=0)
        except (FileFetchError, TimedOutError) as error:
            self._finish("FAILED", Failure(type=error.type, message=error.message))
        else:
            await self._carry_out_safely(child, self._job(child, work_folder, temporary_folder))
        finally:
            await asyncio.to_thread(shutil.rmtree, temporary_folder, ignore_errors=True)
            self._files.end(self.assignment.execution_id, self.spool.about.lease)

    async def _fetch_files(self, folder: Path) -> None:
        """Put the files that it needs into its folder.

        Raises:
            FileFetchError: One cannot be had.
            ChildError: The machine's disk has no space for them.
            TimedOutError: They did not arrive within the execution's time limit.
            _EndedEarlyError: It was to end before all of them were there.
        """
        if not self.assignment.files and not self.assignment.workflow_files:
            return
        began, limit = time.monotonic(), self.assignment.timeout
        try:
            async with asyncio.timeout(limit) as timer:
                with self.spool.unbegun():
                    provided = await self._needed_files.provide(
                        self.assignment, self.spool.about.lease, folder, unless=self._stopping
                    )
        except TimeoutError as error:
            if limit is None or not timer.expired():
                raise
            raise self._needed_files.late(limit) from error
        finally:
            self._needed_files.end()
        if provided is None:
            raise _EndedEarlyError
        self._fetched_seconds = time.monotonic() - began
        self.assignment = provided

    async def _carry_out_safely(self, child: ChildProcess, job: Job) -> None:
        """A defect of the Runner ends this execution and leaves the Runner ready for the next."""
        try:
            await self._carry_out(child, job)
        except Exception as error:
            log.exception("Execution %s could not be run", self.assignment.execution_id)
            await self._kill(child)
            message = DEFECT.format(type(error).__name__)
            self._finish("FAILED", Failure(type="InternalError", message=message))

    async def _carry_out(self, child: ChildProcess, job: Job) -> None:
        kills = SYSTEM.out_of_memory_kills()
        child.start(job)
        self._child = child
        watching = [
            self._keep("stopping an execution", lambda: self._stop_when_asked(child)),
            self._keep("watching the start of an execution", lambda: self._watch_beginning(child)),
            self._keep("watching the time of an execution", lambda: self._watch_time(child)),
            self._keep("measuring an execution", lambda: self._measure(child)),
        ]
        leaving = self._keep("ending remaining processes", lambda: self._leave_nothing(child))
        printing = self._keep("reading what is printed", lambda: relay_printed(child.output, self._add))
        last = await self._relay(child)
        self._questions.withdraw_all(self.assignment.execution_id, self.spool.about.lease)
        if not await _within(LEAVE_SECONDS, child.ended):
            await self._kill(child)
        # A process that even a kill does not end (because it waits for a broken disk, say) is left behind.
        await _within(LEAVE_SECONDS, leaving)
        await _within(LEAVE_SECONDS, printing)
        for task in (*watching, leaving, printing):
            task.cancel()
        await asyncio.gather(*watching, leaving, printing, return_exceptions=True)
        if self._killing is not None:
            await self._killing
        child.close()
        if last is not None and self._cause == "ended":
            last = self._as_broken_off(*last)
        if last is not None:
            self._append(*last, finished=True)
        else:
            end = child.ended.result() if child.ended.done() else End(code=None, alone=False)
            self._finish_for(end, memory_kills=SYSTEM.out_of_memory_kills() - kills)

    def _keep(self, name: str, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        return asyncio.create_task(self._supervisor.keep(name, work))

    def stop(self, grace: float) -> None:
        """End it on the Hub's request: ask, and kill all of its processes `grace` seconds later."""
        self._note("stop")
        self._grace = min(grace, self._grace)
        self._stopping.set()

    def break_off(self, grace: float, why: str) -> None:
        """End it as `stop` does, because the Runner ends; `why` is a sentence with the reason."""
        if self.spool.finished:
            return
        self._log(f"The Runner is shutting down and interrupts the execution. {why}", "warning")
        self._note("ended")
        self._why = why
        self._grace = min(grace, self._grace)
        self._stopping.set()

    def ensure_finished(self) -> None:
        """Report an end if none was reported: whatever went wrong here, the Hub must not wait for it."""
        if not self.spool.finished:
            self._finish("FAILED", Failure(type="InternalError", message=DEFECT.format("before it could end it")))

    def command(self, commands: Sequence[AnyDebugCommand]) -> None:
        """Pass on a debugger's command; before the execution starts, it becomes a part of its job."""
        if self._child is None:
            self._early.extend(commands)
        elif commands and not self._child.ended.done():
            self._child.debug(commands)

    def make_room(self) -> None:
        """Continue after events were acknowledged."""
        self._room.set()

    def _job(self, child: ChildProcess, work_folder: Path, temporary_folder: Path) -> Job:
        return Job(
            execution_id=self.assignment.execution_id,
            mark=child.mark,
            workflows={name: msgspec.Raw(document) for name, document in self.assignment.workflows.items()},
            inputs=self.assignment.inputs,
            workflow_folders={key: str(folder) for key, folder in self.assignment.workflow_folders.items()},
            work_folder=str(work_folder),
            temporary_folder=str(temporary_folder),
            timeout=self.assignment.timeout,
            seconds_used=self._fetched_seconds,
            start_at=self.assignment.start_at,
            debug=self.assignment.debug,
            checkpoint_each=self.assignment.checkpoint_each,
            commands=tuple(self._early),
            files=self._files.space(self.assignment.execution_id, self.spool.about.lease),
        )

    async def _relay(self, child: ChildProcess) -> tuple[bytes, int] | None:
        """Spool what the child reports, and pass on its questions.

        The frame with the last event is returned instead; None if there is none.
        """
        while (received := await child.receive()) is not None:
            kind, count, payload = received
            self._begun.set()
            if kind is Kind.FINISHED:
                return payload, count
            if kind is Kind.KEPT:
                self._files.tell()
                continue
            if kind in {Kind.ASK, Kind.WITHDRAW}:
                self._ask(child, kind, payload)
                continue
            self._append(payload, count)
            if self.spool.memory_bytes > MEMORY_LIMIT and self._cause is None:
                self._note("disk")
                await self._kill(child)
            while self.spool.waiting_bytes > self._spool_limit and self._cause is None:
                self._room.clear()
                await self._room.wait()
        return None

    def _ask(self, child: ChildProcess, kind: Kind, payload: bytes) -> None:
        id, lease = self.assignment.execution_id, self.spool.about.lease
        if kind is Kind.WITHDRAW:
            self._questions.withdraw(id, lease, int(payload))
        else:
            self._questions.ask(id, lease, msgspec.json.decode(payload, type=Asked), child.answer)

    async def _stop_when_asked(self, child: ChildProcess) -> None:
        await self._stopping.wait()
        child.ask_to_stop()
        if not await _within(self._grace, child.ended):
            self._log(
                f"It did not stop by itself within {self._grace:g} s: all of its processes are killed.", "warning"
            )
            await self._kill(child)

    async def _watch_time(self, child: ChildProcess) -> None:
        """The engine watches the time itself; this is for an activity that blocks it.

        In a debug session, only the engine knows how long it was paused, and a user is there to stop it.
        """
        if self.assignment.debug is not None:
            return
        if self.assignment.timeout is not None and not await _within(
            self.assignment.timeout - self._fetched_seconds + LATE_SECONDS, child.ended
        ):
            self._note("timeout")
            await self._kill(child)

    async def _watch_beginning(self, child: ChildProcess) -> None:
        """In steps of a second, so that a pause of the whole machine counts as one second and not as a failure."""
        begun = asyncio.create_task(self._begun.wait())
        for _ in range(BEGIN_SECONDS):
            if await _within(1.0, begun):
                return
        self._note("begin")
        await self._kill(child)

    def _note(self, cause: Cause) -> None:
        """Remember why it ends (only the first cause); nothing waits for the Hub any more."""
        self._cause = self._cause or cause
        self._room.set()

    async def _measure(self, child: ChildProcess) -> None:
        meter = Meter()
        while True:
            await asyncio.sleep(METRIC_SECONDS)
            self._add([await asyncio.to_thread(lambda: meter.sample(child.find()))])

    async def _leave_nothing(self, child: ChildProcess) -> None:
        end = await asyncio.shield(child.ended)
        if not end.alone:
            await self._kill(child)

    async def _kill(self, child: ChildProcess) -> None:
        """Kill all processes. A second caller waits for the first, so that those of the next execution are not hit."""
        if self._killing is None or self._killing.done():
            self._killing = asyncio.create_task(child.end())
        if not await asyncio.shield(self._killing):
            log.error("Processes of execution %s could not be ended.", self.assignment.execution_id)

    def _finish_for(self, end: End, *, memory_kills: int) -> None:
        """Report the end for a child that could not."""
        timeout = self.assignment.timeout
        match self._cause:
            case "stop":
                self._finish("STOPPED", None)
            case "ended":
                self._finish("FAILED", self._broken_off)
            case "begin":
                message = f"The process of the execution did not start working within {BEGIN_SECONDS} s and was ended."
                self._finish("FAILED", Failure(type="RunnerError", message=message))
            case "timeout":
                message = f"The execution took longer than its limit of {timeout:g} s, and an activity did not react."
                self._finish("FAILED", Failure(type="TimedOutError", message=message))
            case "disk":
                message = (
                    f"The disk of the Runner is full ({self.spool.folder}) and the Hub does not accept the execution's "
                    "events. Free some space and run it again."
                )
                self._finish("FAILED", Failure(type="DiskFullError", message=message))
            case None:
                how = describe_end(end.code)
                if memory_kills and end.code == -9:
                    how = "was killed because the machine ran out of memory"
                message = f"The process of the execution {how}. The steps up to that point are in its log."
                self._finish("FAILED", Failure(type="ProcessDiedError", message=message))

    @property
    def _broken_off(self) -> Failure:
        message = f"The Runner shut down while the execution was running, and interrupted it. {self._why}"
        return Failure(type="RunnerEndedError", message=message)

    def _as_broken_off(self, payload: bytes, count: int) -> tuple[bytes, int]:
        """The last events with the reason why the Runner ended, if the child only knows that it was stopped."""
        events = msgspec.json.decode(payload, type=list[msgspec.Raw])
        last = msgspec.json.decode(events[-1], type=ExecutionFinished)
        if last.state == "STOPPED":
            failed = msgspec.structs.replace(last, state="FAILED", failure=self._broken_off)
            payload = msgspec.json.encode([*events[:-1], failed])
        return payload, count

    def _finish(self, state: EndState, failure: Failure | None) -> None:
        seconds = time.monotonic() - self._began
        event = ExecutionFinished(at=time.time(), state=state, failure=failure, seconds=seconds)
        self._append(array_of([event]), 1, finished=True)

    def _log(self, message: str, level: LogLevel) -> None:
        self._add([Log(at=time.time(), message=message, level=level)])

    def _add(self, events: Sequence[Event]) -> None:
        self._append(array_of(events), len(events))

    def _append(self, payload: bytes, count: int, *, finished: bool = False) -> None:
        self.spool.append(payload, count, finished=finished)
        if self.spool.problem is not None and not self._warned and not finished:
            self._warned = True
            problem = self.spool.problem.strerror
            log.error("Events could not be written to %s: %s.", self.spool.folder, problem)
            self._log(f"The Runner cannot write to its disk ({problem}): events are kept in memory.", "error")
        self._tell()


class _EndedEarlyError(Exception):
    """It was to end before there was a process for it."""


async def _within(seconds: float, awaited: asyncio.Future[Any]) -> bool:
    """Whether it is done in time; otherwise it continues."""
    done, _ = await asyncio.wait({awaited}, timeout=seconds)
    return bool(done)
