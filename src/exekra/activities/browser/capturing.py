"""Take pictures and PDF files of pages."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from exekra.activities.browser.errors import ELEMENT_ERRORS, PAGE_ERRORS, explain_action
from exekra.activities.browser.finding import find
from exekra.activities.browser.session import Browser
from exekra.activities.disk import WRITE_ERRORS, FileExistsAlreadyError, check_free, replacing
from exekra.sdk.activity import activity
from exekra.sdk.context import Context
from exekra.sdk.errors import InputError, KeepFileError
from exekra.sdk.types import FilePath, Seconds, Selector

CATEGORY = "Browser"
ICON = "camera"

_PICTURES = (".png", ".jpg", ".jpeg")


@dataclass(frozen=True, slots=True)
class Captured:
    """The file.

    Attributes:
        path: Its absolute path.
        size: Its size in bytes.
    """

    path: str
    size: int


@activity(
    id="browser.screenshot",
    title="Take screenshot",
    raises=(*ELEMENT_ERRORS, *WRITE_ERRORS, FileExistsAlreadyError, KeepFileError),
)
async def screenshot(
    context: Context,
    /,
    *,
    browser: Browser,
    path: FilePath = "screenshot.png",
    target: Selector | None = None,
    whole_page: bool = False,
    keep: bool = True,
    replace: bool = True,
    timeout: Seconds = 30,
) -> Captured:
    """Take a picture of the page or of an element.

    Args:
        browser: The browser.
        path: The file: .png or .jpg.
        target: The element; what the window shows of the page otherwise.
        whole_page: Whether the picture goes down to the end of the page.
        keep: Whether the picture is kept with the execution, where people can see it.
        replace: Whether a file of that name is replaced; otherwise it is an error.
        timeout: Seconds to wait for the element.
    """
    from playwright.async_api import Error

    if target is not None and whole_page:
        raise InputError("`target` and `whole_page` are both given. Keep one of them.")
    file = context.path(path)
    check_free(file, replace)
    if file.suffix.lower() not in _PICTURES:
        raise InputError(f"{path} is not the name of a picture: it ends in .png or .jpg.")
    kind: Literal["png", "jpeg"] = "png" if file.suffix.lower() == ".png" else "jpeg"
    async with browser.use(context) as page:
        if target is None:
            content = await page.screenshot(type=kind, full_page=whole_page, timeout=max(timeout * 1000, 1))
        else:
            found = await find(page, target, timeout=timeout, warn=context.warn)
            try:
                content = await found.locator.screenshot(type=kind, timeout=found.milliseconds)
            except Error as error:
                raise explain_action(error, "captured", found.name, timeout) from None
    return await _written(context, file, content, keep=keep)


@activity(
    id="browser.pdf",
    title="Save page as PDF",
    icon="file-type-pdf",
    raises=(*PAGE_ERRORS, *WRITE_ERRORS, FileExistsAlreadyError, KeepFileError),
)
async def save_pdf(
    context: Context,
    /,
    *,
    browser: Browser,
    path: FilePath = "page.pdf",
    paper: Literal["A3", "A4", "A5", "Letter", "Legal"] = "A4",
    landscape: bool = False,
    background: bool = True,
    keep: bool = True,
    replace: bool = True,
) -> Captured:
    """Save the page as a PDF file, as printing it would.

    Args:
        browser: The browser; Chrome, Edge or Chromium.
        path: The file.
        paper: The size of the paper.
        landscape: Whether the paper is turned on its side.
        background: Whether colours and pictures behind texts are printed.
        keep: Whether the file is kept with the execution, where people can see it.
        replace: Whether a file of that name is replaced; otherwise it is an error.
    """
    file = context.path(path)
    check_free(file, replace)
    async with browser.use(context) as page:
        content = await page.pdf(format=paper, landscape=landscape, print_background=background)
    return await _written(context, file, content, keep=keep)


async def _written(context: Context, file: Path, content: bytes, *, keep: bool) -> Captured:
    def write() -> None:
        with replacing(file) as place:
            place.write_bytes(content)
        if keep:
            context.keep_file(file)

    await asyncio.to_thread(write)
    return Captured(str(file), len(content))
