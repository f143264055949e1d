"""A developer schedules a workflow for weekdays at nine in Berlin, and lets another program call one."""

from __future__ import annotations

import httpx
from playwright.async_api import expect

from .conftest import PatientPage
from .site import Site, violations
from .workflows import hello


async def test_weekdays_at_nine_in_berlin(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    await site.publish(hub, hello("Morning report"))
    page = await open_page("DEVELOPER", "/triggers")
    await expect(page.get_by_role("heading", name="No triggers yet")).to_be_visible()
    await page.get_by_role("button", name="New trigger").first.click()
    await page.get_by_role("combobox", name="Workflow").fill("Morning")
    await page.get_by_role("option", name="Morning report").click()
    await page.get_by_role("textbox", name="Name").fill("Weekdays at nine")
    await page.get_by_role("textbox", name="Cron expression").fill("0 9 * * FUNDAY")
    await expect(page.get_by_role("alert")).to_contain_text("is not a valid cron expression")
    await page.get_by_role("textbox", name="Cron expression").fill("0 9 * * MON-FRI")
    await page.get_by_role("combobox", name="Time zone").fill("Europe/Berlin")
    await expect(page.get_by_text("At 09:00 on Monday through Friday")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Make the trigger").click()
    row = page.get_by_role("row").filter(has_text="Weekdays at nine")
    await expect(row).to_contain_text("At 09:00 on Monday through Friday")
    await expect(row).to_contain_text("Europe/Berlin")
    assert await violations(page) == []
    await row.get_by_role("button", name="Actions for Weekdays at nine").click()
    await page.get_by_role("menuitem", name="Switch off").click()
    await expect(row).to_contain_text("Off")
    await row.get_by_role("button", name="Actions for Weekdays at nine").click()
    await page.get_by_role("menuitem", name="Run once now").click()
    await expect(page.get_by_text("Completed").first).to_be_visible()


async def test_a_webhook_that_is_called(open_page: PatientPage, site: Site, hub: httpx.AsyncClient) -> None:
    await site.publish(hub, hello("Called from outside"))
    page = await open_page("DEVELOPER", "/triggers?create=true")
    await page.get_by_role("combobox", name="Workflow").fill("Called")
    await page.get_by_role("option", name="Called from outside").click()
    await page.get_by_role("textbox", name="Name").fill("From the shop")
    await page.get_by_text("Webhook", exact=True).click()
    await page.get_by_role("button", name="Make the trigger").click()
    await page.get_by_role("link", name="From the shop").click()
    address = await page.get_by_label("Address", exact=True).inner_text()
    assert await violations(page) == []
    async with httpx.AsyncClient(trust_env=False, timeout=60) as stranger:
        answer = await stranger.post(address)
        assert answer.status_code == 202, answer.text
        await site.until_ended(hub, answer.json()["execution_id"])
        refused = await stranger.post(address, json={"nobody": "knows"})
        assert refused.status_code == 422
    await expect(page.get_by_role("dialog").get_by_text("Completed")).to_be_visible()
