"""The command palette, by keyboard only."""

from __future__ import annotations

import re

import httpx
from playwright.async_api import expect

from .conftest import PatientPage
from .site import Site, violations
from .workflows import hello


async def test_go_anywhere_by_keyboard(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    workflow = await site.publish(hub, hello("Quarterly palette report"))
    page = await open_page("DEVELOPER", "/")
    await expect(page.get_by_role("heading", name="Dashboard", level=1)).to_be_visible()
    await page.keyboard.press("Control+k")
    field = page.get_by_role("dialog").locator("input")
    await expect(field).to_be_focused()
    await page.keyboard.type("runn")
    await expect(page.get_by_role("dialog").get_by_text("Runners").first).to_be_visible()
    assert await violations(page) == []
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/runners$"))
    await page.keyboard.press("Control+k")
    await page.keyboard.type("quarterly pal")
    await expect(page.get_by_role("dialog").get_by_text("Quarterly palette report")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(workflow))
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_the_palette_offers_what_one_may_do(open_page: PatientPage) -> None:
    page = await open_page("OPERATOR", "/")
    await expect(page.get_by_role("heading", name="Dashboard", level=1)).to_be_visible()
    await page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("input")).to_be_focused()
    for forbidden in ("Users", "Audit log", "New workflow", "Register a Runner"):
        await page.keyboard.press("Control+a")
        await page.keyboard.type(forbidden)
        await expect(dialog.get_by_text(forbidden, exact=True)).to_have_count(0)
