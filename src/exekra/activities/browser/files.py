"""Take files from pages and give files to them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from exekra.activities.browser.errors import (
    ELEMENT_ERRORS,
    NavigationFailedError,
    PageTimedOutError,
    explain_action,
    first_line,
)
from exekra.activities.browser.finding import find
from exekra.activities.browser.session import Browser
from exekra.activities.disk import (
    READ_ERRORS,
    WRITE_ERRORS,
    FileExistsAlreadyError,
    check_free,
    replacing,
    require_file,
)
from exekra.kit.names import safe_file_name
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError
from exekra.sdk.types import FilePath, Seconds, Selector

CATEGORY = "Browser"
ICON = "download"


@dataclass(frozen=True, slots=True)
class FileTaken:
    """The downloaded file.

    Attributes:
        path: Its absolute path.
        name: The name that the page gave it.
        size: Its size in bytes.
    """

    path: str
    name: str
    size: int


@activity(
    id="browser.download",
    title="Download by click",
    raises=(PageTimedOutError, NavigationFailedError, FileExistsAlreadyError, *WRITE_ERRORS, *ELEMENT_ERRORS),
)
async def download(
    context: Context,
    /,
    *,
    browser: Browser,
    target: Selector,
    path: FilePath = "./",
    replace: bool = True,
    timeout: Seconds = 60,
) -> FileTaken:
    """Click an element and save the file that the page then downloads.

    Args:
        browser: The browser.
        target: The link or button to click.
        path: The file to write. In an existing folder, or one whose name ends in a slash, it gets the name that the
            page gives it.
        replace: Whether a file of that name is replaced; otherwise it is an error.
        timeout: Seconds until the download must have begun and, once more, until it must be complete.
    """
    from playwright.async_api import Error

    place = context.path(path)
    names_folder = path.endswith(("/", "\\")) or place.is_dir()
    if not names_folder:
        check_free(place, replace)
    async with browser.use(context) as page:
        found = await find(page, target, timeout=timeout, warn=context.warn)
        try:
            async with page.expect_download(timeout=found.milliseconds) as waiting:
                await found.locator.click(timeout=found.milliseconds)
            taken = await waiting.value
        except Error as error:
            if "download" in first_line(str(error)):
                raise PageTimedOutError(f"A click on {found.name} started no download within {timeout:g} s.") from None
            raise explain_action(error, "clicked", found.name, timeout) from None
        name = safe_file_name(taken.suggested_filename)
        file = place / name if names_folder else place
        check_free(file, replace)
        with replacing(file) as draft:
            try:
                async with asyncio.timeout(timeout or None):
                    await taken.save_as(draft)
            except TimeoutError:
                await taken.cancel()
                raise PageTimedOutError(f"The download of {name} was not complete within {timeout:g} s.") from None
            except Error:
                reason = await taken.failure() or "it was broken off"
                raise NavigationFailedError(f"The download of {name} failed: {reason}.") from None
            size = draft.stat().st_size
        return FileTaken(str(file), name, size)


@activity(id="browser.upload", title="Upload file", icon="upload", raises=(*READ_ERRORS, *ELEMENT_ERRORS))
async def upload(
    context: Context,
    /,
    *,
    browser: Browser,
    target: Selector,
    path: FilePath | Sequence[FilePath],
    timeout: Seconds = 30,
) -> None:
    """Give a file to a page: to its file field, or to a button that asks for a file.

    Args:
        browser: The browser.
        target: The file field or the button.
        path: The file, or a list of files where the field takes several.
        timeout: Seconds to wait for the element.
    """
    from playwright.async_api import Error

    files = [context.path(one) for one in ([path] if isinstance(path, str) else path)]
    if not files:
        raise InputError("`path` is an empty list. Name at least one file.")
    for file in files:
        require_file(file, context)
    async with browser.use(context) as page:
        found = await find(page, target, timeout=timeout, warn=context.warn)
        try:
            if await found.locator.evaluate("one => one instanceof HTMLInputElement && one.type === 'file'"):
                await found.locator.set_input_files(_given(files), timeout=found.milliseconds)
                return
            async with page.expect_file_chooser(timeout=found.milliseconds) as waiting:
                await found.locator.click(timeout=found.milliseconds)
            await (await waiting.value).set_files(_given(files))
        except Error as error:
            if "Non-multiple" in str(error):
                raise InputError(f"{found.name} takes one file, and {len(files)} were given.") from None
            if "filechooser" in str(error):
                raise PageTimedOutError(f"A click on {found.name} did not ask for a file.") from None
            raise explain_action(error, "given a file", found.name, timeout) from None


def _given(files: list[Path]) -> list[str | Path]:
    return list(files)
