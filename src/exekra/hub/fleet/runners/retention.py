"""Removes old history of Runners."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from exekra.hub.core.hub import Hub
from exekra.hub.fleet.runners import activity_store

METRICS_KEPT = timedelta(hours=24)
ABSENCES_KEPT = timedelta(days=31)
PAUSE_SECONDS = 60.0
CHUNK = 5_000
"""Rows that are removed in one transaction: this keeps it short, and a thousand Runners add 2,000 a minute."""


async def forget(hub: Hub) -> None:
    """Remove heartbeats older than a day and absences older than a month."""
    now = hub.clock.now()
    removed = CHUNK
    while removed == CHUNK:
        async with hub.database.transaction() as connection:
            removed = await activity_store.forget_metrics(connection, now - METRICS_KEPT, most=CHUNK)
    async with hub.database.transaction() as connection:
        await activity_store.forget_absences(connection, now - ABSENCES_KEPT)


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Remove old history while the Hub runs."""
    async with hub.supervisor.repeating("removing old heartbeats", lambda: forget(hub), seconds=PAUSE_SECONDS):
        yield
