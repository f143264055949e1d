"""Several Hubs over one database: any may be asked, any may hold the Runner, and any may die."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from at_work import HubAtWork, eventually, serve
from signed_in import TestClock

from exekra.flow.events import ExecutionFinished, ExecutionStarted
from exekra.hub.core.presence import Presence
from exekra.hub.core.settings import Settings
from exekra.hub.work.dispatch import dispatcher
from exekra.protocol.messages import Assign, Goodbye, Stop


@pytest.fixture
def without_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dispatchers assign only when they are told of something."""
    monkeypatch.setattr(dispatcher, "POLL_SECONDS", 3600.0)


@pytest.fixture
async def other(work: HubAtWork, settings: Settings, clock: TestClock) -> AsyncIterator[HubAtWork]:
    """A second Hub over the same database, which knows of the first."""
    async with serve(replace(settings, sweep_seconds=3600.0), clock, first=False) as second:
        for one in (work, second):
            await one.hub.get(Presence)._look()
        yield second


async def test_a_request_at_one_hub_reaches_a_runner_of_the_other_at_once(
    without_polls: None, work: HubAtWork, other: HubAtWork
) -> None:
    await work.publish()
    runner = await other.runner()
    made = await work.start()
    await runner.expect(Assign)
    await work.until(made["id"], "COMPLETED")


async def test_hundred_requests_at_two_hubs_run_once_each(work: HubAtWork, other: HubAtWork) -> None:
    await work.publish()
    runners = [await one.runner() for one in (work, other) for _ in range(3)]
    made = await asyncio.gather(*((work, other)[number % 2].start() for number in range(100)))
    for one in made:
        await work.until(one["id"], "COMPLETED")
    assigned = [
        message.execution_id for runner in runners for message in runner.received if isinstance(message, Assign)
    ]
    assert sorted(assigned) == sorted(one["id"] for one in made)
    assert {row["lease"] for row in await work.fetch("SELECT lease FROM execution")} == {1}


async def test_stop_interactive_run_and_new_secret_reach_the_other_hub(work: HubAtWork, other: HubAtWork) -> None:
    await work.publish()
    runner = await other.runner("There", carry_out=None)
    answer = await work.admin.post(
        "/api/executions", json={"workflow": "Light", "runner": "There", "interactive": True}
    )
    assert answer.status_code == 201
    assignment = await runner.expect(Assign)
    await work.admin.post(f"/api/executions/{assignment.execution_id}/stop")
    await runner.expect(Stop)
    await runner.report(assignment, ExecutionStarted(at=1), ExecutionFinished(at=2, state="STOPPED"))
    await work.until(assignment.execution_id, "STOPPED")
    await work.admin.post(f"/api/runners/{other.id_of(runner)}/secret")
    await runner.expect(Goodbye)


async def test_states_are_streamed_at_the_other_hub(work: HubAtWork, other: HubAtWork) -> None:
    await work.publish()
    await other.runner()
    seen: list[str] = []
    with work.dispatch._broadcast.watch_all() as watcher:
        made = await other.start()

        async def completed() -> bool:
            states, _ = watcher.take()
            seen.extend(states.values())
            return "COMPLETED" in seen

        await eventually(completed, "the other Hub's states are told")
    await work.until(made["id"], "COMPLETED")


async def test_a_runner_moves_to_the_other_hub_with_what_it_holds(work: HubAtWork, other: HubAtWork) -> None:
    await work.publish()
    registered = await work.register()
    runner = await work.connect(registered, carry_out=None)
    made = await work.start()
    assignment = await runner.expect(Assign)
    await work.lose(runner)
    moved = await other.connect(registered, carry_out=None, token=runner.token)
    again = await moved.expect(Assign)
    assert again.lease == assignment.lease
    await moved.report(again, ExecutionStarted(at=1), ExecutionFinished(at=2, state="COMPLETED"))
    await work.until(made["id"], "COMPLETED")
