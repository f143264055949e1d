"""Branches side by side, drawn by mouse and keyboard; and one step run alone."""

from __future__ import annotations

import httpx
from playwright.async_api import expect

from .conftest import PatientPage
from .site import Site
from .studio import Studio, stored
from .workflows import flow


async def test_a_parallel_block_is_drawn_and_run(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    workflow = await site.publish(hub, flow("Drawn side by side", {}, []), publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}"))
    await studio.opened()
    await studio.insert_by_typing("parallel", "both")
    await studio.drag_from_toolbox("Log message", "left")
    await studio.fill("Message", "from the left")
    await studio.connect("both", "branch", "left")
    await studio.insert_at("both", "branch", "log message", "right")
    await studio.fill("Message", "from the right")
    await studio.insert_at("both", "done", "log message", "after")
    await studio.fill("Message", "both are done")
    await studio.save()
    edges = (await stored(hub, workflow))["document"]["edges"]
    assert sorted(edges) == ["both.branch -> left", "both.branch -> right", "both.done -> after", "start -> both"]
    await studio.run()
    await studio.succeeded()
    log = await studio.open_drawer("Log")
    for words in ("from the left", "from the right", "both are done"):
        await expect(log).to_contain_text(words)
    for node in ("both", "left", "right", "after"):
        await expect(studio.card(node)).to_have_attribute("data-state", "done")


async def test_one_step_is_run_alone(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    nodes = {
        "first": {"do": "general.log", "with": {"message": "never in this run"}},
        "add": {"do": "set_variable", "with": {"variable": "total", "value": "{total + 2}"}},
        "last": {"do": "fail", "with": {"message": "It went too far."}},
    }
    document = flow(
        "Only one step",
        nodes,
        ["start -> first -> add -> last"],
        variables={"total": {"type": "number", "default": 40}},
    )
    workflow = await site.publish(hub, document, publish=False)
    page = await open_page("DEVELOPER", f"/studio/{workflow}")
    studio = Studio(page)
    await studio.opened()
    await studio.select("add")
    await studio.card("add").click(button="right")
    await page.get_by_role("menuitem", name="Run this step only").click()
    dialog = page.get_by_role("dialog", name="Run add only")
    await dialog.get_by_role("button", name="Run", exact=True).click()
    await studio.succeeded()
    await expect(studio.card("add")).to_have_attribute("data-state", "done")
    for node in ("first", "last"):
        await expect(studio.node(node)).to_contain_text("Skipped")
    await expect(await studio.open_drawer("Log")).not_to_contain_text("never in this run")
    (execution,) = (await hub.get("/api/executions", params={"workflow_id": workflow})).json()["items"]
    assert execution["state"] == "COMPLETED"
