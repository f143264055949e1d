"""A whole platform with its pages, and a real browser that looks at them."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from exekra.hub.web.pages.files import BUILT
from exekra.testing import chromium
from exekra.testing.folders import make_folder
from exekra.testing.patience import PATIENCE_SECONDS

from .site import Site, Watched

_numbers = itertools.count(1)
_failed = pytest.StashKey[bool]()
PatientPage = Callable[..., Awaitable[Page]]
PATIENCE_MILLISECONDS = PATIENCE_SECONDS * 1000
IMPATIENT = {
    "EXEKRA_PAGE_REQUESTS_PER_MINUTE": "0",
    "EXEKRA_DEBUG_ALIVE_SECONDS": "0.5",
    "EXEKRA_DEBUG_GONE_SECONDS": "4",
}
"""Settings of a Hub that nobody wants to wait for."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One platform and one browser of a worker serve all its tests of this folder, in one event loop."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember what failed: its pages are photographed before they close."""
    report = yield
    item.stash[_failed] = item.stash.get(_failed, False) or report.failed
    return report


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site() -> AsyncIterator[Site]:
    """`exekra up`, running."""
    async for running in running_site():
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def own_site() -> AsyncIterator[Site]:
    """A platform for one test alone, which may stop parts of it."""
    async for running in running_site():
        yield running


async def running_site(**environment: str) -> AsyncIterator[Site]:
    if not (BUILT / "index.html").exists():
        pytest.fail("The pages are not built. Run `make web`, or all tests with `make test`.")
    home = make_folder("exekra-web-")
    site = Site(home, environment=IMPATIENT | environment)
    try:
        await site.start()
        async with site.listening():
            await site.until_online()
            yield site
        await site.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, without a window."""
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
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
async def open_page(
    site: Site, browser: Browser, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[PatientPage]:
    """Opens the pages as a new user of a role (None: nobody is signed in), or in a context that is there.

    Whatever goes wrong in a page fails its test: an error of a script, a refusal by the policy, a request to
    another host.
    """
    watched: list[Watched] = []

    async def open_as(role: str | None = "ADMIN", path: str = "/", *, on: Site = site, **options: Any) -> Page:
        # Without motion nothing is clicked or judged while it still moves.
        options = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
        context = await browser.new_context(base_url=on.url, **options)
        if role is not None:
            async with on.client() as client:
                await on.sign_in(context, client, role, next(_numbers))
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MILLISECONDS)
        address = urljoin(on.url, path)
        watched.append(Watched(f"http://{urlsplit(address).netloc}", context, page))
        await page.goto(address)
        return page

    yield open_as
    if request.node.stash.get(_failed, False):
        await _photograph(watched, tmp_path)
        async with site.client() as client:
            await site.stop_all(client)
    for one in watched:
        await one.context.close()
    assert [found for one in watched for found in one.found] == []


async def _photograph(watched: list[Watched], folder: Path) -> None:
    pages = [page for one in watched for page in one.context.pages]
    for number, page in enumerate(pages, start=1):
        picture = folder / f"page-{number}.png"
        await page.screenshot(path=picture)
        print(f"{page.url} when it failed: {picture}")
    for one in watched:
        print("\n".join(one.found))
