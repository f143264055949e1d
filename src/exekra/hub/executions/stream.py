"""Live events as server-sent events. What is sent is always read from the database; a bell only says when to read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import UUID

from exekra.hub.core.database import Database, Record
from exekra.hub.core.errors import Unavailable
from exekra.hub.executions import store
from exekra.hub.executions.broadcast import Broadcast
from exekra.hub.executions.states import FINAL
from exekra.kit import json

KEEP_ALIVE_SECONDS = 15.0
LOOK_SECONDS = 1.0
"""How often is looked without a bell: the Runner may be connected to another Hub."""

EVENTS_AT_ONCE = 500


async def stream_one(database: Database, broadcast: Broadcast, id: UUID, *, after: int) -> AsyncIterator[bytes]:
    """One execution's events after that sequence, and its states; ends after the final state."""
    state: str | None = None
    silent = 0.0
    with broadcast.watch(id) as watch:
        while True:
            watch.changed.clear()
            try:
                async with database.reading() as connection:
                    # The state first: events that are committed with it, or before, are read after it.
                    row = await store.state_of(connection, id)
                    events = await store.events(connection, id, after=after, limit=EVENTS_AT_ONCE)
            except Unavailable:
                await asyncio.sleep(LOOK_SECONDS)
                continue
            if row is None:
                return
            if events:
                after = events[-1]["sequence"]
                yield b"".join(_event(event) for event in events)
                silent = 0.0
                if len(events) == EVENTS_AT_ONCE:
                    continue
            if row["state"] != state:
                state = row["state"]
                yield _message("state", {key: row[key] for key in ("id", "state", "runner_id", "failure")})
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


async def stream_all(broadcast: Broadcast) -> AsyncIterator[bytes]:
    """New states of all executions, for ever."""
    with broadcast.watch_all() as watcher:
        yield b": watching\n\n"
        while True:
            try:
                async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                    await watcher.changed.wait()
            except TimeoutError:
                yield b": still here\n\n"
                continue
            states, missed = watcher.take()
            messages = [_message("state", {"id": id, "state": state}) for id, state in states.items()]
            if missed:
                messages.append(_message("missed", {}))
            yield b"".join(messages)
            await asyncio.sleep(0.1)  # a burst of changes becomes one message


def _event(row: Record) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (row["sequence"], row["kind"].encode(), json.encode(row["body"]))


def _message(event: str, data: dict[str, Any]) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (event.encode(), json.encode(data))
