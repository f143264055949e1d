"""An administrator sees what is stored, changes how long it is kept, and cleans up."""

from __future__ import annotations

from playwright.async_api import expect

from .conftest import PatientPage
from .site import violations


async def test_times_are_changed_and_old_data_is_removed(open_page: PatientPage) -> None:
    page = await open_page("ADMIN", "/storage")
    logs = page.get_by_label("Days to keep logs")
    await expect(logs).to_have_value("90 days")
    await logs.fill("400")
    await expect(page.get_by_text("Longer than executions are kept")).to_be_visible()
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()
    await logs.fill("0")
    await expect(page.get_by_text("From 1 to 36,500 days")).to_be_visible()
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()
    await logs.fill("30")
    await page.get_by_label("Days to keep executions").fill("")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    assert await violations(page) == []
    await page.reload()
    await expect(logs).to_have_value("30 days")
    await expect(page.get_by_label("Days to keep executions")).to_have_value("")
    await page.get_by_role("button", name="Clean up now").click()
    await expect(page.get_by_text("Expired data is being removed.")).to_be_visible()
    await expect(page.get_by_text("Nothing to remove.")).to_be_visible()
