"""A machine that has no process for an execution: its executions are handed back, and the Hub is told why."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hub_double import HubDouble, flow
from runner_process import StartRunner, until

from exekra.runner.children.channel import Abilities
from exekra.runner.children.pool import MOST_DEAD, ChildError, ChildPool

LIGHT = flow(("s", "general.log", {"message": "Hello"}))


@pytest.mark.parametrize("spawn_children", ["false", "true"])
async def test_executions_are_handed_back_while_the_system_refuses_processes(
    hub: HubDouble,
    start_runner: StartRunner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spawn_children: str,
) -> None:
    full = tmp_path / "full"
    monkeypatch.setenv("REFUSE_PROCESSES", str(full))
    runner = await start_runner(pass_environment="REFUSE_PROCESSES", spawn_children=spawn_children)
    await hub.until(lambda: hub.heartbeats)
    assert hub.heartbeats[-1].problem is None
    full.touch()
    number = 0
    while not hub.declined:  # those for which processes were ready beforehand go on
        number += 1
        stored = await hub.assign(f"e-{number}", LIGHT)
        await hub.until(lambda stored=stored: stored.finished or hub.declined)
    assert number <= 3
    assert hub.declined[0].execution_id == f"e-{number}"
    assert "Resource temporarily unavailable" in hub.declined[0].reason
    assert stored.events == [], "nothing of it was begun"
    await hub.until(lambda: hub.heartbeats[-1].problem is not None)
    assert hub.heartbeats[-1].problem == hub.declined[0].reason

    await hub.assign("e-next", LIGHT)
    await hub.until(lambda: len(hub.declined) == 2)
    assert hub.declined[1].execution_id == "e-next"

    await until(lambda: "making a process for executions" in runner.log)
    full.unlink()
    await hub.until(lambda: hub.heartbeats[-1].problem is None)
    assert (await hub.run("e-last", LIGHT)).finished.state == "COMPLETED"
    assert "Executions can be started again." in runner.log
    failures = {one.name: one for one in hub.heartbeats[-1].failures}
    assert failures["making a process for executions"].restarts > 0


async def test_a_work_folder_that_cannot_be_made_is_no_failure_of_executions(
    hub: HubDouble, start_runner: StartRunner, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "work"
    in_the_way.write_text("a file where the folder should be")
    await start_runner()
    await hub.until(lambda: hub.heartbeats)
    await hub.assign("e-1", LIGHT)
    await hub.until(lambda: hub.declined)
    assert str(in_the_way) in hub.declined[0].reason
    await hub.until(lambda: hub.heartbeats[-1].problem is not None)
    in_the_way.unlink()
    await hub.until(lambda: hub.heartbeats[-1].problem is None)
    assert (await hub.run("e-2", LIGHT)).finished.state == "COMPLETED"


class DyingChildren(ChildPool):
    """Makes processes that have ended when they are taken."""

    made = 0

    async def abilities(self) -> Abilities:
        raise NotImplementedError

    async def _make(self) -> Any:
        self.made += 1
        ended = asyncio.get_running_loop().create_future()
        ended.set_result(None)
        return SimpleNamespace(ended=ended, close=lambda: None)


async def test_processes_that_end_at_once_are_not_made_for_ever() -> None:
    children = DyingChildren({})
    with pytest.raises(ChildError, match="end immediately"):
        await children.take()
    assert children.made == MOST_DEAD
