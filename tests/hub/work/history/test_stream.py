"""Live streams: what is stored first, then what comes, then the end."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from at_work import HubAtWork

from exekra.flow.events import ExecutionFinished, ExecutionStarted, Log
from exekra.hub.core.bus import Bus
from exekra.hub.work.history.stream import MISSED, MOST_UNREAD, Watcher
from exekra.hub.work.ledger.broadcast import MOST_PENDING, Broadcast
from exekra.hub.work.ledger.states import State
from exekra.kit.ids import new_id
from exekra.protocol.messages import Assign
from exekra.testing.patience import PATIENCE_SECONDS

STARTED = ExecutionStarted(at=1.0)
FINISHED = ExecutionFinished(at=2.0, state="COMPLETED")


class Stream:
    """Reads server-sent events as they come."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.ended = False
        self.changed = asyncio.Event()

    async def read(self, work: HubAtWork, path: str, headers: dict[str, str] | None = None) -> None:
        async with work.admin.stream("GET", path, headers=headers or {}) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            message: dict[str, Any] = {}
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if line == "" and message:
                    self.messages.append(message)
                    self.changed.set()
                    message = {}
                elif name in {"id", "event"}:
                    message[name] = value
                elif name == "data":
                    message[name] = msgspec.json.decode(value)
        self.ended = True

    async def until(self, count: int) -> list[dict[str, Any]]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.messages) < count:
                self.changed.clear()
                await self.changed.wait()
        return self.messages


async def test_a_stream_tells_the_past_then_the_present_and_ends(work: HubAtWork) -> None:
    await work.publish()
    runner = await work.runner(carry_out=None)
    made = await work.start()
    assignment = await runner.expect(Assign)
    await runner.report(assignment, STARTED, Log(at=1, message="one"))
    await work.until(made["id"], "RUNNING")
    stream = Stream()
    reading = asyncio.create_task(stream.read(work, f"/api/executions/{made['id']}/stream"))
    await stream.until(3)
    assert [message["event"] for message in stream.messages] == ["execution.started", "log", "state"]
    assert stream.messages[2]["data"]["state"] == "RUNNING"
    await runner.report(assignment, Log(at=1, message="two"), first=3)
    await stream.until(4)
    assert (stream.messages[3]["id"], stream.messages[3]["data"]["message"]) == ("3", "two")
    await runner.report(assignment, FINISHED, first=4)
    await asyncio.wait_for(reading, PATIENCE_SECONDS)
    assert [message["event"] for message in stream.messages[4:]] == ["execution.finished", "state"]
    assert stream.messages[-1]["data"]["state"] == "COMPLETED"


async def test_a_broken_stream_goes_on_where_it_ended(work: HubAtWork) -> None:
    await work.publish()
    await work.runner()
    made = await work.start()
    await work.until(made["id"], "COMPLETED")
    path = f"/api/executions/{made['id']}/stream"
    for headers, params, first in (({"Last-Event-ID": "4"}, "", "5"), ({}, "?last_event_id=2", "3")):
        stream = Stream()
        await asyncio.wait_for(stream.read(work, path + params, headers), PATIENCE_SECONDS)
        assert stream.messages[0]["id"] == first
        assert stream.messages[-1]["data"]["state"] == "COMPLETED"


async def test_a_waiting_execution_is_streamed_from_its_first_state(work: HubAtWork) -> None:
    await work.publish()
    made = await work.start()
    stream = Stream()
    reading = asyncio.create_task(stream.read(work, f"/api/executions/{made['id']}/stream"))
    await stream.until(1)
    await work.runner()
    await asyncio.wait_for(reading, PATIENCE_SECONDS)
    assert stream.messages[0]["data"]["state"] == "QUEUED"
    assert stream.messages[-1]["data"]["state"] == "COMPLETED"


async def test_the_states_of_all_executions_are_streamed(work: HubAtWork) -> None:
    await work.publish()
    await work.runner()
    stream = Stream()
    reading = asyncio.create_task(stream.read(work, "/api/executions/stream"))
    await asyncio.sleep(0.2)
    made = await work.start()
    await work.until(made["id"], "COMPLETED")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not stream.messages or stream.messages[-1]["data"]["state"] != "COMPLETED":
            stream.changed.clear()
            await stream.changed.wait()
    assert {message["data"]["id"] for message in stream.messages} == {made["id"]}
    last = stream.messages[-1]["data"]
    shown = await work.get(made["id"])
    assert {name: shown[name] for name in last} == last, "a list changes its row by this alone"
    assert {"workflow_name", "runner_name", "started_at", "finished_at", "seconds"} <= last.keys()
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


class Alone(Bus):
    """A bus without other Hubs."""

    has_listeners = False

    def __init__(self) -> None:
        pass

    def subscribe(self, *_: object) -> None:
        pass


def test_a_slow_watcher_costs_bounded_memory_and_is_told() -> None:
    broadcast = Broadcast(Alone())
    with broadcast.watch_all() as watcher:
        for _ in range(MOST_PENDING + 1):
            broadcast.announce(set(), {new_id(): State.QUEUED})
        states, missed = watcher.take()
        assert (len(states), missed) == (0, True)
        broadcast.announce(set(), {new_id(): State.QUEUED})
        states, missed = watcher.take()
        assert (len(states), missed) == (1, False)


def test_a_reader_of_the_list_that_is_slow_is_told_to_read_it_again() -> None:
    watcher = Watcher()
    for _ in range(MOST_UNREAD):
        watcher.put(b"news")
    assert watcher.take() == b"news" * MOST_UNREAD
    for _ in range(MOST_UNREAD + 1):
        watcher.put(b"news")
    watcher.put(b"more")
    assert watcher.take() == MISSED + b"more"
    assert watcher.take() == b""
