"""Light executions one after the other: one Runner, a process for each, through a real Hub and a real PostgreSQL.

Twice: asked for one by one (request, wait until it is COMPLETED in the database, next request), and waiting in the
queue from the beginning. The claim is the first, which is the longer way.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import Any

import msgspec

from measure import percentile, report
from stage import Client, real_runner, stage

WARM_UP = 20
COUNT = 100
ROUNDS = 3


async def main() -> None:
    async with stage() as on:
        client = await Client(on.port, on.admin_token).open()
        async with real_runner(on, client):
            wish = msgspec.json.encode({"workflow": str(on.workflow_id), "inputs": {"number": 1}})

            async def ask() -> str:
                status, body = await client.ask("POST", "/api/executions", wish)
                assert status == 201, body
                id: str = msgspec.json.decode(body)["id"]
                return id

            async def finished(id: str) -> None:
                """Asks the database, which costs the Hub nothing; the pause makes it a millisecond late on average."""
                state = "SELECT state FROM execution WHERE id = $1"
                while (now := await on.database.fetchval(state, id)) != "COMPLETED":
                    assert now not in {"FAILED", "STOPPED"}, f"execution {id} is {now}"
                    await asyncio.sleep(0.002)

            async def one_by_one(count: int) -> list[float]:
                each = []
                for _ in range(count):
                    began = time.perf_counter()
                    await finished(await ask())
                    each.append(1000 * (time.perf_counter() - began))
                return each

            async def queued(count: int) -> float:
                began = time.perf_counter()
                ids = [await ask() for _ in range(count)]
                await finished(ids[-1])
                return 1000 * (time.perf_counter() - began) / count

            await one_by_one(WARM_UP)
            rounds = [await one_by_one(COUNT) for _ in range(ROUNDS)]
            rows: list[dict[str, Any]] = [
                {
                    "how": "asked for one by one",
                    "mean ms": statistics.median(statistics.mean(each) for each in rounds),
                    "p50 ms": statistics.median(statistics.median(each) for each in rounds),
                    "p99 ms": statistics.median(percentile(each, 99) for each in rounds),
                },
                {
                    "how": "waiting in the queue",
                    "mean ms": statistics.median([await queued(COUNT) for _ in range(ROUNDS)]),
                    "p50 ms": "",
                    "p99 ms": "",
                },
            ]
        client.close()
    report(
        "a light execution, in sequence on one Runner, in a process of its own",
        round(rows[0]["mean ms"], 2),
        "ms",
        25,
        rows,
        notes=[
            f"{ROUNDS} rounds of {COUNT}; medians of the rounds. The Hub, PostgreSQL and the Runner share the machine."
        ],
    )


if __name__ == "__main__":
    asyncio.run(main())
