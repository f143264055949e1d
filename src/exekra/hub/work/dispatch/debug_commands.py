"""Passes a debugger's commands to a Runner, whichever Hub it is connected to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import msgspec

from exekra.flow.debugging import AnyDebugCommand
from exekra.hub.core.bus import Bus, Message
from exekra.hub.core.database import Connection
from exekra.hub.core.hub import Hub
from exekra.hub.fleet.runners.connections import Connections
from exekra.hub.work.dispatch import store
from exekra.kit import json
from exekra.kit.ids import new_id
from exekra.protocol.messages import Debug

KEPT = timedelta(minutes=1)
"""A command that no other Hub has taken within this time is dropped."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """An execution that a Runner holds."""

    runner_id: UUID
    execution_id: UUID
    lease: int


class CommandsLeft(Message, frozen=True):
    """Commands were left for a Runner."""

    kind = "debug.commands-left"

    runner: str


class DebugCommands:
    """Passes commands on."""

    def __init__(self, hub: Hub, connections: Connections, bus: Bus) -> None:
        self._hub = hub
        self._connections = connections
        self._bus = bus
        self._passing_on = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        bus.subscribe(CommandsLeft, self._hear)
        bus.after_gaps(lambda: self._start(self._connections.ids()))

    async def leave(self, connection: Connection, to: Addressed, commands: Sequence[AnyDebugCommand]) -> bool:
        """Leave commands in the caller's transaction if the Runner may be connected to another Hub; returns whether it
        did.
        """
        if self._connections.get(to.runner_id) is not None or not self._bus.has_listeners:
            return False
        now = self._hub.clock.now()
        await store.leave_command(
            connection,
            id=new_id(),
            runner_id=to.runner_id,
            execution_id=to.execution_id,
            lease=to.lease,
            commands=json.encode(commands).decode(),
            at=now,
            old_before=now - KEPT,
        )
        return True

    def send(self, to: Addressed, commands: Sequence[AnyDebugCommand], *, left: bool) -> None:
        """Send commands once that transaction is committed.

        Args:
            to: The execution.
            commands: The debugger's commands.
            left: What `leave` returned.
        """
        if left:
            self._bus.send(CommandsLeft(runner=str(to.runner_id)))
            return
        connection = self._connections.get(to.runner_id)
        if connection is not None:
            connection.send(Debug(execution_id=str(to.execution_id), lease=to.lease, commands=tuple(commands)))

    def _hear(self, message: CommandsLeft) -> None:
        runner_id = UUID(message.runner)
        if self._connections.get(runner_id) is not None:
            self._start([runner_id])

    def _start(self, runner_ids: Sequence[UUID]) -> None:
        work = self._hub.supervisor.attempt("passing debugger commands on", lambda: self._pass_on(runner_ids))
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, runner_ids: Sequence[UUID]) -> None:
        """Send what another Hub left for Runners that are connected here, one batch after another."""
        async with self._passing_on:
            async with self._hub.database.transaction() as transaction:
                rows = await store.take_commands(transaction, runner_ids)
            for row in rows:
                connection = self._connections.get(row.runner_id)
                if connection is not None:
                    commands = msgspec.convert(row.commands, tuple[AnyDebugCommand, ...])
                    connection.send(Debug(execution_id=str(row.execution_id), lease=row.lease, commands=commands))
