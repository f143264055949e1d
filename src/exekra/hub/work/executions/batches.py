"""Group commit: what arrives while one batch is being written goes into the next, so that a busy Hub commits rarely.

An idle Hub does not wait: a single item is a batch of one, written immediately.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

from exekra.kit.supervision import Supervisor

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

logger = logging.getLogger(__name__)


class Batches(Generic[Item, Outcome]):
    """Writes items in batches, in the order of their arrival.

    Args:
        write: Writes a batch and returns one outcome for each item, in order; an exception in an item's place is
            raised to whoever waits for that item. What `write` itself raises is raised to all of the batch.
        largest: The most items in a batch.
        name: For the task and the log.
    """

    def __init__(
        self, write: Callable[[Sequence[Item]], Awaitable[Sequence[Outcome | Exception]]], *, largest: int, name: str
    ) -> None:
        self._write = write
        self._largest = largest
        self._name = name
        self._waiting: deque[tuple[Item, asyncio.Future[Outcome]]] = deque()
        self._arrived = asyncio.Event()
        self._ending = False

    async def submit(self, item: Item) -> Outcome:
        """Have an item written; returns its outcome once its batch is committed."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        self._arrived.set()
        return await future

    @asynccontextmanager
    async def running(self, supervisor: Supervisor) -> AsyncIterator[None]:
        """Write batches for the duration of the block; at its end, what is waiting is still written."""
        task = asyncio.create_task(supervisor.keep(self._name, self._run), name=self._name)
        try:
            yield
        finally:
            self._ending = True
            self._arrived.set()
            await task

    async def _run(self) -> None:
        while self._waiting or not self._ending:
            await self._arrived.wait()
            while self._waiting:
                count = min(len(self._waiting), self._largest)
                await self._write_batch([self._waiting.popleft() for _ in range(count)])
            if not self._ending:
                self._arrived.clear()

    async def _write_batch(self, batch: Sequence[tuple[Item, asyncio.Future[Outcome]]]) -> None:
        outcomes: Sequence[Outcome | Exception]
        try:
            outcomes = await self._write([item for item, _ in batch])
            if len(outcomes) != len(batch):
                raise AssertionError(f"{len(outcomes)} outcomes for {len(batch)} items")
        except Exception as error:
            outcomes = [error] * len(batch)
        except asyncio.CancelledError:
            for _, future in batch:
                future.cancel()
            raise
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if future.done():
                continue  # nobody waits for it any more
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
