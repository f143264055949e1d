"""A part of the pages that cannot be fetched: it says so in its place, can be tried again, and nothing else is lost."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress

import httpx
import psutil
from playwright.async_api import Page, Route, expect

from .conftest import PatientPage
from .site import Site, settled, violations
from .studio import Studio, stored
from .workflows import hello


class Cut:
    """Files of the pages that cannot be had for now."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.missing: list[str] = []

    async def begin(self, *files: str) -> None:
        for file in files:
            await self.page.route(f"**/assets/{file}", self._refuse)

    async def end(self) -> None:
        await self.page.unroute_all()

    async def _refuse(self, route: Route) -> None:
        self.missing.append(route.request.url)
        await route.abort()


async def test_a_part_is_fetched_again_and_unsaved_changes_stay(open_page: PatientPage, site: Site) -> None:
    async with site.client() as hub:
        workflow = await site.publish(hub, hello("A part fails"), publish=False)
        page = await open_page("DEVELOPER", f"/studio/{workflow}")
        studio = Studio(page)
        await studio.opened()
        await studio.insert_by_typing("wait", "pause")
        cut = Cut(page)
        await cut.begin("Palette-*")
        await page.keyboard.press("Control+k")
        note = page.get_by_role("alert").filter(has_text="The search could not be fetched")
        await expect(note).to_contain_text("The rest of the page is not affected")
        assert await violations(page) == []
        assert any(url.endswith(".css") for url in cut.missing)
        await note.get_by_role("button", name="Try again").click()
        await expect(note).to_be_visible()
        await studio.select("pause")
        await studio.fill_plain("Name", "rest")
        await cut.end()
        await note.get_by_role("button", name="Try again").click()
        field = page.get_by_role("dialog").locator("input")
        await expect(field).to_be_focused()
        # Its style sheet has come too.
        await expect(field).to_have_css("height", "52px")
        await page.keyboard.press("Escape")
        await studio.save()
        assert set((await stored(hub, workflow))["document"]["nodes"]) == {"tell", "rest"}


async def test_what_cannot_be_fetched_can_be_closed_and_asked_for_later(open_page: PatientPage, site: Site) -> None:
    async with site.client() as hub:
        workflow = await site.publish(hub, hello("A dialog fails"), publish=False)
    page = await open_page("DEVELOPER", f"/studio/{workflow}")
    studio = Studio(page)
    await studio.opened()
    cut = Cut(page)
    await cut.begin("RunDialog-*.js")
    await run_with(page)
    note = page.get_by_role("alert").filter(has_text="The dialog could not be fetched")
    await note.get_by_role("button", name="Close").click()
    await expect(note).to_be_hidden()
    await cut.end()
    await run_with(page)
    await expect(page.get_by_role("dialog", name="Run the workflow")).to_be_visible()


async def run_with(page: Page) -> None:
    await page.get_by_role("button", name="More ways to run").click()
    await page.get_by_role("menuitem", name="Run with").first.click()


async def test_a_page_and_a_picture_are_fetched_again(open_page: PatientPage, site: Site) -> None:
    async with site.client() as hub:
        workflow = await site.publish(hub, hello("A picture fails"))
    page = await open_page("DEVELOPER", "/")
    cut = Cut(page)
    await cut.begin("RunnersPage-*", "VersionGraph-*.js")
    await page.get_by_role("link", name="Runners", exact=True).click()
    note = page.get_by_role("alert")
    # All was loaded anew before that is said, as after an update of the Hub.
    await expect(note).to_contain_text("This page could not be fetched")
    assert len(cut.missing) > 1
    await page.goto(f"/workflows/{workflow}")
    await expect(note).to_contain_text("This part of the page could not be fetched")
    await expect(page.get_by_role("heading", name="A picture fails")).to_be_visible()
    await cut.end()
    await note.get_by_role("button", name="Try again").click()
    await expect(page.locator(".react-flow__node").first).to_be_visible()
    await cut.begin("RunnersPage-*")
    await page.get_by_role("link", name="Runners", exact=True).click()
    await expect(note).to_contain_text("This page could not be fetched")
    await cut.end()
    await note.get_by_role("button", name="Try again").click()
    await settled(page)
    await expect(page.get_by_role("heading", name="Runners", level=1)).to_be_visible()


async def test_the_hub_dies_while_a_part_is_on_its_way(open_page: PatientPage, own_site: Site) -> None:
    async with own_site.client() as hub:
        workflow = await own_site.publish(hub, hello("A part on its way"), publish=False)
    page = await open_page("DEVELOPER", f"/studio/{workflow}", on=own_site)
    studio = Studio(page)
    await studio.opened()
    await studio.insert_by_typing("wait", "pause")
    assert own_site.process is not None
    # It would start the Hub again at once.
    keeper = psutil.Process(own_site.process.pid)
    there = own_site.child("hub")

    async def die(route: Route) -> None:
        keeper.suspend()
        with suppress(psutil.NoSuchProcess):  # The page may ask a second time.
            there.kill()
        await route.abort()

    await page.route("**/assets/Palette-*", die)
    try:
        await page.keyboard.press("Control+k")
        await expect(page.get_by_text("The Hub does not answer").first).to_be_visible()
        await page.unroute_all()
    finally:
        keeper.resume()
    # Nobody has to do anything.
    await expect(page.get_by_role("dialog").locator("input")).to_be_focused()
    await expect(page.get_by_role("alert").filter(has_text="could not be fetched")).to_have_count(0)
    await page.keyboard.press("Escape")
    await studio.save()
    async with own_site.client() as hub:
        assert set((await stored(hub, workflow))["document"]["nodes"]) == {"tell", "pause"}


async def test_what_is_typed_while_an_editor_is_on_its_way_stands_where_it_was_typed(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    workflow = await site.publish(hub, hello("Typed early"), publish=False)
    page = await open_page("DEVELOPER")
    here = asyncio.Event()

    async def late(route: Route) -> None:
        await here.wait()
        await route.continue_()

    await page.route("**/assets/TemplateEditor-*.js", late)
    await page.goto(f"/studio/{workflow}")
    studio = Studio(page)
    await studio.opened()
    await studio.select("tell")
    await studio.field("Message").click()
    await expect(studio.form.locator("textarea")).to_be_focused()
    await page.keyboard.press("Home")
    await page.keyboard.type("AB")
    here.set()
    editor = studio.form.locator(".cm-content")
    await expect(editor).to_be_focused()
    await page.keyboard.type("C")
    await expect(editor).to_have_text(re.compile("^ABC"))
