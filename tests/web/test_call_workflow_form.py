"""The form of Call workflow: the workflow, its version and its inputs are chosen from what there is."""

from __future__ import annotations

import re
from typing import Any

import httpx
from playwright.async_api import Locator, expect

from .conftest import PatientPage
from .site import Site, violations
from .studio import Studio, stored
from .workflows import converting, flow, hello


def calling(name: str, **fields: Any) -> dict[str, Any]:
    """Calls a workflow, and gives what that gives."""
    nodes = {
        "call": {"do": "call_workflow", "with": fields},
        "tell": {"do": "general.log", "with": {"message": "{call}"}},
    }
    return flow(name, nodes, ["start -> call -> tell"], outputs={"total": {"value": "{call.result}"}})


async def publish_two(site: Site, hub: httpx.AsyncClient, name: str) -> None:
    """Publish a workflow and a newer version of it, which has another default."""
    id = await site.publish(hub, converting(name))
    newer = {"document": converting(name, rate=2), "based_on": 1, "note": "The rate of today"}
    (await hub.post(f"/api/workflows/{id}/versions", json=newer)).raise_for_status()
    (await hub.post(f"/api/workflows/{id}/publish", json={})).raise_for_status()


def place(studio: Studio, field: str) -> Locator:
    """A field with all that is said about it."""
    return studio.form.locator(f'[data-field="{field}"]')


async def test_a_workflow_its_version_and_its_inputs_are_chosen(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    await publish_two(site, hub, "Exchange money")
    await site.publish(hub, hello("Say hello"))
    host = await site.publish(hub, calling("Book an invoice", inputs={"amuont": 1}), publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{host}"))
    page = studio.page
    await studio.opened()
    await studio.card("call").click()
    workflow = studio.form.get_by_role("combobox", name="Workflow")
    await workflow.press_sequentially("hange mo")
    await expect(page.get_by_role("option")).to_have_count(1)
    assert await violations(page) == []
    await page.get_by_role("option", name="Exchange money").click()
    await expect(workflow).to_have_value("Exchange money")

    amount, rate, strange = (place(studio, f"inputs.{name}") for name in ("amount", "rate", "amuont"))
    await expect(amount).to_contain_text("Required")
    await expect(amount).to_contain_text("In dollars.")
    await expect(strange).to_contain_text("has no input amuont")
    await strange.get_by_role("button", name="Delete amuont").click()
    await expect(strange).to_have_count(0)
    await amount.get_by_role("textbox", name="amount").fill("100")
    await expect(amount).not_to_contain_text("needs the input")
    await expect(rate.get_by_role("textbox", name="rate")).to_have_attribute("placeholder", "2")

    version = studio.form.get_by_role("combobox", name="Version")
    await expect(version).to_have_value("The published one (now 2)")
    await version.click()
    await expect(page.get_by_role("option", name="Version 2")).to_contain_text("The rate of today")
    assert await violations(page) == []
    await page.get_by_role("option", name="Version 1").click()
    await expect(rate.get_by_role("textbox", name="rate")).to_have_attribute("placeholder", "1.5")
    assert await violations(page) == []

    await studio.save()
    fields = (await stored(hub, host))["document"]["nodes"]["call"]["with"]
    assert fields == {"workflow": "Exchange money", "version": 1, "inputs": {"amount": 100}}
    await studio.run()
    await studio.succeeded()
    await expect(await studio.open_drawer("Result")).to_contain_text("150")
    await studio.form.get_by_role("button", name="Show called workflow").click()
    trail = page.get_by_role("navigation", name="Called workflow").get_by_role("listitem").last
    await expect(trail).to_have_text("callExchange moneyv1, pinned")


async def test_all_inputs_may_be_one_expression(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    await site.publish(hub, converting("Exchange coins"))
    document = calling("Book a coin", workflow="Exchange coins")
    document["variables"] = {"coin": {"type": "object", "default": {"amount": 3, "rate": 2}}}
    host = await site.publish(hub, document, publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{host}"))
    page = studio.page
    await studio.opened()
    await studio.open_drawer("Problems")
    await page.get_by_role("tabpanel", name="Problems").get_by_text("needs the input").click()
    await expect(place(studio, "inputs.amount").get_by_role("textbox", name="amount")).to_be_focused()
    await studio.form.get_by_role("button", name="As one value").click()
    await studio.form.get_by_role("button", name="Use an expression for Inputs").click()
    await page.keyboard.insert_text("{coin}")
    await studio.canvas.focus()
    await studio.save()
    await expect(place(studio, "inputs.amount")).to_have_count(0)
    await studio.run()
    await studio.succeeded()
    await expect(await studio.open_drawer("Result")).to_contain_text("6")

    (await hub.post(f"/api/workflows/{host}/publish", json={})).raise_for_status()
    await studio.form.get_by_role("combobox", name="Workflow").fill("coin")
    offered = [re.compile("^Exchange coins"), re.compile("^Book a coin.*This workflow itself")]
    await expect(page.get_by_role("option")).to_have_text(offered)


async def test_what_the_hub_does_not_have_stays(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    gone = calling("Calls what is gone", workflow="Long gone", version=7, inputs={"amount": 1})
    host = await site.publish(hub, gone, publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{host}"))
    await studio.opened()
    await studio.card("call").click()
    workflow = studio.form.get_by_role("combobox", name="Workflow")
    await expect(workflow).to_have_value("Long gone")
    await expect(place(studio, "workflow")).to_contain_text("There is no published workflow Long gone.")
    await expect(studio.form.get_by_role("textbox", name="Version")).to_have_value("7")
    await expect(studio.form.get_by_role("textbox", name="Inputs, name 1")).to_have_value("amount")
    await expect(studio.form.get_by_role("button", name="Show called workflow")).to_have_count(0)

    await site.publish(hub, converting("Back again"))
    await workflow.fill("Back again")
    await studio.card("tell").click()
    await studio.card("call").click()
    await expect(workflow).to_have_value("Back again")
    version = studio.form.get_by_role("combobox", name="Version")
    await expect(version).to_have_value("Version 7")
    await expect(place(studio, "version")).to_contain_text("Version 7 of Back again was never published.")
    await studio.save()
    fields = (await stored(hub, host))["document"]["nodes"]["call"]["with"]
    assert fields == {"workflow": "Back again", "version": 7, "inputs": {"amount": 1}}


async def test_who_may_only_look_sees_the_same_fields(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    await site.publish(hub, converting("Exchange notes"))
    inputs = {"amount": 5, "amuont": 1}
    host = await site.publish(hub, calling("Book a note", workflow="Exchange notes", inputs=inputs), publish=False)
    studio = Studio(await open_page("OPERATOR", f"/studio/{host}"))
    page = studio.page
    await studio.opened()
    await studio.card("call").click()
    await expect(studio.form.get_by_role("combobox", name="Workflow")).to_be_disabled()
    await expect(studio.form.get_by_role("combobox", name="Version")).to_have_value("The published one (now 1)")
    await expect(studio.form.get_by_role("combobox", name="Version")).to_be_disabled()
    await expect(place(studio, "inputs.amount").get_by_role("textbox")).to_be_disabled()
    await expect(place(studio, "inputs.amuont")).to_be_visible()
    await expect(studio.form.get_by_role("button", name=re.compile("Delete|As one value"))).to_have_count(0)
    assert await violations(page) == []
    await studio.form.get_by_role("button", name="Show called workflow").click()
    await expect(page.locator("[data-called-canvas]")).to_be_visible()
