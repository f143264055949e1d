"""Runs that remove expired data, while the Hub runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from exekra.hub.core.hub import Hub
from exekra.hub.upkeep.retention.service import Retention

LOOK_SECONDS = 60.0
"""How often to check whether a run is due."""


async def _again_and_again(retention: Retention) -> None:
    await retention.make_partitions()
    while True:
        await retention.run_if_due()
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await retention.wanted.wait()
        retention.wanted.clear()


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Remove expired data while the Hub runs."""
    retention = Retention(hub)
    hub.add(retention)
    async with hub.supervisor.keeping("removing expired data", lambda: _again_and_again(retention)):
        yield
