"""Folders for platforms under test, and the certainty that nothing of them keeps running."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from exekra.testing.folders import make_folder
from exekra.testing.postgres import Postgres

from .hub_and_runner import HubAndRunner
from .platform import Platform


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a worker that share a Hub and a Runner run in one event loop."""
    for item in items:
        if isinstance(item, pytest.Function) and "shared" in item.fixturenames:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared(
    postgres: Postgres, hub_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[HubAndRunner]:
    """A Hub and a connected Runner, for all tests that disturb neither."""
    url = await postgres.create_database(template=hub_template)
    async with HubAndRunner.connected(url, tmp_path_factory.mktemp("shared")) as both:
        yield both


@pytest.fixture
async def both(database_url: str, tmp_path: Path) -> AsyncIterator[HubAndRunner]:
    """A Hub and a connected Runner of a test's own, which may kill them."""
    async with HubAndRunner.connected(database_url, tmp_path) as programs:
        yield programs


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
