"""A real PostgreSQL for tests: one server for each test process, one fresh database for each test.

Use it with `pytest_plugins = ["exekra.testing.postgres"]`. The Hub's schema is built once; each test gets a copy of it,
which costs a few milliseconds. Durability is off, because nothing here outlives the tests.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import pytest

from exekra.testing.folders import make_folder

if TYPE_CHECKING:
    from exekra.postgres.cluster import Cluster  # Imported late: a unit test should not pay for a driver.

_TEMPLATE = "exekra_template"


class Postgres:
    """A running server that creates databases.

    Attributes:
        cluster: The server itself, for tests that stop and start it.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._made = 0

    async def create_database(self, *, template: str | None = None) -> str:
        """Create a database, empty or as a copy, owned by the Hub's role; returns its address."""
        self._made += 1
        name = f"test_{self._made}"
        # Without `file_copy` every page would go through the server's buffers and its log: five times as slow.
        source = f"template {template or 'template0'} strategy file_copy"
        await self._execute(f"create database {name} owner exekra {source}")
        return self.cluster.url(database=name)

    async def drop_database(self, url: str) -> None:
        """Remove a database that `create_database` created, whoever is still connected."""
        name = url.partition("?")[0].rpartition("/")[2]
        await self._execute(f"drop database if exists {name} with (force)")

    async def build_template(self) -> str:
        """Create a database with the Hub's schema, to be copied; returns its name."""
        from exekra.hub.core.migrate import migrate  # noqa: PLC0415 - only tests of the Hub pay for it

        await self._execute(f"create database {_TEMPLATE} owner exekra")
        await migrate(self.cluster.url(database=_TEMPLATE))
        return _TEMPLATE

    async def _execute(self, statement: str) -> None:
        import asyncpg  # noqa: PLC0415 - only tests of the Hub pay for it

        connection = await asyncpg.connect(self.cluster.url(database="postgres", user="postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server for this test process, started when the first test needs it."""
    from exekra.postgres.cluster import SETTINGS, Cluster  # noqa: PLC0415 - only tests of the Hub pay for it

    forgetful = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}
    folder = make_folder("exekra-pg-")
    cluster = Cluster(folder=folder, settings={**SETTINGS, **forgetful, "max_connections": "200"})
    with asyncio.Runner() as runner:
        runner.run(cluster.start())
        try:
            yield Postgres(cluster)
        finally:
            runner.run(cluster.stop())
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def hub_template(postgres: Postgres) -> str:
    """The name of a database with the Hub's schema."""
    with asyncio.Runner() as runner:
        return runner.run(postgres.build_template())


@pytest.fixture
async def database_url(postgres: Postgres, hub_template: str) -> AsyncIterator[str]:
    """The address of a database with the Hub's schema and no rows, for one test."""
    url = await postgres.create_database(template=hub_template)
    yield url
    await postgres.drop_database(url)


@pytest.fixture
async def empty_database_url(postgres: Postgres) -> AsyncIterator[str]:
    """The address of a database with nothing in it, for one test."""
    url = await postgres.create_database()
    yield url
    await postgres.drop_database(url)
