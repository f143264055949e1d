"""What axe finds on every page, light and dark: nothing."""

from __future__ import annotations

from typing import Literal

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from .conftest import PatientPage
from .site import CONTRAST, Site, settled, violations
from .workflows import ODD_NAME, failing, hello, summing, waiting

WATCHING = (
    "/",
    "/executions",
    "/executions?text=there+is+none",
    "/executions/{done}",
    "/executions/{done}?tab=log",
    "/executions/{done}?tab=values",
    "/executions/{done}?tab=metrics",
    "/executions/{done}?tab=events",
    "/executions/{failed}",
    "/executions/{running}",
)
MANAGING = (
    "/workflows",
    "/workflows?archived=true",
    "/workflows/{workflow}",
    "/workflows/{workflow}?tab=versions",
    "/workflows/{workflow}?tab=files",
    "/workflows/{workflow}?tab=executions",
    "/workflows/{workflow}?tab=statistics",
    "/workflows/{workflow}?tab=settings",
    "/workflows/{workflow}/compare?from=1&to=2",
    "/workflows/{workflow}/compare?from=1&to=2&view=text",
)
STUDIO = ("/studio/{workflow}", "/studio/{workflow}?execution={done}", "/studio/{workflow}?version=1")
ADMINISTRATION = (
    "/triggers",
    "/runners",
    "/runners/{runner}",
    "/users",
    "/audit",
    "/storage",
    "/system",
    "/account",
    "/nowhere",
)
PARTS = {"watching": WATCHING, "managing": MANAGING, "administration": ADMINISTRATION, "studio": STUDIO}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def places(site: Site) -> dict[str, str]:
    """Ids of things that the pages show."""
    async with site.client() as hub:
        workflow = await site.publish(hub, summing("Seen by axe"))
        document = summing("Seen by axe")
        document["nodes"]["tell"]["with"]["message"] = "it is {total}"
        saved = await hub.post(f"/api/workflows/{workflow}/versions", json={"document": document, "based_on": 1})
        assert saved.is_success, saved.text
        await site.publish(hub, hello(ODD_NAME[1:]), publish=False)
        done = await site.run(hub, workflow)
        failed = await site.run(hub, await site.publish(hub, failing("Seen by axe to fail")))
        running = await hub.post(
            "/api/executions", json={"workflow": await site.publish(hub, waiting("Seen by axe to wait", 3))}
        )
        runner = (await hub.get("/api/runners")).json()["items"][0]
    return {
        "workflow": workflow,
        "done": done["id"],
        "failed": failed["id"],
        "running": running.json()["id"],
        "runner": runner["id"],
    }


async def violations_in_both_themes(page: Page) -> list[str]:
    """What axe finds in the page as it stands: everything in its theme, and of the other what only a theme changes."""
    html = page.locator("html")
    shown = await html.get_attribute("data-mantine-color-scheme")
    found = [f"{shown}: {wrong}" for wrong in await violations(page)]
    other: Literal["light", "dark"] = "dark" if shown == "light" else "light"
    await page.emulate_media(color_scheme=other)  # As when the whole machine changes: nobody has chosen a theme.
    await expect(html).to_have_attribute("data-mantine-color-scheme", other)
    return found + [f"{other}: {wrong}" for wrong in await violations(page, CONTRAST)]


@pytest.mark.parametrize("part", PARTS)
async def test_no_violation_on_any_page(open_page: PatientPage, places: dict[str, str], part: str) -> None:
    page = await open_page("ADMIN", "/nowhere")
    found: list[str] = []
    for path in PARTS[part]:
        await page.goto(path.format(**places))
        await settled(page)
        found += [f"{path} {wrong}" for wrong in await violations_in_both_themes(page)]
    assert not found, "\n".join(found)


async def test_no_violation_in_the_dialogs(open_page: PatientPage, places: dict[str, str]) -> None:
    page = await open_page("ADMIN", "/nowhere")
    found: list[str] = []
    for path, button, title in (
        ("/workflows", "New workflow", "New workflow"),
        ("/runners", "Register a Runner", "Register a Runner"),
        ("/users", "Add a user", "Add a user"),
    ):
        await page.goto(path)
        await settled(page)
        await page.get_by_role("button", name=button).click()
        await expect(page.get_by_role("dialog", name=title)).to_be_visible()
        found += [f"{title} {wrong}" for wrong in await violations_in_both_themes(page)]
    assert not found, "\n".join(found)


async def test_no_violation_at_the_entrance(open_page: PatientPage) -> None:
    page = await open_page(None, "/sign-in")
    await settled(page)
    assert await violations_in_both_themes(page) == []


async def test_the_keyboard_reaches_the_content_past_the_navigation(
    open_page: PatientPage, hub: httpx.AsyncClient
) -> None:
    page = await open_page("OPERATOR", "/workflows")
    await settled(page)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    focused = page.locator("#main :focus")
    await expect(focused).to_have_count(1)
    outline = await focused.evaluate("element => getComputedStyle(element).outlineStyle")
    border = await focused.evaluate("element => getComputedStyle(element).borderColor")
    assert outline != "none" or border != "rgba(0, 0, 0, 0)"
