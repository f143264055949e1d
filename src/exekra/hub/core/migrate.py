"""Migrates a database to the schema that this version requires.

The numbered migrations are Alembic's, in plain SQL, and contain the tables. Alembic renders them to one script, and
asyncpg runs it: no second driver, and a Hub with nothing to migrate imports neither Alembic nor SQLAlchemy.

Functions and views are repeatable: each is a file `*.sql` in the slice that owns it, which drops what it creates before
it creates it. They are applied, in the order of their paths, whenever one of them or the tables have changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import re
from pathlib import Path
from typing import Any

import asyncpg

from exekra.hub.core.database import reach
from exekra.sdk.errors import SettingsError

FOLDER = Path(__file__).parent / "migrations"
WINGS = Path(__file__).parents[1]
"""Holds `WING/SLICE/*.sql`."""
OLDEST_SERVER = 14
LOCK = 0x45786B72
"""The advisory lock that lets one Hub migrate while others wait; the letters "Exkr"."""


def newest_revision() -> str:
    """The revision that this version requires: the number that the last migration's file name begins with."""
    return max(file.name for file in (FOLDER / "versions").glob("[0-9]*_*.py")).split("_")[0]


async def migrate(database_url: str, *, patience: float = 0.0) -> bool:
    """Migrate the database to the newest revision; several Hubs may do so at the same time.

    Args:
        database_url: The database.
        patience: How many seconds to wait for a PostgreSQL that does not respond: it may still be starting.

    Returns:
        Whether there was anything to do.

    Raises:
        Unavailable: PostgreSQL does not respond, or refuses the sign-in.
        SettingsError: PostgreSQL is too old, or the database belongs to a newer Exekra.
    """
    connection = await reach(lambda: asyncpg.connect(database_url, timeout=10), patience)
    try:
        server = connection.get_server_version()
        if server.major < OLDEST_SERVER:
            raise SettingsError(
                f"The database is PostgreSQL {server.major}.{server.minor}; Exekra requires {OLDEST_SERVER} or later."
            )
        newest = newest_revision()
        repeatable = await asyncio.to_thread(_repeatable)
        hashes = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in repeatable.items()}
        if await _revision(connection) == newest and await _applied(connection) == hashes:
            return False
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        found = await _revision(connection)
        if found == newest and await _applied(connection) == hashes:
            return False
        if found is not None and found > newest:
            raise SettingsError(
                f"The database was created by a newer version of Exekra (its schema is {found}, this version "
                f"supports {newest}): "
                "install that version again, or restore a backup."
            )
        if found != newest:
            # A column that a view shows cannot be changed; the views are made again below.
            for view in _REPORTING.findall("\n".join(repeatable.values())):
                await connection.execute(f"DROP VIEW IF EXISTS {view}")
            await connection.execute(await asyncio.to_thread(render, found, newest))
        async with connection.transaction():
            await connection.execute("\n".join([*repeatable.values(), _REMEMBER]))
            await connection.executemany("INSERT INTO repeatable_migration VALUES ($1, $2)", hashes.items())
        return True
    finally:
        await connection.close()


async def _revision(connection: Any) -> str | None:
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    return revision


_REPORTING = re.compile(r"^CREATE VIEW (reporting_\w+)", re.M)
_REMEMBER = """
CREATE TABLE IF NOT EXISTS repeatable_migration (name text PRIMARY KEY, hash text NOT NULL);
COMMENT ON TABLE repeatable_migration IS 'the functions and views that were applied, by the SHA-256 of their files';
DELETE FROM repeatable_migration;
"""


async def _applied(connection: Any) -> dict[str, str]:
    """The hashes of the repeatable migrations that were applied last, by name."""
    if await connection.fetchval("SELECT to_regclass('repeatable_migration')") is None:
        return {}
    return {row["name"]: row["hash"] for row in await connection.fetch("SELECT name, hash FROM repeatable_migration")}


def _repeatable() -> dict[str, str]:
    """The repeatable migrations of this version by name, such as `work/dispatch/assign.sql`."""
    files = sorted(WINGS.glob("*/*/*.sql"))
    return {file.relative_to(WINGS).as_posix(): file.read_text(encoding="utf-8") for file in files}


def render(found: str | None, newest: str) -> str:
    """The SQL that leads from one revision to another (None: from an empty database), in one transaction."""
    from alembic import command  # noqa: PLC0415 - only a Hub that must migrate pays for this import
    from alembic.config import Config  # noqa: PLC0415 - as above

    script = io.StringIO()
    config = Config(output_buffer=script)
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, f"{found or 'base'}:{newest}", sql=True)
    return script.getvalue()
