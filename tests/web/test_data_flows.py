"""From an empty canvas: steps take what those before them give, and fields know the columns of their table."""

from __future__ import annotations

from pathlib import Path

import httpx
from playwright.async_api import Page, expect

from .conftest import PatientPage
from .site import Site, violations
from .studio import Studio, stored
from .workflows import flow


async def choose(page: Page, studio: Studio, label: str, option: str) -> None:
    """One of those that a field offers."""
    await studio.form.get_by_role("combobox", name=label, exact=True).click()
    await page.get_by_role("option", name=option, exact=True).click()


async def test_a_table_goes_from_step_to_step(
    open_page: PatientPage, site: Site, hub: httpx.AsyncClient, tmp_path: Path
) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("order;amount\n1001;1.240,50\n1002;89,90\n1003;2.310,00\n", encoding="utf-8")
    workflow = await site.publish(hub, flow("Large orders", {}, []), publish=False)
    studio = Studio(await open_page("DEVELOPER", f"/studio/{workflow}", viewport={"width": 1440, "height": 900}))
    page = studio.page
    await studio.opened()

    # The first drop, on the words in the middle. What has to be filled in has the focus.
    toolbox = page.get_by_role("complementary", name="Steps")
    await toolbox.get_by_role("button", name="Read CSV", exact=True).drag_to(
        page.get_by_text("What should happen first?")
    )
    await expect(studio.form.locator(".cm-content")).to_be_focused()
    await page.keyboard.insert_text(str(orders))
    await studio.run()
    await studio.succeeded()

    # The steps that take a table come first.
    await studio.handle("read", "next").click()
    picker = page.get_by_role("dialog", name="Add a step")
    await expect(picker.get_by_role("group", name="Control")).to_be_attached()
    await picker.get_by_role("group", name="For Rows from Read CSV").get_by_role("option", name="Filter table").click()
    await expect(studio.form.get_by_role("combobox", name="Column", exact=True)).to_be_focused()
    await page.keyboard.type("amount")
    await choose(page, studio, "Operator", "greater")
    await studio.fill("Value", "1000")
    assert await violations(page) == []
    await studio.handle("filter", "next").click()
    await picker.get_by_role("group", name="For ").get_by_role("option", name="Sort table").click()
    await expect(studio.form.get_by_role("combobox", name="By, item 1, Column", exact=True)).to_be_focused()
    await page.keyboard.type("amount")
    await studio.form.get_by_role("switch", name="By, item 1, Descending", exact=True).click()

    # Another result is one click away; undo takes it back.
    chip = studio.form.get_by_role("button", name="Rows: Rows from Filter table")
    await chip.click()
    await page.get_by_role("menuitemradio", name="Others from Filter table").click()
    await expect(studio.form.get_by_role("button", name="Rows: Others from Filter table")).to_be_visible()
    await studio.canvas.focus()
    await page.keyboard.press("Control+z")
    await expect(chip).to_be_visible()

    # A double click beside the steps asks for another one, too.
    await page.locator(".react-flow__pane").dblclick(position={"x": 40, "y": 300})
    await expect(picker.get_by_role("combobox")).to_be_focused()
    await page.keyboard.press("Escape")
    await studio.insert_by_typing("log message")
    await expect(studio.form.locator(".cm-content")).to_be_focused()
    await studio.form.get_by_role("button", name="Insert a value into Message").click()
    await page.get_by_role("group", name="filter").get_by_role("menuitem", name="count").click()
    await expect(studio.form.locator(".cm-content")).to_have_text("{filter.count}")
    await studio.run()
    await studio.succeeded()
    nodes = (await stored(hub, workflow))["document"]["nodes"]
    assert nodes["filter"]["with"] == {
        "rows": "{read.rows}",
        "column": "amount",
        "operator": "greater",
        "value": "1000",
    }
    assert nodes["sort"]["with"] == {"rows": "{filter.rows}", "by": [{"column": "amount", "descending": True}]}
    assert nodes["log"]["with"] == {"message": "{filter.count}"}
