"""The log and the pause."""

import asyncio

import pytest

from exekra.activities.general import log, wait
from exekra.sdk.table import Table


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("hello", "hello"),
        (None, ""),
        (1.5, "1.5"),
        ({"a": 1}, '{"a":1}'),
        (Table.from_records([{"a": 1}]), '[{"a":1}]'),
        ("x" * 30_000, "x" * 20_000 + "... (30,000 characters)"),
    ],
)
def test_log(context, message, line):
    log(context, message=message, level="warning")
    assert context.lines == [("warning", line)]


async def test_wait_can_be_cancelled():
    waiting = asyncio.create_task(wait(duration=1000))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await wait(duration=0)
