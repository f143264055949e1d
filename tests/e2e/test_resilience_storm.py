"""A whole platform at work while its parts are killed: nothing is lost, nothing runs twice, nobody sees a traceback.

Every execution leaves a line in a file of its own, and a known number of lines in its log.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from exekra.flow.events import AnyEvent
from exekra.protocol.messages import Assign
from exekra.testing.patience import PATIENCE_SECONDS
from exekra.testing.simulated_runner import SimulatedRunner, authenticate, complete

from .platform import Platform

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")

MORE_RUNNERS = 3
FLEET = 20
LINES = 10
Disaster = Callable[[Platform], None]
LIGHT: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Light",
    "nodes": {"work": {"do": "set_variable", "with": {"variable": "total", "value": 1}}},
    "variables": {"total": {"type": "number", "default": 0}},
    "edges": ["start -> work"],
}
STORM: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Storm",
    "inputs": {"key": {"type": "text"}, "folder": {"type": "text"}},
    "nodes": {
        "leave": {"do": "file.append_text", "with": {"path": "{folder}/{key}", "text": "done"}},
        "each": {"do": "for_each", "with": {"items": f"{{range({LINES})}}", "item": "number"}},
        "say": {"do": "general.log", "with": {"message": "{key} {number}"}},
        "pause": {"do": "general.wait", "with": {"duration": 0.01}},
    },
    "edges": ["start -> leave -> each", "each.body -> say -> pause"],
}


class Load:
    """People who ask for executions and read lists, all the time, whatever answers come.

    Args:
        client: Who asks.
        body: Makes the body of the next request.
        askers: How many ask at once.
        pause: Seconds between two requests of one of them.

    Attributes:
        accepted: What was answered with 201: by the execution's id, the request.
        statuses: How often each answer came; 0 stands for none, because the Hub was away.
        unexpected: Answers that nobody should get.
    """

    def __init__(self, client: httpx.AsyncClient, body: Callable[[], Any], *, askers: int, pause: float) -> None:
        self.client = client
        self.body = body
        self.askers = askers
        self.pause = pause
        self.accepted: dict[str, Any] = {}
        self.statuses: Counter[int] = Counter()
        self.unexpected: list[str] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self._ask()) for _ in range(self.askers)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(how, asyncio.CancelledError) for how in ended), ended

    async def _ask(self) -> None:
        while True:
            body = self.body()
            made = await self._send("POST", "/api/executions", json=body)
            if made is not None:
                self.accepted[made["id"]] = body
            await self._send("GET", "/api/executions", params={"limit": 5})
            await asyncio.sleep(self.pause)

    async def _send(self, method: str, path: str, **more: Any) -> Any:
        try:
            answer = await self.client.request(method, path, **more)
        except httpx.TransportError:
            self.statuses[0] += 1
            await asyncio.sleep(0.2)
            return None
        self.statuses[answer.status_code] += 1
        if answer.is_success:
            return answer.json()
        if answer.status_code != 503 or answer.json()["error"]["code"] != "database-unavailable":
            self.unexpected.append(answer.text)
        return None

    async def through(self, platform: Platform, disasters: Sequence[Disaster], *, between: int) -> None:
        """Cause one disaster after the other, each when so many more requests than before were accepted."""
        for disaster in (*disasters, None):
            before = len(self.accepted)

            async def enough(before: int = before) -> bool:
                return len(self.accepted) >= before + between

            await until(enough, f"nothing goes on before {disaster}: {self.statuses}")
            if disaster is not None:
                disaster(platform)

    async def all_ended(self) -> bool:
        answer = await self.client.get("/api/executions", params={"state": ["QUEUED", "ASSIGNED", "RUNNING"]})
        return answer.json().get("items") == []


@asynccontextmanager
async def more_runners(platform: Platform, client: httpx.AsyncClient, folder: Path) -> AsyncIterator[list[Path]]:
    """Runners beside the platform's own, which outlast it; what they say is in these files."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EXEKRA_")}
    processes, logs = [], []
    for number in range(MORE_RUNNERS):
        registered = (await client.post("/api/runners", json={"name": f"Runner {number}"})).json()
        logs.append(folder / f"runner-{number}.log")
        with logs[-1].open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "exekra.cli.main", "runner"),
                env=clean
                | {
                    "EXEKRA_HUB_URL": platform.url,
                    "EXEKRA_RUNNER_HOME": str(folder / f"runner-{number}"),
                    "EXEKRA_MACHINE_KEY": registered["machine_key"],
                    "EXEKRA_MACHINE_SECRET": registered["machine_secret"],
                },
                stdout=log,
                stderr=log,
            )
        processes.append(process)
    try:
        yield logs
    finally:
        for process in processes:
            process.terminate()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.gather(*(process.wait() for process in processes))


async def until(condition: Callable[[], Any], message: str, *, seconds: float = PATIENCE_SECONDS) -> None:
    limit = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < limit, message
        await asyncio.sleep(0.05)


async def all_of(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    """Every page of a list."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await client.get(path, params={"limit": "200"} | cursor)).json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


def postmaster(platform: Platform) -> psutil.Process:
    return platform.child("-D")


def kill_hub(platform: Platform) -> None:
    platform.child("hub").kill()


def kill_postgresql(platform: Platform) -> None:
    postmaster(platform).kill()


def stop_postgresql(platform: Platform) -> None:
    """A fast shutdown: what an administrator or an update does."""
    postmaster(platform).send_signal(signal.SIGINT)


def kill_both(platform: Platform) -> None:
    for process in (postmaster(platform), platform.child("hub")):
        process.kill()


async def test_a_storm_loses_nothing_and_runs_nothing_twice(platform: Platform, tmp_path: Path) -> None:
    await platform.start()
    files = tmp_path / "files"
    files.mkdir()
    keys = (f"key-{number}" for number in itertools.count(1))
    async with platform.listening(), platform.client() as client, more_runners(platform, client, tmp_path) as logs:
        await publish(client, STORM)
        load = Load(
            client,
            lambda: {"workflow": "Storm", "inputs": {"key": next(keys), "folder": str(files)}},
            askers=4,
            pause=0.2,
        )
        async with load.running():
            await load.through(platform, (kill_hub, kill_postgresql, stop_postgresql, kill_both), between=15)
        assert load.unexpected == []
        await until(load.all_ended, "not all were carried out")
        executions = await all_of(client, "/api/executions")
        assert {one["state"] for one in executions} == {"COMPLETED"}
        assert load.accepted.keys() <= {one["id"] for one in executions}, "what was accepted is there"
        carried_out = []
        for id in [one["id"] for one in executions]:
            key = (await client.get(f"/api/executions/{id}")).json()["inputs"]["key"]
            carried_out.append(key)
            lines = await all_of(client, f"/api/executions/{id}/logs")
            assert [line["message"] for line in lines] == [f"{key} {number}" for number in range(LINES)]
            events = await all_of(client, f"/api/executions/{id}/events")
            assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
            kinds = Counter(event["kind"] for event in events)
            assert kinds["execution.started"] == kinds["execution.finished"] == 1
        assert sorted(carried_out) == sorted(file.name for file in files.iterdir())
        assert {file.read_text() for file in files.iterdir()} == {"done\n"}, "none ran twice"
        assert len({one["runner_id"] for one in executions}) == MORE_RUNNERS + 1, "all Runners took part"
        states = {runner["state"] for runner in (await client.get("/api/runners")).json()["items"]}
        assert states == {"ONLINE"}
    for said in (platform.text, *(log.read_text() for log in logs)):
        assert "Traceback" not in said


async def test_a_database_killed_under_heavy_load(platform: Platform) -> None:
    """Hundreds of executions a second, so that every kind of transaction is cut in the middle, its commit too."""
    platform.words = ("--no-runner",)
    begun: Counter[str] = Counter()

    def carry_out(assignment: Assign) -> Sequence[AnyEvent]:
        begun[assignment.execution_id] += 1
        return complete(assignment)

    await platform.start()
    async with platform.listening(), platform.client() as client, AsyncExitStack() as fleet:
        await publish(client, LIGHT)
        for number in range(FLEET):
            one = (await client.post("/api/runners", json={"name": f"Runner {number}"})).json()
            token = await authenticate(platform.url, one["machine_key"], one["machine_secret"])
            runner = SimulatedRunner(hub_url=platform.url, token=token, carry_out=carry_out, heard=lambda _: None)
            await fleet.enter_async_context(runner)
        load = Load(client, lambda: {"workflow": "Light"}, askers=16, pause=0)
        async with load.running():
            await load.through(platform, (kill_postgresql, stop_postgresql), between=200)
        assert load.unexpected == []
        await until(load.all_ended, "not all were carried out")
        executions = await all_of(client, "/api/executions")
    assert {one["state"] for one in executions} == {"COMPLETED"}
    assert load.accepted.keys() <= {one["id"] for one in executions} == begun.keys()
    assert set(begun.values()) == {1}, "none ran twice"
    assert "Traceback" not in platform.text


async def publish(client: httpx.AsyncClient, document: dict[str, Any]) -> None:
    made = await client.post("/api/workflows", json={"name": document["name"], "document": document})
    published = await client.post(f"/api/workflows/{made.json()['workflow']['id']}/publish", json={})
    assert published.status_code == 200, published.text
