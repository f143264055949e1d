"""Folders for platforms under test, and the certainty that nothing of them keeps running."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from .platform import Platform


@pytest.fixture
def home() -> Iterator[Path]:
    """A data folder with a path short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="exekra-home-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def platform(home: Path) -> AsyncIterator[Platform]:
    """A platform that is not started yet, and is stopped after the test."""
    platform = Platform(home)
    yield platform
    if platform.process is not None:
        await platform.stop()
