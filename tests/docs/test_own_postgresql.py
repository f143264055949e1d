"""The page about one's own PostgreSQL: its SQL is enough for a Hub, and its commands move a Hub's data there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from exekra.hub.core.actor import SYSTEM
from exekra.hub.core.database import Database
from exekra.hub.core.migrate import migrate
from exekra.hub.trust.audit.service import record
from exekra.kit.supervision import Supervisor
from exekra.testing.postgres import Postgres

from .pages import DOCS, Block, blocks

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no socket to connect to")

PAGE = DOCS / "howto" / "use-your-own-postgresql.md"
THEIRS = "theirs"
"""The role and the database that the page calls `exekra`; the tests' server has one of that name."""


def page(language: str) -> list[Block]:
    return [block for block in blocks(PAGE) if block.language == language]


@pytest.fixture
async def their_url(postgres: Postgres) -> AsyncIterator[str]:
    """The database that the page's SQL makes."""
    superuser = await asyncpg.connect(postgres.cluster.url(database="postgres", user="postgres"))
    [block] = page("sql")
    for statement in block.text.replace("exekra", THEIRS).split(";"):
        if statement.strip():
            await superuser.execute(statement)
    folder = postgres.cluster.folder.resolve()
    yield f"postgresql://{THEIRS}:a%20long%20random%20password@/{THEIRS}?host={folder}"
    await superuser.execute(f"DROP DATABASE {THEIRS} WITH (FORCE)")
    await superuser.execute(f"DROP ROLE {THEIRS}")
    await superuser.close()


async def test_what_the_page_makes_is_enough(their_url: str) -> None:
    assert await migrate(their_url)
    assert not await migrate(their_url)


async def test_a_hub_moves_there(their_url: str, database_url: str, postgres: Postgres, tmp_path: Path) -> None:
    database = await Database.connect(database_url, Supervisor())
    async with database.transaction() as connection:
        await record(connection, SYSTEM, "workflow.publish", "workflow", "it")
    await database.close()
    folder = postgres.cluster.folder.resolve()
    ours = database_url.partition("?")[0].rpartition("/")[2]
    [_, block] = page("bash")
    script = (
        block.text.replace("~/.exekra/postgres", str(folder))
        .replace("exekra.sql exekra\nexport", f"exekra.sql {ours}\nexport")
        .replace("--host db.example.org --username exekra", f"--host {folder} --username {THEIRS}")
        .replace("--file exekra.sql exekra", f"--file exekra.sql {THEIRS}")
    )
    python = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{python}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not await migrate(their_url), "the tables are there"
    connection = await asyncpg.connect(their_url)
    try:
        assert await connection.fetchval("SELECT action FROM audit_log") == "workflow.publish"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM audit_log")
    finally:
        await connection.close()
