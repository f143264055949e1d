"""Running in Studio: what fails is found, mended, and run from there; what a debugger shows can be changed."""

from __future__ import annotations

import httpx
from playwright.async_api import expect

from .conftest import PatientPage
from .site import Site, violations
from .studio import Studio, stored
from .workflows import flow, summing

BROKEN = flow(
    "Broken totals",
    {
        "rows": {"do": "set_variable", "with": {"variable": "amounts", "value": [12, 30, 7]}},
        "divide": {"do": "set_variable", "with": {"variable": "average", "value": "{sum(amounts) / divisor}"}},
        "tell": {"do": "general.log", "with": {"message": "the average is {average}"}},
    },
    ["start -> rows -> divide -> tell"],
    variables={
        "amounts": {"type": "list", "default": []},
        "average": {"type": "number", "default": 0},
        "divisor": {"type": "number", "default": 0},
    },
    outputs={"average": {"type": "number"}},
)


async def test_find_the_failed_node_fix_it_and_run_from_there(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    workflow = await site.publish(hub, BROKEN, publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}"))
    page = studio.page
    await studio.opened()
    await studio.run()
    await studio.ended("FAILED")
    await expect(studio.card("rows")).to_have_attribute("data-state", "done")
    await expect(studio.card("divide")).to_have_attribute("data-state", "failed")
    result = await studio.open_drawer("Result")
    await expect(result).to_contain_text("zero")
    await result.get_by_role("button", name="Show divide").click()
    await expect(studio.form.get_by_role("textbox", name="Name", exact=True)).to_have_value("divide")
    await studio.fill("Value", "{sum(amounts) / length(amounts)}")
    await studio.toolbar.get_by_role("button", name="All commands").click()
    await page.get_by_role("menuitem", name="Run from this step").click()
    dialog = page.get_by_role("dialog", name="Run from divide")
    await expect(dialog).to_contain_text("12")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Run", exact=True).click()
    await studio.succeeded()
    await expect(studio.card("divide")).to_have_attribute("data-state", "done")
    await expect(studio.card("tell")).to_have_attribute("data-state", "done")
    await expect(studio.card("rows")).not_to_have_attribute("data-state", "done")
    newest = (await hub.get("/api/executions", params={"workflow_id": workflow, "limit": 1})).json()["items"][0]
    execution = (await hub.get(f"/api/executions/{newest['id']}")).json()
    assert abs(execution["outputs"]["average"] - 49 / 3) < 1e-9
    assert (await stored(hub, workflow))["number"] == 2


async def test_debug_a_loop_with_a_condition_and_change_a_variable(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    workflow = await site.publish(hub, summing("Debugged in Studio"), publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}"))
    page = studio.page
    await studio.opened()
    await studio.select("add")
    await page.keyboard.press("F9")
    debug = await studio.open_right("Debug")
    await debug.get_by_role("textbox", name="Condition of the breakpoint at add").click()
    await expect(debug.locator(".cm-content")).to_be_focused()
    await page.keyboard.type("number == 7")
    await page.keyboard.press("Enter")
    await page.keyboard.press("F7")
    await page.get_by_role("dialog", name="Debug the workflow").get_by_role("button", name="Debug").click()
    await studio.ended("PAUSED")
    await expect(studio.card("add")).to_have_attribute("data-state", "paused")
    await expect(debug.get_by_role("list", name="Available values")).to_contain_text("21")
    assert await violations(page) == []
    await debug.get_by_role("button", name="Change total").click()
    await debug.get_by_role("textbox", name="total").fill("1000")
    await page.keyboard.press("Enter")
    await expect(debug.locator('[data-variable="total"]')).to_contain_text("1000")
    await page.keyboard.press("F10")
    await expect(debug.locator('[data-variable="total"]')).to_contain_text("1007")
    await expect(debug.locator('[data-variable="total"]')).to_contain_text("changed")
    await page.keyboard.press("F5")
    await studio.succeeded()
    result = await studio.open_drawer("Result")
    await expect(result).to_contain_text(str(1000 + 7 + 8 + 9 + 10))


async def test_step_into_and_out_of_a_loop(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    workflow = await site.publish(hub, summing("Stepped in Studio"), publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}"))
    page = studio.page
    await studio.opened()
    await studio.select("each")
    await page.keyboard.press("F9")
    await page.keyboard.press("F7")
    await page.get_by_role("dialog", name="Debug the workflow").get_by_role("button", name="Debug").click()
    await expect(studio.card("each")).to_have_attribute("data-state", "paused")
    await page.keyboard.press("F11")
    await expect(studio.card("add")).to_have_attribute("data-state", "paused")
    await page.keyboard.press("Shift+F11")
    await expect(studio.card("tell")).to_have_attribute("data-state", "paused")
    await page.keyboard.press("F10")
    await studio.succeeded()


async def test_a_session_ends_when_its_page_is_closed(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    workflow = await site.publish(hub, summing("Left while paused"), publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}"))
    page = studio.page
    await studio.opened()
    await studio.select("tell")
    await page.keyboard.press("F9")
    await page.keyboard.press("F7")
    await page.get_by_role("dialog", name="Debug the workflow").get_by_role("button", name="Debug").click()
    await studio.ended("PAUSED")
    newest = (await hub.get("/api/executions", params={"workflow_id": workflow, "limit": 1})).json()["items"][0]
    assert newest["state"] == "RUNNING"
    await page.close()
    assert (await site.until_ended(hub, newest["id"]))["state"] == "STOPPED"
