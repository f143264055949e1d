"""A plain RuntimeError in anything that the Runner does all the time: executions go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hub_double import SECRET, HubDouble, flow
from runner_process import PLUGIN

from exekra.kit.supervision import Supervisor
from exekra.runner import agent
from exekra.runner.settings import RunnerSettings

WORKS = {
    "sending questions to the Hub",
    "connecting to the Hub",
    "delivering events",
    "delivering files",
    "ending remaining processes",
    "handing executions back",
    "listening to the Hub",
    "measuring an execution",
    "reading what is printed",
    "sending heartbeats",
    "stopping an execution",
    "watching the start of an execution",
    "watching the time of an execution",
}


@pytest.fixture
async def thrown(hub: HubDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[set[str]]:
    """A Runner in this process, in which each piece of work raises when it is begun for the first time."""
    names: set[str] = set()
    keep = Supervisor.keep

    async def surprised(supervisor: Supervisor, name: str, work: Callable[[], Awaitable[None]], **more: Any) -> None:
        async def first_raises() -> None:
            if name not in names:
                names.add(name)
                raise RuntimeError("a surprise")
            await work()

        await keep(supervisor, name, first_raises, **more)

    monkeypatch.setattr(Supervisor, "keep", surprised)
    monkeypatch.setattr(agent, "PAUSES", lambda _: 0.05)
    monkeypatch.setenv("PYTHONPATH", str(PLUGIN))
    environment = {
        "EXEKRA_HUB_URL": hub.url,
        "EXEKRA_MACHINE_KEY": "FC-TEST",
        "EXEKRA_MACHINE_SECRET": SECRET,
        "EXEKRA_RUNNER_HOME": str(tmp_path / "home"),
    }
    running = asyncio.create_task(agent.run_agent(RunnerSettings.load(environment)))
    yield names
    running.cancel()
    await asyncio.wait({running})


async def test_executions_go_on_whatever_raises(hub: HubDouble, thrown: set[str]) -> None:
    await hub.until(lambda: hub.heartbeats)
    stored = await hub.run("e-1", flow(("s", "bad.shout", {"text": "loud", "times": 3})))
    assert stored.finished.state == "COMPLETED", stored.finished
    assert stored.log.count("loud") == 3
    assert (await hub.run("e-2", flow(("who", "bad.where", {})))).finished.state == "COMPLETED"
    assert thrown == WORKS
