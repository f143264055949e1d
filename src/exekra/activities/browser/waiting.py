"""Wait until a page is as a step needs it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from annotated_types import MinLen

from exekra.activities.browser.errors import (
    ELEMENT_ERRORS,
    PAGE_ERRORS,
    ElementAmbiguousError,
    ElementNotFoundError,
    FrameNotFoundError,
    PageTimedOutError,
    is_between_pages,
)
from exekra.activities.browser.finding import count, find
from exekra.activities.browser.session import Browser, public_address
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.types import Seconds, Selector, Widget

CATEGORY = "Browser"
ICON = "hourglass"

WantedText = Annotated[str, MinLen(1), Widget("text")]

_PAUSE = 0.1
_Condition = Callable[[], Awaitable[bool]]


@activity(id="browser.wait_for_element", title="Wait for element", raises=(PageTimedOutError, *ELEMENT_ERRORS))
async def wait_for_element(
    context: Context,
    /,
    *,
    browser: Browser,
    target: Selector,
    state: Literal["visible", "present", "gone"] = "visible",
    timeout: Seconds = 30,
) -> None:
    """Wait until an element appears, or is gone.

    Args:
        browser: The browser.
        target: The element.
        state: `visible` to people, `present` in the page, or `gone`: not there or not visible.
        timeout: Seconds to wait.
    """
    async with browser.use(context) as page:
        if state == "present":
            await find(page, target, timeout=timeout, warn=context.warn)
            return
        if state == "visible":
            found = await find(page, target, timeout=timeout, warn=context.warn)
            await _until(found.locator.is_visible, found.left, f"{found.name} is on the page, but was not visible")
            return

        async def is_gone() -> bool:
            try:
                found = await find(page, target, timeout=0, warn=context.warn)
            except (ElementNotFoundError, FrameNotFoundError):
                return True
            except ElementAmbiguousError:
                return await count(page, target, visible=True) == 0
            return not await found.locator.is_visible()

        await _until(is_gone, timeout, f"`{target}` was still there")


@activity(id="browser.wait_for_text", title="Wait for text", raises=(PageTimedOutError, *PAGE_ERRORS))
async def wait_for_text(
    context: Context, /, *, browser: Browser, text: WantedText, gone: bool = False, timeout: Seconds = 30
) -> None:
    """Wait until a text can be read on the page, or cannot be read any more.

    Args:
        browser: The browser.
        text: The text, in any case; several blanks count as one.
        gone: Whether to wait until it is gone.
        timeout: Seconds to wait.
    """
    wanted = " ".join(text.split()).casefold()
    async with browser.use(context) as page:

        async def is_so() -> bool:
            shown = await page.evaluate("() => document.body ? document.body.innerText : ''")
            return (wanted in " ".join(shown.split()).casefold()) is not gone

        where = public_address(page.url)
        await _until(is_so, timeout, f"The text {text!r} was {'still' if gone else 'not'} on {where}")


@activity(id="browser.wait_for_url", title="Wait for URL", raises=(PageTimedOutError, *PAGE_ERRORS))
async def wait_for_url(context: Context, /, *, browser: Browser, url: WantedText, timeout: Seconds = 30) -> None:
    """Wait until the browser shows a page with a certain address.

    Args:
        browser: The browser.
        url: The address, in which `*` stands for anything: `*/orders/*`.
        timeout: Seconds to wait.
    """
    pattern = re.compile(".*".join(map(re.escape, url.split("*"))), re.IGNORECASE | re.DOTALL)
    async with browser.use(context) as page:

        async def is_there() -> bool:
            return pattern.fullmatch(page.url) is not None

        await _until(is_there, timeout, f"No page like {url} was shown, but {public_address(page.url)}")


@activity(id="browser.wait_for_network", title="Wait for network", raises=(PageTimedOutError, *PAGE_ERRORS))
async def wait_for_network(context: Context, /, *, browser: Browser, timeout: Seconds = 30) -> None:
    """Wait until the page has asked its servers for nothing for half a second.

    Args:
        browser: The browser.
        timeout: Seconds to wait.
    """
    from playwright.async_api import TimeoutError as DriverTimeoutError

    async with browser.use(context) as page:
        try:
            await page.wait_for_load_state("networkidle", timeout=max(timeout * 1000, 1))
        except DriverTimeoutError:
            raise PageTimedOutError(
                f"{public_address(page.url)} kept asking its servers for {timeout:g} s. Wait for an element or a text "
                "instead: some pages never stop."
            ) from None


async def _until(is_so: _Condition, timeout: float, otherwise: str) -> None:
    """Look until it is so.

    Raises:
        PageTimedOutError: It was not so in time; `otherwise` begins the message.
    """
    from playwright.async_api import Error

    ends = time.monotonic() + timeout
    while True:
        try:
            if await is_so():
                return
        except Error as error:
            # Between two pages there is nothing to look at.
            if not is_between_pages(str(error)):
                raise
        if time.monotonic() >= ends:
            raise PageTimedOutError(f"{otherwise} after {timeout:g} s.")
        await asyncio.sleep(_PAUSE)
