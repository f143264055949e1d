"""The Runner ends while an execution runs: the execution says so, and does not look as if a person had stopped it."""

from __future__ import annotations

import os
import signal

import pytest
from hub_double import HubDouble, flow
from runner_process import RunnerProcess, StartRunner
from test_execution import FOREVER


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_an_execution_says_that_the_end_of_its_runner_broke_it_off(
    hub: HubDouble, runner: RunnerProcess, number: int
) -> None:
    stored = await hub.assign("e-1", FOREVER)
    await hub.until(lambda: stored.events)
    assert await runner.end(number) == 0
    assert stored.finished.state == "FAILED"
    assert stored.finished.failure.type == "RunnerEndedError"
    assert "asked to end" in stored.finished.failure.message
    assert any("Runner is shutting down" in line for line in stored.log)


async def test_so_does_one_that_must_be_killed(hub: HubDouble, runner: RunnerProcess) -> None:
    stored = await hub.assign("e-1", flow(("b", "bad.block", {})))
    await hub.until(lambda: stored.events)
    assert await runner.end(signal.SIGTERM) == 0
    assert stored.finished.failure.type == "RunnerEndedError"


async def test_a_new_secret_breaks_it_off_and_the_next_start_says_so(hub: HubDouble, start_runner: StartRunner) -> None:
    runner = await start_runner()
    await hub.until(lambda: hub.heartbeats)
    stored = await hub.assign("e-1", FOREVER)
    await hub.until(lambda: stored.events)
    hub.secret = "6" * 64
    await hub.goodbye("The Runner has a new secret.")
    await runner.process.wait()
    assert not stored.finished
    await start_runner(machine_secret=hub.secret)
    await hub.until(lambda: stored.finished)
    assert stored.finished.failure.type == "RunnerEndedError"
    assert "new secret" in stored.finished.failure.message


async def test_a_person_who_stops_it_first_is_not_overruled(hub: HubDouble, runner: RunnerProcess) -> None:
    stored = await hub.assign("e-1", FOREVER)
    await hub.until(lambda: stored.events)
    await hub.stop_execution("e-1")
    os.kill(runner.process.pid, signal.SIGTERM)
    await hub.until(lambda: stored.finished)
    assert stored.finished.state == "STOPPED"
