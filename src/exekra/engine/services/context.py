"""The context that the engine lends to an activity."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from exekra.engine.services.asking import HubQuestions, PendingAnswer
from exekra.sdk.context import Context, KeptFile, LogLevel, Plain, WhenAway
from exekra.sdk.errors import StoppedError

Keep = Callable[[Path, str | None, str | None, bool, Callable[[], None]], KeptFile]
"""Keeps a file: its path, its name, the node, whether to take the file itself, and what ends it early."""

WriteLog = Callable[[str, LogLevel, str | None], None]


class ActivityContext(Context):
    """The context of one call of an activity."""

    def __init__(
        self,
        *,
        execution_id: str,
        node: str,
        work_folder: Path,
        temporary_folder: Callable[[], Path],
        write_log: WriteLog,
        keep: Keep,
        questions: HubQuestions,
        workflow_folder: Path | None = None,
        warned: Callable[[str], None] | None = None,
    ) -> None:
        """Lend to one call; `warned` is told the message of each warning."""
        self.execution_id = execution_id
        self.node = node
        self.work_folder = work_folder
        self._workflow_folder = workflow_folder or work_folder
        self._make_temporary_folder = temporary_folder
        self._write_log = write_log
        self._keep = keep
        self._questions = questions
        self._warned = warned
        self._pending: set[PendingAnswer] = set()
        self._asked_to_stop = False

    @property
    def workflow_folder(self) -> Path:
        """Where the files lie that belong to the workflow of the node."""
        return self._workflow_folder

    @property
    def temporary_folder(self) -> Path:  # type: ignore[override]  # Most executions need none, so it is made late.
        """A folder of this execution alone, made at its first use and deleted when the execution ends."""
        return self._make_temporary_folder()

    def log(self, message: str, level: LogLevel = "info") -> None:
        """Write a line into the execution's log."""
        text = str(message)
        if level == "warning" and self._warned is not None:
            self._warned(text)
        self._write_log(text, level, self.node or None)

    def begin_call(self) -> None:
        """Lend it to another call of the activity, which has notes and warnings of its own."""
        vars(self).pop("warnings", None)
        vars(self).pop("notes", None)

    def keep_file(self, path: str | Path, *, name: str | None = None, move: bool = False) -> KeptFile:
        """Keep a file with the execution."""
        return self._keep(self.path(str(path)), name, self.node or None, move, self.raise_if_stopped)

    def ask_to_stop(self) -> None:
        """Let `raise_if_stopped` raise from now on, and withdraw the questions that threads wait for."""
        self._asked_to_stop = True
        for pending in list(self._pending):
            pending.cancel()

    def raise_if_stopped(self) -> None:
        """Raise StoppedError when the execution is being stopped or the step's time is over."""
        if self._asked_to_stop:
            raise StoppedError("The step was asked to stop.")

    async def ask(
        self, topic: str, body: Plain = None, *, deadline: float | None = 60.0, when_away: WhenAway = "wait"
    ) -> Any:
        """Ask the Hub, and wait for its answer."""
        return await self._questions.ask(topic, body, deadline, when_away)

    def ask_and_wait(
        self, topic: str, body: Plain = None, *, deadline: float | None = 60.0, when_away: WhenAway = "wait"
    ) -> Any:
        """As `ask`, in a thread."""
        self.raise_if_stopped()
        pending = self._questions.begin(topic, body, deadline, when_away)
        self._pending.add(pending)
        try:
            if self._asked_to_stop:  # It came between the look above and the note here.
                pending.cancel()
            return pending.wait()
        finally:
            self._pending.discard(pending)
