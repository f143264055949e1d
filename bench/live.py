"""The claims: a node is lit on the screen soon after it was entered, and a torrent of log lines does not stop the page.

A real Runner carries out an interactive run while the execution's page is open. The engine writes on each event when a
node was entered; the page notes in which frame the node's card says that it runs. Then 2,000 lines of log a second are
written for ten seconds while the log is open and follows, and the page's frames are counted.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
from typing import Any

import httpx
from playwright.async_api import Browser

from browser import Frames, new_context, open_browser, shown
from live_events import CHATTER, LINES, TICKS, row
from measure import percentile, report
from stage import Client, Stage, real_runner, stage

GOAL_MS, GOAL_FRAMES = 150.0, 20
NODES, RUNS = 5, 8
FIRST_SECONDS = 5.0
"""Until the nodes that count, so that the page is open before them. All of them fit into its view."""

CHAIN: dict[str, Any] = {
    "format": "exekra.flow/1",
    "name": "Chain",
    "nodes": {
        "first": {"do": "general.wait", "with": {"duration": FIRST_SECONDS}},
        **{f"n{number}": {"do": "general.wait", "with": {"duration": 0.12}} for number in range(NODES)},
    },
    "edges": [" -> ".join(["start", "first", *(f"n{number}" for number in range(NODES))])],
}
WATCH_NODES = """
() => {
  const lit = window.lit = {};
  new MutationObserver(() => {
    for (const card of document.querySelectorAll('.react-flow__node [data-state="running"]')) {
      const id = card.closest(".react-flow__node").dataset.id;
      if (id in lit) continue;
      lit[id] = null;
      requestAnimationFrame(() => { lit[id] = performance.timeOrigin + performance.now(); });
    }
  }).observe(document.body, {subtree: true, childList: true, attributes: true, attributeFilter: ["data-state"]});
}
"""
WINDOW_MS = 1_000.0


async def made(http: httpx.AsyncClient, document: dict[str, Any]) -> str:
    """Store a workflow; its id."""
    answer = await http.post("/api/workflows", json={"name": document["name"], "document": document})
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["workflow"]["id"]
    return id


async def begun(http: httpx.AsyncClient, workflow: str, **inputs: Any) -> str:
    """Start its newest version, as Studio does; the execution's id."""
    body = {"workflow": workflow, "version": 1, "interactive": True, "inputs": inputs}
    answer = await http.post("/api/executions", json=body)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def ended(http: httpx.AsyncClient, id: str) -> None:
    """Wait until an execution is COMPLETED."""
    async with asyncio.timeout(60):
        while (state := (await http.get(f"/api/executions/{id}")).json()["state"]) != "COMPLETED":
            assert state in {"QUEUED", "ASSIGNED", "RUNNING"}, state
            await asyncio.sleep(0.2)


async def entered(http: httpx.AsyncClient, id: str) -> dict[str, float]:
    """When the engine entered each node, in seconds since 1970."""
    answer = await http.get(f"/api/executions/{id}/events", params={"limit": 200})
    assert answer.status_code == 200, answer.text
    return {
        item["event"]["node"]: item["event"]["at"]
        for item in answer.json()["items"]
        if item["event"]["event"] == "node.entered"
    }


async def lit(browser: Browser, on: Stage, http: httpx.AsyncClient) -> list[float]:
    """Milliseconds from entering each node to the frame that shows it running."""
    workflow = await made(http, CHAIN)
    late: list[float] = []
    context = await new_context(browser, on)
    for _ in range(RUNS):
        id = await begun(http, workflow)
        page = await context.new_page()
        await page.goto(f"/executions/{id}")
        await page.wait_for_selector(".react-flow__node")
        await page.evaluate(WATCH_NODES)
        await ended(http, id)
        seen: dict[str, float] = await page.evaluate("() => window.lit")
        began = await entered(http, id)
        missing = [node for node in CHAIN["nodes"] if node != "first" and node not in seen]
        assert missing == [], f"{missing} were never lit"
        late += [seen[node] - 1000 * began[node] for node in seen if node != "first"]
        await page.close()
    await context.close()
    return late


async def torrent(browser: Browser, on: Stage, http: httpx.AsyncClient) -> dict[str, Any]:
    """What becomes of the page's frames while 2,000 lines a second are written."""
    workflow = await made(http, CHATTER)
    context = await new_context(browser, on)
    page = await context.new_page()
    id = await begun(http, workflow, ticks=list(range(TICKS)), lines=list(range(LINES)))
    await page.goto(f"/executions/{id}?tab=log")
    await shown(page, "shown:execution")
    await page.wait_for_selector("[data-log]")
    async with Frames.counted(page) as frames:
        await ended(http, id)
    last = f"number {LINES - 1}"
    await page.wait_for_function("last => document.querySelector('[role=log]').innerText.includes(last)", arg=last)
    await context.close()
    execution = (await http.get(f"/api/executions/{id}")).json()
    windows = [list(times) for _, times in itertools.groupby(frames.times, lambda at: at // WINDOW_MS)][1:-1]
    return {
        "what": f"frames a second at {TICKS * LINES / execution['seconds']:,.0f} lines a second",
        "seconds": len(windows),
        "median": statistics.median(len(times) for times in windows),
        "slowest second": min(len(times) for times in windows),
        "longest frame ms": frames.longest,
    }


async def main() -> None:
    async with stage() as on, open_browser() as browser:
        client = await Client(on.port, on.admin_token).open()
        headers = {"Authorization": f"Bearer {on.admin_token}"}
        async with (
            httpx.AsyncClient(base_url=on.url, trust_env=False, timeout=60, headers=headers) as http,
            real_runner(on, client),
        ):
            late = await lit(browser, on, http)
            frames = await torrent(browser, on, http)
        client.close()
    report(
        "from entering a node on the Runner to its card lit on the screen, p95",
        round(percentile(late, 95), 1),
        "ms",
        GOAL_MS,
        [row("entering a node to its card lit", late)],
        notes=[
            f"{frames['what']}: {frames['median']:.0f} (median of {frames['seconds']} seconds), "
            f"{frames['slowest second']} in the slowest second (wanted: {GOAL_FRAMES}); "
            f"the longest frame took {frames['longest frame ms']:.0f} ms.",
            "The Hub, PostgreSQL, the Runner and the browser share the machine.",
        ],
    )


if __name__ == "__main__":
    asyncio.run(main())
