"""A whole platform with its pages, and a real browser that looks at them."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from exekra.testing import chromium

from .site import Site, Watched

_numbers = itertools.count(1)
PatientPage = Callable[..., Awaitable[Page]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One platform and one browser serve all tests of this folder, so they run in one event loop, in one process."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"))
            item.add_marker(pytest.mark.xdist_group("web"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site() -> AsyncIterator[Site]:
    """`exekra up`, running."""
    home = Path(tempfile.mkdtemp(prefix="exekra-web-"))
    site = Site(home)
    try:
        await site.start()
        async with site.listening():
            yield site
        await site.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.chromium(), args=chromium.words(), headless=True
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def hub(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """The Hub's API, as the first administrator."""
    async with site.client() as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(site: Site, browser: Browser, hub: httpx.AsyncClient) -> AsyncIterator[PatientPage]:
    """Opens the pages as a new user of a role (None: nobody is signed in).

    Whatever goes wrong in a page fails its test: an error of a script, a refusal by the policy, a request to
    another host.
    """
    watched: list[Watched] = []

    async def open_as(role: str | None = "ADMIN", path: str = "/", **options: object) -> Page:
        context = await browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 800}, **options)  # type: ignore[arg-type]  # Playwright's own options are passed on.
        if role is not None:
            await site.sign_in(context, hub, role, next(_numbers))
        page = await context.new_page()
        page.set_default_timeout(15_000)
        watched.append(Watched(site.url, context, page))
        await page.goto(path)
        return page

    yield open_as
    for one in watched:
        await one.context.close()
    assert [found for one in watched for found in one.found] == []
