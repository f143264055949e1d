"""A workflow with errors is not run unawares: Studio says what is wrong and leads there, or runs it all the same."""

from __future__ import annotations

import httpx
from playwright.async_api import expect

from .conftest import PatientPage
from .site import Site, violations
from .studio import Studio
from .workflows import flow

UNFINISHED = flow(
    "Unfinished",
    {
        "first": {"do": "general.log", "with": {"message": "one"}},
        "second": {"do": "general.log", "with": {}},
        "third": {"do": "general.log", "with": {}},
    },
    ["start -> first -> second -> third"],
)


async def test_errors_are_told_before_a_run_and_it_runs_all_the_same_when_that_is_wanted(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient
) -> None:
    workflow = await site.publish(hub, UNFINISHED, publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}"))
    page = studio.page
    await studio.opened()
    await page.keyboard.press("F5")
    dialog = page.get_by_role("dialog", name="Run the workflow")
    await expect(dialog.get_by_role("alert")).to_contain_text("The workflow has 2 errors")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="second").click()
    await expect(dialog).to_be_hidden()
    await expect(studio.form.get_by_role("textbox", name="Name", exact=True)).to_have_value("second")
    assert (await hub.get("/api/executions", params={"workflow_id": workflow})).json()["items"] == []

    await page.keyboard.press("F5")
    await dialog.get_by_role("button", name="Run anyway").click()
    await studio.ended("FAILED")
    await expect(studio.card("first")).to_have_attribute("data-state", "done")
    await expect(studio.card("second")).to_have_attribute("data-state", "failed")
