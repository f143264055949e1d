"""From an empty Hub to a first green run: what somebody sees who has read nothing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Page, expect
from tests.e2e.hub_and_runner import HubAndRunner

from exekra.testing.postgres import Postgres

from .conftest import PatientPage
from .site import settled, violations
from .studio import Studio

PASSWORD = "correct horse battery"


@pytest_asyncio.fixture(loop_scope="session")
async def empty(postgres: Postgres, hub_template: str, tmp_path: Path) -> AsyncIterator[HubAndRunner]:
    """A Hub that nobody has been at, and a Runner that is not registered yet."""
    url = await postgres.create_database(template=hub_template)
    programs = HubAndRunner(url, tmp_path)
    try:
        await programs.start_hub()
        yield programs
    finally:
        await programs.close()
        await postgres.drop_database(url)


async def make_the_administrator(page: Page) -> None:
    await expect(page.get_by_role("heading", name="Welcome to Exekra")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_label("Your name").fill("Ada Lovelace")
    await page.get_by_label("E-mail").fill("ada@example.org")
    await page.get_by_role("textbox", name="Password", exact=True).fill(PASSWORD)
    await page.get_by_role("textbox", name="Repeat the password").fill("something else")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("The two passwords do not match.")).to_be_visible()
    await page.get_by_role("textbox", name="Repeat the password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Dashboard", level=1)).to_be_visible()


async def register_the_runner(page: Page, empty: HubAndRunner) -> None:
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Runners").click()
    await page.get_by_role("main").get_by_role("button", name="Register a Runner").first.click()
    await page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("First machine")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Connect First machine")
    await expect(dialog.get_by_text("The secret is shown only now")).to_be_visible()
    shown = await dialog.inner_text()
    key, secret = re.search(r"FC-[\w-]+", shown), re.search(r"\b[0-9a-f]{64}\b", shown)
    assert key, shown
    assert secret, shown
    empty.registered = {"machine_key": key[0], "machine_secret": secret[0]}
    await empty.start_runner()
    await expect(dialog.get_by_role("status")).to_contain_text("Connected")
    await dialog.get_by_role("button", name="Done").click()


async def test_from_an_empty_hub_to_a_green_run(open_page: PatientPage, empty: HubAndRunner) -> None:
    page = await open_page(None, f"http://127.0.0.1:{empty.port}/")
    await make_the_administrator(page)
    await settled(page)
    await expect(page.get_by_role("main")).to_contain_text("Runner")
    await register_the_runner(page, empty)
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Workflows").click()
    await page.get_by_role("main").get_by_role("button", name="New workflow").first.click()
    await page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("My first workflow")
    await page.keyboard.press("Enter")
    studio = Studio(page)
    await studio.opened()
    await studio.insert_by_typing("log")
    await studio.fill("Message", "hello from the first workflow")
    await studio.save()
    await studio.run()
    await studio.succeeded()
    await expect(studio.card("log")).to_have_attribute("data-state", "done")
