"""The claim: milliseconds from a request by the API to the first node entered, on an idle Runner.

The Runner is simulated: it answers the assignment at once, and notes when it would enter the first node. What is
measured is the Hub's part of the way: the request, its commit, the assignment, and the WebSocket.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence

from exekra.flow.events import AnyEvent
from exekra.protocol.messages import Assign
from exekra.testing.simulated_runner import SimulatedRunner, complete
from measure import percentile, report
from stage import Client, Stage, request_body, stage

GOAL_P50_MS = 15.0
GOAL_P99_MS = 60.0
COUNT = 300
RUNS = 3
WARM_UP = 50


async def measure(on: Stage) -> list[dict[str, float]]:
    entered: dict[str, float] = {}

    def carry_out(assignment: Assign) -> Sequence[AnyEvent]:
        entered[assignment.execution_id] = time.perf_counter()
        return complete(assignment)

    (token,) = await on.make_runners(1)
    rows = []
    async with SimulatedRunner(hub_url=on.url, token=token, carry_out=carry_out, heard=lambda _: None) as runner:
        client = await Client(on.port, on.admin_token).open()
        for run in range(RUNS + 1):
            waited, answered = [], []
            for _ in range(COUNT if run else WARM_UP):
                entered.clear()
                began = time.perf_counter()
                status, answer = await client.ask("POST", "/api/executions", request_body())
                answered.append((time.perf_counter() - began) * 1000)
                assert status == 201, answer
                while not entered:  # noqa: ASYNC110 - an Event would wake us later than it came
                    await asyncio.sleep(0)
                waited.append((next(iter(entered.values())) - began) * 1000)
                await asyncio.sleep(random.uniform(0.005, 0.02))
            if run:
                rows.append(
                    {
                        "run": run,
                        "p50 ms": percentile(waited, 50),
                        "p99 ms": percentile(waited, 99),
                        "longest ms": max(waited),
                        "answer p50 ms": percentile(answered, 50),
                    }
                )
        client.close()
        assert not runner.closed
    return rows


async def main() -> None:
    async with stage() as on:
        rows = sorted(await measure(on), key=lambda row: row["p50 ms"])
    median = rows[len(rows) // 2]
    report(
        "API request to first node entered, idle Runner, p50",
        round(median["p50 ms"], 2),
        "ms",
        GOAL_P50_MS,
        rows,
        notes=[f"p99 of the median run: {median['p99 ms']:.1f} ms (wanted: {GOAL_P99_MS:.0f} ms)."],
    )


if __name__ == "__main__":
    asyncio.run(main())
