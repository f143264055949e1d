"""Turns assignments into executions, one at a time, and answers the Hub.

One execution is current. One that has ended or was revoked is not: its clean-up (ending its processes, removing its
folder) continues in the background, and can neither block the next one for ever nor write into anything of it.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Never

import msgspec

from exekra.flow.debugging import Alive
from exekra.flow.events import ExecutionFinished, Failure
from exekra.kit.supervision import Supervisor
from exekra.protocol.messages import Assign, Debug, Decline, Documents, Refused, RequestDocuments, Stop
from exekra.runner.children.pool import ChildError, ChildPool
from exekra.runner.executions.assignment import Assignment
from exekra.runner.executions.documents import DocumentCache
from exekra.runner.executions.execution import Execution
from exekra.runner.executions.files import ExecutionFiles
from exekra.runner.executions.questions import Questions
from exekra.runner.executions.space import check_not_full, make_folders
from exekra.runner.home import Home
from exekra.runner.link.delivery import Delivery
from exekra.runner.link.file_spool import FileSpool
from exekra.runner.link.raw_events import array_of
from exekra.runner.link.spool import About, Spool, recover

_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
CLEAR_SECONDS = 20.0
"""How long an execution waits until the processes of the previous one are gone; then the pool of processes is renewed.
"""
END_SECONDS = 15.0
"""How long the end of the Runner waits for processes that it killed."""
log = logging.getLogger(__name__)


class Assignments:
    """Holds the current execution.

    Attributes:
        condition_changed: Set whenever `problem` is another one.

    Args:
        children: Provides the processes.
        delivery: Delivers the events.
        questions: Sends questions to the Hub.
        home: Where spools and temporary folders are.
        files: Where kept files wait to be sent.
        needed_files: Provides the files that executions need.
        documents: The workflow documents that the Hub sent.
        work_folder: Where the relative paths of workflows start.
        spool_limit: Bytes of undelivered events at which an execution has to wait.
        supervisor: Keeps the watchers of an execution running.
    """

    def __init__(
        self,
        *,
        children: ChildPool,
        delivery: Delivery,
        questions: Questions,
        home: Home,
        files: FileSpool,
        needed_files: ExecutionFiles,
        documents: DocumentCache,
        work_folder: Path,
        spool_limit: int,
        supervisor: Supervisor,
    ) -> None:
        self._children = children
        self._delivery = delivery
        self._questions = questions
        self._home = home
        self._files = files
        self._needed_files = needed_files
        self._documents = documents
        self._work_folder = work_folder
        self._spool_limit = spool_limit
        self._supervisor = supervisor
        self._current: Execution | None = None
        self._work: dict[Execution, asyncio.Task[None]] = {}
        self._interrupted: set[str] = set()
        self._incomplete: Assign | None = None
        self._early: list[Debug] = []
        self._closing = False
        self._problem: str | None = None
        self._recovering: asyncio.Task[None] | None = None
        self._handed_back: asyncio.Queue[Decline] = asyncio.Queue()
        self.condition_changed = asyncio.Event()

    @property
    def is_debugging(self) -> bool:
        """Whether a user watches the current execution and waits for each answer."""
        return self._current is not None and self._current.assignment.debug is not None

    @property
    def problem(self) -> str | None:
        """Why no execution can be started now, or the current one does not get its files; None if all is well."""
        return self._problem or self._needed_files.problem

    def recover(self) -> None:
        """Deliver what an earlier Runner left; executions that it did not end have failed."""
        self._files.recover()
        for spool in recover(self._home.spool):
            self._delivery.add(spool)
            if not spool.finished:
                self._interrupted.add(spool.about.execution_id)

    def assign(self, message: Assign) -> Decline | RequestDocuments | None:
        """Start an execution, or say why not, or ask for what it needs."""
        held = self._delivery.spools.get(message.execution_id)
        if held is not None and held.about.lease >= message.lease:
            return None  # The Hub repeats assignments after a lost connection.
        if _ID.fullmatch(message.execution_id) is None:
            return _decline(message, "The execution's id is not valid.")
        if self._closing:
            return _decline(message, "The Runner is shutting down.")
        if self._problem is not None:
            return _decline(message, self._problem)
        if held is not None:
            self._drop(message.execution_id, held.about.lease)
        if self._current is not None and not self._current.spool.finished:
            return _decline(message, "The Runner is busy with another execution.")
        for hash, document in message.documents.items():
            self._documents.put(hash, msgspec.json.encode(document))
        documents = {name: self._documents.get(hash) for name, hash in message.workflows.items()}
        found = {name: document for name, document in documents.items() if document is not None}
        if len(found) < len(documents):
            if self._incomplete is not None and self._incomplete.execution_id == message.execution_id:
                self._incomplete = None
                return _decline(message, "The Hub did not send the workflow's documents.")
            self._incomplete = message
            hashes = tuple(sorted({message.workflows[name] for name in documents.keys() - found.keys()}))
            return RequestDocuments(execution_id=message.execution_id, lease=message.lease, hashes=hashes)
        self._incomplete = None
        self._begin(message, found)
        return None

    def provide(self, message: Documents) -> Decline | RequestDocuments | None:
        """Take documents that the Hub sent on request."""
        incomplete = self._incomplete
        if incomplete is None or (incomplete.execution_id, incomplete.lease) != (message.execution_id, message.lease):
            return None
        return self.assign(msgspec.structs.replace(incomplete, documents=message.documents))

    def stop(self, message: Stop) -> Decline | None:
        """End an execution, at first by asking it; one that still lacks documents is not started."""
        execution = self._held(message.execution_id, message.lease)
        incomplete = self._incomplete
        if execution is not None:
            execution.stop(message.grace)
        elif incomplete and (incomplete.execution_id, incomplete.lease) == (message.execution_id, message.lease):
            self._incomplete = None
            return _decline(incomplete, "It was stopped before it started.")
        return None

    def debug(self, message: Debug) -> None:
        """Pass on a debugger's commands; those that come while documents are missing are kept for the start."""
        execution = self._held(message.execution_id, message.lease)
        if execution is not None:
            execution.command(message.commands)
        elif self._incomplete is not None and self._incomplete.execution_id == message.execution_id:
            self._early.append(message)

    def keep_alive(self) -> None:
        """The connection to the Hub was lost, or is back: meanwhile, no `Alive` can have come."""
        if self._current is not None and self.is_debugging:
            self._current.command((Alive(),))

    def refuse(self, message: Refused) -> None:
        """The Hub revoked an assignment: end it immediately and forget it."""
        log.warning("The Hub revoked the execution %s: %s", message.execution_id, message.reason)
        self._drop(message.execution_id, message.lease)

    def forget_incomplete(self) -> None:
        """A new connection begins: the documents that were requested over the old one will not come."""
        self._incomplete = None

    def acknowledged(self, execution_id: str) -> None:
        """Note which events of an execution the Hub has."""
        if self._current is not None:
            self._current.make_room()
        if execution_id in self._interrupted:
            # Only now is the number of the next event known: the crash may have lost some that the Hub has.
            self._interrupted.discard(execution_id)
            self._end_interrupted(self._delivery.spools[execution_id])

    async def hand_back(self, say: Callable[[Decline], Awaitable[None]]) -> Never:
        """Report assignments that could not be started to the Hub, without end."""
        while True:
            await say(await self._handed_back.get())

    def _end_interrupted(self, spool: Spool) -> None:
        now = time.time()
        failure = Failure(
            type="RunnerRestartedError",
            message="The Runner ended during the execution and was restarted.",
        )
        seconds = max(0.0, now - spool.about.seconds_since_1970)
        event = ExecutionFinished(at=now, state="FAILED", failure=failure, seconds=seconds)
        spool.append(array_of([event]), 1, finished=True)
        self._delivery.tell()

    async def close(self, *, patience: float, grace: float, why: str) -> None:
        """Accept no more work; give the running execution `patience` seconds, then interrupt it.

        Args:
            patience: How many seconds it may still take to end by itself.
            grace: How many seconds after the request to stop its processes are killed.
            why: Why the Runner ends, as a sentence: it becomes a part of the execution's error.
        """
        self._closing = True
        if self._recovering is not None:
            self._recovering.cancel()
        current = self._current
        if current is not None and (work := self._work.get(current)) is not None:
            await asyncio.wait({work}, timeout=patience)
            current.break_off(grace, why)
        if self._work:
            await asyncio.wait(self._work.values(), timeout=grace + END_SECONDS)

    def _held(self, execution_id: str, lease: int) -> Execution | None:
        """The current execution, if it is that one under that lease."""
        current = self._current
        held = current is not None and (current.assignment.execution_id, current.spool.about.lease)
        return current if held == (execution_id, lease) else None

    def _drop(self, execution_id: str, lease: int) -> None:
        if self._incomplete is not None and self._incomplete.execution_id == execution_id:
            self._incomplete = None
        self._interrupted.discard(execution_id)
        execution = self._held(execution_id, lease)
        if execution is not None:
            self._current = None
            execution.stop(0)
        self._files.drop(execution_id, lease)
        spool = self._delivery.spools.get(execution_id)
        if spool is not None and spool.about.lease == lease:
            self._delivery.drop(execution_id)

    def _begin(self, message: Assign, documents: dict[str, bytes]) -> None:
        about = About(execution_id=message.execution_id, lease=message.lease, seconds_since_1970=time.time())
        assignment = Assignment(
            execution_id=message.execution_id,
            workflows=documents,
            inputs=message.inputs,
            files=message.files,
            workflow_files=message.workflow_files,
            timeout=message.timeout,
            start_at=message.start_at,
            debug=message.debug,
            checkpoint_each=message.checkpoint_each,
        )
        spool = Spool.create(self._home.spool, about)
        execution = Execution(
            assignment,
            spool,
            self._delivery.tell,
            files=self._files,
            needed_files=self._needed_files,
            questions=self._questions,
            spool_limit=self._spool_limit,
            supervisor=self._supervisor,
        )
        early, self._early = self._early, []
        for commands in early:
            if (commands.execution_id, commands.lease) == (message.execution_id, message.lease):
                execution.command(commands.commands)
        before = set(self._work.values())
        self._current = execution
        self._delivery.add(spool)
        work = self._work[execution] = asyncio.create_task(self._carry_out(execution, before))
        work.add_done_callback(lambda _: self._leave(execution))

    async def _carry_out(self, execution: Execution, before: set[asyncio.Task[None]]) -> None:
        about = execution.spool.about
        try:
            if before:
                await self._await_clearance(before)
            await execution.carry_out(
                self._children,
                work_folder=self._work_folder,
                temporary_folder=self._home.temporary / f"{about.execution_id}.{about.lease}",
            )
        except ChildError as error:
            self._not_begun(execution, error.message)
            return
        except Exception:
            log.exception("The remains of execution %s could not be removed", about.execution_id)
        except BaseException:
            execution.ensure_finished()
            raise
        execution.ensure_finished()
        self._children.prepare()

    def _not_begun(self, execution: Execution, problem: str) -> None:
        """Hand an execution back, and take no other until the machine has a process for it again."""
        about = execution.spool.about
        log.error("Execution %s cannot be started and is handed back: %s", about.execution_id, problem)
        if self._delivery.spools.get(about.execution_id) is execution.spool:
            self._drop(about.execution_id, about.lease)
            reason = Decline(execution_id=about.execution_id, lease=about.lease, reason=problem)
            self._handed_back.put_nowait(reason)
        if self._problem is None and not self._closing:
            self._recovering = asyncio.create_task(self._recover_ability(execution.assignment.file_bytes))
        self._problem = problem
        self.condition_changed.set()

    async def _recover_ability(self, file_bytes: int) -> None:
        await self._supervisor.keep("making a process for executions", lambda: self._try_to_begin(file_bytes))
        log.info("Executions can be started again.")
        self._problem = None
        self.condition_changed.set()

    async def _try_to_begin(self, file_bytes: int) -> None:
        """Whether another execution can start, with files as large as those of the one that was handed back."""
        folder = self._home.temporary / "trial"
        make_folders(folder, self._work_folder)
        folder.rmdir()
        check_not_full(self._home.temporary, file_bytes)
        await self._children.ready()

    async def _await_clearance(self, before: set[asyncio.Task[None]]) -> None:
        """Wait until the processes of earlier executions are gone; if they cannot be ended, leave them behind."""
        _, left = await asyncio.wait(before, timeout=CLEAR_SECONDS)
        if left:
            log.error("Processes of an earlier execution could not be ended: renewing the pool of processes.")
            await self._children.renew()

    def _leave(self, execution: Execution) -> None:
        del self._work[execution]
        if self._current is execution:
            self._current = None


def _decline(message: Assign, reason: str) -> Decline:
    return Decline(execution_id=message.execution_id, lease=message.lease, reason=reason)
