"""The background work that shows people what executions report."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from exekra.hub.core.hub import Hub
from exekra.hub.work.history.stream import AllStates
from exekra.hub.work.ledger.broadcast import Broadcast


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Broadcast new states while the Hub runs."""
    states = AllStates(hub.database, hub.get(Broadcast), hub.supervisor)
    hub.add(states)
    async with states.running():
        yield
