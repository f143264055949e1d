"""The Runners that are connected to this Hub process, and the mailbox of each.

What is put into a mailbox is sent with the next frame. A WebSocket and a polling Runner look the same to everything
else: both empty a mailbox.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from exekra.hub.core.bus import Bus, Message
from exekra.hub.fleet.runners.clocks import ClockDifference
from exekra.kit.ids import new_id
from exekra.protocol.messages import Debug, Goodbye, HubMessage, WorkFailure
from exekra.protocol.versions import understood

FULL_MAILBOX = 10_000
"""The most messages in a mailbox. A Runner that leaves more is not reading: its connection is closed."""

MESSAGES_IN_FRAME = 500


Condition = tuple[str | None, tuple[WorkFailure, ...]]
"""Why a Runner cannot start executions, and what of its own work failed."""


class RunnerConnection:
    """One connection of one Runner.

    Attributes:
        id: New for each connection.
        runner_id: The Runner that it belongs to.
        runner_name: For people.
        greeted: Whether it has said Hello.
        capabilities: The capabilities that the Runner sent in its Hello.
        sent_documents: The content hashes of the documents that were sent over it.
        connected_at: When it began.
        seen_at: When the Runner last sent something.
        clock: How far the Runner's clock is off.
        condition: What is stored of its last heartbeat's problem and failures.
        polled: Whether the Runner polls, instead of keeping a WebSocket open.
        closed: Whether nothing more is accepted; what is in the mailbox may still be sent.
    """

    def __init__(self, runner_id: UUID, runner_name: str, seen_at: datetime, *, polled: bool = False) -> None:
        self.id = new_id()
        self.runner_id = runner_id
        self.runner_name = runner_name
        self.greeted = False
        self.capabilities: frozenset[str] = frozenset()
        self.sent_documents: set[str] = set()
        self.connected_at = seen_at
        self.seen_at = seen_at
        self.clock = ClockDifference()
        self.condition: Condition = (None, ())
        self.polled = polled
        self.closed = False
        self._mailbox: deque[HubMessage] = deque()
        self._arrived = asyncio.Event()
        self._held_back = False

    def send(self, *messages: HubMessage) -> None:
        """Put messages into the mailbox, except those that the Runner is too old for; a closed one drops all."""
        if self.closed:
            return
        self._mailbox.extend(understood(messages, self.capabilities))
        if self._mailbox:
            self._arrived.set()
        if len(self._mailbox) > FULL_MAILBOX:
            self.close(Goodbye(reason="The Runner does not read what the Hub sends.", retry_seconds=1.0))

    def close(self, goodbye: Goodbye) -> None:
        """Send the reason, and accept nothing more."""
        self.send(goodbye)
        self.end()

    def end(self) -> None:
        """Accept nothing more."""
        self.closed = True
        self._arrived.set()

    def take(self) -> list[HubMessage]:
        """Empty the mailbox, up to a frame's worth. A debugger's commands may be large, so they end a frame."""
        messages: list[HubMessage] = []
        while self._mailbox and len(messages) < MESSAGES_IN_FRAME:
            messages.append(self._mailbox.popleft())
            if isinstance(messages[-1], Debug):
                break
        if not self._mailbox:
            self._arrived.clear()
        return messages

    async def wait(self) -> list[HubMessage]:
        """The next frame's messages; an empty list once the connection is closed and everything has been sent."""
        while (self._held_back or not self._mailbox) and not self.closed:
            await self._arrived.wait()
            if self._held_back:
                self._arrived.clear()
        return self.take()

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Send nothing before the block has ended: what is put in it is only true once it is committed."""
        self._held_back = True
        try:
            yield
        finally:
            self._held_back = False
            self._arrived.set()


class Disconnected(Message, frozen=True):
    """A Runner's connection must be closed for good, for that reason."""

    kind = "runner.disconnected"

    runner: str
    reason: str


class Connections:
    """The connections of this Hub process, by Runner."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._by_runner: dict[UUID, RunnerConnection] = {}
        bus.subscribe(Disconnected, self._hear)

    def __len__(self) -> int:
        return len(self._by_runner)

    def add(self, connection: RunnerConnection) -> None:
        """Add a connection; it replaces the one that the Runner had."""
        before = self._by_runner.get(connection.runner_id)
        if before is not None and before is not connection:
            before.close(Goodbye(reason="The Runner connected a second time."))
        self._by_runner[connection.runner_id] = connection

    def remove(self, connection: RunnerConnection) -> bool:
        """Remove a connection; False if another one has replaced it."""
        if self._by_runner.get(connection.runner_id) is not connection:
            return False
        del self._by_runner[connection.runner_id]
        return True

    def disconnect(self, runner_id: UUID, reason: str) -> None:
        """Close a Runner's connection for good, whichever Hub it is connected to."""
        if not self._disconnect_here(runner_id, reason):
            self._bus.send(Disconnected(runner=str(runner_id), reason=reason))

    def _hear(self, message: Disconnected) -> None:
        self._disconnect_here(UUID(message.runner), message.reason)

    def _disconnect_here(self, runner_id: UUID, reason: str) -> bool:
        connection = self._by_runner.get(runner_id)
        if connection is not None:
            connection.close(Goodbye(reason=reason))
        return connection is not None

    def get(self, runner_id: UUID) -> RunnerConnection | None:
        """The Runner's connection."""
        return self._by_runner.get(runner_id)

    def ids(self) -> list[UUID]:
        """The Runners that are connected."""
        return list(self._by_runner)

    def all(self) -> list[RunnerConnection]:
        """All connections."""
        return list(self._by_runner.values())
