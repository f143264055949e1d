"""What a step was not sure of is seen wherever the step is: on the execution's page, and in Studio."""

from __future__ import annotations

import httpx
from playwright.async_api import expect

from .conftest import PatientPage
from .site import Site, settled, violations
from .studio import Studio
from .workflows import flow

DOUBTFUL = flow(
    "Doubtful",
    {
        "read": {"do": "date.parse", "with": {"text": "03/04/2026"}},
        "again": {"do": "date.parse", "with": {"text": "04.03.2026"}},
    },
    ["start -> read -> again"],
)
WORDS = "is taken with the day first"


async def test_the_warning_of_a_step_is_a_mark_on_the_execution(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    execution = await site.run(hub, await site.publish(hub, DOUBTFUL))
    page = await open_page("OPERATOR", f"/executions/{execution['id']}")
    await settled(page)
    read = page.locator('.react-flow__node[data-id="read"]')
    await expect(read.get_by_role("img", name=WORDS)).to_be_visible()
    await expect(page.locator('.react-flow__node[data-id="again"] [data-warnings]')).to_have_count(0)
    nodes = page.get_by_role("complementary", name="Nodes")
    await expect(nodes.get_by_role("img", name=WORDS)).to_have_count(1)
    assert await violations(page) == []
    await read.locator("[data-shape]").click()
    await expect(page.get_by_role("complementary", name="Node read")).to_contain_text("is taken with the day first")
    assert await violations(page) == []
    await page.get_by_role("button", name="1 warning").click()
    await expect(page.get_by_role("tab", name="Log")).to_have_attribute("aria-selected", "true")


async def test_the_warning_of_a_step_is_a_mark_in_studio(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    workflow = await site.publish(hub, DOUBTFUL | {"name": "Doubtful in Studio"}, publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}"))
    await studio.opened()
    await studio.run()
    await studio.succeeded()
    await expect(studio.progress).to_contain_text("1 warning")
    await expect(
        studio.page.locator('.react-flow__node[data-id="read"]').get_by_role("img", name=WORDS)
    ).to_be_visible()
    result = await studio.open_drawer("Result")
    await expect(result).to_contain_text("is taken with the day first")
    await result.get_by_role("button", name="read").click()
    await expect(studio.form.get_by_role("textbox", name="Name", exact=True)).to_have_value("read")
    assert await violations(studio.page) == []
