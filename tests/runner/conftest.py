"""A Hub double, and real Runners in processes of their own, with a package of misbehaving activities installed."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hub_double import SECRET, HubDouble
from runner_process import PLUGIN, RUN, RunnerProcess, StartRunner


@pytest.fixture
async def hub() -> AsyncIterator[HubDouble]:
    """A Hub double that listens."""
    double = HubDouble()
    await double.start()
    yield double
    await double.stop()


@pytest.fixture
async def start_runner(hub: HubDouble, tmp_path: Path) -> AsyncIterator[StartRunner]:
    """Starts Runners of this Hub; keywords are settings. All are ended with the test."""
    started: list[RunnerProcess] = []

    async def start(*, prefix: tuple[str, ...] = (), **settings: str) -> RunnerProcess:
        home = Path(settings.pop("runner_home", str(tmp_path / "home")))
        environment = {
            **os.environ,
            "PYTHONPATH": str(PLUGIN),
            "EXEKRA_HUB_URL": hub.url,
            "EXEKRA_MACHINE_KEY": "FC-TEST",
            "EXEKRA_MACHINE_SECRET": SECRET,
            "EXEKRA_RUNNER_HOME": str(home),
            "EXEKRA_WORK_FOLDER": str(tmp_path / "work"),
            "EXEKRA_SHUTDOWN_SECONDS": "0.2",
            **{f"EXEKRA_{name.upper()}": value for name, value in settings.items()},
        }
        log = tmp_path / f"runner-{len(started)}.log"
        with log.open("w") as output:
            process = await asyncio.create_subprocess_exec(
                *prefix, sys.executable, "-c", RUN, env=environment, stdout=output, stderr=output
            )
        runner = RunnerProcess(home, process, log)
        started.append(runner)
        return runner

    yield start
    for runner in started:
        if runner.process.returncode is None:
            runner.process.kill()
            await runner.process.wait()


@pytest.fixture(params=["forked", "spawned"])
async def runner(hub: HubDouble, start_runner: StartRunner, request: pytest.FixtureRequest) -> RunnerProcess:
    """A connected Runner, once with either kind of children."""
    spawn = "false" if request.param == "forked" else "true"
    process: RunnerProcess = await start_runner(spawn_children=spawn)
    await hub.until(lambda: hub.heartbeats)
    return process
