"""Where assignments become executions, one at a time: takes the Hub's orders and answers them."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from pathlib import Path

import msgspec

from exekra.flow.debugging import Alive
from exekra.flow.events import ExecutionFinished, Failure
from exekra.protocol.messages import Assign, Debug, Decline, Documents, Refused, RequestDocuments, Stop
from exekra.runner.children.pool import ChildPool
from exekra.runner.executions.documents import DocumentCache
from exekra.runner.executions.execution import Assignment, Execution
from exekra.runner.home import Home
from exekra.runner.link.delivery import Delivery
from exekra.runner.link.raw_events import array_of
from exekra.runner.link.spool import About, Spool, recover

_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
log = logging.getLogger(__name__)


class Assignments:
    """Holds the execution that is on.

    Args:
        children: Lends the processes.
        delivery: Brings the events away.
        home: Where spools and temporary folders are.
        documents: The workflow documents that the Hub sent.
        work_folder: Where the relative paths of workflows start.
        spool_limit: Bytes of undelivered events at which an execution has to wait.
    """

    def __init__(
        self,
        *,
        children: ChildPool,
        delivery: Delivery,
        home: Home,
        documents: DocumentCache,
        work_folder: Path,
        spool_limit: int,
    ) -> None:
        self._children = children
        self._delivery = delivery
        self._home = home
        self._documents = documents
        self._work_folder = work_folder
        self._spool_limit = spool_limit
        self._execution: Execution | None = None
        self._work: asyncio.Task[None] | None = None
        self._abandoned: set[tuple[str, int]] = set()
        self._interrupted: set[str] = set()
        self._wanting: Assign | None = None
        self._early: list[Debug] = []
        self._closing = False

    @property
    def is_debugging(self) -> bool:
        """Whether a person watches the execution that is on, and waits for each answer."""
        return self._execution is not None and self._execution.assignment.debug is not None

    def recover(self) -> None:
        """Bring away what an earlier Runner left; executions that it did not end have failed."""
        for spool in recover(self._home.spool):
            self._delivery.add(spool)
            if not spool.finished:
                self._interrupted.add(spool.about.execution_id)

    def assign(self, message: Assign) -> Decline | RequestDocuments | None:
        """Begin an execution, or say why not, or ask for what it needs."""
        held = self._delivery.spools.get(message.execution_id)
        if held is not None and held.about.lease >= message.lease:
            return None  # The Hub repeats itself after a lost connection.
        if _ID.fullmatch(message.execution_id) is None:
            return _decline(message, "The execution's id is no id.")
        if self._closing:
            return _decline(message, "The Runner is about to end.")
        if held is not None:
            self._drop(message.execution_id, held.about.lease)
        if self._is_busy():
            return _decline(message, "The Runner is busy with another execution.")
        for hash, document in message.documents.items():
            self._documents.put(hash, msgspec.json.encode(document))
        documents = {name: self._documents.get(hash) for name, hash in message.workflows.items()}
        found = {name: document for name, document in documents.items() if document is not None}
        if len(found) < len(documents):
            if self._wanting is not None:
                self._wanting = None
                return _decline(message, "The Hub did not send the workflow's documents.")
            self._wanting = message
            hashes = tuple(sorted({message.workflows[name] for name in documents.keys() - found.keys()}))
            return RequestDocuments(execution_id=message.execution_id, lease=message.lease, hashes=hashes)
        self._wanting = None
        self._begin(message, found)
        return None

    def provide(self, message: Documents) -> Decline | RequestDocuments | None:
        """The Hub sent documents that were asked for."""
        wanting = self._wanting
        if wanting is None or (wanting.execution_id, wanting.lease) != (message.execution_id, message.lease):
            return None
        return self.assign(msgspec.structs.replace(wanting, documents=message.documents))

    def stop(self, message: Stop) -> None:
        """End an execution, in its own time at first."""
        if self._holds(message.execution_id, message.lease):
            assert self._execution is not None
            self._execution.stop(message.grace)

    def debug(self, message: Debug) -> None:
        """Pass a person's commands on; those that come while documents are missing are kept for the beginning."""
        if self._holds(message.execution_id, message.lease):
            assert self._execution is not None
            self._execution.command(message.commands)
        elif self._wanting is not None and self._wanting.execution_id == message.execution_id:
            self._early.append(message)

    def keep_alive(self) -> None:
        """The connection to the Hub was lost, or is back: nobody can have said that somebody is still there."""
        if self._execution is not None and self.is_debugging:
            self._execution.command((Alive(),))

    def refuse(self, message: Refused) -> None:
        """The Hub gave an assignment up: end it at once and forget it."""
        log.warning("The Hub gave execution %s up: %s", message.execution_id, message.reason)
        self._drop(message.execution_id, message.lease)

    def forget_wanting(self) -> None:
        """A new connection begins: what was asked for over the old one does not come."""
        self._wanting = None

    def acknowledged(self, execution_id: str) -> None:
        """The Hub said which events of an execution it has."""
        if self._execution is not None:
            self._execution.make_room()
        if execution_id in self._interrupted:
            # Only now is the number of the next event certain: the crash may have lost some that the Hub has.
            self._interrupted.discard(execution_id)
            self._end_interrupted(self._delivery.spools[execution_id])

    def _end_interrupted(self, spool: Spool) -> None:
        now = time.time()
        failure = Failure(
            type="RunnerRestartedError",
            message="The Runner ended in the middle of the execution and was started again.",
        )
        seconds = max(0.0, now - spool.about.seconds_since_1970)
        event = ExecutionFinished(at=now, state="FAILED", failure=failure, seconds=seconds)
        spool.append(array_of([event]), 1, finished=True)
        self._delivery.tell()

    async def close(self, *, patience: float, grace: float) -> None:
        """Take no more work; give the running execution `patience` seconds, then stop it."""
        self._closing = True
        if self._work is None or self._work.done() or self._execution is None:
            return
        await asyncio.wait({self._work}, timeout=patience)
        self._execution.stop(grace)
        await self._work

    def _is_busy(self) -> bool:
        execution = self._execution
        if self._wanting is None and execution is None:
            return False
        if execution is not None and not execution.spool.finished:
            return (execution.assignment.execution_id, execution.spool.about.lease) not in self._abandoned
        return False

    def _holds(self, execution_id: str, lease: int) -> bool:
        execution = self._execution
        return execution is not None and (execution.assignment.execution_id, execution.spool.about.lease) == (
            execution_id,
            lease,
        )

    def _drop(self, execution_id: str, lease: int) -> None:
        if self._wanting is not None and self._wanting.execution_id == execution_id:
            self._wanting = None
        if self._holds(execution_id, lease):
            assert self._execution is not None
            self._abandoned.add((execution_id, lease))
            self._execution.stop(0)
        else:
            self._interrupted.discard(execution_id)
            spool = self._delivery.spools.get(execution_id)
            if spool is not None and spool.about.lease == lease:
                self._delivery.drop(execution_id)

    def _begin(self, message: Assign, documents: dict[str, bytes]) -> None:
        about = About(execution_id=message.execution_id, lease=message.lease, seconds_since_1970=time.time())
        assignment = Assignment(
            execution_id=message.execution_id,
            workflows=documents,
            inputs=message.inputs,
            timeout=message.timeout,
            start_at=message.start_at,
            debug=message.debug,
            checkpoint_each=message.checkpoint_each,
        )
        spool = Spool.create(self._home.spool, about)
        execution = Execution(assignment, spool, self._delivery.tell, spool_limit=self._spool_limit)
        early, self._early = self._early, []
        for commands in early:
            if (commands.execution_id, commands.lease) == (message.execution_id, message.lease):
                execution.command(commands.commands)
        before, self._work = self._work, None
        self._execution = execution
        self._delivery.add(spool)
        self._work = asyncio.create_task(self._carry_out(execution, before))

    async def _carry_out(self, execution: Execution, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await before
        about = execution.spool.about
        await execution.carry_out(
            self._children,
            work_folder=self._work_folder,
            temporary_folder=self._home.temporary / f"{about.execution_id}.{about.lease}",
        )
        if self._execution is execution:
            self._execution = None
        if (about.execution_id, about.lease) in self._abandoned:
            self._abandoned.discard((about.execution_id, about.lease))
            if self._delivery.spools.get(about.execution_id) is execution.spool:
                self._delivery.drop(about.execution_id)
            else:
                execution.spool.remove()
        self._children.prepare()


def _decline(message: Assign, reason: str) -> Decline:
    return Decline(execution_id=message.execution_id, lease=message.lease, reason=reason)
