"""A real Chromium for the benches of the pages: production build, no window, signed in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from exekra.testing import chromium
from stage import Stage

COOKIE = "exekra_session"
SHOWN = """
name => new Promise((resolve, reject) => {
  const look = () => {
    const mark = performance.getEntriesByName(name, "mark").at(-1);
    if (mark) resolve(mark.startTime);
    else if (performance.now() > 60000) reject(new Error(`${name} was never shown`));
    else requestAnimationFrame(look);
  };
  look();
})
"""
WATCH_LONG_TASKS = """
window.longTasks = [];
new PerformanceObserver(list => {
  for (const task of list.getEntries()) window.longTasks.push(task.startTime + task.duration);
}).observe({type: "longtask", buffered: true});
"""
COUNT_FRAMES = """
() => {
  const counted = window.countedFrames = {times: [], on: true};
  const note = time => {
    counted.times.push(time);
    if (counted.on) requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
}
"""
COUNTED = "() => { window.countedFrames.on = false; return window.countedFrames.times; }"
SETTLE_SECONDS = 0.5


@asynccontextmanager
async def open_browser(*script_flags: str) -> AsyncIterator[Browser]:
    """Chromium, with such flags for its script engine; nothing of it is left afterwards."""
    flags = " ".join(["--expose-gc", *script_flags])
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.chromium(),
            args=[*chromium.words(), f"--js-flags={flags}", "--enable-precise-memory-info"],
        )
        yield browser
        await browser.close()


async def new_context(browser: Browser, on: Stage, **options: Any) -> BrowserContext:
    """A browser's profile with a cold cache, signed in as the first administrator."""
    context = await browser.new_context(base_url=on.url, **{"viewport": {"width": 1280, "height": 800}, **options})
    await context.add_cookies([{"name": COOKIE, "value": on.admin_token, "url": on.url}])
    return context


async def shown(page: Page, name: str) -> float:
    """Milliseconds from the navigation's beginning until the page had drawn what it is for.

    Pages say so themselves, by a mark of the browser's own performance timeline.
    """
    milliseconds: float = await page.evaluate(SHOWN, name)
    return milliseconds


async def usable(page: Page, path: str, name: str) -> float:
    """Open an address; milliseconds until the page is drawn and the main thread has been free since.

    That is the end of the last task longer than 50 ms, at the earliest the moment it was drawn.
    """
    await page.add_init_script(WATCH_LONG_TASKS)
    await page.goto(path, wait_until="commit")
    drawn = await shown(page, name)
    await asyncio.sleep(SETTLE_SECONDS)  # a long task that begins now would show that it was too early
    last: float = await page.evaluate("() => Math.max(0, ...window.longTasks)")
    return max(drawn, last)


@dataclass
class Frames:
    """When the page began its frames, in its own milliseconds."""

    times: list[float] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def counted(cls, page: Page) -> AsyncIterator[Frames]:
        """Counts the frames in between; they are there afterwards."""
        frames = cls()
        await page.evaluate(COUNT_FRAMES)
        yield frames
        frames.times = await page.evaluate(COUNTED)

    @property
    def rate(self) -> float:
        """Frames a second."""
        return 1000 * (len(self.times) - 1) / (self.times[-1] - self.times[0])

    @property
    def longest(self) -> float:
        """Milliseconds of the longest frame."""
        return max(after - before for before, after in pairwise(self.times))
