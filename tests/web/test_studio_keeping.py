"""Nothing that was drawn is lost: two tabs, a closed tab, a Hub that is away, a session that ended."""

from __future__ import annotations

import asyncio
import re

import httpx
import psutil
from playwright.async_api import Page, expect

from exekra.testing.patience import PATIENCE_SECONDS

from .conftest import PatientPage
from .site import PASSWORD, Site, violations
from .studio import Studio, stored
from .workflows import flow

TWO_STEPS = {
    "first": {"do": "general.log", "with": {"message": "one"}},
    "second": {"do": "general.log", "with": {"message": "two"}},
}
ROW = ["start -> first -> second"]


async def change(studio: Studio, node: str, message: str) -> None:
    await studio.select(node)
    await studio.fill("Message", message)
    await expect(studio.node(node)).to_contain_text(message)


def messages(version: dict[str, dict[str, dict[str, dict[str, dict[str, str]]]]]) -> list[str]:
    return [node["with"]["message"] for node in version["document"]["nodes"].values()]


async def two_tabs(open_page: PatientPage, site: Site, hub: httpx.AsyncClient, name: str) -> tuple[Studio, Studio]:
    workflow = await site.publish(hub, flow(name, TWO_STEPS, ROW), publish=False)
    one = Studio(await open_page("DEVELOPER", f"/studio/{workflow}"))
    other = Studio(await open_page("DEVELOPER", f"/studio/{workflow}"))
    await one.opened()
    await other.opened()
    return one, other


async def refused(studio: Studio) -> None:
    """The second save is told of the first, and shown what both changed."""
    await studio.page.keyboard.press("Control+s")
    dialog = studio.page.get_by_role("dialog", name="Somebody else saved this workflow")
    await expect(dialog).to_contain_text("saved version 2")
    await expect(dialog.get_by_role("region", name="What they changed")).to_contain_text("first")
    assert await violations(studio.page) == []


async def test_two_tabs_are_brought_together(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    one, other = await two_tabs(open_page, site, hub, "Two tabs, together")
    await change(one, "first", "ONE")
    await one.save()
    await change(other, "second", "TWO")
    await refused(other)
    await other.page.get_by_role("button", name="Save both merged").click()
    await other.saved()
    version = await stored(hub, other.workflow)
    assert (version["number"], messages(version)) == (3, ["ONE", "TWO"])


async def test_two_tabs_with_the_same_change(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    one, other = await two_tabs(open_page, site, hub, "Two tabs, against each other")
    await change(one, "first", "theirs")
    await one.save()
    await change(other, "first", "mine")
    await refused(other)
    dialog = other.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("You both edited the same parts")
    await expect(dialog.get_by_role("button", name="Save both merged")).to_have_count(0)
    await dialog.get_by_role("button", name="Take theirs").click()
    await expect(dialog).to_be_hidden()
    await expect(other.node("first")).to_contain_text("theirs")
    await other.canvas.focus()
    await other.page.keyboard.press("Control+z")
    await expect(other.node("first")).to_contain_text("mine")
    await other.save()
    version = await stored(hub, other.workflow)
    assert (version["number"], messages(version)) == (3, ["mine", "two"])
    assert messages((await hub.get(f"/api/workflows/{other.workflow}/versions/2")).json()) == ["theirs", "two"]


async def test_a_closed_tab_recovers_its_draft(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    workflow = await site.publish(hub, flow("Closed too early", TWO_STEPS, ROW), publish=False)
    page = await open_page("DEVELOPER", f"/studio/{workflow}")
    studio = Studio(page)
    await studio.opened()
    await change(studio, "second", "written and never saved")
    await kept(page)
    await page.close()
    again = Studio(await site.second_page(page.context, f"/studio/{workflow}"))
    await again.opened()
    await expect(again.page.get_by_text("You have unsaved changes")).to_be_visible()
    await again.page.get_by_role("button", name="Show differences").click()
    await expect(again.page.get_by_role("region", name="Unsaved changes")).to_contain_text("second")
    assert await violations(again.page) == []
    await again.page.get_by_role("button", name="Restore").click()
    await expect(again.node("second")).to_contain_text("written and never saved")
    await again.save()
    assert messages(await stored(hub, workflow)) == ["one", "written and never saved"]


async def kept(page: Page) -> None:
    """Wait until the browser's own store has the draft."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while "never saved" not in await page.evaluate(STORED_IN_BROWSER):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.05)


STORED_IN_BROWSER = """async () => {
    const found = [];
    for (const { name } of await indexedDB.databases()) {
        const database = await new Promise((done, fail) => {
            const opening = indexedDB.open(name);
            opening.onsuccess = () => done(opening.result);
            opening.onerror = fail;
        });
        for (const store of database.objectStoreNames) {
            const asking = database.transaction(store).objectStore(store).getAll();
            found.push(...(await new Promise((done) => (asking.onsuccess = () => done(asking.result)))));
        }
        database.close();
    }
    return JSON.stringify(found);
}"""


async def test_the_hub_stops_while_somebody_draws(open_page: PatientPage, own_site: Site) -> None:
    async with own_site.client() as hub:
        workflow = await own_site.publish(hub, flow("Drawn without a Hub", TWO_STEPS, ROW), publish=False)
    page = await open_page("DEVELOPER", f"/studio/{workflow}", on=own_site)
    studio = Studio(page)
    await studio.opened()
    await change(studio, "first", "begun while it was there")
    assert own_site.process is not None
    # It would start the Hub again at once.
    keeper = psutil.Process(own_site.process.pid)
    keeper.suspend()
    try:
        own_site.child("hub").kill()
        await change(studio, "first", "written while the Hub was away")
        await page.keyboard.press("Control+s")
        await expect(studio.toolbar).to_contain_text("not saved yet, trying again")
        await expect(page.get_by_text("The Hub does not answer").first).to_be_visible()
        await change(studio, "second", "and this too")
        # What is not here yet cannot come now; it must not take the page with it.
        await page.keyboard.press("Control+k")
    finally:
        keeper.resume()
    await expect(page.get_by_role("dialog").locator("input")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(studio.toolbar).to_contain_text(re.compile(r"Version \d+ · (saved|unsaved changes)"))
    await expect(page.get_by_text("The Hub does not answer")).to_have_count(0)
    await studio.save()
    async with own_site.client() as hub:
        assert messages(await stored(hub, workflow)) == ["written while the Hub was away", "and this too"]


async def test_an_expired_session_goes_on_after_signing_in_again(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    workflow = await site.publish(hub, flow("Signed out meanwhile", TWO_STEPS, ROW), publish=False)
    page = await open_page("DEVELOPER", f"/studio/{workflow}")
    studio = Studio(page)
    await studio.opened()
    await change(studio, "first", "kept over the sign-in")
    await page.context.clear_cookies()
    await page.keyboard.press("Control+s")
    dialog = page.get_by_role("dialog", name="Sign in again")
    await expect(dialog).to_contain_text("Nothing on this page is lost")
    assert await violations(page) == []
    await dialog.get_by_label("Password").first.fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await studio.saved()
    assert messages(await stored(hub, workflow)) == ["kept over the sign-in", "two"]


async def test_a_workflow_is_renamed_where_it_is_drawn(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    await site.publish(hub, flow("Taken by another", TWO_STEPS, ROW), publish=False)
    workflow = await site.publish(hub, flow("Unhappy name", TWO_STEPS, ROW), publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}"))
    page = studio.page
    await studio.opened()
    await studio.form.get_by_label("Name", exact=True).fill("Taken by another")
    await expect(studio.form).to_contain_text("Workflows that call it by its old name must be changed too.")
    await page.keyboard.press("Control+s")
    await expect(page.get_by_role("alert")).to_contain_text("There is already a workflow named 'Taken by another'.")
    await expect(studio.toolbar).to_contain_text("could not be saved")
    await page.get_by_role("alert").get_by_role("button", name="Close").click()
    await studio.form.get_by_label("Name", exact=True).fill("Happy name")
    await studio.form.get_by_label("Description").fill("Makes people happy")
    await studio.save()
    found = (await hub.get(f"/api/workflows/{workflow}")).json()
    assert (found["name"], found["description"]) == ("Happy name", "Makes people happy")
    await studio.toolbar.get_by_role("link", name="Workflow").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Happy name")
    answer = await hub.patch(f"/api/workflows/{workflow}", json={"name": "Happier name"})
    assert answer.is_success, answer.text
    await page.goto(f"/studio/{workflow}")
    await expect(studio.toolbar).to_contain_text("Happier name")
    await expect(studio.toolbar).to_contain_text("saved")


async def test_what_is_just_being_typed_is_saved_too(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    workflow = await site.publish(hub, flow("Saved in the middle", TWO_STEPS, ROW), publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}"))
    await studio.opened()
    await studio.select("second")
    await studio.form.get_by_role("textbox", name="Name", exact=True).fill("last")
    await studio.page.keyboard.press("Control+s")
    await studio.saved()
    assert list((await stored(hub, workflow))["document"]["nodes"]) == ["first", "last"]
