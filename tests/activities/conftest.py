"""A context in a folder of the test's own, for activities that touch the disk or the network."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from exekra.sdk.context import LogLevel
from exekra.testing.context import FakeContext


class FolderContext(FakeContext):
    """The context of one step whose work folder is a temporary folder; remembers what was logged."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "work", temporary_folder=folder / "temporary")
        self.work_folder.mkdir()
        self.temporary_folder.mkdir()
        self._more = asyncio.Event()

    def log(self, message: str, level: LogLevel = "info") -> None:
        super().log(message, level)
        self._more.set()

    async def logged(self, beginning: str) -> None:
        """Wait until a line with this beginning was logged."""
        while not any(line.startswith(beginning) for _, line in self.lines):
            self._more.clear()
            await self._more.wait()


@pytest.fixture
def context(tmp_path: Path) -> FolderContext:
    return FolderContext(tmp_path)
