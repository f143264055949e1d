"""All that keeps executions moving in one Hub process, put together and kept running."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from exekra.flow.debugging import AnyDebugCommand
from exekra.hub.core.database import Connection, Record
from exekra.hub.core.hub import Hub
from exekra.hub.fleet.runners.service import Runners
from exekra.hub.work.dispatch import store
from exekra.hub.work.dispatch.connections import Connections, RunnerConnection
from exekra.hub.work.dispatch.desk import Desk
from exekra.hub.work.dispatch.dispatcher import Dispatcher
from exekra.hub.work.dispatch.documents import Documents
from exekra.hub.work.dispatch.heartbeats import Heartbeats
from exekra.hub.work.dispatch.ingest import Ingest
from exekra.hub.work.dispatch.peers import Note, Peers
from exekra.hub.work.dispatch.sweep import Sweep
from exekra.hub.work.executions import store as executions_store
from exekra.hub.work.executions.debugging import Addressed
from exekra.hub.work.executions.service import Executions
from exekra.hub.work.executions.states import State
from exekra.kit.ids import new_id
from exekra.protocol.messages import Debug, Goodbye, Stop

KEPT_COMMANDS = timedelta(minutes=1)
"""A debugger's command that no other Hub took for so long is not wanted any more."""


class Dispatch:
    """The parts, and what the slices above ask of them.

    Attributes:
        hub_id: Names this process in the database.
        connections: The Runners that are connected to it.
        dispatcher: Assigns.
        ingest: Writes what Runners report.
        heartbeats: Writes that they live.
        sweep: Ends what is stuck.
        desk: Answers Runners.
        peers: The other Hubs.
    """

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.hub_id = new_id()
        broadcast = hub.get(Executions).broadcast
        documents = Documents(hub.database)
        self.connections = Connections()
        self.peers = Peers(hub, self.hub_id, self._heard)
        self.dispatcher = Dispatcher(hub, self.hub_id, self.connections, documents, broadcast)
        self.ingest = Ingest(hub, broadcast.announce, self.dispatcher)
        self.heartbeats = Heartbeats(hub, self.dispatcher, broadcast)
        self.desk = Desk(
            hub,
            self.hub_id,
            connections=self.connections,
            dispatcher=self.dispatcher,
            documents=documents,
            ingest=self.ingest,
            heartbeats=self.heartbeats,
            broadcast=broadcast,
        )
        self.sweep = Sweep(hub, connections=self.connections, desk=self.desk, broadcast=broadcast, ring=self.ring)
        self._broadcast = broadcast
        broadcast.pass_on = self.peers.announce
        self._errands: set[asyncio.Task[None]] = set()
        self._passing_commands = asyncio.Lock()

    def polled(self, runner_id: UUID, runner_name: str) -> RunnerConnection:
        """The connection of a Runner that polls: the one of its last poll, or a new one."""
        connection = self.connections.get(runner_id)
        if connection is None or connection.closed or not connection.polled:
            connection = RunnerConnection(runner_id, runner_name, self.hub.clock.now(), polled=True)
        return connection

    def ring(self) -> None:
        """There is new work, for this Hub's Runners or another's."""
        self.dispatcher.ring()
        self.peers.ring()

    async def assign(self, connection: Connection) -> list[Record]:
        """Assign what can be assigned, in a transaction of the caller's."""
        return await self.dispatcher.assign(connection)

    async def deliver(self, rows: Sequence[Record]) -> None:
        """Send committed assignments to their Runners, wherever these are connected."""
        await self.dispatcher.deliver(rows)
        elsewhere = [row for row in rows if self.connections.get(row["assigned_runner"]) is None]
        if elsewhere:
            self.peers.tell(assigned=tuple(str(row["assigned_execution"]) for row in elsewhere))

    async def stop(self, runner_id: UUID, execution_id: UUID, lease: int) -> None:
        """Ask a Runner to end an execution, wherever it is connected."""
        if not self._stop_here(runner_id, execution_id, lease):
            self.peers.tell(stop=(str(runner_id), str(execution_id), lease))

    def _stop_here(self, runner_id: UUID, execution_id: UUID, lease: int) -> bool:
        connection = self.connections.get(runner_id)
        if connection is not None:
            connection.send(Stop(execution_id=str(execution_id), lease=lease))
        return connection is not None

    async def debug(self, to: Addressed, commands: Sequence[AnyDebugCommand]) -> None:
        """Pass a debugger's commands to a Runner, wherever it is connected."""
        connection = self.connections.get(to.runner_id)
        if connection is not None:
            connection.send(Debug(execution_id=str(to.execution_id), lease=to.lease, commands=tuple(commands)))
        elif self.peers.are_there:
            now = self.hub.clock.now()
            async with self.hub.database.transaction() as transaction:
                await store.leave_command(
                    transaction,
                    id=new_id(),
                    runner_id=to.runner_id,
                    execution_id=to.execution_id,
                    lease=to.lease,
                    commands=store.as_json(commands),
                    at=now,
                    old_before=now - KEPT_COMMANDS,
                )
            self.peers.tell(debug=str(to.runner_id))

    def disconnect(self, runner_id: UUID, reason: str) -> None:
        """Close a Runner's connection for good, wherever it is."""
        if not self._disconnect_here(runner_id, reason):
            self.peers.tell(gone=(str(runner_id), reason))

    def _disconnect_here(self, runner_id: UUID, reason: str) -> bool:
        connection = self.connections.get(runner_id)
        if connection is not None:
            connection.close(Goodbye(reason=reason))
        return connection is not None

    def _heard(self, note: Note | None) -> None:
        """Another Hub said something."""
        if note is None or note.work:
            self.dispatcher.ring()
        if note is None:
            self._run_errand(self._pass_commands_on(list(self.connections.ids())))
            return
        if note.states or note.live:
            states: Mapping[UUID, State] = {UUID(id): state for id, state in note.states.items()}
            self._broadcast.hear(states, map(UUID, note.live))
        if note.debug is not None and self.connections.get(UUID(note.debug)) is not None:
            self._run_errand(self._pass_commands_on([UUID(note.debug)]))
        if note.stop is not None:
            runner_id, execution_id, lease = note.stop
            self._stop_here(UUID(runner_id), UUID(execution_id), lease)
        if note.gone is not None:
            self._disconnect_here(UUID(note.gone[0]), note.gone[1])
        if note.assigned:
            self._run_errand(self._deliver_again([UUID(id) for id in note.assigned]))

    def _run_errand(self, work: Coroutine[Any, Any, None]) -> None:
        errand = asyncio.create_task(work)
        self._errands.add(errand)
        errand.add_done_callback(self._errands.discard)

    async def _pass_commands_on(self, runner_ids: Sequence[UUID]) -> None:
        """Send what another Hub left for Runners that are connected here; one batch after the other."""
        async with self._passing_commands:
            async with self.hub.database.transaction() as transaction:
                rows = await store.take_commands(transaction, runner_ids)
            for row in rows:
                connection = self.connections.get(row["runner_id"])
                if connection is not None:
                    commands = msgspec.convert(row["commands"], tuple[AnyDebugCommand, ...])
                    id = str(row["execution_id"])
                    connection.send(Debug(execution_id=id, lease=row["lease"], commands=commands))

    async def _deliver_again(self, execution_ids: Sequence[UUID]) -> None:
        """Send assignments that another Hub made to Runners that are connected here."""
        async with self.hub.database.reading() as connection:
            rows = await executions_store.assignments(connection, execution_ids)
        await self.dispatcher.deliver([row for row in rows if self.connections.get(row["assigned_runner"]) is not None])


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Keep executions moving for as long as the Hub runs."""
    dispatch = Dispatch(hub)
    hub.get(Runners).on_removed = dispatch.disconnect
    hub.get(Executions).delivery = dispatch
    hub.add(dispatch)
    async with AsyncExitStack() as running:
        for part in (dispatch.peers, dispatch.ingest, dispatch.dispatcher, dispatch.heartbeats, dispatch.sweep):
            await running.enter_async_context(part.running())
        yield
