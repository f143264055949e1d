"""The claim: a thousand connected Runners cost the Hub less than half a core.

Each sends a heartbeat every 30 seconds and 40 log lines a minute of a running execution, spread evenly over time. The
Hub's own CPU and memory are measured; every line must be acknowledged.
"""

from __future__ import annotations

import asyncio
import os
import random
import time

import psutil

from exekra.flow.events import AnyEvent, ExecutionStarted, Log
from exekra.protocol.messages import Acknowledge, Assign, Events, Held, HubMessage
from exekra.testing.simulated_runner import SimulatedRunner
from measure import report
from stage import Client, Stage, request_body, stage

GOAL_PERCENT = 40.0
GOAL_MB = 400.0
RUNNERS = 1000
HEARTBEAT_SECONDS = 30.0
LINE_SECONDS = 60.0 / 40
SETTLE_SECONDS = 3.0
SECONDS = 15.0


class FleetRunner:
    """One Runner that holds one long execution."""

    def __init__(self, on: Stage, token: str) -> None:
        self.runner = SimulatedRunner(hub_url=on.url, token=token, carry_out=None, heard=self.heard)
        self.assignment: Assign | None = None
        self.sent = 0
        self.acknowledged = 0

    def heard(self, message: HubMessage) -> None:
        if isinstance(message, Assign):
            self.assignment = message
        elif isinstance(message, Acknowledge):
            self.acknowledged = message.sequence

    async def report(self, *events: AnyEvent) -> None:
        assert self.assignment is not None
        first = self.sent + 1
        self.sent += len(events)
        one = self.assignment
        await self.runner.send(Events(execution_id=one.execution_id, lease=one.lease, first=first, events=events))

    async def write_lines(self, until: float) -> None:
        await asyncio.sleep(random.uniform(0, LINE_SECONDS))
        while time.perf_counter() < until:
            await self.report(Log(at=time.time(), message="Row 17 was checked and is in order"))
            await asyncio.sleep(LINE_SECONDS)

    async def beat(self, until: float) -> None:
        await asyncio.sleep(random.uniform(0, HEARTBEAT_SECONDS))
        while time.perf_counter() < until:
            assert self.assignment is not None
            held = Held(execution_id=self.assignment.execution_id, lease=self.assignment.lease)
            await self.runner.heartbeat(held)
            await asyncio.sleep(HEARTBEAT_SECONDS)


async def measure(on: Stage) -> list[dict[str, float]]:
    fleet = [FleetRunner(on, token) for token in await on.make_runners(RUNNERS)]
    for start in range(0, RUNNERS, 50):
        await asyncio.gather(*(one.runner.connect() for one in fleet[start : start + 50]))
    clients = [await Client(on.port, on.admin_token).open() for _ in range(10)]

    async def ask(client: Client) -> None:
        for _ in range(RUNNERS // len(clients)):
            status, answer = await client.ask("POST", "/api/executions", request_body())
            assert status == 201, answer

    await asyncio.gather(*(ask(client) for client in clients))
    async with asyncio.timeout(20):
        while any(one.assignment is None for one in fleet):  # noqa: ASYNC110 - a bench; it waits for a thousand
            await asyncio.sleep(0.05)
    for one in fleet:
        await one.report(ExecutionStarted(at=time.time()))
    until = time.perf_counter() + SETTLE_SECONDS + SECONDS
    work = [asyncio.create_task(run(until)) for one in fleet for run in (one.write_lines, one.beat)]
    await asyncio.sleep(SETTLE_SECONDS)
    hub = psutil.Process(on.process.pid)
    cpu, began, own = sum(hub.cpu_times()[:2]), time.perf_counter(), sum(os.times()[:2])
    await asyncio.sleep(SECONDS)
    took = time.perf_counter() - began
    row = {
        "Runners": RUNNERS,
        "Hub CPU %": (sum(hub.cpu_times()[:2]) - cpu) / took * 100,
        "Hub MB": hub.memory_info().rss / 1e6,
        "bench CPU %": (sum(os.times()[:2]) - own) / took * 100,
        "lines/s": sum(one.sent - 1 for one in fleet) / (took + SETTLE_SECONDS),
    }
    for task in work:
        task.cancel()
    await asyncio.gather(*work, return_exceptions=True)
    await asyncio.sleep(1)
    lost = sum(one.sent - one.acknowledged for one in fleet)
    assert lost == 0, f"{lost} events were not acknowledged"
    assert not any(one.runner.closed for one in fleet), "a connection was lost"
    for client in clients:
        client.close()
    await asyncio.gather(*(one.runner.leave() for one in fleet))
    return [row]


async def main() -> None:
    async with stage() as on:
        rows = await measure(on)
    report(
        "1,000 connected Runners: the Hub process",
        round(rows[0]["Hub CPU %"], 1),
        "% of one core",
        GOAL_PERCENT,
        rows,
        notes=[f"Memory: {rows[0]['Hub MB']:.0f} MB (wanted: under {GOAL_MB:.0f} MB). No event was lost."],
    )


if __name__ == "__main__":
    asyncio.run(main())
