"""Debugging through a real Hub and a real Runner: pause, change, go on, and what happens when somebody goes away."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from exekra.testing.patience import PATIENCE_SECONDS

from .hub_and_runner import HubAndRunner, row

SUM: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Sum",
    "inputs": {"numbers": {"type": "list"}},
    "variables": {"total": {"type": "number", "default": 0}},
    "outputs": {"total": {"type": "number"}},
    "nodes": {
        "each": {"do": "for_each", "with": {"items": "{numbers}", "item": "number"}},
        "add": {"do": "set_variable", "with": {"variable": "total", "value": "{total + number}"}},
    },
    "edges": ["start -> each", "each.body -> add"],
}


class Watching:
    """What a browser does: reads an execution's stream, and comes back where it broke off."""

    def __init__(self, both: HubAndRunner, id: str) -> None:
        self._both = both
        self._id = id
        self._last = "0"
        self._looked_at = 0
        self._changed = asyncio.Condition()
        self.messages: list[tuple[str, dict[str, Any]]] = []

    async def read(self) -> None:
        """Read until the execution has ended."""
        while not (self.messages and self.messages[-1][1].get("state") in {"COMPLETED", "FAILED", "STOPPED"}):
            with contextlib.suppress(httpx.TransportError):
                await self._read_once()
            await asyncio.sleep(0.1)

    async def _read_once(self) -> None:
        headers = {"Last-Event-ID": self._last}
        path = f"/api/executions/{self._id}/stream"
        async with self._both.client.stream("GET", path, headers=headers) as answer:
            kind = ""
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "id":
                    self._last = value
                elif name == "event":
                    kind = value
                elif name == "data":
                    async with self._changed:
                        self.messages.append((kind, json.loads(value)))
                        self._changed.notify_all()

    async def next(self, kind: str, seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """The next event of that kind."""
        async with asyncio.timeout(seconds), self._changed:
            while True:
                while self._looked_at < len(self.messages):
                    found, data = self.messages[self._looked_at]
                    self._looked_at += 1
                    if found == kind:
                        return data
                await self._changed.wait()


@asynccontextmanager
async def watching(both: HubAndRunner, id: str) -> AsyncIterator[Watching]:
    watcher = Watching(both, id)
    reading = asyncio.create_task(watcher.read())
    try:
        yield watcher
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def debug(both: HubAndRunner, workflow: str, more: dict[str, Any] | None = None, **options: Any) -> str:
    """Start a debug session; its execution."""
    return await both.request(workflow, interactive=True, debug=options, **(more or {}))


async def command(both: HubAndRunner, id: str, *commands: dict[str, Any]) -> None:
    answer = await both.client.post(f"/api/executions/{id}/debug", json={"commands": commands})
    assert answer.status_code == 202, answer.text


async def test_a_conditional_breakpoint_in_a_loop_and_a_changed_variable(shared: HubAndRunner) -> None:
    workflow = await shared.publish(SUM)
    inputs = {"inputs": {"numbers": list(range(1, 1001))}}
    id = await debug(shared, workflow, inputs, breakpoints=[{"node": "add", "condition": "number == 500"}])
    async with watching(shared, id) as watcher:
        paused = await watcher.next("debug.paused")
        assert (paused["node"], paused["reason"]) == ("add", "breakpoint")
        assert (paused["scope"]["number"], paused["scope"]["total"]) == (500, sum(range(500)))
        await command(
            shared,
            id,
            {"command": "evaluate", "id": "w1", "expression": "number * 2"},
            {"command": "set_variable", "name": "total", "value": 0},
        )
        assert (await watcher.next("debug.evaluated"))["value"] == 1000
        assert (await watcher.next("variable.changed"))["name"] == "total"
        await command(shared, id, {"command": "resume"})
        ended = await shared.until_state(id)
    assert ended["state"] == "COMPLETED", ended["failure"]
    assert ended["outputs"] == {"total": sum(range(500, 1001))}
    assert sum(kind == "debug.paused" for kind, _ in watcher.messages) == 1
    entries = (await shared.get("/api/audit?limit=10"))["items"]
    assert {"execution.debug", "execution.set-variable"} <= {entry["action"] for entry in entries}


async def test_a_session_that_nobody_watches_ends_by_itself(database_url: str, tmp_path: Path) -> None:
    impatient = {"debug_alive_seconds": "0.2", "debug_gone_seconds": "1.5"}
    async with HubAndRunner.connected(database_url, tmp_path, **impatient) as both:
        id = await debug(both, await both.publish(SUM), {"inputs": {"numbers": [1]}}, pause_at_start=True)
        async with watching(both, id) as watcher:
            await watcher.next("debug.paused")
            await asyncio.sleep(3)
            assert (await both.get(f"/api/executions/{id}"))["state"] == "RUNNING", "somebody watches it"
        ended = await both.until_state(id)
        assert ended["state"] == "STOPPED"
        assert ended["failure"]["type"] == "DebuggerGoneError"
        assert "Nobody watched" in ended["failure"]["message"]


async def test_a_paused_execution_is_stopped(shared: HubAndRunner) -> None:
    workflow = await shared.publish(SUM | {"name": "Sum that is stopped"})
    id = await debug(shared, workflow, {"inputs": {"numbers": [1, 2]}}, pause_at_start=True)
    async with watching(shared, id) as watcher:
        await watcher.next("debug.paused")
        await shared.post(f"/api/executions/{id}/stop", {})
        assert (await shared.until_state(id))["state"] == "STOPPED"
    refused = await shared.client.post(f"/api/executions/{id}/debug", json={"commands": [{"command": "resume"}]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "already-ended")


async def test_a_failed_execution_goes_on_in_a_corrected_version(shared: HubAndRunner, tmp_path: Path) -> None:
    file = tmp_path / "done"
    wrong = row(
        "Repair",
        ("count", "set_variable", {"variable": "total", "value": "{total + 41}"}),
        ("note", "bad.note", {"file": str(file)}),
        ("boom", "set_variable", {"variable": "total", "value": "{total / 0}"}),
        variables={"total": {"type": "number", "default": 0}},
        outputs={"total": {"type": "number"}},
    )
    workflow = await shared.publish(wrong)
    failed = await shared.until_state(await shared.request(workflow))
    assert (failed["state"], failed["restartable_from"]) == ("FAILED", "boom")
    scope = await shared.get(f"/api/executions/{failed['id']}/scope?node=boom")
    assert (scope["exact"], scope["taken_after"], scope["scope"]["total"]) == (True, "note", 41)
    right = json.loads(json.dumps(wrong).replace("total / 0", "total + 1"))
    await shared.post(f"/api/workflows/{workflow}/versions", {"document": right, "based_on": 1})
    again = await shared.post(f"/api/executions/{failed['id']}/again", {"from_failed": True, "version": 2})
    ended = await shared.until_state(again["id"])
    assert (ended["state"], ended["outputs"]) == ("COMPLETED", {"total": 42})
    assert ended["started_from"] == {"node": "boom", "execution_id": failed["id"]}
    assert file.read_text().split() == [failed["id"]], "what was done is not done again"


async def test_a_hub_that_is_killed_while_an_execution_is_paused_comes_back_to_it(both: HubAndRunner) -> None:
    id = await debug(both, await both.publish(SUM), {"inputs": {"numbers": [1, 2, 3]}}, pause_at_start=True)
    async with watching(both, id) as watcher:
        await watcher.next("debug.paused")
        await both.end(both.hub, signal.SIGKILL)
        await asyncio.sleep(3)
        await both.start_hub()
        await both.until_online_again()
        await command(both, id, {"command": "step_into"})
        assert (await watcher.next("debug.paused"))["reason"] == "step"
        await command(both, id, {"command": "resume"})
        ended = await both.until_state(id)
    assert (ended["state"], ended["outputs"]) == ("COMPLETED", {"total": 6})


async def test_a_runner_that_polls_obeys(both: HubAndRunner) -> None:
    await both.end(both.runner)
    await both.start_runner(poll_only="true")
    await both.until_online_again()
    id = await debug(both, await both.publish(SUM), {"inputs": {"numbers": [1, 2, 3]}}, pause_at_start=True)
    async with watching(both, id) as watcher:
        await watcher.next("debug.paused")
        await command(both, id, {"command": "step_into"})
        assert (await watcher.next("debug.paused"))["node"] == "add"
        await command(both, id, {"command": "resume"})
        assert (await both.until_state(id))["outputs"] == {"total": 6}


async def test_one_node_runs_alone_with_values_of_an_earlier_execution(shared: HubAndRunner) -> None:
    workflow = await shared.publish(SUM | {"name": "Sum of one node"})
    first = await shared.until_state(await shared.request(workflow, inputs={"numbers": [1, 2, 3]}))
    start_at = {"node": "add", "scope": {"total": 10, "number": 5}, "only": True}
    id = await shared.request(workflow, inputs={"numbers": []}, start_at=start_at, interactive=True)
    assert (await shared.until_state(id))["state"] == "COMPLETED"
    visits = (await shared.get(f"/api/executions/{id}/visits?node=add"))["items"]
    assert [visit["preview"] for visit in visits] == [15]
    whole = {"node": "each", "execution_id": first["id"]}
    again = await shared.until_state(await shared.request(workflow, inputs={"numbers": [9]}, start_at=whole))
    assert (again["state"], again["outputs"]) == ("COMPLETED", {"total": 6})
