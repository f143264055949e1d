"""Debug sessions: who may control one, and whether somebody is still watching."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any
from uuid import UUID

import msgspec

from exekra.flow.debugging import Alive, AnyDebugCommand, SetVariable
from exekra.hub.core.actor import Actor, Role
from exekra.hub.core.errors import Conflict, Forbidden, Invalid
from exekra.hub.core.hub import Hub
from exekra.hub.trust.audit.service import Entry, record_all
from exekra.hub.work.dispatch.debug_commands import Addressed, DebugCommands
from exekra.hub.work.executions.beginning import no_execution
from exekra.hub.work.ledger import store as ledger
from exekra.hub.work.ledger.rows import DebugSession
from exekra.hub.work.ledger.states import FINAL, UNDERWAY
from exekra.kit import json

logger = logging.getLogger(__name__)

MOST_COMMANDS = 100
LARGEST_COMMANDS_BYTES = 2_000_000


class Commands(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The commands of a debugger, in order."""

    commands: tuple[AnyDebugCommand, ...]


def read_commands(body: Any) -> tuple[AnyDebugCommand, ...]:
    """The commands in a request's body.

    Raises:
        Invalid: They are not valid, or there are too many.
    """
    try:
        commands = msgspec.convert(body, Commands).commands
    except msgspec.ValidationError as error:
        raise Invalid(f"The commands are not valid debugger commands: {error}.", where="body") from None
    if len(commands) > MOST_COMMANDS or len(json.encode(body)) > LARGEST_COMMANDS_BYTES:
        raise Invalid(
            f"A request may contain at most {MOST_COMMANDS} commands, of {LARGEST_COMMANDS_BYTES:,} bytes in total.",
            where="body.commands",
        )
    return commands


class DebugSessions:
    """Passes commands on.

    Args:
        hub: The Hub.
        commands: Brings commands to the Runner.
    """

    def __init__(self, hub: Hub, commands: DebugCommands) -> None:
        self._hub = hub
        self._commands = commands

    async def command(self, id: UUID, commands: Sequence[AnyDebugCommand], actor: Actor) -> None:
        """Pass commands to an execution that is a debug session.

        Raises:
            NotFound: There is no such execution.
            Forbidden: It is another user's.
            Conflict: It is not a debug session, has ended, or its Runner is not connected.
        """
        async with self._hub.database.transaction() as connection:
            row = await ledger.session(connection, id)
            if row is None:
                raise no_execution()
            _refuse(row, actor)
            changes = [command.name[:200] for command in commands if isinstance(command, SetVariable)]
            await record_all(
                connection,
                [Entry(actor, "execution.set-variable", "execution", id, _details(row, name)) for name in changes],
            )
            assert row.runner_id is not None, "a Runner holds what is underway"
            to = Addressed(row.runner_id, id, row.lease)
            left = await self._commands.leave(connection, to, commands) if commands else False
        if commands:
            self._commands.send(to, commands, left=left)

    async def alive_during(
        self, id: UUID, actor: Actor, lines: AsyncGenerator[bytes, None]
    ) -> AsyncGenerator[bytes, None]:
        """The lines of a stream; while a user who may control the session reads them, its Runner is notified."""
        alive = self._hub.supervisor.keeping("keeping debug sessions alive", lambda: self._say_alive(id, actor))
        async with aclosing(lines), alive:
            async for line in lines:
                yield line

    async def _say_alive(self, id: UUID, actor: Actor) -> None:
        while True:
            async with self._hub.database.transaction() as connection:
                row = await ledger.session(connection, id)
                if row is None or not row.debug or not _may_command(row, actor) or row.state in FINAL:
                    return
                to, left = None, False
                if row.state in UNDERWAY and row.runner_id is not None:
                    to = Addressed(row.runner_id, id, row.lease)
                    left = await self._commands.leave(connection, to, (Alive(),))
            if to is not None:
                self._commands.send(to, (Alive(),), left=left)
            await asyncio.sleep(self._hub.settings.debug_alive_seconds)


def _may_command(row: DebugSession, actor: Actor) -> bool:
    return actor.role is Role.ADMIN or (actor.kind == "user" and actor.id == row.created_by)


def _refuse(row: DebugSession, actor: Actor) -> None:
    if not _may_command(row, actor):
        raise Forbidden("Only the user who started a debug session, or an ADMIN, may control it.")
    if not row.debug:
        raise Conflict(
            "The execution is not a debug session.",
            code="no-debug-session",
            hint="Start one with POST /api/executions, with `interactive` and `debug`.",
        )
    if row.state in FINAL:
        raise Conflict(f"The debug session has ended: {row.state}.", code="already-ended")
    if row.state not in UNDERWAY or not row.connected:
        name = repr(row.runner_name) if row.runner_name else "Its Runner"
        raise Conflict(
            f"{name} is not connected.", code="runner-offline", hint="Try again in a moment, or stop the execution."
        )


def _details(row: DebugSession, name: str) -> dict[str, Any]:
    return {"workflow": row.workflow_name, "variable": name.replace("\0", "")}
