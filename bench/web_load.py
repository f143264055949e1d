"""The claim: the first load of the dashboard with a cold cache, until it can be used, and how much JavaScript it takes.

The Hub has a fortnight of history. Each load is a new profile of the browser. The dashboard can be used when its
figures are drawn and the main thread has been free since: the end of the last long task (above 50 ms), at the
earliest the moment it was drawn.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Browser

from browser import new_context, open_browser, usable
from measure import percentile, report
from stage import Stage

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from showcase import showcase

GOAL_SECONDS = 1.0
GOAL_KB = 250
LOADS = 15
BUILT = Path(__file__).parents[1] / "src" / "exekra" / "hub" / "web" / "pages" / "built"
SCRIPTS = """
until => performance.getEntriesByType("resource").filter(entry => entry.startTime < until)
  .map(entry => new URL(entry.name).pathname).filter(path => path.endsWith(".js"))
"""


async def load(browser: Browser, on: Stage) -> tuple[float, list[str]]:
    """Milliseconds until the dashboard can be used, and the scripts that were asked for until then."""
    context = await new_context(browser, on)
    page = await context.new_page()
    milliseconds = await usable(page, "/", "shown:dashboard")
    scripts: list[str] = await page.evaluate(SCRIPTS, milliseconds)
    await context.close()
    return milliseconds, scripts


def gzipped_kb(scripts: list[str]) -> float:
    """Their size as gzip, in kB; those too small to be compressed count as they are."""
    total = 0
    for script in scripts:
        file = BUILT / script.lstrip("/")
        small = file.with_name(file.name + ".gz")
        total += (small if small.exists() else file).stat().st_size
    return total / 1000


async def main() -> None:
    async with showcase() as on, open_browser() as browser:
        await load(browser, on)
        loads = [await load(browser, on) for _ in range(LOADS)]
    times = [milliseconds for milliseconds, _ in loads]
    size = gzipped_kb(loads[0][1])
    report(
        "first load of the dashboard until it can be used, median",
        round(percentile(times, 50) / 1000, 3),
        "s",
        GOAL_SECONDS,
        [
            {"what": "until it can be used, ms", "p50": percentile(times, 50), "p95": percentile(times, 95)},
            {"what": f"JavaScript, kB as gzip (goal {GOAL_KB})", "p50": size, "p95": size},
        ],
        notes=[f"{LOADS} loads, each with an empty cache; {len(loads[0][1])} scripts."],
    )
    assert size <= GOAL_KB, f"{size:.0f} kB of JavaScript"


if __name__ == "__main__":
    asyncio.run(main())
