"""Removes what executions kept for beginning in the middle, when they have ended long ago."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from exekra.hub.core.hub import Hub
from exekra.hub.work.ledger import checkpoint_store

CHUNK = 500
"""Checkpoints that are removed in one transaction: each may have 64 kB."""


async def forget(hub: Hub) -> None:
    """Remove the checkpoints of executions that ended more than `checkpoint_days` ago."""
    before = hub.clock.now() - timedelta(days=hub.settings.checkpoint_days)
    removed = CHUNK
    while removed == CHUNK:
        async with hub.database.transaction() as connection:
            removed = await checkpoint_store.forget_checkpoints(connection, before, most=CHUNK)


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Remove for as long as the Hub runs."""
    async with hub.supervisor.repeating(
        "removing old checkpoints", lambda: forget(hub), seconds=hub.settings.sweep_seconds
    ):
        yield
