"""A person's debugger, from the Hub to the execution's process."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import pytest
from hub_double import HubDouble, Stored, flow
from runner_process import RunnerProcess, StartRunner

from exekra.flow.debugging import (
    AnyDebugCommand,
    Breakpoint,
    DebugOptions,
    Evaluate,
    Resume,
    SetBreakpoints,
    SetVariable,
    StartAt,
)
from exekra.flow.events import Checkpoint, DebugEvaluated, DebugPaused
from exekra.protocol.messages import Debug
from exekra.runner.link import connection as link
from exekra.runner.link.connection import PollingLink
from exekra.testing.patience import PATIENCE_SECONDS

COUNTING: dict[str, Any] = {
    **flow(*((id, "set_variable", {"variable": "total", "value": "{total + 1}"}) for id in ("a", "b", "c"))),
    "variables": {"total": {"type": "number", "default": 0}},
    "outputs": {"total": {"type": "number"}},
}


async def say(hub: HubDouble, id: str, *commands: AnyDebugCommand, lease: int = 1) -> None:
    await hub.send(Debug(execution_id=id, lease=lease, commands=commands))


def of(stored: Stored, kind: type) -> list[Any]:
    return [event for event in stored.events if isinstance(event, kind)]


async def test_commands_reach_the_execution_in_order_from_its_beginning(hub: HubDouble, runner: RunnerProcess) -> None:
    # The document is missing at first: what is said meanwhile is kept.
    stored = await hub.assign("e-1", COUNTING, known=True, debug=DebugOptions(), checkpoint_each=True)
    await say(hub, "e-1", SetBreakpoints(breakpoints=(Breakpoint(node="b"),)))
    await hub.until(lambda: of(stored, DebugPaused))
    assert of(stored, DebugPaused)[0].node == "b"
    assert [event.node for event in of(stored, Checkpoint)] == ["a"]
    await say(hub, "e-1", Resume(), lease=7)  # That lease was never given.
    await say(hub, "e-1", SetVariable(name="total", value=40), Evaluate(id="x", expression="total + 2"))
    await hub.until(lambda: of(stored, DebugEvaluated))
    assert of(stored, DebugEvaluated)[0].value == 42
    assert stored.finished is None
    await say(hub, "e-1", Resume())
    await hub.until(lambda: stored.finished)
    assert stored.finished is not None
    assert stored.finished.outputs == {"total": 42}
    await say(hub, "e-1", Resume())  # It is over: nobody minds.
    assert (await hub.run("e-2", COUNTING)).finished is not None
    assert runner.process.returncode is None


async def test_an_execution_begins_in_the_middle(hub: HubDouble, runner: RunnerProcess) -> None:
    stored = await hub.run("e-1", COUNTING, start_at=StartAt(node="c", scope={"total": 10}))
    assert stored.finished is not None
    assert stored.finished.outputs == {"total": 11}


async def test_a_hub_that_is_away_for_a_while_does_not_end_the_session(
    hub: HubDouble, start_runner: StartRunner
) -> None:
    await start_runner()
    await hub.until(lambda: hub.heartbeats)
    options = DebugOptions(pause_at_start=True, alive_seconds=2.5)
    stored = await hub.assign("e-1", COUNTING, debug=options)
    await hub.until(lambda: of(stored, DebugPaused))
    began = time.monotonic()
    await asyncio.sleep(1.5)
    await hub.stop()
    await hub.start()
    await hub.until(lambda: len(hub.hellos) == 2)
    await asyncio.sleep(max(0.0, began + 2.8 - time.monotonic()))
    assert stored.finished is None, "nobody could say that somebody was there"
    await say(hub, "e-1", Resume())
    await hub.until(lambda: stored.finished)
    assert stored.finished is not None
    assert stored.finished.state == "COMPLETED"


async def test_without_a_word_the_session_ends(hub: HubDouble, runner: RunnerProcess) -> None:
    stored = await hub.run("e-1", COUNTING, debug=DebugOptions(pause_at_start=True, alive_seconds=0.3))
    assert stored.finished is not None
    assert stored.finished.state == "STOPPED"


@pytest.mark.parametrize(("is_hurried", "least", "most"), [(True, 3, 1000), (False, 1, 1)])
async def test_a_runner_that_polls_asks_often_while_somebody_waits(
    monkeypatch: pytest.MonkeyPatch, is_hurried: bool, least: int, most: int
) -> None:
    monkeypatch.setattr(link, "DEBUGGING_SECONDS", 0.01)
    polls = 0
    enough = asyncio.Event()

    def answer(_: httpx.Request) -> httpx.Response:
        nonlocal polls
        polls += 1
        if polls >= least:
            enough.set()
        return httpx.Response(200, content=b"[]")

    async with httpx.AsyncClient(base_url="http://hub", transport=httpx.MockTransport(answer)) as client:
        polling = PollingLink(client, "token", lambda: is_hurried)
        polling.seconds = 60.0
        await polling.send(b"[]")
        await asyncio.wait_for(enough.wait(), PATIENCE_SECONDS)
        await asyncio.sleep(0.1)
        assert least <= polls <= most
        await polling.close()
