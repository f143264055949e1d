"""The schema: made once, quick when it is there, safe for two Hubs at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import asyncpg
import pytest

from exekra.hub.core.migrate import migrate, newest_revision
from exekra.sdk.errors import SettingsError
from exekra.testing.postgres import Postgres


async def test_migrates_an_empty_database_once(empty_database_url: str) -> None:
    assert await migrate(empty_database_url) is True
    assert await migrate(empty_database_url) is False
    connection = await asyncpg.connect(empty_database_url)
    assert await connection.fetchval("SELECT version_num FROM alembic_version") == newest_revision()
    await connection.close()


async def test_waits_for_a_server_that_is_starting(postgres: Postgres, empty_database_url: str) -> None:
    await postgres.cluster.stop()
    migrating = asyncio.create_task(migrate(empty_database_url, patience=30))
    await asyncio.sleep(0.2)
    assert not migrating.done()
    await postgres.cluster.start()
    assert await migrating is True


async def test_two_hubs_may_start_at_once(empty_database_url: str) -> None:
    assert sorted(await asyncio.gather(*(migrate(empty_database_url) for _ in range(4)))) == [False, False, False, True]


async def test_refuses_a_newer_database(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    await connection.close()
    with pytest.raises(SettingsError, match="newer Exekra"):
        await migrate(database_url)


def test_needs_no_alembic_when_there_is_nothing_to_do(database_url: str) -> None:
    code = (
        "import asyncio, sys; from exekra.hub.core.migrate import migrate\n"
        f"asyncio.run(migrate({database_url!r}))\n"
        "assert not {'alembic', 'sqlalchemy'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
