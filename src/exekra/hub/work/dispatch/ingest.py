"""Writes what Runners report to the database: in order, exactly once, and many reports in one commit.

A report counts only under the lease of its assignment. While PostgreSQL is unavailable, reports wait here up to a
limit; beyond that, connections are not read: Runners keep what is not acknowledged.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from exekra.hub.core.errors import Unavailable
from exekra.hub.core.hub import Hub
from exekra.hub.fleet.runners.connections import RunnerConnection
from exekra.hub.work.dispatch.dispatcher import Dispatcher
from exekra.hub.work.dispatch.progress import Progress
from exekra.hub.work.ledger import event_store
from exekra.hub.work.ledger import store as ledger
from exekra.hub.work.ledger.broadcast import Broadcast
from exekra.hub.work.ledger.states import State
from exekra.protocol.messages import Acknowledge, Events, HubMessage, Refused

logger = logging.getLogger(__name__)

MOST_WAITING = 20_000
"""The most events that may wait to be written; large ones count as several."""

BYTES_OF_AN_EVENT = 1_000
"""A frame counts as at least one event for every this many bytes."""

LARGEST_BATCH = 2_000
"""The most events in one commit."""


@dataclass(frozen=True, slots=True)
class Report:
    """Events that came over a connection."""

    connection: RunnerConnection
    message: Events
    size: int

    @property
    def weight(self) -> int:
        """How much it counts towards the limits."""
        return 1 + max(len(self.message.events), self.size // BYTES_OF_AN_EVENT)


Answers = list[tuple[RunnerConnection, HubMessage]]


class Ingest:
    """Writes reports.

    Args:
        hub: The Hub.
        broadcast: Is notified after each commit.
        dispatcher: Assigns a Runner that becomes free its next execution, in the same transaction.
    """

    def __init__(self, hub: Hub, broadcast: Broadcast, dispatcher: Dispatcher) -> None:
        self._hub = hub
        self._broadcast = broadcast
        self._dispatcher = dispatcher
        self._waiting: deque[Report] = deque()
        self._batch: list[Report] = []
        self._size = 0
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._put = 0
        self._written = 0
        self._waiting_for: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def put(self, report: Report) -> None:
        """Accept a report; waits while too much is unwritten."""
        while self._size >= MOST_WAITING:
            self._room.clear()
            await self._room.wait()
        self._waiting.append(report)
        self._size += report.weight
        self._put += 1
        self._arrived.set()

    async def flush(self) -> None:
        """Wait until everything that was put before is written."""
        if self._written < self._put:
            written = asyncio.get_running_loop().create_future()
            self._waiting_for.append((self._put, written))
            await written

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write reports for the duration of the block; at its end, what is waiting is written if PostgreSQL responds
        soon.
        """
        async with self._hub.supervisor.keeping("storing events", self._run):
            try:
                yield
            finally:
                with suppress(TimeoutError):
                    async with asyncio.timeout(5):
                        await self.flush()

    async def _run(self) -> None:
        while True:
            # The batch is kept until it is written: whatever goes wrong, a restart continues with the same batch.
            while self._batch or self._waiting:
                self._batch = self._batch or self._next_batch()
                await self._write_surely(self._batch)
                batch, self._batch = self._batch, []
                self._size -= sum(report.weight for report in batch)
                self._room.set()
                self._note_written(len(batch))
            await self._arrived.wait()
            self._arrived.clear()

    def _note_written(self, count: int) -> None:
        self._written += count
        while self._waiting_for and self._waiting_for[0][0] <= self._written:
            _, written = self._waiting_for.popleft()
            if not written.done():
                written.set_result(None)

    def _next_batch(self) -> list[Report]:
        batch: list[Report] = []
        size = 0
        while self._waiting and size < LARGEST_BATCH:
            report = self._waiting.popleft()
            batch.append(report)
            size += report.weight
        return batch

    async def _write_surely(self, batch: Sequence[Report]) -> None:
        """Write a batch; a report that cannot be stored ends its execution.

        Raises:
            Unavailable: PostgreSQL is unavailable: all of it can be tried again, because what is stored already is
                skipped.
        """
        try:
            await self._write(batch)
        except Unavailable:
            raise
        except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError) as error:
            raise Unavailable(f"Another transaction was first: {error}.") from error
        except Exception as error:
            if len(batch) > 1:
                for report in batch:
                    await self._write_surely([report])
            else:
                logger.exception("Events of the execution %s cannot be stored", batch[0].message.execution_id)
                await self._give_up(batch[0], f"Its events cannot be stored: {type(error).__name__}.")

    async def _give_up(self, report: Report, reason: str) -> None:
        message = report.message
        id = _as_id(message.execution_id)
        if id is not None:
            async with self._hub.database.transaction() as connection:
                rows = await ledger.lock(connection, [id])
                progress = Progress.of(rows[0], self._hub.clock.now()) if rows else None
                if progress is not None and progress.lease == message.lease and progress.is_underway:
                    await ledger.move(connection, [progress.failed("EventsRefused", reason)])
            self._broadcast.announce({id}, {id: State.FAILED})
        report.connection.send(Refused(execution_id=message.execution_id, lease=message.lease, reason=reason))
        self._dispatcher.ring()

    async def _write(self, batch: Sequence[Report]) -> None:
        result = _Result()
        async with self._hub.database.transaction() as connection:
            ids = {id for report in batch if (id := _as_id(report.message.execution_id)) is not None}
            rows = await ledger.lock(connection, sorted(ids))
            now = self._hub.clock.now()
            stories = {row.id: Progress.of(row, now) for row in rows}
            for report in batch:
                _take(report, stories, result)
            events = [event for story in stories.values() for event in story.events]
            if events:
                await event_store.insert(connection, events)
            changes = [story.change() for story in stories.values() if story.changes]
            following = await self._dispatcher.move(connection, changes)
        for connection_, answer in result.answers():
            connection_.send(answer)
        states = {id: story.state for id, story in stories.items() if story.has_new_state}
        told = {id for id, story in stories.items() if story.events}
        self._broadcast.announce(told, states, {id for id in told if stories[id].interactive})
        await self._dispatcher.deliver(following)


@dataclass(slots=True)
class _Result:
    """The answers to send: for each execution, the highest acknowledgement or the refusal."""

    by_execution: dict[tuple[UUID, str, int], tuple[RunnerConnection, HubMessage]] = field(default_factory=dict)

    def add(self, report: Report, answer: HubMessage) -> None:
        key = (report.connection.id, report.message.execution_id, report.message.lease)
        self.by_execution[key] = (report.connection, answer)

    def answers(self) -> Answers:
        return list(self.by_execution.values())


def _take(report: Report, stories: Mapping[UUID, Progress], result: _Result) -> None:
    message = report.message
    story = stories.get(_as_id(message.execution_id) or UUID(int=0))
    if story is None or story.lease != message.lease or story.runner_id != report.connection.runner_id:
        reason = "There is no such execution." if story is None else "The assignment was revoked."
        result.add(report, Refused(execution_id=message.execution_id, lease=message.lease, reason=reason))
        return
    if message.first > story.last_sequence + 1:
        reason = f"Events {story.last_sequence + 1} to {message.first - 1} are missing."
        story.fail("EventsMissing", reason)
        result.add(report, Refused(execution_id=message.execution_id, lease=message.lease, reason=reason))
        return
    story.add(message, behind=report.connection.clock.behind_seconds)
    result.add(
        report,
        Acknowledge(execution_id=message.execution_id, lease=message.lease, sequence=story.last_sequence),
    )


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
