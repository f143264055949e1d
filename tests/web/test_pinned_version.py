"""A call that pins a version: said in the form, shown in Studio and on the page of its execution, whatever is newer."""

from __future__ import annotations

import re
from typing import Any

import httpx
from playwright.async_api import expect

from .conftest import PatientPage
from .site import Site, violations
from .studio import Studio
from .workflows import flow


def greeting(*steps: str) -> dict[str, Any]:
    """Logs its steps."""
    nodes = {step: {"do": "general.log", "with": {"message": step}} for step in steps}
    return flow("Greeting", nodes, [f"start -> {' -> '.join(steps)}"])


async def test_a_pinned_version_is_shown_and_run(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    called = await site.publish(hub, greeting("hello"))
    changed = {"document": greeting("hello", "goodbye"), "based_on": 1}
    for path, body in (("versions", changed), ("publish", {})):
        assert (await hub.post(f"/api/workflows/{called}/{path}", json=body)).is_success
    nodes: dict[str, Any] = {"call": {"do": "call_workflow", "with": {"workflow": "Greeting"}}}
    workflow = await site.publish(hub, flow("Host", nodes, ["start -> call"]), publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}"))
    page = studio.page
    await studio.opened()
    trail = page.get_by_role("navigation", name="Called workflow").get_by_role("listitem").last
    goodbye = page.locator('[data-called-canvas] [data-id="goodbye"]')

    await studio.card("call").dblclick()
    await expect(trail).to_have_text("callGreetingv2")
    await expect(goodbye).to_be_visible()
    await page.get_by_role("button", name="Back to the caller").click()

    await studio.card("call").click()
    version = studio.form.get_by_role("combobox", name="Version")
    await expect(version).to_have_value("The published one (now 2)")
    await version.click()
    offered = [re.compile(words) for words in ("^The published one", "^Version 2", "^Version 1")]
    await expect(page.get_by_role("option")).to_have_text(offered)
    await page.get_by_role("option", name="Version 1").click()
    await expect(version).to_have_value("Version 1")
    await studio.card("call").dblclick()
    await expect(trail).to_have_text("callGreetingv1, pinned")
    await expect(page.locator('[data-called-canvas] [data-id="hello"]')).to_be_visible()
    await expect(goodbye).to_have_count(0)
    assert await violations(page) == []

    nodes["call"]["with"] |= {"version": 1}
    execution = await site.run(hub, await site.publish(hub, flow("Pinned host", nodes, ["start -> call"])))
    page = await open_page("OPERATOR", f"/executions/{execution['id']}")
    await page.locator('.react-flow__node[data-id="call"] [data-state="done"]').dblclick()
    trail = page.get_by_role("navigation", name="Called workflow").get_by_role("listitem").last
    await expect(trail).to_have_text("callGreetingv1, pinned")
    await expect(page.locator('.react-flow__node[data-id="hello"] [data-state="done"]')).to_be_visible()
    await expect(page.locator('.react-flow__node[data-id="goodbye"]')).to_have_count(0)
