"""Work that raises is begun again, and what happened can be seen."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest

from exekra.kit import supervision
from exekra.kit.supervision import Supervisor


class Away(Exception):
    """Something expected."""


@pytest.fixture
def supervisor() -> Supervisor:
    return Supervisor(expected=(Away,), waits=lambda _: 0.0)


async def test_it_runs_while_the_block_lasts(supervisor: Supervisor) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with supervisor.keeping("work", work):
        await began.wait()
        assert not ended.is_set()
    assert ended.is_set()


async def test_work_that_raises_is_begun_again(supervisor: Supervisor) -> None:
    attempts = 0
    well = asyncio.Event()

    async def work() -> None:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            raise RuntimeError("a surprise")
        well.set()
        await asyncio.Event().wait()

    async with supervisor.keeping("work", work):
        await well.wait()
        (state,) = supervisor.states()
    assert (state.restarts, state.error, state.error_type) == (2, "RuntimeError: a surprise", "RuntimeError")
    assert state.failed_at is not None
    assert not state.failing


async def test_work_that_keeps_failing_says_so_until_it_goes_on_for_a_while(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    often, well = asyncio.Event(), asyncio.Event()
    attempts = 0

    async def work() -> None:
        nonlocal attempts
        attempts += 1
        if attempts <= supervision.FAILURES_IN_A_ROW:
            raise RuntimeError
        often.set()
        await well.wait()
        raise RuntimeError

    async with supervisor.keeping("work", work):
        await often.wait()
        assert supervisor.states()[0].failing
        monkeypatch.setattr(time, "monotonic", lambda: 1e12)
        assert not supervisor.states()[0].failing
        well.set()


async def test_a_repeated_round_that_succeeds_is_a_recovery(supervisor: Supervisor) -> None:
    rounds: asyncio.Queue[None] = asyncio.Queue()
    failures = supervision.FAILURES_IN_A_ROW

    async def work() -> None:
        nonlocal failures
        rounds.put_nowait(None)
        if failures:
            failures -= 1
            raise RuntimeError("not yet")

    async with supervisor.repeating("work", work, seconds=0.0):
        for _ in range(supervision.FAILURES_IN_A_ROW + 2):
            await rounds.get()
        (state,) = supervisor.states()
    assert not state.failing
    assert state.restarts == supervision.FAILURES_IN_A_ROW


async def test_errors_that_end_it_come_out(supervisor: Supervisor) -> None:
    async def work() -> None:
        raise KeyError("gone")

    with pytest.raises(KeyError):
        await supervisor.keep("work", work, ends=(KeyError,))


async def test_an_expected_error_is_logged_once_and_without_a_traceback(
    supervisor: Supervisor, caplog: pytest.LogCaptureFixture
) -> None:
    attempts = 0

    async def work() -> None:
        nonlocal attempts
        attempts += 1
        if attempts < 4:
            raise Away("The database is away.")

    with caplog.at_level(logging.WARNING):
        await supervisor.keep("work", work)
    (record,) = caplog.records
    assert record.exc_info is None
    assert "away" in record.message
