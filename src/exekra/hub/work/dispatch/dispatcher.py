"""Brings waiting executions to free Runners. PostgreSQL decides; this only asks it, when a bell rings.

Bells: a request was committed, a Runner became free or connected, another Hub has work that it cannot assign, and a
poll every two seconds, because a bell may be lost but an execution must not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from exekra.hub.core.database import Connection, committing
from exekra.hub.core.errors import Unavailable
from exekra.hub.core.hub import Hub
from exekra.hub.fleet.runners.connections import Connections, RunnerConnection
from exekra.hub.trust.audit.service import Entry, new_entries
from exekra.hub.work.dispatch import store
from exekra.hub.work.dispatch.documents import Documents
from exekra.hub.work.ledger import store as ledger
from exekra.hub.work.ledger.broadcast import Broadcast
from exekra.hub.work.ledger.rows import Assignment
from exekra.hub.work.ledger.states import FINAL, State
from exekra.hub.work.ledger.store import Change, NewExecution
from exekra.protocol.messages import Stop

logger = logging.getLogger(__name__)

LARGEST_BATCH = 64
POLL_SECONDS = 2.0


class Dispatcher:
    """Assigns executions to the Runners that are connected to this Hub process.

    Args:
        hub: The Hub.
        hub_id: Names this process in `runner.hub_id`.
        connections: Where assignments are sent.
        documents: The documents that are sent along.
        broadcast: Is notified of each assignment.
    """

    def __init__(
        self, hub: Hub, hub_id: UUID, connections: Connections, documents: Documents, broadcast: Broadcast
    ) -> None:
        self._hub = hub
        self._hub_id = hub_id
        self._connections = connections
        self._documents = documents
        self._broadcast = broadcast
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """Note that there may be something to assign."""
        self._bell.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Assign executions for the duration of the block."""
        async with self._hub.supervisor.keeping("assigning executions", self._run):
            yield

    async def _run(self) -> None:
        while True:
            self._bell.clear()
            while await self.assign_batch() == LARGEST_BATCH:
                pass
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._bell.wait()

    async def assign_batch(self) -> int:
        """Assign what can be assigned now, up to a batch; returns how many executions that was."""
        if not len(self._connections):
            return 0
        async with self._hub.database.reading() as connection:
            rows = await store.assign(connection, self._hub_id, LARGEST_BATCH)
        await self.deliver(rows)
        return len(rows)

    async def move(self, connection: Connection, changes: Sequence[Change]) -> list[Assignment]:
        """Change executions as `ledger.move` does, and assign their next ones to the Runners that become free.

        Returns:
            The assignments, to be delivered after the commit of the caller's transaction.
        """
        if not any(change.state in FINAL for change in changes):
            await ledger.move(connection, changes)
            return []
        return await store.move_and_assign(connection, changes, self._own_runners(), LARGEST_BATCH)

    def _own_runners(self) -> UUID | None:
        return self._hub_id if len(self._connections) else None

    async def enqueue(
        self, connection: Connection, executions: Sequence[NewExecution], entries: Sequence[Entry]
    ) -> tuple[set[UUID], list[Assignment]]:
        """Create executions with their audit entries, and assign what can be assigned, in a transaction of its own.

        Args:
            connection: Outside of a transaction.
            executions: The executions to create.
            entries: The audit entry of each.

        Returns:
            The ids of those made (one whose unique key is in use is not), and the assignments, to be delivered.

        Raises:
            Unavailable: The connection to the database was lost meanwhile (code `outcome-unknown`).
        """
        with committing(connection):
            return await store.enqueue(connection, executions, new_entries(entries), self._own_runners(), LARGEST_BATCH)

    async def deliver(self, rows: Sequence[Assignment]) -> None:
        """Send committed assignments to their Runners.

        It raises nothing: what is committed is not undone because it could not be sent. A Runner that is gone by now is
        sent it when it returns, and the heartbeat of one that is alive shows that it does not hold the execution.
        """
        for row in rows:
            to = self._connections.get(row.runner_id)
            if to is not None and to.greeted:  # otherwise it is sent after Hello
                await self._send(row, to)
        if rows:
            states: Mapping[UUID, State] = {row.execution_id: State.ASSIGNED for row in rows}
            self._broadcast.announce(set(), states)

    async def send_again(self, to: RunnerConnection, rows: Sequence[Assignment]) -> None:
        """Send assignments (`executions.assignments`) that a Runner should hold but does not; it raises nothing."""
        for row in rows:
            if await self._send(row, to) and row.stops:
                to.send(Stop(execution_id=str(row.execution_id), lease=row.lease))

    async def _send(self, row: Assignment, to: RunnerConnection) -> bool:
        try:
            to.send(await self._documents.assign_message(row, to))
        except Unavailable as error:
            logger.warning("An assignment could not be sent: %s", error.message)
            return False
        except Exception:
            logger.exception("The assignment of %s could not be sent", row.execution_id)
            return False
        return True
