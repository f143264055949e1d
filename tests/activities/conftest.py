"""A context in a folder of the test's own, for activities that touch the disk or the network."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from exekra.sdk.context import Context, LogLevel
from exekra.sdk.errors import StoppedError


class FolderContext(Context):
    """The context of one step whose work folder is a temporary folder; remembers what was logged."""

    def __init__(self, folder: Path) -> None:
        self.execution_id = "test"
        self.node = "step"
        self.work_folder = folder / "work"
        self.temporary_folder = folder / "temporary"
        self.work_folder.mkdir()
        self.temporary_folder.mkdir()
        self.lines: list[tuple[str, str]] = []
        self.stopped = False
        self._more = asyncio.Event()

    def log(self, message: str, level: LogLevel = "info") -> None:
        self.lines.append((level, message))
        self._more.set()

    async def logged(self, beginning: str) -> None:
        """Wait until a line with this beginning was logged."""
        while not any(line.startswith(beginning) for _, line in self.lines):
            self._more.clear()
            await self._more.wait()

    def raise_if_stopped(self) -> None:
        if self.stopped:
            raise StoppedError


@pytest.fixture
def context(tmp_path: Path) -> FolderContext:
    return FolderContext(tmp_path)
