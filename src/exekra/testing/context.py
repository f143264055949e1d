"""A context for tests of activities: it remembers what was logged, and stops when the test says so."""

from __future__ import annotations

import tempfile
from pathlib import Path

from exekra.sdk.context import Context, LogLevel
from exekra.sdk.errors import StoppedError


class FakeContext(Context):
    """What an activity asks for by a parameter of type `Context`, without an execution.

    Attributes:
        lines: What was logged: (level, message).
    """

    def __init__(self, work_folder: Path | None = None, *, temporary_folder: Path | None = None) -> None:
        """Take the folders; the system's folder for temporary files stands in for what is not given."""
        self.execution_id = "test"
        self.node = "node"
        self.work_folder = work_folder or Path(tempfile.gettempdir())
        self.temporary_folder = temporary_folder or self.work_folder
        self.lines: list[tuple[LogLevel, str]] = []
        self._stopped = False

    def log(self, message: str, level: LogLevel = "info") -> None:
        """Remember the line."""
        self.lines.append((level, message))

    def stop(self) -> None:
        """Let `raise_if_stopped` raise from now on."""
        self._stopped = True

    def raise_if_stopped(self) -> None:
        """Raise StoppedError after `stop`."""
        if self._stopped:
            raise StoppedError("The test stopped the step.")
