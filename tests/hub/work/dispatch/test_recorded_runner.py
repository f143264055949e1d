"""A Runner of protocol 1, as it was recorded, against the Hub of today."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from at_work import HubAtWork, eventually
from tests.recorded.frames import STORIES, refused_by_version_1, story
from websockets.asyncio.client import ClientConnection, connect

from exekra.testing.patience import PATIENCE_SECONDS
from exekra.testing.simulated_runner import authenticate

INVENTED = "0198c0de-0000-7000-8000-000000000000"
"""The recorder itself assigned this execution, so that the Runner declines it."""
Messages = list[dict[str, Any]]


class RecordedRunner:
    """Says what was recorded, with the ids and leases of today's executions in place of the recorded ones."""

    def __init__(self, work: HubAtWork, registered: dict[str, Any], token: str) -> None:
        self.registered = registered
        self.live: dict[str, tuple[str, int]] = {}
        self.received: Messages = []
        self.refused: list[str] = []
        self._work = work
        self._headers = {"Authorization": f"Bearer {token}"}
        self._socket: ClientConnection | None = None
        self._polls = httpx.AsyncClient(base_url=work.url, headers=self._headers, trust_env=False)
        self._connection = -1

    async def say(self, frame: dict[str, Any]) -> None:
        text = json.dumps(frame["messages"])
        for recorded, (live, lease) in self.live.items():
            text = text.replace(f'"{recorded}", "lease": 1', f'"{live}", "lease": {lease}')
        if frame["by"] == "poll":
            self._hear((await self._polls.post("/api/runner/poll", content=text)).content)
            return
        if frame["connection"] != self._connection:
            await self._reconnect()
            self._connection = frame["connection"]
        assert self._socket is not None
        await self._socket.send(text)

    async def expect(self, type: str, id: str, least: int) -> dict[str, Any]:
        """Wait for the next message of that type, about that execution (as recorded).

        Answers to several frames may come as one: an acknowledgement with at least that sequence, and a refusal, are
        found again.
        """
        live = self.live.get(id, (id, 1))[0]
        while True:
            for message in self.received:
                about = message.get("execution_id", "")
                fits = message["type"] == type and message.get("sequence", 0) >= least
                if fits and (about == live or (type == "assign" and id not in self.live)):
                    if type not in {"acknowledge", "refused"}:
                        self.received.remove(message)
                    return message
            async with asyncio.timeout(PATIENCE_SECONDS):
                if self._socket is None:
                    await asyncio.sleep(0.02)
                    self._hear((await self._polls.post("/api/runner/poll", content="[]")).content)
                else:
                    self._hear(await self._socket.recv(decode=False))

    async def close(self) -> None:
        await self._polls.aclose()
        if self._socket is not None:
            await self._socket.close()

    async def _reconnect(self) -> None:
        if self._socket is not None:
            count = len(self._work.dispatch.connections)
            self._socket.transport.abort()

            async def noticed() -> bool:
                return len(self._work.dispatch.connections) < count

            await eventually(noticed, "the Hub does not notice that the Runner is gone")
        url = self._work.url.replace("http", "ws", 1) + "/api/runner/connect"
        self._socket = await connect(url, additional_headers=self._headers, proxy=None)

    def _hear(self, frame: bytes) -> None:
        self.refused += refused_by_version_1(frame, "HubMessage")
        self.received += json.loads(frame)


async def bring_about(work: HubAtWork, runner: RecordedRunner, message: dict[str, Any]) -> None:
    """Do what made the Hub of old send this message."""
    live = runner.live.get(message.get("execution_id", ""), ("", 0))[0]
    match message["type"]:
        case "assign":
            for document in message.get("documents", {}).values():
                await work.publish(document)
            more: dict[str, Any] = {"inputs": message.get("inputs", {})}
            if "debug" in message:
                more |= {"interactive": True, "debug": {"pause_at_start": message["debug"]["pause_at_start"]}}
            await work.start(message["workflow"], **more)
        case "stop":
            await work.admin.post(f"/api/executions/{live}/stop")
        case "debug":
            body = {"commands": message["commands"]}
            assert (await work.admin.post(f"/api/executions/{live}/debug", json=body)).is_success
        case "refused" if live:
            async with work.hub.database.transaction() as connection:
                await connection.execute("UPDATE execution SET state = 'FAILED', lease = 2, finished_at = now()")
                await connection.execute("UPDATE runner SET execution_id = NULL")
        case "goodbye":
            assert (await work.admin.delete(f"/api/runners/{runner.registered['id']}")).is_success


@pytest.mark.parametrize("name", STORIES)
async def test_a_runner_of_protocol_1_works_as_it_always_did(work: HubAtWork, name: str) -> None:
    registered = await work.register()
    token = await authenticate(work.url, registered["machine_key"], registered["machine_secret"])
    runner = RecordedRunner(work, registered, token)
    ended: dict[str, str] = {}
    over = False
    for frame in story(name):
        if frame["from"] == "runner":
            await runner.say(frame)
            for message in frame["messages"]:
                if message["type"] == "events" and not over:
                    ended.update((message["execution_id"], one["state"]) for one in message["events"] if "state" in one)
            continue
        for message in frame["messages"]:
            id = message.get("execution_id", "")
            if id == INVENTED and message["type"] == "assign":
                continue
            if not (over and message["type"] == "refused"):
                await bring_about(work, runner, message)
            over = over or (message["type"] == "refused" and id in runner.live)
            heard = await runner.expect(message["type"], id, message.get("sequence", 0))
            if message["type"] == "assign":
                runner.live[id] = (heard["execution_id"], heard["lease"])
                assert heard["workflow"] == message["workflow"]
                assert heard.get("debug") == message.get("debug")
    await runner.close()
    assert runner.refused == [], "the Runner of protocol 1 would refuse this"
    assert {id: (await work.get(runner.live[id][0]))["state"] for id in ended} == ended
    assert ended or over
