"""A browser that an execution has open: its tabs, the current one, and what its pages asked meanwhile."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit, urlunsplit

from exekra.activities.browser.errors import BrowserLostError, PageCrashedError, explain, is_between_pages
from exekra.sdk.capabilities import BROWSER
from exekra.sdk.context import Context
from exekra.sdk.errors import ApplicationError
from exekra.sdk.resources import Resource

if TYPE_CHECKING:
    from playwright.async_api import Browser as DriverBrowser
    from playwright.async_api import BrowserContext, Dialog, Locator, Page, Playwright

DialogAnswer = Literal["dismiss", "accept"]
_CLOSING_SECONDS = 5.0
_SCREENSHOT_MILLISECONDS = 5_000
_TITLE_TRIES, _TITLE_PAUSE = 20, 0.05
_SECRETS = "input[type=password]"
"""What a picture taken by ourselves must not show."""


class Browser(Resource):
    """A browser with its tabs.

    Attributes:
        context: The driver's context: cookies, storage and tabs.
        answer: How messages of pages (alert, confirm, prompt) are answered.
        answer_text: The text that a prompt gets when it is accepted.
    """

    needs = (BROWSER,)

    def __init__(
        self, driver: Playwright, browser: DriverBrowser | None, context: BrowserContext, *, own: bool
    ) -> None:
        """Take what was opened.

        Args:
            browser: None for a browser with a profile of its own, which is its context.
            own: Whether closing ends the browser; one that was attached to goes on.
        """
        self.context = context
        self._page: Page | None = None
        self._worked_on: set[Page] = set()
        self.answer: DialogAnswer = "dismiss"
        self.answer_text = ""
        self._driver = driver
        self._browser = browser
        self._own = own
        self._messages: list[str] = []
        self._crashed: set[Page] = set()
        self._expected = False
        self._concealed: dict[tuple[Page, str], Locator] = {}
        for page in context.pages:
            self._watch(page)
        context.on("page", self._watch)

    @property
    def page(self) -> Page | None:
        """The tab that steps work on; None once the last one was closed."""
        return self._page

    @page.setter
    def page(self, page: Page | None) -> None:
        self._page = page
        if page is not None:
            self._worked_on.add(page)

    def new_tabs(self) -> list[Page]:
        """The tabs that no step has worked on yet, the newest last."""
        return [page for page in self.context.pages if page not in self._worked_on]

    def title(self) -> str:
        """The page's address, without what may hold a secret."""
        return "" if self.page is None else public_address(self.page.url)

    def _watch(self, page: Page) -> None:
        page.on("dialog", self._answer)
        page.on("crash", self._note_crash)

    def _note_crash(self, page: Page) -> None:
        self._crashed.add(page)

    async def _answer(self, dialog: Dialog) -> None:
        """A message that nobody answers would stop the page for ever."""
        leaves = dialog.type == "beforeunload"
        if not self._expected and not leaves:
            done = "accepted" if self.answer == "accept" else "dismissed"
            self._messages.append(f"The page showed a message, which was {done}: {dialog.message[:500]}")
        with suppress(Exception):
            if self.answer == "accept" or leaves:
                await dialog.accept(self.answer_text if dialog.type == "prompt" else "")
            else:
                await dialog.dismiss()

    def expect_dialogs(self, answer: DialogAnswer, text: str) -> None:
        """Answer messages like this from now on, and without a warning."""
        self.answer, self.answer_text, self._expected = answer, text, True

    def conceal(self, field: Locator) -> None:
        """Cover a field in the pictures of failures: a credential is typed into it."""
        self._concealed[field.page, repr(field)] = field

    @asynccontextmanager
    async def use(self, context: Context) -> AsyncIterator[Page]:
        """The current tab for one step: the driver's errors become ours, and a failure leaves a picture of the page.

        Raises:
            BrowserLostError: It was closed.
            PageCrashedError: The page crashed.
        """
        from playwright.async_api import Error

        page = self.page
        if page is None or page.is_closed():
            raise BrowserLostError("The tab that the steps work on was closed. Switch to another one, or open one.")
        if page in self._crashed:
            raise PageCrashedError("The page has crashed. Reload it, or open another tab.")
        try:
            yield page
        except Error as error:
            raise explain(error, crashed=page in self._crashed) from None
        except ApplicationError as error:
            if not isinstance(error, BrowserLostError | PageCrashedError):
                await self._keep_picture(context, page)
            raise
        finally:
            for message in self._messages:
                context.warn(message)
            self._messages.clear()

    async def _keep_picture(self, context: Context, page: Page) -> None:
        """Keep a picture of the page as it was when a step failed. Failing to take it is not an error of its own."""
        file = context.temporary_folder / f"{context.node}-failed.png"
        with suppress(Exception):
            secrets = [frame.locator(_SECRETS) for frame in page.frames]
            secrets += [field for (of, _), field in self._concealed.items() if of is page]
            await page.screenshot(path=file, mask=secrets, timeout=_SCREENSHOT_MILLISECONDS)
            await asyncio.to_thread(context.keep_file, file, move=True)

    async def close(self) -> None:
        """End the browser, or let go of one that was attached to."""
        with suppress(Exception):
            async with asyncio.timeout(_CLOSING_SECONDS):
                if self._own:
                    await self.context.close()
                if self._browser is not None:
                    await self._browser.close()
        with suppress(Exception):
            async with asyncio.timeout(_CLOSING_SECONDS):
                await self._driver.stop()


async def title_of(page: Page) -> str:
    """The title of a page; while it gives way to another one, the title of that one."""
    from playwright.async_api import Error

    for _ in range(_TITLE_TRIES):
        try:
            return await page.title()
        except Error as error:
            if not is_between_pages(str(error)):
                raise
            await asyncio.sleep(_TITLE_PAUSE)
    return await page.title()


def public_address(url: str) -> str:
    """An address for people and logs: without user, password, query and fragment, which may hold secrets."""
    if url[:5].lower() == "data:":
        return "data:"
    try:
        parts = urlsplit(url)
    except ValueError:  # Such as http://[x, which is no URL.
        return re.sub(r"[?#].*", "", re.sub(r"//[^/]*@", "//", url))
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))
