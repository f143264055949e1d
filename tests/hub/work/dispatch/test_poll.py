"""Runners behind proxies that pass no WebSockets: the same messages by polls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import httpx
from at_work import ENTRIES, HubAtWork, eventually
from signed_in import make_client

from exekra.protocol.frames import decode_from_hub, encode
from exekra.protocol.messages import (
    Acknowledge,
    Assign,
    Events,
    Goodbye,
    Hello,
    HubMessage,
    ReportCatalogue,
    RunnerMessage,
    Stop,
    Welcome,
)
from exekra.protocol.versions import PROTOCOL_VERSION
from exekra.testing.simulated_runner import authenticate, complete

HELLO = Hello(protocol=PROTOCOL_VERSION, version="0", platform="p", host="h", catalogue_hash="polled")


async def poll(client: httpx.AsyncClient, *messages: RunnerMessage) -> Sequence[HubMessage]:
    answer = await client.post("/api/runner/poll", content=encode(messages))
    assert answer.status_code == 200, answer.text
    return decode_from_hub(answer.content)


async def test_a_runner_that_polls_does_the_same_work(work: HubAtWork) -> None:
    await work.publish()
    made = await work.register()
    token = await authenticate(work.url, made["machine_key"], made["machine_secret"])
    async with make_client(work.app, token) as client:
        assert list(await poll(client)) != [], "an empty poll is asked for Hello"
        welcome, *_ = await poll(client, HELLO)
        assert isinstance(welcome, Welcome)
        assert welcome.send_catalogue
        await poll(client, ReportCatalogue(catalogue_hash="polled", entries=ENTRIES))
        execution = await work.start()
        await work.until(execution["id"], "ASSIGNED")
        (assignment,) = await poll(client)
        assert isinstance(assignment, Assign)
        events = Events(
            execution_id=assignment.execution_id, lease=assignment.lease, first=1, events=tuple(complete(assignment))
        )
        (acknowledged,) = await poll(client, events)
        assert isinstance(acknowledged, Acknowledge)
        assert (await work.get(execution["id"]))["state"] == "COMPLETED"
        second = await work.start()
        await work.until(second["id"], "ASSIGNED")
        await poll(client)
        await work.admin.post(f"/api/executions/{second['id']}/stop")
        assert [type(message) for message in await poll(client)] == [Stop]


async def test_a_poll_without_hello_is_asked_for_it(work: HubAtWork) -> None:
    made = await work.register()
    token = await authenticate(work.url, made["machine_key"], made["machine_secret"])
    async with make_client(work.app, token) as client:
        first = Events(execution_id="x", lease=1, first=1, events=())
        (goodbye,) = await poll(client, first)
        assert isinstance(goodbye, Goodbye)
        assert goodbye.retry_seconds == 0
        assert isinstance((await poll(client, HELLO))[0], Welcome)
        nonsense = await client.post("/api/runner/poll", content=b"nonsense")
        assert nonsense.status_code == 422


async def test_a_runner_that_polls_no_more_is_offline(work: HubAtWork) -> None:
    made = await work.register()
    token = await authenticate(work.url, made["machine_key"], made["machine_secret"])
    async with make_client(work.app, token) as client:
        await poll(client, HELLO)

    async def state() -> str:
        found: str = (await work.admin.get(f"/api/runners/{made['id']}")).json()["state"]
        return found

    async def is_offline() -> bool:
        return await state() == "OFFLINE"

    assert await state() == "ONLINE"
    work.clock.ahead += timedelta(seconds=21)
    await work.dispatch.sweep.look()
    work.clock.ahead += timedelta(seconds=11)
    await eventually(is_offline, "it does not poll any more")
