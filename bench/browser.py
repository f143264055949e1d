"""A real Chromium for the benches of the pages: production build, no window, signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Chromium; nothing of it is left afterwards."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.chromium(),
            args=[*chromium.words(), "--js-flags=--expose-gc", "--enable-precise-memory-info"],
        )
        yield browser
        await browser.close()


async def new_context(browser: Browser, on: Stage, **options: Any) -> BrowserContext:
    """A browser's profile with a cold cache, signed in as the first administrator."""
    context = await browser.new_context(base_url=on.url, viewport={"width": 1280, "height": 800}, **options)
    await context.add_cookies([{"name": COOKIE, "value": on.admin_token, "url": on.url}])
    return context


async def shown(page: Page, name: str) -> float:
    """Milliseconds from the navigation's beginning until the page had drawn what it is for.

    Pages say so themselves, by a mark of the browser's own performance timeline.
    """
    milliseconds: float = await page.evaluate(SHOWN, name)
    return milliseconds
