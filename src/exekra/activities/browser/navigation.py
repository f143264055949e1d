"""Go to pages, back, forward, and say which page is open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from annotated_types import MinLen

from exekra.activities.browser.errors import (
    PAGE_ERRORS,
    CertificateNotTrustedError,
    NavigationFailedError,
    explain_navigation,
)
from exekra.activities.browser.session import Browser, public_address, title_of
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.types import Seconds, Widget

if TYPE_CHECKING:
    from playwright.async_api import Page, Response

CATEGORY = "Browser"
ICON = "browser"

Url = Annotated[str, Widget("text")]
GivenUrl = Annotated[str, MinLen(1), Widget("text")]
Loaded = Literal["load", "domcontentloaded", "networkidle"]

_SCHEME = re.compile(r"(?:https?|file|data|about|blob):", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,20}:(?![0-9])", re.IGNORECASE)
_NAVIGATION_ERRORS = (NavigationFailedError, CertificateNotTrustedError, *PAGE_ERRORS)
_FIRST_ERROR_STATUS = 400


@dataclass(frozen=True, slots=True)
class PageShown:
    """The page that the browser shows.

    Attributes:
        url: Its address, in full.
        title: Its title.
        status: The status of the answer, such as 200; null where no server was asked.
    """

    url: str
    title: str
    status: int | None


@activity(id="browser.navigate", title="Navigate", raises=_NAVIGATION_ERRORS)
async def navigate(
    context: Context,
    /,
    *,
    browser: Browser,
    url: GivenUrl,
    wait_until: Loaded = "load",
    fail_on_error_status: bool = True,
    timeout: Seconds = 30,
) -> PageShown:
    """Go to a page.

    Args:
        browser: The browser.
        url: The address: https://example.com, or the path of an HTML file.
        wait_until: When the page counts as there: `load` with its pictures, `domcontentloaded` without them,
            `networkidle` when it asked for nothing more for half a second.
        fail_on_error_status: Whether a status of 400 or above is an error; otherwise look at `status`.
        timeout: Seconds that it may take; 0 waits for ever.
    """
    async with browser.use(context) as page:
        response = await go(page, address(context, url), timeout, wait_until)
        return await _shown(page, response, fail_on_error_status)


@activity(id="browser.reload", title="Reload page", icon="refresh", raises=_NAVIGATION_ERRORS)
async def reload(context: Context, /, *, browser: Browser, timeout: Seconds = 30) -> PageShown:
    """Load the page again.

    Args:
        browser: The browser.
        timeout: Seconds that it may take; 0 waits for ever.
    """
    from playwright.async_api import Error

    async with browser.use(context) as page:
        try:
            response = await page.reload(timeout=timeout * 1000)
        except Error as error:
            raise explain_navigation(error, public_address(page.url), timeout) from None
        return await _shown(page, response, fail_on_error_status=False)


@activity(id="browser.back", title="Go back", icon="arrow-back-up", raises=_NAVIGATION_ERRORS)
async def back(context: Context, /, *, browser: Browser, timeout: Seconds = 30) -> PageShown:
    """Go back to the page before.

    Args:
        browser: The browser.
        timeout: Seconds that it may take; 0 waits for ever.
    """
    return await _turn(context, browser, timeout, forward=False)


@activity(id="browser.forward", title="Go forward", icon="player-track-next", raises=_NAVIGATION_ERRORS)
async def forward(context: Context, /, *, browser: Browser, timeout: Seconds = 30) -> PageShown:
    """Go forward again to the page that Go back left.

    Args:
        browser: The browser.
        timeout: Seconds that it may take; 0 waits for ever.
    """
    return await _turn(context, browser, timeout, forward=True)


@activity(id="browser.page", title="Get page", icon="browser", raises=PAGE_ERRORS)
async def get_page(context: Context, /, *, browser: Browser) -> PageShown:
    """Say which page the browser shows.

    Args:
        browser: The browser.
    """
    async with browser.use(context) as page:
        return PageShown(page.url, await title_of(page), None)


async def _turn(context: Context, browser: Browser, timeout: float, *, forward: bool) -> PageShown:
    from playwright.async_api import Error

    async with browser.use(context) as page:
        before = page.url
        try:
            turn = page.go_forward if forward else page.go_back
            response = await turn(timeout=timeout * 1000)
        except Error as error:
            raise explain_navigation(error, public_address(page.url), timeout) from None
        if response is None and page.url == before:
            raise NavigationFailedError(
                f"There is no page to go {'forward' if forward else 'back'} to.", retryable=False
            )
        return await _shown(page, response, fail_on_error_status=False)


async def _shown(page: Page, response: Response | None, fail_on_error_status: bool) -> PageShown:
    status = None if response is None else response.status or None
    if fail_on_error_status and response is not None and status is not None and status >= _FIRST_ERROR_STATUS:
        words = f" {response.status_text}" if response.status_text else ""
        raise NavigationFailedError(f"{public_address(page.url)} answered {status}{words}.", retryable=status >= 500)
    return PageShown(page.url, await title_of(page), status)


async def go(page: Page, url: str, timeout: float, wait_until: Loaded = "load") -> Response | None:
    """Load a page.

    Raises:
        NavigationFailedError: It cannot be loaded, or not in time.
        CertificateNotTrustedError: The server's certificate is not trusted.
    """
    from playwright.async_api import Error

    try:
        return await page.goto(url, timeout=timeout * 1000, wait_until=wait_until)
    except Error as error:
        raise explain_navigation(error, public_address(url), timeout) from None


def address(context: Context, url: str) -> str:
    """The URL that a person means: `example.com` is one, and so is the path of an HTML file.

    Raises:
        InputError: A browser cannot open it.
    """
    url = url.strip()
    if _SCHEME.match(url):
        return url
    if Path(url).suffix.lower() in {".html", ".htm", ".xhtml", ".svg", ".pdf"} and "://" not in url:
        path = context.path(url)
        if path.is_file():
            return path.as_uri()
        if url.startswith((".", "/", "\\")) or Path(url).name == url:
            raise InputError(f"There is no file {path}.")
    if "://" in url or _OTHER_SCHEME.match(url):
        raise InputError(f"{url[:200]} cannot be opened in a browser: a URL begins with https:// or http://.")
    if not url or any(character.isspace() for character in url.partition("?")[0].partition("/")[0]):
        raise InputError(f"{url[:200]!r} is not a URL and not the path of an HTML file.")
    return f"https://{url}"
