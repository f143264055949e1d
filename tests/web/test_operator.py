"""An operator sees nothing that he may not press: whatever he presses, the Hub never has to refuse it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, Response, expect

from .conftest import PatientPage
from .site import Site, settled
from .workflows import failing, hello

PAGES = (
    "/",
    "/workflows",
    "/workflows/{workflow}",
    "/workflows/{workflow}?tab=versions",
    "/workflows/{workflow}?tab=statistics",
    "/workflows/{workflow}?tab=settings",
    "/workflows/{workflow}/compare?from=1&to=2",
    "/executions",
    "/executions/{failed}",
    "/executions/{failed}?tab=log",
    "/runners",
    "/runners/{runner}",
    "/account",
)
FORBIDDEN_PLACES = ("/users", "/audit", "/storage", "/system")
DEVELOPERS_WORDS = ("New workflow", "Publish", "Archive", "Duplicate", "Name and tags", "Roll back", "Rename", "Save")
ADMINISTRATORS_WORDS = ("Register a Runner", "Regenerate", "Remove", "Add a user", "Labels", "Users", "Audit log")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def places(site: Site) -> dict[str, str]:
    """Ids of things that the pages show: a published workflow with a newer draft, and a failed execution."""
    async with site.client() as hub:
        workflow = await site.publish(hub, hello("For operators"))
        document = hello("For operators")
        document["nodes"]["tell"]["with"]["message"] = "changed"
        saved = await hub.post(f"/api/workflows/{workflow}/versions", json={"document": document, "based_on": 1})
        assert saved.is_success, saved.text
        failed = await site.run(hub, await site.publish(hub, failing("For operators, failing")))
        runner = (await hub.get("/api/runners")).json()["items"][0]
    return {"workflow": workflow, "failed": failed["id"], "runner": runner["id"]}


class Refusals:
    """The requests of a page that the Hub refused because of the role."""

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        page.on("response", self._look)

    def _look(self, response: Response) -> None:
        if response.status == 403:
            self.found.append(f"{response.request.method} {response.url}")


def controls(page: Page) -> Locator:
    """All that can be pressed; of a table, the first row's. Tabs have addresses of their own."""
    return page.locator("#main").locator("button:enabled:not([role=tab], tr:nth-child(n + 2) *):visible")


async def names(page: Page) -> list[str]:
    """What the page offers to press, menus included."""
    found: list[str] = await controls(page).evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label') || one.innerText.trim())"
    )
    menus = page.locator("#main").locator("button[aria-haspopup=menu]:visible")
    for number in range(min(await menus.count(), 3)):
        await menus.nth(number).click()
        await expect(page.get_by_role("menuitem").first).to_be_visible()
        found += await page.get_by_role("menuitem").all_inner_texts()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("menu")).to_have_count(0)
    return found


@pytest.mark.parametrize("path", PAGES)
async def test_whatever_an_operator_presses_is_not_refused(
    open_page: PatientPage, site: Site, places: dict[str, str], path: str
) -> None:
    address = path.format(**places)
    page = await open_page("OPERATOR", address)
    refusals = Refusals(page)
    await page.goto(address)
    await settled(page)
    offered = await names(page)
    words = (*DEVELOPERS_WORDS, *ADMINISTRATORS_WORDS)
    assert [name for name in offered if name.startswith(words)] == []
    for number in range(await controls(page).count()):
        one = controls(page).nth(number)
        if await one.count() == 0 or not await one.is_visible() or not await one.is_enabled():
            continue
        await one.click()
        await page.keyboard.press("Escape")
        if page.url != site.url + address:
            await page.goto(address)
            await settled(page)
    assert refusals.found == []


async def test_addresses_of_administrators_say_that_they_are_theirs(open_page: PatientPage) -> None:
    page = await open_page("OPERATOR", "/")
    refusals = Refusals(page)
    for place in FORBIDDEN_PLACES:
        await page.goto(place)
        await expect(page.get_by_role("heading", name="This page is for administrators", level=1)).to_be_visible()
        await expect(page.get_by_role("navigation", name="Main").locator(f'a[href="{place}"]')).to_have_count(0)
    await page.get_by_role("link", name="Go to the dashboard").click()
    await expect(page.get_by_role("heading", name="Dashboard", level=1)).to_be_visible()
    assert refusals.found == []


async def test_each_role_finds_what_it_may_do(
    open_page: PatientPage, places: dict[str, Any], hub: httpx.AsyncClient
) -> None:
    """The same pages as others see them: were nothing offered to anybody, the tests above could not fail."""
    developer = await open_page("DEVELOPER", "/workflows")
    await settled(developer)
    assert "New workflow" in await names(developer)
    await developer.goto("/runners")
    await settled(developer)
    assert "Register a Runner" not in await names(developer)
    administrator = await open_page("ADMIN", "/runners")
    await settled(administrator)
    assert "Register a Runner" in await names(administrator)
    await administrator.goto(f"/runners/{places['runner']}")
    await settled(administrator)
    offered = " ".join(await names(administrator))
    assert "Regenerate" in offered
    assert "Remove" in offered
