"""The claim: the dashboard stays as large as it is, however long it is open while executions come and go.

Hours are compressed: the page's timers run faster, so that it reads its figures in two minutes as often as otherwise in
an hour, and thousands of executions change their states meanwhile. After forced garbage collections the heap, the nodes
of the document and the listeners are counted at the start, in the middle and at the end. A number behind the command
(`python bench/web_memory.py 4000`) makes it go on for as many updates.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, Page

from browser import new_context, open_browser, shown
from exekra.testing.simulated_runner import SimulatedRunner, complete
from measure import report
from stage import Client, Stage, request_body

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from showcase import showcase

GOAL_PERCENT = 5.0
UPDATES = 1_300
STATES = 4
"""QUEUED, ASSIGNED, RUNNING and COMPLETED."""
WARM_UP = 500
PARTS = 4
FASTER = 100
RUNNERS = 2
PAUSE_SECONDS = 0.1
PATIENCE_SECONDS = 900
NO_MACHINE_CODE = ("--no-sparkplug", "--no-maglev", "--no-turbofan")
"""The engine goes on compiling what runs often, and that counts as heap: it is not what the page keeps."""
COLLECTIONS, COLLECTION_SECONDS = 5, 0.23

SPEED_UP = f"""
for (const name of ["setTimeout", "setInterval"]) {{
  const real = window[name].bind(window);
  window[name] = (run, delay, ...rest) => real(run, delay > 500 ? delay / {FASTER} : delay, ...rest);
}}
"""
FIGURES = "/api/analytics/dashboard"


@dataclass
class Size:
    """What the page holds after a garbage collection."""

    updates: int
    heap: float
    elements: int
    listeners: int


class Watch:
    """Counts how often the page read its figures, and measures it."""

    def __init__(self, page: Page, devtools: CDPSession) -> None:
        self.updates = 0
        self._devtools = devtools
        page.on("response", lambda answer: self._count(answer.url))

    def _count(self, url: str) -> None:
        self.updates += FIGURES in url

    async def size(self) -> Size:
        """Collect the garbage and measure; several times, because what is just being drawn counts too."""
        found = await self._measured()
        for _ in range(COLLECTIONS - 1):
            await asyncio.sleep(COLLECTION_SECONDS)
            found = min(found, await self._measured(), key=lambda one: one["JSHeapUsedSize"])
        return Size(
            updates=self.updates,
            heap=found["JSHeapUsedSize"] / 1e6,
            elements=int(found["Nodes"]),
            listeners=int(found["JSEventListeners"]),
        )

    async def _measured(self) -> dict[str, float]:
        await self._devtools.send("HeapProfiler.collectGarbage")
        metrics = (await self._devtools.send("Performance.getMetrics"))["metrics"]
        return {metric["name"]: metric["value"] for metric in metrics}


class Traffic:
    """Executions one after the other, for as long as it is wanted."""

    def __init__(self, client: Client) -> None:
        self.made = 0
        self._client = client

    async def flow(self) -> None:
        while True:
            status, answer = await self._client.ask("POST", "/api/executions", request_body())
            assert status == 201, answer
            self.made += 1
            await asyncio.sleep(PAUSE_SECONDS)


async def measure(on: Stage, watch: Watch, updates: int) -> list[Size]:
    """The sizes after each part."""
    sizes = []
    for part in range(PARTS + 1):
        until = WARM_UP + part * (updates - WARM_UP) // PARTS
        async with asyncio.timeout(PATIENCE_SECONDS):
            while watch.updates < until:
                assert on.process.poll() is None, "the Hub ended"
                await asyncio.sleep(0.05)
        sizes.append(await watch.size())
    return sizes


def slope(sizes: Sequence[Size]) -> float:
    """The heap's growth in kB for each 1,000 updates, by the least squares."""
    x = [size.updates / 1000 for size in sizes]
    y = [size.heap * 1000 for size in sizes]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    covered = sum((one - mean_x) * (other - mean_y) for one, other in zip(x, y, strict=True))
    return covered / sum((one - mean_x) ** 2 for one in x)


async def main(updates: int) -> None:
    async with showcase() as on, open_browser(*NO_MACHINE_CODE) as browser:
        await on.database.execute("UPDATE workflow SET archived_at = NULL WHERE id = $1", on.workflow_id)
        runners = [
            SimulatedRunner(hub_url=on.url, token=token, carry_out=complete) for token in await on.make_runners(RUNNERS)
        ]
        for runner in runners:
            await runner.connect()
        client = await Client(on.port, on.admin_token).open()
        context = await new_context(browser, on)
        page = await context.new_page()
        await page.add_init_script(SPEED_UP)
        devtools = await context.new_cdp_session(page)
        await devtools.send("Performance.enable")
        watch, traffic = Watch(page, devtools), Traffic(client)
        await page.goto("/")
        await shown(page, "shown:dashboard")
        flowing = asyncio.create_task(traffic.flow())
        sizes = await measure(on, watch, updates)
        flowing.cancel()
        await context.close()
        client.close()
        for runner in runners:
            await runner.leave()
    middle, end = sizes[len(sizes) // 2], sizes[-1]
    rows: list[dict[str, Any]] = [
        {"updates": size.updates, "heap MB": size.heap, "elements": size.elements, "listeners": size.listeners}
        for size in sizes
    ]
    report(
        "growth of the open dashboard's heap from the middle to the end",
        round(100 * (end.heap - middle.heap) / middle.heap, 2),
        "%",
        GOAL_PERCENT,
        rows,
        notes=[
            f"{end.updates:,} updates and {traffic.made * STATES:,} changes of states; the heap's slope is "
            f"{slope(sizes):+.0f} kB for each 1,000 updates.",
        ],
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else UPDATES))
