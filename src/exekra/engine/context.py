"""What the engine lends to activities: their context, and resources that live as long as the execution."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from exekra.sdk.context import Context, LogLevel, Resource
from exekra.sdk.errors import ExekraError, StoppedError

CLOSING_SECONDS = 10.0
"""How long a resource may take to close."""

WriteLog = Callable[[str, LogLevel, str | None], None]


class NodeContext(Context):
    """The context of one call of an activity."""

    def __init__(
        self,
        *,
        execution_id: str,
        node: str,
        work_folder: Path,
        temporary_folder: Callable[[], Path],
        write_log: WriteLog,
    ) -> None:
        self.execution_id = execution_id
        self.node = node
        self.work_folder = work_folder
        self._make_temporary_folder = temporary_folder
        self._write_log = write_log
        self._asked_to_stop = False

    @property
    def temporary_folder(self) -> Path:  # type: ignore[override]  # Most executions need none, so it is made late.
        """A folder of this execution alone, made at its first use and deleted when the execution ends."""
        return self._make_temporary_folder()

    def log(self, message: str, level: LogLevel = "info") -> None:
        """Write a line into the execution's log."""
        self._write_log(str(message), level, self.node or None)

    def ask_to_stop(self) -> None:
        """Let `raise_if_stopped` raise from now on."""
        self._asked_to_stop = True

    def raise_if_stopped(self) -> None:
        """Raise StoppedError when the execution is being stopped or the step's time is over."""
        if self._asked_to_stop:
            raise StoppedError("The step was asked to stop.")


class Resources:
    """Opens each kind of resource at its first use, and closes all in reverse order."""

    def __init__(self, context: Callable[[], Context], write_log: WriteLog) -> None:
        self._context = context
        self._write_log = write_log
        self._opened: dict[type[Resource], Resource] = {}
        self._opening = asyncio.Lock()

    async def lend(self, kind: type[Resource]) -> Resource:
        """The execution's resource of that kind."""
        opened = self._opened.get(kind)
        if opened is not None:
            return opened
        async with self._opening:
            if kind not in self._opened:
                self._opened[kind] = await kind.open(self._context())
            return self._opened[kind]

    async def close(self) -> None:
        """Close what was opened, the last first; an error is logged and does not keep the others open."""
        for kind, resource in reversed(self._opened.items()):
            try:
                async with asyncio.timeout(CLOSING_SECONDS):
                    await resource.close()
            except Exception as error:
                said = error.message if isinstance(error, ExekraError) else f"{type(error).__name__}: {error}"
                self._write_log(f"{kind.__name__} could not be closed: {said}", "warning", None)
        self._opened.clear()
