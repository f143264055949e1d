"""Open a browser, use one that is open already, and close it."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeGuard

from annotated_types import Ge, Le, MinLen

from exekra.activities.browser.errors import (
    BrowserMissingError,
    BrowserNotStartedError,
    CertificateNotTrustedError,
    NavigationFailedError,
    first_line,
)
from exekra.activities.browser.navigation import Url, address, go
from exekra.activities.browser.programs import Kind, how_to_install, program
from exekra.activities.browser.session import Browser, DialogAnswer, public_address, title_of
from exekra.sdk.activity import activity
from exekra.sdk.capabilities import DISPLAY, available
from exekra.sdk.context import Context
from exekra.sdk.errors import ApplicationError, InputError
from exekra.sdk.types import FolderPath, Seconds, Text, Widget

if TYPE_CHECKING:
    from playwright.async_api import Browser as DriverBrowser
    from playwright.async_api import BrowserContext, Playwright

CATEGORY = "Browser"
ICON = "browser"

Pixels = Annotated[int, Ge(100), Le(10_000)]
DebuggingAddress = Annotated[str, MinLen(1), Widget("text")]

_START_SECONDS = 30.0
_QUIET = ("--no-first-run", "--no-default-browser-check", "--disable-component-update")
"""A browser of an automation asks nothing and fetches nothing for itself."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The open browser.

    Attributes:
        browser: The browser, for the steps that work on its pages.
        url: The address of the page that it shows.
        title: The title of that page.
    """

    browser: Browser
    url: str
    title: str


@activity(
    id="browser.open",
    title="Open browser",
    raises=(BrowserMissingError, BrowserNotStartedError, NavigationFailedError, CertificateNotTrustedError),
)
async def open_browser(
    context: Context,
    /,
    *,
    url: Url = "",
    kind: Kind = "any",
    visible: bool = False,
    width: Pixels = 1280,
    height: Pixels = 720,
    profile: FolderPath | None = None,
    locale: Text = "",
    time_zone: Text = "",
    proxy: Text = "",
    user_agent: Text = "",
    verify: bool = True,
    timeout: Seconds = 30,
) -> Opened:
    """Open a web browser, with a page if one is named.

    The browser is closed when the workflow ends, or by Close browser. It knows no cookies and no sign-in of anybody,
    unless it has a profile.

    Args:
        url: The page to open: https://example.com, or the path of an HTML file.
        kind: Which browser; `any` takes the first of Chrome, Edge and Chromium that is installed.
        visible: Whether its window is shown; this needs a desktop.
        width: How wide the page is, in pixels.
        height: How high the page is, in pixels.
        profile: A folder that keeps cookies and sign-ins from one run to the next; one browser at a time can use it.
        locale: The language and region that pages see, such as de-DE.
        time_zone: The time zone that pages see, such as Europe/Berlin.
        proxy: The proxy server, such as http://proxy.example:3128; the system's settings count otherwise.
        user_agent: What the browser says it is; its own name otherwise.
        verify: Whether the certificates of servers must be trusted.
        timeout: Seconds that the page may take to load; 0 waits for ever.
    """
    executable = program(kind)
    if visible and not available([DISPLAY]):
        raise BrowserNotStartedError(
            "This machine has no desktop on which a window can be shown. Switch `visible` off.", retryable=False
        )
    options: dict[str, Any] = {
        "viewport": {"width": width, "height": height},
        "ignore_https_errors": not verify,
        "accept_downloads": True,
        **_given(locale=locale, timezone_id=time_zone, user_agent=user_agent),
    }
    launch: dict[str, Any] = {
        "headless": not visible,
        "args": [] if executable is None else list(_QUIET),
        "timeout": _START_SECONDS * 1000,
        "downloads_path": context.temporary_folder,
        **_given(executable_path=executable, proxy={"server": proxy} if proxy else None),
    }
    driver = await _driver()
    browser = None
    try:
        browser = await _launch(driver, context, kind, launch, options, profile)
        browser.page = browser.context.pages[0] if browser.context.pages else await browser.context.new_page()
        if url:
            await go(browser.page, address(context, url), timeout)
        return Opened(browser, public_address(browser.page.url), await title_of(browser.page))
    except BaseException as error:
        # The engine closes what an activity returned; what it did not get to return is ours to close.
        await (driver.stop() if browser is None else browser.close())
        if _is_from_driver(error):
            raise _explain(error, kind, None) from None
        raise


@activity(id="browser.attach", title="Attach to browser", raises=(BrowserMissingError, BrowserNotStartedError))
async def attach(*, debugging_address: DebuggingAddress = "http://127.0.0.1:9222", timeout: Seconds = 30) -> Opened:
    """Use a browser that is open already, with its tabs and sign-ins.

    Start Chrome, Edge or Chromium with `--remote-debugging-port=9222` and a `--user-data-dir` of its own. The steps
    work on its last tab. At the end the browser stays open.

    Args:
        debugging_address: Where the browser listens.
        timeout: Seconds to wait for it.
    """
    from playwright.async_api import Error

    driver = await _driver()
    try:
        connected = await driver.chromium.connect_over_cdp(debugging_address, timeout=max(timeout * 1000, 1))
        contexts = connected.contexts
        context = contexts[0] if contexts else await connected.new_context()
        browser = Browser(driver, connected, context, own=False)
        browser.page = context.pages[-1] if context.pages else await context.new_page()
        return Opened(browser, public_address(browser.page.url), await title_of(browser.page))
    except Error:
        await driver.stop()
        raise BrowserNotStartedError(
            f"No browser answers at {debugging_address}. Start it with --remote-debugging-port and with a folder of "
            "its own for --user-data-dir."
        ) from None
    except BaseException:
        await driver.stop()
        raise


@activity(id="browser.close", title="Close browser", closes=("browser",))
async def close(*, browser: Browser) -> None:
    """Close a browser and all its tabs.

    Args:
        browser: The browser.
    """


@activity(id="browser.answer_dialogs", title="Answer messages")
def answer_dialogs(*, browser: Browser, answer: Literal["accept", "dismiss"] = "accept", text: Text = "") -> None:
    """Say how messages of the pages are answered from now on (alert, confirm and prompt).

    Without this step they are dismissed, with a warning.

    Args:
        browser: The browser.
        answer: Accept is OK, dismiss is Cancel.
        text: What to enter where a message asks for a text.
    """
    answers: DialogAnswer = answer
    browser.expect_dialogs(answers, text)


async def _driver() -> Playwright:
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        raise BrowserMissingError(
            "The package that drives browsers is not installed here: pip install 'exekra[browser]'."
        ) from None
    starting = asyncio.ensure_future(async_playwright().start())
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        # Its program is started by now or soon; only when it has started, it can be ended.
        with suppress(Exception):
            await (await starting).stop()
        raise


def _is_from_driver(error: BaseException) -> TypeGuard[Exception]:
    from playwright.async_api import Error

    return isinstance(error, Error)


async def _launch(
    driver: Playwright,
    context: Context,
    kind: Kind,
    launch: dict[str, Any],
    options: dict[str, Any],
    profile: str | None,
) -> Browser:
    from playwright.async_api import Error

    engine = driver.firefox if kind == "firefox" else driver.chromium
    folder = None if profile is None else context.path(profile)

    async def start() -> Browser:
        if folder is not None:
            kept = await engine.launch_persistent_context(folder, **launch, **options)
            return Browser(driver, None, kept, own=True)
        started = await engine.launch(**launch)
        return Browser(driver, started, await _new_context(started, options), own=True)

    try:
        # The root account of Linux cannot use the sandbox: Chromium then does not start at all.
        launch["chromium_sandbox"] = not (sys.platform.startswith("linux") and os.geteuid() == 0)
        try:
            return await start()
        except Error as error:
            if "sandbox" not in str(error).lower() or not launch["chromium_sandbox"]:
                raise
            context.warn("The browser runs without its sandbox, which this machine does not allow.")
            launch["chromium_sandbox"] = False
            return await start()
    except Error as error:
        raise _explain(error, kind, folder) from None


async def _new_context(browser: DriverBrowser, options: dict[str, Any]) -> BrowserContext:
    try:
        return await browser.new_context(**options)
    except BaseException:
        with suppress(Exception):
            await browser.close()
        raise


def _explain(error: Exception, kind: Kind, folder: Path | None) -> ApplicationError:
    message = str(error)
    if "Executable doesn't exist" in message:
        return BrowserMissingError(
            "The Firefox that can be driven is not installed: run `playwright install firefox` on this machine, or "
            f"choose another browser. {how_to_install()}"
        )
    if folder is not None and ("ProcessSingleton" in message or "already in use" in message):
        return BrowserNotStartedError(f"The profile {folder} is in use by another browser. Close that one first.")
    reason = first_line(message)
    signs = {"locale": "locale", "timezone": "time_zone", "proxy": "proxy", "URL": "proxy", "userAgent": "user_agent"}
    for sign, name in signs.items():
        if sign.lower() in reason.lower() and "invalid" in reason.lower():
            return InputError(f"`{name}` is not valid: {reason}.")
    which = "The browser" if kind == "any" else kind.capitalize()
    return BrowserNotStartedError(f"{which} did not start: {_reason(message)}.")


def _reason(message: str) -> str:
    """What the browser wrote, which the driver puts behind its own log."""
    said = [line for line in message.splitlines() if "error" in line.lower() and "[pid=" in line]
    return said[-1].rpartition("] ")[2].rstrip(".")[:300] if said else first_line(message)


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value}
