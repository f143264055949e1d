"""The list of executions: its filters live in the address, and it follows what happens."""

from __future__ import annotations

import re

import httpx
from playwright.async_api import expect

from .conftest import PatientPage
from .site import Site, settled
from .workflows import failing, hello, summing, waiting


async def test_filters_live_in_the_address_and_survive_the_way_back(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    good = await site.publish(hub, hello("Filters, green"))
    bad = await site.publish(hub, failing("Filters, red"))
    for workflow in (good, good, bad):
        await site.run(hub, workflow)
    page = await open_page("OPERATOR", "/executions")
    table = page.get_by_role("table")
    await page.get_by_role("textbox", name="Workflow name contains").fill("Filters,")
    await expect(page).to_have_url(re.compile(r"text=Filters"))
    body = table.locator("tbody").get_by_role("row")
    await expect(body).to_have_count(3)
    await page.get_by_role("button", name=re.compile("^Failed")).click()
    await expect(page).to_have_url(re.compile(r"FAILED"))
    await expect(body).to_have_count(1)
    await expect(body).to_contain_text("The invoice has no number.")
    filtered = page.url
    await body.get_by_role("link", name="Filters, red").click()
    await expect(page).to_have_url(re.compile(r"/executions/[0-9a-f-]{36}"))
    await page.go_back()
    await expect(page).to_have_url(filtered)
    await expect(body).to_have_count(1)
    await page.reload()
    await expect(body).to_have_count(1)
    await expect(page.get_by_role("textbox", name="Workflow name contains")).to_have_value("Filters,")
    await expect(page.get_by_role("button", name=re.compile("^Failed"))).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("button", name="Clear filters").click()
    await page.get_by_role("button", name="All", exact=True).click()
    await expect(page).to_have_url(f"{site.url}/executions")


async def test_what_one_tried_oneself_is_told_from_the_work_of_others(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    workflow = await site.publish(hub, hello("Whose is it"))
    await site.until_online()
    page = await open_page("OPERATOR", "/executions?text=Whose")
    own = {"workflow": workflow, "interactive": True}
    answer = await page.request.post("/api/executions", data=own, headers={"Origin": site.url})
    assert answer.ok, await answer.text()
    await site.run(hub, workflow)
    body = page.get_by_role("table").locator("tbody").get_by_role("row")
    await expect(body).to_have_count(2)
    await page.get_by_role("combobox", name="Started by").click()
    await page.get_by_role("option", name="Me").click()
    await expect(page).to_have_url(re.compile("created_by="))
    await expect(body).to_have_count(1)
    await expect(body).to_contain_text("operator")
    await page.get_by_role("combobox", name="Source").click()
    await page.get_by_role("option", name="Interactive run").click()
    await expect(page).to_have_url(re.compile("interactive=true"))
    await expect(body).to_have_count(1)
    await page.reload()
    await expect(page.get_by_role("combobox", name="Started by")).to_have_value("Me")
    await page.get_by_role("combobox", name="Source").click()
    await page.get_by_role("option", name="Debug session").click()
    await expect(page.get_by_role("heading", name="No execution matches these filters")).to_be_visible()
    await page.get_by_role("button", name="Clear filters").click()
    await expect(page).to_have_url(f"{site.url}/executions")


async def test_the_list_follows_what_happens(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    workflow = await site.publish(hub, waiting("Followed live"))
    page = await open_page("OPERATOR", "/executions?text=Followed")
    await expect(page.get_by_role("heading", name="No execution matches these filters")).to_be_visible()
    (await hub.post("/api/executions", json={"workflow": workflow})).raise_for_status()
    row = page.get_by_role("table").locator("tbody").get_by_role("row").filter(has_text="Followed live")
    await expect(row).to_contain_text("Running")
    await row.get_by_role("button", name="Stop: Followed live").click()
    await page.get_by_role("dialog").get_by_role("button", name="Stop").click()
    await expect(row).to_contain_text("Stopped")
    await expect(row.get_by_role("button", name="Run again: Followed live")).to_be_visible()


async def test_one_execution(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    """Its graph, a node's values, its log searched, and running it again."""
    workflow = await site.publish(hub, summing("Looked at closely"))
    execution = await site.run(hub, workflow, numbers=[4, 5, 6])
    page = await open_page("OPERATOR", f"/executions/{execution['id']}")
    await settled(page)
    add = page.locator('.react-flow__node[data-id="add"]')
    await expect(add.locator('[data-state="done"]')).to_contain_text("3×")
    await add.locator("[data-shape]").click()
    await expect(page).to_have_url(re.compile("node=add"))
    await expect(page.get_by_role("complementary", name="Node add")).to_contain_text("3")
    await page.get_by_role("tab", name="Log").click()
    await expect(page).to_have_url(re.compile("tab=log"))
    log = page.get_by_label("Log", exact=True).first
    await expect(page.get_by_text("the total is 15")).to_be_visible()
    await page.get_by_role("textbox", name="Search the log").fill("no such words")
    await expect(page.get_by_text("the total is 15")).to_have_count(0)
    await page.get_by_role("textbox", name="Search the log").fill("total is")
    await expect(page.get_by_text("the total is 15")).to_be_visible()
    await expect(log).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("tab", name="Log")).to_have_attribute("aria-selected", "true")
    await page.get_by_role("tab", name="Inputs and outputs").click()
    await expect(page.get_by_role("main")).to_contain_text("15")
    await page.get_by_role("button", name="Run again", exact=True).click()
    await expect(page).not_to_have_url(re.compile(execution["id"]))
    again = re.search(r"/executions/([0-9a-f-]{36})", page.url)
    assert again, page.url
    assert (await site.until_ended(hub, again[1]))["outputs"] == {"total": 15}
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Completed")
