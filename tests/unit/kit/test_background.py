"""Work in the background ends with the block that it serves."""

from __future__ import annotations

import asyncio

import pytest

from exekra.kit.background import in_background


async def test_it_runs_while_the_block_lasts():
    began, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with in_background(work(), "work"):
        await began.wait()
        assert not ended.is_set()
    assert ended.is_set()


async def test_its_failure_comes_out_with_the_block():
    async def work() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        async with in_background(work(), "work") as task:
            await asyncio.wait([task])
