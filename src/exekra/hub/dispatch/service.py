"""All that keeps executions moving in one Hub process, put together and kept running."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from exekra.hub.core.database import Record
from exekra.hub.core.hub import Hub
from exekra.hub.dispatch.connections import Connections, RunnerConnection
from exekra.hub.dispatch.desk import Desk
from exekra.hub.dispatch.dispatcher import Dispatcher
from exekra.hub.dispatch.documents import Documents
from exekra.hub.dispatch.heartbeats import Heartbeats
from exekra.hub.dispatch.ingest import Ingest
from exekra.hub.executions.service import Executions
from exekra.hub.runners.service import Runners
from exekra.kit.ids import new_id
from exekra.protocol.messages import Goodbye, Stop


@dataclass(frozen=True, kw_only=True, slots=True)
class Dispatch:
    """The parts, for routes that need one of them."""

    hub: Hub
    hub_id: UUID
    connections: Connections
    dispatcher: Dispatcher
    desk: Desk
    ingest: Ingest

    def polled(self, runner_id: UUID, runner_name: str) -> RunnerConnection:
        """The connection of a Runner that polls: the one of its last poll, or a new one."""
        connection = self.connections.get(runner_id)
        if connection is None or connection.closed or not connection.polled:
            connection = RunnerConnection(runner_id, runner_name, self.hub.clock.now(), polled=True)
        return connection

    def ring(self) -> None:
        """There is new work."""
        self.dispatcher.ring()

    async def deliver(self, rows: Sequence[Record]) -> None:
        """Send committed assignments to their Runners."""
        async with self.hub.database.reading() as connection:
            await self.dispatcher.deliver(connection, rows)

    async def stop(self, runner_id: UUID, execution_id: UUID, lease: int) -> None:
        """Ask a Runner to end an execution."""
        connection = self.connections.get(runner_id)
        if connection is not None:
            connection.send(Stop(execution_id=str(execution_id), lease=lease))

    def disconnect(self, runner_id: UUID, reason: str) -> None:
        """Close a Runner's connection for good."""
        connection = self.connections.get(runner_id)
        if connection is not None:
            connection.close(Goodbye(reason=reason))


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Keep executions moving for as long as the Hub runs."""
    hub_id = new_id()
    executions = hub.get(Executions)
    connections, documents, broadcast = Connections(), Documents(), executions.broadcast
    dispatcher = Dispatcher(hub, hub_id, connections, documents, broadcast)
    ingest = Ingest(hub, broadcast.announce, dispatcher.ring)
    heartbeats = Heartbeats(hub, documents)
    desk = Desk(
        hub,
        hub_id,
        connections=connections,
        dispatcher=dispatcher,
        documents=documents,
        ingest=ingest,
        heartbeats=heartbeats,
    )
    dispatch = Dispatch(
        hub=hub, hub_id=hub_id, connections=connections, dispatcher=dispatcher, desk=desk, ingest=ingest
    )
    hub.get(Runners).on_removed = dispatch.disconnect
    executions.delivery = dispatch
    hub.add(dispatch)
    async with AsyncExitStack() as running:
        for part in (ingest, dispatcher, heartbeats):
            await running.enter_async_context(part.running())
        yield
