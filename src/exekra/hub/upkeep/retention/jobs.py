"""Runs that remove what is kept no longer, for as long as the Hub lives."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg

from exekra.hub.core.errors import HubError
from exekra.hub.core.hub import Hub
from exekra.hub.upkeep.retention.service import Retention
from exekra.kit.background import in_background

logger = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
"""How often to look whether it is time for a run."""


async def _again_and_again(retention: Retention) -> None:
    made = False
    while True:
        try:
            if not made:
                await retention.make_partitions()
                made = True
            await retention.run_if_due()
        except (HubError, asyncpg.PostgresError) as error:
            logger.warning("What is kept no longer could not be removed: %s", error)
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await retention.wanted.wait()
        retention.wanted.clear()


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Remove for as long as the Hub runs."""
    retention = Retention(hub)
    hub.add(retention)
    async with in_background(_again_and_again(retention), "retention"):
        yield
