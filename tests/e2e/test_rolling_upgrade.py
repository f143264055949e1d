"""The Hub and its Runners are replaced one after the other, while executions are requested and run: none is lost.

Two Runners are of this version. A third speaks protocol 1, as before its own upgrade.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import WebSocketException

from exekra.protocol.messages import Assign
from exekra.testing.patience import PATIENCE_SECONDS
from exekra.testing.simulated_runner import SimulatedRunner, authenticate, complete, entry

from .hub_and_runner import HubAndRunner, row

ACTIVITIES = ("asking.ask", "asking.ask_in_thread", "bad.note")


def noting(file: Path) -> dict[str, Any]:
    """A workflow that asks the Hub, and notes that it ran."""
    return row(
        "Note",
        ("ask", "asking.ask", {"topic": "hub.time"}),
        ("ask_again", "asking.ask_in_thread", {"topic": "hub.time"}),
        ("note", "bad.note", {"file": str(file), "seconds": 0.05}),
    )


class Load:
    """Requests executions, one after the other, whatever the Hub does; `accepted` are those that it confirmed."""

    def __init__(self, both: HubAndRunner) -> None:
        self.accepted: list[str] = []
        self._both = both
        self._more = asyncio.Condition()
        self._requesting = asyncio.create_task(self._request())

    async def grow(self, count: int) -> None:
        """Wait until so many more were accepted."""
        wanted = len(self.accepted) + count
        async with asyncio.timeout(PATIENCE_SECONDS), self._more:
            await self._more.wait_for(lambda: len(self.accepted) >= wanted)

    async def end(self) -> None:
        self._requesting.cancel()
        await asyncio.gather(self._requesting, return_exceptions=True)

    async def _request(self) -> None:
        while True:
            try:
                answer = await self._both.client.post("/api/executions", json={"workflow": "Note"})
            except httpx.TransportError:
                await asyncio.sleep(0.05)
                continue
            if answer.is_success:
                async with self._more:
                    self.accepted.append(answer.json()["id"])
                    self._more.notify_all()
            else:
                assert answer.status_code in {429, 502, 503}, answer.text
            await asyncio.sleep(0.1)


class OldRunner:
    """A Runner of protocol 1 that connects again whenever its connection is lost."""

    def __init__(self, both: HubAndRunner, registered: dict[str, Any]) -> None:
        self.carried_out: Counter[str] = Counter()
        self.unknown: list[Any] = []
        self._both = both
        self._registered = registered
        self._working = asyncio.create_task(self._work())

    async def end(self) -> None:
        self._working.cancel()
        await asyncio.gather(self._working, return_exceptions=True)

    async def _work(self) -> None:
        url = str(self._both.client.base_url).rstrip("/")
        keys = self._registered["machine_key"], self._registered["machine_secret"]
        while True:
            with contextlib.suppress(httpx.HTTPError, WebSocketException, OSError, TimeoutError):
                runner = SimulatedRunner(
                    hub_url=url,
                    token=await authenticate(url, *keys),
                    entries=[entry(id) for id in ACTIVITIES],
                    carry_out=self._carry_out,
                    newest=1,
                    capabilities=(),
                )
                async with runner:
                    while not runner.closed:
                        await runner.heartbeat()
                        await asyncio.sleep(0.2)
            await asyncio.sleep(0.1)

    def _carry_out(self, assignment: Assign) -> Any:
        self.carried_out[assignment.execution_id] += 1
        return complete(assignment)


@pytest.mark.parametrize("first", ["hub", "runners"])
async def test_hub_and_runners_are_upgraded_under_load_and_nothing_is_lost(
    database_url: str, tmp_path: Path, first: str
) -> None:
    both = HubAndRunner(database_url, tmp_path)
    noted = tmp_path / "noted"
    try:
        await both.start_hub()
        await both.sign_in()
        registered = [await both.post("/api/runners", {"name": name}) for name in ("One", "Two", "Old")]
        old = OldRunner(both, registered[2])
        runners = [await start(both, tmp_path, one) for one in registered[:2]]
        await until_online(both, registered)
        await both.publish(noting(noted))
        load = Load(both)
        await load.grow(5)

        async def replace_hub() -> None:
            await both.end(both.hub)
            await both.start_hub()
            await load.grow(5)

        async def replace_runners() -> None:
            for place, one in enumerate(registered[:2]):
                assert await both.end(runners[place]) == 0
                runners[place] = await start(both, tmp_path, one)
                await load.grow(5)

        async def both_kinds_have_worked() -> bool:
            return noted.exists() and bool(old.carried_out)

        steps = [replace_hub, replace_runners] if first == "hub" else [replace_runners, replace_hub]
        for step in steps:
            await step()
        await both.until(both_kinds_have_worked)
        await load.end()
        states = {id: (await both.until_state(id))["state"] for id in load.accepted}
        await old.end()
        for runner in runners:
            await both.end(runner)
    except BaseException:
        print(both.log)
        raise
    finally:
        await both.close()
    assert Counter(states.values()) == {"COMPLETED": len(load.accepted)}
    ran = Counter(noted.read_text().split()) + old.carried_out
    assert {id: ran[id] for id in load.accepted} == dict.fromkeys(load.accepted, 1), "lost, or carried out twice"
    assert old.carried_out
    assert noted.read_text()


async def start(both: HubAndRunner, folder: Path, registered: dict[str, Any]) -> asyncio.subprocess.Process:
    await both.start_runner(
        runner_home=str(folder / registered["name"]),
        machine_key=registered["machine_key"],
        machine_secret=registered["machine_secret"],
        shutdown_seconds="30",
    )
    return both.runner


async def until_online(both: HubAndRunner, registered: list[dict[str, Any]]) -> None:
    async def online() -> bool:
        states = [(await both.get(f"/api/runners/{one['id']}"))["state"] for one in registered]
        return states == ["ONLINE"] * len(registered)

    await both.until(online)
