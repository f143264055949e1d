"""The claim: milliseconds from an activity's question to its Hub until it has the answer, on an idle platform.

The question goes from the child process over the Runner to the Hub, whose handler checks in PostgreSQL that the Runner
holds the execution, and back. An `async` activity asks `hub.time` one time after the other, and measures.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import msgspec

from measure import percentile, report
from stage import Client, Stage, real_runner, stage

GOAL_P50_MS = 4.0
GOAL_P99_MS = 20.0
COUNT = 500
RUNS = 5
PLUGIN = Path(__file__).resolve().parent.parent / "tests" / "runner" / "plugin"
ASKING: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Asking",
    "variables": {"milliseconds": {"type": "list", "default": []}},
    "outputs": {"milliseconds": {"type": "list"}},
    "nodes": {
        "ask": {"do": "asking.measure", "with": {"topic": "hub.time", "times": COUNT}},
        "keep": {"do": "set_variable", "with": {"variable": "milliseconds", "value": "{ask.answer}"}},
    },
    "edges": ["start -> ask -> keep"],
}


async def measure(on: Stage, client: Client) -> dict[str, Any]:
    """One execution's questions, as a row."""
    status, answer = await client.ask("POST", "/api/executions", msgspec.json.encode({"workflow": "Asking"}))
    assert status == 201, answer
    path = f"/api/executions/{msgspec.json.decode(answer)['id']}"
    ended = {"COMPLETED", "FAILED", "STOPPED"}
    while (execution := msgspec.json.decode((await client.ask("GET", path))[1]))["state"] not in ended:  # noqa: ASYNC110 - seldom, so that the asking is not disturbed
        await asyncio.sleep(0.5)
    assert execution["state"] == "COMPLETED", execution
    took = execution["outputs"]["milliseconds"]
    return {"p50 ms": percentile(took, 50), "p99 ms": percentile(took, 99), "longest ms": max(took)}


async def main() -> None:
    os.environ["PYTHONPATH"] = str(PLUGIN)
    async with stage() as on, real_runner(on, await Client(on.port, on.admin_token).open()):
        client = await Client(on.port, on.admin_token).open()
        status, answer = await client.ask(
            "POST", "/api/workflows", msgspec.json.encode({"name": "Asking", "document": ASKING})
        )
        assert status == 201, answer
        id = msgspec.json.decode(answer)["workflow"]["id"]
        status, answer = await client.ask("POST", f"/api/workflows/{id}/publish", b"{}")
        assert status == 200, answer
        await measure(on, client)  # does not count
        rows = sorted([await measure(on, client) for _ in range(RUNS)], key=lambda row: row["p50 ms"])
        client.close()
    middle = rows[RUNS // 2]
    report(
        "Question of an activity to the Hub and back, p50",
        round(middle["p50 ms"], 2),
        "ms",
        GOAL_P50_MS,
        rows,
        notes=[f"p99 of the median run: {middle['p99 ms']:.1f} ms (wanted: {GOAL_P99_MS:.0f} ms)."],
    )


if __name__ == "__main__":
    asyncio.run(main())
