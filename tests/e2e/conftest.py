"""Folders for platforms under test, and the certainty that nothing of them keeps running."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

import pytest

from exekra.testing.folders import make_folder

from .platform import Platform


@pytest.fixture
def home() -> Iterator[Path]:
    """A data folder with a path short enough for a socket."""
    folder = make_folder("exekra-home-")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def new_platform(home: Path) -> AsyncIterator[Callable[..., Platform]]:
    """Makes platforms that are not started yet; whatever a test does to them, they are stopped after it."""
    made: list[Platform] = []

    def make(*words: str, home: Path = home, environment: Mapping[str, str] | None = None) -> Platform:
        made.append(Platform(home, *words, environment=environment))
        return made[-1]

    yield make
    for platform in made:
        if platform.process is not None:
            await platform.stop()


@pytest.fixture
def platform(new_platform: Callable[..., Platform]) -> Platform:
    """A platform that is not started yet."""
    return new_platform()
