"""Live events as server-sent events. The database is the source; a bell only signals when to read it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from uuid import UUID

import asyncpg

from exekra.hub.core.database import Database
from exekra.hub.core.errors import Unavailable
from exekra.hub.work.ledger import event_store, summary_store
from exekra.hub.work.ledger import store as ledger
from exekra.hub.work.ledger.broadcast import Broadcast
from exekra.hub.work.ledger.event_store import LiveEvent
from exekra.hub.work.ledger.states import FINAL
from exekra.kit import json
from exekra.kit.supervision import Supervisor

KEEP_ALIVE_SECONDS = 15.0
LOOK_SECONDS = 1.0
"""How often to look without a bell: the Runner may be connected to another Hub."""

EVENTS_AT_ONCE = 500
GATHER_SECONDS = 0.1
"""How long new states are collected: a burst becomes one message."""
MOST_TOLD = 300
"""The most executions in one message; when more have changed, the list should be read again."""
MOST_UNREAD = 50
"""The most messages that a watcher of all executions may leave unread; beyond that, it is told that it missed some."""


async def stream_one(database: Database, broadcast: Broadcast, id: UUID, *, after: int) -> AsyncGenerator[bytes, None]:
    """The events of one execution after that sequence, and its states; ends after the final state."""
    state: str | None = None
    silent = 0.0
    with broadcast.watch(id) as watch:
        while True:
            watch.changed.clear()
            try:
                async with database.reading() as connection:
                    # The state is read first: events that are committed with it, or before, are read after it.
                    row = await ledger.state_of(connection, id)
                    events = await event_store.live_events(connection, id, after=after, limit=EVENTS_AT_ONCE)
            except Unavailable:
                await asyncio.sleep(LOOK_SECONDS)
                continue
            if row is None:
                return
            if events:
                after = events[-1].sequence
                yield b"".join(_event(event) for event in events)
                silent = 0.0
                if len(events) == EVENTS_AT_ONCE:
                    continue
            if row.state != state:
                state = row.state
                told = {"id": row.id, "state": row.state, "runner_id": row.runner_id, "failure": row.failure}
                yield _message("state", told if row.stopped_by is None else {**told, "stopped_by": row.stopped_by})
                silent = 0.0
            if state in FINAL:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await watch.changed.wait()
            silent += LOOK_SECONDS
            if silent >= KEEP_ALIVE_SECONDS:
                silent = 0.0
                yield b": still here\n\n"


class Watcher:
    """A client that watches the states of all executions."""

    def __init__(self) -> None:
        self.changed = asyncio.Event()
        self._messages: list[bytes] = []

    def put(self, message: bytes) -> None:
        """Queue a message until it is taken."""
        self._messages.append(message)
        if len(self._messages) > MOST_UNREAD:
            self._messages = [MISSED]
        self.changed.set()

    def take(self) -> bytes:
        """The queued messages."""
        self.changed.clear()
        messages, self._messages = self._messages, []
        return b"".join(messages)


class AllStates:
    """Tells all clients that watch the list of executions what changed: read and encoded once for all of them."""

    def __init__(self, database: Database, broadcast: Broadcast, supervisor: Supervisor) -> None:
        self._database = database
        self._supervisor = supervisor
        self._broadcast = broadcast
        self._watchers: set[Watcher] = set()

    @contextmanager
    def watch(self) -> Iterator[Watcher]:
        """Watch for the duration of the block."""
        watcher = Watcher()
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Broadcast for the duration of the block."""
        async with self._supervisor.keeping("broadcasting new states", self._run):
            yield

    async def _run(self) -> None:
        with self._broadcast.watch_all() as changes:
            while True:
                await changes.changed.wait()
                states, missed = changes.take()
                if self._watchers:
                    message = MISSED if missed or len(states) > MOST_TOLD else await self._message(list(states))
                    for watcher in self._watchers:
                        watcher.put(message)
                await asyncio.sleep(GATHER_SECONDS)

    async def _message(self, ids: list[UUID]) -> bytes:
        try:
            async with self._database.reading() as connection:
                rows = await summary_store.summaries(connection, ids)
        except (Unavailable, asyncpg.PostgresError):
            return MISSED
        return b"".join(_message("state", row) for row in rows)


async def stream_all(states: AllStates) -> AsyncIterator[bytes]:
    """New states of all executions, without end."""
    with states.watch() as watcher:
        yield b": watching\n\n"
        while True:
            try:
                async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                    await watcher.changed.wait()
            except TimeoutError:
                yield b": still here\n\n"
            else:
                yield watcher.take()


def _event(row: LiveEvent) -> bytes:
    text = row.text
    if text is None:
        text = json.encode({"event": row.kind, "at": row.at.timestamp(), "node": row.node}).decode()
    return f"id: {row.sequence}\nevent: {row.kind}\ndata: {text}\n\n".encode()


def _message(event: str, data: object) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (event.encode(), json.encode(data))


MISSED = _message("missed", {})
