"""Which Hubs use the same database: each updates its entry every other second."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from exekra.hub.core.database import Connection, Database
from exekra.hub.core.errors import Unavailable
from exekra.hub.core.rows import Row
from exekra.kit.clock import Clock
from exekra.kit.ids import new_id
from exekra.kit.supervision import Supervisor

LOOK_SECONDS = 2.0
SILENT_SECONDS = 15.0
"""A Hub that has not updated its entry for this long is gone."""


class ConnectedHub(Row, frozen=True):
    """A Hub that works on this database."""

    id: UUID
    seen_at: datetime


class Presence:
    """This Hub process among others.

    Args:
        database: Where the Hubs meet.
        clock: The time.
        supervisor: Keeps the search for others running.

    Attributes:
        hub_id: Names this process in the database.
        others: The number of other Hubs when last checked.
    """

    def __init__(self, database: Database, clock: Clock, supervisor: Supervisor) -> None:
        self.hub_id = new_id()
        self.others = 0
        self._database = database
        self._clock = clock
        self._supervisor = supervisor

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Be present, and look for others, for the duration of the block."""
        await self._look()
        try:
            async with self._supervisor.repeating("looking for other Hubs", self._look, seconds=LOOK_SECONDS):
                yield
        finally:
            with suppress(Unavailable, asyncpg.PostgresError):
                async with self._database.transaction() as connection:
                    await connection.execute("DELETE FROM hub_process WHERE id = $1", self.hub_id)

    async def _look(self) -> None:
        now = self._clock.now()
        async with self._database.transaction() as connection:
            self.others = await _look_for_others(
                connection, self.hub_id, now, silent_before=now - timedelta(seconds=SILENT_SECONDS)
            )


async def _look_for_others(connection: Connection, hub_id: UUID, at: datetime, *, silent_before: datetime) -> int:
    """Note that this Hub is alive; returns how many others are."""
    await connection.execute(
        "INSERT INTO hub_process (id, seen_at) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET seen_at = $2", hub_id, at
    )
    await connection.execute("DELETE FROM hub_process WHERE seen_at < $1", silent_before)
    count: int = await connection.fetchval("SELECT count(*) FROM hub_process WHERE id <> $1", hub_id)
    return count


async def connected_hubs(connection: Connection) -> list[ConnectedHub]:
    """The Hubs that work on this database."""
    return ConnectedHub.all(await connection.fetch("SELECT id, seen_at FROM hub_process ORDER BY id"))
