"""Tabs and windows: open, list, switch and close them."""

from __future__ import annotations

import asyncio
import fnmatch
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from annotated_types import Ge

from exekra.activities.browser.errors import (
    PAGE_ERRORS,
    BrowserLostError,
    CertificateNotTrustedError,
    NavigationFailedError,
    TabMissingError,
    explain,
)
from exekra.activities.browser.navigation import Url, address, go
from exekra.activities.browser.session import Browser, title_of
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.types import Record, Seconds, Text

if TYPE_CHECKING:
    from playwright.async_api import Page

CATEGORY = "Browser"
ICON = "browser"

_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class TabShown:
    """The tab that the steps work on now.

    Attributes:
        number: Its number, from 1.
        url: The address of its page, in full.
        title: The title of its page.
    """

    number: int
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class TabsListed:
    """The open tabs.

    Attributes:
        tabs: For each `number`, `url`, `title`, and `current`: whether the steps work on it.
        count: How many there are.
    """

    tabs: list[Record]
    count: int


@activity(
    id="browser.new_tab", title="Open tab", raises=(NavigationFailedError, CertificateNotTrustedError, *PAGE_ERRORS)
)
async def new_tab(context: Context, /, *, browser: Browser, url: Url = "", timeout: Seconds = 30) -> TabShown:
    """Open a tab; the following steps work on it.

    Args:
        browser: The browser.
        url: The page to open in it.
        timeout: Seconds that the page may take to load; 0 waits for ever.
    """
    from playwright.async_api import Error

    try:
        browser.page = await browser.context.new_page()
    except Error as error:
        raise explain(error) from None
    async with browser.use(context) as page:
        if url:
            await go(page, address(context, url), timeout)
        return await _shown(browser, page)


@activity(id="browser.list_tabs", title="List tabs", icon="list-details")
async def list_tabs(*, browser: Browser) -> TabsListed:
    """List the open tabs.

    Args:
        browser: The browser.
    """
    tabs: list[Record] = [
        {"number": number, "url": page.url, "title": await _title(page), "current": page is browser.page}
        for number, page in enumerate(browser.context.pages, start=1)
    ]
    return TabsListed(tabs, len(tabs))


@activity(id="browser.switch_tab", title="Switch tab", icon="browser", raises=(TabMissingError, *PAGE_ERRORS))
async def switch_tab(
    context: Context,
    /,
    *,
    browser: Browser,
    number: Annotated[int, Ge(1)] | None = None,
    title: Text = "",
    url: Text = "",
    timeout: Seconds = 10,
) -> TabShown:
    """Let the following steps work on another tab, such as one that a click opens.

    Without a number, a title or a URL it is the newest tab that no step has worked on yet.

    Args:
        browser: The browser.
        number: The number of the tab, from 1.
        title: The title of its page, in which `*` stands for anything.
        url: The address of its page, in which `*` stands for anything.
        timeout: Seconds to wait for it to be opened.
    """
    if sum(map(bool, (number, title, url))) > 1:
        raise InputError("A tab is named by its number, its title or its URL. Keep one of them.")
    ends = time.monotonic() + timeout
    while True:
        pages = browser.context.pages
        found = None
        if number is not None:
            found = pages[number - 1] if number <= len(pages) else None
        elif title or url:
            for page in pages:
                text, pattern = (await _title(page), title) if title else (page.url, url)
                if fnmatch.fnmatchcase(text.casefold(), _escaped(pattern.casefold())):
                    found = page
        elif new := browser.new_tabs():
            found = new[-1]
        if found is not None:
            break
        if time.monotonic() >= ends:
            wanted = (
                f"number {number}" if number else f"`{title or url}`" if title or url else "that no step has worked on"
            )
            titles = ", ".join([f"{place}: {await _title(page)}" for place, page in enumerate(pages, start=1)])
            raise TabMissingError(f"There is no tab {wanted}. The open tabs: {titles or 'none'}.")
        await asyncio.sleep(_PAUSE)
    browser.page = found
    async with browser.use(context) as page:
        await page.wait_for_load_state("domcontentloaded", timeout=max(timeout * 1000, 1))
        await page.bring_to_front()
        return await _shown(browser, page)


@activity(id="browser.close_tab", title="Close tab", icon="browser", raises=PAGE_ERRORS)
async def close_tab(context: Context, /, *, browser: Browser) -> None:
    """Close the tab that the steps work on; the following steps work on the last one that is left.

    Args:
        browser: The browser.
    """
    async with browser.use(context) as page:
        await page.close()
        browser.page = browser.context.pages[-1] if browser.context.pages else None


async def _shown(browser: Browser, page: Page) -> TabShown:
    pages = browser.context.pages
    if page not in pages:
        raise BrowserLostError("The tab was closed while the step used it. Switch to another one, or open one.")
    return TabShown(pages.index(page) + 1, page.url, await title_of(page))


async def _title(page: Page) -> str:
    """The title of a tab; none where it was closed, or has crashed."""
    from playwright.async_api import Error

    try:
        return await title_of(page)
    except Error:
        return ""


def _escaped(pattern: str) -> str:
    """Only `*` has a meaning here."""
    return pattern.replace("[", "[[]").replace("?", "[?]")
