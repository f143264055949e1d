"""Called workflows: looked at in Studio, with breakpoints inside, stepped through; and on the page of an execution."""

from __future__ import annotations

from typing import Any

import httpx
from playwright.async_api import Locator, expect

from .conftest import PatientPage
from .site import Site, violations
from .studio import Studio, stored
from .workflows import converting, failing, flow, hello


def adding(name: str, called: str) -> dict[str, Any]:
    """Adds up what the called workflow makes of three amounts."""
    nodes = {
        "each": {"do": "for_each", "with": {"items": [100, 250, 80], "item": "price"}},
        "call": {"do": "call_workflow", "with": {"workflow": called, "inputs": {"amount": "{price}"}}},
        "add": {"do": "set_variable", "with": {"variable": "total", "value": "{total + call.result}"}},
        "tell": {"do": "general.log", "with": {"message": "the total is {total}"}},
    }
    return flow(
        name,
        nodes,
        ["start -> each", "each.body -> call -> add", "each.done -> tell"],
        variables={"total": {"type": "number", "default": 0}},
        outputs={"total": {"type": "number"}},
    )


def seen(studio: Studio) -> Locator:
    """The called workflow over the canvas."""
    return studio.page.locator("[data-called-canvas]")


def card(studio: Studio, id: str) -> Locator:
    """The card of a step of the called workflow."""
    return seen(studio).locator(f'.react-flow__node[data-id="{id}"] [data-shape]').first


async def test_debug_inside_of_a_called_workflow(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    await site.publish(hub, converting("Convert currency"))
    workflow = await site.publish(hub, adding("Invoice intake", "Convert currency"), publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}"))
    page = studio.page
    await studio.opened()
    await studio.card("call").click(button="right")
    await page.get_by_role("menuitem", name="Show called workflow").click()
    trail = page.get_by_role("navigation", name="Called workflow")
    await expect(trail.get_by_role("listitem")).to_have_text(["Invoice intake", "callConvert currencyv1"])
    await card(studio, "multiply").get_by_role("button", name="Set a breakpoint at multiply").click(button="right")
    debug = page.get_by_role("tabpanel", name="Debug")
    await expect(debug.locator(".cm-content")).to_be_focused()
    await page.keyboard.type("amunt > 200")
    await expect(debug.get_by_role("alert")).to_contain_text("There is no amunt available here.")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("amo")
    await page.get_by_role("option", name="amount").click()
    await page.keyboard.type(" > 200")
    await expect(debug.get_by_role("alert")).to_have_count(0)
    await page.keyboard.press("Enter")
    await expect(card(studio, "multiply").get_by_label("Breakpoint with a condition")).to_be_visible()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(seen(studio)).to_have_count(0)

    await page.keyboard.press("F7")
    await studio.ended("PAUSED")
    await expect(card(studio, "multiply")).to_have_attribute("data-state", "paused")
    await expect(trail).to_contain_text("Convert currency")
    values = debug.get_by_role("list", name="Available values")
    await expect(values.locator('[data-variable="amount"]')).to_contain_text("250")
    assert await violations(page) == []
    await page.keyboard.press("F10")
    await expect(card(studio, "round_it")).to_have_attribute("data-state", "paused")
    await expect(card(studio, "multiply")).to_have_attribute("data-state", "done")
    await expect(values.locator('[data-variable="result"]')).to_contain_text("375")
    stack = debug.get_by_role("listitem").filter(has=page.get_by_role("button", name="each"))
    await stack.get_by_role("button", name="each").click()
    await expect(seen(studio)).to_have_count(0)
    await debug.get_by_role("button", name="call / round_it").click()
    await expect(card(studio, "round_it")).to_have_attribute("data-state", "paused")
    await page.keyboard.press("Shift+F11")
    await expect(seen(studio)).to_have_count(0)
    await expect(studio.card("add")).to_have_attribute("data-state", "paused")

    await debug.get_by_role("button", name="Change total").click()
    await debug.get_by_role("textbox", name="total").fill("1000")
    await page.keyboard.press("Enter")
    await expect(debug.locator('[data-variable="total"]')).to_contain_text("1000")
    await page.keyboard.press("F5")
    await studio.succeeded()
    result = await studio.open_drawer("Result")
    await expect(result).to_contain_text(str(1000 + 375 + 120))
    kept = (await stored(hub, workflow))["document"]["layout"]["breakpoints"]
    assert kept == {"call/multiply": {"condition": "amount > 200"}}


async def test_an_execution_shows_what_failed_in_what_it_called(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    def calling(name: str, node: str, called: str) -> dict[str, Any]:
        return flow(name, {node: {"do": "call_workflow", "with": {"workflow": called}}}, [f"start -> {node}"])

    innermost = await site.publish(hub, failing("Deep down"))
    await site.publish(hub, calling("In between", "deeper", "Deep down"))
    workflow = await site.publish(hub, calling("Calls what fails", "call", "In between"))
    execution = await site.run(hub, workflow)
    # What is published since did not run.
    newer = {"document": hello("Deep down"), "based_on": 1}
    (await hub.post(f"/api/workflows/{innermost}/versions", json=newer)).raise_for_status()
    (await hub.post(f"/api/workflows/{innermost}/publish", json={})).raise_for_status()
    page = await open_page("OPERATOR", f"/executions/{execution['id']}")
    await page.get_by_role("button", name="Show the node call / deeper / break_it").click()
    steps = page.get_by_role("navigation", name="Called workflow").get_by_role("listitem")
    await expect(steps).to_have_text(["Calls what fails", "callIn betweenv1", "deeperDeep downv1"])
    state = '.react-flow__node[data-id="{}"] [data-state="{}"]'
    await expect(page.locator(state.format("tell", "done"))).to_be_visible()
    await expect(page.locator(state.format("break_it", "failed"))).to_be_visible()
    panel = page.get_by_role("complementary", name="Node call/deeper/break_it")
    await expect(panel).to_contain_text("The invoice has no number.")
    assert await violations(page) == []
    await page.get_by_role("button", name="Back to the caller").click()
    await expect(steps).to_have_text(["Calls what fails", "callIn betweenv1"])
    await page.locator(state.format("deeper", "failed")).click()
    await page.get_by_role("button", name="Show called workflow").click()
    await expect(steps).to_have_count(3)
    await steps.first.get_by_role("button").click()
    await expect(steps).to_have_count(0)
    await page.locator(state.format("call", "failed")).dblclick()
    await expect(steps).to_have_count(2)
