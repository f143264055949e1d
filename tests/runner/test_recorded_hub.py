"""The Runner of today against a Hub of protocol 1, as it was recorded."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from hub_double import HubDouble, Stored
from runner_process import RunnerProcess
from tests.recorded.frames import messages, refused_by_version_1

from exekra.protocol.frames import decode_from_hub
from exekra.protocol.messages import Assign, Debug, Goodbye, Hello, HubMessage, Stop, Welcome


class RecordedHub(HubDouble):
    """Refuses what protocol 1 refused, and greets as it did."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []

    def _receive(self, frame: bytes | str) -> list[HubMessage]:
        if self.refused:
            return [Goodbye(reason="A frame from the Runner cannot be read.")]
        self.refused += refused_by_version_1(frame, "RunnerMessage")
        return super()._receive(frame)

    def _answers(self, message: Any) -> list[HubMessage]:
        answers = super()._answers(message)
        if not isinstance(message, Hello):
            return answers
        if message.protocol != 1:
            return [Goodbye(reason=f"The Hub speaks version 1 of the protocol, the Runner {message.protocol}.")]
        (recorded,) = decode_from_hub(json.dumps([next(self._said("carried-out", "welcome"))]))
        assert isinstance(recorded, Welcome)
        return [recorded, *answers[1:]]

    @staticmethod
    def _said(name: str, *types: str) -> Iterator[dict[str, Any]]:
        return (message for message in messages(name, "hub") if message["type"] in types)

    async def replay(self, name: str) -> dict[str, str]:
        """Give the orders of a story, one execution after the other; how each ended."""
        for message in self._said(name, "assign", "stop", "debug"):
            (order,) = decode_from_hub(json.dumps([message]))
            if isinstance(order, Assign):
                await self.until(lambda: all(stored.finished for stored in self.executions.values()))
                self.documents |= order.documents
                self.executions[order.execution_id] = Stored(lease=order.lease)
            else:
                assert isinstance(order, Stop | Debug)
                await self.until(self.executions[order.execution_id].events.__len__)
            await self.send(order)
        await self.until(lambda: all(stored.finished for stored in self.executions.values()))
        return {id: stored.finished.state for id, stored in self.executions.items() if stored.finished}


def ends(name: str) -> dict[str, str]:
    """How the executions of a story ended, as its Runner said."""
    return {
        message["execution_id"]: event["state"]
        for message in messages(name, "runner")
        if message["type"] == "events"
        for event in message["events"]
        if event["event"] == "execution.finished"
    }


@pytest.fixture
async def hub() -> AsyncIterator[RecordedHub]:
    recorded = RecordedHub()
    await recorded.start()
    yield recorded
    await recorded.stop()


@pytest.mark.parametrize("name", ["carried-out", "documents", "polled"])
async def test_a_hub_of_protocol_1_gets_what_it_always_got(
    hub: RecordedHub, start_runner: Callable[..., Awaitable[RunnerProcess]], name: str
) -> None:
    hub.websockets = name != "polled"
    runner = await start_runner()
    await hub.until(lambda: hub.catalogue and hub.heartbeats)
    ended = await hub.replay(name)
    assert hub.refused == [], "the Hub of protocol 1 would refuse this"
    assert ended == ends(name)
    assert runner.process.returncode is None
