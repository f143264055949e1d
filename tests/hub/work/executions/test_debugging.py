"""Debug sessions: who may command one, how commands reach the Runner, and that somebody is said to be there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from at_work import HubAtWork, serve
from signed_in import PASSWORD, TestClock, make_client

from exekra.flow.debugging import Alive, Breakpoint, Resume, SetVariable
from exekra.flow.events import DebugPaused, ExecutionFinished, ExecutionStarted
from exekra.hub.core.presence import Presence
from exekra.hub.core.settings import Settings
from exekra.hub.work.history import stream
from exekra.protocol.messages import Assign, Debug
from exekra.testing.simulated_runner import SimulatedRunner

SESSION: dict[str, Any] = {
    "interactive": True,
    "debug": {"breakpoints": [{"node": "work", "condition": "number > 1"}], "pause_at_start": True},
}
RESUME = {"commands": [{"command": "resume"}]}


@pytest.fixture
async def quick(settings: Settings, clock: TestClock) -> AsyncIterator[HubAtWork]:
    """A Hub that says often that somebody is there."""
    async with serve(replace(settings, sweep_seconds=3600.0, debug_alive_seconds=0.1), clock) as work:
        yield work


async def begin(work: HubAtWork, **more: Any) -> tuple[SimulatedRunner, Assign]:
    """A debug session in the hands of a Runner."""
    await work.publish()
    runner = await work.runner("Mine", carry_out=None)
    await work.start(**SESSION | more)
    assignment = await runner.expect(Assign)
    await runner.report(assignment, ExecutionStarted(at=1), DebugPaused(at=1, node="work", reason="start", scope={}))
    await work.until(assignment.execution_id, "RUNNING")
    return runner, assignment


async def signed_in(work: HubAtWork, role: str) -> httpx.AsyncClient:
    body = {"email": f"{role.lower()}@example.org", "name": role, "role": role, "password": PASSWORD}
    assert (await work.admin.post("/api/users", json=body)).status_code == 201
    session = await work.admin.post("/api/session", json={"email": body["email"], "password": PASSWORD})
    work.admin.cookies.clear()
    return make_client(work.app, session.json()["token"])


async def test_the_runner_is_told_how_the_session_begins_and_then_what_the_person_says(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    assert assignment.debug is not None
    assert assignment.debug.breakpoints == (Breakpoint(node="work", condition="number > 1"),)
    assert (assignment.debug.pause_at_start, assignment.debug.alive_seconds) == (True, 45.0)
    assert assignment.checkpoint_each
    body = {"commands": [{"command": "set_variable", "name": "total", "value": {"a": [1]}}, {"command": "resume"}]}
    answer = await work.admin.post(f"/api/executions/{assignment.execution_id}/debug", json=body)
    assert answer.status_code == 202
    told = await runner.expect(Debug)
    assert told.commands == (SetVariable(name="total", value={"a": [1]}), Resume())
    assert (told.execution_id, told.lease) == (assignment.execution_id, assignment.lease)
    read = await work.get(assignment.execution_id)
    assert read["debug"] is True
    entries = (await work.admin.get("/api/audit", params={"action": "execution.set-variable"})).json()["items"]
    assert [entry["details"] for entry in entries] == [{"workflow": "Light", "variable": "total"}]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"commands": [{"command": "dance"}]},
        {"commands": [{"command": "set_variable"}]},
        {"commands": [{"command": "resume"}], "more": 1},
        {"commands": [{"command": "resume"}] * 101},
        {"commands": [{"command": "evaluate", "id": "1", "expression": "x" * 2_000_001}]},
        [],
    ],
)
async def test_what_is_no_command_is_refused(work: HubAtWork, body: Any) -> None:
    _, assignment = await begin(work)
    answer = await work.admin.post(f"/api/executions/{assignment.execution_id}/debug", json=body)
    assert answer.status_code == 422, answer.text


async def test_only_its_starter_and_an_administrator_command_a_session(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None)
    async with await signed_in(work, "DEVELOPER") as developer:
        mine = (await developer.post("/api/executions", json={"workflow": "Light"} | SESSION)).json()["id"]
        assignment = await runner.expect(Assign)
        assert (await developer.post(f"/api/executions/{mine}/debug", json=RESUME)).status_code == 202
        assert (await work.admin.post(f"/api/executions/{mine}/debug", json=RESUME)).status_code == 202
        await runner.report(assignment, ExecutionStarted(at=1), ExecutionFinished(at=2, state="COMPLETED"))
        await work.until(mine, "COMPLETED")
        theirs = (await work.start(**SESSION))["id"]
        refused = await developer.post(f"/api/executions/{theirs}/debug", json=RESUME)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")


async def test_debugging_needs_the_role_and_an_interactive_run(work: HubAtWork) -> None:
    await work.publish()
    await work.runner(carry_out=None)
    queued = await work.admin.post("/api/executions", json={"workflow": "Light", "debug": {}})
    assert (queued.status_code, queued.json()["error"]["where"]) == (422, "body.interactive")
    async with await signed_in(work, "OPERATOR") as operator:
        for more in (SESSION, {"start_at": {"node": "work", "scope": {}}}):
            answer = await operator.post("/api/executions", json={"workflow": "Light"} | more)
            assert answer.status_code == 403


async def test_what_is_no_session_any_more_or_never_was_one_is_not_commanded(work: HubAtWork) -> None:
    runner, assignment = await begin(work)
    path = f"/api/executions/{assignment.execution_id}/debug"
    await work.lose(runner)
    assert (await work.admin.post(path, json=RESUME)).json()["error"]["code"] == "runner-offline"
    other = await work.runner("Other", carry_out=None)
    plain = await work.start(interactive=True)
    assert (await other.expect(Assign)).debug is None
    refused = await work.admin.post(f"/api/executions/{plain['id']}/debug", json=RESUME)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "no-debug-session")
    assert (await work.admin.post(f"/api/executions/{work.id_of(other)}/debug", json=RESUME)).status_code == 404


async def test_the_runner_hears_that_somebody_is_there_while_the_stream_is_read(quick: HubAtWork) -> None:
    runner, assignment = await begin(quick)
    async with quick.admin.stream("GET", f"/api/executions/{assignment.execution_id}/stream") as answer:
        assert answer.status_code == 200
        for _ in range(3):
            assert (await runner.expect(Debug)).commands == (Alive(),)
    await asyncio.sleep(0.3)
    count = len(runner.received)
    await asyncio.sleep(0.4)
    assert len(runner.received) == count, "nobody reads any more"


async def test_a_stranger_who_reads_the_stream_does_not_keep_the_session(quick: HubAtWork) -> None:
    runner, assignment = await begin(quick)
    async with await signed_in(quick, "OPERATOR") as operator:
        token = operator.headers["Authorization"]
    url = f"{quick.url}/api/executions/{assignment.execution_id}/stream"
    async with (
        httpx.AsyncClient(trust_env=False) as client,
        client.stream("GET", url, headers={"Authorization": token}) as answer,
    ):
        assert answer.status_code == 200
        await asyncio.sleep(0.4)
    assert not [message for message in runner.received if isinstance(message, Debug)]


async def test_commands_and_events_travel_between_hubs(
    quick: HubAtWork, settings: Settings, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LOOK_SECONDS", 3600.0)  # Streams go on only when they are told of something.
    async with serve(replace(settings, sweep_seconds=3600.0), clock, first=False) as other:
        for one in (quick, other):
            await one.hub.get(Presence)._look()
        runner, assignment = await begin(quick)
        path = f"/api/executions/{assignment.execution_id}"
        values = [{"command": "set_variable", "name": f"v{number}", "value": "x" * 20_000} for number in range(20)]
        for value in values:
            assert (await other.admin.post(f"{path}/debug", json={"commands": [value]})).status_code == 202
        told: list[str] = []
        while len(told) < len(values):
            for command in (await runner.expect(Debug)).commands:
                assert isinstance(command, SetVariable)
                told.append(command.name)
        assert told == [value["name"] for value in values], "in the order in which they were said"
        assert await quick.fetch("SELECT FROM debug_command") == []
        async with other.admin.stream("GET", f"{path}/stream") as answer:
            lines = answer.aiter_lines()
            while await anext(lines) != "event: state":
                pass
            await runner.report(assignment, DebugPaused(at=1, node="work", reason="step", scope={}), first=3)
            while await anext(lines) != "event: debug.paused":
                pass
