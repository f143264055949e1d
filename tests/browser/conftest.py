"""One browser and one web site for the tests of a module."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio
from web_site import Site

from exekra.activities.browser.opening import open_browser
from exekra.activities.browser.session import Browser
from exekra.testing.chromium import chromium
from exekra.testing.context import FakeContext
from exekra.testing.patience import PATIENCE_SECONDS

CLOSING_SECONDS = 5.0
"""A page that never ends its script keeps its context from closing; it ends with the browser."""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Pages that are served on this machine."""
    with Site() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    os.environ.setdefault("EXEKRA_CHROMIUM", str(chromium()))  # Says what to do where there is none.
    context = FakeContext(tmp_path_factory.mktemp("browser"))
    browser = (await open_browser(context)).browser
    yield browser
    await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def browser(opened: Browser) -> AsyncIterator[Browser]:
    """The browser with one empty tab, in a context of its own: a page that a test left busy is in nobody's way."""
    assert opened._browser is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        context = await opened._browser.new_context(viewport={"width": 1280, "height": 720})
        fresh = Browser(opened._driver, None, context, own=False)
        fresh.page = await context.new_page()
    yield fresh
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSING_SECONDS):
            await context.close()


@pytest.fixture
def context(tmp_path: Path) -> FakeContext:
    """The context of one step."""
    (tmp_path / "work").mkdir()
    (tmp_path / "temporary").mkdir()
    return FakeContext(tmp_path / "work", temporary_folder=tmp_path / "temporary")
