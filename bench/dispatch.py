"""The claim: milliseconds from a request by the API to the first node entered, on an idle Runner.

Twice. With a real Runner, whose child process enters the node: that is the claim. And with a simulated one, which
answers the assignment at once: that is the Hub's part of the way, from the request over its commit to the WebSocket.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from exekra.flow.events import AnyEvent
from exekra.protocol.messages import Assign
from exekra.testing.simulated_runner import SimulatedRunner, complete
from measure import percentile, report
from stage import Client, Stage, real_runner, request_body, stage

GOAL_P50_MS = 15.0
GOAL_P99_MS = 60.0
COUNT = 80
RUNS = 3
WARM_UP = 20

Entered = Callable[[str], Awaitable[float]]
"""When an execution entered its first node, in seconds since 1970; waits until that is known."""


async def measure(client: Client, entered: Entered, runner: str) -> list[dict[str, Any]]:
    """A row for each run, the median first."""
    rows: list[dict[str, Any]] = []
    for run in range(RUNS + 1):
        waited, answered = [], []
        for _ in range(COUNT if run else WARM_UP):
            began = time.time()
            status, answer = await client.ask("POST", "/api/executions", request_body())
            answered.append((time.time() - began) * 1000)
            assert status == 201, answer
            waited.append((await entered(msgspec.json.decode(answer)["id"]) - began) * 1000)
            await asyncio.sleep(random.uniform(0.02, 0.05))
        rows.append(
            {
                "Runner": runner,
                "p50 ms": percentile(waited, 50),
                "p99 ms": percentile(waited, 99),
                "longest ms": max(waited),
                "answer p50 ms": percentile(answered, 50),
            }
        )
    counted = sorted(rows[1:], key=lambda row: row["p50 ms"])
    middle = counted.pop(len(counted) // 2)
    return [middle, *counted]


async def with_real_runner(on: Stage) -> list[dict[str, Any]]:
    """The child process says when it entered the node; the Hub has stored it."""
    stored = """
        SELECT extract(epoch FROM min(at))::float8 FROM execution_event v JOIN execution e ON e.id = v.execution_id
        WHERE e.id = $1 AND v.kind = 'node.entered' AND e.state = 'COMPLETED'
    """

    async def entered(id: str) -> float:
        while (at := await on.database.fetchval(stored, id)) is None:  # noqa: ASYNC110 - the database rings no bell
            await asyncio.sleep(0.002)
        return float(at)

    client = await Client(on.port, on.admin_token).open()
    async with real_runner(on, client):
        rows = await measure(client, entered, "real")
    client.close()
    return rows


async def with_simulated_runner(on: Stage) -> list[dict[str, Any]]:
    """The simulated Runner notes when it would enter the node."""
    times: dict[str, float] = {}

    def carry_out(assignment: Assign) -> Sequence[AnyEvent]:
        times[assignment.execution_id] = time.time()
        return complete(assignment)

    async def entered(id: str) -> float:
        while id not in times:  # noqa: ASYNC110 - an Event would wake us later than it came
            await asyncio.sleep(0)
        return times.pop(id)

    (token,) = await on.make_runners(1)
    client = await Client(on.port, on.admin_token).open()
    async with SimulatedRunner(hub_url=on.url, token=token, carry_out=carry_out, heard=lambda _: None) as runner:
        rows = await measure(client, entered, "simulated")
        assert not runner.closed
    client.close()
    return rows


async def main() -> None:
    async with stage() as on:
        real = await with_real_runner(on)
    async with stage() as on:
        simulated = await with_simulated_runner(on)
    report(
        "API request to first node entered, idle Runner, p50",
        round(real[0]["p50 ms"], 2),
        "ms",
        GOAL_P50_MS,
        [*real, *simulated],
        notes=[f"p99 of the median run: {real[0]['p99 ms']:.1f} ms (wanted: {GOAL_P99_MS:.0f} ms)."],
    )


if __name__ == "__main__":
    asyncio.run(main())
