"""Group commit: what waits is written together, in order, and each one learns its own outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from exekra.hub.work.executions.batches import Batches
from exekra.kit.supervision import Supervisor


async def test_what_arrives_during_a_batch_is_the_next_batch() -> None:
    written: list[list[int]] = []
    begun, gate = asyncio.Event(), asyncio.Event()

    async def write(items: Sequence[int]) -> Sequence[int | Exception]:
        written.append(list(items))
        begun.set()
        await gate.wait()
        return [item * 10 for item in items]

    batches: Batches[int, int] = Batches(write, largest=3, name="test")
    async with batches.running(Supervisor()):
        first = asyncio.create_task(batches.submit(0))
        await begun.wait()
        rest = [asyncio.create_task(batches.submit(number)) for number in range(1, 6)]
        await asyncio.sleep(0)
        gate.set()
        assert await asyncio.gather(first, *rest) == [0, 10, 20, 30, 40, 50]
    assert written == [[0], [1, 2, 3], [4, 5]]


async def test_a_refusal_belongs_to_one_and_a_failure_to_all() -> None:
    async def write(items: Sequence[int]) -> Sequence[int | Exception]:
        if 9 in items:
            raise ConnectionError("away")
        return [ValueError("odd") if item % 2 else item for item in items]

    batches: Batches[int, int] = Batches(write, largest=10, name="test")
    async with batches.running(Supervisor()):
        outcomes = await asyncio.gather(*(batches.submit(item) for item in (2, 3)), return_exceptions=True)
        assert outcomes[0] == 2
        assert isinstance(outcomes[1], ValueError)
        with pytest.raises(ConnectionError):
            await batches.submit(9)
        assert await batches.submit(4) == 4


async def test_at_the_end_what_waits_is_written() -> None:
    async def write(items: Sequence[int]) -> Sequence[int | Exception]:
        return list(items)

    batches: Batches[int, int] = Batches(write, largest=1, name="test")
    async with batches.running(Supervisor()):
        waiting = [asyncio.create_task(batches.submit(number)) for number in range(5)]
        await asyncio.sleep(0)
    assert await asyncio.gather(*waiting) == [0, 1, 2, 3, 4]
