"""What all nodes of one execution share: its clock, log, secrets, threads and resources, and the wish to stop."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from exekra.engine.checkpoints import Checkpoints
from exekra.engine.context import NodeContext, Resources
from exekra.engine.observation import Observer
from exekra.engine.secrets import Masker, SecretSource
from exekra.engine.steps import Token
from exekra.engine.threads import Threads
from exekra.flow.events import Event, Failure
from exekra.flow.model import Flow

if TYPE_CHECKING:
    from exekra.engine.debugging.debugger import Debugger

SLICE_SECONDS = 0.01
"""A loop whose body never waits gives the others their turn after this time; so long a stop may go unnoticed."""


class Execution:
    """One execution. Everything here belongs to the event loop's thread, but the observer, which is safe to share.

    Attributes:
        breathe_at: The clock's reading at which the next loop calls `breathe`.
        stopping: Whether the execution is being stopped.
        debugger: What pauses its tokens; None when nobody debugs.
    """

    debugger: Debugger | None = None

    def __init__(
        self,
        *,
        id: str,
        workflows: Mapping[str, Flow],
        emit: Callable[[Event], None],
        work_folder: Path,
        secrets: SecretSource | None,
        checkpoint_each: bool = False,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.id = id
        self.workflows = workflows
        self.work_folder = work_folder
        self.secrets = secrets
        self.clock = clock
        self.masker = Masker()
        self.observer = Observer(emit, self.masker, clock)
        self.checkpoints = Checkpoints(self.observer, each=checkpoint_each)
        self.threads = Threads()
        self.resources = Resources(lambda: self.context(""), self.observer.log)
        self.breathe_at = clock() + SLICE_SECONDS
        self.stopping = False
        self._temporary_folder: Path | None = None
        self._folder_lock = threading.Lock()

    def context(self, node: str) -> NodeContext:
        """A context for one call of an activity at `node`."""
        return NodeContext(
            execution_id=self.id,
            node=node,
            work_folder=self.work_folder,
            temporary_folder=self.temporary_folder,
            write_log=self.observer.log,
        )

    def temporary_folder(self) -> Path:
        """The execution's own folder, made when it is first asked for; safe to call from any thread."""
        with self._folder_lock:
            if self._temporary_folder is None:
                self._temporary_folder = Path(tempfile.mkdtemp(prefix="exekra-"))
            return self._temporary_folder

    @property
    def seconds_paused(self) -> float:
        """How long a person kept it waiting."""
        return self.debugger.root.lost if self.debugger is not None else 0.0

    def masked(self, failure: Failure) -> Failure:
        """The failure with secrets masked in its message."""
        return msgspec.structs.replace(failure, message=self.masker.text(failure.message))

    async def breathe(self, token: Token) -> None:
        """Give everything else in the process its turn.

        Raises:
            asyncio.CancelledError: The execution is being stopped, or the time of a node around is over.
        """
        await asyncio.sleep(0)
        self.raise_if_stopping(token)
        token.at = self.clock()
        self.breathe_at = token.at + SLICE_SECONDS

    def raise_if_stopping(self, token: Token) -> None:
        """Raise CancelledError when the execution is being stopped, whatever an activity made of its cancellation."""
        if self.stopping and not token.cleaning:
            raise asyncio.CancelledError

    async def close(self) -> None:
        """Give back what the activities used."""
        await self.resources.close()
        self.threads.close()
        if self._temporary_folder is not None:
            shutil.rmtree(self._temporary_folder, ignore_errors=True)
