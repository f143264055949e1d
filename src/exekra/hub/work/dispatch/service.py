"""Assembles and runs everything that keeps executions moving in one Hub process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID

from exekra.hub.core.bus import Bus, Message
from exekra.hub.core.database import Connection
from exekra.hub.core.hub import Hub
from exekra.hub.core.presence import Presence
from exekra.hub.core.topics import Question
from exekra.hub.fleet.runners import store as runners
from exekra.hub.fleet.runners.connections import RunnerConnection
from exekra.hub.fleet.runners.service import Runners
from exekra.hub.work.dispatch.debug_commands import DebugCommands
from exekra.hub.work.dispatch.dispatcher import Dispatcher
from exekra.hub.work.dispatch.documents import Documents
from exekra.hub.work.dispatch.heartbeats import Heartbeats
from exekra.hub.work.dispatch.ingest import Ingest
from exekra.hub.work.dispatch.questions import Questions
from exekra.hub.work.dispatch.runner_messages import RunnerMessages
from exekra.hub.work.dispatch.sweep import Sweep
from exekra.hub.work.ledger import store as ledger
from exekra.hub.work.ledger.broadcast import Broadcast
from exekra.hub.work.ledger.rows import Assignment
from exekra.hub.work.ledger.states import State
from exekra.protocol.messages import Stop


class WorkWaits(Message, frozen=True):
    """There is work that Runners of other Hubs may take."""

    kind = "dispatch.work-waits"


class Assigned(Message, frozen=True):
    """Executions were assigned to Runners of another Hub."""

    kind = "dispatch.assigned"

    executions: tuple[str, ...]


class StopRequested(Message, frozen=True):
    """An execution must stop."""

    kind = "dispatch.stop"

    runner: str
    execution: str
    lease: int


class Dispatch:
    """The parts, and what the slices above need from them.

    Attributes:
        hub_id: Names this process in the database.
        connections: The Runners that are connected to this process.
        dispatcher: Assigns executions.
        ingest: Writes what Runners report.
        heartbeats: Writes the heartbeats of Runners.
        questions: Answers what executions ask.
        sweep: Ends executions that are stuck.
        runner_messages: Handles the messages of Runners.
        debug_commands: Brings a debugger's commands to Runners.
    """

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.hub_id = hub.get(Presence).hub_id
        self.connections = hub.get(Runners).connections
        self._bus = hub.get(Bus)
        self._broadcast = hub.get(Broadcast)
        documents = Documents(hub.database)
        self.dispatcher = Dispatcher(hub, self.hub_id, self.connections, documents, self._broadcast)
        self.ingest = Ingest(hub, self._broadcast, self.dispatcher)
        self.heartbeats = Heartbeats(hub, self.dispatcher, self._broadcast)
        self.questions = Questions(hub)
        self.runner_messages = RunnerMessages(
            hub,
            self.hub_id,
            connections=self.connections,
            dispatcher=self.dispatcher,
            documents=documents,
            ingest=self.ingest,
            heartbeats=self.heartbeats,
            questions=self.questions,
            broadcast=self._broadcast,
        )
        self.sweep = Sweep(
            hub,
            connections=self.connections,
            runner_messages=self.runner_messages,
            broadcast=self._broadcast,
            ring=self.ring,
        )
        self.debug_commands = DebugCommands(hub, self.connections, self._bus)
        self._tasks: set[asyncio.Task[None]] = set()
        self._bus.subscribe(WorkWaits, lambda _: self.dispatcher.ring())
        self._bus.subscribe(Assigned, self._hear_of_assignments)
        self._bus.subscribe(StopRequested, self._hear_of_stop)
        self._bus.after_gaps(self.dispatcher.ring)

    def polled(self, runner_id: UUID, runner_name: str) -> RunnerConnection:
        """The connection of a polling Runner: that of its last poll, or a new one."""
        connection = self.connections.get(runner_id)
        if connection is None or connection.closed or not connection.polled:
            connection = RunnerConnection(runner_id, runner_name, self.hub.clock.now(), polled=True)
        return connection

    async def time(self, question: Question[None]) -> str:
        """The topic `hub.time`: the Hub's time, as ISO 8601 in UTC. The clocks of Runners may differ."""
        return self.hub.clock.now().isoformat()

    def ring(self) -> None:
        """Note that there is new work, for Runners of this Hub or of another."""
        self.dispatcher.ring()
        self._bus.offer(self._work_waits)

    def _work_waits(self) -> Iterator[WorkWaits]:
        yield WorkWaits()

    async def assign_at_once(
        self, connection: Connection, execution_id: UUID, requirement_id: int, runner_id: UUID | None
    ) -> Assignment | None:
        """Assign an execution to that Runner or to the best one, bypassing the queue, in the caller's transaction.

        Returns:
            The assignment, for `deliver`; None if no such Runner is free.
        """
        if runner_id is None:
            runner_id = await runners.take_best(connection, requirement_id, execution_id)
        elif not await runners.take(connection, runner_id, requirement_id, execution_id):
            runner_id = None
        return None if runner_id is None else await ledger.assign(connection, execution_id, runner_id)

    async def queued(self, ids: Sequence[UUID], assigned: Sequence[Assignment]) -> None:
        """Note that new executions, and perhaps assignments of them, are committed."""
        self._broadcast.announce(set(), dict.fromkeys(ids, State.QUEUED))
        await self.deliver(assigned)
        if len(assigned) < len(ids):
            self.ring()

    async def deliver(self, rows: Sequence[Assignment]) -> None:
        """Send committed assignments to their Runners, whichever Hub these are connected to; it raises nothing."""
        await self.dispatcher.deliver(rows)
        elsewhere = [row for row in rows if self.connections.get(row.runner_id) is None]
        if elsewhere:
            self._bus.send(Assigned(executions=tuple(str(row.execution_id) for row in elsewhere)))

    def stop(self, runner_id: UUID, execution_id: UUID, lease: int) -> None:
        """Ask a Runner to end an execution, whichever Hub it is connected to."""
        stop = StopRequested(runner=str(runner_id), execution=str(execution_id), lease=lease)
        if not self._stop_here(stop):
            self._bus.send(stop)

    def _stop_here(self, stop: StopRequested) -> bool:
        connection = self.connections.get(UUID(stop.runner))
        if connection is not None:
            connection.send(Stop(execution_id=stop.execution, lease=stop.lease))
        return connection is not None

    def _hear_of_stop(self, stop: StopRequested) -> None:
        self._stop_here(stop)

    def _hear_of_assignments(self, message: Assigned) -> None:
        ids = [UUID(id) for id in message.executions]
        work = self.hub.supervisor.attempt("sending assignments of other Hubs", lambda: self._deliver_again(ids))
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver_again(self, execution_ids: Sequence[UUID]) -> None:
        """Send assignments that another Hub made to Runners that are connected here."""
        async with self.hub.database.reading() as connection:
            rows = await ledger.assignments(connection, execution_ids)
        await self.dispatcher.deliver([row for row in rows if self.connections.get(row.runner_id) is not None])


@asynccontextmanager
async def run(hub: Hub) -> AsyncIterator[None]:
    """Keep executions moving while the Hub runs."""
    hub.add(Broadcast(hub.get(Bus)))
    dispatch = Dispatch(hub)
    hub.add(dispatch)
    hub.topics.add("hub.time", None, dispatch.time)
    async with AsyncExitStack() as running:
        for part in (dispatch.ingest, dispatch.dispatcher, dispatch.heartbeats, dispatch.questions, dispatch.sweep):
            await running.enter_async_context(part.running())
        yield
