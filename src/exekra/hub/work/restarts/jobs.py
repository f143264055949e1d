"""Removes what executions kept for beginning in the middle, when they have ended long ago."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg

from exekra.hub.core.errors import Unavailable
from exekra.hub.core.hub import Hub
from exekra.hub.work.ledger import checkpoint_store
from exekra.kit.background import in_background

logger = logging.getLogger(__name__)

CHUNK = 500
"""Checkpoints that are removed in one transaction: each may have 64 kB."""


async def forget(hub: Hub) -> None:
    """Remove the checkpoints of executions that ended more than `checkpoint_days` ago."""
    before = hub.clock.now() - timedelta(days=hub.settings.checkpoint_days)
    removed = CHUNK
    while removed == CHUNK:
        async with hub.database.transaction() as connection:
            removed = await checkpoint_store.forget_checkpoints(connection, before, most=CHUNK)


async def _forget_again_and_again(hub: Hub) -> None:
    while True:
        await asyncio.sleep(hub.settings.sweep_seconds)
        try:
            await forget(hub)
        except (Unavailable, asyncpg.PostgresError) as error:
            logger.warning("Old checkpoints could not be removed: %s", error)


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Remove for as long as the Hub runs."""
    async with in_background(_forget_again_and_again(hub), "forget checkpoints"):
        yield
